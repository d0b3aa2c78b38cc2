"""The client's side of the tests: one login at a test server, and Python programs run as children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import Any

from servers import Server

import zuora_connect

USER = "api-user@example.com"
PASSWORD = "S3cret-of-the-user"
PATIENCE = float(os.environ.get("ZUORA_CONNECT_PATIENCE", "1"))  # how much slower children may be, under valgrind
PRELUDE = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"  # lets a child import what tests import


def login(server: Server | str, **options: Any) -> zuora_connect.Connection:
    """One try at this server, with the test user unless told otherwise."""
    url = server if isinstance(server, str) else server.url
    user: dict[str, Any] = {"username": USER, "password": PASSWORD}
    defaults = user | {"base_url": url, "timeout": 10 * PATIENCE, "retries": 0}
    return zuora_connect.connect(**(defaults | options))


def call(connection: zuora_connect.Connection, path: str = "/v1/catalog/products", body: bytes | None = None) -> Any:
    """What code under test does with its session, by a client that knows nothing of the sandbox."""
    headers = {"Cookie": f"ZSession={connection.cookies['ZSession']}"}
    request = urllib.request.Request(connection.url(path), body, headers)
    with urllib.request.urlopen(request, timeout=10 * PATIENCE) as answer:
        return json.load(answer)


def encrypted_key(client_pem: Path, password: str) -> Path:
    """A client's key in a file of its own, which the password opens."""
    path = client_pem.with_name("encrypted.pem")
    options = ["-in", str(client_pem), "-aes256", "-passout", f"pass:{password}", "-out", str(path)]
    subprocess.run(["openssl", "pkey", *options], check=True, capture_output=True)
    return path


def run_python(program: str, *arguments: str, timeout: float = 20) -> subprocess.CompletedProcess[str]:
    """Runs a program in a fresh Python, without input, until it ends; one that hangs takes its own children along."""
    command = [sys.executable, "-c", PRELUDE + program, *arguments]
    with subprocess.Popen(command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True) as child:
        try:
            output, complaints = child.communicate(timeout=timeout * PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(command, child.returncode, output, complaints)
