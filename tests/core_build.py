"""Builds drivers of the C core under AddressSanitizer and UBSan.

A driver is one file of tests/core; it is linked with all of csrc/core and with tests/core/failing.c.
"""

from __future__ import annotations

import functools
import os
import shlex
import subprocess
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parent.parent
DRIVERS = ROOT / "tests" / "core"
# Not optimised: from -O1 on gcc 12 drops a check that this code needs (a read past the end of a cut-off escape).
# The variable lets valgrind, which cannot run what is sanitized, take their place.
SANITIZE = shlex.split(
    os.environ.get("ZUORA_CONNECT_SANITIZE", "-fsanitize=address,undefined -fno-sanitize-recover=all")
)
COMPILE = ["-std=c11", "-D_GNU_SOURCE", '-DZC_VERSION="0"', "-g", "-O0", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
WRAP = ["-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc"]


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done.stdout


def library_flags(option: str, variable: str) -> list[str]:
    """What pkg-config says, or the variable that setup.py takes instead."""
    if variable in os.environ:
        return shlex.split(os.environ[variable])
    pkg_config = shlex.split(os.environ.get("PKG_CONFIG", "pkg-config"))
    return shlex.split(run(*pkg_config, option, "libcurl", "libcjson"))


class Builder:
    def __init__(self, folder: Path, sanitize: list[str] = SANITIZE) -> None:
        cflags = library_flags("--cflags", "ZUORA_CONNECT_CFLAGS")
        above = [flag.removesuffix("/cjson") for flag in cflags if flag.endswith("/cjson")]
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.compiler = [*shlex.split(os.environ.get("CC", "cc")), *sanitize]
        self.flags = [*COMPILE, f"-I{ROOT / 'csrc'}", *cflags, *above]
        self.libraries = [*library_flags("--libs", "ZUORA_CONNECT_LIBS"), "-pthread"]
        self.core = self.objects([*sorted((ROOT / "csrc" / "core").glob("*.c")), DRIVERS / "failing.c"])

    def objects(self, sources: Iterable[Path]) -> list[Path]:
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            return list(workers.map(self.object, sources))

    def object(self, source: Path, *flags: str) -> Path:
        made = self.folder / f"{source.stem}.o"
        run(*self.compiler, *self.flags, *flags, "-c", source, "-o", made)
        return made

    def program(self, source: Path, *flags: str) -> Path:
        made = self.folder / source.stem
        run(*self.compiler, *WRAP, *flags, self.object(source), *self.core, *self.libraries, "-o", made)
        return made


@functools.cache
def builder(folder: Path) -> Builder:
    """The one of this test run, whose core is built once; `folder` holds what it makes."""
    return Builder(folder / "core")
