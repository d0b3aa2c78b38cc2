"""Logins through a proxy: what it gets to see, what Zuora gets to see, and when none is used."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from client import PASSWORD, USER, login, run_python
from proxies import socks5_to, tunnel_to
from servers import LOOPBACK, Peer, Server, http, session, tls_context

from zuora_connect import errors

Serve = Callable[..., Server]

HOST = "zuora.test"
SECRETS = [USER.encode(), PASSWORD.encode(), b"bearer-secret", b"apiSecretAccessKey", b"Authorization"]


@pytest.fixture
def server(serve: Serve, ca: trustme.CA) -> Server:
    """Zuora, under a name that only the proxies know."""
    return serve(session(), tls=tls_context(ca, HOST, LOOPBACK))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_sees_no_credential_and_zuora_none_of_the_proxys(
    serve: Serve, server: Server, tls: ssl.SSLContext, ca_file: Path, scheme: str
) -> None:
    proxy = serve(tunnel_to(server.port), tls=tls if scheme == "https" else None)
    url = f"{scheme}://proxy-user:proxy-s%65cret@{LOOPBACK}:{proxy.port}"
    zuora = login(f"https://{HOST}", proxy=url, ca_file=ca_file, authorization="Bearer bearer-secret")
    assert zuora.cookies != {"ZSession": "from-the-proxy"}
    [connect] = proxy.requests
    assert connect.line == f"CONNECT {HOST}:443 HTTP/1.1".encode()
    assert connect.header("Proxy-Authorization") == b"Basic " + b64encode(b"proxy-user:proxy-secret")
    assert not [secret for secret in SECRETS if secret in connect.raw.replace(b"Proxy-Authorization", b"")]
    [request] = server.requests
    assert request.header("Proxy-Authorization") is None
    assert b"proxy-" not in request.raw.lower()
    assert request.header("Host") == HOST.encode()


@pytest.mark.parametrize("user", ["", "proxy-user:proxy-secret@"])
def test_socks_proxy_resolves_the_name(serve: Serve, server: Server, ca_file: Path, user: str) -> None:
    names: list[tuple[str, int]] = []
    users: list[bytes] = []
    proxy = serve(serve=socks5_to(server.port, names, users))
    url = f"socks5h://{user}{LOOPBACK}:{proxy.port}"
    assert login(f"https://{HOST}", proxy=url, ca_file=ca_file)["success"] is True
    assert names == [(HOST, 443)]
    assert users == ([b"proxy-user:proxy-secret"] if user else [])
    assert b"proxy-" not in server.requests[0].raw.lower()


def test_second_login_uses_the_same_tunnel(serve: Serve, server: Server, ca_file: Path) -> None:
    proxy = serve(tunnel_to(server.port))
    for _ in range(2):
        login(f"https://{HOST}", proxy=proxy.url, ca_file=ca_file)
    assert len(proxy.requests) == 1
    assert [len(connection) for connection in server.connections] == [2]


def test_tunnel_is_not_shared_between_users_of_the_proxy(serve: Serve, server: Server, ca_file: Path) -> None:
    proxy = serve(tunnel_to(server.port))
    for user in ["one", "two"]:
        login(f"https://{HOST}", proxy=f"http://{user}:secret@{LOOPBACK}:{proxy.port}", ca_file=ca_file)
    users = [request.header("Proxy-Authorization") for request in proxy.requests]
    assert users == [b"Basic " + b64encode(b"one:secret"), b"Basic " + b64encode(b"two:secret")]


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""], ids=["http", "no scheme"])
def test_environment_names_the_proxy(
    serve: Serve, server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str
) -> None:
    proxy = serve(tunnel_to(server.port))
    monkeypatch.setenv(variable, f"{scheme}{LOOPBACK}:{proxy.port}")
    assert login(f"https://{HOST}", ca_file=ca_file)["success"] is True
    assert len(proxy.requests) == 1


def test_empty_proxy_means_none(serve: Serve, server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(tunnel_to(server.port))
    monkeypatch.setenv("https_proxy", proxy.url)
    with pytest.raises(errors.ConnectError):
        login(f"https://{HOST}:{server.port}", ca_file=ca_file, proxy="", timeout=5)
    assert proxy.connections == []


def test_no_proxy_names_hosts_that_need_none(
    serve: Serve, server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(tunnel_to(server.port))
    monkeypatch.setenv("https_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", f"example.com,{HOST}")
    with pytest.raises(errors.ConnectError):
        login(f"https://{HOST}:{server.port}", ca_file=ca_file, timeout=5)
    assert proxy.connections == []


@pytest.mark.parametrize("host", [LOOPBACK, "localhost"])
def test_loopback_never_goes_through_the_environments_proxy(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    server, plain, proxy = serve(session(), tls=tls), serve(session()), serve(session())
    for variable in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"]:
        monkeypatch.setenv(variable, proxy.url)
    assert login(f"https://{host}:{server.port}", ca_file=ca_file)["success"] is True
    assert login(f"http://{host}:{plain.port}")["success"] is True
    assert proxy.connections == []


def test_https_proxy_has_to_be_trusted(serve: Serve, server: Server, ca_file: Path) -> None:
    proxy = serve(tunnel_to(server.port), tls=tls_context(trustme.CA()))
    with pytest.raises(errors.NoAnswer) as raised:
        login(f"https://{HOST}", proxy=proxy.url, ca_file=ca_file, retries=2)
    assert not raised.value.retryable
    assert proxy.requests == []


def test_https_proxy_is_trusted_by_the_second_store(
    serve: Serve, server: Server, tls: ssl.SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serve(tunnel_to(server.port), tls=tls)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    assert login(f"https://{HOST}", proxy=proxy.url)["success"] is True


REFUSED = """
from client import login
try:
    login(sys.argv[1], proxy=sys.argv[2], ca_file=sys.argv[3], timeout=5)
except Exception as error:
    print(type(error).__name__, error.retryable)
"""
ENDLESS = {
    "length": ("Content-Length: 999999999999", b"x" * 60_000),
    "chunked": ("Transfer-Encoding: chunked", b"5\r\nxxxxx\r\n" * 6000),
}


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("status", [403, 407])
@pytest.mark.parametrize(("framing", "piece"), ENDLESS.values(), ids=ENDLESS.keys())
def test_proxys_refusal_need_not_end(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, scheme: str, status: int, framing: str, piece: bytes
) -> None:
    def refuse_for_ever(peer: Peer) -> None:
        peer.send(http(status, 'Proxy-Authenticate: Basic realm="x"', framing, framed=True))
        while True:
            peer.send(piece)

    proxy = serve(refuse_for_ever, tls=tls if scheme == "https" else None)
    # A child that reads on for ever makes run_python raise.
    child = run_python(REFUSED, f"https://{HOST}", f"{scheme}://{LOOPBACK}:{proxy.port}", str(ca_file), timeout=10)
    assert child.stdout.split() == ["ConnectError", str(status != 407)], child.stderr
    assert len(proxy.requests) == 1
