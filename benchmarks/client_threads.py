"""A child of the benchmark: threads that log in for a fixed time, as those of floor_threads.c do.

client_threads.py THREADS SECONDS BASE_URL CA    the wall time it prints is one over the rate of all threads together
"""

import sys
import threading
import time

from client import login, print_figures


def main() -> None:
    n_threads, seconds = int(sys.argv[1]), float(sys.argv[2])
    log_in = login(*sys.argv[3:])
    done: list[tuple[int, float]] = []
    cpu_before: list[float] = []
    connected = threading.Barrier(n_threads, action=lambda: cpu_before.append(time.process_time()), timeout=60)

    def work() -> None:
        log_in()
        connected.wait()
        n = 0
        took = 0.0
        start = time.perf_counter()
        while took < seconds:
            log_in()
            n += 1
            took = time.perf_counter() - start
        done.append((n, took))

    threads = [threading.Thread(target=work) for _ in range(n_threads)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    cpu = time.process_time() - cpu_before[0]
    if len(done) != n_threads:
        raise SystemExit("a login failed")
    print_figures(1e6 / sum(n / took for n, took in done), cpu * 1e6 / sum(n for n, _ in done))


if __name__ == "__main__":
    main()
