"""Threads against each lock of the C core, under ThreadSanitizer; `./dev tsan` runs it.

Each driver of tests/races is run twice: as it is, when nothing may be reported, and with the file that it is named
after compiled without locks, when something must be.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from core_build import DRIVERS, ROOT, Builder

RACES = ROOT / "tests" / "races"
WITHOUT_LOCKS = ["-include", str(RACES / "without_locks.h")]
WRAP = {"verdict": ["-Wl,--wrap=cJSON_ParseWithLengthOpts"]}
OPTIONS = "halt_on_error=1 exitcode=66 die_after_fork=0"


def run(program: Path, folder: Path) -> tuple[bool, str]:
    """Is a race reported; and everything that was said."""
    environment = {**os.environ, "TSAN_OPTIONS": OPTIONS}
    done = subprocess.run([program], env=environment, cwd=folder, capture_output=True, text=True, timeout=300)
    said = done.stdout + done.stderr
    races = done.returncode == 66 and "WARNING: ThreadSanitizer" in said
    if done.returncode != 0 and not races:
        sys.exit(f"{program.name} ended with {done.returncode}:\n{said}")
    return races, said


def judge(builder: Builder, driver: Path) -> list[str]:
    """What is wrong, if anything."""
    unit = driver.stem.removeprefix("race_")
    source = ROOT / "csrc" / "core" / f"{unit}.c"
    faults = []
    races, said = run(builder.program(driver, *WRAP.get(unit, [])), builder.folder)
    if races:
        faults.append(said)
    builder.object(source, *WITHOUT_LOCKS)
    races, said = run(builder.program(driver, *WRAP.get(unit, [])), builder.folder)
    if not races:
        faults.append(f"no race was found without the lock of {source.name}\n{said}")
    builder.object(source)
    return faults


def main(folder: Path) -> int:
    builder = Builder(folder / "core", ["-fsanitize=thread", f"-I{DRIVERS}"])
    failed = 0
    for driver in sorted(RACES.glob("race_*.c")):
        faults = judge(builder, driver)
        print(f"{'FAIL' if faults else 'ok'}  {driver.stem}", *faults, sep="\n", flush=True)
        failed = failed or bool(faults)
    return int(failed)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(Path(scratch)))
