"""What the first try at a login did not settle: further tries, until one does or there is neither a try nor time left.

Imported when it is needed, so it costs nothing where logins work.
"""

from time import monotonic, sleep

from zuora_connect import _core
from zuora_connect._retry import fits, may_pass, wait_before
from zuora_connect.errors import Timeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._connection import Connection
    from zuora_connect.errors import ZuoraError


def go_on(
    outcome: "Connection | ZuoraError",
    request: object,
    url: str,
    timeout_ms: int,
    connect_timeout_ms: int,
    retries: int,
    elapsed_ms: int,
    own_ca: bool,
) -> "Connection":
    """Try at most `retries` times more; with certifi's CA store if no other knows the server.

    `outcome` is what the first try came to, `elapsed_ms` after the login began; `own_ca` says that the caller named the
    CA store.
    """
    deadline = monotonic() + (timeout_ms - elapsed_ms) / 1000
    tried = 0
    ca_file = None
    try:
        while True:
            if ca_file is None and not own_ca and (ca_file := _last_resort(outcome)) is not None:
                now = monotonic()
            else:
                wait = _wait_before_another(outcome, tried, deadline)
                if wait is None or tried == retries:
                    break
                now = _sleep(wait, deadline, url)
                tried += 1
            left_ms = int((deadline - now) * 1000) or 1
            outcome = _core.again(request, left_ms, connect_timeout_ms, ca_file)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome
    finally:
        del outcome  # its own traceback would refer to it


def _last_resort(outcome: "Connection | ZuoraError") -> str | None:
    """certifi's bundle, if that may help and is installed. Nothing has been sent when an issuer is unknown."""
    if not getattr(outcome, "issuer_unknown", False):
        return None
    from importlib import import_module

    try:
        return str(import_module("certifi").where())
    except ImportError:
        return None


def _wait_before_another(outcome: "Connection | ZuoraError", tried: int, deadline: float) -> float | None:
    """Seconds to wait before another try; None if there is to be none. Tells the outcome which of the two it is."""
    if isinstance(outcome, Exception):
        worth_it, retry_after = outcome.retryable, getattr(outcome, "retry_after", None)
    else:
        worth_it = not outcome["success"] and may_pass(outcome["status"], outcome["reasons"])
        retry_after = outcome["retryAfter"]
    wait = wait_before(tried, retry_after) if worth_it else None
    if wait is not None and not fits(wait, deadline - monotonic()):
        wait = None
    if isinstance(outcome, Exception):
        outcome.retryable = wait is not None
    else:
        outcome._retryable = wait is not None
    return wait


def _sleep(seconds: float, deadline: float, url: str) -> float:
    """Return the time after it."""
    sleep(seconds)
    awake = monotonic()
    if awake >= deadline:
        host = url.split("/")[2]
        raise Timeout(
            f"login at {host} failed: no time left after the wait for another try (in phase backoff)",
            url=url,
            phase="backoff",
        )
    return awake
