"""http.client of the standard library: a connection, which opens itself again when the server has closed it."""

import http.client
import json
import ssl
from urllib.parse import urlsplit

from . import BODY, HEADERS, TIMEOUT_S, Calls, read


def kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    host, path = split(url)
    context = ssl.create_default_context(cafile=ca)
    client = http.client.HTTPSConnection(host, timeout=TIMEOUT_S, context=context)
    for _ in calls:
        session = log_in(client, path)
    client.close()
    return session


def anew(url: str, ca: str, calls: Calls) -> str:
    """An HTTPSConnection without a context reads the CA store each time by itself."""
    session = ""
    for _ in calls:
        host, path = split(url)
        context = ssl.create_default_context(cafile=ca)
        client = http.client.HTTPSConnection(host, timeout=TIMEOUT_S, context=context)
        session = log_in(client, path)
        client.close()
    return session


def log_in(client: http.client.HTTPSConnection, path: str) -> str:
    client.request("POST", path, BODY, HEADERS)
    answer = client.getresponse()
    return read(json.loads(answer.read()), answer.headers)


def split(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path
