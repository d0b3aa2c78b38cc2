"""How much of a step's time is left."""

from __future__ import annotations

from time import monotonic


class Deadline:
    """Ends `seconds` after its making."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._ends = monotonic() + seconds

    def left(self) -> float:
        """Seconds, above 0. Raises TimeoutError when there are none."""
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        return left
