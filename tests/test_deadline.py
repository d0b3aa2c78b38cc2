"""One deadline spans the whole call, wherever it is stuck, and `.phase` says where that was."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme
from client import login, run_python
from servers import LOOPBACK, Action, BlackHole, Gone, Peer, http, session, then_silence
from stalls import BY_PHASE, LOOKED_UP, Stage, Stalls, for_ever

from zuora_connect import errors

SECONDS = 0.5
SLACK = 0.3


def is_in_time(elapsed: float, seconds: float) -> bool:
    return seconds - 0.02 <= elapsed <= seconds + SLACK


@contextmanager
def times_out(phase: str, seconds: float = SECONDS) -> Iterator[None]:
    start = time.monotonic()
    with pytest.raises(errors.Timeout) as raised:
        yield
    elapsed = time.monotonic() - start
    assert isinstance(raised.value, TimeoutError)
    assert raised.value.phase == phase
    assert is_in_time(elapsed, seconds), elapsed


@dataclass(frozen=True)
class Ending:
    error: errors.Timeout
    elapsed: float


def stuck(url: str, options: dict[str, Any]) -> Ending:
    start = time.monotonic()
    with pytest.raises(errors.Timeout) as raised:
        login(url, **options)
    return Ending(raised.value, time.monotonic() - start)


def endings(stage: Stage, stalls: Stalls, **limits: Any) -> dict[str, Ending]:
    """How logins ended that were stuck in each of these places, all at the same time."""
    calls = {name: stall(stage) for name, stall in stalls.items()}
    with ThreadPoolExecutor(len(calls)) as pool:
        begun = {name: pool.submit(stuck, url, options | limits) for name, (url, options) in calls.items()}
    return {name: call.result() for name, call in begun.items()}


@pytest.mark.parametrize("phase", BY_PHASE)
def test_deadline_holds_wherever_a_login_is_stuck(stage: Stage, phase: str) -> None:
    ended = endings(stage, BY_PHASE[phase], timeout=SECONDS, connect_timeout=10, retries=2)
    assert {name: end.error.phase for name, end in ended.items()} == dict.fromkeys(ended, phase)
    assert not {name: end.elapsed for name, end in ended.items() if not is_in_time(end.elapsed, SECONDS)}
    assert not {name for name, end in ended.items() if end.error.retryable}


@pytest.mark.parametrize("phase", ["connect", "proxy", "tls"])
def test_connect_timeout_ends_one_try_before_it_sends(stage: Stage, phase: str) -> None:
    ended = endings(stage, BY_PHASE[phase], timeout=10, connect_timeout=SECONDS)
    assert {name: end.error.phase for name, end in ended.items()} == dict.fromkeys(ended, phase)
    assert not {name: end.elapsed for name, end in ended.items() if not is_in_time(end.elapsed, SECONDS)}
    assert not {name for name, end in ended.items() if not end.error.retryable}


LOOK_UP = """
import json, time
from client import login
start = time.monotonic()
try:
    login(sys.argv[1], **json.loads(sys.argv[2]))
except Exception as error:
    print(json.dumps([type(error).__name__, error.phase, time.monotonic() - start]), flush=True)
"""


@pytest.mark.usefixtures("hanging_names")
@pytest.mark.parametrize(
    ("name", "limit"), [("name look-up", "timeout"), ("look-up of the proxy's name", "connect_timeout")]
)
def test_deadline_holds_while_a_name_is_looked_up_for_ever(stage: Stage, name: str, limit: str) -> None:
    url, options = LOOKED_UP[name](stage)
    child = run_python(LOOK_UP, url, json.dumps({**options, limit: SECONDS}), timeout=10)  # so it ends with the look-up
    assert child.returncode == 0, child.stderr
    error, phase, elapsed = json.loads(child.stdout)
    assert (error, phase) == ("Timeout", "resolve")
    assert is_in_time(elapsed, SECONDS), elapsed


ONE_A_SECOND: dict[str, Action] = {
    "header": for_ever(b"HTTP/1.1 200 OK\r\n", b"A", gap=1.0),
    "body": for_ever(http(200, "Content-Length: 18", framed=True), b" ", gap=1.0),
}


@pytest.mark.parametrize("action", ONE_A_SECOND.values(), ids=ONE_A_SECOND.keys())
def test_a_byte_a_second_does_not_move_the_deadline(stage: Stage, action: Action) -> None:
    with times_out("read", 1.4):
        login(stage.direct(action)[0], timeout=1.4)


def test_silence_on_a_kept_connection_ends_with_the_deadline(stage: Stage) -> None:
    server = stage.serve(session(), then_silence(b""), session("next"))
    assert login(server)["success"] is True
    with times_out("wait"):
        login(server, timeout=SECONDS)
    assert login(server)["sessionCookie"] == "ZSession=next"
    assert [len(connection) for connection in server.connections] == [2, 1]


def test_call_after_a_timeout_works(stage: Stage) -> None:
    server = stage.serve(then_silence(session()[:-1]), session())
    with times_out("read"):
        login(server, timeout=SECONDS, connect_timeout=0.1, retries=2)
    assert login(server)["success"] is True
    assert len(server.requests) == 2


def test_slow_answer_in_time_is_a_login(stage: Stage) -> None:
    def drip(peer: Peer) -> None:
        for byte in session("c"):
            peer.send(bytes([byte]))
            time.sleep(0.001)

    assert login(stage.serve(drip), connect_timeout=0.1)["success"] is True


def late(answer: bytes, seconds: float) -> Action:
    def act(peer: Peer) -> None:
        time.sleep(seconds)
        peer.send(answer)

    return act


def test_deadline_spans_every_try(stage: Stage) -> None:
    server = stage.serve(late(http(503, "Retry-After: 0"), 0.2))
    with times_out("wait", 0.7):
        login(server, timeout=0.7, retries=10)
    assert len(server.requests) == 4


def test_deadline_spans_tries_that_do_not_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.uniform", lambda low, high: 0.05)
    with BlackHole() as hole, times_out("connect", 1.0):
        # It falls early in the second try, which alone would last beyond the slack.
        login(hole.url, timeout=1.0, connect_timeout=0.8, retries=10)


def test_deadline_spans_what_an_argument_takes(stage: Stage) -> None:
    class Slow:
        def __fspath__(self) -> str:
            time.sleep(SECONDS / 2)
            return "/etc/ssl/certs"

    with times_out("wait"):
        login(stage.serve(then_silence(b"")), ca_dir=Slow(), timeout=SECONDS)


def test_deadline_spans_the_wait_that_the_server_asks_for(stage: Stage) -> None:
    server = stage.serve(http(429, "Retry-After: 1"), then_silence(b""))
    with times_out("wait", 1.3):
        login(server, timeout=1.3, retries=1)
    assert len(server.requests) == 2


def test_deadline_spans_the_handshakes_with_every_store(
    stage: Stage, tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first store does not know the server; when it is asked again, for the next store, it says nothing."""
    connections: list[Peer] = []

    def shake_hands_once(peer: Peer) -> None:
        connections.append(peer)
        time.sleep(SECONDS / 2)
        if len(connections) == 1:
            tls.wrap_socket(peer.sock.dup(), server_side=True).close()
            raise Gone
        peer.stay_silent()

    other_ca = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other_ca)
    monkeypatch.setenv("SSL_CERT_FILE", str(other_ca))
    server = stage.serve(serve=shake_hands_once)
    with times_out("tls"):
        login(f"https://{LOOPBACK}:{server.port}", timeout=SECONDS)
    assert len(connections) == 2
