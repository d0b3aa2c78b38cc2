"""Where logins go while tests run: the one place that tells and asks the extension.

The state is the process's, not this module's: it holds in every thread, interpreter and fork, and for functions that
were imported before. Children that are no forks get it from the variable when they load the extension.
"""

import os

from zuora_connect import _core

VARIABLE = "ZUORA_CONNECT_TESTING"
OFFLINE = "offline"


class LoginBlocked(BaseException):
    """A login that tests do not allow; nothing was sent.

    No `Exception`, so that code under test which handles failed logins, or everything, does not take it for one.
    """

    __module__ = "zuora_connect.testing"  # where it is public


def set_diversion(to: str | None) -> str | None:
    """Let every login of this process go to a sandbox (see `sandbox_text`), or let none be made (`OFFLINE`).

    None: logins go where they are meant to. Returns what held before. Raises ValueError for what is not on loopback.
    """
    return _core.divert(to)


def folder_of_tests() -> str | None:
    """Where the sandbox that logins go to has its files; None: logins go where they are meant to.

    Raises LoginBlocked where none may be made.
    """
    ca_file = _core.sandbox_ca_file()
    return None if ca_file is None else os.path.dirname(ca_file)


def sandbox_text(login_url: str, follow_up_url: str, ca_file: str) -> str:
    """A sandbox as the extension and the variable name it: where logins go, where their sessions' calls go, its CA."""
    return f"{login_url} {follow_up_url} {ca_file}"
