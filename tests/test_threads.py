"""Many threads log in at once, each as its own user and with its own outcome; the other threads go on meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from ssl import SSLContext

import pytest
from client import login
from servers import Peer, Server, http, session

from zuora_connect import errors

Serve = Callable[..., Server]

THREADS = 64
CALLS = 9


def answer_by_user(peer: Peer) -> None:
    """Every third user is refused, every other third gets a page; a session names its user and password."""
    request = peer.requests[-1]
    user, password = request.header("apiAccessKeyId"), request.header("apiSecretAccessKey")
    assert user is not None and password is not None
    number = int(user.removeprefix(b"user-"))
    if number % 3 == 0:
        peer.send(session(f"{user.decode()}-{password.decode()}"))
    elif number % 3 == 1:
        peer.send(http(401, body=b'{"success":false,"reasons":[{"code":%d,"message":"%s"}]}' % (number, password)))
    else:
        peer.send(http(502, f"Zuora-Request-Id: {number}", body=b"<html>"))


def login_as(server: Server, number: int, ca_file: Path) -> object:
    """The outcome that only this user's own answer gives."""
    # Too short to be masked, so that a quoted password shows whose answer it is.
    options = {"username": f"user-{number}", "password": f"{number:03}", "ca_file": ca_file}
    try:
        zuora = login(server, **options)
    except errors.ServerError as error:
        return error.request_id
    return zuora["sessionCookie"] or zuora["reasons"]


def expected(number: int) -> object:
    return [
        f"ZSession=user-{number}-{number:03}",
        [{"code": number, "message": f"{number:03}"}],
        str(number),
    ][number % 3]


def test_every_thread_gets_its_own_answers(serve: Serve, tls: SSLContext, ca_file: Path) -> None:
    server = serve(answer_by_user, tls=tls)
    together = threading.Barrier(THREADS)

    def work(thread: int) -> list[object]:
        together.wait()
        return [login_as(server, thread * CALLS + call, ca_file) for call in range(CALLS)]

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = list(pool.map(work, range(THREADS)))
    assert [outcome for own in outcomes for outcome in own] == [expected(number) for number in range(THREADS * CALLS)]
    assert len(server.requests) == THREADS * CALLS
    n_refused = sum(number % 3 != 0 for number in range(THREADS * CALLS))  # after which a connection is not used again
    assert len(server.connections) <= THREADS + 1 + n_refused


def test_waiting_calls_do_not_hold_each_other_up(serve: Serve) -> None:
    together = threading.Barrier(8)

    def answer_when_all_are_there(peer: Peer) -> None:
        together.wait(timeout=5)
        peer.send(session())

    server = serve(answer_when_all_are_there)
    with ThreadPoolExecutor(8) as pool:
        assert all(zuora["success"] for zuora in pool.map(login, [server] * 8))


def test_other_threads_run_while_a_call_waits(serve: Serve) -> None:
    def answer_late(peer: Peer) -> None:
        time.sleep(0.3)
        peer.send(session())

    server = serve(answer_late)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(login, server)
        turns = 0
        while not call.done():
            time.sleep(0.001)
            turns += 1
    assert call.result()["success"] is True
    assert turns > 20


def test_server_that_closes_gives_nobody_a_wrong_answer(serve: Serve, tls: SSLContext, ca_file: Path) -> None:
    """Each thread logs in until the server is gone: its own answers, then one error, then nobody is there."""
    server = serve(answer_by_user, tls=tls)
    together = threading.Barrier(THREADS + 1)

    def work(thread: int) -> tuple[int, type[Exception], type[Exception]]:
        together.wait()
        ended: list[type[Exception]] = []
        answered = 0
        while len(ended) < 2:
            number = thread * 15 + answered % 15  # three digits: longer passwords are masked
            try:
                assert login_as(server, number, ca_file) == expected(number)
                answered += 1
            except errors.NoAnswer as error:
                ended.append(type(error))
        return answered, ended[0], ended[1]

    with ThreadPoolExecutor(THREADS) as pool:
        calls = [pool.submit(work, thread) for thread in range(THREADS)]
        together.wait()
        while len(server.requests) < 2 * THREADS:
            time.sleep(0.01)
        server.stop()
        outcomes = [call.result() for call in calls]
    assert sum(answered for answered, _, _ in outcomes) >= THREADS
    assert {first for _, first, _ in outcomes} <= {errors.ConnectError, errors.BadAnswer}
    assert {second for _, _, second in outcomes} == {errors.ConnectError}


def test_server_that_goes_away_is_an_error_in_every_thread(serve: Serve) -> None:
    arrived = threading.Semaphore(0)

    def never_answer(peer: Peer) -> None:
        arrived.release()
        peer.stay_silent()

    server = serve(never_answer)
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(login, server) for _ in range(8)]
        for _ in calls:
            assert arrived.acquire(timeout=5)
        server.stop()
        for call in calls:
            with pytest.raises(errors.ConnectError):
                call.result()
