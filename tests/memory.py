"""What stands in another process's memory, as a core dump or a debugger would show it (Linux: /proc/PID/mem)."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE

PIECE = 1 << 20
TIB = 1 << 40  # no heap is as large: AddressSanitizer's shadow is


def count_copies(pid: int, text: bytes) -> int:
    """How often the text stands in what the process has mapped: heaps with what was freed there, stacks, data."""
    maps = Path(f"/proc/{pid}/maps").read_text()
    regions = re.findall(r"^([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+ *(.*)$", maps, re.MULTILINE)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        return sum(
            read_region(memory.fileno(), int(start, 16), int(end, 16)).count(text)
            for start, end, name in regions
            if not name.startswith(("[vvar", "[vsyscall"))  # the kernel's own
            and int(end, 16) - int(start, 16) < TIB
        )


def read_region(memory: int, start: int, end: int) -> bytes:
    pieces = []
    while start < end and (piece := os.pread(memory, min(PIECE, end - start), start)):
        pieces.append(piece)
        start += len(piece)
    return b"".join(pieces)


@contextlib.contextmanager
def held_when_ready(command: list[str]) -> Iterator[int]:
    """Runs a program until it says "ready" and waits for its input; gives its process id."""
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE) as child:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        try:
            said = child.stdout.readline()
            assert said == b"ready\n", said + child.stderr.read()
            yield child.pid
        finally:
            child.stdin.close()
            child.kill()
