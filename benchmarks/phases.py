"""Where the time of one login goes in the C program, by libcurl's own clock, with a name to look up."""

import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

from children import CPrograms
from measure import clean_environment, read_child
from server import HOST, TLS_VERSIONS, Server

COLUMNS = ("name lookup", "TCP", "TLS and CA store", "request and answer", "all")
LOGINS = 100


def as_markdown(programs: CPrograms, server: Server, processes: int) -> str:
    lines = [f"| a login of the C program, in us | {' | '.join(COLUMNS)} |", "|---|" + "---:|" * len(COLUMNS)]
    for name, medians in rows(programs, server, processes):
        lines.append(f"| {name} | {' | '.join(f'{us:.0f}' for us in medians)} |")
    return "\n".join(lines) + "\n"


def rows(programs: CPrograms, server: Server, processes: int) -> Iterator[tuple[str, Sequence[float]]]:
    def medians(n: int, base_url: str, store: Path) -> list[float]:
        """Of the last login of each process, if it is the only one, or of all but the first."""
        command = programs.phases(n, base_url.replace(HOST, "localhost"), store)
        logins = [
            [float(us) for us in line.split()]
            for _ in range(processes)
            for line in read_child(command, clean_environment()).splitlines()[min(n - 1, 1) :]
        ]
        return [statistics.median(column) for column in zip(*logins, strict=True)]

    for tls in TLS_VERSIONS:
        for store in server.stores:
            yield f"first, {tls}, {store.name}", medians(1, server.url(tls), store)
    for tls in TLS_VERSIONS:
        yield f"new connection, {tls}", medians(LOGINS, server.url(tls, close=True), server.bundle)
    yield "kept-alive connection", medians(LOGINS, server.url(), server.bundle)
