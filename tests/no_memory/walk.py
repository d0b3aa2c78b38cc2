"""One call, again and again, while each allocation of its thread fails in turn: one of CPython's,
of ours, of cJSON's, libcurl's or OpenSSL's.

Runs with failing_malloc preloaded and PYTHONMALLOC=malloc. Takes one JSON object: act, options, before, stride. A call
must come out as it does with memory, as a MemoryError or as a NoAnswer; the next one must work; nothing may be lost.
Prints how often it came out as what.
"""

from __future__ import annotations

import _thread
import ctypes
import gc
import importlib.util
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import zuora_connect
from zuora_connect import _core, errors
from zuora_connect._diversion import LoginBlocked

memory = ctypes.CDLL(None)
memory.blocks_in_use.restype = ctypes.c_long

start_new_thread = _thread.start_new_thread
n_not_started = 0

Act = Callable[[], object]
Outcome = tuple[str, object]

# CPython 3.11 to 3.13: when a frame ends that an exception went through and there is no memory for its caller's frame
# object, take_ownership() drops the exception. It takes two Python functions, one that calls the other.
LOST_BY_CPYTHON = ("error return without exception set", "<function ")


def start_or_count(function: Callable[..., object], arguments: tuple[object, ...]) -> int:
    """CPython 3.11 keeps the state, one block, of a thread that could not be started."""
    global n_not_started
    try:
        return start_new_thread(function, arguments)
    except RuntimeError:
        n_not_started += 1
        raise


def disarm() -> int:
    """How many allocations have failed so far; goes on if the one whose turn comes is made here."""
    while True:
        try:
            return int(memory.fail_allocation(0))
        except MemoryError:
            pass


def describe(result: object) -> Outcome:
    if isinstance(result, errors.ZuoraError):
        return type(result).__name__, (re.sub(r"\d+ ms", "some ms", str(result)), result.retryable)
    if isinstance(result, BaseException):
        return type(result).__name__, str(result)
    if isinstance(result, zuora_connect.Connection):
        return "Connection", (dict(result), result.base_url)
    return "result", str(result)


def outcome_of(act: Act, nth: int = 0) -> Outcome:
    """What the call comes to when its nth allocation fails; 0: none."""
    sys._getframe()  # so that this frame has its object: see LOST_BY_CPYTHON
    result: object
    try:
        memory.fail_allocation(nth)
        result = act()
    except (Exception, LoginBlocked) as error:
        result = error
    disarm()
    return describe(result)


def is_clean(outcome: Outcome, in_python: bool) -> bool:
    kind, content = outcome
    if in_python and kind == "SystemError":
        return str(content).startswith(LOST_BY_CPYTHON)
    return kind == "MemoryError" or issubclass(getattr(errors, kind, object), errors.NoAnswer)


def blocks_in_use() -> int:
    while len(os.listdir("/proc/self/task")) > 1:  # one that read a profile ends by itself
        time.sleep(0.001)
    gc.collect()
    sys._clear_type_cache()  # holds names that were looked up, by their addresses
    return int(memory.blocks_in_use()) - n_not_started


def grows(cycle: Callable[[], None]) -> bool:
    """Does every time take more memory? Caches fill up once, a leak goes on."""
    cycle()
    for _ in range(6):
        before = blocks_in_use()
        cycle()
        if blocks_in_use() <= before:
            return False
    return True


def walk(name: str, act: Act, before: Act, stride: int, in_python: bool) -> bool:
    outcome_of(before)
    good = outcome_of(act)
    seen: Counter[str] = Counter()
    faults: list[str] = []
    reached = True

    def cycle() -> None:
        nonlocal reached
        outcome_of(before)
        n_failed = disarm()
        outcome = outcome_of(act, nth)
        reached = disarm() > n_failed
        seen[outcome[0]] += 1
        if outcome != good and not is_clean(outcome, in_python):
            faults.append(f"allocation {nth} came out as {outcome}")
        after = outcome_of(act)
        if after != good:
            faults.append(f"after allocation {nth} came out as {outcome} the next call came out as {after}")

    nth = 1
    while reached:
        if grows(cycle):
            faults.append(f"memory is lost when allocation {nth} fails")
        nth += stride
    print(f"{name}: {nth - stride - 1} allocations, every {stride}th failed: {dict(seen)}", *faults, sep="\n")
    return not faults


def main() -> None:
    task = json.loads(sys.argv[1])
    options: dict[str, Any] = task["options"]
    spec = importlib.util.spec_from_file_location(_core.__name__, _core.__file__)
    assert spec is not None and spec.loader is not None
    load = spec.loader.exec_module

    acts: dict[str, Act] = {
        "connect": lambda: zuora_connect.connect(**options),
        "plan": lambda: _core.plan(**options),
        "build_info": zuora_connect.build_info,
        "load": lambda: load(importlib.util.module_from_spec(spec)),
    }
    before = (lambda: zuora_connect.connect(**options | task["before"])) if task["before"] else lambda: None
    _thread.start_new_thread = start_or_count  # type: ignore[assignment]  # of its two forms, the one that we use
    unraisable: list[object] = []
    sys.unraisablehook = lambda args: None if args.exc_type is MemoryError else unraisable.append(args.exc_value)
    gc.collect()
    gc.freeze()
    in_python = task["act"] == "connect" or "profile" in options
    good = walk(task["act"], acts[task["act"]], before, task["stride"], in_python)
    print(*unraisable, sep="\n", end="")
    sys.exit(not good or bool(unraisable))


main()
