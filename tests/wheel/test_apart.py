"""Other libraries of the process keep their own OpenSSL and libcurl, and the wheel its own, whoever comes first."""

from __future__ import annotations

import itertools
import json
import os
import ssl
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from built import WHEEL
from servers import Peer, Server, http, session

Serve = Callable[..., Server]
Use = Callable[..., dict[str, Any]]

NAMES = ("ours", "ssl", "pycurl", "psycopg2")
# Each imports one library, then uses it over TLS; the second tells the version that it runs on.
PROGRAM = """
import json, os, sys
zuora, page, postgres, ca_file, *order = sys.argv[1:]

def import_ours():
    global zuora_connect
    import zuora_connect

def import_ssl():
    global ssl, urllib
    import ssl, urllib.request

def import_pycurl():
    global pycurl
    import pycurl

def import_psycopg2():
    global psycopg2
    import psycopg2

def use_ours():
    zuora_connect.connect("user", "password", base_url=zuora, ca_file=ca_file, check=True, proxy="")
    info = zuora_connect.build_info()
    return [info["libcurl"], info["tls"]]

def use_ssl():
    context = ssl.create_default_context(cafile=ca_file)
    assert urllib.request.urlopen(page, context=context, timeout=10).status == 200
    return [ssl.OPENSSL_VERSION]

def use_pycurl():
    curl = pycurl.Curl()
    curl.setopt(curl.URL, page)
    curl.setopt(curl.TIMEOUT, 10)
    curl.setopt(curl.CAINFO, ca_file)
    curl.setopt(curl.WRITEFUNCTION, lambda data: None)
    curl.perform()
    assert curl.getinfo(curl.RESPONSE_CODE) == 200
    return [pycurl.version]

def use_psycopg2():
    try:
        psycopg2.connect(postgres, sslmode="verify-full", sslrootcert=ca_file, connect_timeout=10)
    except psycopg2.OperationalError as error:
        assert "spoken over TLS" in str(error), error
    return [psycopg2.__version__, psycopg2.extensions.libpq_version()]

if os.environ.get("GLOBAL"):
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)
for name in order:
    globals()[f"import_{name}"]()
versions = {name: globals()[f"use_{name}"]() for name in order}
for name in reversed(order):
    assert globals()[f"use_{name}"]() == versions[name]
print(json.dumps(versions))
"""


def speak_postgres(tls: ssl.SSLContext) -> Callable[[Peer], None]:
    """A PostgreSQL server up to the first message over TLS, which it answers by an error."""

    def act(peer: Peer) -> None:
        assert peer.sock.recv(8) == struct.pack("!II", 8, 80877103)
        peer.sock.sendall(b"S")
        peer.sock = tls.wrap_socket(peer.sock, server_side=True)
        assert peer.sock.recv(4096)
        body = b"SFATAL\0VFATAL\0C28000\0Mspoken over TLS\0\0"
        peer.sock.sendall(b"E" + struct.pack("!I", len(body) + 4) + body)

    return act


@pytest.fixture
def use(serve: Serve, tls: ssl.SSLContext, ca_file: Path) -> Use:
    """Runs a process that imports and uses these libraries, in this order -> the versions that they ran on."""
    zuora, page = serve(session(), tls=tls), serve(http(200, body=b"page"), tls=tls)
    postgres = serve(serve=speak_postgres(tls))

    def run(*order: str, **environment: str) -> dict[str, Any]:
        address = f"host=127.0.0.1 port={postgres.port} user=user dbname=db gssencmode=disable"
        arguments = [zuora.url, page.url, address, str(ca_file), *order]
        child = subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert child.returncode == 0, child.stderr
        answer: dict[str, Any] = json.loads(child.stdout)
        return answer

    return run


@pytest.fixture
def alone(use: Use) -> dict[str, Any]:
    """The versions that each library runs on when it is alone."""
    versions = {name: use(name)[name] for name in NAMES}
    assert versions["ours"] == [WHEEL.versions["curl"], f"OpenSSL/{WHEEL.versions['openssl']}"]
    assert WHEEL.versions["openssl"] not in versions["ssl"][0] and WHEEL.versions["curl"] not in versions["pycurl"][0]
    return versions


def test_every_order_of_import_keeps_them_apart(use: Use, alone: dict[str, Any]) -> None:
    for order in itertools.permutations(NAMES):
        assert use(*order) == alone, order


def test_symbols_that_are_global_change_nothing(use: Use, alone: dict[str, Any]) -> None:
    """The others mix up their own OpenSSLs then: that is the same without ours."""
    others = NAMES[1:]
    without = use(*others, GLOBAL="1")
    for place in range(len(NAMES)):
        versions = use(*others[:place], "ours", *others[place:], GLOBAL="1")
        assert versions == without | {"ours": alone["ours"]}, place


def test_preloaded_libcurl_is_not_used(use: Use, alone: dict[str, Any]) -> None:
    libraries = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    system = [line.split()[-1] for line in libraries.splitlines() if line.strip().startswith("libcurl.so.4 ")]
    assert system, "this test needs the system's libcurl"
    for order in (["ours"], ["ours", "ssl", "psycopg2"], ["ssl", "ours"]):
        versions = use(*order, LD_PRELOAD=system[0])
        assert versions == {name: alone[name] for name in order}
