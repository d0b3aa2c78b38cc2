"""./dev advisories: whether Debian has mended what the wheel carries since it was pinned.

Asked are Debian's changelogs of the pinned sources: in the pinned suite with its security updates, whose newest
version can be pinned as it is, and in unstable, which tells of holes that the suite has not mended, or not yet.
Exit status: 0 nothing newer names a hole, 1 the pinned suite has mends, 2 it could not be found out.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import apt
from apt import UNSTABLE
from sources import Source, read_pins
from steps import Stop

ENTRY = re.compile(
    r"^(?P<name>\S+) \((?P<version>\S+)\) (?P<suites>[^;]+);.*?\n(?P<text>.*?)^ -- ", re.MULTILINE | re.DOTALL
)
BINARIES = {"cjson": "libcjson1"}  # where no binary package has the source's name
HOLE = re.compile(r"CVE-\d{4}-\d{4,}")
SILENT = """What this cannot tell: holes that no changelog of Debian's names by now, those that upstream counts as bugs,
and whether a hole can be reached from a login. Look at the advisories of OpenSSL and curl, too: docs/releasing.md."""


@dataclass(frozen=True)
class Entry:
    """One version of a changelog."""

    version: str
    holes: frozenset[str]


def read_changelog(text: str) -> list[Entry]:
    """-> newest first."""
    return [Entry(said["version"], frozenset(HOLE.findall(said["text"]))) for said in ENTRY.finditer(text)]


def is_newer(version: str, other: str) -> bool:
    return subprocess.run(["dpkg", "--compare-versions", version, "gt", other]).returncode == 0


def ask_apt(suite: str, packages: list[str], folder: Path) -> dict[str, str]:
    """-> the changelog of each source's newest version in this suite."""
    if any(shutil.which(program) is None for program in ("apt-get", "dpkg", "dpkg-deb")):
        raise Stop("there is no apt here, so the changelogs must be given: ./dev advisories --from DIR")
    archive = apt.Apt(folder / suite, suite, "deb")
    return {package: archive.changelog(BINARIES.get(package, package)) for package in packages}


def read_folder(suite: str, packages: list[str], folder: Path) -> dict[str, str]:
    try:
        return {package: (folder / suite / package).read_text() for package in packages}
    except OSError as error:
        raise Stop(f"{error.filename} cannot be read: {error.strerror}") from None


def names(holes: frozenset[str]) -> str:
    return ", ".join(sorted(holes)) or "names no hole"


def report(source: Source, suite: str, stable: list[Entry], unstable: list[Entry]) -> bool:
    """Prints what is known of one source; -> whether the suite has mended holes in it."""
    if source.version not in {entry.version for entry in stable}:
        raise Stop(f"the changelog of {source.name} in {suite} does not know the pinned {source.version}")
    newer = [entry for entry in stable if is_newer(entry.version, source.version)]
    print(f"{source.name} {source.version}: {'to be renewed' if newer else f'the newest of {suite}'}")
    for entry in newer:
        print(f"    {suite} has {entry.version}: {names(entry.holes)}")
    known = frozenset[str]().union(*(entry.holes for entry in stable))
    later = [entry for entry in unstable if is_newer(entry.version, source.version) and entry.holes - known]
    for entry in later:
        print(f"    {UNSTABLE} alone, {entry.version}: {names(entry.holes - known)}")
    return any(entry.holes for entry in newer)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="./dev advisories", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--from",
        dest="given",
        type=Path,
        metavar="DIR",
        help="the changelogs lie in DIR/SUITE/PACKAGE; apt is not asked",
    )
    given = parser.parse_args().given
    suite, sources = read_pins()
    packages = [source.name for source in sources]
    with TemporaryDirectory() as folder:
        ask, where = (read_folder, given) if given else (ask_apt, Path(folder))
        stable, unstable = (ask(name, packages, where) for name in (suite, UNSTABLE))
    logs = [(source, read_changelog(stable[source.name]), read_changelog(unstable[source.name])) for source in sources]
    has_mends = [report(source, suite, old, new) for source, old, new in logs]
    print(SILENT)
    return int(any(has_mends))


if __name__ == "__main__":
    try:
        status = main()
    except Stop as stop:
        print(stop, file=sys.stderr)
        status = 2
    sys.exit(status)
