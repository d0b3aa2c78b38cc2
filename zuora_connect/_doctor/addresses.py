"""TCP to every address at once, so that ten that are silent take no longer than one."""

from __future__ import annotations

import errno
import os
import selectors
import socket
from dataclasses import dataclass
from time import monotonic

from zuora_connect._doctor.deadline import Deadline

_WORDS = {
    errno.ECONNREFUSED: "refused: nothing listens there",
    errno.EHOSTUNREACH: "no way to this host",
    errno.ENETUNREACH: "no way to this network",
    errno.EADDRNOTAVAIL: "no way to this network",
    errno.ECONNRESET: "reset",
    errno.EACCES: "forbidden on this machine",
    errno.EPERM: "forbidden on this machine",
}


@dataclass(frozen=True)
class Attempt:
    """`error` is None if there was a connection, which is closed again."""

    address: str
    ms: float
    error: str | None

    def as_data(self) -> dict[str, object]:
        return {"address": self.address, "ms": round(self.ms, 1), "error": self.error}


def in_words(number: int) -> str:
    return _WORDS.get(number) or (os.strerror(number) if number else "it was closed")


def try_all(addresses: list[str], port: int, deadline: Deadline) -> list[Attempt]:
    """One attempt for each address, in the order given."""
    began = monotonic()
    attempts: dict[str, Attempt] = {}
    with selectors.DefaultSelector() as pending:
        for address in addresses:
            try:
                sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            except OSError as error:  # a machine without IPv6
                attempts[address] = Attempt(address, 0.0, in_words(error.errno or 0))
                continue
            sock.setblocking(False)
            number = sock.connect_ex((address, port))
            if number in (errno.EINPROGRESS, errno.EWOULDBLOCK):
                pending.register(sock, selectors.EVENT_WRITE, address)
            else:
                attempts[address] = ended(sock, address, began, number)
        while pending.get_map():
            try:
                ready = pending.select(deadline.left())
            except TimeoutError:
                break
            for key, _ in ready:
                pending.unregister(key.fileobj)
                sock = key.fileobj  # type: ignore[assignment]  # as it was registered
                number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                attempts[key.data] = ended(sock, key.data, began, number)
        for key in list(pending.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]  # as above
            attempts[key.data] = Attempt(key.data, deadline.seconds * 1000, f"no answer within {deadline.seconds:g} s")
    return [attempts[address] for address in addresses]


def ended(sock: socket.socket, address: str, began: float, number: int) -> Attempt:
    sock.close()
    return Attempt(address, (monotonic() - began) * 1000, in_words(number) if number else None)
