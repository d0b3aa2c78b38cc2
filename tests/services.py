"""The sandbox as a process of its own, as scripts start it: `python -m zuora_connect sandbox --json`."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from client import PATIENCE

SECONDS = 20.0 * PATIENCE


@dataclass(frozen=True)
class Service:
    """A running sandbox, and the line of JSON that it printed."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]

    @property
    def base_url(self) -> str:
        return str(self.facts["base_url"])

    @property
    def ca_file(self) -> str:
        return str(self.facts["ca_file"])

    @property
    def port(self) -> int:
        return int(self.base_url.rpartition(":")[2])

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        """Exit code, and what it printed after its first line."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out, err


def start_sandbox(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "zuora_connect", "sandbox", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextlib.contextmanager
def running_sandbox(*arguments: str) -> Iterator[Service]:
    process = start_sandbox("--json", *arguments)
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line, process.communicate(timeout=SECONDS)[1]
        yield Service(process, json.loads(line))
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=SECONDS)
