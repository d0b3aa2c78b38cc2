"""`zuora-connect login`: log in, and with --save put the password into the keyring for later logins."""

from __future__ import annotations

import json

import zuora_connect
from zuora_connect import _core
from zuora_connect._command_line.login_options import PASSWORD_HELP, add_command, password_of
from zuora_connect._command_line.output import LOGGED_IN, USAGE, complain, complain_of, show
from zuora_connect._keyring import KeyringProblem, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._command_line.output import Commands

NOT_SAVED = 4

_EPILOG = f"""\
{PASSWORD_HELP}
With --save, the password goes into the keyring after Zuora took it, under the place and the user's name;
`zuora-connect logout` takes it out again.
Exit codes: 0 logged in, 1 refused, 2 wrong usage, 3 no answer, 4 logged in but not saved."""


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "login",
        log_in,
        help="try a login out, say where its values came from, and save the password",
        description="Log in, and say where each value came from.",
        epilog=_EPILOG,
        json_help="print one line of JSON",
    )
    parser.add_argument("--save", action="store_true", help="put the password into the operating system's keyring")


def log_in(options: dict[str, object]) -> int:
    as_json = bool(options.pop("json", False))
    save = bool(options.pop("save", False))
    try:
        if save:
            load()
    except KeyringProblem as problem:  # said before anything is typed
        complain(str(problem))
        return USAGE
    try:
        function = _core.login_and_save if save else _core.login
        connection = function(password=password_of(options), **options)  # type: ignore[arg-type]
        connection.check()
    except KeyringProblem as problem:
        complain(str(problem))
        if problem.connection is not None:
            tell(problem.connection, saved=False, as_json=as_json)
        return NOT_SAVED
    except (zuora_connect.errors.ZuoraError, ValueError, TypeError) as error:
        return complain_of(error, as_json=as_json)
    tell(connection, saved=save, as_json=as_json)
    return LOGGED_IN


def tell(connection: zuora_connect.Connection, *, saved: bool, as_json: bool) -> None:
    if as_json:
        known = {"success": True, "base_url": connection.base_url, "source": connection.source, "saved": saved}
        show(json.dumps(known))
    else:
        show(f"logged in at {connection.base_url}" + (", and the password is in the keyring" if saved else ""))
