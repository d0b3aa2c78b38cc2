"""One test's share of the sandbox: its tenant, what the next logins get, and what has arrived. Threads may call it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from zuora_connect.sandbox import ANSWERS, Answer
from zuora_connect.sandbox._tenant import ENTITIES, LOGIN_PATH, Reply, Tenant
from zuora_connect.sandbox._tenant import Request as Arrived

from ._request import Request, recorded

SESSION_SECONDS = 900.0
_SESSION = "ZSession="


class UnusedAnswer(UserWarning):
    """A test scripted an answer that nothing asked for: what it was to show, it may not have shown."""


@dataclass(frozen=True)
class Line:
    """One answer of the script. `answer` None: what the tenant says by itself. `said`: the call that wrote it."""

    path: str
    said: str
    answer: Answer | None = None
    is_cut: bool = False


class Scene:
    def __init__(self, username: str, password: str) -> None:
        self.tenant = Tenant({username: password}, {}, ENTITIES, SESSION_SECONDS)
        self.delay = 0.0
        self.limit: int | None = None
        self.limit_wait = 0
        self._lock = threading.Lock()
        self._script: dict[str, deque[Line]] = {}
        self._sessions: list[str] = []  # of the script; the tenant's own are long enough to be told by that
        self._requests: list[Request] = []
        self._under_way = 0
        self._over = threading.Event()

    def add(self, line: Line, times: int) -> None:
        with self._lock:
            self._script.setdefault(line.path, deque()).extend([line] * times)
            self._sessions += _sessions_of(line.answer) if line.answer else []

    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def unused(self) -> list[Line]:
        with self._lock:
            return [line for lines in self._script.values() for line in lines]

    def end(self) -> None:
        """Whoever waits for a delayed answer gets it now."""
        self._over.set()

    def reply(self, request: Arrived) -> Reply:
        if request.path != LOGIN_PATH:
            return self._recorded_reply(request)
        with self._login_under_way() as number:
            if self.limit is not None and number > self.limit:
                self._record(request)
                answer = ANSWERS["concurrency_limited"].with_headers({"Retry-After": str(self.limit_wait)})
                return self.tenant.answered(request, answer)
            reply = self._recorded_reply(request)
            self._over.wait(min(self.delay, threading.TIMEOUT_MAX))
            return reply

    def _recorded_reply(self, request: Arrived) -> Reply:
        self._record(request)
        with self._lock:
            lines = self._script.get(request.path)
            line = lines.popleft() if lines else None
        if line is None:
            return self.tenant.reply(request)
        reply = self.tenant.reply(request) if line.answer is None else self.tenant.answered(request, line.answer)
        return _cut(reply) if line.is_cut else reply

    def _record(self, request: Arrived) -> None:
        record = recorded(request, [*self.tenant.users.values(), *self._sessions])
        with self._lock:
            self._requests.append(record)

    @contextmanager
    def _login_under_way(self) -> Iterator[int]:
        """How many logins are being answered, this one included."""
        with self._lock:
            self._under_way += 1
            number = self._under_way
        try:
            yield number
        finally:
            with self._lock:
                self._under_way -= 1


def _sessions_of(answer: Answer) -> list[str]:
    cookies = (value for name, value in answer.headers if name.lower() == "set-cookie")
    values = (cookie[len(_SESSION) :].partition(";")[0].strip() for cookie in cookies if cookie.startswith(_SESSION))
    return [value.replace("{{", "{").replace("}}", "}") for value in values]  # as `Answer.rendered` sends them


def _cut(reply: Reply) -> Reply:
    """Half of the body, and then the connection ends."""
    head_len = reply.data.index(b"\r\n\r\n") + 4
    return replace(reply, data=reply.data[: (head_len + len(reply.data)) // 2], closes=True)
