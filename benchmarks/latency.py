"""What the network's round trips make of a login: through the relay, with 40 ms there and back.

A kept connection costs one round trip. A new one costs one for TCP and one for the login, and for TLS 1.3 one more;
for TLS 1.2 two more, or one if the session is resumed, which Python's ssl never does by itself.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from children import CPrograms
from measure import Row, Side
from peer_rows import ANEW, KEPT, NEW, Cell, log_in
from peers import Client
from server import HOST

RTT_S = 0.04
CALLS = 5
CLIENTS = ("zuora_connect", "requests", "http.client")


def latency_cells(client: Client, programs: CPrograms, ports: Sequence[int], ca: Path) -> Iterator[Cell]:
    """`ports` lead to the server through the relay, one for each version of TLS."""

    def cell(column: str, base: list[str], ours: list[str]) -> Cell:
        sides = Side(base, batch=CALLS), Side(ours, batch=CALLS)
        return Cell(client.name, column, Row(f"{client.name}, far away: {column}", *sides))

    kept, *_ = urls = [f"https://{HOST}:{port}" for port in ports]
    yield cell(KEPT, programs.logins("N", kept, ca), log_in(client, "kept", "N", kept, ca))
    for column, url in zip(NEW.values(), urls, strict=True):
        close = f"{url}/close"
        yield cell(column, programs.logins("N", close, ca), log_in(client, "kept", "N", close, ca))
    if "anew" in client.forms:
        yield cell(ANEW, programs.logins("N", f"{kept}/close", ca), log_in(client, "anew", "N", kept, ca))
