"""`zuora-connect connect`: log in and print the answer."""

from __future__ import annotations

import json

import zuora_connect
from zuora_connect import _core
from zuora_connect._command_line.login_options import PASSWORD_HELP, add_command, password_of
from zuora_connect._command_line.output import LOGGED_IN, complain_of, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._command_line.output import Commands

_EPILOG = f"{PASSWORD_HELP}\nExit codes: 0 logged in, 1 refused, 2 wrong usage, 3 no answer."


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "connect",
        log_in,
        help="log in and print the answer",
        description="Log in and print the answer as JSON.",
        epilog=_EPILOG,
        json_help="print the same on one line",
    )
    parser.add_argument("--show-cookie", action="store_true", help="print the session cookie too")


def log_in(options: dict[str, object]) -> int:
    one_line = bool(options.pop("json", False))
    show_cookie = bool(options.pop("show_cookie", False))
    try:
        connection = _core.ask(password=password_of(options), **options)  # type: ignore[arg-type]
    except (zuora_connect.errors.ZuoraError, ValueError, TypeError) as error:
        return complain_of(error, as_json=one_line)
    show(as_json(connection, show_cookie, None if one_line else 2))
    try:
        connection.check()
    except zuora_connect.errors.Refused as refusal:
        return complain_of(refusal)
    return LOGGED_IN


def as_json(connection: zuora_connect.Connection, show_cookie: bool, indent: int | None) -> str:
    shown = dict(connection)
    if not show_cookie and shown["sessionCookie"] is not None:
        shown["sessionCookie"] = "ZSession=***"
    return json.dumps(shown, indent=indent)
