"""A child forked with a warm pool logs in on connections of its own and leaves its parent's alone."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from ssl import SSLContext

from client import run_python
from servers import Gone, Peer, Server, session

Serve = Callable[..., Server]

FORK = """
import json, os
from client import login

def call(user):
    return login(sys.argv[1], username=user, ca_file=sys.argv[2] or None)["sessionCookie"]

def in_a_child(work):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            outcome = work()
        except BaseException as error:
            outcome = repr(error)
        os.write(writer, json.dumps(outcome).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        outcome = json.loads(pipe.read())
    os.waitpid(child, 0)
    return outcome
"""

IN_TURN = """
print(json.dumps([call("parent"), in_a_child(lambda: [call("child"), call("child")]), call("parent")]))
"""

AMONG_THREADS = """
import threading
stop = threading.Event()
failures = []

def work(number):
    while not stop.is_set():
        try:
            cookie = call(f"thread-{number}")
        except Exception as error:
            cookie = repr(error)
        if cookie != f"ZSession=thread-{number}":
            failures.append(cookie)

threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(8)]
for thread in threads:
    thread.start()
children = [in_a_child(lambda: call(f"child-{number}")) for number in range(30)]
stop.set()
for thread in threads:
    thread.join()
print(json.dumps([children, failures]))
"""

EVERY_WAY = """
import multiprocessing

outcomes = [call("parent")]
for method in multiprocessing.get_all_start_methods():
    with multiprocessing.get_context(method).Pool(2) as pool:
        outcomes.append(pool.apply(login, [sys.argv[1]], {"username": method})["sessionCookie"])
print(json.dumps([*outcomes, call("parent")]))
"""


def answer_by_user(peer: Peer) -> None:
    user = peer.requests[-1].header("apiAccessKeyId")
    assert user is not None
    peer.send(session(user.decode()))


def users(server: Server) -> list[list[bytes]]:
    return [[request.header("apiAccessKeyId") or b"" for request in connection] for connection in server.connections]


def test_child_uses_its_own_connection_and_the_parent_keeps_its(serve: Serve, tls: SSLContext, ca_file: Path) -> None:
    for context, ca in [(None, ""), (tls, str(ca_file))]:
        server = serve(answer_by_user, tls=context)
        child = run_python(FORK + IN_TURN, server.url, ca)
        assert child.stderr == ""
        assert json.loads(child.stdout) == ["ZSession=parent", ["ZSession=child"] * 2, "ZSession=parent"]
        assert users(server) == [[b"parent", b"parent"], [b"child", b"child"]]


def test_children_forked_among_busy_threads_log_in(serve: Serve, tls: SSLContext, ca_file: Path) -> None:
    """The parent keeps its connections: one a thread to the end, and nobody says TLS's goodbye on them."""
    goodbyes: list[Peer] = []

    def note_goodbyes(peer: Peer) -> None:
        peer.sock.suppress_ragged_eofs = False  # type: ignore[attr-defined] # a connection that just ends is an error
        try:
            while True:
                peer.read_request()
                answer_by_user(peer)
        except Gone as gone:
            if gone.__cause__ is None:
                goodbyes.append(peer)

    server = serve(tls=tls, serve=note_goodbyes)
    child = run_python(FORK + AMONG_THREADS, server.url, str(ca_file), timeout=60)
    assert json.loads(child.stdout) == [[f"ZSession=child-{number}" for number in range(30)], []], child.stderr
    by_children = [connection for connection in users(server) if any(b"child" in user for user in connection)]
    assert [len(connection) for connection in by_children] == [1] * 30
    by_threads = [connection for connection in users(server) if connection not in by_children]
    assert len(by_threads) <= 8
    server.stop()
    assert len(server.connections) > 30
    assert goodbyes == []


def test_multiprocessing_works_in_every_way(serve: Serve) -> None:
    server = serve(answer_by_user)
    child = run_python(FORK + EVERY_WAY, server.url, "")
    assert json.loads(child.stdout) == [
        "ZSession=parent",
        *[f"ZSession={method}" for method in multiprocessing.get_all_start_methods()],
        "ZSession=parent",
    ], child.stderr
    assert [b"parent", b"parent"] in users(server)
