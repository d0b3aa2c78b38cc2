"""The tenant behind the sandbox: who may log in, which answer a request gets. Knows nothing of sockets."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from urllib.parse import parse_qs

from ._answers import ANSWERS, Answer, balancer_cookie
from ._sessions import Sessions

USERS = ("api-user@example.com", "billing@example.com", "reports@example.com")
ENTITIES = {"2c92c0f9-5e8b-4f1a-9c3d-0123456789ab": "Example Entity"}
ENTITY_HEADERS = ("zuora-entity-ids", "entityid", "entityname")
LOGIN_PATH = "/v1/connections"
TOKEN_PATH = "/oauth/token"
TOKEN_SECONDS = 3599.0


@dataclass(frozen=True)
class Request:
    """A request as it arrived: header names in lower case, values as bytes."""

    method: str
    path: str
    headers: Mapping[str, bytes]
    body: bytes = b""
    query: str = ""

    def header(self, name: str) -> str:
        return self.headers.get(name, b"").decode(errors="replace")


@dataclass(frozen=True)
class Reply:
    """The bytes to send, and whether the connection ends with them."""

    data: bytes
    closes: bool


class Tenant:
    """Users (name to password), OAuth clients (id to secret), entities (hyphenated id to name), sessions and tokens.

    And the script: what the next logins get, whoever asks.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        oauth_clients: Mapping[str, str],
        entities: Mapping[str, str],
        session_seconds: float,
    ) -> None:
        self.users = dict(users)
        self.oauth_clients = dict(oauth_clients)
        self.entities = dict(entities)
        self.sessions = Sessions(session_seconds)
        self.tokens = Sessions(TOKEN_SECONDS)
        self.script: deque[Answer] = deque()
        self._logins = count()

    def reply(self, request: Request) -> Reply:
        if request.path == LOGIN_PATH:
            return self.answered(request, self._login(request))
        if request.path == TOKEN_PATH:
            return self._grant(request)
        if request.path == "/v1/catalog/products" and request.method in ("GET", "HEAD"):
            return self._list_products(request)
        return self._send(request, ANSWERS["not_found"])

    def answered(self, request: Request, answer: Answer) -> Reply:
        """This answer, with a fresh session if it is one that opens a session."""
        return self._send(request, answer, session=self.sessions.open() if answer.opens_session else "")

    def _login(self, request: Request) -> Answer:
        if request.method != "POST":
            return ANSWERS["method_refused"]
        try:
            return self.script.popleft()
        except IndexError:
            return ANSWERS[self._judge(request)]

    def _judge(self, request: Request) -> str:
        """The case that these credentials make. Text is UTF-8 here; how Zuora itself reads other bytes is unknown."""
        if self.users.get(request.header("apiaccesskeyid")) != request.header("apisecretaccesskey"):
            return "wrong_password"
        asked = {key: request.header(key) for key in ENTITY_HEADERS if key in request.headers}
        if "entityid" in asked and "entityname" in asked:
            return "two_entities"
        return "logged_in" if all(self._has_entity(key, value) for key, value in asked.items()) else "entity_refused"

    def _has_entity(self, header: str, value: str) -> bool:
        if header == "entityname":
            return value in self.entities.values()
        if header == "entityid":
            return value in (identity.replace("-", "") for identity in self.entities)
        return value in self.entities

    def _grant(self, request: Request) -> Reply:
        """An OAuth token by client credentials (RFC 6749, section 4.4), id and secret in the body."""
        if request.method != "POST":
            return self._send(request, ANSWERS["method_refused"])
        form = {name: values[-1] for name, values in parse_qs(request.body.decode(errors="replace")).items()}
        secret = self.oauth_clients.get(form.get("client_id", ""))
        if form.get("grant_type") != "client_credentials" or secret is None or secret != form.get("client_secret"):
            return self._send(request, ANSWERS["token_refused"])
        return self._send(request, ANSWERS["token"], token=self.tokens.open())

    def _list_products(self, request: Request) -> Reply:
        kind, _, token = request.header("authorization").partition(" ")
        if kind.lower() == "bearer":
            return self._send(request, ANSWERS["catalog" if self.tokens.holds(token) else "session_refused"])
        session = self.sessions.renew(_cookies(request).get("ZSession", ""))
        return self._send(request, ANSWERS["catalog" if session else "session_refused"], session=session or "")

    def _send(self, request: Request, answer: Answer, *, session: str = "", token: str = "") -> Reply:
        track_id = request.headers.get("zuora-track-id", b"").decode("latin-1")
        values = {"session": session, "token": token, "track_id": track_id}
        if session and request.path == LOGIN_PATH:
            place = "balancer_before" if next(self._logins) % 5 < 3 else "balancer_after"
            values[place] = balancer_cookie(secrets.token_urlsafe(64))
        return Reply(answer.rendered(values, with_body=request.method != "HEAD"), answer.closes)


def _cookies(request: Request) -> dict[str, str]:
    pairs = (part.partition("=") for part in request.headers.get("cookie", b"").decode("latin-1").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}
