"""The handle that people hold: where the sandbox is, who may log in, and what it answers next."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import uuid
from collections.abc import Mapping
from tempfile import mkdtemp

import trustme

from ._answers import ANSWERS, Answer
from ._server import Server
from ._tenant import ENTITIES, USERS, Tenant


class Sandbox:
    """A running sandbox and a context manager that closes it.

    base_url, ca_file: what connect() takes; the CA file is temporary and goes with the sandbox.
    username, password: the first user. client_id, client_secret: the first OAuth client; None if there is none.
    users, oauth_clients, entities: dictionaries that may be changed while it runs.
    """

    def __init__(
        self,
        *,
        port: int,
        users: Mapping[str, str] | None,
        oauth_clients: Mapping[str, str] | None,
        entities: Mapping[str, str] | None,
        session_seconds: float,
    ) -> None:
        if users is None:
            users = {name: secrets.token_urlsafe(12) for name in USERS}
        if not users:
            raise ValueError("users must name at least one user")
        if oauth_clients is None:
            oauth_clients = {str(uuid.uuid4()): secrets.token_urlsafe(30)}
        self.username, self.password = next(iter(users.items()))
        self.client_id = next(iter(oauth_clients), None)
        self.client_secret = None if self.client_id is None else oauth_clients[self.client_id]
        self._tenant = Tenant(users, oauth_clients, ENTITIES if entities is None else entities, session_seconds)
        self.users = self._tenant.users
        self.oauth_clients = self._tenant.oauth_clients
        self.entities = self._tenant.entities
        ca = trustme.CA()
        self._server = Server(self._tenant, port, ca)
        self.base_url = f"https://127.0.0.1:{self._server.port}"
        self._directory = mkdtemp(prefix="zuora-sandbox-")
        self._process = os.getpid()
        atexit.register(self.close)
        self.ca_file = os.path.join(self._directory, "ca.pem")
        ca.cert_pem.write_to_path(self.ca_file)

    def next(self, case: str | Answer, *, times: int = 1, headers: Mapping[str, str] | None = None) -> None:
        """Answer the next logins with a case of answers.json, whoever asks.

        times: how many logins get it; cases wait in line. headers: values to send instead of the case's own, such as
        {"Retry-After": "1"}. Raises ValueError for an unknown case.
        """
        if isinstance(case, str):
            if case not in ANSWERS:
                raise ValueError(f"no such case: {case}; there are {', '.join(ANSWERS)}")
            case = ANSWERS[case]
        self._tenant.script.extend([case.with_headers(headers or {})] * times)

    def expire_sessions(self) -> None:
        """End all sessions and OAuth tokens now: the next call with one of them is refused."""
        self._tenant.sessions.expire()
        self._tenant.tokens.expire()

    def close(self) -> None:
        """Stop, free the port and remove the CA file; safe to call twice. A forked child leaves its parent's alone."""
        if os.getpid() == self._process:
            self._server.close()
            shutil.rmtree(self._directory, ignore_errors=True)
            atexit.unregister(self.close)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Zuora sandbox at {self.base_url}>"
