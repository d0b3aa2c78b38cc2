"""What Zuora answers, as data: reads answers.json, the one file that sandbox and tests share, and renders bytes.

Each status, header and body there carries a mark: `reference` (written by Zuora), `recorded` (seen in recorded traffic;
white space in JSON bodies may differ), `assumed` (other clients expect it), `unknown` (nobody could confirm it).
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
from importlib.resources import files

WEEK = 7 * 24 * 3600


@dataclass(frozen=True)
class Answer:
    """One answer.

    Header values may hold {date}, {length}, {request_id}, {track_id}, {session} and {balancer_...}; a body {token}.
    """

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def opens_session(self) -> bool:
        return any("{session}" in value for _, value in self.headers)

    @property
    def closes(self) -> bool:
        return ("connection", "close") in ((name.lower(), value) for name, value in self.headers)

    def with_headers(self, changes: Mapping[str, str]) -> Answer:
        """A copy in which these headers have these values: replaced where they stand, else added at the end."""
        left = {name.lower(): (name, value) for name, value in changes.items()}
        headers = [(name, left.pop(name.lower(), (name, value))[1]) for name, value in self.headers]
        return replace(self, headers=(*headers, *left.values()))

    def rendered(self, values: Mapping[str, str] | None = None, *, with_body: bool = True) -> bytes:
        """The answer's bytes. A header that would say nothing is left out: what was not sent is not echoed."""
        given = values or {}
        token = given.get("token")
        body = self.body.replace(b"{token}", token.encode()) if token else self.body
        known = _values(len(body)) | dict(given)
        lines = [f"HTTP/1.1 {self.status} {self.reason}"]
        for name, template in self.headers:
            value = template.format_map(known)
            if value and (known["session"] or "{session}" not in template):
                lines.append(f"{name}: {value}")
        head = "\r\n".join([*lines, "\r\n"]).encode("latin-1")
        return head + body if with_body else head


def balancer_cookie(value: str) -> str:
    """A Set-Cookie value as load balancers add it; the comma in its date is what breaks careless joining of headers."""
    return f"AWSALB={value}; Expires={formatdate(time.time() + WEEK, usegmt=True)}; Path=/"


def _values(length: int) -> dict[str, str]:
    return {
        "date": formatdate(usegmt=True),
        "length": str(length),
        "request_id": str(uuid.uuid4()),
        "track_id": "",
        "session": "",
        "balancer_before": "",
        "balancer_after": "",
    }


def _load() -> dict[str, Answer]:
    text = files(__package__).joinpath("answers.json").read_text(encoding="utf-8")
    return {
        case: Answer(
            status=entry["status"][0],
            reason=entry["status"][1],
            headers=tuple((name, value) for name, value, _ in entry["headers"]),
            body=entry["body"][0].encode(),
        )
        for case, entry in json.loads(text).items()
    }


ANSWERS = _load()
