"""Threads of one client at once, on all cores: who keeps up where the GIL goes from core to core."""

from collections.abc import Sequence

from children import Python
from measure import Row, Side, measure
from peers import Client
from report import as_table
from server import Server
from threads import SOME

PEERS = ("pycurl-system", "pycurl-wheel")


def as_markdown(ours: Client, others: Sequence[Client], server: Server, rounds: int, seconds: float) -> str:
    def side(client: Client) -> Side:
        return Side(Python(client.python).threads(SOME, seconds, server.url(), server.bundle, client.login))

    rows = [
        Row(f"login, {SOME} threads, beside {each.name}", side(each), side(ours), goal=1.0)
        for each in others
        if each.name in PEERS
    ]
    measure(rows, rounds, 0)
    return as_table([row.summary() for row in rows], "the other", ours.name)
