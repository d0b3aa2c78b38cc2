"""Debian's source packages through apt, with lists and a cache of our own.

The machine's configuration is read, for its mirrors, and never changed.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from steps import Stop, run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
FORMAT = "$(SITE)|$(RELEASE)|$(ORIGIN)"
# Of what a Debian machine has, the archive of a suite's packages and the one of its mends.
SUFFIXES = {"": ("{suite}", "{suite}-updates"), "-security": ("{suite}-security",)}


def mirrors() -> dict[str, str]:
    """-> "" and "-security", each with the URL from which this machine takes such Debian packages."""
    found: dict[str, str] = {}
    for line in run("apt-get", "indextargets", "--format", FORMAT, "Created-By: Packages").splitlines():
        site, release, origin = line.split("|")
        if origin == "Debian":
            found.setdefault("-security" if release.endswith("-security") else "", site)
    return found


def sources_list(suite: str) -> str:
    known = mirrors()
    if "" not in known:
        raise Stop("apt knows no Debian archive here, so the sources must be given: ./dev wheel --from DIR")
    return "\n".join(
        f"Types: deb-src\nURIs: {site}\nSuites: {' '.join(name.format(suite=suite) for name in SUFFIXES[kind])}\n"
        f"Components: main\nSigned-By: {KEYRING}\n"
        for kind, site in known.items()
    )


class Apt:
    """apt in a folder of its own."""

    def __init__(self, folder: Path, suite: str) -> None:
        self.suite = suite
        self.folder = folder
        for name in ("lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        listing = folder / "debian.sources"
        listing.write_text(sources_list(suite))
        self.options = [
            *("-o", f"Dir::Etc::SourceList={listing}", "-o", "Dir::Etc::SourceParts=-"),
            *("-o", f"Dir::State::Lists={folder / 'lists'}", "-o", f"Dir::Cache={folder / 'cache'}"),
            *("-o", "APT::Get::List-Cleanup=0", "-o", "APT::Sandbox::User=", "-o", "Acquire::Retries=2"),
        ]
        run("apt-get", *self.options, "-q", "update")

    def versions(self, package: str) -> set[str]:
        text = run("apt-cache", *self.options, "showsrc", "--only-source", package)
        return set(re.findall(r"^Version: (\S+)", text, re.MULTILINE))

    def fetch(self, package: str, version: str, into: Path) -> None:
        offered = self.versions(package)
        if version not in offered:
            raise Stop(
                f"{self.suite} no longer offers {package} {version} but {', '.join(sorted(offered)) or 'none'}: "
                "renew tools/wheel/pins.toml, or give the files with --from DIR"
            )
        run("apt-get", *self.options, "-q", "--download-only", "source", f"{package}={version}", cwd=into)


def fetch(suite: str, packages: dict[str, str], into: Path) -> None:
    """Puts the files of these source packages, name and version, into a folder, checked by apt's signatures."""
    if shutil.which("apt-get") is None:
        raise Stop("there is no apt here, so the sources must be given: ./dev wheel --from DIR")
    if not KEYRING.is_file():
        raise Stop(f"the keys of Debian's archive are missing ({KEYRING}, package debian-archive-keyring)")
    with TemporaryDirectory() as folder:
        apt = Apt(Path(folder), suite)
        for package, version in packages.items():
            apt.fetch(package, version, into)
