"""A login goes to the one server that it names: nothing an answer says and no file or variable sends it elsewhere."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
from client import login, run_python
from servers import LOOPBACK, Peer, Server, http, session, then_close

from zuora_connect import errors

Serve = Callable[..., Server]

LOCATIONS = {
    "itself": "/v1/connections",
    "its own URL": "{own}/v1/connections",
    "another path": "/login",
    "a query": "?again",
    "another port": "http://127.0.0.1:{port}/v1/connections",
    "another host": "http://localhost:{port}/v1/connections",
    "no scheme": "//127.0.0.1:{port}/v1/connections",
    "another scheme": "https://127.0.0.1:{port}/v1/connections",
    "ftp": "ftp://127.0.0.1:{port}/v1/connections",
    "gopher": "gopher://127.0.0.1:{port}/v1/connections",
    "user info": "http://user:password@127.0.0.1:{port}/",
    "backslashes": "http:\\\\127.0.0.1:{port}\\",
    "a file": "file:///etc/passwd",
    "nothing": "",
}


def redirect_to(location: str, status: int, port: int) -> Callable[[Peer], None]:
    def act(peer: Peer) -> None:
        own = f"{'https' if isinstance(peer.sock, ssl.SSLSocket) else 'http'}://{LOOPBACK}:{peer.sock.getsockname()[1]}"
        peer.send(http(status, f"Location: {location.format(own=own, port=port)}"))

    return act


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_no_redirect_is_followed(serve: Serve, tls: ssl.SSLContext, ca_file: Path, status: int, secure: bool) -> None:
    elsewhere = serve(session())
    for location in LOCATIONS.values():
        redirect = redirect_to(location, status, elsewhere.port)
        server = serve(redirect, session(), tls=tls if secure else None)
        with pytest.raises(errors.BadAnswer) as raised:
            login(server, ca_file=ca_file, retries=2)
        assert raised.value.status == status
        assert len(server.requests) == 1, location
    assert elsewhere.connections == []


HINTS = [
    "Location: {url}",
    "Content-Location: {url}",
    "Refresh: 0; url={url}",
    'Alt-Svc: http/1.1="127.0.0.1:{port}"; ma=3600',
    'Alt-Svc: h2="127.0.0.1:{port}"; ma=3600; persist=1',
    "Strict-Transport-Security: max-age=3600; includeSubDomains",
    "Link: <{url}>; rel=preload",
    "Upgrade: h2c",
]


@pytest.mark.parametrize("hint", HINTS)
def test_what_an_answer_hints_at_changes_nothing(serve: Serve, tls: ssl.SSLContext, ca_file: Path, hint: str) -> None:
    elsewhere, plain = serve(session("elsewhere"), tls=tls), serve(session("plain"))
    line = hint.format(url=elsewhere.url, port=elsewhere.port)
    server = serve(then_close(session("here", line)), tls=tls)  # each login needs a new connection
    here = server.url.replace(LOOPBACK, "localhost")
    assert [login(here, ca_file=ca_file)["sessionCookie"] for _ in range(3)] == ["ZSession=here"] * 3
    assert login(plain.url.replace(LOOPBACK, "localhost"))["sessionCookie"] == "ZSession=plain"
    assert elsewhere.connections == []


@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_proxys_redirect_is_not_followed(serve: Serve, tls: ssl.SSLContext, ca_file: Path, secure: bool) -> None:
    elsewhere = serve(session(), tls=tls if secure else None)
    proxy = serve(http(302, f"Location: {elsewhere.url}/v1/connections"))
    with pytest.raises(errors.NoAnswer):
        login("https://zuora.test", proxy=proxy.url, ca_file=ca_file)
    assert elsewhere.connections == []


FILES = [".netrc", "_netrc", ".curlrc", "_curlrc", ".config/curlrc", ".curl-hsts", ".hsts", ".cookies", ".altsvc"]
ELSEWHERE = """
from client import login
print(login(sys.argv[1])["success"])
"""


def test_no_file_of_the_users_is_ever_opened(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".config").mkdir()
    for name in FILES:
        os.mkfifo(tmp_path / name)  # whoever opens one waits for ever
    for variable in ["HOME", "CURL_HOME", "XDG_CONFIG_HOME"]:
        monkeypatch.setenv(variable, str(tmp_path))
    for variable in ["NETRC", "CURL_HSTS", "CURL_ALTSVC"]:
        monkeypatch.setenv(variable, str(tmp_path / ".netrc"))
    server = serve(session())
    child = run_python(ELSEWHERE, server.url, timeout=10)
    assert child.stdout == "True\n", child.stderr
    [request] = server.requests
    assert request.header("Authorization") is None


def test_no_variable_turns_verification_off(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lenient = tmp_path / "openssl.cnf"
    lenient.write_text("openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\nVerifyMode=\n")
    (tmp_path / ".curlrc").write_text("insecure\nlocation-trusted\nnetrc\n")
    switches = {"PYTHONHTTPSVERIFY": "0", "CURL_INSECURE": "1", "GIT_SSL_NO_VERIFY": "1", "OPENSSL_CONF": str(lenient)}
    bundles = {"CURL_CA_BUNDLE": str(ca_file), "REQUESTS_CA_BUNDLE": str(ca_file)}
    for name, value in (switches | bundles | {"HOME": str(tmp_path), "CURL_SSL_BACKEND": "none"}).items():
        monkeypatch.setenv(name, value)
    server = serve(session(), tls=tls)
    child = run_python(ELSEWHERE, server.url)
    assert "TLSError" in child.stderr
    assert server.requests == []
