"""What the server says is made safe before anybody sees it: secrets masked, then made printable, then cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from client import login
from servers import Server, http, session

from zuora_connect import errors

Serve = Callable[..., Server]

SECRETS = {
    "username": "quoted-user@example.com",
    "password": 'qu"oted\\pässwörd',
    "authorization": "Bearer quoted.bearer-token",
}
QUOTED = {name: value.removeprefix("Bearer ") for name, value in SECRETS.items()}


def refusal(message: str, **more: Any) -> bytes:
    body = {"success": False, "processId": message, "reasons": [{"code": message, "message": message}], **more}
    return http(401, body=json.dumps(body).encode())


@pytest.mark.parametrize("secret", QUOTED.values(), ids=QUOTED.keys())
@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "as it is"])
def test_secret_quoted_in_the_body_is_masked(serve: Serve, secret: str, escaped: bool) -> None:
    text = f"no: {secret}, {secret}{secret}!"
    body = {"success": False, "processId": text, "reasons": [{"code": text, "message": text}]}
    sent = json.dumps(body, ensure_ascii=escaped).encode()
    zuora = login(serve(http(401, body=sent)), **SECRETS)
    masked = zuora["processId"]
    assert masked is not None
    assert masked.startswith("no: ***, ***")
    assert masked.endswith("!")
    assert zuora["reasons"] == [{"code": masked, "message": masked}]
    assert secret not in repr(dict(zuora))
    with pytest.raises(errors.AuthenticationError) as raised:
        zuora.check()
    assert secret not in str(raised.value)


@pytest.mark.parametrize("secret", QUOTED.values(), ids=QUOTED.keys())
def test_secret_quoted_in_a_header_is_masked(serve: Serve, secret: str) -> None:
    names = ["X-Echo", "Zuora-Request-Id", "Zuora-Track-Id", "RateLimit-Limit"]
    lines = [f"{name}: 7;{secret};".encode() for name in names]
    zuora = login(serve(session("c", *lines)), **SECRETS)
    told = [zuora["requestId"], zuora["trackId"], zuora["rateLimit"]["policy"], zuora["headers"]["x-echo"]]
    assert told == ["7;***;"] * 4


def percent_encoded(text: str) -> str:
    """Every byte of it, which is more than anybody has to encode."""
    return "".join(f"%{byte:02x}" for byte in text.encode())


@pytest.mark.parametrize("encode", [quote, quote_plus, percent_encoded])
@pytest.mark.parametrize("secret", QUOTED.values(), ids=QUOTED.keys())
def test_secret_quoted_in_a_url_is_masked(serve: Serve, secret: str, encode: Callable[[str], str]) -> None:
    url = f"https://sso.example.com/?login={encode(secret)}"
    answer = http(401, f"Content-Location: {url}", body=json.dumps({"success": False, "processId": url}).encode())
    zuora = login(serve(answer), **SECRETS)
    assert zuora["processId"] == zuora["headers"]["content-location"] == "https://sso.example.com/?login=***"


REFUSED = b'{"success": false, "reasons": [{"code": 90000011, "message": "no <the-cookie>"}]}'


@pytest.mark.parametrize("status", [200, 401])
def test_cookie_that_comes_with_a_refusal_is_masked(serve: Serve, status: int) -> None:
    lines = ["Set-Cookie: ZSession=the-cookie", "X-Echo: ZSession=the-cookie", "Zuora-Request-Id: the-cookie"]
    zuora = login(serve(http(status, *lines, body=REFUSED)))
    assert (zuora["sessionCookie"], zuora["requestId"], zuora["headers"]["x-echo"]) == (None, "***", "ZSession=***")
    assert zuora["reasons"][0]["message"] == "no <***>"


def test_cookie_quoted_in_an_answer_that_cannot_be_used_is_masked(serve: Serve) -> None:
    lines = ["Set-Cookie: ZSession=the-cookie", "Zuora-Request-Id: the-cookie"]
    for answer in [http(500, *lines), http(302, *lines, "Location: https://the-cookie.example.com/")]:
        with pytest.raises(errors.ZuoraError) as raised:
            login(serve(answer))
        assert raised.value.request_id == "***"
        assert "the-cookie" not in str(raised.value)


def test_secret_split_into_two_headers_of_one_name_is_masked(serve: Serve) -> None:
    zuora = login(serve(session("s", "X-Echo: <in", "X-Other: 1", "X-Echo: two>")), password="in, two")
    assert zuora["headers"]["x-echo"] == "<***>"


def test_longer_secret_is_masked_whole_when_it_holds_another(serve: Serve) -> None:
    zuora = login(serve(refusal("<secret-and-more>")), username="secret", password="secret-and-more")
    assert zuora["processId"] == "<***>"


@pytest.mark.parametrize(
    ("secret", "masked"), [("abc", "<abc>"), ("äöü", "<äöü>"), ("abcd", "<***>"), ("äöüß", "<***>")]
)
def test_secrets_below_four_characters_are_not_masked(serve: Serve, secret: str, masked: str) -> None:
    assert login(serve(refusal(f"<{secret}>")), password=secret)["processId"] == masked


@pytest.mark.parametrize("status", [200, 401, 403, 429, 500])
def test_secret_quoted_in_a_page_is_in_no_error(serve: Serve, status: int) -> None:
    page = f"<html>{' '.join(QUOTED.values())}</html>".encode()
    server = serve(http(status, f"Zuora-Request-Id: {QUOTED['username']}", "Content-Type: text/html", body=page))
    with pytest.raises(errors.ZuoraError) as raised:
        login(server, **SECRETS)
    shown = f"{raised.value} {raised.value!r} {vars(raised.value)} {raised.value.hint}"
    assert not [secret for secret in QUOTED.values() if secret in shown or repr(secret) in shown]
    assert raised.value.request_id == "***"


def test_secret_quoted_in_a_location_is_masked(serve: Serve) -> None:
    with pytest.raises(errors.BadAnswer) as raised:
        login(serve(http(302, f"Location: https://{QUOTED['authorization']}.example.com/")), **SECRETS)
    assert QUOTED["authorization"] not in str(raised.value)


TEXTS = [
    ("line\nbreak\r\ttab", r"line\nbreak\r\ttab"),
    ("\x1b[31mred", r"\x1b[31mred"),
    ("\u202egpj.exe", r"\u202egpj.exe"),
    ("\x7f\x80\xa0\xad", r"\x7f\x80\xa0\xad"),
    ("\u2028\ufeff\ue000", r"\u2028\ufeff\ue000"),
    ("\U000e0001", r"\U000e0001"),
    ("grüße 日本 🔑", "grüße 日本 🔑"),
    ("a\\b", "a\\b"),
]


@pytest.mark.parametrize(("sent", "shown"), TEXTS, ids=range(len(TEXTS)))
def test_unprintable_characters_are_escaped(serve: Serve, sent: str, shown: str) -> None:
    zuora = login(serve(refusal(sent)))
    assert (zuora["processId"], zuora["reasons"]) == (shown, [{"code": shown, "message": shown}])
    with pytest.raises(errors.AuthenticationError) as raised:
        zuora.check()
    assert str(raised.value).isprintable()


def test_header_bytes_are_escaped_too(serve: Serve) -> None:
    zuora = login(serve(session("c", b"X-Odd: \x1b[1m caf\xe9 \x85 \xa0.", b"Zuora-Request-Id: a\x1bb")))
    assert zuora["headers"]["x-odd"] == r"\x1b[1m café \x85 \xa0."
    assert zuora["requestId"] == r"a\x1bb"


def test_unprintable_header_name_is_escaped(serve: Serve) -> None:
    headers = login(serve(session("c", b"X-\x1b[1m: 1")))["headers"]
    assert all(name.isprintable() for name in headers)


@pytest.mark.parametrize("message", ["x" * 4097, "x" * 100_000, "\n" * 4096, "é" * 5000])
def test_texts_are_cut_to_4096_characters(serve: Serve, message: str) -> None:
    zuora = login(serve(refusal(message)))
    assert [len(text) for text in (zuora["processId"] or "", zuora["reasons"][0]["message"])] == [4096, 4096]


def test_headers_are_cut_to_4096_characters(serve: Serve) -> None:
    zuora = login(serve(session("c", "X-Long: " + "x" * 5000)))
    assert zuora["headers"]["x-long"] == "x" * 4096


def test_secret_across_the_cut_is_masked_first(serve: Serve) -> None:
    message = login(serve(refusal("x" * 4090 + SECRETS["username"])), **SECRETS)["processId"]
    assert message == "x" * 4090 + "***"
