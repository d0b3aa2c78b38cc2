"""A signal whose handler raises ends the call in every phase, and the next call works; another changes nothing."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from subprocess import PIPE
from typing import Any

import pytest
from alarms import Stopped, on_alarm, stop
from client import PATIENCE, PRELUDE, login
from servers import Peer, Server, http, session, then_silence
from stalls import TO_BE_STOPPED, Stage

from zuora_connect import errors

Serve = Callable[..., Server]

# A child that says when it is about to call, gets a signal in the call, and then logs in at a server that answers.
CHILD = """
import json, signal, threading, time
from client import login

class Stopped(Exception):
    pass

def stop(*_):
    raise Stopped

over = threading.Event()

def spin():
    while not over.is_set():
        pass

def keep_on(work):
    while not over.is_set():
        try:
            work()
        except Exception:
            pass

facts = json.loads(sys.stdin.readline())
good = facts["good"]
handlers = {"raise": stop, "note": lambda *_: None, "python": signal.default_int_handler}
signal.signal(facts["signal"], handlers[facts["handler"]])
others = {"spin": spin, "log in": lambda: login(good), "look up": lambda: login("https://other.hangs", timeout=0.2)}
for name in facts["others"]:
    threading.Thread(target=keep_on, args=(others[name],)).start()
print("calling", flush=True)
start = time.monotonic()
try:
    outcome = login(facts["url"], **facts["options"])["success"]
except BaseException as error:
    outcome = type(error).__name__
end = time.monotonic()
next_call = login(good)["success"]
over.set()
print(json.dumps([outcome, start, end, next_call]))
"""
AFTER = 0.3


@dataclass(frozen=True)
class Ending:
    outcome: object  # what connect() returned or raised
    seconds: float
    late: float  # seconds from the signal to the end


def signalled(
    url: str,
    good: str,
    number: int = signal.SIGINT,
    handler: str = "python",
    others: tuple[str, ...] = (),
    **options: Any,
) -> Ending:
    """How a call at `url` ended that got a signal after a while; `others` are the threads beside it."""
    facts = {"url": url, "good": good, "signal": number, "handler": handler, "others": others, "options": options}
    command = [sys.executable, "-c", PRELUDE + CHILD]
    with contextlib.ExitStack() as stack:
        child = stack.enter_context(subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True))
        stack.callback(child.kill)  # one that hangs
        assert child.stdin is not None and child.stdout is not None
        child.stdin.write(json.dumps(facts) + "\n")
        child.stdin.flush()
        assert child.stdout.readline() == "calling\n"
        time.sleep(AFTER)
        sent = time.monotonic()
        child.send_signal(number)
        outcome, start, end, next_call = json.loads(child.communicate(timeout=10 * PATIENCE)[0])
    assert next_call is True
    assert child.returncode == 0
    return Ending(outcome, end - start, end - sent)


def ends_at_once(ending: Ending) -> bool:
    return -0.1 <= ending.late <= 0.3


@pytest.mark.usefixtures("hanging_names")
@pytest.mark.parametrize("stall", TO_BE_STOPPED.values(), ids=TO_BE_STOPPED.keys())
def test_ctrl_c_ends_a_call_in_every_phase(stage: Stage, stall: Any) -> None:
    url, options = stall(stage)
    end = signalled(url, stage.serve(session()).url, **options)
    assert end.outcome == "KeyboardInterrupt"
    assert ends_at_once(end), end


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1])
def test_any_handler_that_raises_ends_a_call(serve: Serve, number: int) -> None:
    end = signalled(serve(then_silence(b"")).url, serve(session()).url, number, "raise")
    assert end.outcome == "Stopped"
    assert ends_at_once(end), end


def test_stopped_back_off_sends_nothing_more(serve: Serve) -> None:
    server = serve(http(503, "Retry-After: 1"))
    assert signalled(server.url, serve(session()).url, retries=2).outcome == "KeyboardInterrupt"
    time.sleep(1)
    assert len(server.requests) == 1


BUSY = ("spin", "spin", "log in", "look up")


@pytest.mark.usefixtures("hanging_names")
@pytest.mark.parametrize("phase", ["resolve", "wait"])
def test_signal_is_heard_beside_busy_threads(stage: Stage, phase: str) -> None:
    url, options = TO_BE_STOPPED[phase](stage)
    end = signalled(url, stage.serve(session()).url, others=BUSY, **options)
    assert end.outcome == "KeyboardInterrupt"
    assert ends_at_once(end), end


def answer_late(peer: Peer) -> None:
    time.sleep(2 * AFTER)
    peer.send(session())


def test_signal_that_does_not_raise_leaves_the_call_going(serve: Serve) -> None:
    end = signalled(serve(answer_late).url, serve(session()).url, handler="note")
    assert end.outcome is True
    assert end.seconds >= 2 * AFTER - 0.1


def test_signal_that_does_not_raise_leaves_a_back_off_going(serve: Serve) -> None:
    server = serve(http(503, "Retry-After: 1"), session())
    end = signalled(server.url, serve(session()).url, handler="note", retries=1)
    assert end.outcome is True
    assert end.seconds >= 1.0
    assert len(server.requests) == 2


def test_signal_that_does_not_raise_leaves_the_deadline_standing(serve: Serve) -> None:
    end = signalled(serve(then_silence(b"")).url, serve(session()).url, handler="note", timeout=0.6)
    assert end.outcome == "Timeout"
    assert 0.58 <= end.seconds <= 0.9


def test_storm_of_signals_changes_nothing(serve: Serve) -> None:
    seen: list[object] = []
    with on_alarm(lambda *_: seen.append(_)):
        signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
        assert login(serve(answer_late))["success"] is True
        silent = serve(then_silence(b""))
        start = time.monotonic()
        with pytest.raises(errors.Timeout):
            login(silent, timeout=2 * AFTER)
        assert 2 * AFTER - 0.02 <= time.monotonic() - start <= 2 * AFTER + 0.3
    assert len(seen) > 5


def test_signal_that_another_thread_gets_ends_the_call_of_the_main_thread(serve: Serve) -> None:
    sent: list[float] = []

    def hit_itself() -> None:
        sent.append(time.monotonic())
        signal.pthread_kill(threading.get_ident(), signal.SIGALRM)

    timer = threading.Timer(AFTER, hit_itself)
    with on_alarm(stop), pytest.raises(Stopped):
        timer.start()
        login(serve(then_silence(b"")))
    assert time.monotonic() - sent[0] <= 0.3
    timer.join()


def test_signal_leaves_the_calls_of_other_threads_going(serve: Serve) -> None:
    server = serve(answer_late)
    with ThreadPoolExecutor() as pool, on_alarm(stop):
        call = pool.submit(login, server)
        signal.setitimer(signal.ITIMER_REAL, AFTER)
        with pytest.raises(Stopped):
            call.result()
        assert not call.done()
        assert call.result()["success"] is True


def test_signal_that_ends_a_call_leaves_the_calls_of_other_threads_going(serve: Serve) -> None:
    server, silent = serve(answer_late), serve(then_silence(b""))
    with ThreadPoolExecutor() as pool, on_alarm(stop):
        call = pool.submit(login, server)
        signal.setitimer(signal.ITIMER_REAL, AFTER)
        with pytest.raises(Stopped):
            login(silent)
        assert not call.done()
        assert call.exception() is None
        assert call.result()["success"] is True
