"""`python -m zuora_connect sandbox` as a service for other programs: how it starts, what it says, how it stops."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
from services import SECONDS, running_sandbox, start_sandbox

import zuora_connect

USERS = """
[users]
"api-user@example.com" = "marker: with = signs"
"second@example.com" = "marker-second"

[oauth_clients]
"9f9a2d2e-6a1f-4d4e-8b26-3d1c6f1f2a55" = "marker-of-the-client"

[entities]
"2c92c0f9-0000-4f1a-9c3d-0123456789ab" = "Another Entity"
"""


@pytest.fixture
def users(tmp_path: Path) -> Path:
    path = tmp_path / "users.toml"
    path.write_text(USERS)
    return path


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=SECONDS)
    return process.returncode, out, err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_service_runs_until_it_is_told_to_stop_and_leaves_nothing(number: signal.Signals, code: int) -> None:
    with running_sandbox() as service:
        facts = service.facts
        assert set(facts) == {"base_url", "ca_file", "username", "password", "client_id", "client_secret", "pid"}
        assert facts["pid"] == service.process.pid
        connection = zuora_connect.connect(
            facts["username"], facts["password"], base_url=service.base_url, ca_file=service.ca_file
        )
        assert connection["status"] == 200
        assert service.stop(number) == (code, "", "")
        assert not os.path.exists(os.path.dirname(service.ca_file))


def test_service_stops_while_a_client_is_connected() -> None:
    import socket

    with running_sandbox() as service, socket.create_connection(("127.0.0.1", service.port)):
        assert service.stop() == (0, "", "")


def test_many_signals_stop_it_once() -> None:
    with running_sandbox() as service:
        for _ in range(5):
            service.process.send_signal(signal.SIGTERM)
            service.process.send_signal(signal.SIGINT)
        code, out, err = ended(service.process)
        assert (code in (0, 130), out, err) == (True, "", "")
        assert not os.path.exists(service.ca_file)


def test_people_are_told_where_it_is_too() -> None:
    process = start_sandbox()
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(7)]
    names = ["base_url", "ca_file", "username", "password", "client_id", "client_secret", "Stop"]
    assert [line.split()[0] for line in lines] == names
    process.terminate()
    assert ended(process) == (0, "", "")


def test_users_of_a_file_log_in_and_their_passwords_are_not_printed(users: Path) -> None:
    with running_sandbox("--users", str(users)) as service:
        assert "marker" not in str(service.facts)
        assert (service.facts["username"], service.facts["password"]) == ("api-user@example.com", None)
        for name, password in (
            ("api-user@example.com", "marker: with = signs"),
            ("second@example.com", "marker-second"),
        ):
            for entity in (None, "Another Entity"):
                connection = zuora_connect.connect(
                    name, password, base_url=service.base_url, ca_file=service.ca_file, entity_name=entity
                )
                assert connection["success"] is True
        refused = zuora_connect.connect("second@example.com", "no", base_url=service.base_url, ca_file=service.ca_file)
        assert refused["status"] == 401


def test_port_is_the_one_that_was_asked_for() -> None:
    with running_sandbox() as first:
        port = first.port
        first.stop()
    with running_sandbox("--port", str(port)) as second:
        assert second.port == port


def test_taken_port_is_said_in_one_line() -> None:
    with running_sandbox() as service:
        code, out, err = ended(start_sandbox("--port", str(service.port)))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"zuora-connect: port {service.port} of 127.0.0.1 is taken")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"[users\n\"marker\" = 'marker'", "at line 1"),
        (b"\xff\xfe marker", "no UTF-8"),
        (b"", "names no user"),
        (b"[users]", "names no user"),
        (b"users = 'marker'", "users"),
        (b"[users]\nmarker = 3", "texts in quotes"),
        (b"[users]\nname = 'x'\n[marker]\nx = 'y'", "users, oauth_clients, entities"),
    ],
)
def test_bad_file_of_users_is_said_in_one_line_without_what_it_holds(tmp_path: Path, text: bytes, said: str) -> None:
    path = tmp_path / "users.toml"
    path.write_bytes(text)
    code, out, err = ended(start_sandbox("--users", str(path)))
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert said in err
    assert "marker" not in err


@pytest.mark.parametrize("port", ["80000", "-1", "https", ""])
def test_port_that_is_none_is_said(port: str) -> None:
    code, out, err = ended(start_sandbox(f"--port={port}"))
    assert (code, out) == (2, "")
    assert err.endswith("argument --port: must be a number from 0 to 65535\n")


def test_file_of_users_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.toml"
    said = f"zuora-connect: --users: {path} cannot be read (No such file or directory)\n"
    assert ended(start_sandbox("--users", str(path))) == (2, "", said)
    said = f"zuora-connect: --users: {tmp_path} cannot be read (Is a directory)\n"
    assert ended(start_sandbox("--users", str(tmp_path))) == (2, "", said)
