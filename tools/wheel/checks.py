"""What a wheel must be before it may lie in dist/."""

from __future__ import annotations

import os
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import metadata
from steps import BUILD, ROOT, run
from targets import GLIBC_MAX, Target

MAX_BYTES = 2_000_000
LIBC = {
    "glibc": re.compile(r"lib(c|m|dl|rt|pthread)\.so\.\d|ld-linux-[a-z0-9-]+\.so\.\d"),
    "musl": re.compile(r"libc\.(so|musl-\w+\.so\.1)"),
}
MACHINES = {"x86_64": "X86-64", "aarch64": "AArch64"}


def readelf(extension: Path, *options: str) -> str:
    return run("readelf", "--wide", *options, extension, env={"LC_ALL": "C"})


def exports(extension: Path) -> list[str]:
    """The names that others could bind to."""
    symbols = (line.split() for line in readelf(extension, "--dyn-syms").splitlines())
    return [words[7] for words in symbols if len(words) > 7 and words[4] in ("GLOBAL", "WEAK") and words[6] != "UND"]


def elf_faults(extension: Path, target: Target) -> Iterator[str]:
    dynamic = readelf(extension, "--dynamic")
    segments = readelf(extension, "--segments")
    if MACHINES[target.name.removesuffix("-musl")] not in readelf(extension, "--file-header"):
        yield "it is for another processor"
    if exports(extension) != ["PyInit__core"]:
        yield f"it exports {', '.join(exports(extension)[:10])}"
    if "TEXTREL" in dynamic:
        yield "it has text relocations"
    if "GNU_RELRO" not in segments or not re.search(r"BIND_NOW|\bNOW\b", dynamic):
        yield "it lacks full RELRO"
    if re.search(r"GNU_STACK.* RWE ", segments):
        yield "its stack is executable"
    if "RPATH" in dynamic or "RUNPATH" in dynamic:
        yield "it has a search path of its own"
    for name in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic):
        if not LIBC[target.libc].fullmatch(name):
            yield f"it needs {name}"
    for version in set(re.findall(r"Name: GLIBC_(\d[\d.]*)", readelf(extension, "--version-info"))):
        if tuple(map(int, version.split("."))) > GLIBC_MAX:
            yield f"it needs glibc {version}"


def path_faults(extension: Path) -> Iterator[str]:
    content = extension.read_bytes()
    for path in {str(ROOT), os.path.realpath(ROOT), str(Path.home()), sys.prefix, sys.base_prefix, "/tmp/"}:
        if len(path) > len("/usr") and path.encode() in content:
            yield f"the path {path} stands in it"


def tool_faults(wheel: Path, target: Target, abi: str) -> Iterator[str]:
    scripts = Path(sys.executable).parent
    if abi.endswith("abi3"):
        report = run(scripts / "abi3audit", "--strict", "--verbose", wheel)
        if "0 ABI version mismatches and 0 ABI violations" not in report:
            yield f"abi3audit says: {report.strip()}"
    if target.libc == "glibc":  # auditwheel cannot look at another one here
        report = " ".join(run(scripts / "auditwheel", "show", wheel).split())
        if f'platform tag: "{target.tag}"' not in report:
            yield f"auditwheel says: {report}"


def faults(wheel: Path, target: Target, abi: str) -> list[str]:
    """-> each promise that the wheel breaks, as half a sentence."""
    folder = BUILD / target.name / abi / "judged"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
        names = [name for name in archive.namelist() if name.endswith(".so")]
    if len(names) != 1:
        return [f"it holds {len(names)} extensions"]
    found = [*elf_faults(folder / names[0], target), *path_faults(folder / names[0]), *tool_faults(wheel, target, abi)]
    found += metadata.faults(wheel)
    if wheel.stat().st_size > MAX_BYTES:
        found.append(f"it has {wheel.stat().st_size} bytes, more than {MAX_BYTES}")
    if f"-{abi}-{target.tag}.whl" not in wheel.name:
        found.append(f"its name lacks the tags {abi}-{target.tag}")
    return found
