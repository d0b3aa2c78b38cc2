"""What all commands share: what they are added to, exit codes, and how anything is said."""

from __future__ import annotations

import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from zuora_connect.errors import ZuoraError

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

LOGGED_IN, REFUSED, USAGE, NO_ANSWER, INTERRUPTED = 0, 1, 2, 3, 130

_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}


def show(text: str) -> None:
    """Print to standard output, which a reader such as `head` may have closed by now."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains when it exits


def complain(message: str, hint: str | None = None) -> None:
    print(painted("zuora-connect:", "red", sys.stderr), message, file=sys.stderr)
    if hint is not None:
        print(painted("hint:", "bold", sys.stderr), hint, file=sys.stderr)


def complain_of(error: Exception, *, as_json: bool = False) -> int:
    """Say why there is no session, also on standard output if that is for JSON. Returns the exit code."""
    from zuora_connect.errors import Refused, ZuoraError

    if isinstance(error, ZuoraError):
        if as_json:
            show(failure_as_json(error))
        complain(str(error), error.hint)
        return REFUSED if isinstance(error, Refused) else NO_ANSWER
    is_password = str(error).startswith("password: is missing")
    complain(str(error), "pipe it in with --password-stdin, or try at a terminal" if is_password else None)
    return USAGE


def failure_as_json(error: ZuoraError) -> str:
    return json.dumps(
        {
            "success": False,
            "error": type(error).__name__,
            "message": str(error),
            "hint": error.hint,
            "retryable": error.retryable,
            "reasons": getattr(error, "reasons", []),
        }
    )


def painted(text: str, colour: str, stream: TextIO) -> str:
    """In colour, if `stream` is a terminal that knows colours and NO_COLOR (https://no-color.org) is unset or empty."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if wanted else text
