"""Logs in again and again, and prints what the process holds before and afterwards; tests/soak.py runs it.

Needs no more than the standard library, so that a debug interpreter can run it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from zuora_connect import connect, errors

kept: list[object] = []


def leak_descriptor(number: int) -> None:
    if number % 10 == 0:
        os.dup(0)


def leak_thread(number: int) -> None:
    if number % 100 == 0:
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def leak_memory(number: int) -> None:
    malloc = ctypes.CDLL(None).malloc
    malloc.restype = ctypes.c_void_p
    ctypes.memset(malloc(1000), 1, 1000)


def leak_reference(number: int) -> None:
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(leak_reference))


def leak_object(number: int) -> None:
    kept.append(object())


PLANTS: dict[str, Callable[[int], None]] = {
    "descriptors": leak_descriptor,
    "threads": leak_thread,
    "memory": leak_memory,
    "references": leak_reference,
    "blocks": leak_object,
}


def held() -> dict[str, int]:
    gc.collect()
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    figures = {
        "descriptors": len(os.listdir("/proc/self/fd")),
        "threads": int(status["Threads"]),
        "memory": int(status["RssAnon"].split()[0]),
        "blocks": sys.getallocatedblocks(),
    }
    if hasattr(sys, "gettotalrefcount"):  # a debug interpreter
        figures["references"] = sys.gettotalrefcount()
    return figures


def log_in(number: int, url: str, ca_file: str, dead_url: str) -> None:
    """Most are sessions on a kept connection; the server refuses some, drops some, and is not there for some."""
    base_url = dead_url if number % 50 == 7 else url
    with contextlib.suppress(errors.ServerError, errors.NoAnswer):
        connect(f"user-{number}", "password", base_url=base_url, ca_file=ca_file, retries=0)


def log_in_often(numbers: range, arguments: list[str], plant: Callable[[int], None] | None) -> None:
    for number in numbers:
        if number % 100 == 0:  # threads that come and go
            thread = threading.Thread(target=log_in, args=(number, *arguments))
            thread.start()
            thread.join()
        else:
            log_in(number, *arguments)
        if plant is not None:
            plant(number)


def main(n: int, planted: str, *arguments: str) -> None:
    plant = PLANTS.get(planted)
    log_in_often(range(1000), list(arguments), None)
    before = held()
    log_in_often(range(n), list(arguments), plant)
    print(json.dumps([before, held()]))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
