"""Many logins, after which a process holds what it held before; `./dev soak [N]` runs it.

Each check is then shown a leak of its own, and must see it. References are counted by a debug interpreter, if there is
one that runs the extension; else the blocks that Python's allocator has given out must do.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import trustme
from servers import Peer, Server, http, session, tls_context

HERE = Path(__file__).parent
# How much more there may be afterwards, however many logins: the noise of an allocator, not a share of them.
LIMITS = {"descriptors": 0, "threads": 0, "memory": 512, "blocks": 100, "references": 500}  # memory in KiB
N_PLANTED = 2000


def answer(peer: Peer) -> None:
    """Sessions; of a hundred users five are refused, two get a page and two nothing at all."""
    while True:
        user = peer.read_request().header("apiAccessKeyId") or b""
        peer.requests.clear()
        match int(user.rpartition(b"-")[2]) % 100:
            case 1 | 21 | 41 | 61 | 81:
                peer.send(http(401, body=b'{"success":false,"reasons":[{"code":90000011,"message":"no"}]}'))
            case 2 | 52:
                peer.send(http(502, body=b"<html>"))
            case 3 | 53:
                return
            case _:
                peer.send(session(user.decode()))


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**clean, "PYTHONPATH": str(HERE.parent)}


def runs_the_extension(python: str) -> bool:
    command = [python, "-c", "import sys, zuora_connect; sys.gettotalrefcount()"]
    return subprocess.run(command, env=environment(), capture_output=True).returncode == 0


def find_interpreter() -> str:
    found = [path for name in ("python3-dbg", "python3-debug") if (path := shutil.which(name)) is not None]
    return next((path for path in found if runs_the_extension(path)), sys.executable)


def growth(python: str, n: int, plant: str, arguments: list[str]) -> dict[str, int]:
    command = [python, str(HERE / "soak_client.py"), str(n), plant, *arguments]
    ran = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    before, after = json.loads(ran.stdout)
    return {name: after[name] - before[name] for name in before}


def too_much(grown: dict[str, int]) -> list[str]:
    return [name for name, more in grown.items() if more > LIMITS[name]]


def main(n: int) -> int:
    python = find_interpreter()
    ca = trustme.CA()
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(tls=tls_context(ca), serve=answer) as server,
        socket.socket() as nobody,
    ):
        ca_file = Path(folder, "ca.pem")
        ca.cert_pem.write_to_path(ca_file)
        nobody.bind(("127.0.0.1", 0))
        arguments = [server.url, str(ca_file), f"http://127.0.0.1:{nobody.getsockname()[1]}"]
        grown = growth(python, n, "nothing", arguments)
        print(f"{n} logins with {python}; more than before: {grown}", flush=True)
        leaks = too_much(grown)
        blind = [plant for plant in grown if plant not in too_much(growth(python, N_PLANTED, plant, arguments))]
    for name in leaks:
        print(f"FAIL  {name}: at most {LIMITS[name]} more were allowed")
    for name in blind:
        print(f"FAIL  {name}: a planted leak was not seen")
    if not leaks and not blind:
        print(f"ok    nothing leaks; a planted leak was seen of each: {', '.join(grown)}")
    return int(bool(leaks or blind))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10000))
