"""curl_cffi: a session, or curl_cffi.post()."""

import curl_cffi

from . import BODY, HEADERS, TIMEOUT_S, Calls, read


def kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    with curl_cffi.Session(headers=HEADERS, verify=ca, timeout=TIMEOUT_S) as client:
        for _ in calls:
            answer = client.post(url, data=BODY)
            session = read(answer.json(), answer.headers)
    return session


def anew(url: str, ca: str, calls: Calls) -> str:
    session = ""
    for _ in calls:
        answer = curl_cffi.post(url, data=BODY, headers=HEADERS, timeout=TIMEOUT_S, verify=ca)
        session = read(answer.json(), answer.headers)
    return session
