"""One DEBUG line per try. Imported only where the program has imported logging by itself: elsewhere nobody reads it."""

import logging

_logger = logging.getLogger("zuora_connect")


def log_try(host: str, milliseconds: int, status: int | None, request_id: str | None, failure: str | None) -> None:
    """Say where, what came back and how long it took; `failure` is the name of the exception, if there was one."""
    failed = "" if failure is None else f", {failure}"
    _logger.debug("login at %s: status %s, request id %s, %d ms%s", host, status, request_id, milliseconds, failed)
