"""The options of connect() as options of a command, and the ways in which a password reaches it.

A password is never an argument: arguments are seen by everybody on the machine.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

PASSWORD_HELP = """\
The password is read from the variable ZUORA_PASSWORD, or from standard input with --password-stdin, or is asked for."""


def add_user(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("username", nargs="?", help="an API user; default: the variable ZUORA_USERNAME")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def add_where(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where")
    where.add_argument("--environment", metavar="NAME", help="see `zuora-connect environments`")
    where.add_argument("--base-url", metavar="URL", help="instead of --environment")
    where.add_argument("--entity-id", metavar="ID", help="an entity's id without hyphens (the older header)")
    where.add_argument("--entity-name", metavar="NAME", help="an entity's name (the older header)")
    where.add_argument("--entity-ids", metavar="ID", help="an entity's id with its hyphens")
    where.add_argument("--track-id", metavar="ID", help="comes back in the answer")


def add_how(parser: argparse.ArgumentParser, *, retries: bool = True) -> None:
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


def read_password(username: object, from_stdin: bool) -> str | None:
    """None: connect() is to find it, or to say what is missing. Raises ValueError if there is no terminal to ask at."""
    if from_stdin:
        line = sys.stdin.buffer.readline().removesuffix(b"\n").removesuffix(b"\r")
        return line.decode("utf-8", "surrogateescape")
    if os.environ.get("ZUORA_PASSWORD") or not (username or os.environ.get("ZUORA_USERNAME")):
        return None
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on, and show what is typed
            return getpass.getpass("Zuora password: ", sys.stderr)
    except (getpass.GetPassWarning, EOFError):
        raise ValueError("no terminal to ask for the password: set ZUORA_PASSWORD or use --password-stdin") from None
