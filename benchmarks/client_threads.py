"""A child of the benchmark: threads that log in for a fixed time, each with one client (logins/), as floor_threads.c.

client_threads.py NAME THREADS SECONDS BASE_URL CA    the wall time it prints is one over the rate of all together
"""

import importlib
import sys
import threading
import time
from collections.abc import Iterator

from client import print_figures


class Timed:
    """A first call, then calls until the time is over; the clocks of all threads start together."""

    def __init__(self, seconds: float, connected: threading.Barrier) -> None:
        self.seconds = seconds
        self.connected = connected
        self.calls = 0
        self.took = 0.0

    def __iter__(self) -> Iterator[None]:
        yield
        self.connected.wait()
        start = time.perf_counter()
        while self.took < self.seconds:
            yield
            self.calls += 1
            self.took = time.perf_counter() - start


def main() -> None:
    name, n_threads, seconds, base_url, ca = sys.argv[1:]
    log_in = importlib.import_module(f"logins.{name}").kept
    cpu_before: list[float] = []
    connected = threading.Barrier(int(n_threads), lambda: cpu_before.append(time.process_time()), timeout=60)
    timed = [Timed(float(seconds), connected) for _ in range(int(n_threads))]
    threads = [threading.Thread(target=log_in, args=(f"{base_url}/v1/connections", ca, each)) for each in timed]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if not all(each.took >= each.seconds for each in timed):
        raise SystemExit("a login failed")
    cpu = time.process_time() - cpu_before[0]
    print_figures(1e6 / sum(each.calls / each.took for each in timed), cpu * 1e6 / sum(each.calls for each in timed))


if __name__ == "__main__":
    main()
