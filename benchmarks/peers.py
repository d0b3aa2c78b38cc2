"""Whom the benchmark stands us beside, and how each is installed: in an environment of its own under build/peers.

What is installed is kept for the next run. Which version pip takes is pip's choice, and is said with the figures.
"""

import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from server import output

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent / "build" / "peers"
ERROR = re.compile(r"error: ", re.IGNORECASE)


@dataclass(frozen=True)
class Client:
    """What can be measured: `python` finds `module`. `login` is its module of logins/, which has these `forms`."""

    name: str
    module: str
    python: str
    version: str
    forms: Sequence[str] = ("kept", "anew")

    @property
    def login(self) -> str:
        return self.module.replace(".", "_")


@dataclass(frozen=True)
class Peer:
    """`module` is what its users import, `pip` what pip takes; the expression `version` says what came of it."""

    name: str
    module: str
    pip: Sequence[str]
    version: str = ""

    def install(self) -> Client:
        directory = ENVIRONMENTS / self.name
        python = str(directory / "bin" / "python")
        recipe = f"{sys.version}\n{' '.join(self.pip)}\n"
        stamp = directory / "recipe"
        if not stamp.exists() or stamp.read_text() != recipe:
            shutil.rmtree(directory, ignore_errors=True)
            output(sys.executable, "-m", "venv", "--without-pip", str(directory), cwd=HERE)
            if self.pip:
                output(sys.executable, "-m", "pip", "--python", python, "install", "-q", *self.pip, cwd=HERE)
            output(python, "-c", f"import {self.module}", cwd=HERE)
            stamp.write_text(recipe)
        version = self.version or f"importlib.metadata.version({self.name!r})"
        code = f"import importlib.metadata, platform; print({version})"
        return Client(self.name, self.module, python, output(python, "-c", code, cwd=HERE))


# With the libraries that it was loaded with: PycURL/7.45.0 libcurl/8.5.0 OpenSSL/3.2.0 ...
PYCURL = "', '.join(__import__('pycurl').version.removeprefix('PycURL/').split()[:3])"

PEERS = (
    Peer("pycurl-wheel", "pycurl", ["--only-binary=pycurl", "pycurl"], PYCURL),
    Peer("pycurl-system", "pycurl", ["--no-binary=pycurl", "pycurl"], PYCURL),
    Peer("http.client", "http.client", [], "'Python ' + platform.python_version()"),
    Peer("urllib3", "urllib3", ["urllib3"]),
    Peer("requests", "requests", ["requests"]),
    Peer("httpx", "httpx", ["httpx"]),
    Peer("aiohttp", "aiohttp", ["aiohttp"]),
    Peer("niquests", "niquests", ["niquests"]),
    Peer("curl_cffi", "curl_cffi", ["curl_cffi"]),
)
# Made from Zuora's description of its API. They lack this call, so that only importing them can be measured.
GENERATED = (
    Peer("zuora-sdk", "zuora_sdk", ["zuora-sdk"]),
    Peer("zuora-swagger-client", "swagger_client", ["zuora-swagger-client"]),
)


def install(peers: Sequence[Peer]) -> tuple[list[Client], dict[str, str]]:
    """-> those that can be measured, and why the others cannot."""
    clients, missing = [], {}
    for peer in peers:
        try:
            clients.append(peer.install())
        except RuntimeError as error:
            missing[peer.name] = reason(error)
    return clients, missing


def reason(error: RuntimeError) -> str:
    """The last error that a program named, or else its last word."""
    lines = str(error).strip().splitlines()
    return next((line.strip() for line in reversed(lines) if ERROR.search(line)), lines[-1])
