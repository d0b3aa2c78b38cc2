"""When nothing usable comes back: the class, its attributes, whether a retry helps, and how long it may take."""

from __future__ import annotations

import datetime
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from client import login
from proxies import tunnel_to
from servers import (
    LOOPBACK,
    Action,
    BlackHole,
    Peer,
    Server,
    drip,
    http,
    session,
    then_close,
    then_reset,
    then_silence,
    tls_context,
)

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


@contextmanager
def times_out(phase: str, retryable: bool, seconds: float = 0.4) -> Iterator[None]:
    start = time.monotonic()
    with no_answer(errors.Timeout, retryable) as raised:
        yield
    assert seconds - 0.02 <= time.monotonic() - start <= seconds + 0.3
    assert isinstance(raised.value, TimeoutError)
    assert isinstance(raised.value, errors.Timeout) and raised.value.phase == phase


@pytest.mark.parametrize(
    ("limits", "retryable"),
    [({"timeout": 0.4}, False), ({"connect_timeout": 0.4}, True), ({"timeout": 0.4, "connect_timeout": 5}, False)],
    ids=["timeout", "connect_timeout", "connect_timeout cut"],
)
class TestNoConnectionInTime:
    def test_black_hole(self, limits: dict[str, Any], retryable: bool) -> None:
        with BlackHole() as hole, times_out("connect", retryable):
            login(hole.url, **limits)

    def test_silence_in_the_handshake(self, serve: Serve, limits: dict[str, Any], retryable: bool) -> None:
        server = serve(serve=Peer.stay_silent)
        with times_out("tls", retryable):
            login(f"https://{LOOPBACK}:{server.port}", **limits)

    def test_silent_proxy(self, serve: Serve, limits: dict[str, Any], retryable: bool) -> None:
        proxy = serve(serve=Peer.stay_silent)
        with times_out("proxy", retryable):
            login("https://host.example", proxy=proxy.url, **limits)

    def test_silence_in_the_handshake_through_a_proxy(
        self, serve: Serve, limits: dict[str, Any], retryable: bool
    ) -> None:
        server = serve(serve=Peer.stay_silent)
        proxy = serve(tunnel_to(server.port))
        with times_out("tls", retryable):
            login("https://host.example", proxy=proxy.url, **limits)


def drip_the_body(peer: Peer) -> None:
    peer.send(http(200, "Content-Length: 18", framed=True))
    drip(b" " * 18, 0.05)(peer)


HALF_CHUNKED = http(200, "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n", framed=True)
ENDLESS: dict[str, tuple[Action, str]] = {
    "silence": (then_silence(b""), "wait"),
    "one header byte after another": (drip(session(), 0.05), "read"),
    "silence in the headers": (then_silence(b"HTTP/1.1 200 OK\r\nX-Half"), "read"),
    "silence before the body": (then_silence(session()[:-18]), "read"),
    "one body byte after another": (drip_the_body, "read"),
    "silence in the body": (then_silence(session()[:-1]), "read"),
    "no last chunk": (then_silence(HALF_CHUNKED), "read"),
}


@pytest.mark.parametrize(("action", "phase"), ENDLESS.values(), ids=ENDLESS.keys())
def test_answer_that_does_not_end_is_a_timeout(serve: Serve, action: Action, phase: str) -> None:
    server = serve(action, session())
    with times_out(phase, retryable=False):
        login(server, timeout=0.4, connect_timeout=0.2, retries=2)
    assert login(server)["success"] is True
    assert len(server.requests) == 2


def test_slow_answer_in_time_is_a_login(serve: Serve) -> None:
    assert login(serve(drip(session("c"), 0.001)), connect_timeout=0.1)["success"] is True


def test_deadline_spans_every_try() -> None:
    start = time.monotonic()
    with pytest.raises(errors.NoAnswer), BlackHole() as hole:
        login(hole.url, timeout=1.0, connect_timeout=0.3, retries=10)
    assert time.monotonic() - start <= 1.3
