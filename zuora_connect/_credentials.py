"""What arguments and variables left open: asked of a profile, then of the keyring, then, if wanted, of the user.

Imported only where something is open. The values travel on a form, and whatever has one of them in a variable runs in a
thread of its own: no exception that reaches the program has its frames.
"""

from __future__ import annotations

from time import monotonic

from zuora_connect._connection import sources
from zuora_connect._text import printable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable, Iterable

    from zuora_connect._connection import Connection
    from zuora_connect._form import Form

WHO_AND_WHERE = ("username", "password", "base_url")


def complete(form: Form) -> None:
    """Fill in what can be found. Raises ValueError (TypeError) for a profile that cannot be used.

    Where tests allow no login, nothing stored is read: LoginBlocked.
    """
    from zuora_connect import _profile

    form.began = monotonic()
    form.notes = []
    form.source = _chosen(sources(form.origin), filter(form.values.__contains__, WHO_AND_WHERE))
    _profile.judge_name(form.profile)
    if form.profile is not None or form.lacks("username") or form.lacks("password"):
        _apart(_profile.fill_in, form, "the file of profiles")
    if form.profile is not None and form.lacks("password") and not form.notes:
        form.notes.append(f"profile {printable(form.profile)} has none")
    if form.lacks("base_url"):
        from zuora_connect._environments import DEFAULT_URL

        form.add("base_url", DEFAULT_URL, "default")
    if not form.plans:
        _ask_keyring(form)
    if form.asks:
        _ask_user(form)
    form.source = _chosen(form.source, sorted(form.source, key=_rank))
    if form.tells:
        _tell(form)


def where_it_was_looked_for(form: Form) -> str:
    """The end of the message that a value is missing."""
    return "".join(f"; {note}" for note in dict.fromkeys(form.notes))


def blame(form: Form, message: str) -> str:
    """The message that a value is bad, which begins with its name, and which profile has it."""
    from zuora_connect._profile import path_of_profiles

    for name in message.partition(":")[0].split(", "):
        source = form.source.get(name, "")
        if source.startswith("profile "):
            return f"{message} ({source} in {path_of_profiles()})"
    return message


def save(form: Form, connection: Connection) -> None:
    """Put the password into the keyring, unless it is from there. Raises `_keyring.KeyringProblem` with it."""
    from zuora_connect import _keyring

    try:
        if form.source["password"] != _keyring.SOURCE:
            _keyring.save(form)
    except _keyring.KeyringProblem as problem:
        problem.connection = connection
        raise


def _ask_keyring(form: Form) -> None:
    if form.lacks("password"):
        from zuora_connect import _keyring

        _apart(_keyring.fill_in, form, "the keyring")


def _ask_user(form: Form) -> None:
    from zuora_connect import _prompt

    if form.lacks("username") and _prompt.ask_username(form):
        _ask_keyring(form)
    if form.lacks("password") and not form.lacks("username"):
        _prompt.ask_password(form)


def _chosen(source: dict[str, str], names: Iterable[str]) -> dict[str, str]:
    """Neither a comprehension nor items(): without memory for them CPython loses arguments (3.11) or crashes."""
    chosen = {}
    for name in names:
        chosen[name] = source[name]
    return chosen


def _rank(name: str) -> int:
    return WHO_AND_WHERE.index(name) if name in WHO_AND_WHERE else len(WHO_AND_WHERE)


def _tell(form: Form) -> None:
    """On standard error. Where that takes nothing, or is none, the login goes on without."""
    import sys

    try:
        for name in form.source if sys.stderr is not None else ():
            print(f"zuora_connect: {name} from {form.source[name]}", file=sys.stderr)
    except (OSError, ValueError):  # full, without a reader, closed
        pass


def _apart(work: Callable[[Form], None], form: Form, whose: str) -> None:
    """Do it in a thread of its own, for as long as the login may take; with a user at hand, until it is interrupted.

    A keyring may ask its user to unlock it, and a file may be on a server that is gone: neither knows of a time-out.
    Such a thread is left behind.
    """
    from _thread import allocate_lock, start_new_thread

    try:
        under_way = allocate_lock()
    except RuntimeError:  # which says "can't allocate lock"
        raise MemoryError from None
    under_way.acquire()
    problems: list[BaseException] = []
    arguments = (work, form, whose, problems, under_way)
    try:
        start_new_thread(_run, arguments)
    except RuntimeError:  # a subinterpreter may have no threads, and an interpreter that ends has no new ones
        _run(*arguments)
    if not under_way.acquire(timeout=-1 if form.asks else form.left()):
        raise ValueError(f"timeout: is over, and {whose} has not answered yet (is it locked?)")
    if problems:
        raise problems.pop()


def _run(
    work: Callable[[Form], None], form: Form, whose: str, problems: list[BaseException], under_way: LockType
) -> None:
    try:
        work(form)
    except BaseException as error:
        problems.append(_without_frames(error, whose))
    finally:
        under_way.release()


def _without_frames(error: BaseException, whose: str) -> BaseException:
    """The same, but for its traceback, and for its text unless that is ours."""
    from zuora_connect._diversion import LoginBlocked
    from zuora_connect._profile import BadProfile

    if isinstance(error, BadProfile):
        return ValueError(str(error))
    if isinstance(error, LoginBlocked):
        return LoginBlocked(str(error))
    if isinstance(error, MemoryError | KeyboardInterrupt):
        return type(error)()
    return RuntimeError(f"{whose}: {printable(type(error).__name__)}")
