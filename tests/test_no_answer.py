"""When nothing usable comes back: the class, its attributes, and whether a retry helps."""

from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from client import login
from servers import (
    LOOPBACK,
    Action,
    Peer,
    Server,
    http,
    session,
    then_close,
    then_reset,
    tls_context,
)
from stalls import Stage

from zuora_connect import errors

Serve = Callable[..., Server]


@contextmanager
def no_answer(error: type[errors.NoAnswer], retryable: bool | None) -> Iterator[pytest.ExceptionInfo[errors.NoAnswer]]:
    """Expects this error and looks at what every error carries; `retryable` None says that it depends."""
    with pytest.raises(errors.NoAnswer) as raised:
        yield raised
    fault = raised.value
    assert type(fault) is error
    assert fault.url is not None and fault.url.endswith("/v1/connections")
    assert (fault.status, fault.request_id) == (None, None)
    assert isinstance(fault.hint, str) and fault.hint
    assert retryable is None or fault.retryable is retryable
    assert fault.__cause__ is None and fault.__context__ is None


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def hang_up(peer: Peer) -> None:
    peer.close()


def hang_up_hard(peer: Peer) -> None:
    peer.reset()


def test_refused_port_is_a_connect_error() -> None:
    with no_answer(errors.ConnectError, retryable=True) as raised:
        login(f"http://{LOOPBACK}:{free_port()}")
    assert isinstance(raised.value, ConnectionError)
    assert LOOPBACK in str(raised.value)


def test_unknown_host_is_a_connect_error() -> None:
    with no_answer(errors.ConnectError, retryable=True) as raised:
        login("https://no-such-host.invalid")
    assert "no-such-host.invalid" in str(raised.value)


@pytest.mark.parametrize("end", [then_close(b""), then_reset(b"")], ids=["closed", "reset"])
def test_end_before_the_first_byte_is_a_connect_error(serve: Serve, end: Action) -> None:
    server = serve(end, session())
    with no_answer(errors.ConnectError, retryable=False):
        login(server, retries=2)
    assert len(server.requests) == 1
    assert login(server)["success"] is True


@pytest.mark.parametrize("end", [then_close(b""), then_reset(b"")], ids=["closed", "reset"])
def test_end_after_a_request_that_went_out_in_pieces_is_a_connect_error(stage: Stage, end: Action) -> None:
    url, options = stage.long(end)
    with no_answer(errors.ConnectError, retryable=False):
        login(url, **options)


def test_end_in_the_middle_of_the_request_is_a_connect_error(stage: Stage) -> None:
    url, options = stage.narrow()
    with no_answer(errors.ConnectError, retryable=False):
        login(url, **options)


@pytest.mark.parametrize("end", [hang_up, hang_up_hard], ids=["closed", "reset"])
def test_end_in_the_handshake_is_a_connect_error(serve: Serve, ca_file: Path, end: Callable[[Peer], None]) -> None:
    def after_the_hello(peer: Peer) -> None:
        peer.read(1)
        end(peer)

    server = serve(serve=after_the_hello)
    with no_answer(errors.ConnectError, retryable=True):
        login(f"https://{LOOPBACK}:{server.port}", ca_file=ca_file)


class TestProxy:
    """A proxy that fails is a connection that failed."""

    def test_dead_proxy(self) -> None:
        with no_answer(errors.ConnectError, retryable=True):
            login("https://host.example", proxy=f"http://{LOOPBACK}:{free_port()}")

    @pytest.mark.parametrize("scheme", ["http", "https", "socks5h"])
    def test_unknown_proxy(self, scheme: str) -> None:
        with no_answer(errors.ConnectError, retryable=True):
            login("https://host.example", proxy=f"{scheme}://no-such-proxy.invalid:3128")

    def test_proxy_that_wants_another_password(self, serve: Serve) -> None:
        proxy = serve(http(407, 'Proxy-Authenticate: Basic realm="x"', "Content-Length: 0", framed=True))
        with no_answer(errors.ConnectError, retryable=False) as raised:
            login("https://host.example", proxy=f"http://user:proxy-secret@{LOOPBACK}:{proxy.port}", retries=2)
        assert "proxy" in str(raised.value)
        assert "proxy-secret" not in str(raised.value)
        assert len(proxy.requests) == 1

    @pytest.mark.parametrize(
        "answer",
        [then_close(b""), then_reset(b""), then_close(http(502)), then_close(http(403)), then_close(b"SSH-2.0-x\r\n")],
        ids=["closed", "reset", "502", "403", "not HTTP"],
    )
    def test_proxy_that_gives_no_tunnel(self, serve: Serve, answer: Action) -> None:
        with no_answer(errors.ConnectError, retryable=True):
            login("https://host.example", proxy=serve(answer).url)

    def test_socks_proxy_that_says_no(self, serve: Serve) -> None:
        def refuse(peer: Peer) -> None:
            peer.read(3)
            peer.send(b"\x05\xff")
            peer.stay_silent()

        proxy = serve(serve=refuse)
        with no_answer(errors.ConnectError, retryable=None):
            login("https://host.example", proxy=f"socks5h://{LOOPBACK}:{proxy.port}")

    def test_proxy_that_dies_in_the_tunnel(self, serve: Serve) -> None:
        proxy = serve(then_close(b"HTTP/1.1 200 Connection established\r\n\r\n"))
        with no_answer(errors.ConnectError, retryable=True):
            login("https://host.example", proxy=proxy.url)


def expired(ca: trustme.CA) -> ssl.SSLContext:
    return tls_context(ca, not_after=datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1))


def another_host(ca: trustme.CA) -> ssl.SSLContext:
    return tls_context(ca, "rest.zuora.com")


def another_ca(ca: trustme.CA) -> ssl.SSLContext:
    return tls_context(trustme.CA())


def only_old_tls(ca: trustme.CA) -> ssl.SSLContext:
    context = tls_context(ca)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@pytest.mark.parametrize("fault", [expired, another_host, another_ca, only_old_tls])
def test_bad_certificate_or_protocol_is_a_tls_error(
    serve: Serve, ca: trustme.CA, ca_file: Path, fault: Callable[[trustme.CA], ssl.SSLContext]
) -> None:
    server = serve(session(), tls=fault(ca))
    with no_answer(errors.TLSError, retryable=False) as raised:
        login(server, ca_file=ca_file, retries=2)
    assert not isinstance(raised.value, ConnectionError)
    assert server.requests == []


@pytest.mark.parametrize("greeting", [http(400), b"220 mail.example ESMTP\r\n"])
def test_plain_text_on_an_https_port_is_a_tls_error(serve: Serve, ca_file: Path, greeting: bytes) -> None:
    def speak_plainly(peer: Peer) -> None:
        peer.send(greeting)
        peer.stay_silent()

    server = serve(serve=speak_plainly)
    with no_answer(errors.TLSError, retryable=False):
        login(f"https://{LOOPBACK}:{server.port}", ca_file=ca_file)
