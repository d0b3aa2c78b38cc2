"""What is released: a commit whose version stands in one place; and whether Debian has mended what the wheel holds."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("c_compiler")  # it is about the source tree

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools/wheel"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PINS = tomllib.loads((TOOLS / "pins.toml").read_text())
LIBRARIES = [name for name, pin in PINS.items() if isinstance(pin, dict)]


def git(tree: Path, *words: str) -> None:
    who = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=tree, check=True, capture_output=True)


def test_version_stands_in_one_place() -> None:
    folders = ("zuora_connect", "csrc", "tools", "examples")
    sources = [ROOT / "setup.py", ROOT / "dev", *(path for folder in folders for path in (ROOT / folder).rglob("*.*"))]
    readable = [path for path in sources if path.suffix in {".py", ".pyi", ".c", ".h", ".toml", ""} and path.is_file()]
    assert len(readable) > 50
    assert [path.name for path in readable if f'"{VERSION}"' in path.read_text()] == []


# ---- what may be released


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A commit of this tree as it stands."""
    folder = tmp_path / "tree"
    if (ROOT / ".git").exists():
        listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        names = [Path(name) for name in listed if name and (ROOT / name).is_file()]
    else:  # the sources without their history, perhaps in a folder that another repository ignores
        names = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "all")
    return folder


def refusal(tree: Path) -> str:
    command: list[str | Path] = [sys.executable, tree / "tools/wheel/release.py"]
    answer = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 1
    assert not (tree / "dist").exists()
    return answer.stderr


def test_what_is_not_committed_is_not_released(tree: Path) -> None:
    (tree / "setup.py").write_text("# changed\n")
    (tree / "left.txt").touch()
    said = refusal(tree)
    assert "not a commit" in said
    assert "setup.py" in said
    assert "left.txt" in said


def test_version_without_a_line_in_the_changelog_is_not_released(tree: Path) -> None:
    project = tree / "pyproject.toml"
    project.write_text(project.read_text().replace(f'version = "{VERSION}"', 'version = "99.0.0"', 1))
    git(tree, "commit", "-qam", "a new version")
    assert "CHANGELOG.md does not begin with version 99.0.0" in refusal(tree)


# ---- the bill of materials


def test_bill_of_materials_says_what_is_pinned() -> None:
    code = "import sbom, sources; suite, pins = sources.read_pins(); print(sbom.make('1.2.3', suite, pins))"
    made = [
        subprocess.run([sys.executable, "-c", code], cwd=TOOLS, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert made[0] == made[1]
    bill = json.loads(made[0])
    assert (bill["bomFormat"], bill["metadata"]["component"]["purl"]) == ("CycloneDX", "pkg:pypi/zuora-connect@1.2.3")
    parts = {part["bom-ref"]: part for part in bill["components"]}
    assert set(parts) == set(LIBRARIES)
    for name, part in parts.items():
        assert part["version"] == PINS[name]["version"].rpartition("-")[0]
        files = {file["url"]: file["hashes"][0]["content"] for file in part["externalReferences"]}
        assert files == PINS[name]["files"]


# ---- what Debian has mended

Ask = Callable[..., subprocess.CompletedProcess[str]]


def entry(name: str, version: str, text: str) -> str:
    signature = " -- A <a@example.com>  Thu, 01 Jan 2026 00:00:00 +0000"
    return f"{name} ({version}) trixie; urgency=medium\n\n  * {text}\n\n{signature}\n\n"


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Runs `./dev advisories` on changelogs that begin with these entries, given by suite and package."""

    def run(**newer: str) -> subprocess.CompletedProcess[str]:
        for suite in (PINS["suite"], "sid"):
            (tmp_path / suite).mkdir()
            for name in LIBRARIES:
                pinned = entry(name, PINS[name]["version"], "CVE-2020-0001, in the wheel")
                (tmp_path / suite / name).write_text(newer.get(f"{suite}_{name}", "") + pinned)
        command: list[str | Path] = [sys.executable, TOOLS / "advisories.py", "--from", tmp_path]
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    return run


def test_pins_that_are_the_newest_are_well(ask: Ask) -> None:
    answer = ask()
    assert answer.returncode == 0, answer.stderr
    assert "CVE-2020-0001" not in answer.stdout
    assert "What this cannot tell" in answer.stdout


def test_mend_that_the_wheel_lacks_is_named(ask: Ask) -> None:
    newer = f"{PINS['curl']['version']}.1"
    answer = ask(trixie_curl=entry("curl", newer, "Fix CVE-2026-12345"))
    assert answer.returncode == 1
    assert f"{newer}: CVE-2026-12345" in answer.stdout


def test_hole_that_only_unstable_names_is_told_and_no_alarm(ask: Ask) -> None:
    answer = ask(sid_openssl=entry("openssl", "99.0-1", "CVE-2026-54321, and CVE-2020-0001 again"))
    assert answer.returncode == 0, answer.stderr
    assert "sid alone, 99.0-1: CVE-2026-54321\n" in answer.stdout


def test_what_cannot_be_found_out_is_no_all_clear(tmp_path: Path) -> None:
    command: list[str | Path] = [sys.executable, TOOLS / "advisories.py", "--from", tmp_path]
    answer = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "cannot be read" in answer.stderr
