"""httpx: a client, or httpx.post()."""

import ssl

import httpx

from . import BODY, HEADERS, TIMEOUT_S, Calls, read


def kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    context = ssl.create_default_context(cafile=ca)
    with httpx.Client(headers=HEADERS, timeout=TIMEOUT_S, verify=context) as client:
        for _ in calls:
            answer = client.post(url, content=BODY)
            session = read(answer.json(), answer.headers)
    return session


def anew(url: str, ca: str, calls: Calls) -> str:
    """httpx.post() reads the CA store each time by itself."""
    session = ""
    for _ in calls:
        context = ssl.create_default_context(cafile=ca)
        answer = httpx.post(url, content=BODY, headers=HEADERS, timeout=TIMEOUT_S, verify=context)
        session = read(answer.json(), answer.headers)
    return session
