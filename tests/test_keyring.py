"""The keyring: what is found in it, for whom and where, and a keyring that is missing, broken or locked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import keyring
import keyring.backends.fail
import pytest
from client import PASSWORD, USER, run_python
from keyring.backend import KeyringBackend
from keyring.credentials import SimpleCredential
from servers import Server, session

import zuora_connect
from zuora_connect._keyring import service_of

Serve = Callable[..., Server]

MARKER = "mArKeR"


class Kept(KeyringBackend):
    """In memory; `before` is called first, and may take its time or raise."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.before: Callable[[], object] = lambda: None
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.before()
        return self.kept.get((service, username))

    def get_credential(self, service: str, username: str | None) -> SimpleCredential | None:
        self.asked += 1
        self.before()
        found = [(user, password) for (place, user), password in self.kept.items() if place == service]
        return SimpleCredential(*found[0]) if found else None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def kept() -> Iterator[Kept]:
    backend, before = Kept(), keyring.get_keyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def sent(server: Server) -> list[bytes | None]:
    return [request.header("apiSecretAccessKey") for request in server.requests]


def test_password_is_found_by_place_and_user(serve: Serve, kept: Kept) -> None:
    server = serve(session())
    kept.kept = {
        (f"zuora_connect:{server.url}", USER): "right",
        (f"zuora_connect:{server.url}", "other"): "of another user",
        ("zuora_connect:https://rest.zuora.com", USER): "of another place",
    }
    connection = zuora_connect.connect(USER, base_url=f"{server.url}/v1/")
    assert connection.source == {"username": "argument", "password": "keyring", "base_url": "argument"}
    assert sent(server) == [b"right"]


def test_user_is_found_together_with_the_password(serve: Serve, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(session())
    kept.kept = {(f"zuora_connect:{server.url}", "kept-user"): "kept"}
    monkeypatch.setenv("ZUORA_BASE_URL", server.url)
    connection = zuora_connect.connect()
    assert connection.source == {
        "username": "keyring",
        "password": "keyring",
        "base_url": "variable ZUORA_BASE_URL",
    }
    assert server.requests[0].header("apiAccessKeyId") == b"kept-user"


def test_password_kept_for_one_place_never_goes_to_another(serve: Serve, kept: Kept) -> None:
    server = serve(session())
    kept.kept = {(service_of("https://rest.zuora.com"), USER): MARKER}
    for user in (USER, None):
        with pytest.raises(ValueError, match=r"is missing.*the keyring has none"):
            zuora_connect.connect(user, base_url=server.url)
    assert server.connections == []


def test_user_of_the_keyring_is_not_given_another_password(serve: Serve, kept: Kept) -> None:
    server = serve(session())
    kept.kept = {(f"zuora_connect:{server.url}", "kept-user"): "kept"}
    with pytest.raises(ValueError, match="username: is missing"):
        zuora_connect.connect(password=PASSWORD, base_url=server.url)


def test_keyring_is_not_asked_where_nothing_is_missing(serve: Serve, kept: Kept) -> None:
    zuora_connect.connect(USER, PASSWORD, base_url=serve(session()).url)
    assert kept.asked == 0


@pytest.mark.parametrize("fault", [RuntimeError, SystemExit])
def test_broken_keyring_is_a_missing_password_and_quotes_nothing(kept: Kept, fault: type[BaseException]) -> None:
    def fail() -> None:
        raise fault(f"the password was {MARKER}")

    kept.before = fail
    with pytest.raises(ValueError, match=rf"password: is missing.*cannot be asked \({fault.__name__}\)") as raised:
        zuora_connect.connect(USER, environment="eu")
    assert MARKER not in str(raised.value)


def test_machine_without_a_keyring_is_a_missing_password(kept: Kept) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(ValueError, match=r"password: is missing.*finds no keyring"):
        zuora_connect.connect(USER, environment="eu")


def test_library_that_is_not_installed_is_named() -> None:
    program = """
import sys, zuora_connect
sys.modules["keyring"] = None
try:
    zuora_connect.connect("user")
except ValueError as error:
    print(error)
"""
    assert "pip install 'zuora-connect[keyring]'" in run_python(program).stdout


def test_locked_keyring_does_not_outlast_the_timeout(kept: Kept) -> None:
    kept.before = lambda: time.sleep(3)
    began = time.monotonic()
    with pytest.raises(ValueError, match="timeout: is over, and the keyring has not answered"):
        zuora_connect.connect(USER, environment="eu", timeout=0.3)
    assert time.monotonic() - began < 1.5


def test_time_that_the_keyring_took_is_part_of_the_timeout(serve: Serve, kept: Kept) -> None:
    server = serve(serve=lambda peer: peer.stay_silent())
    kept.kept = {(f"zuora_connect:{server.url}", USER): "kept"}
    kept.before = lambda: time.sleep(0.5)
    began = time.monotonic()
    with pytest.raises(zuora_connect.errors.Timeout):
        zuora_connect.connect(USER, base_url=server.url, timeout=1, retries=0)
    assert time.monotonic() - began < 1.4


def test_password_that_comes_too_late_is_in_no_frame(kept: Kept) -> None:
    kept.kept[service_of("https://127.0.0.1:1"), USER] = MARKER
    kept.before = lambda: time.sleep(0.5)
    with pytest.raises(ValueError, match="has not answered yet") as raised:
        zuora_connect.connect(username=USER, base_url="https://127.0.0.1:1", timeout=0.1)
    time.sleep(1)
    forms = [frame.locals["form"] for frame in raised.traceback if "form" in frame.locals]
    assert forms
    assert not any(MARKER in str(getattr(form, "values", None)) for form in forms)
