"""Every place in which a login can be stuck: what stands there, how it is called, and which phase that is."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from proxies import socks5_to, tunnel_to
from servers import LOOPBACK, Action, BlackHole, Peer, Server, http, session, then_silence

Call = tuple[str, dict[str, Any]]  # base_url and further options of connect(), fit for JSON
TARGET = f"https://{LOOPBACK}"  # behind a proxy, which decides where it leads
TUNNEL = b"HTTP/1.1 200 Connection established\r\n"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\n"
LONG = dict.fromkeys(["username", "password", "entity_ids", "authorization"], "x" * 60_000)  # does not go out at once
CHUNKED = http(200, "Transfer-Encoding: chunked", framed=True)


@dataclass(frozen=True)
class Stage:
    """What a stall is built of; all of it is gone when the test ends."""

    serve: Callable[..., Server]
    tls: ssl.SSLContext
    ca_file: Path
    monkeypatch: pytest.MonkeyPatch
    stack: contextlib.ExitStack

    def direct(self, action: Action, over_tls: bool = False) -> Call:
        return self.serve(action, tls=self.tls if over_tls else None).url, {"ca_file": str(self.ca_file)}

    def long(self, action: Action) -> Call:
        url, options = self.direct(action, over_tls=True)
        return url, options | LONG

    def handshake(self, serve: Callable[[Peer], None] = Peer.stay_silent) -> Server:
        server = self.serve(serve=serve)
        server.url = f"https://{LOOPBACK}:{server.port}"
        return server

    def hole(self) -> BlackHole:
        return self.stack.enter_context(BlackHole())

    def behind(self, proxy: str) -> Call:
        return TARGET, {"proxy": proxy, "ca_file": str(self.ca_file)}

    def proxy(self, action: Action, over_tls: bool = False) -> Call:
        return self.behind(self.serve(action, tls=self.tls if over_tls else None).url)

    def socks(self, *answers: bytes, user: str = "") -> Call:
        """One that answers so often and no more."""

        def serve(peer: Peer) -> None:
            for answer in answers:
                peer.read_until(len)
                peer.send(answer)
            peer.stay_silent()

        return self.behind(f"socks5h://{user}{LOOPBACK}:{self.serve(serve=serve).port}")

    def tunnel(self, target: Server, scheme: str) -> Call:
        if scheme == "socks5h":
            return self.behind(f"socks5h://{LOOPBACK}:{self.serve(serve=socks5_to(target.port, [], [])).port}")
        return self.proxy(tunnel_to(target.port), over_tls=scheme == "https")

    def passed_by(self) -> Call:
        """An https proxy that no_proxy excepts the host from. A loopback host would pass by it in any case."""
        self.monkeypatch.setenv("https_proxy", self.handshake().url)
        self.monkeypatch.setenv("no_proxy", "0.0.0.0")
        return f"https://0.0.0.0:{self.handshake().port}", {}

    def narrow(self) -> Call:
        """A server that takes in a few KiB and no more, for a request of far more."""
        server = self.serve(serve=lambda peer: time.sleep(1))
        server.narrow()
        return server.url, LONG


def for_ever(head: bytes, piece: bytes, gap: float = 0.02) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        peer.send(head)
        while True:
            peer.send(piece)
            time.sleep(gap)

    return act


Stalls = dict[str, Callable[[Stage], Call]]

LOOKED_UP: Stalls = {  # with hanging_names.c in front of the C library
    "name look-up": lambda stage: ("https://name.hangs", {}),
    "look-up of the proxy's name": lambda stage: stage.behind("http://name.hangs:3128"),
}
CONNECTING: Stalls = {
    "black hole": lambda stage: (stage.hole().url, {}),
    "black hole for an http proxy": lambda stage: stage.behind(f"http://{LOOPBACK}:{stage.hole().port}"),
    "black hole for an https proxy": lambda stage: stage.behind(stage.hole().url),
    "black hole for a SOCKS proxy": lambda stage: stage.behind(f"socks5h://{LOOPBACK}:{stage.hole().port}"),
}
AT_THE_PROXY: Stalls = {
    "http proxy, silent": lambda stage: stage.proxy(then_silence(b"")),
    "http proxy, half a status line": lambda stage: stage.proxy(then_silence(b"HTTP/1.1 2")),
    "http proxy, endless headers after its 200": lambda stage: stage.proxy(for_ever(TUNNEL, b"A: b\r\n")),
    "https proxy, silent in its handshake": lambda stage: stage.behind(stage.handshake().url),
    "https proxy, silent": lambda stage: stage.proxy(then_silence(b""), over_tls=True),
    "https proxy, endless headers after its 200": lambda stage: stage.proxy(
        for_ever(TUNNEL, b"A: b\r\n"), over_tls=True
    ),
    "SOCKS proxy, silent": lambda stage: stage.socks(),
    "SOCKS proxy, half a greeting": lambda stage: stage.socks(b"\5"),
    "SOCKS proxy, silent about the password": lambda stage: stage.socks(b"\5\2", user="user:secret@"),
    "SOCKS proxy, silent about the host": lambda stage: stage.socks(b"\5\0"),
    "SOCKS proxy, half an answer about the host": lambda stage: stage.socks(b"\5\0", b"\5\0\0"),
}
IN_THE_HANDSHAKE: Stalls = {
    "silent": lambda stage: (stage.handshake().url, {}),
    "a byte at a time": lambda stage: (stage.handshake(for_ever(b"\x16\3\3\x40\0", b"\2")).url, {}),
    "behind an http proxy": lambda stage: stage.tunnel(stage.handshake(), "http"),
    "behind an https proxy": lambda stage: stage.tunnel(stage.handshake(), "https"),
    "behind a SOCKS proxy": lambda stage: stage.tunnel(stage.handshake(), "socks5h"),
    "past an https proxy": Stage.passed_by,
}
SENDING: Stalls = {"nobody reads": Stage.narrow}
WAITING: Stalls = {
    "silent": lambda stage: stage.direct(then_silence(b"")),
    "silent over TLS": lambda stage: stage.direct(then_silence(b""), over_tls=True),
    "silent over TLS after a long request": lambda stage: stage.long(then_silence(b"")),
    "silent in a tunnel": lambda stage: stage.tunnel(stage.serve(then_silence(b""), tls=stage.tls), "http"),
}
READING: Stalls = {
    "one byte": lambda stage: stage.direct(then_silence(b"H")),
    "half the headers": lambda stage: stage.direct(then_silence(b"HTTP/1.1 200 OK\r\nX-Half")),
    "no body": lambda stage: stage.direct(then_silence(session()[:-18])),
    "all but the last byte": lambda stage: stage.direct(then_silence(session()[:-1])),
    "all but the last byte over TLS": lambda stage: stage.direct(then_silence(session()[:-1]), over_tls=True),
    "no last chunk": lambda stage: stage.direct(then_silence(CHUNKED + b"2\r\n{}\r\n")),
    "endless 1xx": lambda stage: stage.direct(for_ever(b"", INTERIM)),
    "endless headers": lambda stage: stage.direct(for_ever(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n")),
    "endless headers over TLS": lambda stage: stage.direct(
        for_ever(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"), over_tls=True
    ),
    "endless body": lambda stage: stage.direct(for_ever(http(200, framed=True), b" ")),
    "endless chunks": lambda stage: stage.direct(for_ever(CHUNKED, b"1\r\n \r\n")),
    "endless trailers": lambda stage: stage.direct(for_ever(CHUNKED + b"0\r\n", b"A: b\r\n")),
}
BY_PHASE: dict[str, Stalls] = {
    "connect": CONNECTING,
    "proxy": AT_THE_PROXY,
    "tls": IN_THE_HANDSHAKE,
    "send": SENDING,
    "wait": WAITING,
    "read": READING,
}
# One for each phase, for a call that is to be stopped; hanging_names.c must be there.
TO_BE_STOPPED: Stalls = {
    "resolve": LOOKED_UP["name look-up"],
    "connect": CONNECTING["black hole"],
    "proxy": AT_THE_PROXY["http proxy, silent"],
    "https proxy": AT_THE_PROXY["https proxy, silent in its handshake"],
    "SOCKS proxy": AT_THE_PROXY["SOCKS proxy, silent"],
    "tls": IN_THE_HANDSHAKE["silent"],
    "send": SENDING["nobody reads"],
    "wait": WAITING["silent"],
    "read": READING["endless headers over TLS"],
    "backoff": lambda stage: (stage.serve(http(503, "Retry-After: 8")).url, {"retries": 2}),
}
