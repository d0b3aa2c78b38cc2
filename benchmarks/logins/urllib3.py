"""urllib3: a pool that keeps its TLS context, or a pool for each call."""

import ssl

import urllib3

from . import BODY, HEADERS, TIMEOUT_S, Calls, read


def kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    context = ssl.create_default_context(cafile=ca)
    with urllib3.PoolManager(headers=HEADERS, timeout=TIMEOUT_S, ssl_context=context) as client:
        for _ in calls:
            answer = client.request("POST", url, body=BODY)
            session = read(answer.json(), answer.headers)
    return session


def anew(url: str, ca: str, calls: Calls) -> str:
    session = ""
    for _ in calls:
        with urllib3.PoolManager(ca_certs=ca) as client:
            answer = client.request("POST", url, body=BODY, headers=HEADERS, timeout=TIMEOUT_S)
            session = read(answer.json(), answer.headers)
    return session
