"""The card that a notebook shows of a login: all that people need, nothing secret, nothing that a server slips in."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from client import USER, login
from servers import COOKIE, Server, http, session
from test_connection import VALUE, logged_in, refused

from zuora_connect import Connection, errors

Serve = Callable[..., Server]
NASTY = "<script>alert('1')</script>&\""


class Balance(HTMLParser):
    """Raises on a tag that is closed out of order; knows which tags and attributes there are."""

    def __init__(self, card: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(card)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def card(zuora: Connection) -> str:
    return zuora._repr_html_()


def rows(zuora: Connection) -> dict[str, str]:
    """Term to text, as a reader sees them."""
    pairs = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", card(zuora))
    return {term: unescape(re.sub(r"<[^>]*>", " ", value)).strip() for term, value in pairs}


def refusal(**changed: Any) -> Connection:
    return Connection(refused() | changed, base_url="https://rest.example.com")


def rate(limit: int | None, remaining: int | None, reset: int | None = None) -> dict[str, Any]:
    return {"limit": limit, "remaining": remaining, "reset": reset, "policy": None}


def bar(zuora: Connection) -> list[str]:
    return re.findall(r"width:([\d.]+)%", card(zuora))


def test_session_says_where_it_is() -> None:
    assert rows(logged_in()) == {
        "Host": "rest.example.com:8443",
        "Entity": "none named",
        "Rate limit": "not told",
        "Request id": "request-1",
    }
    assert "Logged in to Zuora" in card(logged_in())


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, 90000011, errors.AuthenticationError),
        (403, 90000010, errors.AccessDenied),
        (200, 90000020, errors.EntityError),
        (429, 70, errors.RateLimited),
        (503, 50000061, errors.ServerError),
        (200, 90000030, errors.Refused),
    ],
)
def test_refusal_says_why_and_what_to_try_next(status: int, code: int, kind: type[errors.Refused]) -> None:
    zuora = refused(status, code)
    assert kind.__name__ in card(zuora)
    assert f"HTTP {status}" in card(zuora)
    shown = rows(zuora)
    assert shown["Reasons"].split() == [str(code), "please", "sign", "in"]
    assert shown["Try next"] == kind.hint


def test_wait_that_zuora_asks_for_is_shown() -> None:
    assert rows(refused(429, 70, retryAfter=1600.0))["Wait"] == "1,600 s"
    assert "Wait" not in rows(refused(429, 70))


def test_refusal_without_reasons_says_so() -> None:
    assert rows(refusal(reasons=[]))["Reasons"] == "none given"


@pytest.mark.parametrize(
    ("told", "words", "width"),
    [
        (rate(200, 50, 1800), "50 of 200 calls left, renewed 1,800 s after this answer", ["25.0"]),
        (rate(100, 0), "0 of 100 calls left", ["0.0"]),
        (rate(100, 250), "250 of 100 calls left", ["100.0"]),
        (rate(0, 0), "0 of 0 calls left", []),
        (rate(None, 7), "7 calls left", []),
        (rate(100, None), "not told", []),
    ],
)
def test_rate_limit_is_a_bar_and_words(told: dict[str, Any], words: str, width: list[str]) -> None:
    zuora = Connection(logged_in() | {"rateLimit": told}, base_url="https://h")
    assert rows(zuora)["Rate limit"] == words
    assert bar(zuora) == width


@pytest.mark.parametrize("name", ["entity_id", "entity_name", "entity_ids"])
def test_entity_is_the_one_that_the_login_named(serve: Serve, name: str) -> None:
    entity = "Größe <1>"
    zuora = login(serve(session()), **{name: entity})
    for shown in (zuora, zuora.copy(), pickle.loads(pickle.dumps(zuora))):
        assert rows(shown)["Entity"] == entity
    assert "<1>" not in card(zuora)
    assert rows(login(serve(session())))["Entity"] == "none named"


def test_entity_is_shown_after_further_tries(serve: Serve) -> None:
    busy = http(429, "Retry-After: 0", body=b'{"reasons":[{"code":70,"message":"later"}]}')
    zuora = login(serve(busy, session()), entity_name="Here", retries=1)
    assert zuora["success"]
    assert rows(zuora)["Entity"] == "Here"


def test_card_holds_neither_session_nor_user_name(serve: Serve) -> None:
    headers = ("Zuora-Request-Id: request-1", f"X-User: {USER}")
    shown = card(login(serve(session(COOKIE, *headers)), track_id="the-track"))
    assert USER not in shown
    assert COOKIE[:9] not in shown
    assert "ZSession" not in shown
    assert "the-track" not in shown
    assert VALUE not in card(logged_in())


@pytest.mark.parametrize("place", ["code", "message", "requestId", "entity", "host"])
def test_whatever_is_shown_is_escaped(place: str) -> None:
    zuora = refusal(**{"reasons": [{"code": 1, "message": "no"} | {place: NASTY}], place: NASTY})
    zuora._entity = NASTY if place == "entity" else None
    if place == "host":
        zuora.base_url = f"https://{NASTY}"
    shown = card(zuora)
    assert "<script" not in shown
    assert "&lt;script&gt;alert(&#x27;1&#x27;)&lt;" in shown
    Balance(shown)


@pytest.mark.parametrize("place", ["code", "message", "requestId", "entity", "host"])
def test_what_is_not_ours_is_in_no_text_that_mathjax_typesets(place: str) -> None:
    formula = r"$$\href{javascript:alert(1)}{x}$$ \(x\) \[x\] \begin{x}\end{x}"
    zuora = refusal(**{"reasons": [{"code": 1, "message": "no"} | {place: formula}], place: formula})
    zuora._entity = formula if place == "entity" else None
    if place == "host":
        zuora.base_url = f"https://{formula}"
    shown = card(zuora)
    assert "href" in shown
    assert not re.search(r"[$\\]", re.sub(r"<code[^>]*>.*?</code>", "", shown))


@pytest.mark.parametrize("zuora", [logged_in(), refused(), refused(429, 70)], ids=["session", "refusal", "rate limit"])
def test_card_needs_no_script_style_sheet_or_other_address(zuora: Connection) -> None:
    found = Balance(card(zuora))
    assert found.tags <= {"div", "dl", "dt", "dd", "span", "strong", "code", "br"}
    assert found.attributes <= {"style", "role", "aria-label", "aria-hidden"}
    assert not re.search(r"url\(|https?:|javascript", card(zuora))


def test_text_takes_the_colour_of_the_page_around_it() -> None:
    colours = re.findall(r"(?<![-\w])color:([^;\"]+)", card(refused()))
    assert colours
    assert set(colours) == {"inherit"}


def test_long_answers_are_cut() -> None:
    zuora = refused()
    zuora["reasons"] = [{"code": number, "message": "x" * 4096} for number in range(100)]
    assert "and 95 more" in rows(zuora)["Reasons"]
    assert len(card(zuora)) < 8000


def test_dictionary_that_lacks_keys_has_a_card() -> None:
    zuora = Connection({"success": False, "sessionCookie": None, "status": 401, "reasons": []}, base_url="https://h")
    assert rows(zuora)["Request id"] == "none"
    assert rows(zuora)["Rate limit"] == "not told"


def test_marks_that_turn_text_around_are_escaped(serve: Serve) -> None:
    zuora = login(serve(session()), entity_name="Here\u202eereht")
    assert "\u202e" not in card(zuora)
    assert "\\u202e" in rows(zuora)["Entity"]
