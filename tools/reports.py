"""Reads what AddressSanitizer, UBSan and valgrind wrote, prints what counts of it, and fails if anything does.

A bad access counts wherever it happens. A leak counts if one of our frames is in its stack: CPython and what the tests
use leave some at exit. So does a use of uninitialised memory: CPython 3.11 multiplies the size of a zero with a digit
that was never set (medium_value in longobject.c), and what comes of it is reported all over the interpreter.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

COUNTS_IF_OURS = re.compile(r"Direct leak of|definitely lost|uninitialised")
FAULT = re.compile(
    r"ERROR: AddressSanitizer|runtime error:|LeakSanitizer has encountered a fatal error"  # the sanitizers
    r"|Invalid (read|write|free)|Mismatched free|Jump to the invalid|overlap|Process terminating"  # valgrind
)
OURS = re.compile(r"\b_core\.[\w.-]*so\b|\bcsrc/|\bzc_|\btests/core/")
VALGRINDS_MARGIN = re.compile(r"^==\d+== ?", re.MULTILINE)


def stanzas(report: str) -> list[str]:
    return VALGRINDS_MARGIN.sub("", report).split("\n\n")


def counts(stanza: str) -> bool:
    if COUNTS_IF_OURS.search(stanza):
        return bool(OURS.search(stanza))
    return bool(FAULT.search(stanza))


def main(folder: Path) -> int:
    reports = [path for path in sorted(folder.iterdir()) if path.stat().st_size]
    found = Counter(
        stanza for path in reports for stanza in stanzas(path.read_text(errors="replace")) if counts(stanza)
    )
    for stanza, times in found.most_common():
        print(f"{times} x\n{stanza}\n")
    print(f"{folder.name}: {len(reports)} processes reported, {len(found)} kinds of reports count")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
