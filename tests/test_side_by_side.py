"""Threads that run at the same moment share what a GIL used to guard; on a free-threaded Python there is none."""

from __future__ import annotations

import _thread
import contextlib
import gc
import json
import os
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from ssl import SSLContext
from typing import Any

import pytest
from client import PATIENCE, login, run_python
from servers import Peer, Server, http, session
from test_threads import answer_by_user, expected, login_as

import zuora_connect
from zuora_connect import _core, _login

Serve = Callable[..., Server]

THREADS = 64
HAS_GIL = not sysconfig.get_config_var("Py_GIL_DISABLED")
REFUSAL = http(401, body=b'{"success":false,"reasons":[{"code":90000011,"message":"no"}]}')

NO_GIL = """
import zuora_connect
from zuora_connect import errors, sandbox
try:
    zuora_connect.connect("user", "password", base_url="http://127.0.0.1:1", retries=0)
except errors.ConnectError:
    print(getattr(sys, "_is_gil_enabled", lambda: True)())
"""


AT_ONCE = """
import json, threading
from concurrent.futures import ThreadPoolExecutor
import zuora_connect
base_url, ca_file, patience = sys.argv[1], sys.argv[2], float(sys.argv[3])
together = threading.Barrier(64)
def work(number):
    together.wait()
    zuora = zuora_connect.connect(
        f"user-{number}", "password", base_url=base_url, ca_file=ca_file, timeout=patience, retries=0
    )
    return zuora["sessionCookie"], getattr(sys, "_is_gil_enabled", lambda: True)()
with ThreadPoolExecutor(64) as pool:
    print(json.dumps(list(pool.map(work, range(64)))))
"""


def all_at_once(work: Callable[[int], object], threads: int = THREADS) -> list[Any]:
    """What each thread's work returns, which all of them begin together."""
    together = threading.Barrier(threads)

    def begin(number: int) -> object:
        together.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


def test_gil_is_off_here_where_it_can_be() -> None:
    """Whatever pytest and its plugins have imported: else the tests below would show nothing."""
    assert getattr(sys, "_is_gil_enabled", lambda: True)() is HAS_GIL


def test_gil_stays_off_where_it_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON_GIL", raising=False)
    child = run_python(NO_GIL)
    assert child.stderr == ""
    assert child.stdout.split() == [str(HAS_GIL)]


def test_64_logins_are_under_way_at_once_and_no_gil_is_switched_on(
    serve: Serve, tls: SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process that has nothing but this package; the server answers when all 64 requests have come."""
    monkeypatch.delenv("PYTHON_GIL", raising=False)
    all_are_here = threading.Barrier(THREADS)

    def answer(peer: Peer) -> None:
        all_are_here.wait(20 * PATIENCE)
        peer.send(session((peer.requests[-1].header("apiAccessKeyId") or b"").decode()))

    server = serve(answer, tls=tls)
    child = run_python(AT_ONCE, server.url, str(ca_file), str(20 * PATIENCE), timeout=60)
    assert child.stderr == ""
    assert json.loads(child.stdout) == [[f"ZSession=user-{number}", HAS_GIL] for number in range(THREADS)]


def test_short_lived_threads_get_their_own_answers(serve: Serve, tls: SSLContext, ca_file: Path) -> None:
    """What the C code keeps for a thread goes with it, while others come and the collector runs."""
    server = serve(answer_by_user, tls=tls)
    outcomes: dict[int, object] = {}

    def work(number: int) -> None:
        outcomes[number] = login_as(server, number, ca_file)

    for first in range(0, 4 * THREADS, THREADS):
        threads = [threading.Thread(target=work, args=(number,)) for number in range(first, first + THREADS)]
        for thread in threads:
            thread.start()
        gc.collect()
        for thread in threads:
            thread.join()
    assert outcomes == {number: expected(number) for number in range(4 * THREADS)}


def test_arguments_may_be_shared_while_others_change_what_held_them(serve: Serve) -> None:
    def answer(peer: Peer) -> None:
        peer.send(session((peer.requests[-1].header("apiAccessKeyId") or b"").hex()))

    server = serve(answer)
    users = ["zo\xeb", "zo\xeb\u2603", "z\U0001f511"]  # of each width, and never yet asked for their UTF-8
    shared: dict[str, Any] = {"username": users[0], "password": "\u2603-secret", "base_url": server.url, "retries": 0}
    allowed = {f"ZSession={user.encode().hex()}" for user in users}

    def work(number: int) -> set[str]:
        seen = set()
        for turn in range(10):
            shared["username"] = users[(number + turn) % 3]
            shared["password"] = f"{number}-\u2603-{turn}"
            seen.add(str(zuora_connect.connect(**shared)["sessionCookie"]))
        return seen

    assert set().union(*all_at_once(work)) <= allowed


def test_variables_are_seen_while_other_threads_set_others(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [f"ANOTHER_{number}" for number in range(100)]
    for name in others:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("ZUORA_USERNAME", "user")
    monkeypatch.setenv("ZUORA_PASSWORD", "password")
    done = threading.Event()

    def change(names: list[str]) -> None:
        while not done.is_set():
            for name in names:
                del os.environ[name]
            for name in names:
                os.environ[name] = "1"

    def complaints(_: int) -> set[str]:
        said = set()
        for _ in range(2000):
            with pytest.raises(ValueError) as raised:
                zuora_connect.connect(track_id="\n")
            said.add(str(raised.value).partition(":")[0])
        return said

    with ThreadPoolExecutor(2) as pool:
        pool.map(change, [others[:50], others[50:]])
        try:
            said = set().union(*all_at_once(complaints, 4))
        finally:
            done.set()
    assert said == {"track_id"}


def test_first_logins_of_all_threads_import_what_they_need(serve: Serve) -> None:
    """Refused, retried, unknown and logged: nothing of it was imported before."""
    server = serve(http(503, "Retry-After: 0", body=b"<html>"))
    program = """
import logging, threading
from concurrent.futures import ThreadPoolExecutor
import zuora_connect
together = threading.Barrier(64)
def work(number):
    together.wait()
    try:
        if number % 2:
            zuora_connect.connect("user", "password", environment="nowhere")
        zuora_connect.connect("user", "password", base_url=sys.argv[1], retries=1)
    except (ValueError, zuora_connect.errors.ServerError) as error:
        return type(error).__name__
with ThreadPoolExecutor(64) as pool:
    print(*sorted(pool.map(work, range(64))))
"""
    child = run_python(program, server.url, timeout=60)
    assert child.stderr == ""
    assert child.stdout.split() == ["ServerError"] * 32 + ["ValueError"] * 32


def test_build_info_is_the_same_for_all(serve: Serve) -> None:
    server = serve(session())
    before = zuora_connect.build_info()

    def work(number: int) -> dict[str, object]:
        if number % 2:
            login(server)
        return zuora_connect.build_info()

    assert all_at_once(work) == [before] * THREADS


def test_interrupted_login_leaves_those_of_other_threads_alone(serve: Serve, tls: SSLContext, ca_file: Path) -> None:
    """Ctrl-C in the main thread, again and again, beside errors and sessions in the others."""
    server = serve(answer_by_user, tls=tls)
    silent = serve(lambda peer: peer.stay_silent())
    n_threads, turns = THREADS - 1, 10

    def work(number: int) -> list[object]:
        return [login_as(server, number * turns + turn, ca_file) for turn in range(turns)]

    stopped = 0
    with ThreadPoolExecutor(n_threads) as pool:
        calls = [pool.submit(work, number) for number in range(n_threads)]
        while stopped == 0 or not all(call.done() for call in calls):
            with pytest.raises(KeyboardInterrupt), interrupted_after(0.02):
                login(silent)
            stopped += 1
    outcomes = [outcome for call in calls for outcome in call.result()]
    assert outcomes == [expected(number) for number in range(n_threads * turns)]


@contextlib.contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, _thread.interrupt_main)
    timer.start()
    try:
        yield
    finally:
        timer.join()


def test_request_that_another_thread_uses_outlives_its_own_login(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first login ends, and forgets its request, while another thread makes a further try with it."""
    arrived, go_on = threading.Event(), threading.Event()

    def answer_late(peer: Peer) -> None:
        arrived.set()
        assert go_on.wait(10)
        peer.send(session("late"))

    server = serve(REFUSAL, answer_late)
    found: list[object] = []

    def keep(outcome: zuora_connect.Connection, request: object, *_: object) -> zuora_connect.Connection:
        found.append(request)
        call.append(pool.submit(_core.again, request, 10_000, 10_000, None))
        assert arrived.wait(10)
        return outcome

    call: list[Any] = []
    monkeypatch.setattr(_login, "go_on", keep)
    with ThreadPoolExecutor(1) as pool:
        assert login(server)["success"] is False
        with pytest.raises(ValueError, match="forgotten"):
            _core.again(found[0], 10_000, 10_000, None)
        go_on.set()
        zuora = call[0].result()
    assert zuora["sessionCookie"] == "ZSession=late"
    assert zuora.base_url == server.url
    with pytest.raises(ValueError, match="forgotten"):
        _core.again(found[0], 10_000, 10_000, None)


def test_one_request_serves_many_threads_until_it_is_forgotten(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(REFUSAL, session())

    def share(refusal: zuora_connect.Connection, request: object, *_: object) -> zuora_connect.Connection:
        def work(number: int) -> int:
            served = 0
            while True:
                try:
                    outcome = _core.again(request, 10_000, 10_000, None)
                except ValueError:
                    return served
                assert isinstance(outcome, zuora_connect.Connection)
                served += 1
                if number == 0 and served == 3:
                    enough.set()

        calls.extend(pool.submit(work, number) for number in range(8))
        assert enough.wait(10)
        return refusal

    enough = threading.Event()
    calls: list[Any] = []
    monkeypatch.setattr(_login, "go_on", share)
    with ThreadPoolExecutor(8) as pool:
        assert login(server)["success"] is False
        assert sum(call.result() for call in calls) >= 3
