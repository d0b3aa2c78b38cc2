"""What is released: a commit whose version stands in one place, with the newest mends; and its bill of materials."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from debian_changelogs import Changelogs

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


def refusal(tree: Path, *arguments: str | Path) -> str:
    command: list[str | Path] = [sys.executable, tree / "tools/wheel/release.py", *arguments]
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


def test_release_that_would_lack_a_mend_is_refused(tree: Path, changelogs: Changelogs) -> None:
    newer = changelogs.entry("curl", "99.0-1", "CVE-2026-12345")
    changelogs.write(tree / "tools/wheel", trixie_curl=newer)
    git(tree, "commit", "-qam", "pins of the test")
    said = refusal(tree, "--changelogs", changelogs.folder)
    assert "it must not be published: " in said
    assert "curl 1.0-1 lacks trixie's mends of CVE-2026-12345" in said


def test_release_of_which_nobody_knows_what_it_lacks_is_refused(tree: Path, tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tree, "--changelogs", tmp_path / "nowhere")


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
    told = {hole["id"]: hole["analysis"]["state"] for hole in bill["vulnerabilities"]}
    assert told == {hole: "not_affected" for name in LIBRARIES for hole in PINS[name].get("not_reached", {})}
