"""Does the ten-thousandth login cost what the first did? A process of ours and one of the floor's take turns.

What is compared is the cost beside the floor's: the machine's pace may change between the first tenth and the last.
"""

import statistics
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from children import CPrograms, Python
from measure import Row, Sample, Side, clean_environment
from server import Server

CHUNKS, LOGINS_A_CHUNK = 100, 100
GOAL = 1.05


def measure_flat(programs: CPrograms, python: Python, server: Server, processes: int) -> Row:
    """-> a row of the first tenth beside the last, each in microseconds at the floor's median pace."""
    commands = [each.logins(LOGINS_A_CHUNK, server.url(), server.bundle) for each in (programs, python)]
    first, last = Side(commands[1], batch=LOGINS_A_CHUNK), Side(commands[1], batch=LOGINS_A_CHUNK)
    tenth = CHUNKS // 10
    for _ in range(processes):
        base, ours = measure_in_turns(*commands)
        pace = statistics.median(each.wall_us for each in base)
        pairs = zip(base, ours, strict=True)
        chunks = [replace(mine, wall_us=mine.wall_us / its.wall_us * pace) for its, mine in pairs]
        first.samples.append(median(chunks[:tenth]))
        last.samples.append(median(chunks[-tenth:]))
    return Row(f"last tenth of {CHUNKS * LOGINS_A_CHUNK} logins beside the first", first, last, goal=GOAL)


def measure_in_turns(*commands: Sequence[str]) -> tuple[list[Sample], list[Sample]]:
    with child(commands[0]) as base, child(commands[1]) as ours:
        next(ours)
        next(base)
        pairs = [(next(base), next(ours)) for _ in range(CHUNKS)]
    return [its for its, _ in pairs], [mine for _, mine in pairs]


@contextmanager
def child(command: Sequence[str]) -> Iterator[Iterator[Sample]]:
    """A child that does one more batch each time it is asked for the next sample."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, env=clean_environment(), stdin=pipe, stdout=pipe, text=True)
    assert process.stdin and process.stdout
    with process, process.stdin:
        yield batches(process)


def batches(process: "subprocess.Popen[str]") -> Iterator[Sample]:
    assert process.stdin and process.stdout
    for line in process.stdout:
        yield Sample.parse(line)
        process.stdin.write("\n")
        process.stdin.flush()
    raise RuntimeError(f"{process.args!r} stopped early")


def median(chunks: Sequence[Sample]) -> Sample:
    return replace(chunks[0], wall_us=statistics.median(each.wall_us for each in chunks))
