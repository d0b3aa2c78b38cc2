"""The wheel reads nothing of the machine but its CA store: no configuration, engine or module; and logs no keys."""

from __future__ import annotations

import os
import re
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from servers import Server, session

Serve = Callable[..., Server]

LOGIN = """
import sys
import zuora_connect
zuora_connect.connect("user", "password", base_url=sys.argv[1], ca_file=sys.argv[2], check=True, proxy="")
"""


def log_in(server: Server, ca_file: Path, *before: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-I", "-c", LOGIN, server.url, ca_file]
    answer = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=60)
    assert answer.returncode == 0, answer.stderr
    return answer


def opened(trace: Path) -> set[str]:
    """The files that the process tried to open."""
    return set(re.findall(r'open(?:at|at2)?\([^"\n]*"([^"]+)"', trace.read_text()))


def test_no_configuration_engine_or_module_is_opened(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path
) -> None:
    traps = {name: str(tmp_path / name) for name in ("OPENSSL_CONF", "OPENSSL_CONF_INCLUDE", "CTLOG_FILE", "RANDFILE")}
    traps |= {
        name: str(tmp_path / name) for name in ("OPENSSL_MODULES", "OPENSSL_ENGINES", "CURL_HOME", "HOME", "NETRC")
    }
    trace = tmp_path / "trace"
    strace = ("strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace)
    log_in(serve(session(), tls=tls), ca_file, *strace, **traps)
    files = opened(trace)
    assert str(ca_file) in files, "the trace does not show the login"
    assert {name for name in files if name.startswith(str(tmp_path))} <= {str(ca_file)}
    assert {name for name in files if re.search(r"\.cnf|openssl|engine|ossl-modules|\.netrc|curlrc", name)} == set()


def test_broken_configuration_of_openssl_changes_nothing(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "openssl.cnf"
    broken.write_text("openssl_conf = nowhere\n[")
    log_in(serve(session(), tls=tls), ca_file, OPENSSL_CONF=str(broken))


def test_no_variable_makes_it_write_its_keys(serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    log_in(serve(session(), tls=tls), ca_file, SSLKEYLOGFILE=str(keys))
    assert not keys.exists()


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_variables_of_openssls_store_are_heeded(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path, variable: str
) -> None:
    subprocess.run(["openssl", "rehash", ca_file.parent], check=True, capture_output=True)
    program = LOGIN.replace("ca_file=sys.argv[2], ", "")
    store = ca_file if variable == "SSL_CERT_FILE" else ca_file.parent
    command = [sys.executable, "-I", "-c", program, serve(session(), tls=tls).url]
    child = subprocess.run(command, env=os.environ | {variable: str(store)}, capture_output=True, text=True, timeout=60)
    assert child.returncode == 0, child.stderr
