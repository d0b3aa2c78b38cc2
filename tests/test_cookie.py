"""Which Set-Cookie line opens a session, and which login that calls itself a success is none."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

import pytest
from client import login
from servers import Server, chunked, http

from zuora_connect import errors

Serve = Callable[..., Server]

DONE = b'{"success":true}'
PAST = "Expires=Wed, 21 Oct 2015 07:28:00 GMT"


def answer(*cookies: str | bytes) -> bytes:
    lines = [b"Set-Cookie: " + (line if isinstance(line, bytes) else line.encode()) for line in cookies]
    return http(200, *lines, body=DONE)


SESSIONS: dict[str, tuple[list[str], str]] = {
    "bare": (["ZSession=value"], "value"),
    "as Zuora sends it": (["ZSession=-a_b-C%3D; Path=/; Secure; HttpOnly"], "-a_b-C%3D"),
    "blanks": (["  ZSession \t=  value\t ; Path=/"], "value"),
    "quotes": (['ZSession="value"; Path=/'], '"value"'),
    "equals signs": (["ZSession=a=b==; Path=/"], "a=b=="),
    "blank within": (["ZSession=a b"], "a b"),
    "long": (["ZSession=" + "v" * 8000], "v" * 8000),
    "balancer before": (["lb=node7; Path=/", "ZSession=value"], "value"),
    "balancer after": (["ZSession=value", "lb=node7; Path=/"], "value"),
    "last one wins": (["ZSession=old", "ZSession=new"], "new"),
    "deleted, then set": (["ZSession=; Max-Age=0", "ZSession=new"], "new"),
    "near misses": (["ZSessionX=x", "ZSession=value", "zsession=y", "XZSession=z", "ZSession"], "value"),
    "a day to live": (["ZSession=value; Max-Age=86400"], "value"),
    "expires later": (["ZSession=value; Expires=" + formatdate(4e9, usegmt=True)], "value"),
    "unreadable attributes": (["ZSession=value; Max-Age=soon; Expires=never; =; ;; Max-Age; Domain=x"], "value"),
    "attribute within a value": (["ZSession=Max-Age=0"], "Max-Age=0"),
}


@pytest.mark.parametrize(("cookies", "value"), SESSIONS.values(), ids=SESSIONS.keys())
def test_session_cookie_is_read(serve: Serve, cookies: list[str], value: str) -> None:
    zuora = login(serve(answer(*cookies)))
    assert zuora["success"] is True
    assert zuora["sessionCookie"] == f"ZSession={value}"
    assert zuora.cookies == {"ZSession": value}


NO_SESSIONS: dict[str, list[str | bytes]] = {
    "no cookie": [],
    "only others": ["lb=node7"],
    "zsession": ["zsession=value"],
    "ZSessionX": ["ZSessionX=value"],
    "XZSession": ["XZSession=value"],
    "no equals sign": ["ZSession"],
    "empty": ["ZSession="],
    "empty, with attributes": ["ZSession=; Path=/"],
    "only blanks": ["ZSession=  ; Path=/"],
    "Max-Age=0": ["ZSession=value; Max-Age=0"],
    "max-age, any case and blanks": ["ZSession=value; path=/;  max-AGE = 0 "],
    "Max-Age=-1": ["ZSession=value; Max-Age=-1"],
    "Max-Age far below zero": ["ZSession=value; Max-Age=-" + "9" * 30],
    "expired": ["ZSession=value; " + PAST],
    "expired, with dashes": ["ZSession=value; expires=Wed, 21-Oct-2015 07:28:00 GMT"],
    "set, then deleted": ["ZSession=value", "ZSession=; Max-Age=0"],
    "set, then expired": ["ZSession=value", "ZSession=value; " + PAST],
    "control byte": [b"ZSession=val\x01ue"],
    "tab within": [b"ZSession=val\tue"],
    "DEL": [b"ZSession=val\x7fue"],
    "non-ASCII": ["ZSession=välue"],
    "a Latin-1 byte": [b"ZSession=val\xe9ue"],
    "good, then with a control byte": ["ZSession=value", b"ZSession=val\x01ue"],
}


@pytest.mark.parametrize("cookies", NO_SESSIONS.values(), ids=NO_SESSIONS.keys())
def test_success_without_a_session_cookie_is_no_login(serve: Serve, cookies: list[str | bytes]) -> None:
    server = serve(answer(*cookies), answer("ZSession=next"))
    with pytest.raises(errors.BadAnswer) as raised:
        login(server, retries=2)
    assert raised.value.status == 200
    assert "value" not in str(raised.value)
    assert not raised.value.retryable
    assert login(server)["sessionCookie"] == "ZSession=next"
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "bytes_sent",
    [
        http(
            200, "Transfer-Encoding: chunked", body=chunked(DONE)[:-2] + b"Set-Cookie: ZSession=t\r\n\r\n", framed=True
        ),
        http(100, "Set-Cookie: ZSession=interim", framed=True) + http(200, body=DONE),
        http(103, "Set-Cookie: ZSession=interim", framed=True) + http(200, body=DONE),
        http(200, "X-Note: a", "Set-Cookie2: ZSession=v", "X-Set-Cookie: ZSession=v", body=DONE),
    ],
    ids=["trailer", "100", "103", "other headers"],
)
def test_cookie_elsewhere_is_no_session(serve: Serve, bytes_sent: bytes) -> None:
    with pytest.raises(errors.BadAnswer):
        login(serve(bytes_sent))


def test_trailer_does_not_replace_the_session(serve: Serve) -> None:
    lines = ["Set-Cookie: ZSession=header", "Transfer-Encoding: chunked"]
    body = chunked(DONE)[:-2] + b"Set-Cookie: ZSession=trailer\r\nZuora-Request-Id: trailer\r\n\r\n"
    zuora = login(serve(http(200, *lines, body=body, framed=True)))
    assert zuora["sessionCookie"] == "ZSession=header"
    assert zuora["requestId"] is None


@pytest.mark.parametrize("status", [401, 404, 429, 500])
@pytest.mark.parametrize("success", [b"true", b"false"])
def test_cookie_beside_a_refusal_is_no_session(serve: Serve, status: int, success: bytes) -> None:
    body = b'{"success":%s,"reasons":[]}' % success
    zuora = login(serve(http(status, "Set-Cookie: ZSession=value", body=body)))
    assert (zuora["success"], zuora["sessionCookie"]) == (False, None)
    assert "value" not in repr(dict(zuora))


def test_bad_cookie_beside_a_refusal_changes_nothing(serve: Serve) -> None:
    zuora = login(serve(http(200, b"Set-Cookie: ZSession=\x01", body=b'{"success":false}')))
    assert zuora["success"] is False


def test_set_cookie_is_left_out_of_the_headers(serve: Serve) -> None:
    zuora = login(serve(answer("ZSession=value", "lb=node7")))
    assert set(zuora["headers"]) == {"content-length"}
