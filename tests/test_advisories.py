"""Whether Debian has mended what the wheel holds, as `./dev advisories` says it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from debian_changelogs import Changelogs

pytestmark = pytest.mark.usefixtures("c_compiler")  # it is about the source tree

TOOLS = Path(__file__).parent.parent / "tools/wheel"
PINS = tomllib.loads((TOOLS / "pins.toml").read_text())
Answer = subprocess.CompletedProcess[str]
Ask = Callable[..., Answer]


def run(tools: Path, changelogs: Path) -> Answer:
    command: list[str | Path] = [sys.executable, tools / "advisories.py", "--from", changelogs]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


@pytest.fixture
def ask(changelogs: Changelogs, tmp_path: Path) -> Ask:
    """Runs it on these changelogs, see Changelogs.write."""

    def ask_it(judged: str = "", **newer: str) -> Answer:
        tools = tmp_path / "tools/wheel"
        shutil.copytree(TOOLS, tools)
        changelogs.write(tools, judged, **newer)
        return run(tools, changelogs.folder)

    return ask_it


def test_pins_that_are_the_newest_are_well(ask: Ask) -> None:
    answer = ask()
    assert answer.returncode == 0, answer.stderr
    assert "CVE-2020-0001" not in answer.stdout
    assert "What this cannot tell" in answer.stdout


def test_mend_that_the_wheel_lacks_is_named(ask: Ask) -> None:
    answer = ask(trixie_curl=Changelogs.entry("curl", "1.0-1.1", "Fix CVE-2026-12345"))
    assert answer.returncode == 1
    assert "1.0-1.1: CVE-2026-12345" in answer.stdout


def test_hole_that_only_unstable_names_is_told_and_no_alarm(ask: Ask) -> None:
    answer = ask(sid_openssl=Changelogs.entry("openssl", "99.0-1", "CVE-2026-54321, and CVE-2020-0001 again"))
    assert answer.returncode == 0, answer.stderr
    assert "sid alone, 99.0-1: CVE-2026-54321\n" in answer.stdout


JUDGED = 'CVE-2026-12345 = "of FTP: --disable-ftp"'


def test_hole_that_a_login_does_not_reach_is_told_with_its_reason_and_no_alarm(ask: Ask) -> None:
    answer = ask(JUDGED, trixie_curl=Changelogs.entry("curl", "1.0-2", "Fix CVE-2026-12345"))
    assert answer.returncode == 0, answer.stderr
    assert "CVE-2026-12345, not reached: of FTP: --disable-ftp\n" in answer.stdout


def test_judged_hole_excuses_no_other_one(ask: Ask) -> None:
    answer = ask(JUDGED, trixie_curl=Changelogs.entry("curl", "1.0-2", "CVE-2026-12345 and CVE-2026-12346"))
    assert answer.returncode == 1
    assert "1.0-2: CVE-2026-12346 (1 not reached)\n" in answer.stdout


def test_judgement_that_outlived_its_hole_is_named(ask: Ask) -> None:
    answer = ask(JUDGED)
    assert answer.returncode == 2
    assert "judges holes that no version after 1.0-1 mends: CVE-2026-12345" in answer.stderr


def test_what_cannot_be_found_out_is_no_all_clear(tmp_path: Path) -> None:
    answer = run(TOOLS, tmp_path)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "cannot be read" in answer.stderr


@pytest.mark.parametrize("name", ["openssl", "curl"])
def test_what_a_judgement_names_is_so(name: str) -> None:
    """The options leave the code out, and the patches are applied."""
    options = (TOOLS / f"{name}.options").read_text().split()
    reasons = PINS[name].get("not_reached", {})
    for hole, reason in reasons.items():
        assert re.fullmatch(r"CVE-\d{4}-\d{4,}", hole)
        words = reason.split()
        assert [word for word in words if word.startswith(("no-", "--")) and word not in options] == []
        assert all((TOOLS / word).is_file() for word in words if word.endswith(".patch"))
