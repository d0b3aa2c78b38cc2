"""The script: what it prints and where, its exit codes, and the ways in which a password reaches it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from servers import LOOPBACK, Server, http, session, then_silence

import zuora_connect.sandbox
from zuora_connect import ENVIRONMENTS
from zuora_connect.sandbox._sandbox import Sandbox

Serve = Callable[..., Server]
Run = subprocess.CompletedProcess[str]

COMMAND = [sys.executable, "-m", "zuora_connect"]
LOGGED_IN, REFUSED, USAGE, NO_ANSWER = 0, 1, 2, 3


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with zuora_connect.sandbox.start() as zuora:
        yield zuora


def run(*arguments: str, stdin: str | bytes = b"", **variables: str) -> Run:
    """One command without a terminal, and what it printed."""
    typed = stdin.encode() if isinstance(stdin, str) else stdin
    ran = subprocess.run(
        [*COMMAND, *arguments],
        input=typed,
        capture_output=True,
        env=os.environ | variables,
        timeout=30,
        check=False,
        start_new_session=True,
    )
    return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def log_in(zuora: Sandbox, *arguments: str, stdin: str | bytes = b"", **variables: str) -> Run:
    where = ["--base-url", zuora.base_url, "--ca-file", zuora.ca_file]
    return run("connect", *arguments, *where, stdin=stdin, **variables)


def test_login_prints_the_dictionary_with_its_cookie_masked(sandbox: Sandbox) -> None:
    ran = log_in(sandbox, sandbox.username, "--track-id", "track-1", ZUORA_PASSWORD=sandbox.password)
    assert (ran.returncode, ran.stderr) == (LOGGED_IN, "")
    shown = json.loads(ran.stdout)
    assert (shown["success"], shown["status"], shown["trackId"]) == (True, 200, "track-1")
    assert shown["sessionCookie"] == "ZSession=***"


def test_cookie_is_shown_on_demand(sandbox: Sandbox) -> None:
    ran = log_in(sandbox, sandbox.username, "--show-cookie", ZUORA_PASSWORD=sandbox.password)
    assert ran.returncode == LOGGED_IN
    cookie = json.loads(ran.stdout)["sessionCookie"]
    assert cookie.startswith("ZSession=")
    assert len(cookie) > 100


def test_all_of_it_can_come_from_variables(sandbox: Sandbox) -> None:
    ran = run(
        "connect",
        "--ca-file",
        sandbox.ca_file,
        ZUORA_USERNAME=sandbox.username,
        ZUORA_PASSWORD=sandbox.password,
        ZUORA_BASE_URL=sandbox.base_url,
    )
    assert ran.returncode == LOGGED_IN


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\nanother line\n"])
def test_password_is_the_first_line_of_standard_input(sandbox: Sandbox, end: str) -> None:
    ran = log_in(sandbox, sandbox.username, "--password-stdin", stdin=sandbox.password + end, ZUORA_PASSWORD="another")
    assert ran.returncode == LOGGED_IN, ran.stderr


def test_mark_of_byte_order_is_no_part_of_the_password(sandbox: Sandbox) -> None:
    stdin = b"\xef\xbb\xbf" + sandbox.password.encode() + b"\r\n"
    assert log_in(sandbox, sandbox.username, "--password-stdin", stdin=stdin).returncode == LOGGED_IN


def test_endless_line_of_standard_input_is_refused() -> None:
    command = [sys.executable, "-m", "zuora_connect", "connect", "user", "--environment", "eu", "--password-stdin"]
    with open("/dev/zero", "rb") as endless:
        ran = subprocess.run(command, stdin=endless, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (USAGE, b"zuora-connect: password: is longer than 64 KiB\n")


def test_password_from_standard_input_travels_as_it_is(serve: Serve) -> None:
    server = serve(session())
    ran = run("connect", "user", "--password-stdin", "--base-url", server.url, stdin="pä$$ \"w\\o' rd\n")
    assert ran.returncode == LOGGED_IN, ran.stderr
    assert server.requests[0].header("apiSecretAccessKey") == "pä$$ \"w\\o' rd".encode()


@pytest.mark.parametrize("password", [b"", b"\n", b"line \n", b"\xff\xfe-marker\n", b"mar\0ker\n"])
def test_password_that_cannot_travel_is_wrong_usage(serve: Serve, password: bytes) -> None:
    server = serve(session())
    ran = run("connect", "user", "--password-stdin", "--base-url", server.url, stdin=password)
    assert ran.returncode == USAGE
    assert "password" in ran.stderr
    assert "marker" not in ran.stdout + ran.stderr
    assert_plain(ran)
    assert server.connections == []


def assert_plain(ran: Run) -> None:
    """Nothing went wrong in a way that only a programmer understands."""
    assert 1 <= len(ran.stderr.splitlines()) <= 2, ran.stderr
    assert ran.stderr.startswith("zuora-connect: ")
    assert "Traceback" not in ran.stderr


def test_refusal_prints_the_dictionary_and_why(sandbox: Sandbox) -> None:
    ran = log_in(sandbox, sandbox.username, ZUORA_PASSWORD="marker-wrong")
    assert ran.returncode == REFUSED
    assert json.loads(ran.stdout)["reasons"][0]["code"] == 90000011
    assert "90000011" in ran.stderr
    assert "hint: " in ran.stderr
    assert "marker" not in ran.stdout + ran.stderr
    assert_plain(ran)


def test_refusal_in_a_page_is_a_refusal_too(serve: Serve) -> None:
    server = serve(http(403, "Content-Type: text/html", body=b"<html>no</html>"))
    ran = run("connect", "user", "--base-url", server.url, ZUORA_PASSWORD="marker-password")
    assert (ran.returncode, ran.stdout) == (REFUSED, "")
    assert "marker" not in ran.stderr
    assert_plain(ran)


def test_no_answer_has_a_code_of_its_own() -> None:
    ran = run("connect", "user", "--base-url", f"http://{LOOPBACK}:1", "--retries", "0", ZUORA_PASSWORD="password")
    assert (ran.returncode, ran.stdout) == (NO_ANSWER, "")
    assert LOOPBACK in ran.stderr
    assert_plain(ran)


def test_certificate_that_nobody_knows_is_no_answer(sandbox: Sandbox) -> None:
    ran = run("connect", sandbox.username, "--base-url", sandbox.base_url, ZUORA_PASSWORD=sandbox.password)
    assert ran.returncode == NO_ANSWER
    assert_plain(ran)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["connect", "--environment", "eu"], "ZUORA_USERNAME"),
        (["connect", "user", "--environment", "eu"], "--password-stdin"),
        (["connect", "user", "--environment", "nowhere", "--password-stdin"], "environment"),
        (["connect", "user", "--environment", "eu", "--base-url", "https://a.example", "--password-stdin"], "base_url"),
        (["connect", "user", "--timeout", "0", "--password-stdin"], "timeout"),
        (["connect", "user", "--entity-id", "1", "--entity-name", "2", "--password-stdin"], "entity"),
    ],
)
def test_wrong_usage_is_said_in_one_line(arguments: list[str], named: str) -> None:
    ran = run(*arguments, stdin="password\n")
    assert (ran.returncode, ran.stdout) == (USAGE, "")
    assert named in ran.stderr
    assert_plain(ran)


@pytest.mark.parametrize(
    "arguments",
    [
        ["connect", "user", "marker-password"],
        ["connect", "user", "--password", "marker-password"],
        ["connect", "user", "--password=marker-password"],
        ["connect", "--password", "marker-password"],
        ["doctor", "user", "marker-password"],
        ["doctor", "user", "--password", "marker-password"],
        ["marker-password"],
        ["connect", "user", "--timeout", "marker-password"],
        ["connect", "user", "--retries", "marker-password"],
        ["connect", "user", "--password-stdin=marker-password"],
        ["connect", "user", '--password-stdin=it\'s a "marker"'],
        ["sandbox", "--port", "marker-password"],
    ],
)
def test_password_as_an_argument_is_refused_and_not_repeated(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.returncode == USAGE
    assert "marker" not in ran.stdout + ran.stderr


def test_unknown_command_is_answered_with_those_that_there_are() -> None:
    assert "'connect', 'login', " in run("frobnicate").stderr.replace(
        "choose from connect, login, ", "'connect', 'login', "
    )


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["connect", "user", "--timeout", "soon"]])
def test_arguments_that_nobody_knows_are_wrong_usage(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.returncode == USAGE
    assert "usage: zuora-connect" in ran.stderr


ON_A_TERMINAL = """
import os, pty, sys
process, terminal = pty.fork()
if process == 0:
    os.execv(sys.executable, [sys.executable, "-m", "zuora_connect", "connect", *sys.argv[1:]])
seen = b""
while not (b"assword for " in seen and seen.endswith(b": ")):
    seen += os.read(terminal, 1024)
os.write(terminal, os.environ["TYPED"].encode())
try:
    while piece := os.read(terminal, 1024):
        seen += piece
except OSError:
    pass
print(seen.decode())
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""


def at_a_terminal(typed: str, *arguments: str) -> Run:
    command = [sys.executable, "-c", ON_A_TERMINAL, *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"TYPED": typed}, timeout=30, check=False
    )


def test_prompt_does_not_echo_the_password(sandbox: Sandbox) -> None:
    where = ["--base-url", sandbox.base_url, "--ca-file", sandbox.ca_file]
    ran = at_a_terminal(f"{sandbox.password}\n", sandbox.username, *where)
    assert ran.returncode == LOGGED_IN, ran.stdout + ran.stderr
    assert '"success": true' in ran.stdout
    assert sandbox.password not in ran.stdout


def test_end_of_input_at_the_prompt_is_wrong_usage() -> None:
    ran = at_a_terminal("\x04", "user", "--environment", "eu")
    assert ran.returncode == USAGE
    assert "Traceback" not in ran.stdout


def test_interrupt_at_the_prompt_ends_it() -> None:
    ran = at_a_terminal("\x03", "user", "--environment", "eu")
    assert ran.returncode == 130
    assert "Traceback" not in ran.stdout


def test_interrupt_ends_a_login_without_a_traceback(serve: Serve) -> None:
    server = serve(then_silence(b""))
    command = [*COMMAND, "connect", "user", "--base-url", server.url]
    variables = os.environ | {"ZUORA_PASSWORD": "password"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=variables, text=True) as child:
        deadline = time.monotonic() + 20
        while not server.requests and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        _, said = child.communicate(timeout=10)
    assert (child.returncode, said) == (130, "")


def test_reader_that_went_away_is_no_failure(sandbox: Sandbox) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    where = ["--base-url", sandbox.base_url, "--ca-file", sandbox.ca_file]
    variables = os.environ | {"ZUORA_PASSWORD": sandbox.password}
    for arguments in (["connect", sandbox.username, *where], ["environments"]):
        ran = subprocess.run(
            [*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, env=variables, timeout=30, check=False
        )
        assert (ran.returncode, ran.stderr) == (0, b"")
    os.close(writer)


def test_environments_are_listed() -> None:
    ran = run("environments")
    assert (ran.returncode, ran.stderr) == (0, "")
    rows = {line.split()[0]: line.split()[1:] for line in ran.stdout.splitlines()[1:]}
    assert {slug: row[-1] for slug, row in rows.items()} == ENVIRONMENTS
    assert rows["eu-sandbox"][0] == "SBX_EU"


@pytest.mark.parametrize(
    "arguments", [["--help"], ["connect", "--help"], ["sandbox", "--help"], ["environments", "-h"], ["doctor", "-h"]]
)
def test_every_command_has_help(arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "usage: " in ran.stdout


def test_script_is_installed_beside_the_module() -> None:
    script = os.path.join(os.path.dirname(sys.executable), "zuora-connect")
    ran = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=30, check=True)
    assert ran.stdout.splitlines()[0] == f"zuora-connect {zuora_connect.__version__}"
