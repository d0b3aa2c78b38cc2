"""aiohttp: a session, or a session for each call, all in one event loop."""

import asyncio
import ssl

import aiohttp

from . import BODY, HEADERS, TIMEOUT_S, Calls, read

TIMEOUT = aiohttp.ClientTimeout(total=TIMEOUT_S)


def kept(url: str, ca: str, calls: Calls) -> str:
    return asyncio.run(log_in_kept(url, ca, calls))


async def log_in_kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=ca))
    async with aiohttp.ClientSession(connector=connector, headers=HEADERS, timeout=TIMEOUT) as client:
        for _ in calls:
            async with client.post(url, data=BODY) as answer:
                session = read(await answer.json(), answer.headers)
    return session


def anew(url: str, ca: str, calls: Calls) -> str:
    return asyncio.run(log_in_anew(url, ca, calls))


async def log_in_anew(url: str, ca: str, calls: Calls) -> str:
    """With one context for all, since aiohttp makes its own once, when it is imported."""
    session = ""
    context = ssl.create_default_context(cafile=ca)
    for _ in calls:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as client,
            client.post(url, data=BODY, headers=HEADERS, ssl=context) as answer,
        ):
            session = read(await answer.json(), answer.headers)
    return session
