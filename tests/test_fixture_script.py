"""The fixture `zuora` as a Zuora: its users and entities, each line that scripts it, and what is left of that."""

from __future__ import annotations

import time
import urllib.error
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from client import PATIENCE, call

from zuora_connect import connect, errors
from zuora_connect.testing import UnusedAnswer, Zuora

# ---- users and entities


def test_user_that_was_added_may_log_in(zuora: Zuora) -> None:
    assert not connect("billing@company.example", "word")["success"]
    zuora.add_user("billing@company.example", "word")
    assert connect("billing@company.example", "word")["success"]


def test_entity_that_was_added_may_be_entered(zuora: Zuora) -> None:
    identity = "2c92c0f9-0000-4f1a-9c3d-0123456789ab"
    with pytest.raises(errors.EntityError):
        connect(entity_ids=identity, check=True)
    zuora.add_entity(identity, "Subsidiary")
    assert connect(entity_ids=identity)["success"]
    assert connect(entity_id=identity.replace("-", ""))["success"]
    assert connect(entity_name="Subsidiary")["success"]


# ---- scripted behaviour


def test_refuse(zuora: Zuora) -> None:
    zuora.refuse()
    with pytest.raises(errors.AuthenticationError):
        connect(check=True)
    assert connect()["success"]


def test_refuse_by_case_and_in_ones_own_words(zuora: Zuora) -> None:
    zuora.refuse("no_api_permission", times=2)
    for _ in range(2):
        with pytest.raises(errors.AccessDenied):
            connect(check=True)
    zuora.refuse("refused_with_200", code=90000011, message="no {entry}")
    connection = connect()
    assert connection["reasons"] == [{"code": 90000011, "message": "no {entry}"}]
    assert len(zuora.requests) == 3
    with pytest.raises(ValueError, match="account_locked"):
        zuora.refuse("no_such_case")


def test_rate_limit(zuora: Zuora) -> None:
    zuora.rate_limit(5)
    with pytest.raises(errors.RateLimited) as caught:
        connect(retries=0, check=True)
    assert caught.value.retry_after == 5
    assert "retry after 5 seconds" in str(caught.value)


def test_limit_concurrency(zuora: Zuora) -> None:
    zuora.limit_concurrency(2, seconds=7)
    zuora.delay(0.5 * PATIENCE)
    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(lambda _: connect(retries=0), range(6)))
    refused = [outcome for outcome in outcomes if not outcome["success"]]
    assert 3 <= len(refused) <= 4
    assert {(outcome["status"], outcome["retryAfter"]) for outcome in refused} == {(429, 7.0)}
    zuora.delay(0)
    zuora.limit_concurrency(0)
    assert connect(retries=0)["reasons"][0]["code"] == 50000070


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_fail_and_recover(zuora: Zuora, status: int) -> None:
    zuora.fail(status)
    assert connect()["success"]
    assert len(zuora.requests) == 2


@pytest.mark.parametrize(
    ("status", "error"), [(500, errors.ServerError), (403, errors.AccessDenied), (418, errors.BadAnswer)]
)
def test_fail_for_good(zuora: Zuora, status: int, error: type[errors.ZuoraError]) -> None:
    zuora.fail(status)
    with pytest.raises(error) as caught:
        connect(retries=0)
    assert caught.value.status == status


def test_delay(zuora: Zuora) -> None:
    zuora.delay(60)
    began = time.monotonic()
    with pytest.raises(errors.Timeout) as caught:
        connect(timeout=0.3)
    assert caught.value.phase == "wait"
    zuora.delay(0)
    assert connect()["success"]
    assert time.monotonic() - began < 10 * PATIENCE


def test_expire_sessions(zuora: Zuora) -> None:
    connection = connect()
    assert call(connection)["products"]
    zuora.expire_sessions()
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(connection)
    assert caught.value.code == 401
    caught.value.close()


def test_cut_body(zuora: Zuora) -> None:
    zuora.cut_body()
    with pytest.raises(errors.BadAnswer, match="cut short"):
        connect()
    assert connect()["success"]


def test_answer(zuora: Zuora) -> None:
    zuora.answer(200, {"success": True, "processId": "A1"}, {"Set-Cookie": "ZSession={mine}", "X-Own": "1"})
    connection = connect()
    assert (connection["processId"], str(connection["sessionCookie"])) == ("A1", "ZSession={mine}")
    assert connection["headers"]["x-own"] == "1"
    zuora.answer(503, b"\xff")
    with pytest.raises(errors.ServerError):
        connect(retries=0)
    zuora.answer(299, "plain")
    with pytest.raises(errors.BadAnswer):
        connect()


def test_answer_of_another_path(zuora: Zuora) -> None:
    zuora.answer(201, {"id": 7}, path="/v1/accounts")
    assert call(connect(), "/v1/accounts?all=1", b'{"name": "x"}') == {"id": 7}
    request = zuora.requests[-1]
    assert (request.method, request.path, request.query, request.body) == (
        "POST",
        "/v1/accounts",
        "all=1",
        b'{"name": "x"}',
    )


def test_answers_are_given_in_the_order_of_the_script(zuora: Zuora) -> None:
    zuora.refuse("account_locked")
    zuora.fail(403)
    zuora.refuse("password_expired")
    assert "locked" in connect()["reasons"][0]["message"]
    with pytest.raises(errors.AccessDenied):
        connect()
    assert "expired" in connect()["reasons"][0]["message"]


@pytest.mark.parametrize(
    "script",
    [
        lambda zuora: zuora.rate_limit(-1),
        lambda zuora: zuora.rate_limit(0.5),
        lambda zuora: zuora.fail(200),
        lambda zuora: zuora.fail(times=0),
        lambda zuora: zuora.delay(-1),
        lambda zuora: zuora.limit_concurrency(-1),
        lambda zuora: zuora.answer(100),
        lambda zuora: zuora.answer(200, path="v1"),
        lambda zuora: zuora.answer(200, headers={"X": "\u20ac"}),
        lambda zuora: zuora.cut_body(times=True),
    ],
)
def test_script_that_makes_no_sense_is_refused_where_it_is_written(zuora: Zuora, script: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        script(zuora)
    assert connect()["success"]


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (lambda zuora: zuora.delay("1"), "seconds: must be an int or a float, not str"),
        (lambda zuora: zuora.delay(True), "seconds: must be an int or a float, not bool"),
        (lambda zuora: zuora.fail("500"), "status: must be an int, not str"),
        (lambda zuora: zuora.fail(600), "status: must be at least 400 and at most 599"),
        (lambda zuora: zuora.answer(None), "status: must be an int, not NoneType"),
        (lambda zuora: zuora.limit_concurrency("2"), "limit: must be an int, not str"),
        (lambda zuora: zuora.delay(float("nan")), "seconds: must be at least 0"),
        (lambda zuora: zuora.refuse(code="5"), "code: must be an int, not str"),
        (lambda zuora: zuora.refuse(message=5), "message: must be a str, not int"),
        (lambda zuora: zuora.answer(200, path="/v1/accounts?page=1"), "path: must begin with /, and have no query: .*"),
        (lambda zuora: zuora.answer(200, path=b"/v1"), "path: must be a str, not bytes"),
        (lambda zuora: zuora.answer(200, headers={"Retry-After": 0.5}), "headers: Retry-After must be .*, not float"),
        (lambda zuora: zuora.answer(200, headers={"X-A": "b\r\nSet-Cookie: c"}), "headers: X-A has a line end .*"),
        (lambda zuora: zuora.answer(200, headers={"A b:": "c"}), "headers: 'A b:' is no name of a header"),
        (lambda zuora: zuora.answer(200, headers={"": "c"}), "headers: '' is no name of a header"),
        (lambda zuora: zuora.answer(200, headers={"X-A": "\u20ac"}), "headers: X-A has a character beyond Latin-1 .*"),
        (lambda zuora: zuora.answer(200, {}, {1: "x"}), "headers: 1 is no name of a header"),
        (lambda zuora: zuora.answer(200, {}, ["x"]), "headers: must be a mapping, not list"),
        (lambda zuora: zuora.answer(200, object()), r"body: is neither bytes, str nor JSON \(.*\)"),
        (lambda zuora: zuora.answer(200, {"a": float("nan")}), r"body: is neither bytes, str nor JSON \(.*\)"),
        (lambda zuora: zuora.answer(200, "\ud800"), "body: holds a lone surrogate, .*"),
        (lambda zuora: zuora.refuse(message="\ud800"), "message: holds a lone surrogate, .*"),
        (lambda zuora: zuora.refuse(times=10**12), "times: must be at least 1 and at most 100000"),
        (lambda zuora: zuora.rate_limit(10**30), "seconds: must be at least 0 and at most 1000000000"),
        (lambda zuora: zuora.write_profiles(5), "toml: must be a str, not int"),
        (lambda zuora: zuora.add_user("a", None), "password: must be a str, not NoneType"),
        (lambda zuora: zuora.add_user(("a", "b"), "c"), "username: must be a str, not tuple"),
        (lambda zuora: zuora.add_entity(1, "a"), "entity_id: must be a str, not int"),
        (lambda zuora: zuora.add_entity("a", 2), "name: must be a str, not int"),
        (lambda zuora: zuora.add_entity("2c92c0f911114f1a9c3d0123456789ab", "a"), "entity_id: needs its hyphens, .*"),
    ],
)
def test_value_that_is_refused_is_named(zuora: Zuora, script: Any, said: str) -> None:
    with pytest.raises((ValueError, TypeError), match=f"^{said}$"):
        script(zuora)


def test_number_may_be_the_value_of_a_header(zuora: Zuora) -> None:
    zuora.answer(429, {"success": False}, {"Retry-After": 7})
    assert connect(retries=0)["retryAfter"] == 7


@pytest.mark.parametrize("seconds", [float("inf"), 1e10, 1e300])
def test_delay_may_be_longer_than_any_test(zuora: Zuora, seconds: float) -> None:
    zuora.delay(seconds)
    with pytest.raises(errors.Timeout):
        connect(timeout=0.3 * PATIENCE, retries=0)


# ---- from one test to the next


@pytest.fixture
def checked_warnings() -> Iterator[list[str]]:
    """What is warned of after the test, once the fixture that stands behind this one has ended."""
    said: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield said
    assert [str(warning.message) for warning in caught if warning.category is UnusedAnswer] == said


def test_answer_that_nothing_asked_for_is_warned_of(checked_warnings: list[str], zuora: Zuora) -> None:
    zuora.fail(502, times=2)
    zuora.answer(200, path="/v1/accounts")
    with pytest.raises(errors.ServerError):
        connect(retries=0)
    checked_warnings.append("nothing asked for zuora.fail(502), zuora.answer(200, path='/v1/accounts')")
