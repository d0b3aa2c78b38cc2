"""Through a proxy to the server: CONNECT of http and https proxies (RFC 9110), SOCKS5 by name (RFC 1928, 1929).

Of what a proxy says only numbers are used; its words are not shown.
"""

from __future__ import annotations

import re
from http import HTTPStatus

from zuora_connect._doctor.findings import StepFailed
from zuora_connect._doctor.proxies import Proxy
from zuora_connect._doctor.streams import Stream

MOST_HEADERS = 1 << 18

_CHECK = "Check that {source} names the right host, port and kind of proxy (http, https, socks5h)."
_SOCKS_FAULTS = {
    1: "failed in general",
    2: "forbids it by its rules",
    3: "has no way to the network",
    4: "has no way to the host, or cannot find its name",
    5: "was refused there",
    6: "got no answer in time",
    7: "does not do that",
    8: "does not take names",
}


def pass_through(stream: Stream, proxy: Proxy, host: str, port: int) -> str:
    """Leaves the stream at the server. Returns what the proxy said, in our words. Raises StepFailed or OSError."""
    return connect(stream, proxy, host, port) if proxy.kind != "socks5h" else socks(stream, proxy, host, port)


def connect(stream: Stream, proxy: Proxy, host: str, port: int) -> str:
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.user or proxy.password:
        lines.append(f"Proxy-Authorization: Basic {proxy.basic}")
    stream.send("\r\n".join([*lines, "", ""]).encode())
    status = read_status(stream, proxy)
    if 200 <= status <= 299:
        return f"CONNECT was answered with HTTP {status}"
    details = {"status": status}
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        gave = "refuses this user name and password" if proxy.user else "wants a user name and a password"
        raise StepFailed(
            f"the proxy {gave} (HTTP 407)",
            f"Put the right ones into {proxy.source} as http://user:password@host:port, percent-encoded.",
            details=details,
        )
    raise StepFailed(
        f"the proxy refuses to go to {target} (HTTP {status})",
        f"Ask whoever runs the proxy to allow {target}, or take another one by {proxy.source}.",
        details=details,
    )


def read_status(stream: Stream, proxy: Proxy) -> int:
    """The status of the final answer to CONNECT, all of whose headers are read."""
    unread = b""
    while True:
        while b"\r\n\r\n" not in unread:
            piece = stream.receive()
            unread += piece
            if not piece or len(unread) > MOST_HEADERS:
                break
        found = re.match(rb"HTTP/1\.[01] ([1-9][0-9]{2})[ \r]", unread)
        _, end, unread = unread.partition(b"\r\n\r\n")
        if not found or not end:
            raise not_this_kind(proxy)
        if not 100 <= int(found[1]) <= 199:
            return int(found[1])


def socks(stream: Stream, proxy: Proxy, host: str, port: int) -> str:
    reader = Exactly(stream, proxy)
    has_user = bool(proxy.user or proxy.password)
    stream.send(b"\x05\x02\x00\x02" if has_user else b"\x05\x01\x00")
    version, method = reader.read(2)
    if version != 5:
        raise not_this_kind(proxy)
    if method == 2 and has_user:
        user, password = proxy.user[:255], proxy.password[:255]
        stream.send(bytes([1, len(user)]) + user + bytes([len(password)]) + password)
        if reader.read(2)[1] != 0:
            raise bad_user("refuses this user name and password", proxy)
    elif method != 0:
        raise bad_user("wants a user name and a password", proxy)
    name = host.encode()[:255]
    stream.send(b"\x05\x01\x00\x03" + bytes([len(name)]) + name + port.to_bytes(2, "big"))
    _, reply, _, kind = reader.read(4)
    if reply != 0:
        raise StepFailed(
            f"the proxy {_SOCKS_FAULTS.get(reply, 'refuses')} (SOCKS reply {reply}) for {host}:{port}",
            f"Ask whoever runs the proxy to allow {host}:{port}, or take another one by {proxy.source}.",
            details={"reply": reply},
        )
    reader.read({1: 4, 4: 16}.get(kind) or reader.read(1)[0])
    reader.read(2)
    return "the proxy connected"


def bad_user(what: str, proxy: Proxy) -> StepFailed:
    return StepFailed(
        f"the proxy {what}",
        f"Put the right ones into {proxy.source} as socks5h://user:password@host:port, percent-encoded.",
    )


def not_this_kind(proxy: Proxy) -> StepFailed:
    return StepFailed(f"what answers at {proxy.address} is no such proxy", _CHECK.format(source=proxy.source))


class Exactly:
    """Reads as many bytes as are asked for."""

    def __init__(self, stream: Stream, proxy: Proxy) -> None:
        self._stream = stream
        self._proxy = proxy
        self._unread = b""

    def read(self, size: int) -> bytes:
        while len(self._unread) < size:
            piece = self._stream.receive()
            if not piece:
                raise not_this_kind(self._proxy)
            self._unread += piece
        taken, self._unread = self._unread[:size], self._unread[size:]
        return taken
