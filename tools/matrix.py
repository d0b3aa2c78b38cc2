"""The tests on the wheel and the sdist of dist/: in fresh Debian roots, and in each CPython of this machine.

A cell of this matrix is a place and a package; its outcome becomes a row of docs/platforms.md, and other rows stay.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs/platforms.md"
BUILD = ROOT / "build/matrix"
SUITES = ("bookworm", "trixie", "sid")
KINDS = ("wheel", "sdist")
HERE = "here"
TAIL_LINES = 40
CELL = re.compile(rf"(?P<place>[a-z]+)(/(?P<python>python3(\.\d+t?)?))?(:(?P<kind>{'|'.join(KINDS)}))?")
TABLE = re.compile(r"(?<=<!-- matrix -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)
N_HEAD_LINES = 2
N_DIGITS = 8
RESULT = re.compile(r"^=* *(\d+ (?:passed|failed|error).*?) in [\d.]+s", re.MULTILINE)
FACTS = re.compile(r"^facts: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    place: str  # a suite of Debian's, or "here"
    python: str  # its name there
    kind: str

    @property
    def name(self) -> str:
        where = self.place if self.python == "python3" else f"{self.place}/{self.python}"
        return f"{where}:{self.kind}"

    def command(self, package: Path) -> list[str]:
        folder = str(BUILD / "try" / self.name.translate(str.maketrans("/:", "--")))
        if self.place == HERE:
            return ["tools/try_package", folder, self.python, str(package)]
        prepare = f"tools/prepare_root {self.kind} {self.python}"
        trial = f"tools/try_package /srv/try {self.python} /srv/{package.name}"
        return ["tools/in_root", self.place, str(package), "sh", "-euc", f"{prepare} && {trial}"]


def pythons() -> list[str]:
    """The names of the CPythons of this machine, 3.11 or newer; pyenv's are there if `pyenv global` names them."""
    names = [f"python3.{minor}{kind}" for minor in range(11, 20) for kind in ("", "t")]
    return [name for name in names if runs(name)]


def runs(name: str) -> bool:
    return shutil.which(name) is not None and subprocess.run([name, "-V"], capture_output=True).returncode == 0


def everything() -> list[Cell]:
    roots = [Cell(suite, "python3", kind) for suite in SUITES for kind in KINDS]
    return roots + [Cell(HERE, name, "wheel") for name in pythons()]


def read_cells(words: list[str]) -> list[Cell]:
    if not words:
        return everything()
    cells = []
    for word in words:
        said = CELL.fullmatch(word)
        if said is None:
            sys.exit(f"matrix: {word} is no cell: bookworm, trixie:wheel and here/python3.12:wheel are some")
        kinds = [said["kind"]] if said["kind"] else KINDS
        cells += [Cell(said["place"], said["python"] or "python3", kind) for kind in kinds]
    return cells


def find_package(dist: Path, cell: Cell) -> Path:
    abi = re.sub(r"python3\.(\d+)t", r"cp3\1-cp3\1t", cell.python) if cell.python.endswith("t") else "cp311-abi3"
    name = f"*-{abi}-manylinux*_{os.uname().machine}.whl" if cell.kind == "wheel" else "*.tar.gz"
    found = sorted(dist.glob(f"zuora_connect-{name}"))
    if len(found) != 1:
        sys.exit(f"matrix: {dist} holds {len(found)} files {name} where one is needed; ./dev release makes it")
    return found[0]


def run(cell: Cell, package: Path) -> tuple[str, bool]:
    """-> its row of the table, and whether all went well."""
    BUILD.mkdir(parents=True, exist_ok=True)
    log = BUILD / f"{cell.name.translate(str.maketrans('/:', '--'))}.log"
    with log.open("w") as file:
        status = subprocess.run(cell.command(package), cwd=ROOT, stdout=file, stderr=subprocess.STDOUT).returncode
    said = log.read_text(errors="replace")
    if status != 0:
        print("\n".join(said.splitlines()[-TAIL_LINES:]), file=sys.stderr)
    facts = FACTS.findall(said) or ["? | ? | ? | ?"]
    results = RESULT.findall(said) or ["did not run"]
    where = f"this machine, {cell.python}" if cell.place == HERE else cell.name.partition(":")[0]
    tried = hashlib.sha256(package.read_bytes()).hexdigest()[:N_DIGITS]
    return f"| {where} | {cell.kind} | {tried} | {facts[-1]} | {results[-1]} | {datetime.now(UTC):%F} |", status == 0


def key(row: str) -> str:
    return "|".join(row.split("|")[:3])


def keep(row: str) -> None:
    """Puts the row into the page, in place of that of the same cell."""
    page = PAGE.read_text()
    old = TABLE.search(page)
    if old is None:
        sys.exit(f"matrix: {PAGE} has no place for the table")
    lines = old[1].strip().split("\n")
    rows = {key(line): line for line in [*lines[N_HEAD_LINES:], row]}
    table = "\n".join([*lines[:N_HEAD_LINES], *rows.values()])
    beside = PAGE.with_suffix(".new")  # one that is stopped leaves the page whole
    beside.write_text(f"{page[: old.start()]}\n{table}\n\n{page[old.end() :]}")
    beside.replace(PAGE)


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev matrix", description=__doc__)
    parser.add_argument(
        "cells", nargs="*", metavar="PLACE[/PYTHON][:KIND]", help="bookworm, trixie:wheel, here/python3.12:wheel"
    )
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where the packages are (default: dist)")
    parser.add_argument("--list", action="store_true", help="only print which cells would run")
    arguments = parser.parse_args()
    cells = read_cells(arguments.cells)
    if arguments.list:
        print("\n".join(cell.name for cell in cells))
        return 0
    packages = [find_package(arguments.dist, cell) for cell in cells]
    failed = False
    for cell, package in zip(cells, packages, strict=True):
        row, is_good = run(cell, package)
        keep(row)
        print(row, flush=True)
        failed |= not is_good
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
