"""The sandbox as a server and a command: connections, threads, TLS, how it starts and how it ends."""

from __future__ import annotations

import gc
import logging
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from cheroot.server import HTTPServer
from sandbox_client import SECONDS, address, call, client, credentials, login, raw_answer

from zuora_connect import sandbox
from zuora_connect.sandbox._sandbox import Sandbox
from zuora_connect.sandbox._server import Server
from zuora_connect.sandbox._tenant import Reply, Request


@pytest.fixture
def zuora() -> Iterator[Sandbox]:
    with sandbox.start() as running:
        yield running


def test_one_connection_serves_many_logins(zuora: Sandbox) -> None:
    connection = client(zuora)
    connection.connect()
    kept = connection.sock
    for _ in range(50):
        assert call(connection, "POST", "/v1/connections", credentials(zuora)).status == 200
        assert connection.sock is kept
    connection.close()


def test_the_401_ends_its_connection(zuora: Sandbox) -> None:
    status, _, _ = raw_answer(zuora, b"POST /v1/connections HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == "HTTP/1.1 401 Unauthorized"


def at_once(count: int, work: Callable[[], None]) -> None:
    barrier = threading.Barrier(count)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait(SECONDS)
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_64_clients_at_once_get_64_sessions(zuora: Sandbox) -> None:
    sessions: list[str | None] = []

    def work() -> None:
        connection = client(zuora)
        for _ in range(5):
            sessions.append(call(connection, "POST", "/v1/connections", credentials(zuora)).session)
        connection.close()

    at_once(64, work)
    assert None not in sessions
    assert len(set(sessions)) == 320


def test_clients_that_are_silent_or_speak_no_tls_hold_nobody_up(zuora: Sandbox) -> None:
    silent = [socket.create_connection(address(zuora)) for _ in range(8)]
    silent[0].sendall(b"GET / HTTP/1.1\r\n\r\n")
    began = time.monotonic()
    assert login(zuora).status == 200
    assert time.monotonic() - began < 5
    for connection in silent:
        connection.close()


def test_clients_that_hang_up_are_not_news(
    zuora: Sandbox, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.create_connection(address(zuora)) as plain, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")
    context = ssl.create_default_context(cafile=zuora.ca_file)
    with (
        socket.create_connection(address(zuora)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST /v1/connections HTTP/1.1\r\nContent-Length: 2\r\n\r\n{")
    zuora.close()
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []


def test_the_certificate_is_for_loopback_and_for_no_other_trust(zuora: Sandbox) -> None:
    context = ssl.create_default_context(cafile=zuora.ca_file)
    for name in ("localhost", "127.0.0.1", "::1"):
        with socket.create_connection(address(zuora)) as plain, context.wrap_socket(plain, server_hostname=name):
            pass
    for trust, name in ((context, "rest.zuora.com"), (ssl.create_default_context(), "localhost")):
        with socket.create_connection(address(zuora)) as plain, pytest.raises(ssl.SSLCertVerificationError):
            trust.wrap_socket(plain, server_hostname=name)


def test_close_is_prompt_and_leaves_nothing() -> None:
    zuora = sandbox.start()
    idle, silent = client(zuora), socket.create_connection(address(zuora))
    assert call(idle, "POST", "/v1/connections", credentials(zuora)).status == 200
    began = time.monotonic()
    zuora.close()
    zuora.close()
    assert time.monotonic() - began < 3
    assert not os.path.exists(os.path.dirname(zuora.ca_file))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(zuora))
    idle.close()
    silent.close()
    with sandbox.start(port=address(zuora)[1]) as again:
        assert again.base_url == zuora.base_url
        assert login(again).status == 200


def test_twenty_sandboxes_one_after_the_other_leave_nothing_behind() -> None:
    def use_one() -> None:
        with sandbox.start() as zuora:
            assert login(zuora).status == 200

    def count_servers() -> int:
        gc.collect()
        return sum(isinstance(thing, Sandbox | HTTPServer) for thing in gc.get_objects())

    use_one()
    threads, descriptors, servers = threading.active_count(), len(os.listdir("/proc/self/fd")), count_servers()
    for _ in range(20):
        use_one()
    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == descriptors
    assert count_servers() == servers


def test_a_client_that_hangs_up_leaves_no_answer_to_be_flushed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """From Python 3.13 on a collected file that cannot be flushed would tell stderr."""
    asked, gone = threading.Event(), threading.Event()
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)

    class Late:
        def reply(self, request: Request) -> Reply:
            asked.set()
            assert gone.wait(SECONDS)
            return Reply(bytes(1_000_000), closes=True)

    server = Server(Late(), 0, None)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.sendall(b"GET / HTTP/1.1\r\nHost: zuora\r\n\r\n")
        assert asked.wait(SECONDS)
    gone.set()
    server.close()
    gc.collect()
    assert complaints == []


def test_a_taken_port_is_an_os_error(zuora: Sandbox) -> None:
    with pytest.raises(OSError, match="is taken"):
        sandbox.start(port=address(zuora)[1])


def test_bad_settings_are_value_errors() -> None:
    with pytest.raises(ValueError, match="users"):
        sandbox.start(users={})
    for seconds in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="session_seconds"):
            sandbox.start(session_seconds=seconds)


@pytest.mark.parametrize("library", ["trustme", "cheroot"])
def test_a_missing_library_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "zuora_connect.sandbox._sandbox")
    monkeypatch.delitem(sys.modules, "zuora_connect.sandbox._server")
    with pytest.raises(ImportError, match=rf"{library}.*pip install 'zuora-connect\[sandbox\]'"):
        sandbox.start()


def test_the_password_is_in_no_repr(zuora: Sandbox) -> None:
    assert zuora.base_url in repr(zuora)
    assert zuora.password not in repr(zuora)


def python(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_forgotten_sandbox_keeps_no_process_alive_and_leaves_no_file() -> None:
    process = python("-c", "from zuora_connect import sandbox; print(sandbox.start().ca_file)")
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (0, "")
    assert out.strip().endswith("ca.pem")
    assert not os.path.exists(out.strip())


def test_a_forked_child_leaves_its_parents_sandbox_alone() -> None:
    program = """
import os, sys, zuora_connect.sandbox
with zuora_connect.sandbox.start() as zuora:
    child = os.fork()
    if child == 0:
        sys.exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), os.path.exists(zuora.ca_file))
"""
    process = python("-W", "ignore::DeprecationWarning", "-c", program)
    assert process.communicate(timeout=SECONDS) == ("7 True\n", "")
