"""The bytes that arrive: one exact request per login, its headers for every option, its path for every base URL."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from client import PASSWORD, USER, login
from servers import Gone, Peer, Server, http, session

import zuora_connect
from zuora_connect import errors

Serve = Callable[..., Server]

ENTITY = "2c92c0f8-5d0e-4c1a-9b3e-0123456789ab"


def test_login_is_exactly_this_request(serve: Serve) -> None:
    server = serve(session())
    login(server)
    [request] = server.requests
    assert request.line == b"POST /v1/connections HTTP/1.1"
    assert request.body == b"{}"
    headers = dict(request.headers)
    assert len(headers) == len(request.headers)
    assert re.match(rb"zuora[_-]connect/" + re.escape(zuora_connect.__version__.encode()), headers.pop(b"User-Agent"))
    assert headers == {
        b"Host": b"127.0.0.1:%d" % server.port,
        b"apiAccessKeyId": USER.encode(),
        b"apiSecretAccessKey": PASSWORD.encode(),
        b"Content-Type": b"application/json",
        b"Accept": b"application/json",
        b"Content-Length": b"2",
    }


OPTIONS = [
    ("entity_id", "2c92c0f85d0e4c1a9b3e0123456789ab", "entityId"),
    ("entity_name", "Zuora Ελλάς", "entityName"),
    ("entity_ids", ENTITY, "Zuora-Entity-Ids"),
    ("track_id", "t" * 64, "Zuora-Track-Id"),
    ("authorization", "Bearer abc.def-ghi", "Authorization"),
    ("idempotency_key", "k" * 255, "Idempotency-Key"),
]


@pytest.mark.parametrize(("option", "value", "header"), OPTIONS)
def test_option_adds_exactly_its_header(serve: Serve, option: str, value: str, header: str) -> None:
    server = serve(session())
    login(server)
    login(server, **{option: value})
    plain, told = (set(request.headers) for request in server.requests)
    assert told - plain == {(header.encode(), value.encode())}
    assert plain <= told


VALUES = [
    "pässwörd-日本-🔑",
    "two words\tand a tab",
    "\x01\x1f\x7f",
    "\"quoted\";'and':so\\on%41&=+",
    ":",
    ";",
    "ends with a semicolon;",
    "@/etc/passwd",
    "\xa0no blanks of HTTP\u3000",
    "x",
    "long" * 4000,
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_user_and_password_arrive_unchanged_as_utf8(serve: Serve, value: str) -> None:
    server = serve(session())
    login(server, username=value, password=value)
    [request] = server.requests
    assert request.header("apiAccessKeyId") == value.encode()
    assert request.header("apiSecretAccessKey") == value.encode()


BASE_URLS = [
    ("http://127.0.0.1:{port}", "", "/v1/connections"),
    ("http://127.0.0.1:{port}/", "", "/v1/connections"),
    ("http://127.0.0.1:{port}///", "", "/v1/connections"),
    ("http://127.0.0.1:{port}/v1", "", "/v1/connections"),
    ("http://127.0.0.1:{port}/v1/", "", "/v1/connections"),
    ("http://127.0.0.1:{port}/v1//", "", "/v1/connections"),
    ("http://127.0.0.1:{port}/rest", "/rest", "/rest/v1/connections"),
    ("http://127.0.0.1:{port}/rest/", "/rest", "/rest/v1/connections"),
    ("http://127.0.0.1:{port}/rest/v1/", "/rest", "/rest/v1/connections"),
    ("http://127.0.0.1:{port}/a/b%20c/v1", "/a/b%20c", "/a/b%20c/v1/connections"),
    ("http://127.0.0.1:{port}/notv1", "/notv1", "/notv1/v1/connections"),
    ("HTTP://127.0.0.1:{port}", "", "/v1/connections"),
    ("hTTp://127.0.0.1:{port}/Rest/", "/Rest", "/Rest/v1/connections"),
]


@pytest.mark.parametrize(("base_url", "prefix", "path"), BASE_URLS)
def test_base_url_is_joined(serve: Serve, base_url: str, prefix: str, path: str) -> None:
    server = serve(session())
    zuora = login(base_url.format(port=server.port))
    [request] = server.requests
    assert request.path.decode() == path
    assert request.header("Host") == b"127.0.0.1:%d" % server.port
    assert zuora.base_url == f"http://127.0.0.1:{server.port}{prefix}"
    assert zuora.url("/v1/catalog/products") == zuora.base_url + "/v1/catalog/products"


def test_host_travels_as_it_was_given(serve: Serve) -> None:
    server = serve(session())
    zuora = login(f"http://LocalHost:{server.port}/")
    assert server.requests[0].header("Host") == b"LocalHost:%d" % server.port
    assert zuora.base_url == f"http://LocalHost:{server.port}"


def test_url_wants_a_path_that_begins_with_a_slash(serve: Serve) -> None:
    zuora = login(serve(session()))
    with pytest.raises(ValueError, match="path"):
        zuora.url("v1/catalog/products")


def test_two_logins_share_one_connection(serve: Serve) -> None:
    server = serve(session("one"), session("two"))
    first, second = login(server), login(server, username="somebody-else", password="another-password")
    assert [len(connection) for connection in server.connections] == [2]
    assert [first["sessionCookie"], second["sessionCookie"]] == ["ZSession=one", "ZSession=two"]


def test_kept_connection_carries_nothing_of_the_login_before(serve: Serve) -> None:
    server = serve(session("one", "Set-Cookie: lb=node7; Path=/"))
    login(server, authorization="Bearer of-the-first", track_id="first", entity_ids=ENTITY, idempotency_key="first")
    login(server, username="somebody-else", password="another-password")
    [[first, second]] = server.connections
    assert {name for name, _ in first.headers} - {name for name, _ in second.headers} == {
        b"Authorization",
        b"Zuora-Track-Id",
        b"Zuora-Entity-Ids",
        b"Idempotency-Key",
    }
    assert second.header("Cookie") is None
    assert second.header("apiSecretAccessKey") == b"another-password"
    assert USER.encode() not in second.raw
    assert PASSWORD.encode() not in second.raw


def test_kept_connections_carry_one_user_a_login_from_any_thread(serve: Serve) -> None:
    def answer(peer: Peer) -> None:
        peer.send(session((peer.requests[-1].header("apiAccessKeyId") or b"").decode(), "Set-Cookie: lb=node7; Path=/"))

    def log_in(number: int) -> None:
        own = f"of-{number:02}"
        zuora = login(server, username=own, password=own, authorization=f"Bearer {own}", track_id=own)
        assert zuora["sessionCookie"] == f"ZSession={own}"

    server = serve(answer)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(log_in, range(80)))
    assert len(server.connections) < len(server.requests) == 80
    for request in server.requests:
        assert request.header("Cookie") is None
        assert len(re.findall(rb"of-\d\d", request.raw)) == 4
        assert len(set(re.findall(rb"of-\d\d", request.raw))) == 1


def test_connection_is_not_reused_against_the_servers_word(serve: Serve) -> None:
    server = serve(session("one", "Connection: close"), session("two"))
    assert [login(server)["sessionCookie"] for _ in range(2)] == ["ZSession=one", "ZSession=two"]
    assert [len(connection) for connection in server.connections] == [1, 1]


def test_kept_connection_that_the_server_closed_costs_a_new_one(serve: Serve) -> None:
    closed = threading.Event()

    def answer_and_close(peer: Peer) -> None:
        peer.send(session("one"))
        peer.close()
        closed.set()
        raise Gone

    server = serve(answer_and_close, session("two"))
    login(server)
    assert closed.wait(5)
    assert login(server)["sessionCookie"] == "ZSession=two"
    assert [len(connection) for connection in server.connections] == [1, 1]


UNASKED = {
    "an answer": session("of-somebody-else"),
    "a late 408": http(408, "Connection: close"),
    "one byte": b"H",
    "an interim answer": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@pytest.mark.parametrize("unasked", UNASKED.values(), ids=UNASKED.keys())
def test_unasked_bytes_beside_an_answer_are_nobodys_session(serve: Serve, unasked: bytes) -> None:
    server = serve(session("one") + unasked, session("two"), session("three"))
    cookies = [login(server)["sessionCookie"] for _ in range(3)]
    assert cookies == ["ZSession=one", "ZSession=two", "ZSession=three"]


@pytest.mark.parametrize("unasked", UNASKED.values(), ids=UNASKED.keys())
def test_connection_with_something_unread_is_never_used_again(serve: Serve, unasked: bytes) -> None:
    answered, gone_on = threading.Event(), threading.Event()

    def answer_and_go_on(peer: Peer) -> None:
        peer.send(session("one"))
        assert answered.wait(5)
        peer.send(unasked)
        gone_on.set()

    server = serve(answer_and_go_on, session("two"), session("three"))
    first = login(server)
    answered.set()
    assert gone_on.wait(5)
    cookies = [zuora["sessionCookie"] for zuora in (first, login(server), login(server))]
    assert cookies == ["ZSession=one", "ZSession=two", "ZSession=three"]
    assert [len(connection) for connection in server.connections] == [1, 2]


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_redirect_never_carries_the_password(serve: Serve, status: int, host: str) -> None:
    elsewhere = serve(session())
    server = serve(http(status, f"Location: http://{host}:{elsewhere.port}/v1/connections"))
    with pytest.raises(errors.BadAnswer) as raised:
        login(server, retries=2)
    assert host in str(raised.value)
    assert raised.value.status == status
    assert len(server.requests) == 1
    assert elsewhere.connections == []


@pytest.mark.parametrize("header", ["Location: {url}", "Refresh: 0; url={url}", 'Alt-Svc: http/1.1="{host}"; ma=3600'])
def test_nothing_else_sends_the_login_elsewhere(serve: Serve, header: str) -> None:
    elsewhere = serve(session("elsewhere"))
    line = header.format(url=elsewhere.url, host=f"127.0.0.1:{elsewhere.port}")
    server = serve(session("here", line))
    assert [login(server)["sessionCookie"] for _ in range(2)] == ["ZSession=here"] * 2
    assert elsewhere.connections == []


@pytest.mark.parametrize("scheme", ['Basic realm="x"', 'Digest realm="x", nonce="y"', "NTLM", "Negotiate"])
def test_refused_login_is_one_request_whatever_is_offered(serve: Serve, scheme: str) -> None:
    server = serve(http(401, f"WWW-Authenticate: {scheme}", body=b'{"success":false,"reasons":[]}'))
    assert login(server, retries=2)["status"] == 401
    assert len(server.requests) == 1
