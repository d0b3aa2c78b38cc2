"""The rows with threads, measured on all cores: threads that wait for a slow server, and threads that do not wait."""

from collections.abc import Iterator

from children import CPrograms, Python
from measure import Row, Side
from server import DELAY_S, Server

MANY, SOME = 64, 16


def thread_rows(programs: CPrograms, python: Python, server: Server, seconds: float) -> Iterator[Row]:
    def side(children: CPrograms | Python, n: int, base_url: str, seconds: float = seconds) -> Side:
        return Side(children.threads(n, seconds, base_url, server.bundle))

    if slow := server.delayed_url():
        name = f"login, {MANY} threads, answers take {DELAY_S * 1000:.0f} ms"
        base, ours = (side(each, MANY, slow, max(seconds, 20 * DELAY_S)) for each in (programs, python))
        yield Row(name, base, ours, goal=1.02)
    url = server.url()
    yield Row(f"login, {SOME} threads", side(programs, SOME, url), side(python, SOME, url))
    yield Row(f"login, {SOME} threads beside one of ours", side(python, 1, url), side(python, SOME, url), goal=1.0)
