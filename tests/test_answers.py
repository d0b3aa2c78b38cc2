"""What a login says, row by row: the dictionary, its rate limit and waits, and the cookie."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import pytest
from client import login
from servers import COOKIE, Server, http, session

from zuora_connect import errors

Serve = Callable[..., Server]

JSON = "Content-Type: application/json"
KEYS = {
    "success",
    "processId",
    "reasons",
    "sessionCookie",
    "rateLimit",
    "retryAfter",
    "requestId",
    "trackId",
    "status",
    "headers",
}
NO_LIMIT = {"limit": None, "remaining": None, "reset": None, "policy": None}
SIGN_IN = (
    b'{"success":false,"reasons":[{"code":90000011,"message":"this resource is protected, please sign in first"}]}'
)
LIMIT = b'{"reasons":[{"code":70,"message":"API Rate limit exceeded for the minute, retry after 600 seconds"}]}'
CONCURRENT = b'{"success":false,"reasons":[{"code":"50000070","message":"slow down"}]}'
ENTITY = b'{"success":false,"processId":"A0B1","reasons":[{"code":90000020,"message":"Wrong entity"}]}'


def refusal(*reasons: Any, status: int = 200, lines: tuple[str, ...] = ()) -> bytes:
    return http(status, JSON, *lines, body=json.dumps({"success": False, "reasons": reasons}).encode())


def test_login_gives_the_whole_dictionary(serve: Serve) -> None:
    zuora = login(serve(session(COOKIE, "Cache-Control: max-age=0, no-cache, no-store")))
    assert set(zuora) == KEYS
    assert isinstance(zuora, dict)
    assert json.loads(json.dumps(zuora)) == {
        "success": True,
        "processId": None,
        "reasons": [],
        "sessionCookie": f"ZSession={COOKIE}",
        "rateLimit": NO_LIMIT,
        "retryAfter": None,
        "requestId": None,
        "trackId": None,
        "status": 200,
        "headers": {
            "content-type": "application/json;charset=utf-8",
            "cache-control": "max-age=0, no-cache, no-store",
            "content-length": "18",
        },
    }
    assert zuora.cookies == {"ZSession": COOKIE}
    assert zuora.check() is zuora


# What Zuora answers when it refuses: the answer, its reasons, `retryAfter`, and what check() raises.
REFUSALS: dict[str, tuple[bytes, list[dict[str, Any]], float | None, type[errors.Refused]]] = {
    "wrong user or password": (
        http(401, JSON, "Connection: close", body=SIGN_IN),
        [{"code": 90000011, "message": "this resource is protected, please sign in first"}],
        None,
        errors.AuthenticationError,
    ),
    "refused with 200": (
        refusal({"code": "53100020", "message": "no"}),
        [{"code": 53100020, "message": "no"}],
        None,
        errors.Refused,
    ),
    "wrong entity": (
        http(200, JSON, body=ENTITY),
        [{"code": 90000020, "message": "Wrong entity"}],
        None,
        errors.EntityError,
    ),
    "no API permission": (
        refusal({"code": 90000010, "message": "no"}),
        [{"code": 90000010, "message": "no"}],
        None,
        errors.AccessDenied,
    ),
    "rate limit": (
        http(429, JSON, "RateLimit-Remaining: 0", "RateLimit-Reset: 600", body=LIMIT),
        [{"code": 70, "message": "API Rate limit exceeded for the minute, retry after 600 seconds"}],
        600.0,
        errors.RateLimited,
    ),
    "concurrency limit": (
        http(429, JSON, "Retry-After: 120", body=CONCURRENT),
        [{"code": 50000070, "message": "slow down"}],
        120.0,
        errors.RateLimited,
    ),
    "server failure in Zuora's form": (refusal(status=500), [], None, errors.ServerError),
}


@pytest.mark.parametrize(("answer", "reasons", "wait", "error"), REFUSALS.values(), ids=REFUSALS.keys())
def test_refusal_is_returned_and_check_raises_it(
    serve: Serve, answer: bytes, reasons: list[dict[str, Any]], wait: float | None, error: type[errors.Refused]
) -> None:
    server = serve(answer)
    zuora = login(server)
    assert set(zuora) == KEYS
    assert (zuora["success"], zuora["sessionCookie"]) == (False, None)
    assert (zuora["reasons"], zuora["retryAfter"]) == (reasons, wait)
    assert zuora["status"] == int(answer.split()[1])
    with pytest.raises(errors.Refused) as raised:
        zuora.check()
    assert type(raised.value) is error
    assert raised.value.connection is zuora
    assert raised.value.reasons == reasons
    assert raised.value.code == (reasons[0]["code"] if reasons else None)
    assert raised.value.status == zuora["status"]
    with pytest.raises(error):
        _ = zuora.cookies
    with pytest.raises(error):
        login(server, check=True)


CHECKS = [
    (refusal({"code": 50000070}, {"code": 90000020}), errors.EntityError),
    (refusal({"code": 90000011}, status=429), errors.RateLimited),
    (refusal({"code": 70}), errors.RateLimited),
    (refusal({"code": 90000011}, status=503), errors.ServerError),
    *[(refusal({"code": 53100000 + category}), errors.ServerError) for category in (50, 60, 61, 99)],
    (refusal({"code": 90000010}, status=401), errors.AuthenticationError),
    (refusal({"code": "90000011"}), errors.AuthenticationError),
    (refusal({"code": 11}, status=403), errors.AccessDenied),
    (refusal({"code": 10}), errors.Refused),
    (refusal({"code": 53100030}, {"code": 90000011}), errors.Refused),
    (refusal(), errors.Refused),
]


@pytest.mark.parametrize(("answer", "error"), CHECKS)
def test_check_picks_the_first_class_that_fits(serve: Serve, answer: bytes, error: type[errors.Refused]) -> None:
    with pytest.raises(errors.Refused) as raised:
        login(serve(answer), check=True)
    assert type(raised.value) is error


KEPT: list[Any] = [0, -7, 2**53, -(2**53), "", "-5", "7.0", " 7", "1234567890", "\uff11\uff12", "INVALID_VALUE"]
NUMBERS = ["7", "70", "0070", "123456789"]
USELESS: list[Any] = [2**53 + 1, -(2**53) - 1, 10**400, 1.5, True, None, [1], {"code": 1}]
CODES = [(code, code) for code in KEPT] + [(code, int(code)) for code in NUMBERS] + [(code, 0) for code in USELESS]


@pytest.mark.parametrize(("sent", "read"), CODES)
def test_code_is_a_number_where_it_can_be(serve: Serve, sent: Any, read: int | str) -> None:
    [reason] = login(serve(refusal({"code": sent, "message": "m"})))["reasons"]
    assert reason == {"code": read, "message": "m"}
    assert type(reason["code"]) is type(read)


REASONS: list[tuple[list[Any], list[dict[str, Any]]]] = [
    ([{}], [{"code": 0, "message": ""}]),
    (
        [{"code": 1, "message": 5}, {"code": 2, "message": None}],
        [{"code": 1, "message": ""}, {"code": 2, "message": ""}],
    ),
    ([7, "text", None, ["x"], {"code": 1, "message": "kept"}], [{"code": 1, "message": "kept"}]),
    ([{"Code": 5, "MESSAGE": "m"}], [{"code": 0, "message": ""}]),
    ([{"code": n} for n in range(150)], [{"code": n, "message": ""} for n in range(100)]),
]


@pytest.mark.parametrize(("sent", "read"), REASONS, ids=range(len(REASONS)))
def test_reasons_are_codes_and_messages(serve: Serve, sent: list[Any], read: list[dict[str, Any]]) -> None:
    assert login(serve(refusal(*sent)))["reasons"] == read


@pytest.mark.parametrize("reasons", [None, {}, "text", 5, {"code": 1}])
def test_reasons_that_are_no_list_are_none(serve: Serve, reasons: Any) -> None:
    body = json.dumps({"success": False, "reasons": reasons}).encode()
    assert login(serve(http(200, body=body)))["reasons"] == []


@pytest.mark.parametrize(
    ("sent", "read"), [("A0B1C2D3E4F50617", "A0B1C2D3E4F50617"), (5, None), (None, None), ("", "")]
)
def test_process_id_is_a_string_or_nothing(serve: Serve, sent: Any, read: str | None) -> None:
    body = json.dumps({"success": False, "processId": sent}).encode()
    assert login(serve(http(200, body=body)))["processId"] == read


def test_unknown_fields_are_passed_over(serve: Serve) -> None:
    body = b'{"new":[1,{"deep":null}],"success":true,"requestId":"ignored","more":1e999}'
    assert login(serve(session("c", body=body)))["success"] is True


POLICY = "2250000, 50000;w=60, 2250000;w=3600, 27000000;w=86400"
LIMITS = {
    "compound": ([f"RateLimit-Limit: {POLICY}"], {"limit": 2250000, "policy": POLICY}),
    "plain": (["RateLimit-Limit: 100"], {"limit": 100, "policy": "100"}),
    "numbers": (["RateLimit-Remaining: 0", "RateLimit-Reset: 60"], {"remaining": 0, "reset": 60}),
    "lower case": (["ratelimit-remaining: 7"], {"remaining": 7}),
    "older family": (
        ["X-RateLimit-Limit-minute: 50000", "X-RateLimit-Remaining-minute: 49999"],
        {"limit": 50000, "policy": "50000", "remaining": 49999},
    ),
    "newer one first": (["X-RateLimit-Remaining-minute: 1", "RateLimit-Remaining: 2"], {"remaining": 2}),
    "one of each": (
        ["X-RateLimit-Limit-minute: 5", "RateLimit-Remaining: 2"],
        {"limit": 5, "policy": "5", "remaining": 2},
    ),
    "garbage": (["RateLimit-Remaining: soon", "RateLimit-Reset: -1"], {}),
}


@pytest.mark.parametrize(("lines", "read"), LIMITS.values(), ids=LIMITS.keys())
def test_rate_limit_is_read_from_the_headers(serve: Serve, lines: list[str], read: dict[str, Any]) -> None:
    assert login(serve(session("c", *lines)))["rateLimit"] == NO_LIMIT | read


def rfc850(moment: float) -> str:
    return time.strftime("%A, %d-%b-%y %H:%M:%S GMT", time.gmtime(moment))


def asctime(moment: float) -> str:
    return time.asctime(time.gmtime(moment))


def imf(moment: float) -> str:
    return formatdate(moment, usegmt=True)


WAITS: dict[str, tuple[list[str], float | None]] = {
    "seconds": (["Retry-After: 120"], 120.0),
    "none": ([], None),
    "zero": (["Retry-After: 0"], 0.0),
    "a reset": (["RateLimit-Reset: 600"], 600.0),
    "retry-after before reset": (["RateLimit-Reset: 600", "Retry-After: 5"], 5.0),
    "at most a day": (["Retry-After: 86401"], 86400.0),
    "far more than a day": (["Retry-After: " + "9" * 40], 86400.0),
    "garbage, then reset": (["Retry-After: soon", "RateLimit-Reset: 6"], 6.0),
    "no fractions": (["Retry-After: 1.5", "RateLimit-Reset: 6"], 6.0),
    "no signs": (["Retry-After: -5", "RateLimit-Reset: 6"], 6.0),
    "empty": (["Retry-After:", "RateLimit-Reset: 6"], 6.0),
    "several lines, then reset": (["Retry-After: 1", "Retry-After: 1", "RateLimit-Reset: 6"], 6.0),
    "several lines": (["Retry-After: 1", "Retry-After: 2"], None),
    "garbage": (["Retry-After: soon", "RateLimit-Reset: later"], None),
    "past, IMF": ([f"Retry-After: {imf(time.time() - 60)}"], 0.0),
    "past, RFC 850": ([f"Retry-After: {rfc850(time.time() - 60)}"], 0.0),
    "past, asctime": ([f"Retry-After: {asctime(time.time() - 60)}"], 0.0),
}


@pytest.mark.parametrize(("lines", "wait"), WAITS.values(), ids=WAITS.keys())
def test_retry_after_is_read_from_the_first_good_source(serve: Serve, lines: list[str], wait: float | None) -> None:
    assert login(serve(http(503, *lines, body=SIGN_IN)))["retryAfter"] == wait


@pytest.mark.parametrize("form", [imf, rfc850, asctime])
def test_retry_after_takes_every_http_date(serve: Serve, form: Callable[[float], str]) -> None:
    line = f"Retry-After: {form(time.time() + 100)}"
    assert login(serve(http(429, line, body=SIGN_IN)))["retryAfter"] == pytest.approx(100, abs=20)


WAITING = {53100050: True, 53100060: True, 53100061: True, 70: True, 53100070: True, 53100099: True}
WAITING |= {50: False, 60: False, 99: False, 53100020: False, 90000010: False, 90000011: False}


@pytest.mark.parametrize(("code", "told"), WAITING.items())
def test_retry_after_is_told_for_codes_that_pass(serve: Serve, code: int, told: bool) -> None:
    answer = refusal({"code": code}, lines=("Retry-After: 5",))
    assert login(serve(answer))["retryAfter"] == (5.0 if told else None)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (session("c", "Retry-After: 5"), False),
        (http(401, "Retry-After: 5", body=SIGN_IN), False),
        (http(404, "Retry-After: 5", body=SIGN_IN), False),
        (http(429, "Retry-After: 5", body=SIGN_IN), True),
        (http(500, "Retry-After: 5", body=SIGN_IN), True),
        (http(599, "Retry-After: 5", body=SIGN_IN), True),
    ],
)
def test_retry_after_is_told_for_statuses_that_pass(serve: Serve, answer: bytes, told: bool) -> None:
    assert login(serve(answer))["retryAfter"] == (5.0 if told else None)


def test_ids_and_headers_are_handed_on(serve: Serve) -> None:
    lines: list[str | bytes] = [
        "ZUORA-REQUEST-ID: r-1",
        "zuora-track-id: t-1",
        "X-Twice: one",
        "x-twice: two",
        b"X-Latin: caf\xe9",
    ]
    zuora = login(serve(session("c", *lines)))
    assert (zuora["requestId"], zuora["trackId"]) == ("r-1", "t-1")
    assert zuora["headers"]["x-twice"] == "one, two"
    assert zuora["headers"]["x-latin"] == "café"
    assert not {name for name in zuora["headers"] if name != name.lower() or name == "set-cookie"}
