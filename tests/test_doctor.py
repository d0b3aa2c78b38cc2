"""`zuora-connect doctor`: every step it takes, and that it sends the password at the end of a good way only, once."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client import PASSWORD, PATIENCE
from doctors import STEPS, examine, run
from servers import LOOPBACK, BlackHole, Server, http, session, then_silence

Serve = Callable[..., Server]
LOGGED_IN, REFUSED, USAGE, NO_ANSWER, INTERRUPTED = 0, 1, 2, 3, 130


pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def server(serve: Serve, tls: ssl.SSLContext) -> Server:
    return serve(session(), tls=tls)


def requests(server: Server) -> list[bytes]:
    return [request.line for request in server.requests]


def test_good_way_is_walked_to_a_session(server: Server, ca_file: Path) -> None:
    found = examine("--base-url", server.url, "--ca-file", ca_file)
    assert (found.code, found.err) == (LOGGED_IN, "")
    assert set(found.data) == {"url", "ok", "steps"}
    assert (found.data["url"], found.data["ok"]) == (f"{server.url}/v1/connections", True)
    assert found.outcomes == ["ok", "ok", "ok", "skipped", "ok", "ok"]
    for step in found.data["steps"]:
        assert set(step) == {"step", "outcome", "ms", "message", "next", "details"}
        assert step["ms"] >= 0
        assert step["next"] is None
    assert found.step("dns")["details"]["families"][0]["addresses"] == [LOOPBACK]
    assert found.step("tcp")["details"]["attempts"][0]["address"] == LOOPBACK
    assert found.step("tls")["details"]["store"] == str(ca_file)
    assert found.step("login")["details"]["status"] == 200


def test_password_is_sent_once_and_at_the_end(server: Server, ca_file: Path) -> None:
    found = examine("--base-url", server.url, "--ca-file", ca_file)
    assert [bool(requests) for requests in server.connections][:-1] == [False] * (len(server.connections) - 1)
    assert len(server.requests) == 1
    assert PASSWORD not in found.out
    assert "ZSession" not in found.out


@pytest.mark.parametrize(
    ("status", "body", "code", "kind"),
    [
        (401, {"success": False, "reasons": [{"code": 90000011, "message": "no"}]}, REFUSED, "AuthenticationError"),
        (429, {"reasons": [{"code": 70, "message": "slowly"}]}, REFUSED, "RateLimited"),
        (503, None, REFUSED, "ServerError"),
        (200, None, NO_ANSWER, "BadAnswer"),
        (302, None, NO_ANSWER, "BadAnswer"),
    ],
)
def test_login_that_fails_says_why_and_is_not_repeated(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, status: int, body: Any, code: int, kind: str
) -> None:
    page = b"<html>" if body is None else json.dumps(body).encode()
    server = serve(http(status, "Retry-After: 0", "RateLimit-Remaining: 3", body=page), tls=tls)
    found = examine("--base-url", server.url, "--ca-file", ca_file)
    assert (found.code, found.data["ok"]) == (code, False)
    assert found.failed["step"] == "login"
    assert found.failed["details"]["error"] == kind
    assert len(server.requests) == 1
    if body is not None:
        assert found.failed["details"]["reasons"] == body["reasons"]
        assert found.failed["details"]["rateLimit"]["remaining"] == 3


def test_no_login_sends_nothing_and_asks_for_nothing(
    server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZUORA_USERNAME")
    monkeypatch.delenv("ZUORA_PASSWORD")
    found = examine("--no-login", "--base-url", server.url, "--ca-file", ca_file)
    assert found.code == LOGGED_IN
    assert found.outcomes[-2:] == ["ok", "skipped"]
    assert server.requests == []


def test_way_that_ends_early_sends_nothing(server: Server) -> None:
    found = examine("--base-url", server.url)
    assert found.code == NO_ANSWER
    assert found.outcomes == ["ok", "ok", "ok", "skipped", "failed", "skipped"]
    assert "tls failed" in found.step("login")["message"]
    assert server.requests == []


def test_plain_http_to_this_machine_has_no_tls_step(serve: Serve) -> None:
    server = serve(session())
    found = examine("--base-url", server.url)
    assert (found.code, found.step("tls")["outcome"]) == (LOGGED_IN, "skipped")


def test_name_lookup_that_hangs_does_not_hang_the_doctor(hanging_names: None) -> None:
    command = [sys.executable, "-m", "zuora_connect", "doctor", "--base-url", "https://name.hangs", "--json"]
    began = time.monotonic()
    ran = subprocess.run(
        [*command, "--connect-timeout", "0.5"], capture_output=True, text=True, timeout=30 * PATIENCE, check=False
    )
    assert ran.returncode == NO_ANSWER, ran.stderr
    assert time.monotonic() - began < 5 * PATIENCE
    dns = json.loads(ran.stdout)["steps"][1]
    assert dns["outcome"] == "failed"
    assert [family["error"] for family in dns["details"]["families"]] == ["no answer within 0.5 s"] * 2


def test_name_that_is_none_says_so() -> None:
    found = examine("--base-url", "https://no-such-host.invalid")
    assert (found.code, found.failed["step"]) == (NO_ANSWER, "dns")
    assert "no-such-host.invalid" in found.failed["message"]
    assert "spelled" in found.failed["next"]


def test_all_addresses_of_both_families_are_shown_and_tried(
    server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def two_of_each(host: str, port: object, family: int, kind: int) -> list[Any]:
        addresses = ["127.0.0.2", LOOPBACK] if family == socket.AF_INET else ["::1"]
        return [(family, kind, 6, "", (address, 0)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", two_of_each)
    found = examine("--no-login", "--base-url", f"https://localhost:{server.port}", "--ca-file", ca_file)
    families = found.step("dns")["details"]["families"]
    assert [(family["family"], family["addresses"]) for family in families] == [
        ("IPv4", ["127.0.0.2", LOOPBACK]),
        ("IPv6", ["::1"]),
    ]
    attempts = {attempt["address"]: attempt["error"] for attempt in found.step("tcp")["details"]["attempts"]}
    assert list(attempts) == ["127.0.0.2", LOOPBACK, "::1"]
    assert attempts[LOOPBACK] is None
    assert attempts["127.0.0.2"] is not None
    assert attempts["::1"] is not None
    assert found.code == LOGGED_IN, "and the address that answers is gone on with"


def test_port_where_nothing_listens_is_refused() -> None:
    found = examine("--base-url", f"https://{LOOPBACK}:1")
    assert (found.code, found.failed["step"]) == (NO_ANSWER, "tcp")
    assert "refused" in found.failed["details"]["attempts"][0]["error"]


def test_silent_addresses_take_no_longer_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with BlackHole() as hole:
        began = time.monotonic()
        found = examine("--base-url", hole.url, "--connect-timeout", "0.4")
    assert time.monotonic() - began < 3 * PATIENCE
    assert (found.code, found.failed["step"]) == (NO_ANSWER, "tcp")
    assert "no answer within 0.4 s" in found.failed["details"]["attempts"][0]["error"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--environment", "nowhere"], "environment"),
        (["--base-url", "http://zuora.example"], "base_url"),
        (["--connect-timeout", "0"], "connect_timeout"),
        (["--ca-file", "/nowhere.pem"], "ca_file"),
        (["--proxy", "ftp://proxy.example"], "proxy"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_tried(arguments: list[str], named: str) -> None:
    found = examine(*arguments)
    assert (found.code, found.out) == (USAGE, "")
    assert named in found.err


def test_login_without_a_user_is_wrong_usage_after_a_good_way(
    server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZUORA_USERNAME")
    monkeypatch.setattr("zuora_connect._prompt.ask_username", lambda form: False)
    found = examine("--base-url", server.url, "--ca-file", ca_file)
    assert (found.code, found.out) == (USAGE, "")
    assert "ZUORA_USERNAME" in found.err
    assert server.requests == []


def test_password_that_cannot_travel_is_wrong_usage_and_not_repeated(
    server: Server, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZUORA_PASSWORD", " marker")
    found = run("--base-url", server.url, "--ca-file", ca_file)
    assert found.code == USAGE
    assert "password" in found.err
    assert "marker" not in found.out + found.err
    assert server.requests == []


def test_people_read_a_line_for_each_step_and_what_to_do_next(server: Server) -> None:
    found = run("--base-url", server.url)
    lines = found.out.splitlines()
    assert lines[0] == f"{server.url}/v1/connections"
    steps = [line.split()[1] for line in lines[1:] if not line.startswith(" ")]
    assert steps == STEPS
    assert any(line.strip().startswith("next: ") for line in lines)
    assert "\x1b" not in found.out


def test_control_characters_of_a_server_are_escaped(serve: Serve, tls: ssl.SSLContext, ca_file: Path) -> None:
    reasons = [{"code": 90000011, "message": "\x1b[2J\u202eno " + PASSWORD}]
    body = json.dumps({"success": False, "reasons": reasons}).encode()
    server = serve(http(401, body=body), tls=tls)
    found = run("--base-url", server.url, "--ca-file", ca_file)
    assert "\\x1b[2J\\u202eno ***" in found.out
    assert found.out.replace("\n", "").isprintable()


def test_interrupt_ends_it_without_a_traceback(serve: Serve, ca_file: Path) -> None:
    server = serve(then_silence(b""), serve=lambda peer: peer.stay_silent())
    command = [sys.executable, "-m", "zuora_connect", "doctor", "--base-url", server.url.replace("http:", "https:")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout
        while "tunnel" not in child.stdout.readline():
            pass
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=20 * PATIENCE)
    assert (child.returncode, said) == (INTERRUPTED, "")


def test_other_commands_do_not_load_what_it_walks_with() -> None:
    program = "import sys; from zuora_connect._command_line import main; main(['environments'])\n"
    program += "print(*(name for name in ('socket', 'ssl', 'zuora_connect._doctor') if name in sys.modules), 'end')"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, env=os.environ)
    assert ran.stdout.splitlines()[-1] == "end", ran.stderr
