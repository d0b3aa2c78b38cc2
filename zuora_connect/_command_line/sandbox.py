"""`zuora-connect sandbox`: run a sandbox in the foreground until SIGINT or SIGTERM."""

from __future__ import annotations

import json
import signal
import threading

from zuora_connect._command_line.output import LOGGED_IN, USAGE, complain

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "sandbox",
        help="run a small Zuora on this machine to log in to",
        description="Run a Zuora on this machine to log in to.",
        allow_abbrev=False,
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0, the default, takes a free one")
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.set_defaults(run=serve)


def serve(options: dict[str, object]) -> int:
    from zuora_connect import sandbox

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        running = sandbox.start(port=options["port"])  # type: ignore[arg-type]  # argparse made it an int
    except (ImportError, OSError, OverflowError) as error:
        complain(str(error))
        return USAGE
    with running:
        facts = {
            "base_url": running.base_url,
            "ca_file": running.ca_file,
            "username": running.username,
            "password": running.password,
        }
        if options["json"]:
            print(json.dumps(facts), flush=True)
        else:
            lines = [f"{name:9} {value}" for name, value in facts.items()]
            print(*lines, "Stop with Ctrl-C.", sep="\n", flush=True)
        stop.wait()
    return LOGGED_IN
