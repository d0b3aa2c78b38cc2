"""The dictionary that connect() returns: it behaves as a dict, keeps what belongs to it, and never shows its cookie."""

from __future__ import annotations

import copy
import json
import pickle
import pprint
import reprlib
import subprocess
import sys
import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zuora_connect import Connection, errors

VALUE = "-mArKeR0123456789_%3D"
HOST = "https://rest.example.com:8443/prefix"


def answer(**changed: Any) -> dict[str, Any]:
    return {
        "success": True,
        "processId": None,
        "reasons": [],
        "sessionCookie": f"ZSession={VALUE}",
        "rateLimit": {"limit": None, "remaining": None, "reset": None, "policy": None},
        "retryAfter": None,
        "requestId": "request-1",
        "trackId": None,
        "status": 200,
        "headers": {"content-type": "application/json"},
    } | changed


def logged_in() -> Connection:
    return Connection(answer(), base_url=HOST)


def refused(status: int = 401, code: int | str = 90000011, **changed: Any) -> Connection:
    reasons = [{"code": code, "message": "please sign in"}]
    return Connection(
        answer(success=False, sessionCookie=None, status=status, reasons=reasons, **changed), base_url=HOST
    )


SHOWN: dict[str, Callable[[Connection], str]] = {
    "repr": repr,
    "str": str,
    "f-string": lambda zuora: f"{zuora} {zuora!r}",
    "percent": lambda zuora: "%s %r" % (zuora, zuora),  # noqa: UP031
    "pprint": pprint.pformat,
    "reprlib": reprlib.repr,
    "_repr_html_": lambda zuora: zuora._repr_html_(),
    "a list of it": lambda zuora: repr([zuora]),
    "a plain dict of it": lambda zuora: repr(dict(zuora)),
    "its copy": lambda zuora: repr(zuora.copy()),
    "its deep copy": lambda zuora: repr(copy.deepcopy(zuora)),
    "its pickle": lambda zuora: repr(pickle.loads(pickle.dumps(zuora))),
    "cookies": lambda zuora: f"{zuora.cookies}",
    "cookies, copied": lambda zuora: repr(dict(zuora.cookies)),
    "the cookie's repr": lambda zuora: f"{zuora['sessionCookie']!r} {zuora['sessionCookie']!a}",
}


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN.keys())
def test_nothing_that_is_shown_holds_the_cookie(show: Callable[[Connection], str]) -> None:
    shown = show(logged_in())
    assert VALUE not in shown
    assert VALUE[5:15] not in shown
    assert "***" in shown or "..." in shown or show is SHOWN["_repr_html_"]  # the card leaves it out


def test_cookie_gives_its_value_as_text() -> None:
    cookie = logged_in()["sessionCookie"]
    assert isinstance(cookie, str)
    assert cookie == f"ZSession={VALUE}"
    assert str(cookie) == f"{cookie}" == "%s" % cookie == f"ZSession={VALUE}"  # noqa: UP031
    assert type(str(cookie)) is str
    assert json.loads(json.dumps(logged_in()))["sessionCookie"] == f"ZSession={VALUE}"
    assert cookie.encode() == f"ZSession={VALUE}".encode()


def test_cookies_are_what_http_clients_take() -> None:
    cookies = logged_in().cookies
    assert cookies == {"ZSession": VALUE}
    assert type(cookies) is dict
    assert "; ".join(f"{name}={value}" for name, value in cookies.items()) == f"ZSession={VALUE}"


def test_repr_is_that_of_the_dictionary() -> None:
    assert repr(refused()) == repr(dict(refused()))
    assert eval(repr(logged_in())) == answer(sessionCookie="ZSession=***")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_keeps_all_of_it(protocol: int) -> None:
    zuora = refused(429, 70, retryAfter=600.0)
    zuora._retryable = True
    for before in (logged_in(), zuora):
        after = pickle.loads(pickle.dumps(before, protocol))
        assert after == before
        assert type(after) is Connection
        assert vars(after) == vars(before)
        assert type(after["sessionCookie"]) is type(before["sessionCookie"])


@pytest.mark.parametrize("duplicate", [Connection.copy, copy.copy, copy.deepcopy])
def test_copies_keep_all_of_it_and_are_independent(duplicate: Callable[[Connection], Connection]) -> None:
    zuora = logged_in()
    twin = duplicate(zuora)
    assert twin == zuora
    assert type(twin) is Connection
    assert vars(twin) == vars(zuora)
    assert twin.cookies == zuora.cookies
    twin["status"] = 500
    twin.base_url = "https://elsewhere.example"
    assert (zuora["status"], zuora.base_url) == (200, HOST)


def test_subclass_stays_itself_when_copied() -> None:
    class Special(Connection):
        pass

    assert type(Special(answer(), base_url=HOST).copy()) is Special


def test_url_stands_on_the_base_url() -> None:
    assert logged_in().base_url == HOST
    assert logged_in().url("/v1/catalog/products?page=2") == f"{HOST}/v1/catalog/products?page=2"
    assert logged_in().url("/") == f"{HOST}/"


@pytest.mark.parametrize("path", ["", "v1/catalog", "https://elsewhere.example/", "@elsewhere.example", " /v1"])
def test_url_takes_only_paths(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        logged_in().url(path)


def test_check_returns_a_session_and_raises_a_refusal() -> None:
    zuora = logged_in()
    assert zuora.check() is zuora
    zuora = refused()
    with pytest.raises(errors.AuthenticationError) as raised:
        zuora.check()
    assert raised.value.connection is zuora
    assert raised.value.url == f"{HOST}/v1/connections"
    assert (raised.value.status, raised.value.request_id, raised.value.code) == (401, "request-1", 90000011)
    assert raised.value.reasons == [{"code": 90000011, "message": "please sign in"}]
    assert raised.value.retryable is False


def test_check_raises_the_same_again_after_a_pickle() -> None:
    zuora = pickle.loads(pickle.dumps(refused(429, 70, retryAfter=600.0)))
    with pytest.raises(errors.RateLimited) as raised:
        zuora.check()
    assert raised.value.retry_after == 600.0
    assert raised.value.url == f"{HOST}/v1/connections"


def test_cookies_of_a_refusal_raise_it() -> None:
    with pytest.raises(errors.EntityError):
        _ = refused(200, 90000020).cookies


def test_refusal_says_where_and_why() -> None:
    with pytest.raises(errors.Refused) as raised:
        refused().check()
    said = str(raised.value)
    assert "rest.example.com:8443" in said
    assert "401" in said
    assert "90000011 please sign in" in said


def test_refusal_without_reasons_says_so() -> None:
    zuora = Connection(answer(success=False, sessionCookie=None, status=404), base_url=HOST)
    with pytest.raises(errors.Refused) as raised:
        zuora.check()
    assert type(raised.value) is errors.Refused
    assert raised.value.code is None
    assert "404" in str(raised.value)


def test_unittest_diff_does_not_show_the_cookie() -> None:
    other = Connection(answer(sessionCookie=f"ZSession=other{VALUE}", status=201), base_url=HOST)
    with pytest.raises(AssertionError) as raised:
        unittest.TestCase().assertEqual(logged_in(), other)
    assert VALUE not in str(raised.value)
    assert "201" in str(raised.value)


COMPARISON = """
from zuora_connect import Connection

def session(value):
    return {{"success": True, "sessionCookie": "ZSession=" + value, "status": 200, "reasons": []}}

def connection(end):
    return Connection(session({value!r} + end), base_url="https://rest.example.com")

def test_equal():
    assert connection("1") == connection("2")

def test_equal_to_a_plain_dict():
    left, right = connection("1"), {{"status": 200}}
    assert left == right

def test_is_in_a_list():
    assert [connection("1")] == [connection("2")]

def test_cookie_is_none():
    zuora = connection("1")
    assert zuora["sessionCookie"] is None

def test_cookies():
    zuora = connection("1")
    assert zuora.cookies == {{}}

def test_cookie_is_another():
    assert connection("1")["sessionCookie"] == connection("2")["sessionCookie"]

def test_cookie_is_another_text():
    assert connection("1").cookies["ZSession"] == "another"

def test_is_deep_in_another_dictionary():
    assert {{"tenants": {{"eu": [connection("1")]}}}} == {{"tenants": {{"eu": [connection("2")]}}}}

def test_cookies_are_in_a_set():
    assert set(connection("1").cookies.values()) == {{"another"}}

def test_cookie_holds_a_text():
    assert "another" in connection("1")["sessionCookie"]

def test_cookie_holds_no_text():
    assert "Session" not in connection("1")["sessionCookie"]

def test_cookie_begins_with_a_text():
    assert connection("1")["sessionCookie"].startswith("another")
"""


@pytest.mark.parametrize("verbosity", [[], ["-vv"]])
def test_pytests_own_diff_does_not_show_the_cookie(tmp_path: Path, verbosity: list[str]) -> None:
    program = tmp_path / "test_comparison.py"
    hidden = "".join(f"\\x{ord(character):02x}" for character in VALUE)  # pytest quotes the source, too
    program.write_text(COMPARISON.format(value="@").replace("'@'", f"'{hidden}'"))
    command = [sys.executable, "-m", "pytest", *verbosity, "--showlocals", "-p", "no:cacheprovider", str(program)]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert "12 failed" in ran.stdout, ran.stdout + ran.stderr
    assert "ZSession=***" in ran.stdout
    assert VALUE not in ran.stdout + ran.stderr
