"""What every command's output has in common: --json on one line, colours on a terminal only, --version."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

import zuora_connect.sandbox
from zuora_connect import ENVIRONMENTS
from zuora_connect._diversion import OFFLINE, VARIABLE
from zuora_connect.sandbox._sandbox import Sandbox

COMMAND = [sys.executable, "-m", "zuora_connect"]
LOGGED_IN, REFUSED, NO_ANSWER = 0, 1, 3


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with zuora_connect.sandbox.start() as zuora:
        yield zuora


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env=os.environ | variables, timeout=30, check=False
    )


def place(zuora: Sandbox) -> list[str]:
    return [zuora.username, "--base-url", zuora.base_url, "--ca-file", zuora.ca_file]


@pytest.mark.parametrize("command", ["connect", "doctor"])
@pytest.mark.parametrize("before", [True, False])
def test_login_commands_print_one_line_of_json(sandbox: Sandbox, command: str, before: bool) -> None:
    arguments = [command, *place(sandbox)]
    ran = run(*(["--json", *arguments] if before else [*arguments, "--json"]), ZUORA_PASSWORD=sandbox.password)
    assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (LOGGED_IN, "", 1)
    shown = json.loads(ran.stdout)
    assert shown.get("success", shown.get("ok")) is True
    assert "ZSession=" not in ran.stdout.replace("ZSession=***", "")


def test_refused_login_prints_one_line_of_json_too(sandbox: Sandbox) -> None:
    ran = run("connect", *place(sandbox), "--json", ZUORA_PASSWORD="wrong")
    assert (ran.returncode, ran.stdout.count("\n")) == (REFUSED, 1)
    assert json.loads(ran.stdout)["reasons"][0]["code"] == 90000011


def failure(ran: subprocess.CompletedProcess[str]) -> dict[str, object]:
    """What a command printed that has no answer to print."""
    assert ran.stdout.count("\n") == 1
    shown = json.loads(ran.stdout)
    assert set(shown) == {"success", "error", "message", "hint", "retryable", "reasons"}
    assert (shown["success"], ran.stderr.count(shown["message"]), ran.stderr.count(shown["hint"])) == (False, 1, 1)
    assert isinstance(shown, dict)
    return shown


def test_login_that_is_refused_prints_one_line_of_json(sandbox: Sandbox) -> None:
    ran = run("login", *place(sandbox), "--json", ZUORA_PASSWORD="wrong")
    shown = failure(ran)
    assert (ran.returncode, shown["error"], shown["retryable"]) == (REFUSED, "AuthenticationError", False)
    assert shown["reasons"] == [{"code": 90000011, "message": "this resource is protected, please sign in first"}]


@pytest.mark.parametrize("command", ["connect", "login"])
def test_page_in_place_of_an_answer_prints_one_line_of_json(sandbox: Sandbox, command: str) -> None:
    sandbox.next("bad_gateway_page")
    ran = run(command, *place(sandbox), "--retries", "0", "--json", ZUORA_PASSWORD=sandbox.password)
    shown = failure(ran)
    assert (ran.returncode, shown["error"], shown["retryable"]) == (REFUSED, "ServerError", True)
    assert shown["reasons"] == []


@pytest.mark.parametrize("command", ["connect", "login"])
def test_no_answer_prints_one_line_of_json(command: str) -> None:
    where = ["user", "--base-url", "https://127.0.0.1:1", "--retries", "0"]
    ran = run(command, *where, "--json", ZUORA_PASSWORD="password")
    assert (ran.returncode, failure(ran)["error"]) == (NO_ANSWER, "ConnectError")
    assert run(command, *where, ZUORA_PASSWORD="password").stdout == ""


@pytest.mark.parametrize("command", ["connect", "login", "doctor"])
def test_login_that_tests_do_not_allow_is_no_answer(sandbox: Sandbox, command: str) -> None:
    ran = run(command, *place(sandbox), ZUORA_PASSWORD=sandbox.password, **{VARIABLE: OFFLINE})
    assert ran.returncode == NO_ANSWER
    said = ran.stderr.splitlines()[-1]
    assert said.startswith(f"zuora-connect: the login at {sandbox.base_url.removeprefix('https://')} was not sent: ")
    assert "Traceback" not in ran.stderr


def test_connect_prints_json_without_being_asked(sandbox: Sandbox) -> None:
    plain = json.loads(run("connect", *place(sandbox), ZUORA_PASSWORD=sandbox.password).stdout)
    assert plain["success"] is True


def test_environments_are_json_on_demand() -> None:
    ran = run("environments", "--json")
    assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)
    rows = json.loads(ran.stdout)
    assert {row["environment"]: row["base_url"] for row in rows} == ENVIRONMENTS
    assert all(set(row) == {"environment", "sdk_name", "base_url"} for row in rows)


def test_version_says_what_a_login_runs_on() -> None:
    ran = run("--version")
    info = zuora_connect.build_info()
    first, *lines = ran.stdout.splitlines()
    assert (ran.returncode, ran.stderr, first) == (0, "", f"zuora-connect {zuora_connect.__version__}")
    for name in ("libcurl", "tls", "cjson"):
        assert str(info[name]) in ran.stdout
    assert any(line.startswith("wiped") for line in lines)
    assert sum(line.startswith("CA store") for line in lines) == len(info["ca_stores"])  # type: ignore[arg-type]


def test_version_is_json_on_demand() -> None:
    ran = run("--version", "--json")
    assert json.loads(ran.stdout) == zuora_connect.build_info()
    assert ran.stdout.count("\n") == 1


ON_A_TERMINAL = """
import os, pty, sys
process, terminal = pty.fork()
if process == 0:
    os.execv(sys.executable, [sys.executable, "-m", "zuora_connect", *sys.argv[1:]])
seen = b""
try:
    while piece := os.read(terminal, 1024):
        seen += piece
except OSError:
    pass
os.waitpid(process, 0)
print(seen.decode())
"""


def at_a_terminal(*arguments: str, **variables: str) -> str:
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    ran = subprocess.run(
        [sys.executable, "-c", ON_A_TERMINAL, *arguments],
        capture_output=True,
        text=True,
        env=plain | {"TERM": "xterm"} | variables,
        timeout=30,
        check=True,
    )
    return ran.stdout


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_are_for_terminals_and_can_be_turned_off(
    sandbox: Sandbox, variables: dict[str, str], coloured: bool
) -> None:
    walked = at_a_terminal("doctor", "--no-login", *place(sandbox), **variables)
    assert "tls" in walked
    assert ("\x1b[32mok" in walked) is coloured
    assert ("\x1b" in walked) is coloured
    complained = at_a_terminal("connect", *place(sandbox), ZUORA_PASSWORD="wrong", **variables)
    assert "hint:" in complained
    assert ("\x1b[31mzuora-connect:" in complained) is coloured
    assert ("\x1b" in complained) is coloured


def test_json_is_never_coloured(sandbox: Sandbox) -> None:
    shown = at_a_terminal("doctor", "--no-login", *place(sandbox), "--json")
    assert "\x1b" not in shown
    assert json.loads(shown)["ok"] is True


def test_what_is_piped_is_never_coloured(sandbox: Sandbox) -> None:
    ran = run("doctor", *place(sandbox), TERM="xterm", ZUORA_PASSWORD="wrong")
    assert ran.returncode == REFUSED
    assert "\x1b" not in ran.stdout + ran.stderr
