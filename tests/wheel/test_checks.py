"""A wheel that breaks a promise never gets into dist/: each is broken on purpose in a build of its own."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from built import ROOT, WHEEL

BUILD = """
import runpy, sys
sys.path.insert(0, "tools/wheel")
import checks, extension
{defect}
sys.argv[0] = "tools/wheel"
runpy.run_path("tools/wheel", run_name="__main__")
"""
LINK = "extension.LINK_FLAGS = tuple({flag} for flag in extension.LINK_FLAGS)"
DEFECTS = {
    "too large": ("checks.MAX_BYTES = 1000", "bytes, more than 1000"),
    "a newer C library": ("checks.GLIBC_MAX = (2, 4)", "it needs glibc 2."),
    "more exports": (LINK.format(flag="flag.replace(str(extension.EXPORTS), EVERYTHING)"), "it exports"),
    "bound late": (LINK.format(flag="flag.replace('-z,now', '-z,lazy')"), "it lacks full RELRO"),
    "a bill of materials that is none": (
        "import sbom\nmake = sbom.make\nsbom.make = lambda *facts: make(*facts).replace('CycloneDX', 'Cyclone')",
        "its bill of materials is not CycloneDX",
    ),
    "a licence left out": (
        "import contents\nall = contents.licences\ncontents.licences = lambda *facts: dict([all(*facts).popitem()])",
        "the licence OpenSSL/LICENSE.txt is missing",
    ),
    "another version": ("import metadata\nmetadata.project_version = lambda: '9.9'", "it is not of version 9.9"),
    "another library": ("extension.LINK_FLAGS += ('-Wl,--no-as-needed', OTHER)", "it needs lib"),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_wheel_with_a_defect_is_not_left_in_dist(name: str, tmp_path: Path) -> None:
    defect, complaint = DEFECTS[name]
    (tmp_path / WHEEL.path.name).write_bytes(b"one from before")
    everything = tmp_path / "exports.map"
    everything.write_text("{ global: *; };")
    other, *_ = Path(sysconfig.get_path("platlib")).glob("pycurl.libs/*.so*")  # some library that is surely here
    program = BUILD.format(defect=f"EVERYTHING, OTHER = {str(everything)!r}, {str(other)!r}\n{defect}")
    command: list[str | Path] = [WHEEL.tools / "python", "-c", program, "--python", sys.executable, "--dist", tmp_path]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 1
    assert f"{WHEEL.path.name} is not fit to be used: " in answer.stderr
    assert complaint in answer.stderr
    assert list(tmp_path.glob("*.whl")) == []
