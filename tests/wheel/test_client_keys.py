"""A client key signs where that tells nobody of it."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from client import login
from servers import Server, session, tls_context

from zuora_connect import errors

Serve = Callable[..., Server]
LogIn = Callable[[str], Any]

OWN = ["prime256v1", "secp384r1", "secp521r1"]  # curves for which OpenSSL has code of their own, in constant time
GENERIC = ["brainpoolP256r1", "brainpoolP384r1", "secp256k1"]


def write_client(curve: str, path: Path) -> Path:
    """A key on this curve, and a certificate for it that it signed itself."""
    key = ["-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{curve}", "-nodes", "-keyout", "-"]
    command = ["openssl", "req", "-x509", *key, "-subj", "/CN=client"]
    path.write_bytes(subprocess.run(command, capture_output=True, check=True).stdout)
    return path


@pytest.fixture
def log_in(serve: Serve, ca: trustme.CA, ca_file: Path, tmp_path: Path) -> LogIn:
    """Logs in with a client key on this curve, to a server that trusts its certificate."""

    def go(curve: str) -> Any:
        client = write_client(curve, tmp_path / "client.pem")
        context = tls_context(ca)
        context.verify_mode = ssl.CERT_REQUIRED
        context.maximum_version = ssl.TLSVersion.TLSv1_2  # where a certificate on any curve is sent
        context.load_verify_locations(client)
        return login(serve(session(), tls=context), ca_file=ca_file, client_cert=client)

    return go


@pytest.mark.parametrize("curve", OWN)
def test_key_on_a_curve_with_code_of_its_own_logs_in(log_in: LogIn, curve: str) -> None:
    assert log_in(curve)["success"] is True


@pytest.mark.parametrize("curve", GENERIC)
def test_key_whose_signatures_would_tell_of_it_signs_nothing(log_in: LogIn, curve: str) -> None:
    """CVE-2026-54872. Where it signs, it is the server that ends the handshake, with an alert."""
    with pytest.raises(errors.TLSError, match="curve does not support signing"):
        log_in(curve)
