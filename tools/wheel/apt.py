"""Debian's packages through apt, with lists and a cache of our own.

The machine's configuration is read, for its mirrors, and never changed.
"""

from __future__ import annotations

import gzip
import re
import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from steps import Stop, run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FORMAT = "$(SITE)|$(RELEASE)|$(ORIGIN)"
# Of what a Debian machine has, the archive of a suite's packages and the one of its mends.
SUFFIXES = {"": ("{suite}", "{suite}-updates"), "-security": ("{suite}-security",)}
UNSTABLE = "sid"  # which has neither
NEWEST = ""  # of a package's versions


@cache
def mirrors() -> dict[str, str]:
    """-> "" and "-security", each with the URL from which this machine takes such Debian packages."""
    found: dict[str, str] = {}
    for line in run("apt-get", "indextargets", "--format", FORMAT, "Created-By: Packages").splitlines():
        site, release, origin = line.split("|")
        if origin == "Debian":
            found.setdefault("-security" if release.endswith("-security") else "", site)
    return found


def sources_list(suite: str, kind: str) -> str:
    known = mirrors()
    if "" not in known:
        raise Stop("apt knows no Debian archive here")
    archives = {"": (UNSTABLE,)} if suite == UNSTABLE else SUFFIXES
    return "\n".join(
        f"Types: {kind}\nURIs: {known[archive]}\nSuites: {' '.join(name.format(suite=suite) for name in names)}\n"
        f"Components: main\nSigned-By: {KEYRING}\n"
        for archive, names in archives.items()
        if archive in known
    )


class Apt:
    """apt in a folder of its own; `kind` of packages: deb-src or deb."""

    def __init__(self, folder: Path, suite: str, kind: str = "deb-src") -> None:
        self.suite = suite
        self.folder = folder
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        listing = folder / "debian.sources"
        listing.write_text(sources_list(suite, kind))
        self.options = [
            *("-o", f"Dir::Etc::SourceList={listing}", "-o", "Dir::Etc::SourceParts=-"),
            *("-o", f"Dir::State::Lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"),
            *("-o", "APT::Get::List-Cleanup=0", "-o", "APT::Sandbox::User=", "-o", "Acquire::Retries=2"),
        ]
        run("apt-get", *self.options, "-q", "update")

    def versions(self, package: str) -> set[str]:
        text = run("apt-cache", *self.options, "showsrc", "--only-source", package)
        return set(re.findall(r"^Version: (\S+)", text, re.MULTILINE))

    def changelog(self, package: str) -> str:
        """Of a binary package's newest version: that of its source, and often there where the source is not yet."""
        into = self.folder / package
        into.mkdir()
        run("apt-get", *self.options, "-q", "download", package, cwd=into)
        (archive,) = into.glob("*.deb")
        run("dpkg-deb", "--extract", archive, into / "files")
        with gzip.open(into / f"files/usr/share/doc/{package}/changelog.Debian.gz", "rt", encoding="utf-8") as text:
            return text.read()

    def fetch(self, package: str, version: str, into: Path) -> None:
        offered = self.versions(package)
        if version != NEWEST and version not in offered:
            raise Stop(
                f"{self.suite} no longer offers {package} {version} but {', '.join(sorted(offered)) or 'none'}: "
                "renew tools/wheel/pins.toml, or give the files with --from DIR"
            )
        chosen = f"{package}={version}".removesuffix("=")
        run("apt-get", *self.options, "-q", "--download-only", "--only-source", "source", chosen, cwd=into)


def fetch(suite: str, packages: dict[str, str], into: Path, *, otherwise: str) -> None:
    """Puts the files of these source packages, name and version, into a folder, checked by apt's signatures.

    `otherwise` says what to do where there is no Debian archive.
    """
    if shutil.which("apt-get") is None or "" not in mirrors():
        raise Stop(f"there is no apt here that knows a Debian archive: {otherwise}")
    if not KEYRING.is_file():
        raise Stop(f"the keys of Debian's archive are missing ({KEYRING}, package debian-archive-keyring)")
    with TemporaryDirectory() as folder:
        apt = Apt(Path(folder), suite)
        for package, version in packages.items():
            apt.fetch(package, version, into)
