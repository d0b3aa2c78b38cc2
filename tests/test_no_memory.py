"""Each allocation in turn fails, in every part of a login: MemoryError or a clean error, no leak, the next one works.

In the first handshake, which takes thousands, some of them; `./dev nomemory` lets all of them fail.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from ssl import SSLContext

import pytest
import trustme
from client import PASSWORD, PATIENCE, USER
from servers import LOOPBACK, Peer, Server, http, session, tls_context

from zuora_connect import build_info
from zuora_connect._diversion import OFFLINE, VARIABLE, sandbox_text

Serve = Callable[..., Server]
Walk = Callable[..., str]
Keep = Callable[[str], dict[str, object]]

FOLDER = Path(__file__).parent / "no_memory"
EVERY = "ZUORA_CONNECT_EVERY_ALLOCATION" in os.environ

REFUSAL = http(401, body=b'{"success":false,"processId":"A1","reasons":[{"code":90000011,"message":"no such user"}]}')
QUOTES = json.dumps(
    {"success": True, "reasons": [{"code": "x1", "message": f"\u00fc {PASSWORD} \u2028" * 30}]}
).encode()


@pytest.fixture(scope="module")
def failing_malloc(c_compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("no_memory") / "failing_malloc.so"
    flags = ["-std=c11", "-D_GNU_SOURCE", "-O2", "-fno-builtin", "-Wall", "-Werror", "-shared", "-fPIC"]
    subprocess.run([*c_compiler, *flags, FOLDER / "failing_malloc.c", "-o", library], check=True)
    return library


@pytest.fixture
def walk(failing_malloc: Path) -> Walk:
    def run(url: str, *, act: str = "connect", stride: int = 1, spared: str = "", **options: object) -> str:
        before = options.pop("before", {})
        login = {"username": USER, "password": PASSWORD, "base_url": url, "timeout": 5, "connect_timeout": 5}
        task = {"act": act, "options": login | options, "before": before, "stride": 1 if EVERY else stride}
        environment = os.environ | {"LD_PRELOAD": str(failing_malloc), "PYTHONMALLOC": "malloc"}
        done = subprocess.run(
            [sys.executable, FOLDER / "walk.py", json.dumps(task)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environment | ({"SPARED": spared} if spared else {}),
            timeout=1200 if EVERY else 60 * PATIENCE,
        )
        assert done.returncode == 0, f"exit status {done.returncode}\n{done.stdout}{done.stderr}"
        print(done.stdout)
        return done.stdout

    return run


def version_of(library: str) -> tuple[int, ...]:
    """Of what build_info() calls so: "8.14.1", "OpenSSL/3.5.7"."""
    return tuple(map(int, re.findall(r"\d+", str(build_info()[library]))[:3]))


@pytest.fixture
def tls_without_tickets(ca: trustme.CA) -> SSLContext:
    """Where there is no memory to keep the session of a ticket, libcurl 7.88.1 frees the name of its host twice
    (Curl_ssl_addsessionid; in 8.12 another cache took its place). Without tickets there is none to keep.
    """
    context = tls_context(ca)
    if version_of("libcurl") < (8, 12):
        context.num_tickets = 0
    return context


def spared() -> str:
    """Without memory SSL_new() of OpenSSL 3.5.7 may return a connection without its record layer (there since 3.2),
    and SSL_set0_rbio() crashes. There the allocations of OpenSSL itself do not fail.
    """
    return "libcrypto" if version_of("tls") >= (3, 2) else ""


def refuse_nobody(peer: Peer) -> None:
    refused = peer.requests[-1].header("apiAccessKeyId") == b"nobody"
    peer.send(REFUSAL if refused else session())


def test_login_on_a_kept_connection(serve: Serve, walk: Walk) -> None:
    assert "MemoryError" in walk(serve(session()).url)


def test_first_login_over_tls(serve: Serve, walk: Walk, tls_without_tickets: SSLContext, ca_file: Path) -> None:
    server = serve(
        refuse_nobody, tls=tls_without_tickets
    )  # after a refusal the transfer with all that it keeps is let go
    assert "MemoryError" in walk(
        server.url, stride=131, spared=spared(), before={"username": "nobody"}, ca_file=str(ca_file)
    )


def test_login_on_a_new_connection(serve: Serve, walk: Walk, tls_without_tickets: SSLContext, ca_file: Path) -> None:
    server = serve(session("s", "Connection: close"), tls=tls_without_tickets)
    assert "MemoryError" in walk(server.url, stride=67, spared=spared(), ca_file=str(ca_file))


def test_refusal_that_is_raised(serve: Serve, walk: Walk) -> None:
    assert "AuthenticationError" in walk(serve(REFUSAL).url, stride=3, check=True)


def test_answer_that_quotes_the_password_at_length(serve: Serve, walk: Walk) -> None:
    lines = [f"X-Header-{number}: {PASSWORD}" for number in range(40)]
    assert "MemoryError" in walk(serve(session("s", *lines, body=QUOTES)).url, stride=7)


def test_page_in_place_of_an_answer(serve: Serve, walk: Walk) -> None:
    server = serve(http(502, "Zuora-Request-Id: r", "Retry-After: 1", body=b"<html>"))
    assert "ServerError" in walk(server.url, stride=3, retries=0)


def test_redirect(serve: Serve, walk: Walk) -> None:
    assert "BadAnswer" in walk(serve(http(302, "Location: https://example.com/")).url, stride=3)


def test_nobody_listens(walk: Walk) -> None:
    with socket.create_server((LOOPBACK, 0)) as once:
        port = once.getsockname()[1]
    assert "ConnectError" in walk(f"http://{LOOPBACK}:{port}", stride=3, retries=0)


def test_every_kind_of_value(serve: Serve, walk: Walk) -> None:
    options = {"entity_id": "e" * 32, "track_id": "t", "authorization": "Bearer token", "idempotency_key": "k"}
    assert "MemoryError" in walk(serve(session()).url, **options)


def test_proxy_with_a_password(serve: Serve, walk: Walk, ca_file: Path) -> None:
    refusing = serve(http(407)).url.replace("//", "//somebody:proxy%20password@")
    assert "ConnectError" in walk("https://example.com", stride=3, proxy=refusing, ca_file=str(ca_file), retries=0)


def test_login_that_goes_to_a_sandbox(
    serve: Serve, walk: Walk, tls_without_tickets: SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = serve(session(), tls=tls_without_tickets).url
    monkeypatch.setenv(VARIABLE, sandbox_text(sandbox, f"http://{LOOPBACK}:1", str(ca_file)))
    options = {"ca_file": "/nowhere", "proxy": "http://me:word@proxy.invalid"}
    assert "MemoryError" in walk("https://zuora.invalid", stride=7, spared=spared(), **options)


def test_login_that_is_blocked(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, OFFLINE)
    assert "LoginBlocked" in walk("https://zuora.invalid")


def test_value_that_is_refused(walk: Walk) -> None:
    assert "ValueError" in walk("https://user@example.com")
    assert "ValueError" in walk("https://example.com", track_id="\ud800")


def test_plan_of_a_login(walk: Walk) -> None:
    assert "MemoryError" in walk("https://example.com", act="plan", proxy="http://user:password@proxy.example")


@pytest.fixture
def kept_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keep:
    """A profile for a place, and its password in a keyring. Returns the options of a login that has to look for all."""

    def keep(url: str) -> dict[str, object]:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        path = tmp_path / "zuora_connect" / "config.toml"
        path.parent.mkdir()
        path.write_text(f'[kept]\nbase_url = "{url}"\nusername = "{USER}"\n')
        path.chmod(0o600)
        monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "kept_keyring.Keyring")
        monkeypatch.setenv("KEPT_KEYRING", str(tmp_path / "kept.json"))
        (tmp_path / "kept.json").write_text(json.dumps([[f"zuora_connect:{url}", USER, PASSWORD]]))
        return {"username": None, "password": None, "base_url": None, "profile": "kept"}

    return keep


def test_login_by_a_profile_and_the_keyring(serve: Serve, walk: Walk, kept_for: Keep) -> None:
    """What reads them runs in a thread of its own, where memory does not fail."""
    url = serve(session()).url
    assert "MemoryError" in walk(url, **kept_for(url))


def test_plan_by_a_profile(walk: Walk, kept_for: Keep) -> None:
    url = f"http://{LOOPBACK}:1"
    assert "MemoryError" in walk(url, act="plan", **kept_for(url))


def test_facts_of_the_build(walk: Walk) -> None:
    assert "MemoryError" in walk("", act="build_info")


def test_loading_of_the_extension(walk: Walk) -> None:
    assert "MemoryError" in walk("", act="load")
