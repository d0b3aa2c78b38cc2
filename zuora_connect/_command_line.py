"""The script `zuora-connect`: log in and print the answer, list the environments, run the sandbox.

A password is never an argument: arguments are seen by everybody on the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

import zuora_connect
from zuora_connect._environments import ENVIRONMENTS, SDK_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LOGGED_IN, REFUSED, USAGE, NO_ANSWER, INTERRUPTED = 0, 1, 2, 3, 130

_EPILOG = """\
The password is read from the variable ZUORA_PASSWORD, or from standard input with --password-stdin, or else asked for.
Exit codes: 0 logged in, 1 refused, 2 wrong usage, 3 no answer."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; `arguments` default to the process's own. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if given[:1] == ["sandbox"]:
            return run_sandbox(given[1:])
        return run(given)
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: Sequence[str]) -> int:
    parser = make_parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:  # what they are is not said: a password may be among them
        parser.error("arguments that nobody knows (the password is never one; see `zuora-connect connect --help`)")
    if options.command == "environments":
        show(environments_table())
        return LOGGED_IN
    return log_in(vars(options))


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zuora-connect", description="Log in to Zuora.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"zuora-connect {zuora_connect.__version__}")
    commands = parser.add_subparsers(dest="command", required=True)
    add_connect(commands)
    commands.add_parser("environments", help="list the environments", description="List Zuora's environments.")
    commands.add_parser("sandbox", help="run a small Zuora on this machine to log in to", add_help=False)
    return parser


def add_connect(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "connect",
        help="log in and print the answer",
        description="Log in and print the answer as JSON.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
        allow_abbrev=False,
    )
    parser.add_argument("username", nargs="?", help="an API user; default: the variable ZUORA_USERNAME")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    parser.add_argument("--show-cookie", action="store_true", help="print the session cookie too")
    where = parser.add_argument_group("where")
    where.add_argument("--environment", metavar="NAME", help="see `zuora-connect environments`")
    where.add_argument("--base-url", metavar="URL", help="instead of --environment")
    where.add_argument("--entity-id", metavar="ID", help="an entity's id without hyphens (the older header)")
    where.add_argument("--entity-name", metavar="NAME", help="an entity's name (the older header)")
    where.add_argument("--entity-ids", metavar="ID", help="an entity's id with its hyphens")
    where.add_argument("--track-id", metavar="ID", help="comes back in the answer")
    how = parser.add_argument_group("how")
    how.add_argument("--timeout", type=float, metavar="SECONDS", help="for the whole call; default 30")
    how.add_argument("--connect-timeout", type=float, metavar="SECONDS", help="for one try's connection; default 10")
    how.add_argument("--retries", type=int, metavar="N", help="tries after the first; default 2")
    how.add_argument("--ca-file", metavar="PATH", help="CA certificates instead of the system's")
    how.add_argument("--ca-dir", metavar="PATH", help="likewise, a hashed directory")
    how.add_argument("--client-cert", metavar="PATH", help="a certificate of the client's own")
    how.add_argument("--client-key", metavar="PATH", help="its key, if it is in another file")
    how.add_argument(
        "--proxy", metavar="URL", help="'' for none; one with a password is better set by the variable HTTPS_PROXY"
    )


def log_in(options: dict[str, object]) -> int:
    show_cookie = options.pop("show_cookie", False)
    from_stdin = options.pop("password_stdin", False)
    del options["command"]
    try:
        connection = zuora_connect.connect(password=read_password(options, bool(from_stdin)), **options)  # type: ignore[arg-type]
        show(as_json(connection, bool(show_cookie)))
        connection.check()
    except zuora_connect.errors.ZuoraError as error:
        complain(str(error), error.hint)
        return REFUSED if isinstance(error, zuora_connect.errors.Refused) else NO_ANSWER
    except (ValueError, TypeError) as error:
        complain(str(error))
        return USAGE
    return LOGGED_IN


def read_password(options: dict[str, object], from_stdin: bool) -> str | None:
    """None: connect() is to find it, or to say what is missing. Raises ValueError if there is no terminal to ask at."""
    if from_stdin:
        line = sys.stdin.buffer.readline().removesuffix(b"\n").removesuffix(b"\r")
        return line.decode("utf-8", "surrogateescape")
    if os.environ.get("ZUORA_PASSWORD") or not (options.get("username") or os.environ.get("ZUORA_USERNAME")):
        return None
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on, and show what is typed
            return getpass.getpass("Zuora password: ", sys.stderr)
    except (getpass.GetPassWarning, EOFError):
        raise ValueError("no terminal to ask for the password: set ZUORA_PASSWORD or use --password-stdin") from None


def as_json(connection: zuora_connect.Connection, show_cookie: bool) -> str:
    shown = dict(connection)
    if not show_cookie and shown["sessionCookie"] is not None:
        shown["sessionCookie"] = "ZSession=***"
    return json.dumps(shown, indent=2)


def environments_table() -> str:
    sdk_name = {slug: name for name, slug in SDK_NAMES.items()}
    rows = [("environment", "SDK name", "base URL")]
    rows += [(slug, sdk_name.get(slug, ""), url) for slug, url in ENVIRONMENTS.items()]
    return "\n".join(f"{slug:<14}{name:<10}{url}" for slug, name, url in rows)


def run_sandbox(arguments: list[str]) -> int:
    from zuora_connect import sandbox

    return sandbox.main(arguments)


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
