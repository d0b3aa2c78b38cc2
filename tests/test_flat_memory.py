"""Memory stays flat while a server sends without end, at any place of an answer; the client measures its peak."""

from __future__ import annotations

import gzip
import json
import os
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client import run_python
from servers import Action, Peer, Server, http, session

Serve = Callable[..., Server]

MIB = 1024 * 1024
FLAT = 24 * MIB  # half of it is what AddressSanitizer needs; without a cap it would be hundreds
ANSWERED = http(200, "Set-Cookie: ZSession=value", framed=True)[:-2]
CHUNKED = ANSWERED + b"Transfer-Encoding: chunked\r\n\r\n"

# Logs in once, so that all is loaded, then as often as told; prints what came of each and the rise of the peak so far.
CLIENT = """
import json, re, time
from client import login
from zuora_connect import errors

def peak():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\\s*(\\d+) kB", status.read())[1]) * 1024

def log_in(**options):
    try:
        return str(login(sys.argv[1], **options)["success"])
    except errors.ZuoraError as error:
        return type(error).__name__

always, then = json.loads(sys.argv[3]), json.loads(sys.argv[4])
assert log_in(**always) == "True"
with open("/proc/self/clear_refs", "w") as reset:
    reset.write("5")  # the peak is what is in use now
before = peak()
for _ in range(int(sys.argv[2])):
    time.sleep(float(sys.argv[5]))
    print(log_in(timeout=1, **always, **then), peak() - before)
"""


@pytest.fixture(autouse=True)
def freed_memory_is_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under AddressSanitizer too, which else keeps 256 MiB of it aside."""
    monkeypatch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1")


class Endless:
    """An action that sends its start, then the same piece again and again; counts what the client took."""

    def __init__(self, start: bytes, piece: bytes) -> None:
        self.start = start
        self.piece = piece * (65536 // len(piece) + 1)
        self.n_sent = 0

    def __call__(self, peer: Peer) -> None:
        peer.send(self.start)
        while True:
            peer.send(self.piece)
            self.n_sent += len(self.piece)


def raised_peaks(
    serve: Serve, *actions: Action, by_proxy: bool = False, pause: float = 0, **tls: Any
) -> list[tuple[str, int]]:
    """One login after the other: what came of each, and how many bytes the client's peak had risen by then."""
    server = serve(session(), *actions, tls=tls.get("tls"))
    always = {"ca_file": str(tls["ca_file"])} if tls else {}
    then = {"base_url": "https://rest.example.com", "proxy": server.url} if by_proxy else {}
    options = [json.dumps(always), json.dumps(then), str(pause)]
    child = run_python(CLIENT, server.url, str(len(actions)), *options, timeout=60)
    assert child.returncode == 0, child.stderr
    lines = [line.split() for line in child.stdout.splitlines()]
    assert len(lines) == len(actions)
    return [(outcome, int(grown)) for outcome, grown in lines]


REFUSED = {
    "status line": (b"HTTP/1.1 200 ", b"x"),
    "no line at all": (b"", b"x"),
    "empty lines": (b"", b"\r\n"),
    "status lines": (b"", b"HTTP/1.1 200 OK\r\n"),
    "interim answers": (b"", http(103, "Link: </x>", framed=True)),
    "headers": (ANSWERED, b"X-More: and more\r\n"),
    "cookies": (ANSWERED, b"Set-Cookie: ZSession=more\r\n"),
    "one header": (ANSWERED + b"X-Long: ", b"x"),
    "one header's name": (ANSWERED, b"x"),
    "one folded header": (ANSWERED + b"X-Long: ", b"x\r\n "),
    "body": (ANSWERED + b"\r\n", b" "),
    "body of a refusal": (http(401, framed=True), b" "),
    "body with a length": (ANSWERED + b"Content-Length: 999999999999\r\n\r\n", b" "),
    "body with an overflowing length": (ANSWERED + b"Content-Length: 99999999999999999999\r\n\r\n", b" "),
    "redirect": (http(302, "Location: /", framed=True), b" "),
    "small chunks": (CHUNKED, b"1\r\n \r\n"),
    "large chunks": (CHUNKED, b"10000\r\n%s\r\n" % (b" " * 65536)),
    "one chunk": (CHUNKED + b"7fffffffffffffff\r\n", b" "),
    "one chunk's size": (CHUNKED, b"0"),
    "trailers": (CHUNKED + b"0\r\n", b"X-More: and more\r\n"),
    "one trailer": (CHUNKED + b"0\r\nX-Long: ", b"x"),
    "encoded body": (ANSWERED + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(bytes(MIB))),
}


def test_memory_stays_flat_while_a_server_sends_without_end(serve: Serve) -> None:
    peaks = raised_peaks(serve, *[Endless(*endless) for endless in REFUSED.values()])
    for name, (outcome, grown) in zip(REFUSED, peaks, strict=True):
        assert (name, outcome) == (name, "BadAnswer")
        assert grown < FLAT, name


# What libcurl reads and drops by itself: only the deadline ends it.
DROPPED = {
    "a chunk's extension": (CHUNKED + b"1;", b"x"),
    "extensions of many chunks": (CHUNKED, b"1;%s\r\n \r\n" % (b"x" * 60000)),
}


def test_memory_stays_flat_up_to_the_deadline(serve: Serve) -> None:
    endless = [Endless(*endless) for endless in DROPPED.values()]
    for action, (outcome, grown) in zip(endless, raised_peaks(serve, *endless), strict=True):
        assert outcome == "Timeout"
        assert action.n_sent > 16 * MIB
        assert grown < FLAT


def test_what_follows_an_answer_without_end_is_never_read(serve: Serve) -> None:
    """It comes with the answer, so that libcurl ends the connection, or behind it: which of them is luck. Before the
    next login it has time to arrive: else that one would take it for its answer.
    """
    endless = [Endless(session(), b"x") for _ in range(20)]
    for action, (outcome, grown) in zip(endless, raised_peaks(serve, *endless, pause=0.1), strict=True):
        assert outcome == "True"
        assert action.n_sent < 16 * MIB  # no more than the sockets hold
        assert grown < FLAT


def test_memory_stays_flat_over_tls(serve: Serve, tls: ssl.SSLContext, ca_file: Path) -> None:
    [(outcome, grown)] = raised_peaks(serve, Endless(ANSWERED + b"\r\n", b" "), tls=tls, ca_file=ca_file)
    assert outcome == "BadAnswer"
    assert grown < FLAT


AT_A_PROXY = {
    "headers": (ANSWERED, b"X-More: and more\r\n"),
    "one header": (ANSWERED + b"X-Long: ", b"x"),
    "interim answers": (b"", http(103, "Link: </x>", framed=True)),
    "body of a refusal": (http(407, 'Proxy-Authenticate: Basic realm="x"', framed=True), b" "),
    "body of a refusal in chunks": (http(407, "Transfer-Encoding: chunked", framed=True), b"1\r\n \r\n"),
    "tunnel": (http(200, framed=True), b" "),
    "no line at all": (b"", b"x"),
}


def test_memory_stays_flat_while_a_proxy_sends_without_end(serve: Serve) -> None:
    peaks = raised_peaks(serve, *[Endless(*endless) for endless in AT_A_PROXY.values()], by_proxy=True)
    for name, (outcome, grown) in zip(AT_A_PROXY, peaks, strict=True):
        assert outcome in ("BadAnswer", "ConnectError", "TLSError"), name
        assert grown < FLAT, name


def of_one_mib(start: str, item: str, end: str) -> bytes:
    return (start + item * ((MIB - len(start) - len(end)) // len(item)) + end).encode()


def distinct_keys() -> bytes:
    return json.dumps({"success": True} | {f"{n:x}": 0 for n in range(90_000)}).encode()


COSTLY = {
    "half a million numbers": of_one_mib('{"success":true,"n":[0', ",0", "]}"),
    "as many empty objects": of_one_mib('{"success":true,"n":[0', ",{}", "]}"),
    "as many reasons": of_one_mib('{"success":false,"reasons":[{}', ",{}", "]}"),
    "many keys": distinct_keys(),
    "one text": of_one_mib('{"success":true,"processId":"', "x", '"}'),
    "one text of escapes": of_one_mib('{"success":true,"processId":"', "\\u0001", '"}'),
}


def test_no_body_within_the_cap_costs_more_than_a_hundredfold(serve: Serve) -> None:
    peaks = raised_peaks(serve, *[session("value", body=body) for body in COSTLY.values()])
    for (name, body), (outcome, grown) in zip(COSTLY.items(), peaks, strict=True):
        assert len(body) <= MIB
        assert outcome in ("True", "False"), name
        assert grown < 100 * MIB, name
