"""A child of the benchmark: logs in with one client (logins/) and prints what it cost, as client.py does.

peer_client.py NAME FORM N BASE_URL CA    FORM is kept or anew; one login, then N that are timed
                                          (N = 0: import and first login are)
"""

import importlib
import itertools
import sys
from collections.abc import Iterator

from client import clocks, print_figures, since


class Timed:
    """N calls after a first one; the clock starts anew after the first if there are more."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.start = clocks()
        self.took = (0.0, 0.0)

    def __iter__(self) -> Iterator[None]:
        yield
        if self.n:
            self.start = clocks()
        yield from itertools.repeat(None, self.n)
        self.took = since(self.start, self.n or 1)


def main() -> None:
    name, form, n, base_url, ca = sys.argv[1:]
    calls = Timed(int(n))
    log_in = getattr(importlib.import_module(f"logins.{name}"), form)
    log_in(f"{base_url}/v1/connections", ca, calls)
    print_figures(*calls.took)


if __name__ == "__main__":
    main()
