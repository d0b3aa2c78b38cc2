"""pycurl: a handle whose options are set once, or a handle for each call."""

import json

import pycurl

from . import BODY, HEADERS, TIMEOUT_S, Calls, read


class Login:
    def __init__(self, url: str, ca: str) -> None:
        self.body: list[bytes] = []
        self.lines: list[bytes] = []
        self.handle = pycurl.Curl()
        self.handle.setopt(pycurl.URL, url)
        self.handle.setopt(pycurl.CAINFO, ca)
        self.handle.unsetopt(pycurl.CAPATH)  # beside a directory libcurl reads the bundle anew for each connection
        self.handle.setopt(pycurl.POSTFIELDS, BODY)
        self.handle.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in HEADERS.items()])
        self.handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        self.handle.setopt(pycurl.TIMEOUT, TIMEOUT_S)
        self.handle.setopt(pycurl.NOSIGNAL, 1)
        self.handle.setopt(pycurl.WRITEFUNCTION, self.body.append)
        self.handle.setopt(pycurl.HEADERFUNCTION, self.lines.append)

    def log_in(self) -> str:
        self.body.clear()
        self.lines.clear()
        self.handle.perform()
        fields = (line.decode("latin-1").partition(": ") for line in self.lines)
        headers = {name: value.rstrip() for name, _, value in fields}
        return read(json.loads(b"".join(self.body)), headers)


def kept(url: str, ca: str, calls: Calls) -> str:
    session = ""
    login = Login(url, ca)
    for _ in calls:
        session = login.log_in()
    login.handle.close()
    return session


def anew(url: str, ca: str, calls: Calls) -> str:
    session = ""
    for _ in calls:
        login = Login(url, ca)
        session = login.log_in()
        login.handle.close()
    return session
