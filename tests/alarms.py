"""A signal in the middle of a test: SIGALRM, with a handler for a while."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator


class Stopped(Exception):
    pass


def stop(*_: object) -> None:
    raise Stopped


@contextlib.contextmanager
def on_alarm(handler: Callable[..., None]) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, handler)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        time.sleep(0.01)  # valgrind delivers late
        signal.signal(signal.SIGALRM, before)
