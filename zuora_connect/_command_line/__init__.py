"""The script `zuora-connect`; each command is a file of its own beside this one.

A command's `add` describes it to argparse and names the function that runs it: options in, exit code out.
"""

from __future__ import annotations

import argparse
import sys

from zuora_connect._command_line import connect, doctor, environments, login, logout, sandbox, version
from zuora_connect._command_line.output import INTERRUPTED, LOGGED_IN, NO_ANSWER, complain, show
from zuora_connect._diversion import LoginBlocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMANDS = (connect, login, logout, environments, sandbox, doctor)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; `arguments` default to the process's own. Returns the exit code."""
    try:
        options = parse(sys.argv[1:] if arguments is None else arguments)
        if options.pop("version"):
            show(version.as_json() if options["json"] else version.as_text())
            return LOGGED_IN
        run: Callable[[dict[str, object]], int] = options.pop("run")  # type: ignore[assignment]  # each `add` sees to it
        return run(options)
    except LoginBlocked as blocked:
        complain(str(blocked))
        return NO_ANSWER
    except KeyboardInterrupt:
        return INTERRUPTED


def parse(arguments: Sequence[str]) -> dict[str, object]:
    parser = make_parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:  # what they are is not said: a password may be among them
        parser.error("arguments that nobody knows (the password is never one; see `zuora-connect connect --help`)")
    if not (options.version or "run" in options):
        parser.error("the following arguments are required: COMMAND")
    return vars(options)


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zuora-connect", description="Log in to Zuora.", allow_abbrev=False)
    parser.add_argument("--version", action="store_true", help="say what a login here runs on")
    parser.add_argument("--json", action="store_true", help="print JSON, as every command does with this option")
    commands = parser.add_subparsers(metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser
