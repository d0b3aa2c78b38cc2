"""A certificate costs little before it is trusted."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from servers import Server, session

Serve = Callable[..., Server]

N_NAMES, N_PLACES = 300, 500  # 30 kB; where each place of a CRL has a copy of the issuer's name, 50 MB
MAX_KIB = 8 * 1024
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


def write_certificate(path: Path) -> Path:
    """With a long issuer, and many places of CRLs that are named relative to it."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "x" * 60)] * N_NAMES)
    relative = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "c")])
    places = x509.CRLDistributionPoints([x509.DistributionPoint(None, relative, None, None)] * N_PLACES)
    builder = x509.CertificateBuilder(issuer, x509.Name([]), key.public_key(), x509.random_serial_number())
    now = datetime.now(UTC)
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1)).add_extension(places, False)
    encoding, nothing = serialization.Encoding.PEM, serialization.NoEncryption()
    text = builder.sign(key, hashes.SHA256()).public_bytes(encoding)
    path.write_bytes(text + key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, nothing))
    return path


def test_untrusted_certificate_with_many_places_of_crls_takes_little_memory(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path
) -> None:
    """CVE-2026-35189; this process may well need the memory, to serve it."""
    costly = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    costly.load_cert_chain(write_certificate(tmp_path / "costly.pem"))
    url, other = serve(tls=costly).url, serve(session(), tls=tls).url
    command = [sys.executable, "-I", "-c", LOGIN, url, str(ca_file), other]
    child = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert child.returncode == 0, child.stderr
    assert int(child.stdout) < MAX_KIB
