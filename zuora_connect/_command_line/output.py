"""What all commands share: what they are added to, exit codes, and how anything is said."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from typing import TextIO

    from zuora_connect.errors import ZuoraError

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

LOGGED_IN, REFUSED, USAGE, NO_ANSWER, INTERRUPTED = 0, 1, 2, 3, 130
OUTPUT_LOST = 74  # EX_IOERR of sysexits.h

_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}


def show(text: str) -> None:
    """Print to standard output, which a reader such as `head` may have closed by now."""
    if sys.stdout is None:
        raise OutputLost("standard output is closed")
    _write(lambda: _print(text))


def flush() -> None:
    """Have done with what argparse printed."""
    if sys.stdout is not None:
        _write(sys.stdout.flush)


def _write(how: Callable[[], None]) -> None:
    try:
        how()
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        _drop_output()
        raise OutputLost(f"standard output cannot be written ({error.strerror})") from None


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode(), flush=True)


def _drop_output() -> None:
    """Or the interpreter complains of it when it exits."""
    _to_nowhere(sys.stdout)


def drop_complaints() -> None:
    """Where standard error takes none: or the interpreter tries again when it exits, and makes the exit code 120."""
    try:
        sys.stderr.flush()
    except OSError:
        _to_nowhere(sys.stderr)


def _to_nowhere(stream: TextIO) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class OutputLost(Exception):
    """Standard output took nothing: why."""


def complain(message: str, hint: str | None = None) -> None:
    """On standard error; where that takes nothing, the exit code alone says it."""
    with suppress(OSError):
        print(painted("zuora-connect:", "red", sys.stderr), message, file=sys.stderr)
        if hint is not None:
            print(painted("hint:", "bold", sys.stderr), hint, file=sys.stderr)


def complain_of(error: Exception, *, as_json: bool = False) -> int:
    """Say why there is no session, also on standard output if that is for JSON. Returns the exit code."""
    from zuora_connect._prompt import NOTHING_TYPED
    from zuora_connect.errors import Refused, ZuoraError

    if isinstance(error, ZuoraError):
        if as_json:
            show(failure_as_json(error))
        complain(str(error), error.hint)
        return REFUSED if isinstance(error, Refused) else NO_ANSWER
    is_password = str(error).startswith("password: is missing") and NOTHING_TYPED not in str(error)
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
