"""Sixteen threads of one client at once, on all cores: who keeps up where the GIL goes from core to core."""

from collections.abc import Sequence
from pathlib import Path

from measure import Row, Side, measure
from peers import Client
from report import as_table
from server import Server

THREADS = 16
PEERS = ("pycurl-system", "pycurl-wheel")

HERE = Path(__file__).resolve().parent


def as_markdown(ours: Client, others: Sequence[Client], server: Server, rounds: int, seconds: float) -> str:
    def side(client: Client) -> Side:
        script = str(HERE / "peer_threads.py")
        return Side([client.python, script, client.login, str(THREADS), str(seconds), server.url(), str(server.bundle)])

    rows = [
        Row(f"login, {THREADS} threads, beside {each.name}", side(each), side(ours), goal=1.0)
        for each in others
        if each.name in PEERS
    ]
    measure(rows, rounds, 0)
    return as_table([row.summary() for row in rows], "the other", ours.name)
