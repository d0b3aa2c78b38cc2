"""Scripted servers on loopback: they record the exact bytes of every request and send exactly the bytes they are told.

A script has one action per request, over all connections of the server; the last one is repeated. An action is either
the bytes of an answer or a function of the peer. Nothing here knows HTTP beyond the framing of a request.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import trustme

LOOPBACK = "127.0.0.1"
COOKIE = "-4nzLtLb7Jq" + "k9_Yc-" * 40 + "%3D"


class Gone(Exception):
    """The client closed its connection."""


@dataclass(frozen=True)
class Request:
    """One request, as it arrived."""

    raw: bytes

    @property
    def line(self) -> bytes:
        return self.raw.split(b"\r\n", 1)[0]

    @property
    def path(self) -> bytes:
        return self.line.split(b" ")[1]

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        head = self.raw.split(b"\r\n\r\n", 1)[0]
        return [(name, value) for name, _, value in (line.partition(b": ") for line in head.split(b"\r\n")[1:])]

    @property
    def body(self) -> bytes:
        return self.raw.split(b"\r\n\r\n", 1)[1]

    def header(self, name: str) -> bytes | None:
        values = [value for sent, value in self.headers if sent.lower() == name.lower().encode()]
        assert len(values) <= 1, f"{name} was sent {len(values)} times"
        return values[0] if values else None


class Peer:
    """The server's end of one connection, with the requests that it has read so far."""

    def __init__(self, sock: socket.socket, requests: list[Request]) -> None:
        self.sock = sock
        self.requests = requests
        self.unread = b""

    def read_until(self, enough: Callable[[bytes], int]) -> bytes:
        """Takes as many bytes off the connection as `enough` says; it returns 0 for "more, please"."""
        while not (size := enough(self.unread)):
            try:
                piece = self.sock.recv(65536)
            except OSError as error:
                raise Gone from error
            if not piece:
                raise Gone
            self.unread += piece
        taken, self.unread = self.unread[:size], self.unread[size:]
        return taken

    def read(self, size: int) -> bytes:
        return self.read_until(lambda unread: size if len(unread) >= size else 0)

    def read_request(self) -> Request:
        request = Request(self.read_until(request_size))
        self.requests.append(request)
        return request

    def send(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except OSError as error:
            raise Gone from error

    def end(self) -> None:
        """Ends the connection with a plain FIN, and without TLS's own goodbye; safe from any thread."""
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.end()
        self.sock.close()

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def stay_silent(self) -> None:
        """Says nothing until the client gives up."""
        self.read_until(lambda unread: 0)


Action = bytes | Callable[[Peer], None]


def request_size(unread: bytes) -> int:
    head_size = unread.find(b"\r\n\r\n") + 4
    if head_size < 4:
        return 0
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", unread[:head_size])
    size = head_size + (int(length[1]) if length else 0)
    return size if len(unread) >= size else 0


class Server:
    """Listens on a free port of 127.0.0.1 and answers by its script, each connection in a thread of its own."""

    def __init__(
        self,
        *script: Action,
        tls: ssl.SSLContext | None = None,
        serve: Callable[[Peer], None] | None = None,
    ) -> None:
        self.connections: list[list[Request]] = []
        self._script = script
        self._tls = tls
        self._serve = serve or self._answer_by_script
        self._peers: list[Peer] = []
        self._faults: list[BaseException] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server((LOOPBACK, 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://{LOOPBACK}:{self.port}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def narrow(self) -> None:
        """From now on a connection takes in a few KiB before they are read, and no more."""
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    @property
    def requests(self) -> list[Request]:
        return [request for connection in self.connections for request in connection]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        assert not self._faults, self._faults

    def stop(self) -> None:
        """Closes the listener and every connection."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            if thread.is_alive():
                for peer in list(self._peers):
                    peer.end()
                thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            peer = Peer(sock, [])
            self.connections.append(peer.requests)
            self._peers.append(peer)
            self._threads.append(threading.Thread(target=self._converse, args=(peer,), daemon=True))
            self._threads[-1].start()

    def _converse(self, peer: Peer) -> None:
        try:
            if self._tls is not None:
                peer.sock = tls = self._tls.wrap_socket(peer.sock, server_side=True, do_handshake_on_connect=False)
                tls.do_handshake()
            self._serve(peer)
        except (Gone, OSError):
            pass
        except BaseException as fault:
            self._faults.append(fault)
        finally:
            peer.close()
            self._peers.remove(peer)

    def _answer_by_script(self, peer: Peer) -> None:
        while True:
            peer.read_request()
            with self._lock:
                action, *rest = self._script
                self._script = tuple(rest) or self._script
            if isinstance(action, bytes):
                peer.send(action)
            else:
                action(peer)


def tls_context(ca: trustme.CA, *names: str, **options: Any) -> ssl.SSLContext:
    """A server's side of TLS, with a fresh certificate for these names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # which the first releases of Python 3.11 set
    ca.issue_cert(*(names or (LOOPBACK, "localhost")), **options).configure_cert(context)
    return context


def http(status: int, *lines: str | bytes, body: bytes = b"", framed: bool = False) -> bytes:
    """An answer's bytes. Its Content-Length is added, unless the lines frame it by themselves (`framed`)."""
    head = [b"HTTP/1.1 %d Whatever" % status]
    head += [line if isinstance(line, bytes) else line.encode("latin-1") for line in lines]
    if not framed:
        head.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def session(value: str = COOKIE, *lines: str | bytes, body: bytes = b'{"success" : true}') -> bytes:
    """The answer to a login that succeeded."""
    cookie = f"Set-Cookie: ZSession={value}; Path=/; Secure; HttpOnly"
    return http(200, "Content-Type: application/json;charset=utf-8", cookie, *lines, body=body)


def chunked(body: bytes, size: int = 65536) -> bytes:
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def then_close(data: bytes, after: float = 0.0) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        peer.send(data)
        time.sleep(after)
        peer.close()
        raise Gone

    return act


def then_reset(data: bytes, after: float = 0.0) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        peer.send(data)
        time.sleep(after)
        peer.reset()
        raise Gone

    return act


def then_silence(data: bytes) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        peer.send(data)
        peer.stay_silent()

    return act


def drip(data: bytes, gap: float) -> Callable[[Peer], None]:
    """Sends one byte at a time."""

    def act(peer: Peer) -> None:
        for byte in data:
            peer.send(bytes([byte]))
            time.sleep(gap)

    return act


class BlackHole:
    """A port whose backlog is full: connecting to it neither succeeds nor fails."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server((LOOPBACK, 0), backlog=0)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"https://{LOOPBACK}:{self.port}"
        self._held = []
        for _ in range(3):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex((LOOPBACK, self.port))
            self._held.append(sock)
        return self

    def __exit__(self, *_: object) -> None:
        for sock in [*self._held, self._listener]:
            sock.close()
