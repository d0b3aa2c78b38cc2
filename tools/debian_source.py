"""One file of a Debian source package, whose SHA-256 is pinned, from the mirror that this machine uses.

usage: debian_source.py SUITE PACKAGE FILE SHA256 FOLDER

apt does it, with lists and a cache of its own below FOLDER, so that nothing of the machine's changes and SUITE may be
another than the machine's. What FOLDER holds already is taken if its sum is right. Prints the path.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def stop(reason: str) -> SystemExit:
    return SystemExit(f"debian_source: {reason}")


def run(*command: str, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    except OSError as error:
        raise stop(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode != 0:
        raise stop(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def mirror() -> str:
    """The first place of Debian's own archive that the machine's apt knows."""
    places = run("apt-get", "indextargets", "--format", "$(REPO_URI)").split()
    for place in places:
        if place.rstrip("/").endswith("/debian"):
            return place
    raise stop("apt knows no mirror of Debian's archive here")


def download(suite: str, package: str, folder: Path) -> None:
    """All files of the newest version of the package that this suite has."""
    own = folder / "apt"
    for name in ("lists/partial", "cache/archives/partial", "parts"):
        (own / name).mkdir(parents=True, exist_ok=True)
    sources = own / "sources.list"
    sources.write_text(f"deb-src [signed-by={KEYRING}] {mirror()} {suite} main\n")
    options = [
        f"-oDir::Etc::SourceList={sources}",
        f"-oDir::Etc::SourceParts={own / 'parts'}",
        f"-oDir::State::Lists={own / 'lists'}",
        f"-oDir::Cache={own / 'cache'}",
        "-oAPT::Sandbox::User=root",  # which reads folders that _apt may not
    ]
    run("apt-get", "-qq", *options, "update")
    run("apt-get", "-qq", *options, "source", "--download-only", "--only-source", package, cwd=folder)


def is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def fetch(suite: str, package: str, file: str, sha256: str, folder: Path) -> Path:
    path = folder.resolve() / file
    if is_right(path, sha256):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    download(suite, package, path.parent)
    if not path.is_file():
        there = ", ".join(sorted(found.name for found in path.parent.glob("*.tar.*"))) or "nothing"
        raise stop(f"{suite} has no {file} any more; it has {there}")
    if not is_right(path, sha256):
        raise stop(f"{path} is not what was pinned (SHA-256)")
    return path


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    _, suite, package, file, sha256, folder = sys.argv
    print(fetch(suite, package, file, sha256, Path(folder)))
