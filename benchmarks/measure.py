"""Paired batches: a child of the yardstick right before each child of ours, rounds shuffled, each pair compared.

Each child prints one line: wall and CPU microseconds (a login, or the one thing it does), RssAnon and peak RSS in kB.
One that is measured as a process prints what it likes.
"""

import math
import os
import random
import re
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Literal

# What would change a child's CA store, proxy, defaults or interpreter behind the benchmark's back.
UNWANTED = re.compile(r"(SSL_CERT_|CURL_|REQUESTS_|ZUORA_).*|.*_proxy|PYTHON(?!PATH|HOME).*", re.IGNORECASE)


@dataclass(frozen=True)
class Sample:
    wall_us: float
    cpu_us: float
    anon_kb: float
    peak_kb: float

    @classmethod
    def parse(cls, line: str) -> "Sample":
        return cls(*map(float, line.split()))

    def __sub__(self, other: "Sample") -> "Sample":
        return Sample(*(mine - its for mine, its in zip(astuple(self), astuple(other), strict=True)))


@dataclass
class Side:
    """One of the two that are compared. The argument "N" of its command stands for the number of logins in a batch.

    What the command `above` costs is taken off; `as_process` measures the process from outside, from start to end.
    """

    command: Sequence[str]
    batch: int = 1
    above: Sequence[str] | None = None
    as_process: bool = False
    samples: list[Sample] = field(default_factory=list)

    def run(self) -> Sample:
        run = run_process if self.as_process else run_child
        bare = run(self.above) if self.above else Sample(0, 0, 0, 0)
        return run([str(self.batch) if each == "N" else each for each in self.command]) - bare

    def fill(self, seconds: float, probe: int) -> None:
        """Chooses the batch that takes about `seconds`, by what a login costs in one of `probe` logins."""
        self.batch = probe
        self.batch = max(1, round(seconds * 1e6 / self.run().wall_us))


@dataclass
class Row:
    """`base` is the yardstick and `ours` what is judged by it, in one figure of their samples."""

    name: str
    base: Side
    ours: Side
    figure: Literal["wall_us", "cpu_us", "anon_kb", "peak_kb"] = "wall_us"
    compare: Literal["ratio", "difference"] = "ratio"
    goal: float | None = None
    probe: int | None = None

    def summary(self) -> "Summary":
        base, ours = ([float(getattr(each, self.figure)) for each in side.samples] for side in (self.base, self.ours))
        pairs = zip(base, ours, strict=True)
        compared = [mine / its if self.compare == "ratio" else mine - its for its, mine in pairs]
        low, median, high = statistics.quantiles(compared, n=4, method="inclusive")
        return Summary(
            name=self.name,
            figure=self.figure,
            compare=self.compare,
            base=statistics.median(base),
            ours=statistics.median(ours),
            median=median,
            quartiles=(low, high),
            goal=self.goal,
            reached=self.goal is None or median <= self.goal,
            batches=(self.base.batch, self.ours.batch),
            pairs=list(zip(base, ours, strict=True)),
        )


@dataclass(frozen=True)
class Summary:
    """Medians of both sides, and median and quartiles of the pairs' ratio or difference."""

    name: str
    figure: str
    compare: str
    base: float
    ours: float
    median: float
    quartiles: tuple[float, float]
    goal: float | None
    reached: bool
    batches: tuple[int, int]
    pairs: list[tuple[float, float]]


def measure(rows: Sequence[Row], rounds: int, batch_s: float) -> None:
    for row in rows:
        if row.probe is not None:
            row.base.fill(batch_s, row.probe)
            row.ours.fill(batch_s, row.probe)
    for _ in range(rounds):
        for row in random.sample(rows, len(rows)):
            row.base.samples.append(row.base.run())
            row.ours.samples.append(row.ours.run())


def run_child(command: Sequence[str]) -> Sample:
    return Sample.parse(read_child(command, clean_environment()))


def read_child(command: Sequence[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def run_process(command: Sequence[str]) -> Sample:
    """Without subprocess, which takes as long as a small program does. Of the memory nothing is known."""
    to_nowhere = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1)]
    environment = clean_environment()
    start = time.perf_counter()
    process = os.posix_spawn(command[0], list(command), environment, file_actions=to_nowhere)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - start
    if status != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Sample(wall * 1e6, (usage.ru_utime + usage.ru_stime) * 1e6, math.nan, math.nan)


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not UNWANTED.fullmatch(name)}
