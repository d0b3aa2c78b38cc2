"""The user, at a terminal or a notebook, is asked for what nobody else knows. All of it goes straight onto the form."""

from __future__ import annotations

import sys
from types import BuiltinFunctionType

from zuora_connect._text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from zuora_connect._form import Form

SOURCE = "prompt"
NOTHING_TYPED = "nothing was typed"
NO_TERMINAL = "there is no terminal to ask at"
NOT_UTF8 = "what was typed is no UTF-8"


def ask_username(form: Form) -> bool:
    """Was one given? Not asked for where nobody can type it."""
    if not _is_there():
        form.notes.append(NO_TERMINAL)
        return False
    return _ask(form, "username", lambda: _line("Zuora user name: ").strip())


def ask_password(form: Form) -> bool:
    """Likewise. Never shown while it is typed: rather than that, it is not asked for."""
    import getpass
    import warnings

    def ask() -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # it would go on, and show what is typed
            return getpass.getpass(f"Zuora password for {_host(form)}: ")

    return _ask(form, "password", ask)


def _ask(form: Form, name: str, ask: Callable[[], str]) -> bool:
    """Note why nothing was given. No exception leaves here with frames of getpass: they hold what was typed."""
    ended: BaseException | None = None
    try:
        form.values[name] = ask()
    except UnicodeDecodeError:  # whose attributes hold it, too
        form.notes.append(NOT_UTF8)
    except EOFError:
        form.notes.append(NOTHING_TYPED)
    except BaseException as error:
        ended = error.with_traceback(None)
        ended.__context__ = None
    else:
        return _keep(form, name)
    if ended is None:
        return False
    if not isinstance(ended, Exception) or isinstance(ended, MemoryError):
        raise ended
    form.notes.append(NO_TERMINAL)  # or one that hung up, or a notebook that cannot ask
    return False


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
