"""`zuora-connect sandbox`: run a sandbox in the foreground until SIGTERM, SIGHUP or SIGINT."""

from __future__ import annotations

import argparse
import json
import os
import signal

from zuora_connect._command_line.output import INTERRUPTED, LOGGED_IN, USAGE, complain, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._command_line.output import Commands
    from zuora_connect.sandbox._sandbox import Sandbox

_EPILOG = """\
FILE is TOML: a table `users` of user names and passwords, and perhaps `oauth_clients` of ids and secrets and
`entities` of ids and names. Without it there are users and an OAuth client with fresh passwords, which are printed.
Exit codes: 0 after SIGTERM or SIGHUP, 130 after Ctrl-C, 2 if it did not start."""
_USERS_BYTES = 1 << 20
_TABLES = ("users", "oauth_clients", "entities")


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "sandbox",
        help="run a small Zuora on this machine to log in to",
        description="Run a Zuora on this machine to log in to.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--port", type=port_number, default=0, help="port on 127.0.0.1; 0, the default, takes a free one"
    )
    parser.add_argument("--users", metavar="FILE", help="who may log in, instead of fresh users")
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print where it is as one line of JSON"
    )
    parser.set_defaults(run=serve)


def port_number(text: str) -> int:
    if not (text.isdecimal() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError("must be a number from 0 to 65535")
    return int(text)


def serve(options: dict[str, object]) -> int:
    try:
        tables = None if options["users"] is None else read_tables(str(options["users"]))
    except ValueError as error:
        complain(str(error))
        return USAGE
    stop = stopping_signals()
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)  # they wait for sigwait(), in every thread that starts from now on
    try:
        running = start(options["port"], tables)  # type: ignore[arg-type]  # argparse made it a number
    except (ImportError, OSError, OverflowError, ValueError) as error:
        complain(str(error))
        return USAGE
    with running:
        show(as_json(running, options) if options["json"] else as_text(running, options))
        return INTERRUPTED if signal.sigwait(stop) == signal.SIGINT else LOGGED_IN


def stopping_signals() -> set[signal.Signals]:
    """SIGHUP is one, unless it is ignored, as under nohup: sigwait() would see it all the same."""
    stop = {signal.SIGTERM, signal.SIGINT}
    return stop if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else stop | {signal.SIGHUP}


def start(port: int, tables: dict[str, dict[str, str]] | None) -> Sandbox:
    from zuora_connect import sandbox

    if tables is None:
        return sandbox.start(port=port)
    return sandbox.start(
        port=port,
        users=tables["users"],
        oauth_clients=tables.get("oauth_clients", {}),
        entities=tables.get("entities"),
    )


def read_tables(path: str) -> dict[str, dict[str, str]]:
    """The tables of a file of users. Raises ValueError that names the file and repeats no value of it."""
    import tomllib

    try:
        with open(path, "rb") as file:
            content = file.read(_USERS_BYTES + 1)
    except OSError as error:
        raise ValueError(f"--users: {path} cannot be read ({error.strerror})") from None
    if len(content) > _USERS_BYTES:
        raise ValueError(f"--users: {path} is larger than 1 MiB")
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = str(error).rpartition("(")[2].rstrip(")") if isinstance(error, tomllib.TOMLDecodeError) else "no UTF-8"
        raise ValueError(f"--users: {path} is no TOML ({place})") from None
    unknown = sorted(set(tables) - set(_TABLES))
    if unknown:
        raise ValueError(f"--users: {path} may hold the tables {', '.join(_TABLES)}, and nothing else")
    for name, table in tables.items():
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise ValueError(f"--users: {name} in {path} must be a table of texts in quotes")
    if not tables.get("users"):
        raise ValueError(f"--users: {path} names no user: it needs a table `users`")
    return tables


def facts(running: Sandbox, options: dict[str, object]) -> dict[str, str | None]:
    """Where it is and who may log in. What stands in the caller's own file is not repeated."""
    fresh = options["users"] is None
    return {
        "base_url": running.base_url,
        "ca_file": running.ca_file,
        "username": running.username,
        "password": running.password if fresh else None,
        "client_id": running.client_id,
        "client_secret": running.client_secret if fresh else None,
    }


def as_json(running: Sandbox, options: dict[str, object]) -> str:
    return json.dumps(facts(running, options) | {"pid": os.getpid()})


def as_text(running: Sandbox, options: dict[str, object]) -> str:
    known = facts(running, options).items()
    lines = [f"{name:14}{value}" for name, value in known if value is not None]
    return "\n".join([*lines, "Stop with Ctrl-C."])
