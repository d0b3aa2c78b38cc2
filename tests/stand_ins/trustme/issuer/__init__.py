"""As much of trustme as the tests and the sandbox use, on openssl(1): CAs that nobody trusts, and what they issue."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory

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
organizationName = supplied
organizationalUnitName = supplied
[req]
distinguished_name = name
utf8 = yes
[name]
[root]
basicConstraints = critical, CA:TRUE, pathlen:9
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[child]
basicConstraints = critical, CA:TRUE, pathlen:8
keyUsage = critical, digitalSignature, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
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


def new_request(folder: str, config: str, organization: str, unit: str) -> None:
    """Writes config, key.pem and request.pem."""
    Path(folder, "config").write_text(config)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem")
    subject = f"/O={organization}/OU={unit} #{os.urandom(8).hex()}"
    openssl(folder, "req", "-config", "config", "-new", *key, "-subj", subject, "-out", "request.pem")


def sign(folder: str, kind: str, begins: datetime.datetime, ends: datetime.datetime, *by: str) -> None:
    """request.pem -> certificate.pem."""
    Path(folder, "index.txt").touch()
    begin, end = (f"{day.astimezone(datetime.UTC):%Y%m%d%H%M%SZ}" for day in (begins, ends))
    options = ("-batch", "-notext", "-extensions", kind, "-startdate", begin, "-enddate", end)
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

    @contextmanager
    def tempfile(self) -> Iterator[str]:
        with NamedTemporaryFile(suffix=".pem") as file:
            file.write(self._data)
            file.flush()
            yield file.name


class LeafCert:
    """A certificate with its key, and the CAs between it and the root."""

    def __init__(self, key: bytes, *chain: bytes) -> None:
        self.private_key_pem = Blob(key)
        self.cert_chain_pems = [Blob(certificate) for certificate in chain]
        self.private_key_and_cert_chain_pem = Blob(key + b"".join(chain))

    def configure_cert(self, context: ssl.SSLContext) -> None:
        with self.private_key_and_cert_chain_pem.tempfile() as path:
            context.load_cert_chain(path)


class CA:
    """A certificate authority with a key of its own."""

    def __init__(self, parent_cert: CA | None = None, *, organization_name: str = "trustme") -> None:
        self.parent_cert = parent_cert
        with TemporaryDirectory() as folder:
            new_request(folder, CONFIG, organization_name, "Testing CA")
            if parent_cert is None:
                sign(folder, "root", FROM, UNTIL, "-selfsign", "-keyfile", "key.pem")
            else:
                parent_cert._sign(folder, "child", FROM, UNTIL)
            self.private_key_pem = Blob(Path(folder, "key.pem").read_bytes())
            self.cert_pem = Blob(Path(folder, "certificate.pem").read_bytes())

    def create_child_ca(self) -> CA:
        return CA(self)

    def issue_cert(
        self, *identities: str, not_before: datetime.datetime = FROM, not_after: datetime.datetime = UNTIL
    ) -> LeafCert:
        with TemporaryDirectory() as folder:
            names = "".join(f"{kind_of(name)}.{number} = {name}\n" for number, name in enumerate(identities))
            new_request(folder, CONFIG + names, "trustme", "Testing cert")
            self._sign(folder, "leaf", not_before, not_after)
            key, certificate = (Path(folder, name).read_bytes() for name in ("key.pem", "certificate.pem"))
        return LeafCert(key, certificate, *self._below_root())

    def configure_trust(self, context: ssl.SSLContext) -> None:
        context.load_verify_locations(cadata=self.cert_pem.bytes().decode())

    def _sign(self, folder: str, kind: str, begins: datetime.datetime, ends: datetime.datetime) -> None:
        self.private_key_pem.write_to_path(Path(folder, "ca.key"))
        self.cert_pem.write_to_path(Path(folder, "ca.pem"))
        sign(folder, kind, begins, ends, "-keyfile", "ca.key", "-cert", "ca.pem")

    def _below_root(self) -> list[bytes]:
        """This CA and those above it, but not the root, which whoever trusts it has."""
        if self.parent_cert is None:
            return []
        return [self.cert_pem.bytes(), *self.parent_cert._below_root()]
