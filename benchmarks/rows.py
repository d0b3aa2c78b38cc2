"""The rows that are measured on one core: logins, import, cold process, memory."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from children import Children, CPrograms, Python
from measure import Row, Side
from server import TLS_VERSIONS, Server

KEPT, NEW_CONNECTION, COLD = 1.15, 1.05, 1.25
IMPORT_US, ANON_KB, PEAK_KB = 1500, 3072, 2048

ONE_LOGIN = """
import zuora_connect
zuora = zuora_connect.connect("user", "secret", base_url={base_url!r}, {argument}={store!r}, check=True)
print(zuora["rateLimit"])
"""


def login_rows(base: Children, ours: Children, server: Server) -> Iterator[Row]:
    def row(name: str, url: str, store: Path, goal: float, probe: int) -> Row:
        its, mine = (Side(each.logins("N", url, store)) for each in (base, ours))
        return Row(name, its, mine, goal=goal, probe=probe)

    yield row("login on a kept-alive connection", server.url(), server.bundle, KEPT, probe=500)
    for tls in TLS_VERSIONS:
        for store in server.stores:
            name = f"login on a new connection, {tls}, {store.name}"
            yield row(name, server.url(tls, close=True), store, NEW_CONNECTION, probe=50)


def unchecked_rows(python: Python, directory: Path, server: Server) -> Iterator[Row]:
    """Beside an extension that makes the same dictionary of the same login, and checks nothing."""
    for name, close, goal, probe in (
        ("a kept-alive connection", False, KEPT, 500),
        ("a new connection, TLSv1.2, bundle", True, NEW_CONNECTION, 50),
    ):
        url = server.url(close=close)
        its = Side(python.unchecked_logins(url, server.bundle, directory))
        mine = Side(python.logins("N", url, server.bundle))
        yield Row(f"login on {name}, beside an unchecked extension", its, mine, goal=goal, probe=probe)


def import_row(python: Python, directory: Path) -> Row:
    empty, ours = (Side(python.importing(module, directory)) for module in ("empty", "zuora_connect"))
    return Row("import, above an empty extension", empty, ours, compare="difference", goal=IMPORT_US)


def compared_rows(base: Python, ours: Python, server: Server) -> Iterator[Row]:
    """Two builds of ours: kept and new connections, and the import."""
    for row in login_rows(base, ours, server):
        yield replace(row, goal=None)
    its, mine = (Side(each.importing("zuora_connect", server.directory)) for each in (base, ours))
    yield Row("import", its, mine, compare="difference")


def cold_rows(programs: CPrograms, python: Python, server: Server) -> Iterator[Row]:
    for store in server.stores:
        argument = "ca_dir" if store.is_dir() else "ca_file"
        script = ONE_LOGIN.format(base_url=server.url(), argument=argument, store=str(store))
        base = Side(programs.logins(0, server.url(), store), as_process=True)
        ours = Side(python.script(script), above=python.script(""), as_process=True)
        yield Row(f"process with one login, above interpreter start-up, {store.name}", base, ours, goal=COLD)


def memory_rows(programs: CPrograms, python: Python, server: Server) -> Iterator[Row]:
    for store in server.stores:
        name = f"RssAnon after one login, above the bare interpreter, {store.name}"
        bare, ours = Side(python.bare()), Side(python.logins(0, server.url(), store))
        yield Row(name, bare, ours, figure="anon_kb", compare="difference", goal=ANON_KB)
        name = f"growth of peak RSS by one login, {store.name}"
        base = Side(programs.logins(0, server.url(), store), above=programs.bare())
        ours = Side(python.logins(0, server.url(), store), above=python.bare())
        yield Row(name, base, ours, figure="peak_kb", compare="difference", goal=PEAK_KB)
