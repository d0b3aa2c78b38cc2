"""./dev wheel: builds a wheel with its own libcurl, OpenSSL and cJSON, judges it, and only then lets it into dist/."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import checks
import compiler
import contents
import extension
import interpreter
import parts
import sources
import suite
import trial
from steps import BUILD, ROOT, Stop, say
from targets import TARGETS, Target, choose


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev wheel", description="Builds wheels that carry their own libcurl into dist/."
    )
    parser.add_argument("--from", dest="given", type=Path, metavar="DIR", help="take the sources from this folder")
    parser.add_argument(
        "--arch",
        action="append",
        metavar="ARCH",
        help=f"{', '.join(TARGETS)}, or all (default: this machine's); repeatable",
    )
    parser.add_argument("--python", type=Path, default=Path(sys.executable), help="build for this interpreter's ABI")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the wheels go (default: dist)")
    parser.add_argument("--fresh", action="store_true", help="build every part again")
    parser.add_argument(
        *("--test",),
        nargs=argparse.REMAINDER,
        help="then run tests/wheel and the whole suite on this machine's wheel, or what is given to pytest here",
    )
    return parser.parse_args()


def choose_all(names: list[str] | None) -> list[Target]:
    if names is not None and "all" in names:
        names = list(TARGETS)
    return [choose(name) for name in names] if names else [choose(None)]


def need(*programs: str) -> None:
    for program in programs:
        if shutil.which(program) is None:
            raise Stop(f"{program} is missing; install it with the system's packages")


def deliver(wheel: Path, dist: Path) -> Path:
    """-> where it lies now; never half of it."""
    dist.mkdir(parents=True, exist_ok=True)
    beside = dist / f".{wheel.name}"
    shutil.copyfile(wheel, beside)
    os.replace(beside, dist / wheel.name)
    return dist / wheel.name


def make_wheel(
    target: Target,
    python: interpreter.Interpreter,
    debian: str,
    pinned: dict[str, sources.Source],
    files: Path,
    dist: Path,
) -> Path:
    """-> where it lies in `dist`, fit to be used."""
    compiled = compiler.make(target)
    wheel = extension.build(compiled, python, parts.build(pinned, files, compiled))
    contents.complete(wheel, debian, list(pinned.values()), files)
    (dist / wheel.name).unlink(missing_ok=True)  # one from before must not be taken for this one
    found = checks.faults(wheel, target, python.abi)
    if target.is_native and not found:
        found = trial.fault(wheel, python, pinned)
    if found:
        raise Stop(f"{wheel.name} is not fit to be used: {'; '.join(found)}")
    delivered = deliver(wheel, dist)
    say(f"{delivered} ({wheel.stat().st_size / 1e6:.2f} MB)")
    return delivered


def main() -> int:
    arguments = read_arguments()
    targets = choose_all(arguments.arch)
    if arguments.test is not None and not targets[-1].is_native:
        raise Stop(f"only this machine's wheel can be tested here, and not the one for {targets[-1].name}")
    python = interpreter.ask(arguments.python)
    compiler.find_zig()
    debian, pins = sources.read_pins()
    files = sources.get(debian, pins, arguments.given)
    need("make", "perl", "patch", "tar", "xz", "readelf")
    pinned = {source.name: source for source in pins}
    for target in targets:
        if arguments.fresh:
            shutil.rmtree(BUILD / target.name, ignore_errors=True)
        wheel = make_wheel(target, python, debian, pinned, files, arguments.dist)
    if arguments.test is None:
        return 0
    versions = {name: source.upstream for name, source in pinned.items()}
    return suite.test(wheel, python, versions, arguments.test)


sys.exit(main())
