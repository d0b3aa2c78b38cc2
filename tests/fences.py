"""The examples of README.md and docs/: fenced blocks, each a program of its own.

A block of `python` is a program, or tests if it defines any; `sh` is a script; `console` is commands behind `$ ` with
what they print, where `...` stands for anything. Other fences are no programs.
"""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT

ROOT = Path(__file__).parent.parent
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<kind>python|sh|console)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
TEST = re.compile(r"^def test_", re.MULTILINE)

# Pages whose blocks another file of tests runs, with what the page says that they are given.
TESTED_BY = {
    "command-line.md": "test_command_page.py",
    "moving.md": "test_moving.py",
    "testing.md": "test_testing_page.py",
}

# Commands that examples show and that do not run again here, each with what runs them.
ELSEWHERE = {
    r"\./dev (demo|test|bench)( .*)?": "CI runs the first two; what the third prints takes a quiet machine",
    r"\./dev (wheel|release|advisories)( .*)?": "take minutes of downloads; tests/wheel has their own tests",
    r"\.venv/bin/python benchmarks/into_docs\.py": "writes docs/performance.md from what ./dev bench measured",
    r"pip install .*": "would change the environment that the tests run in; test_build.py builds what it installs",
}


@dataclass(frozen=True)
class Example:
    page: Path
    line: int
    kind: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if page.name not in TESTED_BY]


def examples() -> list[Example]:
    return [example for page in pages() for example in examples_of(page)]


def examples_of(page: Path) -> Iterator[Example]:
    text = page.read_text()
    for found in FENCE.finditer(text):
        lines = [line.removeprefix(found["indent"]) for line in found["text"].splitlines(keepends=True)]
        yield Example(page, text.count("\n", 0, found.start()) + 1, found["kind"], "".join(lines))


def commands(example: Example) -> list[tuple[str, str]]:
    """The commands of a console with what they print; those of a script with nothing."""
    if example.kind == "sh":
        lines = [re.sub(r"(^|\s+)#.*", "", line) for line in example.text.splitlines()]
        return [(line, "") for line in lines if line.strip()]
    parts = re.split(r"^\$ (.*)\n", example.text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def runs_elsewhere(example: Example) -> bool:
    if example.kind == "python":
        return False
    known = [any(re.fullmatch(pattern, command) for pattern in ELSEWHERE) for command, _ in commands(example)]
    assert len(set(known)) <= 1, f"{example.name}: some of its commands run elsewhere, some do not; make it two"
    return all(known)


def run(example: Example, folder: Path, environment: Mapping[str, str], timeout: float) -> None:
    """Run it in this folder; raises AssertionError unless it ends well and prints what it says."""
    if example.kind == "console":
        for command, printed in commands(example):
            got = run_command(["sh", "-ec", command], folder, environment, timeout)
            flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
            assert doctest.OutputChecker().check_output(printed, got, flags), f"{command}\nprinted\n{got}"
        return
    script = folder / ("test_example.py" if TEST.search(example.text) else "example.py")
    script.write_text(example.text)
    if example.kind == "sh":
        run_command(["sh", "-e", script.name], folder, environment, timeout)
    elif script.name == "example.py":
        run_command([sys.executable, "-W", "error:::__main__", script.name], folder, environment, timeout)
    else:
        said = run_command([sys.executable, "-m", "pytest", "-q", script.name], folder, environment, timeout)
        assert " passed" in said, said


def run_command(command: list[str], folder: Path, environment: Mapping[str, str], timeout: float) -> str:
    ran = subprocess.run(
        command, cwd=folder, env=environment, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, text=True, timeout=timeout
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout
