"""The tests, on the wheel as pip installs it: those of tests/wheel, and the whole suite."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from shutil import copytree

from interpreter import Interpreter
from steps import BUILD, ROOT, digest, keep, run

# They bring other OpenSSLs and another libcurl into the process.
NEIGHBOURS = ("psycopg2-binary>=2.9", "pycurl>=7.45")
STAND_INS = (ROOT / "tests/stand_ins/secretstorage", ROOT / "tests/stand_ins/trustme")
WHOLE = (["tests/wheel"], ["tests"])  # one run each: pytest takes a folder inside another one for the same


def beside(python: Interpreter) -> tuple[str | Path, ...]:
    """-> what the tests want beside the wheel. tests/conftest.py leaves out what wants neighbours that have no wheel.

    cffi, which what the stand-ins stand for needs, refuses the free-threaded 3.13.
    """
    if not python.free_threaded:
        return NEIGHBOURS
    return STAND_INS if python.minor == 13 else ()


def install(wheel: Path, python: Interpreter) -> Path:
    """-> a Python with the wheel and what the tests need; of that the newest for which there is a wheel."""

    def make(folder: Path) -> None:
        run(python.path, "-m", "venv", folder / "venv")
        # From a copy: pip leaves what it builds in the folder that it builds.
        others = [copytree(one, folder / one.name) if isinstance(one, Path) else one for one in beside(python)]
        pip(folder, "--prefer-binary", f"{wheel}[test]", *others)

    def pip(folder: Path, *what: str | Path) -> None:
        run(folder / "venv/bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *what)

    written = [ROOT / "pyproject.toml", *sorted((ROOT / "tests/stand_ins/trustme/issuer").glob("*.py"))]
    facts = digest(str(python.path), beside(python), [path.read_text() for path in written])
    folder = keep(f"suite-{python.abi}", facts, make)
    pip(folder, "--force-reinstall", "--no-deps", "--no-index", wheel)
    return folder / "venv/bin/python"


def address(words: list[str]) -> list[list[str]]:
    """-> what each run of pytest is given, with the paths of this tree in full; without any, the whole suite."""
    paths = {word for word in words if not word.startswith("-") and (ROOT / word.partition("::")[0]).exists()}
    runs = [words] if paths else [[*words, *folders] for folders in WHOLE]
    known = paths.union(*WHOLE)
    return [[str(ROOT / word) if word in known else word for word in run] for run in runs]


def test(wheel: Path, python: Interpreter, versions: dict[str, str], words: list[str]) -> int:
    """-> pytest's exit status, the first that is not 0. Started elsewhere, so that nothing imports this tree."""
    chosen = install(wheel, python)
    elsewhere = BUILD / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    tools = str(Path(sys.executable).parent)
    facts = {"wheel": str(wheel.resolve()), "versions": versions, "tools": tools}
    (elsewhere / "wheel.json").write_text(json.dumps(facts))
    command: list[str | Path] = [
        chosen,
        "-m",
        "pytest",
        f"--rootdir={ROOT}",
        f"--config-file={ROOT / 'pyproject.toml'}",
    ]
    results = [subprocess.run([*command, *run], cwd=elsewhere).returncode for run in address(words)]
    return next((status for status in results if status != 0), 0)
