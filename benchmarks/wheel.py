"""What the wheel costs: beside the bare interpreter, beside pycurl's wheel, and beside another wheel of ours.

Each is installed in an environment of its own, so that nothing but the wheel is there.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from children import Python
from measure import Row, Side
from peer_rows import ANEW, COLD, COLD_SCRIPT, HERE, IMPORT, KEPT, NEW, log_in
from peers import PEERS, Client, install
from rows import IMPORT_US, ONE_LOGIN
from server import TLS_VERSIONS, Server, output

COLD_US = 7000
PYCURL = [peer for peer in PEERS if peer.name == "pycurl-wheel"]


def install_wheel(wheel: Path, directory: Path) -> Python:
    """-> an interpreter that finds this wheel and nothing else."""
    python = str(directory / "bin/python")
    output(sys.executable, "-m", "venv", "--without-pip", str(directory), cwd=HERE)
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-index", "--no-deps")
    output(*pip, str(wheel.resolve()), cwd=HERE)
    return Python(python)


def facts_of(python: Python) -> dict[str, str]:
    """What its build_info() says of the libraries in it."""
    code = "import json, zuora_connect; print(json.dumps(zuora_connect.build_info()))"
    info = json.loads(output(*python.script(code), cwd=HERE))
    return {name: str(info[name]) for name in ("package", "libcurl", "tls", "cjson")}


def find_pycurl() -> Client:
    clients, missing = install(PYCURL)
    if missing:
        raise RuntimeError(f"pycurl's wheel cannot be installed: {missing}")
    return clients[0]


def bare_rows(python: Python, server: Server) -> Iterator[Row]:
    """Above the interpreter: what importing the package costs, and what a process costs that logs in once."""
    sides = Side(python.bare()), Side(python.importing("zuora_connect", server.directory))
    yield Row("import, above the bare interpreter", *sides, compare="difference", goal=IMPORT_US)
    for store in reversed(server.stores):
        argument = "ca_dir" if store.is_dir() else "ca_file"
        script = ONE_LOGIN.format(base_url=server.url(), argument=argument, store=str(store))
        sides = Side(python.script(""), as_process=True), Side(python.script(script), as_process=True)
        goal = COLD_US if store.is_dir() else None
        yield Row(f"process with one login, {store.name}", *sides, compare="difference", goal=goal)


def peer_rows(pycurl: Client, ours: Client, server: Server) -> Iterator[Row]:
    """The same logins by pycurl; ours is to be ahead in each."""

    def logins(name: str, url: str, probe: int, form: str = "kept", its_url: str | None = None) -> Row:
        its = Side(log_in(pycurl, form, "N", its_url or url, server.bundle))
        return Row(
            f"{name}, beside pycurl", its, Side(log_in(ours, "kept", "N", url, server.bundle)), goal=1, probe=probe
        )

    yield logins(KEPT, server.url(), 100)
    for tls in TLS_VERSIONS:
        yield logins(NEW[tls], server.url(tls, close=True), 10)
    yield logins(ANEW, server.url(close=True), 5, "anew", server.url())
    yield process_row(pycurl, ours, server)
    its, mine = (Side(Python(each.python).importing(each.module, server.directory)) for each in (pycurl, ours))
    yield Row(f"{IMPORT}, beside pycurl", its, mine, compare="ratio", goal=1)


def process_row(pycurl: Client, ours: Client, server: Server) -> Row:
    def side(client: Client) -> Side:
        where = {"here": str(HERE), "url": f"{server.url()}/v1/connections", "ca": str(server.bundle)}
        script = COLD_SCRIPT.format(login=client.login, form=client.forms[-1], **where)
        return Side(Python(client.python).script(script), as_process=True)

    return Row(f"{COLD}, beside pycurl", side(pycurl), side(ours), goal=1)


def other_rows(other: Python, ours: Python, server: Server) -> Iterator[Row]:
    """Two wheels of ours: kept and new connections, on which a session is resumed."""
    for name, url, probe in (
        (KEPT, server.url(), 100),
        *((NEW[tls], server.url(tls, close=True), 10) for tls in TLS_VERSIONS),
    ):
        its, mine = (Side(each.logins("N", url, server.bundle)) for each in (other, ours))
        yield Row(f"{name}, beside the other wheel", its, mine, probe=probe)
    store = server.hashed
    script = ONE_LOGIN.format(base_url=server.url("TLSv1.3"), argument="ca_dir", store=str(store))
    its, mine = (Side(each.script(script), as_process=True) for each in (other, ours))
    yield Row("process with one login, TLSv1.3, beside the other wheel", its, mine, compare="difference")
