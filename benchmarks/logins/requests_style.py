"""How one logs in with requests, and with the clients that have its interface: `api` is the module."""

from typing import Any

from . import BODY, HEADERS, TIMEOUT_S, Calls, read


def kept(api: Any, url: str, ca: str, calls: Calls) -> str:
    session = ""
    with api.Session() as client:
        client.headers.update(HEADERS)
        client.verify = ca
        for _ in calls:
            answer = client.post(url, data=BODY, timeout=TIMEOUT_S)
            session = read(answer.json(), answer.headers)
    return session


def anew(api: Any, url: str, ca: str, calls: Calls) -> str:
    session = ""
    for _ in calls:
        answer = api.post(url, data=BODY, headers=HEADERS, timeout=TIMEOUT_S, verify=ca)
        session = read(answer.json(), answer.headers)
    return session
