"""Reads what AddressSanitizer, UBSan and valgrind wrote, prints what counts of it, and fails if anything does.

A bad access counts wherever it happens. A leak counts if what was lost is of our making, and not of Python code that we
called: CPython and what the tests use leave some at exit. So does a use of uninitialised memory if it is ours: CPython
3.11 multiplies the size of a zero with a digit that was never set (medium_value in longobject.c), and what comes of it
is reported all over the interpreter.
A forked child leaks nothing that counts: it lets go of its parent's transfers and of what its threads had.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LEAK = re.compile(r"Direct leak of|definitely lost in")
UNINITIALISED = re.compile(r"uninitialised")
FAULT = re.compile(
    r"ERROR: AddressSanitizer|runtime error:|LeakSanitizer has encountered a fatal error"  # the sanitizers
    r"|Invalid (read|write|free)|Mismatched free|Jump to the invalid|overlap"  # valgrind
    r"|default action of signal (4|6|7|8|11) "
)
OURS = re.compile(r"\b_core\.[\w.-]*so\b|\bcsrc/|\bzc_|\btests/core/")
VALGRINDS_MARGIN = re.compile(r"^==\d+== ?", re.MULTILINE)
PYTHON_CODE = re.compile(r"\b_PyEval_EvalFrameDefault\b")
COMMAND = re.compile(r"^Command: .*", re.MULTILINE)
PARENT = re.compile(r"^Parent PID: (\d+)", re.MULTILINE)


class Report:
    def __init__(self, path: Path) -> None:
        self.process = path.name
        self.text = VALGRINDS_MARGIN.sub("", path.read_text(errors="replace"))

    def first(self, pattern: re.Pattern[str]) -> str | None:
        found = pattern.search(self.text)
        return found and found[found.re.groups]

    def was_forked(self, others: dict[str, Report]) -> bool:
        """By valgrind's word: a process that runs its parent's command. The sanitizers report no leaks of such."""
        parent = others.get(self.first(PARENT) or "")
        return parent is not None and parent.first(COMMAND) == self.first(COMMAND)

    def what_counts(self, was_forked: bool) -> Iterator[str]:
        for stanza in self.text.split("\n\n"):
            is_ours = bool(OURS.search(stanza))
            is_leak = bool(LEAK.search(stanza))
            made_by_us = bool(OURS.search(PYTHON_CODE.split(stanza)[0]))
            if (
                (is_leak and made_by_us and not was_forked)
                or (not is_leak and is_ours and UNINITIALISED.search(stanza))
                or FAULT.search(stanza)
            ):
                yield stanza.strip()


def main(folder: Path) -> int:
    reports = {path.name: Report(path) for path in sorted(folder.iterdir()) if path.stat().st_size}
    found = Counter(stanza for report in reports.values() for stanza in report.what_counts(report.was_forked(reports)))
    for stanza, times in found.most_common():
        print(f"{times} x\n{stanza}\n")
    print(f"{folder.name}: {len(reports)} processes reported, {len(found)} kinds of reports count")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
