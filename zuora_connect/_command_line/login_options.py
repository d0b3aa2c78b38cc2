"""The options of connect() as options of a command, and the ways in which a password reaches it.

A password is never an argument: arguments are seen by everybody on the machine.
"""

from __future__ import annotations

import argparse
import sys
from codecs import BOM_UTF8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from zuora_connect._command_line.output import Commands

PASSWORD_HELP = """\
The password is the first line of standard input with --password-stdin; or else that of the variable ZUORA_PASSWORD,
of the profile, of the keyring, in this order; or else it is asked for."""

_LINE_BYTES = (1 << 16) + 8  # a value that connect() takes, and then some


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[dict[str, object]], int],
    *,
    help: str,
    description: str,
    epilog: str,
    json_help: str,
    retries: bool = True,
) -> argparse.ArgumentParser:
    """A command that logs in: its options hold what was given, by the names of connect(), and nothing else."""
    parser = commands.add_parser(
        name,
        help=help,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    add_user(parser)
    parser.add_argument("--json", action="store_true", help=json_help)
    add_where(parser)
    add_how(parser, retries=retries)
    parser.set_defaults(run=run)
    return parser


def add_user(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "username", nargs="?", help="an API user; default: ZUORA_USERNAME, or the profile's, or the keyring's"
    )
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def add_where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where")
    where.add_argument("--environment", metavar="NAME", help="see `zuora-connect environments`")
    where.add_argument("--base-url", metavar="URL", help="instead of --environment")
    where.add_argument("--profile", metavar="NAME", help="a table of ~/.config/zuora_connect/config.toml")
    where.add_argument("--entity-id", metavar="ID", help="an entity's id without hyphens (the older header)")
    where.add_argument("--entity-name", metavar="NAME", help="an entity's name (the older header)")
    where.add_argument("--entity-ids", metavar="ID", help="an entity's id with its hyphens")
    where.add_argument("--track-id", metavar="ID", help="comes back in the answer")


def add_how(parser: argparse.ArgumentParser, *, retries: bool) -> None:
    how = parser.add_argument_group("how")
    how.add_argument("--timeout", type=float, metavar="SECONDS", help="for the whole call; default 30")
    how.add_argument("--connect-timeout", type=float, metavar="SECONDS", help="for one try's connection; default 10")
    if retries:
        how.add_argument("--retries", type=int, metavar="N", help="tries after the first; default 2")
    how.add_argument("--ca-file", metavar="PATH", help="CA certificates instead of the system's")
    how.add_argument("--ca-dir", metavar="PATH", help="likewise, a hashed directory")
    how.add_argument("--client-cert", metavar="PATH", help="a certificate of the client's own")
    how.add_argument("--client-key", metavar="PATH", help="its key, if it is in another file")
    how.add_argument(
        "--proxy", metavar="URL", help="'' for none; one with a password is better set by the variable HTTPS_PROXY"
    )


def password_of(options: dict[str, object]) -> str | None:
    """The first line of standard input if it was announced there; None: the login itself is to find it, or to ask.

    What is longer than any header may be is not read to its end. Programs of Windows put a byte order mark before it.
    """
    if not options.pop("password_stdin", False):
        return None
    line = sys.stdin.buffer.readline(_LINE_BYTES).removeprefix(BOM_UTF8).removesuffix(b"\n").removesuffix(b"\r")
    return line.decode("utf-8", "surrogateescape")
