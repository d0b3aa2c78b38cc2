"""A TCP relay on loopback that makes a server look far away: all that passes arrives half a round trip later.

The kernel answers a connect() at once, so a new connection's round trip is added to whatever is sent first.
"""

import asyncio
import contextlib
import functools
import selectors
import threading
from collections.abc import Iterator

HOST = "127.0.0.1"
TICK_S = 1e-6  # what is due at one time would have no order


@contextlib.contextmanager
def far_away(port: int, rtt_s: float) -> Iterator[int]:
    """A port that leads to `port`, over a round trip of `rtt_s`, while the context lasts."""
    loop = asyncio.SelectorEventLoop(selectors.SelectSelector())  # epoll would wait in whole milliseconds
    server = loop.run_until_complete(asyncio.start_server(functools.partial(serve, port, rtt_s), HOST, 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(end_all(asyncio.all_tasks(loop)))
        loop.close()


async def serve(port: int, rtt_s: float, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
    connected = asyncio.get_running_loop().time() + rtt_s
    server, to_server = await asyncio.open_connection(HOST, port)
    with contextlib.suppress(asyncio.CancelledError):  # asyncio reports a handler that was cancelled
        await asyncio.gather(
            carry(client, to_server, rtt_s / 2, connected),
            carry(server, to_client, rtt_s / 2, connected),
        )


async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay_s: float, sent: float) -> None:
    """Passes on each piece, and then the end, `delay_s` after it came; nothing counts as sent before `sent`."""
    loop = asyncio.get_running_loop()
    while piece := await read(source):
        sent = max(sent + TICK_S, loop.time())
        loop.call_at(sent + delay_s, sink.write, piece)
    loop.call_at(max(sent + TICK_S, loop.time()) + delay_s, sink.close)


async def read(source: asyncio.StreamReader) -> bytes:
    try:
        return await source.read(65536)
    except ConnectionError:
        return b""


async def end_all(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
