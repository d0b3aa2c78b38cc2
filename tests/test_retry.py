"""Another try: for what, after which wait, how often, and what `retryable` says about it afterwards."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from client import login
from servers import LOOPBACK, Action, Server, http, session, then_close
from stalls import Stage

from zuora_connect import _login, _retry, errors

Serve = Callable[..., Server]

NOW = "Retry-After: 0"


def refusal(status: int, *codes: int | str, lines: tuple[str, ...] = (NOW,)) -> bytes:
    reasons = ",".join(f'{{"code":"{code}","message":"no"}}' for code in codes)
    return http(status, *lines, body=f'{{"success":false,"reasons":[{reasons}]}}'.encode())


TRIED_AGAIN: dict[str, Action] = {
    **{f"{status} in a page": http(status, NOW, body=b"<html>") for status in (429, 500, 502, 503, 504)},
    **{f"{status} in Zuora's form": refusal(status) for status in (429, 500, 502, 503, 504)},
    **{f"category {code}": refusal(200, code) for code in (53100050, 53100061, 53100070, 70, 53100099)},
    "401 and category 61": refusal(401, 53100061),
}
SENT_ONCE: dict[str, tuple[Action, type[errors.ZuoraError]]] = {
    "401 in Zuora's form": (refusal(401, 90000011), errors.AuthenticationError),
    "401 in a page": (http(401, NOW, body=b"<html>"), errors.AuthenticationError),
    "category 11": (refusal(200, 90000011), errors.AuthenticationError),
    "category 11 before 61": (refusal(200, 90000011, 53100061), errors.AuthenticationError),
    "403": (refusal(403), errors.AccessDenied),
    "entity": (refusal(200, 90000020), errors.EntityError),
    "501": (refusal(501), errors.ServerError),
    "501 in a page": (http(501, NOW, body=b"<html>"), errors.ServerError),
    "category 60": (refusal(200, 53100060), errors.ServerError),
    "404": (refusal(404), errors.Refused),
    "redirect": (http(307, NOW, "Location: /elsewhere"), errors.BadAnswer),
    "404 in a page": (http(404, NOW, body=b"<html>"), errors.BadAnswer),
    "page": (http(200, NOW, body=b"<html>"), errors.BadAnswer),
    "no byte after sending": (then_close(b""), errors.ConnectError),
    "cut short": (then_close(session()[:-1]), errors.BadAnswer),
}


@pytest.mark.parametrize("answer", TRIED_AGAIN.values(), ids=TRIED_AGAIN.keys())
def test_what_may_pass_is_tried_again(serve: Serve, answer: Action) -> None:
    server = serve(answer, answer, session())
    assert login(server, retries=2)["success"] is True
    assert len(server.requests) == 3


@pytest.mark.parametrize("answer", TRIED_AGAIN.values(), ids=TRIED_AGAIN.keys())
def test_tries_are_counted_and_the_last_refusal_is_retryable(serve: Serve, answer: Action) -> None:
    server = serve(answer)
    with pytest.raises(errors.Refused) as raised:
        login(server, retries=1).check()
    assert len(server.requests) == 2
    assert raised.value.retryable is True


@pytest.mark.parametrize(("answer", "error"), SENT_ONCE.values(), ids=SENT_ONCE.keys())
def test_what_will_not_pass_is_sent_once(serve: Serve, answer: Action, error: type[errors.ZuoraError]) -> None:
    server = serve(answer)
    with pytest.raises(errors.ZuoraError) as raised:
        login(server, retries=10).check()
    assert type(raised.value) is error
    assert raised.value.retryable is False
    assert len(server.requests) == 1


REFUSED = {
    "401 in Zuora's form": refusal(401, 90000011),
    "401 in a page": http(401, 'WWW-Authenticate: Basic realm="x"', body=b"<html>"),
    "success false": refusal(200, 90000011),
}


@pytest.mark.parametrize("answer", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("over_tls", [False, True], ids=["plain", "tls"])
def test_refused_login_is_one_request_on_a_kept_connection_too(stage: Stage, answer: bytes, over_tls: bool) -> None:
    server = stage.serve(session(), answer, tls=stage.tls if over_tls else None)
    assert login(server, ca_file=stage.ca_file)["success"] is True
    with pytest.raises(errors.AuthenticationError):
        login(server, ca_file=stage.ca_file, retries=10, check=True)
    assert [len(connection) for connection in server.connections] == [2]


def test_success_is_never_sent_again(serve: Serve) -> None:
    body = b'{"success":true,"reasons":[{"code":53100061,"message":"try again"}]}'
    server = serve(session(body=body))
    assert login(server, retries=10)["success"] is True
    assert len(server.requests) == 1


def test_two_further_tries_are_the_default(serve: Serve) -> None:
    import zuora_connect

    server = serve(refusal(503))
    zuora_connect.connect("user", "password", base_url=server.url)
    assert len(server.requests) == 3


def test_no_retries_means_one_try(serve: Serve) -> None:
    server = serve(refusal(503), session())
    zuora = login(server, retries=0)
    assert zuora["success"] is False
    assert len(server.requests) == 1


def test_connection_that_failed_is_tried_again(caplog: pytest.LogCaptureFixture, monkeypatch: Any) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: 0.01)
    with caplog.at_level(logging.DEBUG, "zuora_connect"), pytest.raises(errors.ConnectError) as raised:
        login(f"http://{LOOPBACK}:1", retries=2)
    assert raised.value.retryable is True
    assert [record.getMessage().rsplit(", ", 1)[1] for record in caplog.records] == ["ConnectError"] * 3


def test_check_raises_only_when_the_tries_are_used_up(serve: Serve) -> None:
    assert login(serve(refusal(503), session()), retries=1, check=True)["success"] is True
    server = serve(refusal(503))
    with pytest.raises(errors.ServerError) as raised:
        login(server, retries=1, check=True)
    assert raised.value.connection is not None
    assert raised.value.connection["status"] == 503
    assert len(server.requests) == 2


@pytest.mark.parametrize("body", [b"<html>", b'{"reasons":[]}'], ids=["page", "in Zuora's form"])
def test_wait_that_does_not_fit_is_not_begun(serve: Serve, body: bytes) -> None:
    server = serve(http(429, "Retry-After: 5", body=body), session())
    started = time.monotonic()
    with pytest.raises(errors.RateLimited) as raised:
        login(server, retries=3, timeout=4).check()
    assert time.monotonic() - started < 2
    assert raised.value.retryable is False
    assert raised.value.retry_after == 5.0
    assert len(server.requests) == 1


def test_server_says_how_long_to_wait(serve: Serve) -> None:
    server = serve(refusal(429, lines=("RateLimit-Reset: 1",)), session())
    started = time.monotonic()
    assert login(server, retries=1)["success"] is True
    assert 1.0 <= time.monotonic() - started < 3.0


def test_otherwise_the_wait_is_drawn_from_a_range_that_doubles(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return 0.0

    monkeypatch.setattr(random, "uniform", draw)
    login(serve(refusal(503, lines=())), retries=6)
    assert drawn == [(0, 0.5), (0, 1.0), (0, 2.0), (0, 4.0), (0, 8), (0, 8), (0, 8)]


def test_drawn_wait_is_what_must_fit(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    server = serve(refusal(503, lines=()))
    with pytest.raises(errors.ServerError) as raised:
        login(server, retries=10, timeout=1.2).check()
    assert len(server.requests) == 2  # 0.5 s fits, one second more does not
    assert raised.value.retryable is False


def test_time_that_runs_out_in_the_back_off_is_a_timeout_of_its_own(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_login, "sleep", lambda seconds: time.sleep(seconds + 0.5))  # a machine that was suspended
    server = serve(refusal(503))
    with pytest.raises(errors.Timeout) as raised:
        login(server, retries=1, timeout=0.4)
    assert raised.value.phase == "backoff"
    assert raised.value.url == f"{server.url}/v1/connections"
    assert raised.value.retryable is False
    assert len(server.requests) == 1


def test_what_was_true_when_connect_returned_is_said_later(serve: Serve) -> None:
    zuora = login(serve(refusal(503)), retries=0, timeout=0.5)
    time.sleep(0.6)
    with pytest.raises(errors.ServerError) as raised:
        zuora.check()
    assert raised.value.retryable is True


@pytest.mark.parametrize("further_try", range(11))
def test_back_off_stays_within_its_bounds(further_try: int) -> None:
    waits = [_retry.wait_before(further_try, None) for _ in range(200)]
    assert 0 <= min(waits) < max(waits) <= min(8, 0.5 * 2**further_try)
    assert _retry.wait_before(further_try, 0.0) == 0.0
    assert _retry.wait_before(further_try, 600.0) == 600.0


@pytest.mark.parametrize(
    ("seconds", "milliseconds"),
    [(1, 1000), (30.0, 30_000), (0.0001, 1), (5e-324, 1), (1.0001, 1001), (0.29, 290), (86400, 86_400_000)],
)
def test_seconds_are_rounded_up_to_whole_milliseconds(
    monkeypatch: pytest.MonkeyPatch, seconds: float, milliseconds: int
) -> None:
    taken: list[Any] = []
    monkeypatch.setattr("zuora_connect._login.go_on", lambda *arguments: taken.extend(arguments))
    login("http://127.0.0.1:1", timeout=seconds, connect_timeout=seconds)
    assert taken[3:5] == [milliseconds, milliseconds]


def test_int_of_another_class_is_a_number_of_retries_and_of_seconds(serve: Serve) -> None:
    class Number(int):
        pass

    server = serve(refusal(503))
    login(server, retries=Number(1), timeout=Number(10), connect_timeout=Number(5))
    assert len(server.requests) == 2


@pytest.mark.parametrize("wrong", [None, 0, 1, "yes", []])
def test_check_is_a_bool(serve: Serve, wrong: Any) -> None:
    server = serve(session())
    with pytest.raises(TypeError, match="check"):
        login(server, check=wrong)
    assert server.connections == []
