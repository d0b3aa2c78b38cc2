"""A certificate costs little before it is trusted."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from servers import Server, session

Serve = Callable[..., Server]

N_NAMES, N_PLACES = 300, 500  # 30 kB; where each place of a CRL has a copy of the issuer's name, 50 MB
MAX_KIB = 8 * 1024
CONFIG = """
[req]
prompt = no
distinguished_name = name
x509_extensions = leaf
[name]
{names}
[leaf]
crlDistributionPoints = {places}
[place]
relativename = relative
[relative]
CN = c
"""
LOGIN = r"""
import re, sys
import zuora_connect
url, ca_file, other = sys.argv[1:]

def peak():
    return int(re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1])

zuora_connect.connect("user", "password", base_url=other, ca_file=ca_file, proxy="")
before = peak()
try:
    zuora_connect.connect("user", "password", base_url=url, ca_file=ca_file, proxy="")
except zuora_connect.errors.TLSError:
    print(peak() - before)
"""


def write_certificate(folder: Path) -> Path:
    """With a long issuer, and many places of CRLs that are named relative to it."""
    names = "\n".join(f"{number}.OU = {'x' * 60}" for number in range(N_NAMES))
    (folder / "config").write_text(CONFIG.format(names=names, places=",".join(["place"] * N_PLACES)))
    made, key = folder / "costly.pem", folder / "key.pem"
    options: list[str | Path] = [
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        key,
        "-out",
        made,
    ]
    subprocess.run(["openssl", "req", "-x509", "-config", folder / "config", *options], check=True, capture_output=True)
    made.write_bytes(made.read_bytes() + key.read_bytes())
    return made


def test_untrusted_certificate_with_many_places_of_crls_takes_little_memory(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path
) -> None:
    """CVE-2026-35189; this process may well need the memory, to serve it."""
    costly = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    costly.load_cert_chain(write_certificate(tmp_path))
    url, other = serve(tls=costly).url, serve(session(), tls=tls).url
    command = [sys.executable, "-I", "-c", LOGIN, url, str(ca_file), other]
    child = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) < MAX_KIB
