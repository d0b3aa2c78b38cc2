"""The clients beside each other: two tables as Markdown, every sample as JSON, and a plot."""

import json
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from latency import RTT_S
from measure import Summary
from peer_rows import ANEW, KEPT, NEW, Cell
from peers import Client
from plot import Bars, draw, duration
from report import as_list

FLOOR = "C program"


class Table:
    """The cells' summaries by client and column."""

    def __init__(self, cells: Sequence[Cell], columns: Sequence[str]) -> None:
        self.columns = columns
        self.clients: dict[str, dict[str, Summary]] = {}
        for cell in cells:
            self.clients.setdefault(cell.client, {})[cell.column] = cell.row.summary()

    def sort(self, column: str) -> None:
        """Who takes least comes first, who has nothing in this column last."""
        taken = {name: cells[column].ours if column in cells else math.inf for name, cells in self.clients.items()}
        self.clients = {name: self.clients[name] for name in sorted(taken, key=taken.__getitem__)}

    def floor(self, column: str) -> float | None:
        """What the C program took beside all the clients, where a ratio to it says something."""
        summaries = [cells[column] for cells in self.clients.values() if column in cells]
        if column == ANEW or any(each.compare != "ratio" for each in summaries):
            return None
        return statistics.median(each.base for each in summaries)

    def as_markdown(self, rtt_us: float | None = None) -> str:
        floor = [show(self.floor(column), rtt_us) for column in self.columns]
        lines = [line("client", self.columns), line("---", ["---:"] * len(self.columns)), line(FLOOR, floor)]
        for client, cells in self.clients.items():
            lines.append(line(client, [show_cell(cells.get(column), rtt_us) for column in self.columns]))
        return "".join(lines)

    def as_bars(self, columns: Sequence[str]) -> Bars:
        """Of those who have any, the C program first."""
        floor = [self.floor(column) for column in columns]
        wall = {name: [each[c].ours if c in each else None for c in columns] for name, each in self.clients.items()}
        return {FLOOR: floor, **{name: group for name, group in wall.items() if any(group)}}


@dataclass
class PeerReport:
    clients: Sequence[Client]
    missing: Mapping[str, str]
    near: Table
    far: Table
    about: Mapping[str, str]
    threads: str = ""  # a table of its own

    def publish(self, path: Path) -> None:
        """Prints it; writes it with the suffixes .md, .json and .svg."""
        self.near.sort(KEPT)
        missing = {name: f"cannot be measured: {reason}" for name, reason in self.missing.items()}
        versions = {client.name: client.version for client in self.clients}
        text = "\n".join(
            [
                self.near.as_markdown(),
                f"With a round trip of {RTT_S * 1e3:.0f} ms, in time and in round trips:\n",
                self.far.as_markdown(RTT_S * 1e6),
                *([f"With threads, on all cores, in pairs:\n\n{self.threads}"] if self.threads else []),
                as_list({**self.about, **versions, **missing}),
            ]
        )
        tables = {"near": self.near, "far": self.far}
        rows = {name: [asdict(each) for each in summaries(table)] for name, table in tables.items()}
        record = {"about": self.about, "clients": versions, "missing": self.missing, "rows": rows}
        plot = draw(
            "One login, by client (logarithmic)",
            self.near.as_bars([KEPT, NEW["TLSv1.2"], ANEW]),
            [KEPT, "new connection", ANEW],
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".md").write_text(text)
        path.with_suffix(".json").write_text(json.dumps(record, indent=1) + "\n")
        path.with_suffix(".svg").write_text(plot)
        print(text, end="")


def summaries(table: Table) -> Iterable[Summary]:
    return (each for cells in table.clients.values() for each in cells.values())


def line(first: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join([first, *cells])} |\n"


def show_cell(summary: Summary | None, rtt_us: float | None) -> str:
    if summary is None:
        return ""
    if summary.figure.endswith("_kb"):
        return f"{summary.median / 1024:+.1f} MB"
    if summary.compare == "difference":
        return f"+{show(summary.median, None)}"
    shown = show(summary.ours, rtt_us)
    return shown if rtt_us else f"{shown} ({summary.median:.2f} x)"


def show(wall_us: float | None, rtt_us: float | None) -> str:
    if wall_us is None:
        return ""
    return f"{duration(wall_us)}, {wall_us / rtt_us:.1f}" if rtt_us else duration(wall_us)
