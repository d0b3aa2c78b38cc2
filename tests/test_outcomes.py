"""Every answer has one defined outcome, and the next login works after each of them."""

from __future__ import annotations

import gzip
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from client import login, run_python
from servers import Action, Peer, Server, chunked, http, session, then_close, then_reset, then_silence

import zuora_connect
from zuora_connect import errors

Serve = Callable[..., Server]

COOKIE_LINE = "Set-Cookie: ZSession=value"
DONE = b'{"success":true}'
MIB = 1024 * 1024
HTML = b"<!DOCTYPE html><html><body>Welcome</body></html>"


def framed(*lines: str | bytes, body: bytes = DONE, status: int = 200) -> bytes:
    return http(status, COOKIE_LINE, *lines, body=body, framed=True)


def in_chunks(chunks: bytes) -> bytes:
    return framed("Transfer-Encoding: chunked", body=chunks)


def padded(size: int) -> bytes:
    return DONE + b" " * (size - len(DONE))


def many_lines(count: int) -> list[str]:
    return [f"X-{n}: {'x' * 1000}" for n in range(count)]


WITHOUT_FORM = [
    b"",
    b" ",
    HTML,
    b"[]",
    b"null",
    b"true",
    b'"success"',
    b"{}",
    b'{"success":"true"}',
    b'{"success":1}',
    b'{"success":null}',
    b'{"SUCCESS":true}',
    b'{"Success":false,"Errors":[{"Code":"x","Message":"y"}]}',
    b'{"message":"no"}',
    b'{"error":{"code":1,"message":"no"}}',
    b'{"reasons":{}}',
    b'{"data":{"success":true}}',
    b'[{"success":true}]',
    b'{"success":true,"success":true}',
    b'{"success":false,"success":true}',
    b'{"success":true,"\\u0073uccess":false}',
    b'{"success":true,"deep":[{"a":1,"a":2}]}',
    b'{"success":true}{}',
    b'{"success":true}x',
    b'{"success":true}\x00',
    b'{"success":true',
    b'{"success":true,}',
    b"{'success':true}",
    b'{"success":tru}',
    b'{"success":True}',
    b'{"success":true,"n":01}',
    b'{"success":true,"n":+1}',
    b'{"success":true,"n":NaN}',
    b'{"success":true,"n":-Infinity}',
    b'{"success":true,"n":1.}',
    b'{"success":true,"s":"\x00"}',
    b'{"success":true,"s":"\\u0000"}',
    b'{"success":true,"s":"\n"}',
    b'{"success":true,"s":"\\x"}',
    b'{"success":true,"s":"\\u12g4"}',
    b'{"success":true,"s":"\\ud800"}',
    b'{"success":true,"s":"\\udc00\\ud800"}',
    b'{"success":true,"s":"\xed\xa0\x80"}',
    b'{"success":true,"s":"\xff"}',
    b'{"success":true,"s":"\xc0\x80"}',
    b'{"success":true,"s":"caf\xe9"}',
    b'\xef\xbb\xbf\xef\xbb\xbf{"success":true}',
    b'{"success":true}\xef\xbb\xbf',
    '{"success":true}'.encode("utf-16"),
    b'{"success":true,"d":' + b"[" * 64 + b"]" * 64 + b"}",
    b"[" * 100_000,
    b'{"a":' * 100_000,
]


@pytest.mark.parametrize("body", WITHOUT_FORM, ids=[repr(body[:60]) for body in WITHOUT_FORM])
def test_body_without_zuoras_form_is_no_login(serve: Serve, body: bytes) -> None:
    server = serve(session("c", body=body), session("next"))
    with pytest.raises(errors.BadAnswer) as raised:
        login(server, retries=2)
    assert (raised.value.status, raised.value.retryable) == (200, False)
    assert login(server)["sessionCookie"] == "ZSession=next"
    assert len(server.requests) == 2


IN_FORM = [
    b' \t\r\n{ "success" : true } \r\n',
    b'\xef\xbb\xbf{"success":true}',
    b'{"success":true,"SUCCESS":false}',
    b'{"success":true,"reasons":null}',
    b'{"success":true,"n":[1e400,-0,0.0,1E+2,9007199254740993,%s]}' % (b"9" * 5000),
    b'{"success":true,"s":"\\ud83d\\ude00\\/\\"\\\\\xf0\x9f\x98\x80"}',
    b'{"success":true,"":{"":{"a":1},"b":{"a":1}}}',
    b'{"success":true,"d":' + b"[" * 63 + b"]" * 63 + b"}",
    b'{"success":true,"l":[' + b"0," * 500_000 + b"0]}",
    b'{"\\u0073uccess":true}',
]


@pytest.mark.parametrize("body", IN_FORM, ids=[repr(body[:60]) for body in IN_FORM])
def test_body_in_zuoras_form_is_a_login(serve: Serve, body: bytes) -> None:
    assert login(serve(session("c", body=body)))["success"] is True


@pytest.mark.parametrize(
    "body",
    [
        b'{"success":false}',
        b'{"reasons":[]}',
        b'{"success":"true","reasons":[]}',
        b'{"success":1,"reasons":[]}',
        b'{"SUCCESS":true,"success":false}',
        b'{"SUCCESS":true,"reasons":[]}',
    ],
)
def test_only_a_literal_true_is_success(serve: Serve, body: bytes) -> None:
    zuora = login(serve(session("value", body=body)))
    assert (zuora["success"], zuora["sessionCookie"]) == (False, None)


@pytest.mark.parametrize(("status", "success"), [(200, True), (201, True), (299, True), (400, False), (500, False)])
def test_only_a_2xx_is_success(serve: Serve, status: int, success: bool) -> None:
    zuora = login(serve(http(status, COOKIE_LINE, body=DONE)))
    assert (zuora["success"], zuora["status"]) == (success, status)


@pytest.mark.parametrize("body", [HTML, b"", b"We're sorry, but something went wrong.", b'{"message":"no"}'])
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, errors.BadAnswer),
        (400, errors.BadAnswer),
        (401, errors.AuthenticationError),
        (403, errors.AccessDenied),
        (404, errors.BadAnswer),
        (414, errors.BadAnswer),
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (502, errors.ServerError),
        (503, errors.ServerError),
        (504, errors.ServerError),
        (599, errors.ServerError),
        (600, errors.BadAnswer),
    ],
)
def test_answer_without_form_raises_by_status(
    serve: Serve, status: int, error: type[errors.ZuoraError], body: bytes
) -> None:
    body = b"" if status == 204 else body
    server = serve(http(status, "Zuora-Request-Id: r-1", "Retry-After: 7", body=body), session())
    with pytest.raises(errors.ZuoraError) as raised:
        login(server)
    fault = raised.value
    assert type(fault) is error
    assert (fault.status, fault.request_id, fault.url) == (status, "r-1", f"{server.url}/v1/connections")
    assert fault.retryable is (status in (429, 500, 502, 503, 504))
    if isinstance(fault, errors.Refused):
        assert (fault.connection, fault.code, fault.reasons) == (None, None, [])
    if isinstance(fault, errors.RateLimited | errors.ServerError):
        assert fault.retry_after == 7.0
    assert login(server)["success"] is True


UNUSABLE: dict[str, Action] = {
    "body over the cap": framed(f"Content-Length: {MIB + 1}", body=padded(MIB + 1)),
    "body over the cap, chunked": in_chunks(chunked(padded(MIB + 1))),
    "body over the cap, one chunk": in_chunks(chunked(padded(3 * MIB), size=3 * MIB)),
    "body over the cap, no length": then_close(framed(body=padded(MIB + 1))),
    "a million elements": http(200, COOKIE_LINE, body=b'{"success":true,"l":[' + b"0," * 1_000_000 + b"0]}"),
    "headers over the cap": framed(*many_lines(300)),
    "one header over the cap": framed("X-Long: " + "x" * 300_000),
    "interim answers over the cap": http(103, "X: " + "x" * 1000, framed=True) * 300 + session(),
    "length too long": then_close(framed("Content-Length: 17")),
    "cut short without a length": then_close(framed(body=DONE[:-1])),
    "length overflows": then_close(framed("Content-Length: 99999999999999999999")),
    "length below zero": then_close(framed("Content-Length: -1")),
    "length is no number": then_close(framed("Content-Length: many")),
    "two lengths": then_close(framed("Content-Length: 16", "Content-Length: 17")),
    "two lengths, the last one fits": then_close(framed("Content-Length: 17", "Content-Length: 16")),
    "no last chunk": then_close(in_chunks(chunked(DONE)[:-5])),
    "chunk cut short": then_close(in_chunks(b"20\r\n" + DONE)),
    "chunk without a size": then_close(in_chunks(b"zz\r\n" + DONE)),
    "chunk size overflows": then_close(in_chunks(b"FFFFFFFFFFFFFFFFFF\r\n" + DONE)),
    "chunk below zero": then_close(in_chunks(b"-10\r\n" + DONE)),
    "chunk longer than it says": then_close(in_chunks(b"f\r\n" + DONE + b"\r\n0\r\n\r\n")),
    "coded transfer": then_close(framed("Transfer-Encoding: gzip, chunked", body=chunked(gzip.compress(DONE)))),
    "unknown transfer": then_close(framed("Transfer-Encoding: rot13")),
    "gzip": http(200, COOKIE_LINE, "Content-Encoding: gzip", body=gzip.compress(DONE)),
    "gzip that is none": http(200, COOKIE_LINE, "Content-Encoding: gzip", body=DONE),
    "gzip, chunked": framed("Content-Encoding: gzip", "Transfer-Encoding: chunked", body=chunked(gzip.compress(DONE))),
    "gzip, no length": then_close(framed("Content-Encoding: gzip", body=gzip.compress(DONE))),
    "any other encoding": http(200, COOKIE_LINE, "content-encoding: X-Own", body=DONE),
    "one encoding of two": http(200, COOKIE_LINE, "Content-Encoding: identity, br", body=DONE),
    "gzip, refused": http(401, "Content-Encoding: gzip", body=gzip.compress(b'{"success":false}')),
    "redirect": http(302, COOKIE_LINE, "Location: https://example.com/", body=DONE),
    "redirect to nowhere": http(301, COOKIE_LINE, body=DONE),
    "not modified": http(304, COOKIE_LINE, framed=True),
    "unknown 3xx": http(399, COOKIE_LINE, body=DONE),
    "switching protocols": then_close(http(101, COOKIE_LINE, "Upgrade: h2c", body=DONE)),
    "NUL in a header": then_close(framed(b"X-Nul: a\x00b", "Content-Length: 16")),
    "header without a name": then_close(framed("no colon here", "Content-Length: 16")),
    "another protocol": then_close(b"SSH-2.0-OpenSSH_9.2\r\n" * 10),
    "a bare page": then_close(HTML),
    "bare JSON": then_close(DONE),
    "a bare refusal": then_close(b'{"success":false,"reasons":[]}'),
    "garbage": then_close(bytes(range(256)) * 8),
    "zeros": then_close(bytes(2000)),
    "a bad version": then_close(b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "a bad status": then_close(b"HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"),
    "a status of two digits": then_close(b"HTTP/1.1 20\r\nContent-Length: 0\r\n\r\n"),
    "only an interim answer": then_close(http(100, framed=True)),
}


@pytest.mark.parametrize("action", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_unusable_answer_is_a_bad_answer(serve: Serve, action: Action) -> None:
    server = serve(action, session("next"))
    with pytest.raises(errors.BadAnswer) as raised:
        login(server, retries=2)
    assert raised.value.retryable is False
    assert isinstance(raised.value, errors.NoAnswer)
    assert "127.0.0.1" in str(raised.value)
    assert login(server)["sessionCookie"] == "ZSession=next"
    assert len(server.requests) == 2


LIMITS: dict[str, Action] = {
    "body at the cap": framed(f"Content-Length: {MIB}", body=padded(MIB)),
    "body at the cap, chunked": in_chunks(chunked(padded(MIB), size=9999)),
    "no length": then_close(framed()),
    "HTTP/1.0": then_close(session().replace(b"HTTP/1.1", b"HTTP/1.0")),
    "no reason phrase": session().replace(b" Whatever", b""),
    "identity": session("c", "Content-Encoding: identity"),
    "large headers": framed(*many_lines(200), "Content-Length: 16"),
    "interim answers": http(100, framed=True) + http(103, "Link: </x>", framed=True) + session(),
    "chunk extensions and trailers": in_chunks(b'10;a="b"\r\n%s\r\n0\r\nX-Sum: 1\r\n\r\n' % DONE),
    "the same length twice": framed("Content-Length: 16", "Content-Length: 16"),
}


@pytest.mark.parametrize("action", LIMITS.values(), ids=LIMITS.keys())
def test_unusual_answer_is_still_a_login(serve: Serve, action: Action) -> None:
    assert login(serve(action))["success"] is True


# libcurl 7.88 takes the CR before the last LF of a chunked body for its end.
WHOLE = {"length": session("value"), "chunked": in_chunks(chunked(DONE, size=9))[:-1]}


@pytest.mark.parametrize("end", [then_close, then_reset])
@pytest.mark.parametrize("whole", WHOLE.values(), ids=WHOLE.keys())
def test_answer_cut_short_at_any_byte_is_a_bad_answer(
    serve: Serve, whole: bytes, end: Callable[[bytes], Action]
) -> None:
    sizes = range(whole.index(b"\r\n") + 2, len(whole))
    server = serve(*[end(whole[:size]) for size in sizes], session())
    for size in sizes:
        with pytest.raises(errors.NoAnswer) as raised:
            login(server)
        assert type(raised.value) is errors.BadAnswer, whole[:size]
    assert login(server)["success"] is True


def when_it_waits(action: Callable[[Peer], None]) -> Callable[[Peer], None]:
    """By now the client waits, and this is between two of its looks, which come every 50 ms: libcurl 8 does not tell of
    a byte that it reads in the step in which it sends, nor of one that comes with a look.
    """

    def act(peer: Peer) -> None:
        time.sleep(0.225)
        action(peer)

    return act


# A beginning that comes together with the end is like no answer at all: libcurl hands on whole lines only. Over TLS
# libcurl 8 does not even say that a byte came, so there it is a ConnectError; either way nobody tries again.
@pytest.mark.parametrize("end", [then_close, then_reset])
@pytest.mark.parametrize("beginning", [b"H", b"HTTP/1.1", b"HTTP/1.1 200 OK\r"])
def test_answer_cut_short_in_its_first_line_is_a_bad_answer(
    serve: Serve,
    tls: ssl.SSLContext,
    ca_file: Path,
    beginning: bytes,
    end: Callable[[bytes, float], Callable[[Peer], None]],
) -> None:
    libcurl_is_8 = not str(zuora_connect.build_info()["libcurl"]).startswith("7.")
    over_tls = errors.ConnectError if libcurl_is_8 else errors.BadAnswer
    for context, error in ((None, errors.BadAnswer), (tls, over_tls)):
        with pytest.raises(error) as raised:
            login(serve(when_it_waits(end(beginning, 0.4)), tls=context), ca_file=ca_file)
        assert raised.value.retryable is False


@pytest.mark.parametrize(
    "answer",
    [
        http(101, COOKIE_LINE, "Connection: Upgrade", "Upgrade: h2c", framed=True),
        http(302, COOKIE_LINE, "Location: https://example.com/", framed=True),
        http(302, COOKIE_LINE, "Location: https://example.com/", "Content-Length: 16", framed=True),
    ],
    ids=["101", "302", "302 with a length"],
)
def test_nobody_waits_for_the_body_of_an_answer_that_leads_elsewhere(serve: Serve, answer: bytes) -> None:
    server = serve(then_silence(answer), session("next"))
    started = time.monotonic()
    with pytest.raises(errors.BadAnswer) as raised:
        login(server, timeout=20)
    assert time.monotonic() - started < 5
    assert raised.value.status == int(answer[9:12])
    assert login(server)["sessionCookie"] == "ZSession=next"


LIKE_A_STATUS_LINE = ["HTTP/x: 1", "HTTP/1.1 500 Oops: 1", "HTTP/1.1 200 OK: 1"]


@pytest.mark.parametrize("line", LIKE_A_STATUS_LINE)
def test_header_like_a_status_line_drops_nothing_before_it(serve: Serve, line: str) -> None:
    before = [COOKIE_LINE, "Zuora-Request-Id: r-1", "RateLimit-Limit: 5", "X-Before: 1"]
    zuora = login(serve(http(200, *before, line, "X-After: 1", body=DONE)))
    assert (zuora["success"], zuora["status"], zuora["sessionCookie"]) == (True, 200, "ZSession=value")
    assert (zuora["requestId"], zuora["rateLimit"]["limit"]) == ("r-1", 5)
    assert {"x-before", "x-after"} <= zuora["headers"].keys()


TRAILERS = b"%s\r\nSet-Cookie: ZSession=trailer\r\nZuora-Request-Id: trailer\r\n\r\n"


@pytest.mark.parametrize("line", LIKE_A_STATUS_LINE)
def test_trailer_like_a_status_line_changes_nothing(serve: Serve, line: str) -> None:
    body = chunked(DONE)[:-2] + TRAILERS % line.encode()
    zuora = login(serve(framed("Transfer-Encoding: chunked", "Zuora-Request-Id: r-1", body=body)))
    assert (zuora["success"], zuora["status"], zuora["sessionCookie"]) == (True, 200, "ZSession=value")
    assert (zuora["requestId"], zuora["headers"]["zuora-request-id"]) == ("r-1", "r-1")


@pytest.mark.parametrize("line", LIKE_A_STATUS_LINE)
def test_trailer_of_an_empty_body_changes_nothing_either(serve: Serve, line: str) -> None:
    body = b"0\r\n" + TRAILERS % line.encode()
    with pytest.raises(errors.AuthenticationError) as raised:
        login(serve(framed("Transfer-Encoding: chunked", "Zuora-Request-Id: r-1", body=body, status=401)))
    assert (raised.value.status, raised.value.request_id) == (401, "r-1")


SET_COOKIE = ["Set-Cookie", "set-cookie", "SET-COOKIE", "sEt-cOOKIE"]
HEADERS = """
import contextlib, locale
from client import login
with contextlib.suppress(locale.Error):  # not every machine knows every locale
    locale.setlocale(locale.LC_ALL, "")
print(ascii(login(sys.argv[1])["headers"]))
"""


@pytest.mark.parametrize("locale", ["C", "tr_TR.UTF-8"])
def test_session_stands_in_no_header_in_any_locale(serve: Serve, monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    lines = [f"{name}: ZSession=hidden; Path=/" for name in SET_COOKIE]
    monkeypatch.setenv("LC_ALL", locale)
    child = run_python(HEADERS, serve(http(200, *lines, "X-ID: seen", body=DONE)).url)
    assert "'x-id': 'seen'" in child.stdout, child.stderr
    assert "hidden" not in child.stdout
    assert "cookie" not in child.stdout.lower()


@pytest.mark.parametrize("name", SET_COOKIE)
@pytest.mark.parametrize("password", [slice(None), slice(4), slice(4, None)], ids=["all", "start", "end"])
def test_session_stands_in_no_header_even_when_the_password_quotes_its_name(
    serve: Serve, name: str, password: slice
) -> None:
    server = serve(http(200, f"{name}: ZSession=hidden; Path=/", body=DONE))
    zuora = login(server, password=name[password])
    assert zuora["sessionCookie"] == "ZSession=hidden"
    assert "hidden" not in str(zuora["headers"])
