"""Reads what AddressSanitizer, UBSan and valgrind wrote, prints what counts of it, and fails if anything does.

A bad access counts wherever it happens; a leak counts if one of our frames is in its stack: CPython and the tests' own
dependencies leave some at exit.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

LEAK = re.compile(r"(Direct|Indirect) leak of|(definitely|indirectly) lost")
FAULT = re.compile(
    r"ERROR: AddressSanitizer|runtime error:|LeakSanitizer has encountered a fatal error"  # the sanitizers
    r"|Invalid (read|write|free)|Mismatched free|uninitialised|Jump to the invalid|overlap|Process terminating"  # valgrind
)
OURS = re.compile(r"\b_core\.[\w.-]*so\b|\bcsrc/|\bzc_|\btests/core/")
VALGRINDS_MARGIN = re.compile(r"^==\d+== ?", re.MULTILINE)


def stanzas(report: str) -> list[str]:
    return VALGRINDS_MARGIN.sub("", report).split("\n\n")


def counts(stanza: str) -> bool:
    if LEAK.search(stanza):
        return bool(OURS.search(stanza))
    return bool(FAULT.search(stanza))


def main(folder: Path) -> int:
    reports = [path for path in sorted(folder.iterdir()) if path.stat().st_size]
    found = Counter(stanza for path in reports for stanza in stanzas(path.read_text(errors="replace")) if counts(stanza))
    for stanza, times in found.most_common():
        print(f"{times} x\n{stanza}\n")
    print(f"{folder.name}: {len(reports)} processes reported, {len(found)} kinds of reports count")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
