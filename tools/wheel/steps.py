"""What every step is made of: commands whose failure is one sentence, and results that are kept between runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build/wheel"
TAIL_LINES = 30
DIGITS = 16


class Stop(SystemExit):
    """Ends the build with exit status 1 and one sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"wheel: {sentence}")


def run(
    *command: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, log: Path | None = None
) -> str:
    """-> what the command printed, both streams; its failure shows the last lines of that. `log` keeps all of it."""
    try:
        answer = subprocess.run(
            command,
            cwd=cwd,
            env=None if env is None else {**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Stop(f"{command[0]} cannot be run ({error.strerror})") from None
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(answer.stdout)
    if answer.returncode != 0:
        tail = "\n    ".join(answer.stdout.splitlines()[-TAIL_LINES:])
        raise Stop(f"{Path(command[0]).name} failed with status {answer.returncode}:\n    {tail}")
    return answer.stdout


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(*facts: object) -> str:
    """A short name of everything that a result depends on."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:DIGITS]


def keep(name: str, facts: str, make: Callable[[Path], None]) -> Path:
    """-> the folder that `make` filled, now or in a run before with the same facts; older ones of that name go."""
    folder = BUILD / name
    stamp = folder / ".facts"
    if stamp.is_file() and stamp.read_text() == facts:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make(folder)
    stamp.write_text(facts)
    return folder


def say(text: str) -> None:
    print(f"wheel: {text}", flush=True)
