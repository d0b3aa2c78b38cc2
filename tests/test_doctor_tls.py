"""What `zuora-connect doctor` says of a TLS connection: the chain as it was sent, and each fault in plain words."""

from __future__ import annotations

import datetime
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from client import PATIENCE
from doctors import Examined, examine
from proxies import tunnel_to
from servers import LOOPBACK, Server, session, then_silence, tls_context

from zuora_connect._doctor.certificates import read_chain
from zuora_connect._doctor.findings import Mask

Serve = Callable[..., Server]
NO_ANSWER = 3
NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def look(server: Server, *arguments: object) -> Examined:
    found = examine("--no-login", "--base-url", server.url.replace("http:", "https:"), *arguments)
    assert server.requests == [], "nothing but handshakes is sent"
    return found


def refused(server: Server, *arguments: object) -> str:
    found = look(server, *arguments)
    assert (found.code, found.failed["step"]) == (NO_ANSWER, "tls")
    return f"{found.failed['message']}\n{found.failed['next']}"


def with_leaf_alone(ca: trustme.CA) -> ssl.SSLContext:
    leaf = ca.create_child_ca().issue_cert(LOOPBACK)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with leaf.private_key_pem.tempfile() as key, leaf.cert_chain_pems[0].tempfile() as certificate:
        context.load_cert_chain(certificate, key)
    return context


def self_signed(tmp_path: Path) -> ssl.SSLContext:
    """A CA's own certificate, as a server's."""
    ca = trustme.CA()
    ca.private_key_pem.write_to_path(tmp_path / "key.pem")
    ca.cert_pem.write_to_path(tmp_path / "cert.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    return context


def test_chain_is_shown_as_it_was_sent(serve: Serve, ca: trustme.CA, ca_file: Path) -> None:
    middle = ca.create_child_ca()
    server = serve(session(), tls=tls_context(middle, LOOPBACK, "zuora.test", not_after=NOW + DAY))
    tls = look(server, "--ca-file", ca_file).step("tls")
    assert tls["outcome"] == "ok"
    assert (tls["details"]["version"], tls["details"]["tried"]) == ("TLSv1.3", [])
    assert tls["details"]["cipher"]
    leaf, issuer = tls["details"]["chain"]
    assert leaf["names"] == [LOOPBACK, "zuora.test"]
    assert leaf["issuer"] == issuer["subject"]
    assert leaf["not_after"] == (NOW + DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert issuer["issuer"].startswith("O=trustme")


def test_store_that_knows_it_is_named_and_those_that_do_not(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "other.pem")
    subprocess.run(["openssl", "rehash", tmp_path], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    details = look(serve(session(), tls=tls)).step("tls")["details"]
    assert details["store"] == str(ca_file)
    assert [tried["store"] for tried in details["tried"]] == [str(tmp_path)]


def test_certificate_that_expired_says_since_when(serve: Serve, ca: trustme.CA, ca_file: Path) -> None:
    server = serve(session(), tls=tls_context(ca, LOOPBACK, not_after=NOW - DAY))
    said = refused(server, "--ca-file", ca_file)
    assert f"has expired since {NOW - DAY:%Y-%m-%d}" in said
    assert "clock" in said


def test_certificate_of_the_future_says_from_when(serve: Serve, ca: trustme.CA, ca_file: Path) -> None:
    server = serve(session(), tls=tls_context(ca, LOOPBACK, not_before=NOW + DAY))
    said = refused(server, "--ca-file", ca_file)
    assert f"is not valid before {NOW + DAY:%Y-%m-%d}" in said
    assert "clock" in said


def test_certificate_for_another_host_names_both(serve: Serve, ca: trustme.CA, ca_file: Path) -> None:
    said = refused(serve(session(), tls=tls_context(ca, "other.example")), "--ca-file", ca_file)
    assert f"not for {LOOPBACK}, but for other.example" in said


def test_self_signed_certificate_is_called_so(serve: Serve, ca_file: Path, tmp_path: Path) -> None:
    assert "self-signed" in refused(serve(session(), tls=self_signed(tmp_path)), "--ca-file", ca_file)


def test_missing_intermediate_is_thought_of(serve: Serve, ca: trustme.CA, ca_file: Path) -> None:
    said = refused(serve(session(), tls=with_leaf_alone(ca)), "--ca-file", ca_file)
    assert "its own certificate only" in said
    assert "leaves out an intermediate certificate" in said


def test_chain_that_ends_at_an_unknown_ca_names_it(serve: Serve, ca_file: Path) -> None:
    other = trustme.CA(organization_name="Reader of TLS")
    server = serve(session(), tls=tls_context(other.create_child_ca(), LOOPBACK))
    found = look(server, "--ca-file", ca_file)
    assert "O=Reader of TLS" in found.failed["message"]
    assert "virus scanner" in found.failed["next"]
    assert len(found.failed["details"]["chain"]) == 2
    assert found.failed["details"]["store"] is None
    assert [tried["store"] for tried in found.failed["details"]["tried"]] == [str(ca_file)]


def test_something_that_reads_zuoras_own_tls_is_suspected(serve: Serve, ca_file: Path) -> None:
    server = serve(session(), tls=tls_context(trustme.CA(), "rest.zuora.com"))
    proxy = serve(tunnel_to(server.port))
    found = examine(
        "--no-login", "--environment", "us-2", "--ca-file", ca_file, "--proxy", f"http://{LOOPBACK}:{proxy.port}"
    )
    assert found.failed["step"] == "tls"
    assert "Zuora's own certificates come from public CAs" in found.failed["next"]


def test_what_speaks_no_tls_is_called_so(serve: Serve) -> None:
    def say_http(peer: object) -> None:
        peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")  # type: ignore[attr-defined]
        peer.stay_silent()  # type: ignore[attr-defined]

    assert "does not speak TLS" in refused(serve(serve=say_http))


def test_version_that_is_not_safe_is_called_so(serve: Serve, ca: trustme.CA, ca_file: Path) -> None:
    context = tls_context(ca)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    assert "1.2 or newer" in refused(serve(session(), tls=context), "--ca-file", ca_file)


def test_handshake_that_is_cut_off_is_called_so(serve: Serve) -> None:
    assert "closed in the middle of the handshake" in refused(serve(serve=lambda peer: peer.close()))


def test_silent_handshake_ends_with_the_deadline(serve: Serve) -> None:
    began = time.monotonic()
    said = refused(serve(then_silence(b""), serve=lambda peer: peer.stay_silent()), "--connect-timeout", "0.4")
    assert "not over within 0.4 s" in said
    assert time.monotonic() - began < 3 * PATIENCE


def test_handshake_byte_by_byte_ends_with_the_deadline(serve: Serve) -> None:
    def drip(peer: object) -> None:
        for byte in b"\x16\x03\x03\x40\x00" + bytes(200):
            peer.send(bytes([byte]))  # type: ignore[attr-defined]
            time.sleep(0.1)

    began = time.monotonic()
    refused(serve(serve=drip), "--connect-timeout", "0.5")
    assert time.monotonic() - began < 3 * PATIENCE


def test_server_that_wants_a_certificate_gets_the_one_that_was_named(
    strict_server: Server, ca_file: Path, client_pem: Path
) -> None:
    assert look(strict_server, "--ca-file", ca_file, "--client-cert", client_pem).step("tls")["outcome"] == "ok"
    assert look(strict_server, "--ca-file", ca_file).failed["step"] == "tls"


def test_secret_and_control_characters_in_a_certificate_are_not_shown(serve: Serve, ca_file: Path) -> None:
    other = trustme.CA(organization_name="proxy-s3cret \x1b[2J")
    server = serve(session(), tls=tls_context(other, "zuora.test"))
    proxy = serve(tunnel_to(server.port))
    found = examine(
        "--no-login",
        "--base-url",
        "https://zuora.test",
        "--ca-file",
        ca_file,
        "--proxy",
        f"http://proxy-user:proxy-s%33cret@{LOOPBACK}:{proxy.port}",
    )
    assert found.failed["step"] == "tls"
    assert "s3cret" not in found.out
    assert "s%33cret" not in found.out
    assert found.failed["details"]["chain"][0]["issuer"].startswith("O=*** \\x1b[2J")


def test_python_that_cannot_show_a_chain_says_so() -> None:
    assert read_chain(object(), Mask()) is None  # type: ignore[arg-type]  # any other implementation's
