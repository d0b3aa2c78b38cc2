"""What `zuora-connect doctor` says of a proxy: which one, who named it, and how it answers. Never its password."""

from __future__ import annotations

import ssl
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from client import PASSWORD, PATIENCE
from doctors import Examined, examine
from proxies import socks5_to, tunnel_to
from servers import LOOPBACK, Action, Server, session, then_close, then_silence, tls_context

from zuora_connect._doctor.proxies import is_exempt

Serve = Callable[..., Server]
LOGGED_IN, NO_ANSWER = 0, 3
HOST = "zuora.test"
SECRET = "proxy-s3cret"
ENCODED = "proxy-s%33cret"


pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def server(serve: Serve, ca: trustme.CA) -> Server:
    return serve(session(), tls=tls_context(ca, HOST, LOOPBACK))


def walk(ca_file: Path, *arguments: object) -> Examined:
    found = examine("--base-url", f"https://{HOST}", "--ca-file", ca_file, *arguments)
    for secret in (SECRET, ENCODED, b64encode(f"user:{SECRET}".encode()).decode(), PASSWORD):
        assert secret not in found.out + found.err
    return found


def test_tunnel_of_an_http_proxy_is_walked_to_a_session(serve: Serve, server: Server, ca_file: Path) -> None:
    proxy = serve(tunnel_to(server.port))
    found = walk(ca_file, "--proxy", f"http://user:{ENCODED}@{LOOPBACK}:{proxy.port}")
    assert (found.code, found.outcomes) == (LOGGED_IN, ["ok"] * 6)
    details = found.step("proxy")["details"]
    assert details == {"proxy": f"http://{LOOPBACK}:{proxy.port}", "source": "--proxy", "has_user": True}
    assert found.step("dns")["details"]["host"] == LOOPBACK, "the proxy looks the server's name up"
    assert "HTTP 200" in found.step("tunnel")["message"]
    wanted = b"Basic " + b64encode(f"user:{SECRET}".encode())
    assert {request.header("Proxy-Authorization") for request in proxy.requests} == {wanted}
    assert not [request for request in proxy.requests if PASSWORD.encode() in request.raw]
    assert len(server.requests) == 1


def test_tunnel_of_an_https_proxy_is_walked_to_a_session(
    serve: Serve, server: Server, tls: ssl.SSLContext, ca_file: Path
) -> None:
    proxy = serve(tunnel_to(server.port), tls=tls)
    found = walk(ca_file, "--proxy", f"https://{LOOPBACK}:{proxy.port}")
    assert (found.code, found.outcomes) == (LOGGED_IN, ["ok"] * 6)


def test_https_proxy_that_nobody_knows_ends_it(serve: Serve, server: Server, ca_file: Path) -> None:
    proxy = serve(tunnel_to(server.port), tls=tls_context(trustme.CA()))
    found = walk(ca_file, "--proxy", f"https://user:{ENCODED}@{LOOPBACK}:{proxy.port}")
    assert (found.code, found.failed["step"]) == (NO_ANSWER, "tunnel")
    assert "no TLS to the proxy" in found.failed["message"]
    assert proxy.requests == []


def test_https_proxy_that_speaks_no_tls_ends_it(serve: Serve, ca_file: Path) -> None:
    proxy = serve(
        then_close(b"HTTP/1.1 400 Bad Request\r\n\r\n"), serve=lambda peer: peer.send(b"HTTP/1.1 400 No\r\n\r\n")
    )
    found = walk(ca_file, "--proxy", f"https://{LOOPBACK}:{proxy.port}")
    assert found.failed["step"] == "tunnel"
    assert "http://" in found.failed["next"]


@pytest.mark.parametrize("user", ["", f"user:{ENCODED}@"])
def test_socks_proxy_is_walked_to_a_session(serve: Serve, server: Server, ca_file: Path, user: str) -> None:
    names: list[tuple[str, int]] = []
    users: list[bytes] = []
    proxy = serve(serve=socks5_to(server.port, names, users))
    found = walk(ca_file, "--proxy", f"socks5h://{user}{LOOPBACK}:{proxy.port}")
    assert (found.code, found.outcomes) == (LOGGED_IN, ["ok"] * 6)
    assert set(names) == {(HOST, 443)}
    assert set(users) == ({f"user:{SECRET}".encode()} if user else set())


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_variable_that_names_the_proxy_is_named(
    serve: Serve, server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    proxy = serve(tunnel_to(server.port))
    monkeypatch.setenv(name, f"user:{ENCODED}@{LOOPBACK}:{proxy.port}")
    found = walk(ca_file)
    assert found.code == LOGGED_IN
    assert found.step("proxy")["details"]["source"] == name
    assert found.step("proxy")["details"]["proxy"] == f"http://{LOOPBACK}:{proxy.port}"


def test_no_proxy_is_heeded_and_said(ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOOPBACK}:1")
    monkeypatch.setenv("NO_PROXY", "example.com, .test")
    found = walk(ca_file)
    assert "no_proxy names zuora.test" in found.step("proxy")["message"]
    assert (found.step("proxy")["details"]["proxy"], found.failed["step"]) == (None, "dns")


def test_loopback_never_goes_through_the_environments_proxy(
    server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://{LOOPBACK}:1")
    found = examine("--base-url", server.url, "--ca-file", ca_file)
    assert found.code == LOGGED_IN
    assert "this machine itself" in found.step("proxy")["message"]


@pytest.mark.parametrize(
    ("user", "answer", "said"),
    [
        ("", b"HTTP/1.1 407 Authenticate\r\nProxy-Authenticate: Basic\r\n\r\n", "wants a user name and a password"),
        (f"user:{ENCODED}@", b"HTTP/1.1 407 proxy-s3cret\r\n\r\n", "refuses this user name and password"),
        (
            f"user:{ENCODED}@",
            b"HTTP/1.1 403 \x1b[2J proxy-s3cret\r\n\r\n",
            "refuses to go to zuora.test:443 (HTTP 403)",
        ),
        ("", b"HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 502 Bad\r\n\r\n", "(HTTP 502)"),
        ("", b"SSH-2.0-OpenSSH\r\n", "no such proxy"),
        ("", b"", "no such proxy"),
        ("", b"HTTP/1.1 200 OK\r\nX: " + b"x" * (1 << 19), "no such proxy"),
    ],
)
def test_proxy_that_refuses_is_told_in_plain_words(
    serve: Serve, ca_file: Path, user: str, answer: bytes, said: str
) -> None:
    proxy = serve(then_close(answer))
    found = walk(ca_file, "--proxy", f"http://{user}{LOOPBACK}:{proxy.port}")
    assert (found.code, found.failed["step"]) == (NO_ANSWER, "tunnel")
    assert said in found.failed["message"]
    assert "\x1b" not in found.out


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (b"\x05\xff", "wants a user name and a password"),
        (b"\x05\x00\x05\x04\x00\x01", "no way to the host"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "no such proxy"),
    ],
)
def test_socks_proxy_that_refuses_is_told_in_plain_words(
    serve: Serve, ca_file: Path, answers: bytes, said: str
) -> None:
    def answer(peer: object) -> None:
        peer.send(answers)  # type: ignore[attr-defined]
        peer.read(3 + 5 + len(HOST) + 2)  # type: ignore[attr-defined]  # so that nothing unread resets the connection

    proxy = serve(serve=answer)
    found = walk(ca_file, "--proxy", f"socks5h://{LOOPBACK}:{proxy.port}", "--connect-timeout", "2")
    assert found.failed["step"] == "tunnel"
    assert said in found.failed["message"]


@pytest.mark.parametrize("action", [then_silence(b""), then_silence(b"HTTP/1.1 200 OK\r\n")])
def test_silent_proxy_ends_with_the_deadline(serve: Serve, ca_file: Path, action: Action) -> None:
    proxy = serve(action)
    began = time.monotonic()
    found = walk(ca_file, "--proxy", f"http://{LOOPBACK}:{proxy.port}", "--connect-timeout", "0.4")
    assert time.monotonic() - began < 3 * PATIENCE
    assert "did not answer within 0.4 s" in found.failed["message"]


def test_kind_of_proxy_that_is_not_walked_is_left_to_the_login(
    serve: Serve, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(serve=lambda peer: peer.close())
    monkeypatch.setenv("HTTPS_PROXY", f"socks4a://{LOOPBACK}:{proxy.port}")
    found = walk(ca_file)
    assert found.outcomes == ["ok", "ok", "ok", "skipped", "skipped", "failed"]
    assert found.failed["details"]["error"] == "ConnectError"


@pytest.mark.parametrize(
    ("host", "no_proxy", "exempt"),
    [
        ("rest.zuora.com", "*", True),
        ("rest.zuora.com", "zuora.com", True),
        ("rest.zuora.com", "a.example .ZUORA.com", True),
        ("rest.zuora.com", "rest.zuora.com.", True),
        ("rest.zuora.com", "ora.com,rest.zuora.co", False),
        ("rest.zuora.com", "", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2.4, 2.3", False),
        ("fd00::1", "[fd00::1]", True),
    ],
)
def test_no_proxy_is_read_as_libcurl_reads_it(host: str, no_proxy: str, exempt: bool) -> None:
    assert is_exempt(host, no_proxy) is exempt
