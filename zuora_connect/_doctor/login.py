"""The last step: one login, by the extension, like any other."""

from __future__ import annotations

import zuora_connect
from zuora_connect import _core
from zuora_connect._doctor.findings import StepFailed, Told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def log_in(options: Mapping[str, Any], password: str | None) -> Told:
    """One try. Raises StepFailed, or ValueError and TypeError for a password that cannot travel."""
    try:
        connection = _core.ask(password=password, retries=0, **options)
    except zuora_connect.errors.ZuoraError as error:
        raise failed(error, {"error": type(error).__name__, "status": error.status}) from None
    shown = {key: value for key, value in connection.items() if key not in ("sessionCookie", "headers")}
    try:
        connection.check()
    except zuora_connect.errors.Refused as error:
        raise failed(error, shown | {"error": type(error).__name__}, limits(connection)) from None
    return Told(f"HTTP {connection['status']}, and a session", limits(connection), shown | {"error": None})


def failed(error: zuora_connect.errors.ZuoraError, details: dict[str, Any], lines: tuple[str, ...] = ()) -> StepFailed:
    is_refusal = isinstance(error, zuora_connect.errors.Refused)
    return StepFailed(str(error), error.hint, lines=lines, details=details, is_refusal=is_refusal)


def limits(connection: zuora_connect.Connection) -> tuple[str, ...]:
    rate, wait = connection["rateLimit"], connection["retryAfter"]
    lines = []
    if rate["remaining"] is not None:
        of, reset = rate["limit"], rate["reset"]
        lines.append(f"rate limit: {rate['remaining']} of {of} calls left" + (f", anew in {reset} s" if reset else ""))
    if wait is not None:
        lines.append(f"wait {wait:g} s before another try")
    if connection["requestId"] is not None:
        lines.append(f"request id: {connection['requestId']}")
    return tuple(lines)
