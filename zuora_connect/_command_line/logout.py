"""`zuora-connect logout`: take a password out of the keyring. Sessions end by themselves."""

from __future__ import annotations

import json
import os

from zuora_connect import _core
from zuora_connect._command_line.output import LOGGED_IN, USAGE, complain, show
from zuora_connect._environments import DEFAULT_URL, nearest, url_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._command_line.output import Commands
    from zuora_connect._form import Form


def add(commands: Commands) -> None:
    parser = commands.add_parser(
        "logout",
        help="take the password out of the keyring",
        description="Take the password that `zuora-connect login --save` saved out of the keyring.",
        epilog="Exit codes: 0 it is gone, 2 there was none, or wrong usage.",
        allow_abbrev=False,
    )
    parser.add_argument("username", nargs="?", help="as at the login")
    parser.add_argument("--environment", metavar="NAME", help="as at the login")
    parser.add_argument("--base-url", metavar="URL", help="as at the login")
    parser.add_argument("--profile", metavar="NAME", help="as at the login")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.set_defaults(run=log_out)


def log_out(options: dict[str, str | None]) -> int:
    from zuora_connect import _keyring

    try:
        form = who_and_where(options)
        if form.lacks("username"):
            _keyring.fill_in(form)
        username, base_url = form.values.get("username"), str(form.values["base_url"])
        if username is None:
            raise ValueError("username: is missing" + "".join(f"; {note}" for note in form.notes))
        if not _keyring.forget(base_url, str(username)):
            raise ValueError(f"the keyring has no password of this user for {base_url}")
    except (ValueError, TypeError, _keyring.KeyringProblem) as error:
        complain(str(error))
        return USAGE
    said = f"the keyring has the password for {base_url} no more"
    show(json.dumps({"base_url": base_url, "removed": True}) if options["json"] else said)
    return LOGGED_IN


def who_and_where(options: dict[str, str | None]) -> Form:
    """As a login with these options would find them. Raises ValueError."""
    from zuora_connect import _profile
    from zuora_connect._form import Form

    for name in ("username", "environment", "base_url", "profile"):
        if options[name] == "":
            raise ValueError(f"{name}: is empty")
    form = Form()
    form.notes, form.source, form.values = [], {}, {}
    form.profile = options["profile"] or os.environ.get("ZUORA_PROFILE") or None
    username = options["username"] or os.environ.get("ZUORA_USERNAME")
    if username:
        form.add("username", username, "argument")
    base_url = place_of(options)
    if base_url:
        form.add("base_url", base_url, "argument")
    _profile.fill_in(form)
    if form.lacks("base_url"):
        form.add("base_url", DEFAULT_URL, "default")
    _core.plan(form.values.get("username"), "-", base_url=form.place, proxy="")  # type: ignore[arg-type]  # which judges them
    return form


def place_of(options: dict[str, str | None]) -> str | None:
    if options["environment"] and options["base_url"]:
        raise ValueError("environment, base_url: give at most one of them")
    given = options["environment"] or options["base_url"]
    base_url = options["base_url"] if given else os.environ.get("ZUORA_BASE_URL")
    environment = options["environment"] if given else os.environ.get("ZUORA_ENVIRONMENT")
    if base_url or not environment:
        return base_url or None
    found = url_of(environment)
    if found is None:
        raise ValueError(f"environment: is none of zuora_connect.ENVIRONMENTS; the nearest: {nearest(environment)}")
    return found
