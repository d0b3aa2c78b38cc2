"""The tenant behind the sandbox: who may log in, which answer a request gets. Knows nothing of sockets."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from ._answers import ANSWERS, Answer, balancer_cookie
from ._sessions import Sessions

ENTITY_HEADERS = ("zuora-entity-ids", "entityid", "entityname")


@dataclass(frozen=True)
class Request:
    """A request as it arrived: header names in lower case, values as bytes."""

    method: str
    path: str
    headers: Mapping[str, bytes]


@dataclass(frozen=True)
class Reply:
    """The bytes to send, and whether the connection ends with them."""

    data: bytes
    closes: bool


class Tenant:
    """Users (name to password), entities (hyphenated id to name), sessions, and what the next logins get."""

    def __init__(self, users: Mapping[str, str], entities: Mapping[str, str], session_seconds: float) -> None:
        self.users = dict(users)
        self.entities = dict(entities)
        self.sessions = Sessions(session_seconds)
        self.script: deque[Answer] = deque()
        self._logins = count()

    def reply(self, request: Request) -> Reply:
        if request.path == "/v1/connections":
            answer = self._login(request)
            return self._send(request, answer, self.sessions.open() if answer.opens_session else "")
        if request.path == "/v1/catalog/products" and request.method in ("GET", "HEAD"):
            session = self.sessions.renew(_cookies(request).get("ZSession", ""))
            return self._send(request, ANSWERS["catalog" if session else "session_refused"], session or "")
        return self._send(request, ANSWERS["not_found"], "")

    def _login(self, request: Request) -> Answer:
        if request.method != "POST":
            return ANSWERS["method_refused"]
        try:
            return self.script.popleft()
        except IndexError:
            return ANSWERS[self._judge(request.headers)]

    def _judge(self, headers: Mapping[str, bytes]) -> str:
        """The case that these credentials make. Text is UTF-8 here; how Zuora itself reads other bytes is unknown."""
        name = headers.get("apiaccesskeyid", b"").decode(errors="replace")
        password = headers.get("apisecretaccesskey", b"").decode(errors="replace")
        if self.users.get(name) != password:
            return "wrong_password"
        asked = {key: headers[key].decode(errors="replace") for key in ENTITY_HEADERS if key in headers}
        if "entityid" in asked and "entityname" in asked:
            return "two_entities"
        return "logged_in" if all(self._has_entity(key, value) for key, value in asked.items()) else "entity_refused"

    def _has_entity(self, header: str, value: str) -> bool:
        if header == "entityname":
            return value in self.entities.values()
        if header == "entityid":
            return value in (identity.replace("-", "") for identity in self.entities)
        return value in self.entities

    def _send(self, request: Request, answer: Answer, session: str) -> Reply:
        values = {"session": session, "track_id": request.headers.get("zuora-track-id", b"").decode("latin-1")}
        if answer.opens_session:
            place = "balancer_before" if next(self._logins) % 5 < 3 else "balancer_after"
            values[place] = balancer_cookie(secrets.token_urlsafe(64))
        return Reply(answer.rendered(values, with_body=request.method != "HEAD"), answer.closes)


def _cookies(request: Request) -> dict[str, str]:
    pairs = (part.partition("=") for part in request.headers.get("cookie", b"").decode("latin-1").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
