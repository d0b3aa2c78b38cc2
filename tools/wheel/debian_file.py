"""One file of a Debian source package, whatever the package's revision.

usage: debian_file.py SUITE PACKAGE FILE SHA256 FOLDER

What FOLDER holds already is taken if its sum is right. Prints the path.
"""

from __future__ import annotations

import sys
from pathlib import Path

import apt
from steps import Stop, sha256


def is_right(path: Path, pinned: str) -> bool:
    return path.is_file() and sha256(path) == pinned


def get(suite: str, package: str, name: str, pinned: str, folder: Path) -> Path:
    path = folder.resolve() / name
    if is_right(path, pinned):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    apt.fetch(suite, {package: apt.NEWEST}, path.parent, otherwise=f"put {name} into {path.parent}")
    if not path.is_file():
        there = ", ".join(sorted(found.name for found in path.parent.glob("*.tar.*"))) or "nothing"
        raise Stop(f"{suite} has no {name} any more; it has {there}")
    if not is_right(path, pinned):
        raise Stop(f"{path} has the wrong checksum: its SHA-256 is {sha256(path)}, and {pinned} is pinned")
    return path


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    _, suite, package, name, pinned, folder = sys.argv
    print(get(suite, package, name, pinned, Path(folder)))
