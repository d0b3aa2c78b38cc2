"""Who is trusted: CA stores by argument and by environment, client certificates, kept connections."""

from __future__ import annotations

import os
import ssl
import subprocess
import textwrap
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
import trustme
from client import PRELUDE, encrypted_key, login, run_python
from servers import Server, session, tls_context

from zuora_connect import errors

Serve = Callable[..., Server]


@pytest.fixture
def server(serve: Serve, tls: ssl.SSLContext) -> Server:
    return serve(session(), tls=tls)


@pytest.fixture(scope="session")
def ca_dir(ca_file: Path) -> Path:
    return hashed(ca_file)


@pytest.fixture(scope="session")
def other_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CA that signed nothing here."""
    path = tmp_path_factory.mktemp("other") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="session")
def other_dir(other_file: Path) -> Path:
    return hashed(other_file)


def hashed(ca_file: Path) -> Path:
    """Makes the directory of this file one that OpenSSL can look certificates up in."""
    subprocess.run(["openssl", "rehash", ca_file.parent], check=True, capture_output=True)
    return ca_file.parent


def test_ca_that_nobody_knows_is_refused(server: Server) -> None:
    with pytest.raises(errors.TLSError) as raised:
        login(server)
    assert not raised.value.retryable
    assert server.requests == []


def test_ca_file_is_trusted(server: Server, ca_file: Path) -> None:
    assert login(server, ca_file=ca_file)["success"] is True


def test_ca_dir_is_trusted(server: Server, ca_dir: Path) -> None:
    assert login(server, ca_dir=ca_dir)["success"] is True


def test_ca_file_beside_ca_dir_is_trusted(server: Server, ca_file: Path, other_dir: Path) -> None:
    assert login(server, ca_file=ca_file, ca_dir=other_dir)["success"] is True


def test_variables_name_the_stores(
    server: Server, ca_file: Path, ca_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, path in [("SSL_CERT_FILE", ca_file), ("SSL_CERT_DIR", ca_dir)]:
        with monkeypatch.context() as environment:
            environment.setenv(variable, str(path))
            assert login(server)["success"] is True


@pytest.mark.parametrize("known_by", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_ca_that_only_the_other_store_knows_is_trusted(
    server: Server,
    known_by: str,
    ca_file: Path,
    ca_dir: Path,
    other_file: Path,
    other_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file if known_by == "SSL_CERT_FILE" else other_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(ca_dir if known_by == "SSL_CERT_DIR" else other_dir))
    assert login(server)["success"] is True
    assert len(server.requests) == 1


def test_argument_replaces_every_other_store(
    server: Server, ca_file: Path, ca_dir: Path, other_file: Path, other_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(ca_dir))
    for option, path in [("ca_file", other_file), ("ca_dir", other_dir)]:
        with pytest.raises(errors.TLSError):
            login(server, **{option: path})
    assert server.requests == []


def test_only_an_unknown_issuer_is_tried_with_another_store(
    serve: Serve, ca: trustme.CA, ca_file: Path, ca_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    monkeypatch.setenv("SSL_CERT_DIR", str(ca_dir))
    server = serve(session(), tls=tls_context(ca, "another.example"))
    with pytest.raises(errors.TLSError):
        login(server)
    assert len(server.connections) == 1


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_both_modern_versions_work(serve: Serve, ca: trustme.CA, ca_file: Path, version: ssl.TLSVersion) -> None:
    context = tls_context(ca)
    context.minimum_version = context.maximum_version = version
    server = serve(session(), tls=context)
    assert [login(server, ca_file=ca_file)["success"] for _ in range(2)] == [True, True]
    assert [len(connection) for connection in server.connections] == [2]


def test_kept_connection_is_not_reused_for_somebody_who_trusts_another_ca(
    server: Server, ca_file: Path, other_file: Path
) -> None:
    login(server, ca_file=ca_file)
    for options in [{"ca_file": other_file}, {}]:
        with pytest.raises(errors.TLSError):
            login(server, **options)
    assert len(server.requests) == 1


LENIENT_OPENSSL = """
openssl_conf = conf
[conf]
ssl_conf = ssl
[ssl]
system_default = lenient
[lenient]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
"""


def test_old_tls_is_refused_even_where_the_system_allows_it(
    serve: Serve, ca: trustme.CA, ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tls_context(ca)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    server = serve(session(), tls=context)
    config = tmp_path / "openssl.cnf"
    config.write_text(LENIENT_OPENSSL)
    monkeypatch.setenv("OPENSSL_CONF", str(config))
    child = run_python("from client import login\nlogin(sys.argv[1], ca_file=sys.argv[2])", server.url, str(ca_file))
    assert "TLSError" in child.stderr
    assert server.requests == []


def test_client_certificate_is_shown(strict_server: Server, ca_file: Path, client_pem: Path) -> None:
    key = encrypted_key(client_pem, "key-secret")
    assert login(strict_server, ca_file=ca_file, client_cert=client_pem)["success"] is True
    assert login(strict_server, ca_file=ca_file, client_cert=client_pem, client_key=client_pem)["success"] is True
    encrypted = {"client_cert": client_pem, "client_key": key, "client_key_password": "key-secret"}
    assert login(strict_server, ca_file=ca_file, **encrypted)["success"] is True


def test_connection_with_a_certificate_is_not_reused_without_it(
    strict_server: Server, ca_file: Path, client_pem: Path
) -> None:
    login(strict_server, ca_file=ca_file, client_cert=client_pem)
    with pytest.raises(errors.NoAnswer):
        login(strict_server, ca_file=ca_file)
    assert len(strict_server.requests) == 1


def test_client_certificate_with_other_contents_is_noticed(
    strict_server: Server, ca: trustme.CA, ca_file: Path, client_pem: Path
) -> None:
    """At the same path: what renews certificates puts the next one there."""
    for _ in range(2):
        login(strict_server, ca_file=ca_file, client_cert=client_pem)
    assert len(strict_server.connections) == 1
    replace(client_pem, ca.issue_cert("client@example.com").private_key_and_cert_chain_pem.bytes())
    login(strict_server, ca_file=ca_file, client_cert=client_pem)
    assert len(strict_server.connections) == 2


def test_wrong_key_password_is_noticed_after_a_right_one(
    strict_server: Server, ca_file: Path, client_pem: Path
) -> None:
    files = {"ca_file": ca_file, "client_cert": client_pem, "client_key": encrypted_key(client_pem, "key-secret")}
    for password, is_right in (("key-secret", True), ("wrong-secret", False), ("key-secret", True)):
        with nullcontext() if is_right else pytest.raises(errors.TLSError):
            login(strict_server, **files, client_key_password=password)
    assert len(strict_server.requests) == 2


LOGIN = """
from client import login
url, ca_file, cert, key, *password = sys.argv[1:]
try:
    login(url, ca_file=ca_file, client_cert=cert, client_key=key, client_key_password=password[0] if password else None)
except Exception as error:
    print("refused:", type(error).__name__, error)
"""
ON_A_TERMINAL = "import pty; pty.spawn([sys.executable, '-c', *sys.argv[1:]])"


@pytest.mark.parametrize("password", [[], [""], ["wrong-secret"]], ids=["missing", "empty", "wrong"])
def test_encrypted_client_key_never_prompts(
    strict_server: Server, ca_file: Path, client_pem: Path, password: list[str]
) -> None:
    files = [str(path) for path in (ca_file, client_pem, encrypted_key(client_pem, "key-secret"))]
    # A child that asked its terminal for the password would wait for ever: then run_python raises.
    output = run_python(ON_A_TERMINAL, PRELUDE + LOGIN, strict_server.url, *files, *password).stdout
    assert output.startswith("refused: "), output
    assert "wrong-secret" not in output
    assert len(output.splitlines()) == 1


def write_in_place(path: Path, content: bytes) -> None:
    time.sleep(0.02)  # more than a file system's clock may leave out
    path.write_bytes(content)


def replace(path: Path, content: bytes) -> None:
    path.with_suffix(".new").write_bytes(content)
    os.replace(path.with_suffix(".new"), path)


@pytest.mark.parametrize("change", [write_in_place, replace])
def test_ca_file_with_other_contents_is_noticed(
    server: Server, ca_file: Path, other_file: Path, tmp_path: Path, change: Callable[[Path, bytes], None]
) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(ca_file.read_bytes())
    assert login(server, ca_file=path)["success"] is True
    change(path, other_file.read_bytes())
    for _ in range(2):
        with pytest.raises(errors.TLSError):
            login(server, ca_file=path)
    assert len(server.requests) == 1
    change(path, ca_file.read_bytes())
    assert login(server, ca_file=path)["success"] is True


def cut_in_the_middle(pem: str) -> str:
    begin, *lines, end = pem.split("\n")
    return "\n".join([begin, *lines[: len(lines) // 2], end, ""])


BROKEN: dict[str, Callable[[str], str]] = {
    "base64 cut": cut_in_the_middle,
    "no END line": lambda pem: pem.partition("-----END")[0],
    "END line of something else": lambda pem: pem.replace("END CERTIFICATE", "END PUBLIC KEY"),
    "indented": lambda pem: textwrap.indent(pem, "    "),
}


@pytest.mark.parametrize("name", ["ca_file", "client_cert"])
@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN.keys())
def test_broken_certificate_is_refused_by_its_arguments_name(
    server: Server, ca: trustme.CA, ca_file: Path, tmp_path: Path, name: str, damage: Callable[[str], str]
) -> None:
    path = tmp_path / "broken.pem"
    path.write_text(damage(ca.cert_pem.bytes().decode().strip()))
    with pytest.raises(ValueError, match=name):
        login(server, **{"ca_file": ca_file, name: path})
    assert server.connections == []


def test_directory_of_links_that_lead_nowhere_is_refused(server: Server, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"0123abcd.{number}").symlink_to(tmp_path / "gone.pem")
    with pytest.raises(ValueError, match="ca_dir"):
        login(server, ca_dir=tmp_path)
    assert server.connections == []
