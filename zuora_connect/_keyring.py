"""The keyring of the operating system, through the library `keyring` (extra `[keyring]`).

A password is kept under the place it is for and its user's name: one that was saved for one host can never be found for
another.
"""

from __future__ import annotations

from zuora_connect._diversion import folder_of_tests
from zuora_connect._environments import normal_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from zuora_connect._connection import Connection
    from zuora_connect._form import Form

SOURCE = "keyring"
MISSING = "the library keyring is not installed: pip install 'zuora-connect[keyring]'"
FAULTS = (Exception, SystemExit)  # what a backend may raise, of which some are programs


class KeyringProblem(Exception):
    """Why the keyring did not do what it was asked to, in our words: a backend's own may hold anything.

    `.connection` is the login that it was to be saved after.
    """

    connection: Connection | None = None


def service_of(base_url: str) -> str:
    """What the passwords for a place are filed under, as other tools of the keyring show it."""
    return f"zuora_connect:{normal_place(base_url)}"


def fill_in(form: Form) -> None:
    """Add the password, and the user name if nothing else has said it. Notes on the form why there is none."""
    try:
        keyring = load()
        service = service_of(form.place)
        if form.lacks("username"):
            found = keyring.get_credential(service, None)
            if found is not None and found.username and found.password:
                form.add("username", found.username, SOURCE)
                form.add("password", found.password, SOURCE)
        else:
            password = keyring.get_password(service, form.values["username"])
            if password:
                form.add("password", password, SOURCE)
        if form.lacks("password"):
            form.notes.append("the keyring has none")
    except KeyringProblem as problem:
        form.notes.append(str(problem))
    except FAULTS as error:  # nobody but connect() asked for it
        form.notes.append(f"the keyring cannot be asked ({type(error).__name__})")


def load() -> ModuleType:
    """Raises KeyringProblem if it is not installed, or has no backend that keeps anything, or tests divert logins."""
    if folder_of_tests() is not None:
        raise KeyringProblem("the keyring is left alone while tests divert logins")
    try:
        import keyring
        from keyring.backends import fail, null

        backend = keyring.get_keyring()
    except ImportError:
        raise KeyringProblem(MISSING) from None
    except FAULTS as error:
        raise KeyringProblem(f"the library keyring does not work ({type(error).__name__})") from None
    if isinstance(backend, fail.Keyring | null.Keyring):
        raise KeyringProblem("the library keyring finds no keyring on this machine")
    return keyring


def save(form: Form) -> None:
    """Raises KeyringProblem."""
    try:
        service = service_of(form.place)
        load().set_password(service, form.values["username"], form.values["password"])
    except KeyringProblem:
        raise
    except FAULTS as error:
        problem = type(error).__name__
    else:
        return
    raise KeyringProblem(f"the keyring did not take the password ({problem})")


def forget(base_url: str, username: str) -> bool:
    """Remove a password; False if there was none. Raises KeyringProblem."""
    keyring = load()
    from keyring.errors import PasswordDeleteError

    service = service_of(base_url)
    try:
        keyring.delete_password(service, username)
    except PasswordDeleteError:
        return False
    except FAULTS as error:
        problem = type(error).__name__
    else:
        return True
    raise KeyringProblem(f"the keyring did not remove the password ({problem})")
