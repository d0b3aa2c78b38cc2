"""When an exception leaves connect(), no frame of the package holds a secret, under any name and however deep."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import markers
import pytest
from alarms import Stopped, on_alarm, stop
from markers import MARKER, holds_marker
from servers import LOOPBACK, Action, BlackHole, Server, http, session, then_close, then_silence

import zuora_connect
from zuora_connect import _core, errors

Serve = Callable[..., Server]

PACKAGE = os.path.dirname(zuora_connect.__file__)
SECRETS: dict[str, Any] = {
    "username": f"user-{MARKER}@example.com",
    "password": f"password-{MARKER}",
    "authorization": f"Bearer {MARKER}",
    "client_key_password": f"key-{MARKER}",
}


def assert_clean(error: BaseException) -> None:
    markers.assert_clean(error, lambda file: file != __file__)


def fails(error: type[BaseException], **options: Any) -> None:
    with pytest.raises(error) as raised:
        zuora_connect.connect(**(SECRETS | {"base_url": "https://127.0.0.1:1", "retries": 0} | options))
    assert_clean(raised.value)


def test_the_search_finds_what_is_hidden() -> None:
    class Box:
        def __init__(self, thing: object) -> None:
            self.thing = thing

    assert holds_marker({"a": [Box((b"x" + MARKER.encode(),))]}, set())
    assert holds_marker(zuora_connect.Connection({"sessionCookie": MARKER}, base_url=""), set())
    assert not holds_marker({"a": [Box(("x",))]}, set())


TEXT = ["username", "password", "authorization", "client_key_password", "proxy", "base_url", "environment"]
TEXT += ["entity_id", "entity_name", "entity_ids", "track_id", "idempotency_key"]
FILES = ["ca_file", "ca_dir", "client_cert", "client_key"]


@pytest.mark.parametrize("name", TEXT + FILES)
@pytest.mark.parametrize(
    "value", [f"{MARKER}\n", f"{MARKER}\0", f"{MARKER}\ud800", f" {MARKER}", MARKER.encode(), [MARKER]]
)
def test_bad_text_stays_in_no_frame(name: str, value: object) -> None:
    other = {"base_url": None} if name == "environment" else {}
    fails((ValueError, TypeError), **(other | {name: value}))  # type: ignore[arg-type]


BAD: dict[str, tuple[type[Exception], dict[str, Any]]] = {
    "no password": (ValueError, {"password": None}),
    "no user": (ValueError, {"username": None}),
    "user info in the URL": (ValueError, {"base_url": f"https://user:{MARKER}@rest.example.com"}),
    "query in the URL": (ValueError, {"base_url": f"https://rest.example.com?token={MARKER}"}),
    "http to afar": (ValueError, {"base_url": f"http://{MARKER}.example.com"}),
    "URL and environment": (ValueError, {"environment": MARKER, "base_url": f"https://user:{MARKER}@rest.example.com"}),
    "unknown environment": (ValueError, {"environment": MARKER, "base_url": None}),
    "two entities": (ValueError, {"entity_id": MARKER, "entity_ids": MARKER}),
    "proxy without scheme": (ValueError, {"proxy": f"user:{MARKER}@127.0.0.1:3128"}),
    "proxy of another kind": (ValueError, {"proxy": f"gopher://user:{MARKER}@127.0.0.1:3128"}),
    "http and a proxy": (ValueError, {"base_url": "http://127.0.0.1:1", "proxy": f"http://u:{MARKER}@127.0.0.1:3128"}),
    "missing file": (ValueError, {"ca_file": f"/nowhere/{MARKER}"}),
    "key without certificate": (ValueError, {"client_key": __file__}),
    "time-out": (ValueError, {"timeout": -1}),
    "time-out of another type": (TypeError, {"timeout": "30"}),
    "connect time-out": (ValueError, {"connect_timeout": None}),
    "retries": (ValueError, {"retries": 11}),
    "retries of another type": (TypeError, {"retries": True}),
    "check": (TypeError, {"check": None}),
}


@pytest.mark.parametrize(("error", "options"), BAD.values(), ids=BAD.keys())
def test_refused_arguments_leave_no_secret_in_a_frame(error: type[Exception], options: dict[str, Any]) -> None:
    fails(error, **options)


def test_bad_variables_leave_no_secret_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUORA_USERNAME", f"variable-{MARKER}")
    monkeypatch.setenv("ZUORA_PASSWORD", f"variable-{MARKER}\n")
    fails(ValueError, username=None, password=None)
    monkeypatch.setenv("ZUORA_BASE_URL", f"https://user:{MARKER}@rest.example.com")
    fails(ValueError, base_url=None)
    monkeypatch.setenv("ZUORA_BASE_URL", "")
    monkeypatch.setenv("ZUORA_ENVIRONMENT", MARKER)
    fails(ValueError, base_url=None)


ANSWERS: dict[str, tuple[Action, type[errors.ZuoraError]]] = {
    "refusal": (http(401, body=b'{"success":false,"reasons":[{"code":90000011,"message":"no"}]}'), errors.Refused),
    "refusal that quotes": (
        http(401, body=f'{{"success":false,"reasons":[{{"code":1,"message":"{SECRETS["password"]}"}}]}}'.encode()),
        errors.AuthenticationError,
    ),
    "page": (http(403, body=SECRETS["password"].encode()), errors.AccessDenied),
    "server error, tried again": (http(500, "Retry-After: 0"), errors.ServerError),
    "redirect": (http(302, f"Location: https://elsewhere.example/{MARKER}"[:-6]), errors.BadAnswer),
    "bad cookie": (session(f"{MARKER}\x01"), errors.BadAnswer),
    "cut short": (then_close(session(MARKER)[:-1]), errors.BadAnswer),
    "no answer": (then_close(b""), errors.ConnectError),
    "time-out": (then_silence(session(MARKER)[:-1]), errors.Timeout),
}


@pytest.mark.parametrize(("answer", "error"), ANSWERS.values(), ids=ANSWERS.keys())
def test_failed_login_leaves_no_secret_in_a_frame(serve: Serve, answer: Action, error: type[errors.ZuoraError]) -> None:
    fails(error, base_url=serve(answer).url, timeout=0.5, retries=1, check=True)


def test_failed_connection_leaves_no_secret_in_a_frame(serve: Serve) -> None:
    proxy = f"http://user:{MARKER}@{LOOPBACK}:{serve(http(407)).port}"
    fails(errors.ConnectError, base_url="https://rest.example.com", proxy=proxy, timeout=5)
    plain = serve(serve=lambda peer: peer.send(b"220 mail.example ESMTP\r\n"))
    fails(errors.TLSError, base_url=f"https://{LOOPBACK}:{plain.port}", timeout=5)
    with BlackHole() as hole:
        fails(errors.Timeout, base_url=hole.url, timeout=0.3)


@pytest.mark.parametrize(
    "answer", [then_silence(session(MARKER)[:-1]), http(503, "Retry-After: 5")], ids=["wait", "back-off"]
)
def test_interrupted_login_leaves_no_secret_in_a_frame(serve: Serve, answer: Action) -> None:
    with on_alarm(stop):
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        fails(Stopped, base_url=serve(answer).url, timeout=10, retries=1)


def stopped_at_any_moment(server: Server, **secrets: Any) -> list[Stopped]:
    """What came of logins that a signal's handler ended, each some microseconds later than the one before."""
    for name in ("_log", "_login"):
        importlib.import_module(f"zuora_connect.{name}")
    stopped = []
    with on_alarm(stop):
        for microseconds in range(1, 2000, 10):
            try:
                signal.setitimer(signal.ITIMER_REAL, microseconds / 1_000_000)
                zuora_connect.connect(**secrets, base_url=server.url)
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Stopped as error:
                stopped.append(error)
    assert stopped
    return stopped


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of a stop in a finalizer
def test_login_that_is_stopped_at_any_moment_leaves_no_secret_in_a_frame(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZUORA_USERNAME", SECRETS["username"])
    monkeypatch.setenv("ZUORA_PASSWORD", SECRETS["password"])
    for secrets in (SECRETS, {}):
        for error in stopped_at_any_moment(serve(session("the-session")), **secrets):
            assert_clean(error)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of a stop in a finalizer
def test_request_of_a_login_that_is_stopped_at_any_moment_is_wiped(serve: Serve) -> None:
    for error in stopped_at_any_moment(serve(ANSWERS["refusal"][0]), **SECRETS):
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if (request := frame.f_locals.get("request")) is not None:
                with pytest.raises(ValueError):
                    _core.again(request, 1000, 1000, None)


@pytest.mark.parametrize("answers", [[session("s")], [http(503, "Retry-After: 0"), session("s")]], ids=["one", "two"])
def test_login_that_is_stopped_at_any_instruction_leaves_no_secret_in_a_frame(
    serve: Serve, answers: list[Action]
) -> None:
    """As a signal would stop it between two instructions of ours in Python, which a timer hardly ever meets."""
    options = SECRETS | {"retries": len(answers) - 1}
    zuora_connect.connect(**options, base_url=serve(*answers).url)  # imports what it needs
    before = sys.gettrace()
    left = 0

    def stop_in_time(frame: types.FrameType, event: str, argument: object) -> Any:
        nonlocal left
        if not frame.f_code.co_filename.startswith(PACKAGE):
            return None
        frame.f_trace_opcodes = True
        left -= 1
        if left == 0:
            raise Stopped
        return stop_in_time

    for left_at_first in range(1, 10_000):
        left = left_at_first
        with Server(*answers) as server:
            sys.settrace(stop_in_time)
            try:
                zuora_connect.connect(**options, base_url=server.url)
            except Stopped as error:
                sys.settrace(before)
                assert_clean(error)
            else:
                break
            finally:
                sys.settrace(before)
    assert left > 0, "nothing of ours was left out"


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Writes the profile `default`, with the marker for a secret, and another that is broken off."""

    def write(url: str, more: str = "") -> None:
        path = tmp_path / "zuora_connect" / "config.toml"
        path.parent.mkdir(exist_ok=True)
        secrets = f'username = "user-{MARKER}"\npassword = "password-{MARKER}"'
        path.write_text(f'[default]\n{secrets}\nbase_url = "{url}"\n{more}')
        path.chmod(0o600)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    return write


NOT_GIVEN: dict[str, Any] = dict.fromkeys([*SECRETS, "base_url"])


@pytest.mark.parametrize(
    "more",
    [
        f'password = "{MARKER}"',
        f'ca_file = "{MARKER}',
        f'"{MARKER}"',
        f"timeout = '{MARKER}'",
        "connect_timeout = 99999",
        f'proxy = "{MARKER}"',
        f'entity_id = "{MARKER}\\n"',
    ],
)
def test_refused_profile_leaves_no_secret_in_a_frame(profile: Callable[..., None], more: str) -> None:
    profile("https://rest.zuora.com", more)
    fails(ValueError, **NOT_GIVEN)


def test_login_by_a_profile_that_fails_leaves_no_secret_in_a_frame(serve: Serve, profile: Callable[..., None]) -> None:
    for answer, error in ANSWERS.values():
        profile(serve(answer).url)
        fails(error, **NOT_GIVEN, timeout=0.5, retries=1, check=True)
    profile("https://rest.zuora.com")
    fails(ValueError, **NOT_GIVEN | {"username": SECRETS["username"], "base_url": "http://127.0.0.1:1"})


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of a stop in a finalizer
def test_login_by_a_profile_that_is_stopped_at_any_moment_leaves_no_secret_in_a_frame(
    serve: Serve, profile: Callable[..., None]
) -> None:
    server = serve(session("the-session"))
    profile(server.url)
    zuora_connect.connect()  # imports what it needs
    for error in stopped_at_any_moment(server):
        assert_clean(error)


def test_no_frame_of_python_ever_holds_the_arguments() -> None:
    assert not hasattr(zuora_connect.connect, "__code__")
    assert not hasattr(zuora_connect.login, "__code__")


def test_session_is_in_no_frame_when_the_program_is_stopped_right_after(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zuora_connect._log.log_try", stop)
    with pytest.raises(Stopped) as raised:
        zuora_connect.connect(**SECRETS, base_url=serve(session("the-session")).url)
    traceback = raised.value.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.startswith(PACKAGE):
            assert "the-session" not in repr(traceback.tb_frame.f_locals)
        traceback = traceback.tb_next


SHOWLOCALS = """
import os
import zuora_connect
from zuora_connect import errors

def test_refused_argument():
    zuora_connect.connect(track_id="\\n")

def test_failed_connection():
    zuora_connect.connect(base_url="http://127.0.0.1:1", retries=1)

def test_refusal():
    zuora_connect.connect(base_url=os.environ["SERVER"], check=True)
"""


def test_showlocals_of_pytest_shows_no_secret(serve: Serve, tmp_path: Path) -> None:
    server = serve(ANSWERS["refusal"][0])
    program = tmp_path / "test_login.py"
    program.write_text(SHOWLOCALS)
    secret = {"ZUORA_USERNAME": f"user-{MARKER}", "ZUORA_PASSWORD": f"password-{MARKER}", "SERVER": server.url}
    command = [sys.executable, "-m", "pytest", "-vv", "--showlocals", "-p", "no:cacheprovider", str(program)]
    ran = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env=os.environ | secret, timeout=60, check=False
    )
    assert "3 failed" in ran.stdout, ran.stdout + ran.stderr
    assert "_core.again" in ran.stdout
    assert MARKER not in ran.stdout + ran.stderr


def test_request_is_wiped_though_the_exception_is_kept() -> None:
    with pytest.raises(zuora_connect.errors.ConnectError) as raised:
        zuora_connect.connect("user", "password", base_url="http://127.0.0.1:1", retries=0)
    frames = [frame for frame, _ in traceback.walk_tb(raised.tb)]
    [request] = {id(held): held for frame in frames if (held := frame.f_locals.get("request")) is not None}.values()
    with pytest.raises(ValueError):
        _core.again(request, 1000, 1000, None)
