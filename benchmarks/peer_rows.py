"""What is measured of each client: logins on a kept and on new connections, a whole process, import and memory.

A batch of the C program goes before each batch of logins, on the same kind of connection and with the same CA store.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from children import CPrograms, Python
from measure import Row, Side
from peers import Client
from server import TLS_VERSIONS, Server

HERE = Path(__file__).resolve().parent

KEPT = "kept connection"
NEW = {tls: f"new connection, {tls}" for tls in TLS_VERSIONS}
ANEW = "new client for each call"
COLD = "process with one login"
IMPORT = "import"
ANON = "RssAnon"
PEAK = "peak RSS"
NEAR_COLUMNS = (KEPT, *NEW.values(), ANEW, COLD, IMPORT, ANON, PEAK)
FAR_COLUMNS = (KEPT, *NEW.values(), ANEW)

COLD_SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from logins.{login} import {form} as log_in
print(log_in({url!r}, {ca!r}, [1]))
"""


@dataclass(frozen=True)
class Cell:
    """A row that stands in a table of clients and columns."""

    client: str
    column: str
    row: Row


def log_in(client: Client, form: str, n: int | str, url: str, ca: Path) -> list[str]:
    return [client.python, str(HERE / "peer_client.py"), client.login, form, str(n), url, str(ca)]


def login_cells(client: Client, programs: CPrograms, server: Server) -> Iterator[Cell]:
    ca = server.bundle

    def cell(column: str, url: str, probe: int) -> Cell:
        sides = Side(programs.logins("N", url, ca)), Side(log_in(client, "kept", "N", url, ca))
        return Cell(client.name, column, Row(f"{client.name}: {column}", *sides, probe=probe))

    yield cell(KEPT, server.url(), probe=100)
    for tls, column in NEW.items():
        yield cell(column, server.url(tls, close=True), probe=10)
    if "anew" in client.forms:
        base = Side(programs.logins("N", server.url(close=True), ca))
        anew = Side(log_in(client, "anew", "N", server.url(), ca))
        yield Cell(client.name, ANEW, Row(f"{client.name}: {ANEW}", base, anew, probe=5))


def process_cell(client: Client, programs: CPrograms, server: Server) -> Cell:
    form = client.forms[-1]
    url, ca = server.url(), server.bundle
    where = {"here": str(HERE), "url": f"{url}/v1/connections", "ca": str(ca)}
    script = COLD_SCRIPT.format(login=client.login, form=form, **where)
    base = Side(programs.logins(0, url, ca), as_process=True)
    cold = Side(Python(client.python).script(script), as_process=True)
    return Cell(client.name, COLD, Row(f"{client.name}: {COLD}", base, cold))


def import_cell(client: Client, directory: Path) -> Cell:
    python = Python(client.python)
    sides = Side(python.bare()), Side(python.importing(client.module, directory))
    return Cell(client.name, IMPORT, Row(f"{client.name}: {IMPORT}", *sides, compare="difference"))


def login_memory_cell(client: Client, server: Server) -> Cell:
    sides = Side(Python(client.python).bare()), Side(log_in(client, "kept", 0, server.url(), server.bundle))
    return Cell(client.name, ANON, Row(f"{client.name}: memory", *sides, compare="difference"))


def memory_cells(measured: Cell) -> Iterator[Cell]:
    """What the samples of a cell tell of memory."""

    def cell(column: str, row: Row) -> Cell:
        return Cell(measured.client, column, replace(row, name=f"{measured.client}: {column}"))

    yield cell(ANON, replace(measured.row, figure="anon_kb"))
    yield cell(PEAK, replace(measured.row, figure="peak_kb"))
