"""One login within its deadline: tries, until one of them settles it or there is neither a try nor time left.

What a login that works does not need (errors, retries, logging, certifi) is imported when it is needed.
"""

import sys
from time import monotonic, sleep

from zuora_connect import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._connection import Connection
    from zuora_connect.errors import ZuoraError


def log_in(
    request: object, url: str, timeout_ms: int, connect_timeout_ms: int, retries: int, own_ca: bool
) -> "Connection":
    """Try once and at most `retries` times more; with certifi's CA store if no other knows the server.

    `own_ca` says that the caller named the CA store.
    """
    started = monotonic()
    deadline = started + timeout_ms / 1000
    tried = 0
    ca_file = None
    while True:
        left_ms = int((deadline - started) * 1000) or 1
        try:
            connection = _core.connections(request, left_ms, connect_timeout_ms, ca_file)
        except Exception as error:
            from zuora_connect.errors import ZuoraError

            if not isinstance(error, ZuoraError):
                raise
            _log(url, started, error.status, error.request_id, type(error).__name__)
            if ca_file is None and not own_ca and (ca_file := _last_resort(error)) is not None:
                started = monotonic()
                continue
            wait = _wait_after_failure(error, tried, deadline)
            error.retryable = wait is not None
            if wait is None or tried == retries:
                raise
        else:
            _log(url, started, connection["status"], connection["requestId"], None)
            if connection["success"]:
                return connection
            wait = _wait_after_answer(connection, tried, deadline)
            connection._retryable = wait is not None
            if wait is None or tried == retries:
                return connection
        started = _sleep(wait, deadline, url)
        tried += 1


def _last_resort(error: "ZuoraError") -> str | None:
    """certifi's bundle, if that may help and is installed. Nothing has been sent when an issuer is unknown."""
    if not getattr(error, "issuer_unknown", False):
        return None
    from importlib import import_module

    try:
        return str(import_module("certifi").where())
    except ImportError:
        return None


def _wait_after_failure(error: "ZuoraError", tried: int, deadline: float) -> float | None:
    """Seconds to wait before another try; None if there is to be none."""
    return _wait(tried, getattr(error, "retry_after", None), deadline) if error.retryable else None


def _wait_after_answer(connection: "Connection", tried: int, deadline: float) -> float | None:
    from zuora_connect._retry import may_pass

    worth_it = may_pass(connection["status"], connection["reasons"])
    return _wait(tried, connection["retryAfter"], deadline) if worth_it else None


def _wait(tried: int, retry_after: float | None, deadline: float) -> float | None:
    from zuora_connect._retry import fits, wait_before

    wait = wait_before(tried, retry_after)
    return wait if fits(wait, deadline - monotonic()) else None


def _sleep(seconds: float, deadline: float, url: str) -> float:
    """Return the time after it."""
    sleep(seconds)
    awake = monotonic()
    if awake >= deadline:
        from zuora_connect.errors import Timeout

        raise Timeout(
            f"login at {_host(url)} failed: no time left after the wait for another try (in phase backoff)",
            url=url,
            phase="backoff",
        )
    return awake


def _host(url: str) -> str:
    return url.split("/")[2]


def _log(url: str, started: float, status: int | None, request_id: str | None, failure: str | None) -> None:
    if "logging" in sys.modules:
        from zuora_connect._log import log_try

        log_try(_host(url), round((monotonic() - started) * 1000), status, request_id, failure)
