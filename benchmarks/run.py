"""What a login costs beside a bare C program on the same libraries: `./dev bench`.

But for the rows with threads everything runs on one core, server included: on several, waking a sleeping core costs
more than what is measured. What is printed goes to benchmarks/results too, with every sample beside it.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import counts
import crowd
import phases
import stores
from beside import stand_beside
from builds import build_c_programs, build_modules, build_revision, make_python
from children import CPrograms, Python
from flat import measure_flat
from measure import measure
from peer_report import PeerReport
from peers import GENERATED, PEERS, Client, install
from report import Report, describe_machine
from rows import cold_rows, compared_rows, import_row, login_rows, memory_rows, unchecked_rows
from server import Server
from threads import thread_rows
from wheel import bare_rows, facts_of, find_pycurl, install_wheel, other_rows, peer_rows

import zuora_connect

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Effort:
    """How many pairs of each row, and how long a child logs in."""

    rounds: int = 41
    batch_s: float = 0.2
    thread_rounds: int = 9
    thread_s: float = 1.0
    flat_processes: int = 15
    phase_processes: int = 21
    peer_rounds: int = 13

    def about(self) -> dict[str, str]:
        return {
            "on one core": f"{self.rounds} pairs, batches of about {self.batch_s} s",
            "threads, on all cores": f"{self.thread_rounds} pairs, {self.thread_s} s each",
            "the row of the last tenth": f"{self.flat_processes} pairs of processes",
        }


QUICK = Effort(rounds=7, batch_s=0.1, thread_rounds=3, thread_s=0.5, flat_processes=5, phase_processes=5, peer_rounds=3)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures a login beside a bare C program.")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--count", action="store_true", help="instructions and system calls of a login, instead of times")
    kind.add_argument(
        "--peers", action="store_true", help="other clients too, installed under build/peers; some 15 min"
    )
    kind.add_argument(
        "--wheel", type=Path, metavar="FILE", help="a wheel beside the bare interpreter and pycurl's wheel"
    )
    kind.add_argument("--compare", metavar="REV", help="this tree beside another revision: main rows and instructions")
    parser.add_argument(
        "--beside", type=Path, metavar="FILE", help="with --wheel: another wheel of ours instead of those"
    )
    parser.add_argument("--quick", action="store_true", help="a short look instead of figures to publish")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="the folder for what is printed")
    arguments = parser.parse_args()
    effort = QUICK if arguments.quick else Effort()

    os.environ["PATH"] += ":/usr/sbin"
    with tempfile.TemporaryDirectory(prefix="zuora-bench-") as name:
        bench = Bench(Path(name))
        if arguments.count:
            bench.count().publish(arguments.results / "counts")
        elif arguments.peers:
            bench.stand_beside_peers(effort).publish(arguments.results / "peers")
        elif arguments.wheel:
            bench.stand_wheel_beside(arguments.wheel, arguments.beside, effort).publish(arguments.results / "wheel")
        elif arguments.compare:
            bench.compare(arguments.compare, effort).publish(arguments.results / "compare")
        else:
            bench.measure(effort).publish(arguments.results / "latest")


class Bench:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.cores = os.sched_getaffinity(0)
        build_c_programs(directory)
        build_modules(directory)
        self.programs = CPrograms(directory)
        self.python = Python(make_python(directory / "python"))

    def measure(self, effort: Effort) -> Report:
        with self.server_on(self.cores) as server:
            threaded = list(thread_rows(self.programs, self.python, server, effort.thread_s))
            measure(threaded, effort.thread_rounds, effort.batch_s)
        with self.server_on_one_core() as server:
            rows = [
                *login_rows(self.programs, self.python, server),
                *unchecked_rows(self.python, self.directory, server),
                *cold_rows(self.programs, self.python, server),
                import_row(self.python, self.directory),
                *memory_rows(self.programs, self.python, server),
            ]
            measure(rows, effort.rounds, effort.batch_s)
            flat = measure_flat(self.programs, self.python, server, effort.flat_processes)
            where = phases.as_markdown(self.programs, server, effort.phase_processes)
            which = stores.as_markdown(self.python, server, self.directory, effort.phase_processes)
            n_certificates = server.n_certificates
        about = {**describe_machine(), **effort.about(), "CA stores": f"{n_certificates} certificates each"}
        return Report([*rows, *threaded, flat], about, f"{where}\n{which}")

    def count(self) -> Report:
        with self.server_on_one_core() as server:
            floor, ours = (counts.count(each, server) for each in (self.programs, self.python))
        return Report([], describe_machine(), counts.as_markdown(floor, ours))

    def stand_beside_peers(self, effort: Effort) -> PeerReport:
        clients, missing = install([*PEERS, *GENERATED])
        ours = Client("zuora_connect", "zuora_connect", self.python.executable, zuora_connect.__version__, ["kept"])
        with self.server_on(self.cores) as server:
            threads = crowd.as_markdown(ours, clients, server, effort.thread_rounds, effort.thread_s)
        with self.server_on_one_core() as server:
            programs, rounds, batch_s = self.programs, effort.peer_rounds, effort.batch_s
            report = stand_beside([ours, *clients], missing, programs, server, rounds, batch_s)
        return replace(report, threads=threads)

    def stand_wheel_beside(self, wheel: Path, other: Path | None, effort: Effort) -> Report:
        ours = install_wheel(wheel, self.directory / "wheel")
        with self.server_on_one_core() as server:
            if other:
                rows = list(other_rows(install_wheel(other, self.directory / "other"), ours, server))
            else:
                client = Client("zuora_connect", "zuora_connect", ours.executable, zuora_connect.__version__, ["kept"])
                rows = [*bare_rows(ours, server), *peer_rows(find_pycurl(), client, server)]
            measure(rows, effort.rounds, effort.batch_s)
        about = {
            **describe_machine(),
            **facts_of(ours),
            "on one core": f"{effort.rounds} pairs, batches of about {effort.batch_s} s",
            "size of the wheel": f"{wheel.stat().st_size} bytes",
        }
        return Report(rows, about, "", ("base", "wheel"))

    def compare(self, revision: str, effort: Effort) -> Report:
        other = Python(make_python(self.directory / "other", build_revision(revision)))
        with self.server_on_one_core() as server:
            rows = list(compared_rows(other, self.python, server))
            measure(rows, effort.rounds, effort.batch_s)
            its, mine = (counts.count(each, server) for each in (other, self.python))
        names = (revision, "this tree")
        return Report(rows, describe_machine(), counts.as_markdown(its, mine, *names), names)

    def server_on_one_core(self) -> AbstractContextManager[Server]:
        return self.server_on({max(self.cores)})

    @contextmanager
    def server_on(self, cores: set[int]) -> Iterator[Server]:
        """A server that shares these cores with whatever is started meanwhile."""
        os.sched_setaffinity(0, cores)
        with tempfile.TemporaryDirectory(dir=self.directory) as name, Server(Path(name)) as server:
            yield server


if __name__ == "__main__":
    main()
