"""./dev release: the sdist and the wheels of this commit, each checked and tried, with their checksums, in dist/.

Everything is made and judged in build/release; dist/ gets all of it, or nothing. With --rehearsal, also where it must
not be published: the changelog has no date yet, or Debian has mended holes in what the wheels carry.
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import re
import shutil
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import advisories
import compiler
import interpreter
import metadata
import trial
from steps import ROOT, Stop, run, say, sha256

STAGE = ROOT / "build/release"
MADE = STAGE / "dist"
SUMS = "SHA256SUMS"


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./dev release", description="Makes what is published: sdist, wheels, checksums; in dist/ if all is well."
    )
    parser.add_argument("--from", dest="given", type=Path, metavar="DIR", help="as for ./dev wheel")
    parser.add_argument("--arch", action="append", metavar="ARCH", help="as for ./dev wheel; repeatable")
    parser.add_argument(
        "--python",
        action="append",
        default=[],
        metavar="PYTHON",
        help="one more wheel, for this Python's ABI; repeatable",
    )
    parser.add_argument("--changelogs", type=Path, metavar="DIR", help="Debian's, as for ./dev advisories --from")
    parser.add_argument("--rehearsal", action="store_true", help="make and judge what must not be published")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the results go (default: dist)")
    return parser.parse_args()


def refuse_changes() -> None:
    """What is released is a commit, and nothing that lies beside it."""
    changed = run("git", "status", "--porcelain", cwd=ROOT).splitlines()
    if changed:
        raise Stop(f"this tree is not a commit; commit or remove: {', '.join(line[3:] for line in changed[:10])}")


def changelog_faults(version: str) -> Iterator[str]:
    """-> why this version is not to be published. One that the changelog does not begin with is refused."""
    sections = re.findall(r"^## (\S+)(.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    if not sections or sections[0][0] != version:
        raise Stop(f"CHANGELOG.md does not begin with version {version}, which is pyproject.toml's")
    if "not released" in sections[0][1]:
        yield f"CHANGELOG.md has no date for {version}"


def hole_faults(changelogs: Path | None) -> Iterator[str]:
    """-> mends of what the wheels carry that they would lack."""
    for mends in advisories.look(changelogs):
        if mends.lacking:
            source = mends.source
            yield f"{source.name} {source.version} lacks {mends.suite}'s mends of {', '.join(mends.lacking)}"


def refuse_the_unfit(version: str, changelogs: Path | None, *, rehearsal: bool) -> None:
    found = [*changelog_faults(version), *hole_faults(changelogs)]
    if found and not rehearsal:
        raise Stop(
            f"it must not be published: {'; '.join(found)} (docs/releasing.md; --rehearsal makes it all the same)"
        )
    for fault in found:
        say(f"a rehearsal: {fault}")


def clear(dist: Path) -> None:
    """Nothing of an earlier release may be taken for this one's."""
    for path in [*dist.glob("zuora_connect-*"), dist / SUMS]:
        path.unlink(missing_ok=True)


def same_everywhere(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = int(compiler.EPOCH)
    entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
    return entry


def without_chance(sdist: Path) -> None:
    """Writes the archive anew: one order, one date, one owner."""
    packed = io.BytesIO()
    with tarfile.open(sdist) as old, tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new:
        for entry in sorted(old.getmembers(), key=lambda entry: entry.name):
            entry.pax_headers = {}
            new.addfile(same_everywhere(entry), old.extractfile(entry) if entry.isfile() else None)
    with sdist.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=int(compiler.EPOCH)) as archive:
        archive.write(packed.getvalue())


def make_sdist() -> Path:
    tree = STAGE / "tree"
    run(ROOT / "tools/copy_tree", tree, cwd=ROOT)
    run(sys.executable, "-m", "build", "--sdist", "--outdir", MADE, tree, log=STAGE / "sdist.log")
    (sdist,) = MADE.glob("*.tar.gz")
    without_chance(sdist)
    return sdist


def make_wheels(arguments: argparse.Namespace) -> None:
    """Each is judged and, where this machine can run it, tried before it lies there: checks.py, trial.py."""
    command: list[str | Path] = [sys.executable, ROOT / "tools/wheel", "--dist", MADE]
    if arguments.given:
        command += ["--from", arguments.given]
    run(*command, *(word for arch in arguments.arch or [] for word in ("--arch", arch)), log=STAGE / "wheels.log")
    for python in arguments.python:
        run(*command, "--python", python, log=STAGE / f"wheel-{Path(python).name}.log")


def try_sdist(sdist: Path, version: str) -> None:
    """Built by pip from nothing but itself, on the system's libraries; then one login."""
    folder = STAGE / "trial"
    shutil.rmtree(folder, ignore_errors=True)
    python = interpreter.ask(Path(sys.executable))
    run(python.path, "-m", "venv", folder)
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-cache-dir")
    run(folder / "bin/python", "-m", "pip", "install", *options, sdist, log=STAGE / "trial.log")
    say(f"the sdist, built here, logs in on {trial.log_in(folder / 'bin/python')}")
    found = run(folder / "bin/python", "-I", "-c", "import zuora_connect; print(zuora_connect.__version__)", cwd=folder)
    if found.strip() != version:
        raise Stop(f"the sdist calls itself {found.strip()} and not {version}")


def write_sums(folder: Path) -> None:
    lines = [f"{sha256(path)}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / SUMS).write_text("".join(lines))


def deliver(dist: Path) -> None:
    """The checksums last: where they lie, all of what they name lies too."""
    dist.mkdir(parents=True, exist_ok=True)
    for path in sorted(MADE.iterdir(), key=lambda path: path.name == SUMS):
        beside = dist / f".{path.name}"
        shutil.copyfile(path, beside)
        os.replace(beside, dist / path.name)
        say(f"{dist / path.name} ({path.stat().st_size / 1e6:.2f} MB)")


def main() -> None:
    arguments = read_arguments()
    refuse_changes()
    version = metadata.project_version()
    refuse_the_unfit(version, arguments.changelogs, rehearsal=arguments.rehearsal)
    clear(arguments.dist)
    shutil.rmtree(MADE, ignore_errors=True)
    MADE.mkdir(parents=True)
    sdist = make_sdist()
    for fault in metadata.tool_faults(sdist):
        raise Stop(f"{sdist.name} is not fit to be used: {fault}")
    try_sdist(sdist, version)
    make_wheels(arguments)
    write_sums(MADE)
    deliver(arguments.dist)


if __name__ == "__main__":
    main()
