"""What `./dev wheel` says when it must refuse, each time in one sentence, before anything is built.

What it builds is tested by `./dev wheel --test`, in tests/wheel.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("c_compiler")

ROOT = Path(__file__).parent.parent
PINS = tomllib.loads((ROOT / "tools/wheel/pins.toml").read_text())
FILES = [name for pin in PINS.values() if isinstance(pin, dict) for name in pin["files"]]


@pytest.fixture
def compiler(tmp_path: Path) -> Path:
    """Stands for the one from PyPI, which is not installed where only the tests run."""
    zig = tmp_path / "site/ziglang/zig"
    zig.parent.mkdir(parents=True)
    (zig.parent / "__init__.py").touch()
    zig.write_text("#!/bin/sh\nexit 1\n")
    zig.chmod(0o755)
    return zig


def refusal(site: Path, *arguments: str | Path, platform: str = "linux") -> str:
    program = (
        f"import runpy, sys; sys.platform = {platform!r}; sys.path.insert(0, {str(site)!r}); "
        "sys.argv[0] = 'tools/wheel'; runpy.run_path('tools/wheel', run_name='__main__')"
    )
    command = [sys.executable, "-c", program, *arguments, "--dist", site / "dist"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 1, answer.stderr
    assert not (site / "dist").exists()
    [line] = answer.stderr.splitlines()
    return line.removeprefix("wheel: ")


def test_what_is_pinned_has_a_version_and_checksums() -> None:
    assert {name for name, pin in PINS.items() if isinstance(pin, dict)} == {"openssl", "curl", "cjson"}
    for pin in PINS.values():
        if isinstance(pin, dict):
            assert pin["version"]
            assert all(re.fullmatch("[0-9a-f]{64}", checksum) for checksum in pin["files"].values())


def test_source_with_the_wrong_checksum_is_named(compiler: Path, tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(b"something else")
    said = refusal(compiler.parents[1], "--from", folder)
    assert said.startswith(f"{FILES[0]} has the wrong checksum: its SHA-256 is ")
    assert said.endswith(PINS["openssl"]["files"][FILES[0]])


def test_missing_source_is_named(compiler: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    said = refusal(compiler.parents[1], "--from", tmp_path / "sources")
    assert said == f"{FILES[0]} is missing in {tmp_path / 'sources'}"


def test_missing_folder_is_said_plainly(compiler: Path) -> None:
    assert refusal(compiler.parents[1], "--from", "/nowhere") == "there is no folder /nowhere"


def test_missing_compiler_is_said_plainly(compiler: Path) -> None:
    compiler.unlink()
    assert refusal(compiler.parents[1]) == f"the compiler is missing: there is no {compiler}"


def test_other_processor_is_said_plainly(compiler: Path) -> None:
    said = refusal(compiler.parents[1], "--arch", "riscv64")
    assert said == "there is no wheel for riscv64, but for x86_64, aarch64, x86_64-musl, aarch64-musl"


def test_other_system_is_said_plainly(compiler: Path) -> None:
    assert refusal(compiler.parents[1], platform="darwin") == "wheels are built on Linux, and this is darwin"


def test_unusable_python_is_said_plainly(compiler: Path) -> None:
    assert refusal(compiler.parents[1], "--python", "/nowhere/python").startswith("/nowhere/python cannot be run")


def test_the_tests_of_the_wheel_are_among_those_that_run_on_it() -> None:
    """pytest says nothing of a folder that it leaves out."""
    code = "import json, suite; print(json.dumps(suite.address(['-q'])))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "tools/wheel", capture_output=True, text=True)
    collect = [sys.executable, "-P", "-m", "pytest", "--collect-only", "-p", "no:cacheprovider"]
    collected = [
        subprocess.run([*collect, *run], cwd=ROOT, capture_output=True, text=True).stdout
        for run in json.loads(said.stdout)
    ]
    assert any("test_certificate.py::" in names for names in collected)
    assert any("test_input.py::" in names for names in collected)
