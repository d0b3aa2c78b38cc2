"""A child of the benchmark: does one thing in a fresh interpreter and prints what it cost, as floor.c does.

client.py logins N BASE_URL CA    one login, then N that are timed (N = 0: import and first login are)
client.py import NAME [DIR]       importing one module, DIR first on the path
client.py bare                    nothing: the interpreter alone
"""

import os
import sys
import time


def logins(n: int, base_url: str, ca: str) -> tuple[float, float]:
    start = clocks()
    import zuora_connect

    is_dir = os.path.isdir(ca)

    def log_in() -> None:
        zuora = zuora_connect.connect(
            "user",
            "secret",
            base_url=base_url,
            retries=0,
            ca_file=None if is_dir else ca,
            ca_dir=ca if is_dir else None,
        )
        if not (zuora["success"] and zuora["rateLimit"]["remaining"]):
            raise SystemExit(f"not the answer of the benchmark's server: {zuora}")

    log_in()
    if n:
        start = clocks()
    for _ in range(n):
        log_in()
    return since(start, n or 1)


def import_module(name: str, *first_on_path: str) -> tuple[float, float]:
    sys.path[:0] = first_on_path
    start = clocks()
    __import__(name)
    return since(start, 1)


def clocks() -> tuple[int, int]:
    return time.perf_counter_ns(), time.process_time_ns()


def since(start: tuple[int, int], n: int) -> tuple[float, float]:
    wall, cpu = clocks()
    return (wall - start[0]) / n / 1e3, (cpu - start[1]) / n / 1e3


def memory_kb(field: str) -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(field))


def main() -> None:
    what, *arguments = sys.argv[1:]
    wall = cpu = 0.0
    if what == "logins":
        wall, cpu = logins(int(arguments[0]), *arguments[1:])
    elif what == "import":
        wall, cpu = import_module(*arguments)
    print(f"{wall:.2f} {cpu:.2f} {memory_kb('RssAnon:')} {memory_kb('VmHWM:')}")


if __name__ == "__main__":
    main()
