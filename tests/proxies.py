"""What the three kinds of proxy do, as scripts for `servers.Server`: every tunnel leads to one port of 127.0.0.1."""

from __future__ import annotations

import select
import socket
import ssl
from collections.abc import Callable

from servers import LOOPBACK, Gone, Peer


def relay(one: socket.socket, other: socket.socket) -> None:
    """Carries bytes both ways until either end is closed."""
    ends = {one: other, other: one}
    while True:
        pending = [end for end in ends if isinstance(end, ssl.SSLSocket) and end.pending()]
        for end in pending or select.select(list(ends), [], [])[0]:
            piece = end.recv(65536)
            if not piece:
                return
            ends[end].sendall(piece)


def tunnel_to(port: int) -> Callable[[Peer], None]:
    """What an http proxy does with CONNECT: a tunnel, here always to this port of 127.0.0.1."""

    def act(peer: Peer) -> None:
        with socket.create_connection((LOOPBACK, port)) as target:
            peer.send(b"HTTP/1.1 200 Connection established\r\nSet-Cookie: ZSession=from-the-proxy\r\n\r\n")
            relay(peer.sock, target)
        peer.close()
        raise Gone

    return act


def socks5_to(port: int, names: list[tuple[str, int]], users: list[bytes]) -> Callable[[Peer], None]:
    """A SOCKS5 proxy's whole conversation (RFC 1928, 1929); it notes which host it was asked for and by which user."""

    def serve(peer: Peer) -> None:
        methods = peer.read(peer.read(2)[1])
        if b"\x02" in methods:
            peer.send(b"\x05\x02")
            user = peer.read(peer.read(2)[1])
            password = peer.read(peer.read(1)[0])
            users.append(user + b":" + password)
            peer.send(b"\x01\x00")
        else:
            peer.send(b"\x05\x00")
        kind = peer.read(4)[3]
        host = peer.read(peer.read(1)[0]).decode() if kind == 3 else socket.inet_ntoa(peer.read(4))
        names.append((host, int.from_bytes(peer.read(2), "big")))
        with socket.create_connection((LOOPBACK, port)) as target:
            peer.send(b"\x05\x00\x00\x01\x7f\x00\x00\x01" + port.to_bytes(2, "big"))
            relay(peer.sock, target)

    return serve
