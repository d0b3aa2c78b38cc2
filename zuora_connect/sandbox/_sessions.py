"""The sandbox's sessions: fresh cookie values of every shape that was seen, and when they end."""

from __future__ import annotations

import secrets
import threading
import time

LENGTHS = (256, 366, 299)
SHAPES = (("", ""), ("-", ""), ("", "%3D"), ("-", "%3D"))
MOST_VALUES = 10_000


class Sessions:
    """Values that open a door for `seconds` after the last call. Thread-safe.

    A call restarts the clock, as Zuora's reference says, and gets a new value, as the recordings show. Older values of
    the same session stay good as long as it lives: a client that keeps the one from its login must go on working.
    """

    def __init__(self, seconds: float) -> None:
        if not seconds > 0:
            raise ValueError("session_seconds must be above 0")
        self._seconds = seconds
        self._lock = threading.Lock()
        self._by_value: dict[str, _Session] = {}
        self._count = 0

    def open(self) -> str:
        """Begin a session: the cookie's value."""
        with self._lock:
            return self._value_locked(_Session())

    def renew(self, value: str) -> str | None:
        """Restart the clock of the session that this value belongs to: its next value, or None if there is no such."""
        with self._lock:
            session = self._by_value.get(value)
            if session is None or time.monotonic() >= session.ends:
                return None
            return self._value_locked(session)

    def holds(self, value: str) -> bool:
        """Is this value good now? Its clock goes on: an OAuth token ends when it was said to end."""
        with self._lock:
            session = self._by_value.get(value)
            return session is not None and time.monotonic() < session.ends

    def expire(self) -> None:
        """End all sessions now."""
        with self._lock:
            self._by_value.clear()

    def _value_locked(self, session: _Session) -> str:
        length = LENGTHS[self._count % len(LENGTHS)]
        first, last = SHAPES[self._count % len(SHAPES)]
        self._count += 1
        value = first + secrets.token_urlsafe(length)[: length - len(first) - len(last)] + last
        session.ends = time.monotonic() + self._seconds
        self._by_value[value] = session
        if len(self._by_value) > MOST_VALUES:
            del self._by_value[next(iter(self._by_value))]
        return value


class _Session:
    ends = 0.0
