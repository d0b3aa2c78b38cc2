"""The Python for which a wheel is built, and its tags."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from steps import BUILD, Stop, digest, keep, run
from targets import Target

ASK = """
import json, sys, sysconfig
print(json.dumps([
    sys.implementation.name, sys.version_info[:2], bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    sysconfig.get_path("include"), sysconfig.get_config_var("MULTIARCH") or "",
]))
"""


@dataclass(frozen=True)
class Interpreter:
    path: Path  # one that has setuptools
    minor: int
    free_threaded: bool
    include: Path
    multiarch: str

    @property
    def abi(self) -> str:
        """Its tags, interpreter and ABI. Only a free-threaded one has no limited API."""
        return f"cp3{self.minor}-cp3{self.minor}t" if self.free_threaded else "cp311-abi3"


def with_setuptools(path: Path) -> Path:
    """-> the same Python with the setuptools that runs here: its version stands in the wheel."""

    def make(folder: Path) -> None:
        run(path, "-m", "venv", folder / "venv")
        wanted = f"setuptools=={version('setuptools')}"
        run(folder / "venv/bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", wanted)

    facts = digest(str(path), run(path, "-VV"), version("setuptools"))
    return keep(f"python-{digest(str(path))}", facts, make) / "venv/bin/python"


def ask(path: Path) -> Interpreter:
    """Of `path`, or of the Python that runs this. Anything but CPython 3.11 or newer is refused."""
    name, (major, minor), free_threaded, include, multiarch = json.loads(run(path, "-c", ASK))
    if name != "cpython" or (major, minor) < (3, 11):
        raise Stop(f"wheels are built for CPython 3.11 or newer, and {path} is {name} {major}.{minor}")
    if not (Path(include) / "Python.h").is_file():
        raise Stop(f"the headers of Python {major}.{minor} are missing ({include}/Python.h)")
    if path != Path(sys.executable):
        path = with_setuptools(path)
    return Interpreter(path, minor, free_threaded, Path(include), multiarch)


def configuration(python: Interpreter, target: Target) -> Path:
    """-> a folder in which Python.h finds this target's configuration.

    Debian's pyconfig.h only includes `<ARCHITECTURE/python3.N/pyconfig.h>`, which lies among headers of this machine's
    C library. That one file serves every target: in what an extension sees, 64-bit Linuxes do not differ.
    """
    folder = BUILD / target.name / "python" / python.abi
    text = (python.include / "pyconfig.h").read_text()
    for name in sorted(set(re.findall(r"include <(\S+/pyconfig\.h)>", text))):
        own = python.include.parent / name.replace(name.split("/")[0], python.multiarch, 1)
        if own.is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(own.read_bytes())
    folder.mkdir(parents=True, exist_ok=True)
    return folder
