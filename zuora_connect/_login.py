"""One login within its deadline: tries, until one of them settles it or there is neither a try nor time left.

What a login that works does not need (retries, logging, certifi) is imported when it is needed.
"""

import sys
from time import monotonic, sleep

from zuora_connect import _core
from zuora_connect._connection import Connection
from zuora_connect.errors import Timeout, TLSError, ZuoraError


class Login:
    """`deadline` is a time of time.monotonic(); `own_ca` says that the caller named the CA store."""

    def __init__(
        self, request: object, base_url: str, url: str, deadline: float, connect_timeout_ms: int, own_ca: bool
    ) -> None:
        self.request = request
        self.base_url = base_url
        self.url = url
        self.deadline = deadline
        self.connect_timeout_ms = connect_timeout_ms
        self.own_ca = own_ca

    @property
    def host(self) -> str:
        return self.url.split("/")[2]

    def run(self, retries: int) -> Connection:
        """Try once and at most `retries` times more; with certifi's CA store if no other knows the server."""
        tried = 0
        ca_file = None
        while True:
            try:
                connection = self._send(ca_file)
            except ZuoraError as error:
                if ca_file is None and (ca_file := self._last_resort(error)) is not None:
                    continue
                wait = self._wait_after_failure(error, tried)
                error.retryable = wait is not None
                if wait is None or tried == retries:
                    raise
            else:
                if connection["success"]:
                    return connection
                wait = self._wait_after_answer(connection, tried)
                connection._retryable = wait is not None
                if wait is None or tried == retries:
                    return connection
            self._sleep(wait)
            tried += 1

    def _send(self, ca_file: str | None) -> Connection:
        started = monotonic()
        left_ms = int((self.deadline - started) * 1000) or 1
        try:
            connection = Connection(
                _core.connections(self.request, left_ms, self.connect_timeout_ms, ca_file),
                base_url=self.base_url,
            )
        except ZuoraError as error:
            if "logging" in sys.modules:
                self._log(started, error.status, error.request_id, type(error).__name__)
            raise
        if "logging" in sys.modules:
            self._log(started, connection["status"], connection["requestId"], None)
        return connection

    def _last_resort(self, error: ZuoraError) -> str | None:
        """certifi's bundle, if that may help and is installed. Nothing has been sent when an issuer is unknown."""
        if self.own_ca or not isinstance(error, TLSError) or not error.issuer_unknown:
            return None
        from importlib import import_module

        try:
            return str(import_module("certifi").where())
        except ImportError:
            return None

    def _wait_after_failure(self, error: ZuoraError, tried: int) -> float | None:
        """Seconds to wait before another try; None if there is to be none."""
        return self._wait(tried, getattr(error, "retry_after", None)) if error.retryable else None

    def _wait_after_answer(self, connection: Connection, tried: int) -> float | None:
        from zuora_connect._retry import may_pass

        worth_it = may_pass(connection["status"], connection["reasons"])
        return self._wait(tried, connection["retryAfter"]) if worth_it else None

    def _wait(self, tried: int, retry_after: float | None) -> float | None:
        from zuora_connect._retry import fits, wait_before

        wait = wait_before(tried, retry_after)
        return wait if fits(wait, self.deadline - monotonic()) else None

    def _sleep(self, seconds: float) -> None:
        sleep(seconds)
        if monotonic() >= self.deadline:
            raise Timeout(
                f"login at {self.host} failed: no time left after the wait for another try (in phase backoff)",
                url=self.url,
                phase="backoff",
            )

    def _log(self, started: float, status: int | None, request_id: str | None, failure: str | None) -> None:
        from zuora_connect._log import log_try

        log_try(self.host, round((monotonic() - started) * 1000), status, request_id, failure)
