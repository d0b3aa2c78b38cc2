"""A child of the benchmark: does one thing in a fresh interpreter and prints what it cost, as floor.c does.

client.py logins N BASE_URL CA [MODULE DIR]
                                  one login, then N that are timed, and N more for each line of standard input
                                  (N = 0: import and first login are timed);
                                  by zuora_connect, or a module like it, DIR first on the path
client.py import NAME [DIR]       importing one module, DIR first on the path
client.py bare                    nothing: the interpreter alone
"""

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def login(base_url: str, ca: str, module: str = "zuora_connect", *first_on_path: str) -> "Callable[[], None]":
    """-> a function that logs in and sees to it that the answer is the server's."""
    sys.path[:0] = first_on_path
    connect = __import__(module).connect
    is_dir = os.path.isdir(ca)

    def log_in() -> None:
        zuora = connect(
            "user",
            "secret",
            base_url=base_url,
            retries=0,
            ca_file=None if is_dir else ca,
            ca_dir=ca if is_dir else None,
        )
        if not (zuora["success"] and zuora["rateLimit"]["remaining"]):
            raise SystemExit(f"not the answer of the benchmark's server: {zuora}")

    return log_in


def logins(n: int, *what: str) -> None:
    start = clocks()
    log_in = login(*what)
    log_in()
    if n == 0:
        print_figures(*since(start, 1))
        return
    more = "more"
    while more:
        start = clocks()
        for _ in range(n):
            log_in()
        print_figures(*since(start, n))
        more = sys.stdin.readline()


def import_module(name: str, *first_on_path: str) -> None:
    sys.path[:0] = first_on_path
    start = clocks()
    __import__(name)
    print_figures(*since(start, 1))


def clocks() -> tuple[int, int]:
    return time.perf_counter_ns(), time.process_time_ns()


def since(start: tuple[int, int], n: int) -> tuple[float, float]:
    wall, cpu = clocks()
    return (wall - start[0]) / n / 1e3, (cpu - start[1]) / n / 1e3


def print_figures(wall_us: float, cpu_us: float) -> None:
    print(f"{wall_us:.2f} {cpu_us:.2f} {memory_kb('RssAnon:')} {memory_kb('VmHWM:')}", flush=True)


def memory_kb(field: str) -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field))


def main() -> None:
    what, *arguments = sys.argv[1:]
    if what == "logins":
        logins(int(arguments[0]), *arguments[1:])
    elif what == "import":
        import_module(*arguments)
    else:
        print_figures(0, 0)


if __name__ == "__main__":
    main()
