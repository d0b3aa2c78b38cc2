"""From import to the end of the program: reloading, forgetting the module, and leaving with calls under way."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from ssl import SSLContext

import pytest
import trustme
from client import PATIENCE, run_python
from servers import LOOPBACK, BlackHole, Peer, Server, http, session, then_silence

Serve = Callable[..., Server]

# Ends while its daemon threads are in their calls.
LEAVE = """
import threading, time
from client import login

def work():
    while True:
        try:
            login(sys.argv[1], ca_file=sys.argv[2] or None)
        except Exception:
            pass

for _ in range(3):
    threading.Thread(target=work, daemon=True).start()
time.sleep(float(sys.argv[3]))
"""


def leave(url: str, ca_file: Path | str, after: float) -> subprocess.CompletedProcess[str]:
    return run_python(LEAVE, url, str(ca_file), str(after))


def leave_at_once(url: str) -> None:
    """exit() waits ten seconds for calls inside libcurl: none of these may be there."""
    started = time.monotonic()
    ended = leave(url, "", 0.3)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert time.monotonic() - started < 5 * PATIENCE


@pytest.mark.parametrize("answer", [then_silence(b""), then_silence(session()[:-9])], ids=["wait", "read"])
def test_program_ends_at_once_though_calls_wait_for_an_answer(serve: Serve, answer: Callable[[Peer], None]) -> None:
    leave_at_once(serve(answer).url)


def test_program_ends_at_once_though_calls_connect(serve: Serve) -> None:
    silent = serve(serve=Peer.stay_silent)
    with BlackHole() as hole:
        for url in (hole.url, f"https://{LOOPBACK}:{silent.port}"):
            leave_at_once(url)


@pytest.fixture
def large_ca_file(ca: trustme.CA, tmp_path: Path) -> Path:
    """A store that takes its time to read, as others do; each login that is refused reads it anew."""
    path = tmp_path / "large.pem"
    path.write_bytes(ca.cert_pem.bytes() * int(1000 / PATIENCE))  # far less than exit() waits
    return path


def test_program_ends_well_though_calls_are_inside_openssl(serve: Serve, tls: SSLContext, large_ca_file: Path) -> None:
    """OpenSSL's own clean-up at exit() must not find threads in the middle of its work."""
    url = serve(http(401, body=b'{"success":false}'), tls=tls).url
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda number: leave(url, large_ca_file, 0.1 + 0.05 * number), range(4)))
    assert [(child.returncode, child.stderr) for child in ended] == [(0, "")] * len(ended)


# Prints the package's classes, and which of them are left after each of three lives. They are found by their names: of
# what a leak keeps the garbage collection clears the rest, and weak references to it.
LIVES = """
import gc, json
from client import login

def live():
    import zuora_connect.errors
    assert zuora_connect.connect("user", "password", base_url=sys.argv[1])["success"] is True
    try:
        zuora_connect.connect("user", "password", base_url=sys.argv[2], retries=0)
    except zuora_connect.errors.ServerError:
        pass

def classes():
    return [thing for thing in gc.get_objects() if isinstance(thing, type)]

def forget():
    for name in [name for name in sys.modules if name.partition(".")[0] == "zuora_connect"]:
        del sys.modules[name]
    sys.modules["client"].__dict__.pop("zuora_connect", None)
    gc.collect()

del login
live()
names = {found.__name__ for found in classes() if found.__module__.startswith("zuora_connect")}
forget()
left = [sorted(found.__name__ for found in classes() if found.__name__ in names)]
for _ in range(2):
    live()
    forget()
    left.append(sorted(found.__name__ for found in classes() if found.__name__ in names))
print(json.dumps([sorted(names), *left]))
"""


def test_package_that_is_forgotten_goes(serve: Serve) -> None:
    child = run_python(LIVES, serve(session()).url, serve(http(502)).url)
    assert child.returncode == 0, child.stderr
    names, *left = json.loads(child.stdout)
    assert {"Connection", "SessionCookie", "ServerError"} <= set(names)
    assert left == [[], [], []]


RELOAD = """
import importlib, json
import zuora_connect
import zuora_connect.errors
from zuora_connect import _core, _login
from client import login

first = zuora_connect.connect
outcomes = [login(sys.argv[1])["success"]]
for _ in range(3):
    for module in (_core, _login, zuora_connect.errors, zuora_connect):
        assert importlib.reload(module) is module
    for call in (first, zuora_connect.connect):
        outcomes.append(call("user", "password", base_url=sys.argv[1])["success"])
        try:
            call("user", "password", base_url=sys.argv[2], retries=0)
        except zuora_connect.errors.ServerError as error:
            outcomes.append(error.status)
print(json.dumps(outcomes))
"""


def test_package_works_after_it_was_reloaded(serve: Serve) -> None:
    child = run_python(RELOAD, serve(session()).url, serve(http(502)).url)
    assert child.returncode == 0, child.stderr
    assert json.loads(child.stdout) == [True, *[True, 502] * 6]


# What is printed is the outcome of a call whose package went meanwhile, and what stayed of it.
FORGET_IN_A_CALL = """
import gc, threading, time, weakref
import zuora_connect
from zuora_connect import _core, connect

outcomes = []
def call(connect):
    outcomes.append(connect("user", "password", base_url=sys.argv[1]))

thread = threading.Thread(target=call, args=(connect,))
thread.start()
time.sleep(0.3)
for name in [name for name in sys.modules if name.partition(".")[0] == "zuora_connect"]:
    del sys.modules[name]
left = weakref.ref(_core)
del zuora_connect, connect, _core
gc.collect()
thread.join()
print(outcomes.pop()["success"])
del thread
gc.collect()
print(left())
"""


# Free-threaded 3.13 frees no module once there was another thread.
MODULES_STAY = bool(sysconfig.get_config_var("Py_GIL_DISABLED")) and sys.version_info < (3, 14)


def test_call_under_way_outlives_the_package(serve: Serve) -> None:
    def answer_late(peer: Peer) -> None:
        time.sleep(0.8)
        peer.send(session())

    child = run_python(FORGET_IN_A_CALL, serve(answer_late).url)
    success, left = child.stdout.splitlines()
    assert (success, child.stderr) == ("True", "")
    assert left == "None" or MODULES_STAY


# Prints by how much the counts of references to shared objects moved in 200 calls.
SHARED = """
import json
from client import login
from zuora_connect import errors

def call(number):
    try:
        login(sys.argv[1 + number % 3])
    except errors.ServerError:
        pass

def counts():
    return [sys.getrefcount(shared) for shared in (None, True, False, (), "", 1, 200, 401, 502)]

for number in range(30):
    call(number)
before = counts()
for number in range(200):
    call(number)
print(json.dumps([after - old for after, old in zip(counts(), before)]))
"""


def test_counts_of_shared_objects_stay(serve: Serve) -> None:
    """Neither does a call leak them, nor does it count what is immortal: Python 3.14 shows that."""
    refused = http(401, body=b'{"success":false,"reasons":[{"code":1,"message":""}]}')
    child = run_python(SHARED, serve(session()).url, serve(refused).url, serve(http(502)).url)
    assert child.returncode == 0, child.stderr
    drifts = json.loads(child.stdout)
    assert all(abs(drift) < 50 for drift in drifts), drifts
