"""zuora_connect beside the clients that people use for this call, all in one run: `./dev bench --peers`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack

import latency
from children import CPrograms
from measure import measure, run_child
from peer_report import PeerReport, Table
from peer_rows import (
    FAR_COLUMNS,
    NEAR_COLUMNS,
    Cell,
    import_cell,
    log_in,
    login_cells,
    login_memory_cell,
    memory_cells,
    process_cell,
)
from peers import GENERATED, Client, reason
from relay import far_away
from report import describe_machine
from server import TLS_VERSIONS, Server

FEW_ROUNDS = 3  # of what takes seconds or hardly varies


def stand_beside(
    clients: Sequence[Client],
    missing: Mapping[str, str],
    programs: CPrograms,
    server: Server,
    rounds: int,
    batch_s: float,
) -> PeerReport:
    generated = [client for client in clients if client.name in {peer.name for peer in GENERATED}]
    faults = {client.name: find_fault(client, server) for client in clients if client not in generated}
    able = [client for client in clients if not faults.get(client.name, "lacks the call")]

    near = list(near_cells(able, programs, server))
    imports = [import_cell(client, server.directory) for client in generated]
    memory = [login_memory_cell(client, server) for client in able]
    measure([cell.row for cell in near], rounds, batch_s)
    measure([cell.row for cell in (*imports, *memory)], FEW_ROUNDS, batch_s)
    far = measure_far([client for client in able if client.name in latency.CLIENTS], programs, server)
    more = [each for cell in (*imports, *memory) for each in memory_cells(cell)]
    return PeerReport(
        clients=clients,
        missing={**missing, **{name: fault for name, fault in faults.items() if fault}},
        near=Table([*near, *imports, *more], NEAR_COLUMNS),
        far=Table(far, FAR_COLUMNS),
        about={
            **describe_machine(),
            "on one core": f"{rounds} pairs, batches of about {batch_s} s; {FEW_ROUNDS} pairs of memory",
            "CA store": f"a bundle of {server.n_certificates} certificates",
            "x": "beside the C program right before, which for a new client makes a new connection",
            "where no version of TLS is named": TLS_VERSIONS[0],
            "memory": "above the bare interpreter, after one login, or the import of a client that lacks the call",
        },
    )


def find_fault(client: Client, server: Server) -> str | None:
    """Why it cannot log in, if it cannot. What Python compiles at a first import is compiled by now."""
    try:
        for form in client.forms:
            run_child(log_in(client, form, 0, server.url(), server.bundle))
    except RuntimeError as error:
        return reason(error)
    return None


def near_cells(clients: Iterable[Client], programs: CPrograms, server: Server) -> Iterator[Cell]:
    for client in clients:
        yield from login_cells(client, programs, server)
        yield process_cell(client, programs, server)
        yield import_cell(client, server.directory)


def measure_far(clients: Iterable[Client], programs: CPrograms, server: Server) -> list[Cell]:
    with ExitStack() as stack:
        ports = [stack.enter_context(far_away(port, latency.RTT_S)) for port in server.ports.values()]
        cells = [cell for client in clients for cell in latency.latency_cells(client, programs, ports, server.bundle)]
        measure([cell.row for cell in cells], FEW_ROUNDS, batch_s=0)
    return cells
