"""Bytes both ways under one deadline: over TCP, and over TLS on top of any stream, also on that of an https proxy."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

from zuora_connect._doctor.deadline import Deadline

T = TypeVar("T")
PIECE = 65536


class Stream(Protocol):
    def send(self, data: bytes) -> None: ...

    def receive(self) -> bytes:
        """At least one byte; b"" at the end. Raises OSError; TimeoutError when the deadline is over."""

    def close(self) -> None: ...


class Plain:
    """TCP."""

    def __init__(self, address: str, port: int, deadline: Deadline) -> None:
        self._deadline = deadline
        self._socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(deadline.left())
            self._socket.connect((address, port))
        except BaseException:
            self._socket.close()
            raise

    def send(self, data: bytes) -> None:
        self._socket.settimeout(self._deadline.left())
        self._socket.sendall(data)

    def receive(self) -> bytes:
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv(PIECE)

    def close(self) -> None:
        self._socket.close()


class Secured:
    """TLS. Neither the socket's own nor SSLSocket: that one cannot run inside another."""

    def __init__(self, below: Stream, context: ssl.SSLContext, host: str) -> None:
        self._below = below
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)

    def shake_hands(self) -> None:
        self._run(self.tls.do_handshake)

    def send(self, data: bytes) -> None:
        while data:
            data = data[self._run(partial(self.tls.write, data)) :]

    def receive(self) -> bytes:
        try:
            return self._run(lambda: self.tls.read(PIECE))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def close(self) -> None:
        self._below.close()

    def _run(self, act: Callable[[], T]) -> T:
        while True:
            try:
                result = act()
            except ssl.SSLWantReadError:
                self._flush()
                piece = self._below.receive()
                if piece:
                    self._incoming.write(piece)
                else:
                    self._incoming.write_eof()
                continue
            except ssl.SSLError:
                self._say_why()
                raise
            self._flush()
            return result

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._below.send(self._outgoing.read())

    def _say_why(self) -> None:
        """The alert, which the peer may be past reading."""
        with suppress(OSError):
            self._flush()
