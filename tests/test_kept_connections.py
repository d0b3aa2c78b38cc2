"""A connection is used again only where the next answer on it can be trusted to be the next login's."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from client import login, run_python
from proxies import tunnel_to
from servers import LOOPBACK, Peer, Server, chunked, http, session, then_close, tls_context
from stalls import Stage

Serve = Callable[..., Server]

UNASKED = session("of-somebody-else")
DONE = b'{"success":true}'


def own_session(peer: Peer, *lines: str | bytes) -> bytes:
    """An answer whose session bears the name of the user who asks."""
    user = peer.requests[-1].header("apiAccessKeyId")
    assert user is not None
    return session(user.decode(), *lines)


def in_one(peer: Peer) -> list[bytes]:
    return [own_session(peer) + UNASKED]


def body_with_more(peer: Peer) -> list[bytes]:
    head, end, body = own_session(peer).partition(b"\r\n\r\n")
    return [head + end, body + UNASKED]


def body_with_a_piece(peer: Peer) -> list[bytes]:
    head, end, body = own_session(peer).partition(b"\r\n\r\n")
    return [head + end, body + UNASKED[:20], UNASKED[20:]]


def chunked_session(peer: Peer, *lines: str | bytes) -> bytes:
    head = own_session(peer, *lines).partition(b"Content-Length")[0]
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(DONE)


def chunks_with_more(peer: Peer) -> list[bytes]:
    head, end, chunks = chunked_session(peer).partition(b"\r\n\r\n")
    return [head + end, chunks + UNASKED]


def filling(size: int, answer: Callable[..., bytes]) -> Callable[[Peer], list[bytes]]:
    def records(peer: Peer) -> list[bytes]:
        missing = size - len(answer(peer, "X-Pad: "))
        return [answer(peer, "X-Pad: " + "x" * missing) + UNASKED]

    return records


RECORDS = {
    "one record": in_one,
    "body and more in the second record": body_with_more,
    "body and a piece of more": body_with_a_piece,
    "4096 bytes and more": filling(4096, own_session),
    "16384 bytes and more": filling(16384, own_session),
    "4096 bytes in chunks and more": filling(4096, chunked_session),
    "chunks and more in the second record": chunks_with_more,
}


@pytest.mark.parametrize("records", RECORDS.values(), ids=RECORDS.keys())
def test_unasked_session_behind_an_answer_over_tls_is_nobodys(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, records: Callable[[Peer], list[bytes]]
) -> None:
    all_sent = threading.Event()

    def answer_and_go_on(peer: Peer) -> None:
        for record in records(peer):
            peer.send(record)
        all_sent.set()

    server = serve(answer_and_go_on, lambda peer: peer.send(own_session(peer)), tls=tls)
    users = ["one", "two", "three"]
    for user in users:
        assert login(server, ca_file=ca_file, username=user)["sessionCookie"] == f"ZSession={user}"
        assert all_sent.wait(5)
    assert len(server.requests) == 3


ROUNDS = 3
FOLDED = http(200, " X: 1", "Set-Cookie: ZSession=folded", body=DONE)
OUTCOMES = """
from client import login
for _ in range(int(sys.argv[2])):
    try:
        print(login(sys.argv[1], ca_file=sys.argv[3] if sys.argv[3:] else None)["sessionCookie"])
    except Exception as error:
        print(type(error).__name__)
"""


@pytest.mark.parametrize("over_tls", [False, True], ids=["plain", "tls"])
def test_answer_that_begins_with_a_folded_line_is_a_bad_answer(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, over_tls: bool
) -> None:
    script = [session("good"), FOLDED] * ROUNDS + [session("last")]
    server = serve(*script, tls=tls if over_tls else None)
    files = [str(ca_file)] if over_tls else []
    child = run_python(OUTCOMES, server.url, str(len(script)), *files)  # one that follows a stale pointer may crash
    assert child.returncode == 0, child.stderr
    assert child.stdout.split() == ["ZSession=good", "BadAnswer"] * ROUNDS + ["ZSession=last"]
    assert len(server.requests) == len(script)


def test_long_header_line_may_have_a_blank_anywhere(serve: Serve) -> None:
    line = "X-Long: " + "a b  " * 8000  # longer than the pieces in which libcurl hands it over
    server = serve(http(200, line, "Set-Cookie: ZSession=one", body=DONE), session("two"))
    assert login(server)["sessionCookie"] == "ZSession=one"
    assert login(server)["sessionCookie"] == "ZSession=two"


@pytest.mark.parametrize(
    ("status", "requests"), [(200, [2]), (201, [2]), (400, [1, 1]), (401, [1, 1]), (408, [1, 1]), (500, [1, 1])]
)
def test_connection_is_used_again_only_after_a_2xx(serve: Serve, status: int, requests: list[int]) -> None:
    server = serve(http(status, body=b'{"success":false,"reasons":[]}'), session("two"))
    assert login(server)["status"] == status
    assert login(server)["sessionCookie"] == "ZSession=two"
    assert [len(connection) for connection in server.connections] == requests


def test_kept_tunnel_that_dies_under_a_request_costs_a_new_one(serve: Serve, ca: trustme.CA, ca_file: Path) -> None:
    server = serve(
        session("one"), then_close(b""), session("two"), session("three"), tls=tls_context(ca, "zuora.test", LOOPBACK)
    )
    proxy = serve(tunnel_to(server.port))
    cookies = [login("https://zuora.test", proxy=proxy.url, ca_file=ca_file)["sessionCookie"] for _ in range(3)]
    assert cookies == ["ZSession=one", "ZSession=two", "ZSession=three"]
    assert len(server.connections[0]) == 2
    assert len(server.requests) == 4


class Meanwhile:
    """Answers a login, and does something on the same connection while nobody asks."""

    def __init__(self, act: Callable[[Peer], None]) -> None:
        self.act = act
        self.go = threading.Event()
        self.done = threading.Event()

    def __call__(self, peer: Peer) -> None:
        answer_own(peer)
        self.go.wait(5)
        self.act(peer)
        self.done.set()

    def happen(self) -> None:
        self.go.set()
        assert self.done.wait(5)
        time.sleep(0.05)  # until it has arrived, through a tunnel too


def answer_own(peer: Peer) -> None:
    peer.send(own_session(peer))


def say_goodbye(peer: Peer) -> None:
    """TLS's close_notify; the connection stays open."""
    peer.sock.settimeout(0.05)
    with contextlib.suppress(OSError):
        assert isinstance(peer.sock, ssl.SSLSocket)
        peer.sock.unwrap()
    peer.sock.settimeout(None)


def say_goodbye_and_end(peer: Peer) -> None:
    say_goodbye(peer)
    peer.end()


def unasked(data: bytes) -> Callable[[Peer], None]:
    return lambda peer: peer.send(data)


WAYS = ["plain", "tls", "tunnel"]
ENDS = {
    **{f"end, {way}": (way, Peer.end) for way in WAYS},
    **{f"reset, {way}": (way, Peer.reset) for way in WAYS},
    "goodbye, tls": ("tls", say_goodbye),
    "goodbye and end, tls": ("tls", say_goodbye_and_end),
    "goodbye and end, tunnel": ("tunnel", say_goodbye_and_end),
}
UNREAD = {
    f"{name}, {way}": (way, unasked(data))
    for name, data in {"session": UNASKED, "late 408": http(408, "Connection: close"), "one byte": b"H"}.items()
    for way in WAYS
}


def logins_around(stage: Stage, way: str, act: Callable[[Peer], None]) -> list[int]:
    """How many requests the first connection and all took: one login, then `act` at the server, then three of others.

    How many connections these three make is left open: libcurl 8 may still be saying goodbye on the first.
    """
    meanwhile = Meanwhile(act)
    server = stage.serve(meanwhile, answer_own, tls=None if way == "plain" else stage.tls)
    url, options = stage.tunnel(server, "http") if way == "tunnel" else (server.url, {"ca_file": stage.ca_file})
    for user in ["one", "two", "three", "four"]:
        assert login(url, username=user, **options)["sessionCookie"] == f"ZSession={user}"
        if user == "one":
            meanwhile.happen()
    return [len(server.connections[0]), len(server.requests)]


@pytest.mark.parametrize(("way", "end"), ENDS.values(), ids=ENDS.keys())
def test_kept_connection_that_ended_meanwhile_costs_a_new_one(
    stage: Stage, way: str, end: Callable[[Peer], None]
) -> None:
    assert logins_around(stage, way, end) == [1, 4]


@pytest.mark.parametrize(("way", "act"), UNREAD.values(), ids=UNREAD.keys())
def test_kept_connection_on_which_anything_waits_is_never_used_again(
    stage: Stage, way: str, act: Callable[[Peer], None]
) -> None:
    assert logins_around(stage, way, act) == [1, 4]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name)
def test_server_that_says_close_and_lingers_costs_no_cold_start(
    serve: Serve, ca: trustme.CA, ca_file: Path, version: ssl.TLSVersion
) -> None:
    resumed: list[bool | None] = []
    over = threading.Event()

    def answer(peer: Peer) -> None:
        assert isinstance(peer.sock, ssl.SSLSocket)
        resumed.append(peer.sock.session_reused)
        peer.read_request()
        peer.send(own_session(peer, "Connection: close"))
        over.wait(10)

    context = tls_context(ca)
    context.maximum_version = version
    server = serve(serve=answer, tls=context)
    for _ in range(3):
        login(server, ca_file=ca_file)
    over.set()
    assert resumed == [False, True, True]
