"""curl_cffi: a session, or curl_cffi.post()."""

from functools import partial

import curl_cffi

from . import BODY, HEADERS, TIMEOUT_S, Calls, read, requests_style


def kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    with curl_cffi.Session(headers=HEADERS, verify=ca, timeout=TIMEOUT_S) as client:
        for _ in calls:
            answer = client.post(url, data=BODY)
            session = read(answer.json(), answer.headers)
    return session


anew = partial(requests_style.anew, curl_cffi)
