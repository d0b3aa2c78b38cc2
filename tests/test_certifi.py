"""Certifi's bundle is the last CA store: only if it is there, nobody named a store, and none knew the issuer."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme
from client import login
from servers import Server, session, tls_context

from zuora_connect import errors

Serve = Callable[..., Server]


@pytest.fixture
def certifi(monkeypatch: pytest.MonkeyPatch, ca_file: Path) -> None:
    """An installed certifi that knows the test's CA."""
    monkeypatch.setitem(sys.modules, "certifi", SimpleNamespace(where=lambda: str(ca_file)))


@pytest.mark.usefixtures("certifi")
def test_issuer_that_only_certifi_knows_is_trusted(serve: Serve, tls: ssl.SSLContext) -> None:
    server = serve(session(), tls=tls)
    assert login(server)["success"] is True
    assert len(server.requests) == 1


@pytest.mark.usefixtures("certifi")
@pytest.mark.parametrize("argument", ["ca_file", "ca_dir"])
def test_certifi_is_not_asked_when_a_store_was_named(
    serve: Serve, tls: ssl.SSLContext, argument: str, tmp_path: Path
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    subprocess.run(["openssl", "rehash", tmp_path], check=True, capture_output=True)
    server = serve(session(), tls=tls)
    with pytest.raises(errors.TLSError):
        login(server, **{argument: tmp_path / "other.pem" if argument == "ca_file" else tmp_path})
    assert server.requests == []


@pytest.mark.usefixtures("certifi")
def test_certifi_cures_no_other_fault(serve: Serve, ca: trustme.CA) -> None:
    server = serve(session(), tls=tls_context(ca, "another.example"))
    with pytest.raises(errors.TLSError) as raised:
        login(server)
    assert raised.value.issuer_unknown is False
    assert server.requests == []


def test_without_certifi_the_error_says_that_nobody_knows_the_issuer(
    serve: Serve, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "certifi", None)
    with pytest.raises(errors.TLSError) as raised:
        login(serve(session(), tls=tls), retries=3)
    assert raised.value.issuer_unknown is True
    assert raised.value.retryable is False
    assert raised.value.__context__ is None
