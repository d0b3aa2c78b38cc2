"""The script `zuora-connect`; each command is a file of its own beside this one.

A command's `add` describes it to argparse and names the function that runs it: options in, exit code out.
"""

from __future__ import annotations

import os
import sys

from zuora_connect._command_line import connect, doctor, environments, login, logout, sandbox, version
from zuora_connect._command_line.output import (
    INTERRUPTED,
    LOGGED_IN,
    NO_ANSWER,
    OUTPUT_LOST,
    OutputLost,
    complain,
    drop_complaints,
    flush,
    show,
)
from zuora_connect._command_line.parser import Parser
from zuora_connect._diversion import LoginBlocked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMMANDS = (connect, login, logout, environments, sandbox, doctor)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; `arguments` default to the process's own. Returns the exit code."""
    fill_closed_streams()
    try:
        return exit_code_of(sys.argv[1:] if arguments is None else arguments)
    finally:
        drop_complaints()


def exit_code_of(arguments: Sequence[str]) -> int:
    try:
        try:
            return run(arguments)
        finally:
            flush()
    except OutputLost as lost:
        complain(str(lost))
        return OUTPUT_LOST
    except LoginBlocked as blocked:
        complain(str(blocked))
        return NO_ANSWER
    except OSError as error:  # of the system's, such as too many open files
        complain(str(error))
        return NO_ANSWER
    except KeyboardInterrupt:
        return INTERRUPTED


def fill_closed_streams() -> None:
    """A caller may have closed them (`<&-`, `2>&-`); nothing that is opened later is to take their numbers."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: SIM115  # for the whole process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115


def run(arguments: Sequence[str]) -> int:
    options = parse(arguments)
    if options.pop("version"):
        show(version.as_json() if options["json"] else version.as_text())
        return LOGGED_IN
    command: Callable[[dict[str, object]], int] = options.pop("run")  # type: ignore[assignment]  # each `add` sees to it
    return command(options)


def parse(arguments: Sequence[str]) -> dict[str, object]:
    parser = make_parser()
    options, unknown = parser.parse_known_args(arguments)
    chosen: Parser = vars(options).pop("parser", parser)
    if unknown:  # what they are is not said: a password may be among them
        chosen.error("arguments that nobody knows (the password is never one; see `zuora-connect connect --help`)")
    if not (options.version or "run" in options):
        parser.error("the following arguments are required: COMMAND")
    return vars(options)


def make_parser() -> Parser:
    parser = Parser(prog="zuora-connect", description="Log in to Zuora.", allow_abbrev=False)
    parser.add_argument("--version", action="store_true", help="say what a login here runs on")
    parser.add_argument("--json", action="store_true", help="print JSON, as every command does with this option")
    commands = parser.add_subparsers(metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    parser.names = commands.choices
    for of_command in commands.choices.values():
        of_command.set_defaults(parser=of_command)  # whose usage is shown
    return parser
