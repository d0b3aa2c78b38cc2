"""niquests: a session, or niquests.post()."""

import niquests

from . import BODY, HEADERS, TIMEOUT_S, Calls, read


def kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    with niquests.Session() as client:
        client.headers.update(HEADERS)
        client.verify = ca
        for _ in calls:
            answer = client.post(url, data=BODY, timeout=TIMEOUT_S)
            session = read(answer.json(), answer.headers)
    return session


def anew(url: str, ca: str, calls: Calls) -> str:
    session = ""
    for _ in calls:
        answer = niquests.post(url, data=BODY, headers=HEADERS, timeout=TIMEOUT_S, verify=ca)
        session = read(answer.json(), answer.headers)
    return session
