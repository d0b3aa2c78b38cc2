"""One DEBUG line per try. Imported only where the program has imported logging by itself: elsewhere nobody reads it."""

import logging

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect._connection import Connection
    from zuora_connect.errors import ZuoraError

_logger = logging.getLogger("zuora_connect")


def log_try(url: str, milliseconds: float, outcome: "Connection | ZuoraError") -> None:
    """Say where, what came back and how long it took."""
    if isinstance(outcome, Exception):
        status, request_id, failed = outcome.status, outcome.request_id, f", {type(outcome).__name__}"
    else:
        status, request_id, failed = outcome["status"], outcome["requestId"], ""
    host = url.split("/")[2]
    _logger.debug("login at %s: status %s, request id %s, %.0f ms%s", host, status, request_id, milliseconds, failed)
