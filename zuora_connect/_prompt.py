"""The user, at a terminal or a notebook, is asked for what nobody else knows. All of it goes straight onto the form."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._credentials import Form

SOURCE = "prompt"


def ask_username(form: Form) -> bool:
    """Was one given? Not asked for where nobody can type it."""
    if not _is_there():
        return False
    try:
        form.values["username"] = input("Zuora user name: ").strip()
    except (EOFError, NotImplementedError):
        return False
    return _keep(form, "username")


def ask_password(form: Form) -> bool:
    """Likewise. Never shown while it is typed: rather than that, it is not asked for."""
    import getpass
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on, and show what is typed
            form.values["password"] = getpass.getpass(f"Zuora password for {_host(form)}: ")
    except (getpass.GetPassWarning, EOFError, NotImplementedError):
        form.notes.append("there is no terminal to ask at")
        return False
    return _keep(form, "password")


def _keep(form: Form, name: str) -> bool:
    """Nothing typed is nothing said."""
    if form.has(name, ""):
        del form.values[name]
        return False
    form.source[name] = SOURCE
    return True


def _host(form: Form) -> str:
    return form.place.partition("://")[2].partition("/")[0].rpartition("@")[2]


def _is_there() -> bool:
    """A terminal, or a notebook, whose kernel has put another function in the place of input()."""
    from types import BuiltinFunctionType

    return not isinstance(input, BuiltinFunctionType) or (sys.stdin is not None and sys.stdin.isatty())
