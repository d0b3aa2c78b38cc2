"""What a step comes to, as data, and how what a peer said is made fit to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from zuora_connect._text import printable

LONGEST = 300
SHORTEST_SECRET = 4


@dataclass(frozen=True)
class Told:
    """A step that went well, or was left out: one line, further lines for people, and the same as data."""

    message: str
    lines: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    outcome: Literal["ok", "skipped"] = "ok"


class StepFailed(Exception):
    """A step at which a login would end, or did end. `next` says what to do about it."""

    def __init__(
        self,
        message: str,
        next: str,
        *,
        lines: tuple[str, ...] = (),
        details: dict[str, Any] | None = None,
        is_refusal: bool = False,
    ) -> None:
        super().__init__(message)
        self.next = next
        self.lines = lines
        self.details = details or {}
        self.is_refusal = is_refusal


@dataclass(frozen=True)
class Finding:
    """One step of the walk, as it is reported."""

    step: str
    outcome: Literal["ok", "failed", "skipped"]
    ms: float
    message: str
    next: str | None = None
    lines: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    is_refusal: bool = False

    def as_data(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "outcome": self.outcome,
            "ms": round(self.ms, 1),
            "message": self.message,
            "next": self.next,
            "details": self.details,
        }


@dataclass(frozen=True)
class Mask:
    """Secrets that a peer may quote in what it says."""

    secrets: tuple[str, ...] = ()

    def safe(self, text: str) -> str:
        """What a peer said, without these secrets, without control characters, and not longer than 300 characters."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "***")
        return printable(text)[:LONGEST]
