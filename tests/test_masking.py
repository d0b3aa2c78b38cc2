"""Markers for every secret are planted, then looked for wherever a notebook, a log or a report could show them."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client import login, run_python
from proxies import tunnel_to
from servers import LOOPBACK, Action, Server, http, session, then_close, then_silence

from zuora_connect import errors

Serve = Callable[..., Server]

COOKIE = "marker-cookie"
SECRETS = {
    "username": "marker-user@example.com",
    "password": "marker-password",
    "authorization": "Bearer marker-bearer",
}
PROXY_PASSWORD = "marker-proxy"


def shown_by(thing: Any) -> str:
    """Everything that a REPL, a notebook, a log or a debugger shows of it."""
    return "\n".join([repr(thing), str(thing), f"{thing}", ascii(thing), thing._repr_html_()])


def test_session_shows_neither_cookie_nor_user(serve: Serve) -> None:
    zuora = login(serve(session(COOKIE)), **SECRETS)
    assert "marker" not in shown_by(zuora)
    assert "***" in repr(zuora)
    assert "marker" not in repr(dict(zuora))
    assert "marker" not in repr(zuora["sessionCookie"])
    assert "marker" not in repr(zuora.cookies)
    assert "marker" not in repr(list(zuora.items())) + repr(list(zuora.cookies.values()))


def test_cookie_is_there_for_those_who_ask(serve: Serve) -> None:
    cookie = login(serve(session(COOKIE)), **SECRETS)["sessionCookie"]
    assert cookie == f"ZSession={COOKIE}"
    assert (str(cookie), f"{cookie}") == (f"ZSession={COOKIE}",) * 2
    assert json.dumps(cookie) == f'"ZSession={COOKIE}"'


ANSWERS: dict[str, tuple[Action, type[Exception] | None]] = {
    "session": (session(COOKIE), None),
    "refusal": (http(401, body=b'{"success":false,"reasons":[{"code":90000011,"message":"no"}]}'), None),
    "page": (http(403, body=b"<html>"), errors.AccessDenied),
    "rate limit": (http(429, body=b"slow down"), errors.RateLimited),
    "server error": (http(500, body=b"sorry"), errors.ServerError),
    "redirect": (http(302, "Location: https://example.com/"), errors.BadAnswer),
    "bad cookie": (session(COOKIE + "\x01"), errors.BadAnswer),
    "deleted cookie": (session(COOKIE + "; Max-Age=0"), errors.BadAnswer),
    "cut short": (then_close(session(COOKIE)[:-1]), errors.BadAnswer),
    "no answer": (then_close(b""), errors.ConnectError),
    "time-out": (then_silence(session(COOKIE)[:-1]), errors.Timeout),
}
Outcome = tuple[Action, type[Exception] | None]


@pytest.mark.parametrize("outcome", ANSWERS.values(), ids=ANSWERS.keys())
def test_no_log_error_or_traceback_shows_a_secret(
    serve: Serve, outcome: Outcome, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    answer, error = outcome
    shown = []
    with caplog.at_level(logging.DEBUG):
        try:
            shown.append(repr(login(serve(answer), timeout=0.5, **SECRETS)))
            assert error is None
        except errors.ZuoraError as fault:
            assert type(fault) is error
            shown += [str(fault), repr(fault), repr(vars(fault)), repr(fault.args), fault.hint or ""]
            shown += traceback.format_exception(fault)
            shown += frames_of_the_package(fault)
    assert [record.name for record in caplog.records].count("zuora_connect") == 1
    shown += [f"{vars(record)} {record.getMessage()}" for record in caplog.records]
    shown += capfd.readouterr()
    assert not [text for text in shown if "marker" in text]


def frames_of_the_package(fault: BaseException) -> list[str]:
    """The local variables of every frame that the error left, but for those of the tests."""
    frames = [frame for frame, _ in traceback.walk_tb(fault.__traceback__)]
    ours = [frame for frame in frames if frame.f_globals["__name__"].startswith("zuora_connect")]
    assert ours
    return [repr(frame.f_locals) for frame in ours]


def test_password_of_the_proxy_is_shown_nowhere(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    proxies = [serve(http(407)), serve(then_close(b"")), serve(tunnel_to(9))]
    for proxy in proxies:
        with caplog.at_level(logging.DEBUG), pytest.raises(errors.ConnectError) as raised:
            login("https://host.example", proxy=f"http://user:{PROXY_PASSWORD}@{LOOPBACK}:{proxy.port}", timeout=5)
        fault = raised.value
        shown = [str(fault), repr(fault), repr(vars(fault)), caplog.text, *frames_of_the_package(fault)]
        assert not [text for text in shown if "marker" in text]


def test_one_debug_line_for_each_try(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    server = serve(http(503, "Retry-After: 0"), session(COOKIE, "Zuora-Request-Id: r-1"))
    with caplog.at_level(logging.DEBUG, logger="zuora_connect"):
        login(server, retries=1, **SECRETS)
    lines = [record.getMessage() for record in caplog.records]
    assert [record.levelno for record in caplog.records] == [logging.DEBUG] * 2
    assert all("127.0.0.1" in line for line in lines)
    assert "503" in lines[0]
    assert "200" in lines[1] and "r-1" in lines[1]


def test_login_works_where_logging_must_not_be_imported(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "logging", None)
    assert login(serve(session(COOKIE)))["success"] is True
    assert login(serve(http(503, "Retry-After: 0"), session(COOKIE)), retries=1)["success"] is True


AUDITED = """
seen = []
sys.addaudithook(lambda event, arguments: seen.append(repr((event, arguments))))
from client import login
user, password, bearer = ("-".join(["marker", what]) for what in ("user", "password", "bearer"))
for url in sys.argv[1:]:
    try:
        login(url, username=user, password=password, authorization=f"Bearer {bearer}")
    except Exception as error:
        print(type(error).__name__)
assert seen
print([line for line in seen if "marker-" in line])
"""


def test_audit_events_carry_no_secret(serve: Serve) -> None:
    child = run_python(AUDITED, serve(session(COOKIE)).url, serve(http(500)).url, serve(then_close(b"")).url)
    assert child.stdout.splitlines() == ["ServerError", "ConnectError", "[]"], child.stderr


REPORT = """
import pytest, zuora_connect

def secrets():
    return ["-".join(["marker", what]) for what in ("user", "password", "bearer")]

@pytest.fixture
def zuora():
    return zuora_connect.connect(*secrets()[:2], base_url=URL, authorization="Bearer " + secrets()[2])

def test_differs_from_another_session(zuora):
    assert zuora == dict(zuora, sessionCookie="ZSession=other")

def test_differs_from_a_dictionary(zuora):
    assert zuora == {"success": False}

def test_has_other_cookies(zuora):
    assert zuora.cookies == {"ZSession": "other"}

def test_is_not_refused(zuora):
    assert not zuora["success"]

def test_cannot_connect():
    zuora_connect.connect(*secrets()[:2], base_url="http://127.0.0.1:1", retries=0)

def test_has_a_bad_argument():
    zuora_connect.connect(secrets()[0], secrets()[1] + chr(10), base_url=URL)
"""


def test_pytest_reports_show_no_secret(serve: Serve, tmp_path: Path) -> None:
    report = tmp_path / "test_of_a_user.py"
    report.write_text(f"URL = {serve(session(COOKIE)).url!r}\n{REPORT}")
    command = [sys.executable, "-m", "pytest", "-vv", "--showlocals", "-p", "no:cacheprovider", str(report)]
    output = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False).stdout
    assert "6 failed" in output, output
    assert "ZSession=***" in output
    assert "marker-" not in output
