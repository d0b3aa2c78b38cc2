"""The user, at a terminal or a notebook, is asked for what nobody else knows. All of it goes straight onto the form."""

from __future__ import annotations

import sys
from types import BuiltinFunctionType

from zuora_connect._text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._credentials import Form

SOURCE = "prompt"
NOTHING_TYPED = "nothing was typed"


def ask_username(form: Form) -> bool:
    """Was one given? Not asked for where nobody can type it."""
    if not _is_there():
        return False
    try:
        form.values["username"] = _line("Zuora user name: ").strip()
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


def _line(question: str) -> str:
    """What is typed. A terminal's input() would ask on standard output, which is for what the program prints."""
    if not isinstance(input, BuiltinFunctionType):
        return input(question)
    print(question, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _keep(form: Form, name: str) -> bool:
    """Nothing typed is nothing said."""
    if form.has(name, ""):
        del form.values[name]
        form.notes.append(NOTHING_TYPED)
        return False
    form.source[name] = SOURCE
    return True


def _host(form: Form) -> str:
    """With nothing in it that could make a terminal show another one."""
    return printable(form.place.partition("://")[2].partition("/")[0].rpartition("@")[2])


def _is_there() -> bool:
    """A terminal, or a notebook, whose kernel has put another function in the place of input()."""
    if not isinstance(input, BuiltinFunctionType):
        return True
    return sys.stdin is not None and sys.stderr is not None and sys.stdin.isatty()
