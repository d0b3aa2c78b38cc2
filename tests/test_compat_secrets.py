"""No error that leaves zuora_connect.compat, which is written in Python, has a secret in a frame, and no repr does."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import types
from collections.abc import Callable
from typing import Any

import markers
import pytest
from alarms import Stopped, on_alarm, stop
from generated_client import api_of
from markers import MARKER, holds_marker
from servers import LOOPBACK, Action, Server, http, session, then_close, then_silence

import zuora_connect
import zuora_connect.compat as zuora_client
from zuora_connect import errors
from zuora_connect.compat._login import Login

Serve = Callable[..., Server]

PACKAGE = os.path.dirname(zuora_connect.__file__)
METHODS = ("p_ost_connections", "p_ost_connections_with_http_info")
SECRETS = {
    "api_access_key_id": f"user-{MARKER}@example.com",
    "api_secret_access_key": f"password-{MARKER}",
    "content_type": "application/json",
    "authorization": f"Bearer {MARKER}",
}


def assert_clean(error: BaseException) -> None:
    frames = markers.assert_clean(error, lambda file: file.startswith(PACKAGE))
    assert frames
    for value in (value for frame in frames for value in frame.f_locals.values()):
        assert not isinstance(value, Login) or getattr(value, "options", None) is None


def fails(error: type[BaseException], url: str, **options: Any) -> None:
    for method in METHODS:
        with pytest.raises(error) as raised:
            getattr(api_of(url), method)(**(SECRETS | options))
        assert_clean(raised.value)


QUOTED = f'{{"success":false,"reasons":[{{"code":90000011,"message":"{SECRETS["api_secret_access_key"]}"}}]}}'.encode()
OUTCOMES: dict[str, tuple[Action, type[Exception]]] = {
    "refusal": (http(401, f"X: {SECRETS['api_access_key_id']}", body=QUOTED), zuora_client.ApiException),
    "page": (http(503, body=QUOTED[1:]), zuora_client.ApiException),
    "redirect": (http(302, f"Location: https://example.com/{MARKER}"), zuora_client.ApiException),
    "bad cookie": (session(MARKER + "\x01"), errors.BadAnswer),
    "no answer": (then_close(b""), errors.ConnectError),
    "time-out": (then_silence(session(MARKER)[:-1]), errors.Timeout),
}


@pytest.mark.parametrize(("answer", "error"), OUTCOMES.values(), ids=OUTCOMES.keys())
def test_failed_login_leaves_no_secret_in_a_frame(serve: Serve, answer: Action, error: type[Exception]) -> None:
    fails(error, serve(answer).url, _request_timeout=0.5)


@pytest.mark.parametrize(
    ("error", "options"),
    [
        (ValueError, {"content_type": f"password-{MARKER}"}),
        (ValueError, {"content_type": None}),
        (ValueError, {"api_access_key_id": None}),
        (ValueError, {"api_secret_access_key": f"{MARKER}\n"}),
        (ValueError, {"api_secret_access_key": f"{MARKER}\ud800"}),
        (TypeError, {"api_secret_access_key": MARKER.encode()}),
        (ValueError, {"content_type": [MARKER]}),
        (TypeError, {"unknown": MARKER}),
        (ValueError, {"_preload_content": False}),
        (TypeError, {"_request_timeout": (1, "2")}),
    ],
)
def test_refused_argument_stays_in_no_frame(error: type[Exception], options: dict[str, Any]) -> None:
    fails(error, "https://127.0.0.1:1", **options)


def test_fault_of_tls_leaves_no_secret_in_a_frame(serve: Serve) -> None:
    plain = serve(serve=lambda peer: peer.send(b"220 mail.example ESMTP\r\n"))
    fails(zuora_client.ApiException, f"https://{LOOPBACK}:{plain.port}", _request_timeout=5)


def test_interrupted_login_leaves_no_secret_in_a_frame(serve: Serve) -> None:
    for answer in (then_silence(b""), http(503, "Retry-After: 5")):
        api: Any = api_of(serve(answer).url, retries=1)
        with on_alarm(stop):
            signal.setitimer(signal.ITIMER_REAL, 0.3)
            with pytest.raises(Stopped) as raised:
                api.p_ost_connections(**SECRETS)
        assert_clean(raised.value)


@pytest.mark.parametrize("method", METHODS)
def test_login_stopped_where_a_function_begins_leaves_no_secret_in_a_frame(serve: Serve, method: str) -> None:
    """A signal is looked at where a function begins; what it finds of the first one cannot be helped in Python."""
    api: Any = api_of(serve(OUTCOMES["refusal"][0]).url)
    left = 0

    def stop_in_time(frame: types.FrameType, event: str, argument: object) -> None:
        nonlocal left
        half_made = frame.f_code.co_qualname.startswith("Headers.__init__")  # has no repr yet
        left -= frame.f_code.co_filename.startswith(PACKAGE) and not half_made
        if left == 0:
            raise Stopped

    with pytest.raises(zuora_client.ApiException):
        getattr(api, method)(**SECRETS)  # imports what is imported when it is needed: pytest's loader holds all tests
    before = sys.gettrace()
    for entries in range(2, 100):
        left = entries
        sys.settrace(stop_in_time)
        try:
            getattr(api, method)(**SECRETS)
        except Stopped as error:
            sys.settrace(before)
            assert_clean(error)
        except zuora_client.ApiException:
            break
        finally:
            sys.settrace(before)
    assert 10 < entries < 99


def test_async_call_leaves_no_secret_in_a_frame(serve: Serve) -> None:
    api: Any = api_of(serve(OUTCOMES["refusal"][0]).url)
    thread = api.p_ost_connections(**SECRETS, async_req=True)
    thread.wait(10)
    with pytest.raises(zuora_client.ApiException) as raised:
        thread.get(10)
    assert_clean(raised.value)
    assert not holds_marker(thread, set())


def test_async_call_under_way_shows_no_secret(serve: Serve) -> None:
    api: Any = api_of(serve(then_silence(b"")).url)
    thread = api.p_ost_connections(**SECRETS, async_req=True, _request_timeout=1)
    with pytest.raises(multiprocessing.TimeoutError) as raised:
        thread.get(0.1)
    assert_clean(raised.value)
    thread.wait(10)


def test_thread_that_cannot_start_leaves_no_secret_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(thread: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("threading.Thread.start", cannot)
    fails(RuntimeError, "https://127.0.0.1:1", async_req=True)


def test_password_of_the_proxy_is_in_no_repr() -> None:
    configuration = zuora_client.Configuration()
    configuration.proxy = f"http://user:{MARKER}@127.0.0.1:3128"
    client = zuora_client.ApiClient(configuration)
    assert MARKER not in f"{configuration!r} {client!r} {client.configuration} {zuora_client.ConnectionsApi(client)!r}"


def test_refused_setting_of_a_client_stays_in_no_frame() -> None:
    anything: Any
    for anything, name in ((zuora_client.ApiClient(), "cookie"), (zuora_client.Configuration(), "passwrod")):
        with pytest.raises(AttributeError) as refused:
            setattr(anything, name, MARKER)
        assert_clean(refused.value)
    for given in ({"header_name": MARKER, "header_value": MARKER}, {"cookie": MARKER}, {"pool_threads": MARKER}):
        with pytest.raises(TypeError) as raised:
            zuora_client.ApiClient(None, **given)  # type: ignore[arg-type]
        assert_clean(raised.value)
