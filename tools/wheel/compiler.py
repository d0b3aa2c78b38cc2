"""The compiler: zig's clang from PyPI, which brings the C library of each target in any version.

It stands behind commands named cc, ar and ranlib: OpenSSL writes its compiler and flags into the library,
and so both are the same on every machine.
"""

from __future__ import annotations

import importlib.util
import os
import shlex
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from steps import BUILD, ROOT, Stop, digest
from targets import Target

# 2026-01-01, for whatever writes a date into a file.
EPOCH = "1767225600"
# 0.1 MB larger than by -Os, and a login on a new connection takes a tenth less.
OPTIMISE = "-O2"
FLAGS = (
    *(OPTIMISE, "-fPIC", "-fvisibility=hidden", "-ffunction-sections", "-fdata-sections"),
    *("-fstack-protector-strong", "-Wdate-time", f"-ffile-prefix-map={ROOT}=."),
)


def find_zig() -> Path:
    spec = importlib.util.find_spec("ziglang")
    if spec is None or spec.origin is None:
        raise Stop("the compiler is missing: pip install ziglang, or ./dev wheel, which does that")
    zig = Path(spec.origin).with_name("zig")
    if not os.access(zig, os.X_OK):
        raise Stop(f"the compiler is missing: there is no {zig}")
    return zig


@dataclass(frozen=True)
class Compiler:
    target: Target
    folder: Path  # of its commands
    facts: str  # whatever its results depend on

    @property
    def environment(self) -> dict[str, str]:
        """Variables under which other programs find it."""
        commands = {"CC": "cc", "AR": "ar", "RANLIB": "ranlib", "LDSHARED": "cc -shared"}
        no_flags = {"CFLAGS": "", "CPPFLAGS": "", "LDFLAGS": ""}
        same_everywhere = {"SOURCE_DATE_EPOCH": EPOCH, "ZERO_AR_DATE": "1", "LC_ALL": "C", "TZ": "UTC"}
        return commands | no_flags | same_everywhere | {"PATH": f"{self.folder}:{os.environ['PATH']}"}


def make(target: Target) -> Compiler:
    zig = find_zig()
    try:
        release = version("ziglang")
    except PackageNotFoundError:
        release = "unknown"
    folder = BUILD / target.name / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    cache = shlex.quote(str(BUILD / "zig"))
    for name, words in (("cc", ["cc", "-target", target.zig, *FLAGS]), ("ar", ["ar"]), ("ranlib", ["ranlib"])):
        command = shlex.join([str(zig), *words])
        script = folder / name
        script.write_text(
            f'#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR={cache} ZIG_LOCAL_CACHE_DIR={cache}\nexec {command} "$@"\n'
        )
        script.chmod(0o755)
    return Compiler(target, folder, digest(release, target, FLAGS[:-1], EPOCH))
