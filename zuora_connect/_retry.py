"""Is another try worth it, and after what wait? Pure decisions: nothing here sends, sleeps or looks at a clock."""

from __future__ import annotations

from zuora_connect.errors import category

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zuora_connect.errors import Reason

_STATUSES = frozenset((429, 500, 502, 503, 504))
_CATEGORIES = frozenset((50, 61, 70, 99))


def may_pass(status: int, reasons: list[Reason]) -> bool:
    """Is this refusal one that another try may not meet again? Never so for a wrong user or password."""
    return status in _STATUSES or category(reasons) in _CATEGORIES


def wait_before(further_try: int, retry_after: float | None) -> float:
    """Seconds to wait before a further try (from 0): what the server said, else back-off with full jitter."""
    if retry_after is not None:
        return retry_after
    from random import uniform

    return uniform(0, min(8, 0.5 * 2**further_try))


def fits(wait: float, left: float) -> bool:
    """Is there time for this wait and a try after it? Both in seconds."""
    return wait < left
