"""`zuora-connect doctor` with a profile, a keyring, under the fixture `zuora`: it walks where the login goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from client import PASSWORD, USER, encrypted_key
from doctors import examine
from markers import MARKER, assert_clean
from proxies import tunnel_to
from servers import LOOPBACK, Server, session, tls_context

from zuora_connect import _keyring
from zuora_connect._doctor import tls
from zuora_connect._form import Form
from zuora_connect.testing import Zuora

Serve = Callable[..., Server]
Write = Callable[..., None]
LOGGED_IN, NO_ANSWER = 0, 3


@pytest.fixture
def server(serve: Serve, ca: trustme.CA) -> Server:
    return serve(session(), tls=tls_context(ca))


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a profile `default`; no variable says who logs in."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("ZUORA_USERNAME", raising=False)
    monkeypatch.delenv("ZUORA_PASSWORD", raising=False)
    path = tmp_path / "zuora_connect" / "config.toml"
    path.parent.mkdir()

    def write_it(**values: object) -> None:
        values = {"username": USER, "password": PASSWORD} | values
        path.write_text("\n".join(["[default]", *(f'{key} = "{value}"' for key, value in values.items())]))
        path.chmod(0o600)

    return write_it


@pytest.mark.parametrize("more", [(), ("--profile", "default"), ("--no-login",)])
def test_place_and_ca_of_a_profile_are_taken(
    write: Write, server: Server, ca_file: Path, more: tuple[str, ...]
) -> None:
    write(base_url=server.url, ca_file=ca_file)
    found = examine(*more)
    assert found.code == LOGGED_IN
    assert found.data["url"] == f"{server.url}/v1/connections"
    assert found.step("tls")["details"]["store"] == str(ca_file)
    assert len(server.requests) == (0 if "--no-login" in more else 1)


def test_user_of_a_variable_leaves_the_profile_the_place(
    write: Write, server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(base_url=server.url, ca_file=ca_file)
    monkeypatch.setenv("ZUORA_USERNAME", USER)
    found = examine()
    assert (found.code, found.data["url"]) == (LOGGED_IN, f"{server.url}/v1/connections")


def test_proxy_of_a_profile_is_walked_through(write: Write, serve: Serve, server: Server, ca_file: Path) -> None:
    proxy = serve(tunnel_to(server.port))
    write(base_url=server.url, ca_file=ca_file, proxy=f"http://{LOOPBACK}:{proxy.port}")
    found = examine()
    assert (found.code, found.outcomes) == (LOGGED_IN, ["ok"] * 6)
    assert found.step("proxy")["details"]["source"] == "profile default"


def test_no_proxy_of_a_profile_is_none(write: Write, server: Server, ca_file: Path) -> None:
    write(base_url=server.url, ca_file=ca_file, proxy="")
    assert examine().step("proxy")["details"] == {"proxy": None, "source": "profile default"}


def test_certificate_of_a_profile_is_shown_with_its_encrypted_key(
    write: Write, strict_server: Server, ca_file: Path, client_pem: Path
) -> None:
    files = {"ca_file": ca_file, "client_cert": client_pem, "client_key": encrypted_key(client_pem, "key-secret")}
    write(base_url=strict_server.url, **files, client_key_password="key-secret")
    found = examine()
    assert (found.code, found.step("tls")["outcome"], len(strict_server.requests)) == (LOGGED_IN, "ok", 1)
    write(base_url=strict_server.url, **files, client_key_password="wrong-secret")
    found = examine()
    assert (found.code, found.failed["step"], len(strict_server.requests)) == (NO_ANSWER, "tls", 1)
    assert "certificate cannot be used" in found.failed["message"]
    assert "wrong-secret" not in found.out + found.err


def test_no_frame_of_the_walk_holds_a_secret_of_a_profile(
    write: Write, strict_server: Server, ca_file: Path, client_pem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"ca_file": ca_file, "client_cert": client_pem, "client_key": encrypted_key(client_pem, MARKER)}
    write(base_url=strict_server.url, **files, password=MARKER, client_key_password=MARKER)

    def fail(*_: object) -> None:
        raise RuntimeError("something that nobody thought of")

    monkeypatch.setattr(tls, "handshake", fail)
    with pytest.raises(RuntimeError) as raised:
        examine()
    frames = assert_clean(raised.value, lambda file: file != __file__)
    assert {"examine", "walk", "verified"} <= {frame.f_code.co_name for frame in frames}


def test_user_and_password_may_be_the_keyring_s(
    write: Write, server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def fill_in(form: Form) -> None:
        asked.append(True)
        form.add("username", USER, "keyring")
        form.add("password", PASSWORD, "keyring")

    monkeypatch.setattr(_keyring, "fill_in", fill_in)
    found = examine("--base-url", server.url, "--ca-file", ca_file)
    assert (found.code, asked) == (LOGGED_IN, [True])


def test_sandbox_of_a_test_is_walked_to(zuora: Zuora) -> None:
    found = examine("--environment", "eu", "--ca-file", "/nowhere/ca.pem")
    assert (found.code, found.err) == (LOGGED_IN, "")
    assert [login.environment for login in zuora.requests] == ["eu"]
