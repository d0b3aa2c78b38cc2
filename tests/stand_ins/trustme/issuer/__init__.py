"""As much of trustme as the tests and the sandbox use, on openssl(1): CAs that nobody trusts, and what they issue."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import subprocess
import tempfile
from pathlib import Path

CONFIG = """
[ca]
default_ca = issuer
[issuer]
database = index.txt
rand_serial = yes
default_md = sha256
policy = any_name
new_certs_dir = .
[any_name]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE, pathlen:9
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth, serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = @names
[names]
"""
FROM = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
UNTIL = datetime.datetime(3000, 1, 1, tzinfo=datetime.UTC)


def openssl(folder: str, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def new_request(folder: str, config: str, name: str) -> None:
    """Writes config, key.pem and request.pem."""
    Path(folder, "config").write_text(config)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem")
    openssl(folder, "req", "-config", "config", "-new", *key, "-subj", f"/CN={name}", "-out", "request.pem")


def sign(folder: str, kind: str, until: datetime.datetime, *by: str) -> None:
    """request.pem -> certificate.pem."""
    Path(folder, "index.txt").touch()
    dates = [f"{day.astimezone(datetime.UTC):%Y%m%d%H%M%SZ}" for day in (min(FROM, until), until)]
    options = ("-batch", "-notext", "-extensions", kind, "-startdate", dates[0], "-enddate", dates[1])
    openssl(folder, "ca", "-config", "config", *options, *by, "-in", "request.pem", "-out", "certificate.pem")


def kind_of(identity: str) -> str:
    if "@" in identity:
        return "email"
    try:
        ipaddress.ip_address(identity)
    except ValueError:
        return "DNS"
    return "IP"


class Blob:
    """Bytes that can be written to a file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def bytes(self) -> bytes:
        return self._data

    def write_to_path(self, path: str | os.PathLike[str]) -> None:
        Path(path).write_bytes(self._data)


class LeafCert:
    """A certificate with its key."""

    def __init__(self, key: bytes, certificate: bytes) -> None:
        self.private_key_pem = Blob(key)
        self.cert_chain_pems = [Blob(certificate)]
        self.private_key_and_cert_chain_pem = Blob(key + certificate)

    def configure_cert(self, context: ssl.SSLContext) -> None:
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            file.write(self.private_key_and_cert_chain_pem.bytes())
            file.flush()
            context.load_cert_chain(file.name)


class CA:
    """A certificate authority with a key of its own."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            new_request(folder, CONFIG, f"CA {os.urandom(8).hex()}")
            sign(folder, "authority", UNTIL, "-selfsign", "-keyfile", "key.pem")
            self._key = Path(folder, "key.pem").read_bytes()
            self.cert_pem = Blob(Path(folder, "certificate.pem").read_bytes())

    def issue_cert(self, *identities: str, not_after: datetime.datetime = UNTIL) -> LeafCert:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "ca.key").write_bytes(self._key)
            self.cert_pem.write_to_path(Path(folder, "ca.pem"))
            names = "".join(f"{kind_of(name)}.{number} = {name}\n" for number, name in enumerate(identities))
            new_request(folder, CONFIG + names, identities[0])
            sign(folder, "leaf", not_after, "-keyfile", "ca.key", "-cert", "ca.pem")
            return LeafCert(Path(folder, "key.pem").read_bytes(), Path(folder, "certificate.pem").read_bytes())

    def configure_trust(self, context: ssl.SSLContext) -> None:
        context.load_verify_locations(cadata=self.cert_pem.bytes().decode())
