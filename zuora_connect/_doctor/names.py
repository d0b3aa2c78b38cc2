"""Name lookup, each family by itself and each bounded: getaddrinfo() knows no time-out, so it runs in a thread."""

from __future__ import annotations

import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Thread
from time import monotonic

from zuora_connect._doctor.deadline import Deadline

FAMILIES = {"IPv4": socket.AF_INET, "IPv6": socket.AF_INET6}

_WORDS = {
    "EAI_NONAME": "no such name, or no address of this family",
    "EAI_NODATA": "no address of this family",
    "EAI_ADDRFAMILY": "no address of this family",
    "EAI_AGAIN": "no name server answered",
    "EAI_FAIL": "the name server failed",
}
_BY_NUMBER = {getattr(socket, name): words for name, words in _WORDS.items() if hasattr(socket, name)}


@dataclass(frozen=True)
class Answers:
    """What the lookup of one family came to; `error` is None if it has addresses."""

    family: str
    ms: float
    addresses: tuple[str, ...]
    error: str | None

    def as_data(self) -> dict[str, object]:
        return {
            "family": self.family,
            "ms": round(self.ms, 1),
            "addresses": list(self.addresses),
            "error": self.error,
        }


class _Lookup(Thread):
    """A daemon: one that never ends is left behind, and keeps no process alive."""

    def __init__(self, host: str, family: str) -> None:
        super().__init__(daemon=True)
        self._host = host
        self._family = family
        self._began = monotonic()
        self.answers: Answers | None = None

    def run(self) -> None:
        addresses: tuple[str, ...] = ()
        error = None
        try:
            found = socket.getaddrinfo(self._host, None, FAMILIES[self._family], socket.SOCK_STREAM)
            addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        except UnicodeError:
            error = "this cannot be a host's name"
        except OSError as failure:
            error = _BY_NUMBER.get(failure.errno or 0, "the lookup failed")
        self.answers = Answers(self._family, (monotonic() - self._began) * 1000, addresses, error)


def look_up(host: str, deadline: Deadline) -> list[Answers]:
    """Both families side by side. A lookup that the deadline overtakes has no addresses."""
    if (literal := as_literal(host)) is not None:
        return [literal]
    lookups = {family: _Lookup(host, family) for family in FAMILIES}
    for lookup in lookups.values():
        lookup.start()
    return [wait_for(lookup, family, deadline) for family, lookup in lookups.items()]


def wait_for(lookup: _Lookup, family: str, deadline: Deadline) -> Answers:
    with suppress(TimeoutError):
        lookup.join(deadline.left())
    late = Answers(family, deadline.seconds * 1000, (), f"no answer within {deadline.seconds:g} s")
    return lookup.answers or late


def as_literal(host: str) -> Answers | None:
    try:
        version = ip_address(host.partition("%")[0]).version
    except ValueError:
        return None
    return Answers(f"IPv{version}", 0.0, (host,), None)
