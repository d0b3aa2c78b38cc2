"""What `./dev matrix` tries: which cells, which package in each, and which tests on a wheel."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("c_compiler")  # it is about the source tree

ROOT = Path(__file__).parent.parent


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, timeout=60)


def matrix(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return run("tools/matrix.py", *words)


def test_every_suite_tries_the_wheel_and_the_sdist() -> None:
    cells = matrix("--list").stdout.split()
    assert {f"{suite}:{kind}" for suite in ("bookworm", "trixie", "sid") for kind in ("wheel", "sdist")} <= set(cells)
    assert all(cell.endswith(":wheel") for cell in cells if cell.startswith("here/"))


def test_cells_can_be_named_one_by_one() -> None:
    said = matrix("--list", "trixie:sdist", "sid/python3.14:wheel", "bookworm").stdout.split()
    assert said == ["trixie:sdist", "sid/python3.14:wheel", "bookworm:wheel", "bookworm:sdist"]


def test_cell_that_is_none_is_refused() -> None:
    answer = matrix("--list", "trixie:egg")
    assert answer.returncode == 1
    assert "trixie:egg is no cell" in answer.stderr


def test_package_that_is_not_there_is_said_before_anything_runs(tmp_path: Path) -> None:
    answer = matrix("--dist", tmp_path, "trixie:sdist")
    assert answer.returncode == 1
    assert "./dev release makes it" in answer.stderr


def test_a_wheel_is_tried_with_no_test_that_compiles() -> None:
    collect = ("-P", "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "-m", "not source")
    names = run(*collect, "tests/test_core.py", "tests/test_jupyter.py", "tests/test_deadline.py").stdout
    assert "test_core.py::" not in names
    assert "test_jupyter.py::" not in names, "its kernel runs with hanging_names.c in front of the C library"
    assert "test_deadline_holds_while_a_name_is_looked_up_for_ever" not in names
    assert "test_deadline_holds_wherever_a_login_is_stuck" in names
