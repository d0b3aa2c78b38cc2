"""Instructions and system calls of one login, counted: what a noisy machine cannot hide.

Two runs that differ by a known number of logins on a kept-alive connection, under callgrind or strace: what start-up
and the first login take falls out of the difference.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from children import Children
from measure import clean_environment, read_child
from server import Server

FEW, MORE = 100, 300
AT_MOST = 30
NEGLIGIBLE = 0.05
OURS = re.compile(r"_core\..*so")

Key = TypeVar("Key")
Order = Callable[[float, float], float]

# A line of strace's table: % time, seconds, us a call, calls, perhaps errors, name.
STRACED = re.compile(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) (?:[ \d]+ )?(\w+)$", re.MULTILINE)


@dataclass(frozen=True)
class Counts:
    """Of one login. Instructions are by shared object and function."""

    instructions: Mapping[tuple[str, str], float]
    system_calls: Mapping[str, float]

    def by_object(self) -> dict[str, float]:
        total: dict[str, float] = {}
        for (place, _), n in self.instructions.items():
            total[place] = total.get(place, 0) + n
        return total

    def by_function(self) -> dict[str, float]:
        return {f"{name}, {place}": n for (place, name), n in self.instructions.items()}

    def of_ours(self) -> dict[str, float]:
        return {name: n for (place, name), n in self.instructions.items() if OURS.fullmatch(place)}


def count(children: Children, server: Server) -> Counts:
    return Counts(difference(callgrind, children, server), difference(strace, children, server))


def difference(
    counted: "Callable[[list[str]], Counter[Key]]", children: Children, server: Server
) -> "dict[Key, float]":
    # Not counted: compiles what is imported.
    read_child(children.logins(FEW, server.url(), server.bundle), clean_environment())
    few, more = (counted(children.logins(n, server.url(), server.bundle)) for n in (FEW, MORE))
    more.subtract(few)
    return {key: n / (MORE - FEW) for key, n in more.items() if n}


def callgrind(command: list[str]) -> "Counter[tuple[str, str]]":
    with tempfile.NamedTemporaryFile() as file:
        options = [
            "--tool=callgrind",
            "--compress-strings=no",
            "--compress-pos=no",
            f"--callgrind-out-file={file.name}",
        ]
        # Texts hash to the same places in both runs, or their dictionaries would differ.
        read_child(["valgrind", *options, *command], {**clean_environment(), "PYTHONHASHSEED": "0"})
        return read_callgrind(Path(file.name).read_text())


def read_callgrind(text: str) -> "Counter[tuple[str, str]]":
    """Each function's own instructions. The line after "calls=" is what its callee took."""
    counts: Counter[tuple[str, str]] = Counter()
    place = name = ""
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("ob="):
            place = Path(line[3:]).name
        elif line.startswith("fn="):
            name = re.sub(r"'\d+$", "", line[3:])
        elif line.startswith("calls="):
            next(lines)
        elif line[:1].isdigit():
            counts[place, name] += int(line.split()[1])
    return counts


def strace(command: list[str]) -> "Counter[str]":
    with tempfile.NamedTemporaryFile() as file:
        read_child(["strace", "-f", "-c", "-o", file.name, *command], clean_environment())
        table = Path(file.name).read_text()
    return Counter({name: int(n) for n, name in STRACED.findall(table) if name != "total"})


def as_markdown(base: Counts, ours: Counts, base_name: str = "C program", ours_name: str = "zuora_connect") -> str:
    def table(what: str, its: Mapping[str, float], mine: Mapping[str, float], by: Order = largest) -> str:
        def cells(name: str, one: float, other: float) -> str:
            return f"| {name} | {one:,.1f} | {other:,.1f} | {other - one:+,.1f} |\n"

        both = {name: (its.get(name, 0.0), mine.get(name, 0.0)) for name in {*its, *mine}}
        names = [name for name in both if by(*both[name]) >= NEGLIGIBLE]
        shown = sorted(names, key=lambda name: (-by(*both[name]), name))[:AT_MOST]
        return (
            f"| {what} | {base_name} | {ours_name} | difference |\n|---|---:|---:|---:|\n"
            + "".join(cells(name, *both[name]) for name in shown)
            + cells("all", sum(its.values()), sum(mine.values()))
        )

    return "\n".join(
        [
            table("instructions by shared object", base.by_object(), ours.by_object()),
            table("instructions of our own functions", base.of_ours(), ours.of_ours()),
            table(
                "instructions of the functions that differ most", base.by_function(), ours.by_function(), by=distance
            ),
            table("system calls", base.system_calls, ours.system_calls),
        ]
    )


def largest(its: float, mine: float) -> float:
    return max(its, mine)


def distance(its: float, mine: float) -> float:
    return abs(mine - its)
