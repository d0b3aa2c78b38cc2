"""What all commands share: exit codes, and how anything is said."""

from __future__ import annotations

import os
import sys

LOGGED_IN, REFUSED, USAGE, NO_ANSWER, INTERRUPTED = 0, 1, 2, 3, 130


def show(text: str) -> None:
    """Print to standard output, which a reader such as `head` may have closed by now."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains when it exits


def complain(message: str, hint: str | None = None) -> None:
    print(f"zuora-connect: {message}", file=sys.stderr)
    if hint is not None:
        print(f"hint: {hint}", file=sys.stderr)
