"""docs/command-line.md: what it shows works, in the order in which it shows it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from client import PATIENCE
from doctors import STEPS

PAGE = (Path(__file__).parent.parent / "docs/command-line.md").read_text()
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


# A sanitizer that is preloaded hangs curl at its start.
SCRIPT = "".join(f"{block}\n" for block in ["set -eu", 'curl() { LD_PRELOAD= command curl "$@"; }', *BLOCKS])


@pytest.mark.usefixtures("c_compiler")  # curl, and so libcurl
def test_commands_of_the_page_work_as_shown(tmp_path: Path) -> None:
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    with subprocess.Popen(
        ["sh", "-c", SCRIPT],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        start_new_session=True,
    ) as shell:
        try:
            out, err = shell.communicate(timeout=60 * PATIENCE)
        finally:
            if shell.poll() is None:
                os.killpg(shell.pid, 9)
    assert shell.returncode == 0, err
    assert out.count('"success" : true') == 1, "curl logged in"
    assert out.count('"success": true,') == 2, "connect did"
    assert "refused: exit code 1" in out
    assert '"trackId": "nightly-run"' in out
    assert "us-1-sandbox" in out
    assert "\nlibcurl " in out
    assert all(f"\nok       {step:6} " in out for step in STEPS if step != "tunnel")
    assert "no answer: exit code 3" in out
    assert "Traceback" not in err


def test_every_step_of_doctor_is_explained() -> None:
    for step in STEPS:
        assert PAGE.partition("\n## Find out why")[2].count(f"| `{step}` |") == 2
