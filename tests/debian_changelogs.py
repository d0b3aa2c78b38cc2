"""Debian's changelogs as a test wants them, beside pins that it knows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LIBRARIES = ("openssl", "curl", "cjson")
PIN = """
[{name}]
version = "1.0-1"
left_out = []
[{name}.files]
"{name}.tar.gz" = "00"
[{name}.not_reached]
{judged}
"""


@dataclass(frozen=True)
class Changelogs:
    folder: Path

    @staticmethod
    def entry(name: str, version: str, text: str) -> str:
        signature = " -- A <a@example.com>  Thu, 01 Jan 2026 00:00:00 +0000"
        return f"{name} ({version}) trixie; urgency=medium\n\n  * {text}\n\n{signature}\n\n"

    def write(self, tools: Path, judged: str = "", **newer: str) -> None:
        """Changelogs that begin with the newer entries, given by suite and package, and go on with what is pinned.

        `judged` is a line of curl's holes that a login does not reach.
        """
        for suite in ("trixie", "sid"):
            (self.folder / suite).mkdir()
            for name in LIBRARIES:
                pinned = self.entry(name, "1.0-1", "CVE-2020-0001, in the wheel")
                (self.folder / suite / name).write_text(newer.get(f"{suite}_{name}", "") + pinned)
        pins = (PIN.format(name=name, judged=judged if name == "curl" else "") for name in LIBRARIES)
        (tools / "pins.toml").write_text(f'suite = "trixie"\n{"".join(pins)}')
