"""`python -m zuora_connect sandbox`: run a sandbox in the foreground until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading

from . import start


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="zuora-connect sandbox", description="Run a Zuora on this machine to log in to."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    arguments = parser.parse_args(argv)

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        sandbox = start(port=arguments.port)
    except (ImportError, OSError, OverflowError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    with sandbox:
        facts = {
            "base_url": sandbox.base_url,
            "ca_file": sandbox.ca_file,
            "username": sandbox.username,
            "password": sandbox.password,
        }
        if arguments.json:
            print(json.dumps(facts), flush=True)
        else:
            lines = [f"{name:9} {value}" for name, value in facts.items()]
            print(*lines, "Stop with Ctrl-C.", sep="\n", flush=True)
        stop.wait()
    return 0
