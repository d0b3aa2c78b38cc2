"""`zuora-connect doctor` in this process, and what it found."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import Any

from zuora_connect._command_line import main

STEPS = ["proxy", "dns", "tcp", "tunnel", "tls", "login"]


@dataclass(frozen=True)
class Examined:
    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found

    def step(self, name: str) -> dict[str, Any]:
        return next(step for step in self.data["steps"] if step["step"] == name)

    @property
    def failed(self) -> dict[str, Any]:
        """The one step that failed."""
        [step] = [step for step in self.data["steps"] if step["outcome"] == "failed"]
        assert step["next"]
        return dict(step)

    @property
    def outcomes(self) -> list[str]:
        assert [step["step"] for step in self.data["steps"]] == STEPS
        return [step["outcome"] for step in self.data["steps"]]


def run(*arguments: object) -> Examined:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["doctor", *map(str, arguments)])
    return Examined(code, out.getvalue(), err.getvalue())


def examine(*arguments: object) -> Examined:
    """As data."""
    return run(*arguments, "--json")
