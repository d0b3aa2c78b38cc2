"""The pinned sources: got, verified byte for byte, unpacked and patched."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import apt
from steps import BUILD, ROOT, Stop, digest, keep, run, sha256

PINS = Path(__file__).with_name("pins.toml")
PATCHES = Path(__file__).with_name("patches")
CACHE = BUILD / "sources"


@dataclass(frozen=True)
class Source:
    name: str
    version: str  # Debian's
    left_out: tuple[str, ...]  # patches of Debian's that are not applied
    files: tuple[tuple[str, str], ...]  # name and SHA-256: upstream's archive, Debian's patches
    not_reached: dict[str, str] = field(
        repr=False, hash=False
    )  # holes and reasons, which no part has to be rebuilt for

    @property
    def upstream(self) -> str:
        """Upstream's version."""
        return self.version.rpartition("-")[0]

    @property
    def own_patches(self) -> list[Path]:
        return sorted((PATCHES / self.name).glob("*.patch"))

    @property
    def facts(self) -> str:
        return digest(self, [patch.read_text() for patch in self.own_patches])


def read_pins(path: Path = PINS) -> tuple[str, list[Source]]:
    """-> the Debian suite, and what is pinned of it."""
    table = tomllib.loads(path.read_text())
    suite = table.pop("suite")
    return suite, [
        Source(name, pin["version"], tuple(pin["left_out"]), tuple(pin["files"].items()), pin.get("not_reached", {}))
        for name, pin in table.items()
    ]


def verify(source: Source, folder: Path) -> None:
    for name, pinned in source.files:
        path = folder / name
        if not path.is_file():
            raise Stop(f"{name} is missing in {folder}")
        found = sha256(path)
        if found != pinned:
            raise Stop(
                f"{name} has the wrong checksum: its SHA-256 is {found}, and {PINS.relative_to(ROOT)} says {pinned}"
            )


def is_complete(source: Source, folder: Path) -> bool:
    return all((folder / name).is_file() and sha256(folder / name) == pinned for name, pinned in source.files)


def get(suite: str, sources: list[Source], given: Path | None) -> Path:
    """-> the folder with all files, each verified. Without a given one, apt fetches what the cache lacks."""
    folder = given or CACHE
    if given is None:
        CACHE.mkdir(parents=True, exist_ok=True)
        lacking = {source.name: source.version for source in sources if not is_complete(source, CACHE)}
        if lacking:
            apt.fetch(suite, lacking, CACHE, otherwise="give the sources with ./dev wheel --from DIR")
    elif not given.is_dir():
        raise Stop(f"there is no folder {given}")
    for source in sources:
        verify(source, folder)
    return folder


def unpack(source: Source, files: Path) -> Path:
    """-> the patched tree of a source, kept between runs."""

    def make(folder: Path) -> None:
        upstream, debian = (files / name for name, _ in source.files)
        run("tar", "-xf", upstream, "-C", folder)
        (tree,) = folder.iterdir()
        run("tar", "-xf", debian, "-C", folder)
        series = folder / "debian/patches"
        names = [line for line in (series / "series").read_text().split("\n") if line and not line.startswith("#")]
        for patch in [*(series / name for name in names if name not in source.left_out), *source.own_patches]:
            run("patch", "--silent", "--strip=1", f"--input={patch}", cwd=tree)
        shutil.move(tree, folder / "tree")

    return keep(f"{source.name}-source", source.facts, make) / "tree"
