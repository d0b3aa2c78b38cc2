"""Zuora's own SDK for Python, in an environment of its own under build/: it wants an urllib3 that others do not.

It is installed once and kept for the next run. The version is pinned: what is tried is what that version sends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENT = "zuora-sdk==3.21.0"
WHEELS = ("--only-binary", ":all:")  # pip goes back to a pydantic that has one here, where the newest would want Rust
DIRECTORY = Path(__file__).parent.parent / "build" / "zuora-sdk"


def install() -> Path:
    """-> its Python."""
    python = DIRECTORY / "bin" / "python"
    recipe = f"{sys.version}\n{WHEELS} {REQUIREMENT}\n"
    stamp = DIRECTORY / "recipe"
    if not stamp.exists() or stamp.read_text() != recipe:
        shutil.rmtree(DIRECTORY, ignore_errors=True)
        run(sys.executable, "-m", "venv", "--without-pip", str(DIRECTORY))
        run(sys.executable, "-m", "pip", "--python", str(python), "install", "-q", *WHEELS, REQUIREMENT)
        stamp.write_text(recipe)
    return python


def run(*command: str, timeout: float = 300) -> str:
    """What a program printed; without a sanitizer of ours, which it would not survive, and without our packages."""
    plain = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "PYTHONPATH")}
    ran = subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=plain, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
