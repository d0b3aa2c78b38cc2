"""Subinterpreters of one process log in side by side; from Python 3.12 on each has a GIL of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from ssl import SSLContext

from client import run_python
from servers import Peer, Server, http, session

Serve = Callable[..., Server]

INTERPRETERS = 4
LOGINS = 25

# Each interpreter runs in a thread of its own; what it has to say goes through a pipe, one short line at a time.
PARENT = """
import json, os, threading
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

reader, writer = os.pipe()

def run(program, **names):
    own = interpreters.create()
    given = "".join(f"{name} = {value!r}\\n" for name, value in {"path": sys.path, "out": writer, **names}.items())
    try:
        problem = interpreters.run_string(own, given + program)
    except Exception as error:
        problem = error
    if problem is not None:
        os.write(writer, json.dumps(repr(problem)).encode() + b"\\n")
    interpreters.destroy(own)

def run_all(program, *all_names):
    threads = [threading.Thread(target=run, args=(program,), kwargs=names) for names in all_names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

def results():
    os.close(writer)
    with os.fdopen(reader) as said:
        return [json.loads(line) for line in said]
"""

LOG_IN = """
import json, os, sys
sys.path[:] = path
import zuora_connect
from zuora_connect import errors

def log_in(number):
    try:
        zuora = zuora_connect.connect(f"{name}-{number}", "secret", base_url=url, ca_file=ca_file, retries=0)
    except errors.ZuoraError as error:
        return type(error).__name__
    return zuora["sessionCookie"] or zuora["reasons"][0]["message"]

outcomes = [log_in(number) for number in range(logins)]
os.write(out, json.dumps([name, outcomes]).encode() + b"\\n")
"""

SIDE_BY_SIDE = """
url, ca_file, program, count, logins = sys.argv[1:]
names = dict(url=url, ca_file=ca_file, logins=int(logins))
exec("import zuora_connect; zuora_connect.connect('main-0', 'secret', base_url=url, ca_file=ca_file)")
run_all(program, *[{"name": f"interpreter-{i}", **names} for i in range(int(count))])
run(program, name="afterwards", **names)
print(json.dumps(results()))
"""


def answer_by_user(peer: Peer) -> None:
    """A session, a refusal and a page in turn, each naming the user."""
    user = (peer.requests[-1].header("apiAccessKeyId") or b"").decode()
    match int(user.rpartition("-")[2]) % 3:
        case 0:
            peer.send(session(user))
        case 1:
            body = json.dumps({"success": False, "reasons": [{"code": 1, "message": f"no, {user[:3]}"}]})
            peer.send(http(401, body=body.encode()))
        case _:
            peer.send(http(502, body=b"<html>"))


def outcomes_of(name: str) -> list[str]:
    return [[f"ZSession={name}-{number}", f"no, {name[:3]}", "ServerError"][number % 3] for number in range(LOGINS)]


def test_interpreters_log_in_side_by_side(serve: Serve, tls: SSLContext, ca_file: Path) -> None:
    server = serve(answer_by_user, tls=tls)
    arguments = (server.url, str(ca_file), LOG_IN, str(INTERPRETERS), str(LOGINS))
    child = run_python(PARENT + SIDE_BY_SIDE, *arguments, timeout=60)
    assert child.returncode == 0, child.stderr
    said = dict(json.loads(child.stdout))
    names = [*(f"interpreter-{number}" for number in range(INTERPRETERS)), "afterwards"]
    assert said == {name: outcomes_of(name) for name in names}
