"""A call in a thread of its own, with the interface of multiprocessing.pool.AsyncResult."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeVar, cast

Value = TypeVar("Value")


class AsyncResult(Generic[Value]):
    """What a call with async_req=True returns at once. A pool of threads would die in a forked child: this has none."""

    def __init__(self, call: Callable[[], Value]) -> None:
        self._ended = Event()
        self._value: Value | None = None
        self._error: BaseException | None = None
        Thread(target=self._run, args=(call,), daemon=True).start()

    def _run(self, call: Callable[[], Value]) -> None:
        try:
            self._value = call()
        except BaseException as error:
            self._error = error
        finally:
            self._ended.set()

    def get(self, timeout: float | None = None) -> Value:
        """Wait, then return what the call returned or raise what it raised.

        timeout: seconds; None waits for the call's own end. Raises multiprocessing.TimeoutError when they are over; the
        call goes on.
        """
        if not self._ended.wait(timeout):
            from multiprocessing import TimeoutError

            raise TimeoutError
        if self._error is not None:
            raise self._error
        return cast(Value, self._value)

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the call has ended, or for so many seconds."""
        self._ended.wait(timeout)

    def ready(self) -> bool:
        """Has the call ended?"""
        return self._ended.is_set()

    def successful(self) -> bool:
        """Did the call end without raising? Raises ValueError while it goes on."""
        if not self.ready():
            raise ValueError("the call has not ended yet")
        return self._error is None
