"""A signal ends the call in every phase, and the next call works; a handler that does not raise changes nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from client import PRELUDE
from servers import LOOPBACK, BlackHole, Peer, Server, http, session, then_silence

Serve = Callable[..., Server]

# A child that says when it is about to call, is interrupted in the call, and then logs in at a server that answers.
CHILD = """
import json, os, signal, time
from client import login

class Stopped(Exception):
    pass

def stop(*_):
    raise Stopped

handlers = {"raise": stop, "note": lambda *_: None, "python": signal.default_int_handler}
signal.signal(signal.SIGINT, handlers[sys.argv[1]])
url, good, options = sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
print("calling", flush=True)
start = time.monotonic()
try:
    outcome = login(url, **options)["success"]
except BaseException as error:
    outcome = type(error).__name__
print(json.dumps([outcome, time.monotonic() - start, login(good)["success"]]))
"""


def interrupt(url: str, good: str, after: float, handler: str = "python", **options: object) -> tuple[object, float]:
    """What a call at `url` came to that was interrupted after so many seconds, and how long it took in all."""
    command = [sys.executable, "-c", PRELUDE + CHILD, handler, url, good, json.dumps(options)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "calling\n"
        time.sleep(after)
        child.send_signal(signal.SIGINT)
        outcome, seconds, next_call = json.loads(child.communicate(timeout=20)[0])
    assert next_call is True
    return outcome, seconds


AFTER = 0.4


def ends_at_once(seconds: float) -> bool:
    return AFTER - 0.1 <= seconds <= AFTER + 0.4


@pytest.mark.parametrize("answer", [then_silence(b""), then_silence(session()[:-9])], ids=["wait", "read"])
@pytest.mark.parametrize(("handler", "error"), [("python", "KeyboardInterrupt"), ("raise", "Stopped")])
def test_signal_ends_a_call_that_waits_for_its_answer(
    serve: Serve, answer: Callable[[Peer], None], handler: str, error: str
) -> None:
    outcome, seconds = interrupt(serve(answer).url, serve(session()).url, AFTER, handler)
    assert outcome == error
    assert ends_at_once(seconds)


def test_signal_ends_a_call_that_cannot_connect(serve: Serve) -> None:
    with BlackHole() as hole:
        outcome, seconds = interrupt(hole.url, serve(session()).url, AFTER)
    assert outcome == "KeyboardInterrupt"
    assert ends_at_once(seconds)


def test_signal_ends_a_handshake(serve: Serve) -> None:
    server = serve(serve=Peer.stay_silent)
    outcome, seconds = interrupt(f"https://{LOOPBACK}:{server.port}", serve(session()).url, AFTER)
    assert outcome == "KeyboardInterrupt"
    assert ends_at_once(seconds)


def test_signal_ends_a_back_off(serve: Serve) -> None:
    server = serve(http(503, "Retry-After: 8"))
    outcome, seconds = interrupt(server.url, serve(session()).url, AFTER, retries=2)
    assert outcome == "KeyboardInterrupt"
    assert ends_at_once(seconds)
    assert len(server.requests) == 1


def test_signal_that_does_not_raise_leaves_the_call_going(serve: Serve) -> None:
    def answer_late(peer: Peer) -> None:
        time.sleep(2 * AFTER)
        peer.send(session())

    outcome, seconds = interrupt(serve(answer_late).url, serve(session()).url, AFTER, "note")
    assert outcome is True
    assert seconds >= 2 * AFTER - 0.1


def test_signal_that_does_not_raise_leaves_the_deadline_standing(serve: Serve) -> None:
    outcome, seconds = interrupt(serve(then_silence(b"")).url, serve(session()).url, AFTER, "note", timeout=0.8)
    assert outcome == "Timeout"
    assert 0.7 <= seconds <= 1.2
