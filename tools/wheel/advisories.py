"""./dev advisories: whether Debian has mended what the wheel carries since it was pinned.

Asked are Debian's changelogs of the pinned sources: in the pinned suite with its security updates, whose newest
version can be pinned as it is, and in unstable, which tells of holes that the suite has not mended, or not yet.
Exit status: 0 nothing newer names a hole that a login may reach, 1 the pinned suite has such mends, 2 it could not be
found out.
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
and those that nobody has judged. Look at the advisories of OpenSSL and curl, too: docs/releasing.md."""


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
        raise Stop("there is no apt here, so Debian's changelogs must be given (docs/releasing.md)")
    archive = apt.Apt(folder / suite, suite, "deb")
    return {package: archive.changelog(BINARIES.get(package, package)) for package in packages}


def read_folder(suite: str, packages: list[str], folder: Path) -> dict[str, str]:
    try:
        return {package: (folder / suite / package).read_text() for package in packages}
    except OSError as error:
        raise Stop(f"{error.filename} cannot be read: {error.strerror}") from None


@dataclass(frozen=True)
class Mends:
    """What is known of one source."""

    source: Source
    suite: str
    newer: list[Entry]  # versions of the suite after the pinned one
    unstable: list[Entry]  # versions of unstable that name holes the suite's changelog does not

    @property
    def holes(self) -> frozenset[str]:
        return frozenset[str]().union(*(entry.holes for entry in [*self.newer, *self.unstable]))

    @property
    def lacking(self) -> list[str]:
        """Holes that are mended in the suite, not in the pinned version, and that a login may reach for all we know."""
        mended = frozenset[str]().union(*(entry.holes for entry in self.newer))
        return sorted(mended - self.source.not_reached.keys())

    def tell(self) -> None:
        state = "to be renewed" if self.newer else f"the newest of {self.suite}"
        print(f"{self.source.name} {self.source.version}: {state}")
        for where, entries in ((f"{self.suite} has", self.newer), (f"{UNSTABLE} alone,", self.unstable)):
            for entry in entries:
                open_ones = sorted(entry.holes - self.source.not_reached.keys())
                n_judged = len(entry.holes) - len(open_ones)
                named = ", ".join(open_ones) or ("nothing that a login reaches" if n_judged else "names no hole")
                print(f"    {where} {entry.version}: {named}{f' ({n_judged} not reached)' if n_judged else ''}")
        for hole in sorted(self.holes & self.source.not_reached.keys()):
            print(f"    {hole}, not reached: {self.source.not_reached[hole]}")


def compare(source: Source, suite: str, stable: list[Entry], unstable: list[Entry]) -> Mends:
    if source.version not in {entry.version for entry in stable}:
        raise Stop(f"the changelog of {source.name} in {suite} does not know the pinned {source.version}")
    newer = [entry for entry in stable if is_newer(entry.version, source.version)]
    known = frozenset[str]().union(*(entry.holes for entry in stable))
    later = [Entry(entry.version, entry.holes - known) for entry in unstable if is_newer(entry.version, source.version)]
    mends = Mends(source, suite, newer, [entry for entry in later if entry.holes])
    stale = sorted(source.not_reached.keys() - mends.holes)
    if stale:
        raise Stop(
            f"tools/wheel/pins.toml judges holes that no version after {source.version} mends: {', '.join(stale)}"
        )
    return mends


def look(given: Path | None) -> list[Mends]:
    """-> one for each pinned source. The changelogs lie in `given`/SUITE/PACKAGE; without it, apt is asked."""
    suite, sources = read_pins()
    packages = [source.name for source in sources]
    with TemporaryDirectory() as folder:
        ask, where = (read_folder, given) if given else (ask_apt, Path(folder))
        stable, unstable = (ask(name, packages, where) for name in (suite, UNSTABLE))
    return [
        compare(source, suite, read_changelog(stable[source.name]), read_changelog(unstable[source.name]))
        for source in sources
    ]


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
    found = look(parser.parse_args().given)
    for mends in found:
        mends.tell()
    print(SILENT)
    return int(any(mends.lacking for mends in found))


if __name__ == "__main__":
    try:
        status = main()
    except Stop as stop:
        print(stop, file=sys.stderr)
        status = 2
    sys.exit(status)
