"""Standard streams that are closed, full or left: a plain sentence and an exit code, never a traceback."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from client import PATIENCE

COMMAND = f"{shlex.quote(sys.executable)} -m zuora_connect"
USAGE, NO_ANSWER, OUTPUT_LOST = 2, 3, 74
UNREACHABLE = "connect user --base-url http://127.0.0.1:1 --password-stdin --retries 0"


def hang_up_ends() -> None:
    """Whoever runs the tests may be under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def shell(script: str, **more: str) -> subprocess.CompletedProcess[str]:
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"} | more
    return subprocess.run(
        ["bash", "-c", script],
        env=variables,
        capture_output=True,
        text=True,
        timeout=60 * PATIENCE,
        check=False,
        preexec_fn=hang_up_ends,
    )


def into_a_full_file(command: str, file: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """One of which not a byte may be written: not every system has /dev/full."""
    return shell(f"ulimit -f 0; {command} >{file}", **variables)


@pytest.mark.parametrize("variables", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("command", ["environments", "environments --json", "--version", "--help", "connect --help"])
def test_full_output_is_said(tmp_path: Path, command: str, variables: dict[str, str]) -> None:
    ran = into_a_full_file(f"{COMMAND} {command}", tmp_path / "full", **variables)
    assert (ran.returncode, ran.stderr.count("\n")) == (OUTPUT_LOST, 1)
    assert "standard output cannot be written (File too large)" in ran.stderr


def test_full_output_of_a_failed_login_is_said(tmp_path: Path) -> None:
    ran = into_a_full_file(f"echo secret | {COMMAND} {UNREACHABLE} --json", tmp_path / "full")
    assert (ran.returncode, ran.stderr.count("\n")) == (OUTPUT_LOST, 1)


@pytest.mark.parametrize("command", ["environments", "--help", "sandbox --help"])
def test_closed_output_is_said(command: str) -> None:
    ran = shell(f"{COMMAND} {command} >&-")
    assert (ran.returncode, ran.stderr) == (OUTPUT_LOST, "zuora-connect: standard output is closed\n")


def test_closed_standard_error_leaves_the_exit_code() -> None:
    ran = shell(f"echo secret | {COMMAND} {UNREACHABLE} 2>&-")
    assert (ran.returncode, ran.stdout) == (NO_ANSWER, "")
    ran = shell(f"{COMMAND} nothing 2>&-")
    assert (ran.returncode, ran.stdout) == (USAGE, "")


def test_too_few_descriptors_are_said() -> None:
    ran = shell(f"ulimit -n 5; echo secret | {COMMAND} {UNREACHABLE}")
    assert ran.returncode == NO_ANSWER
    assert ran.stderr.startswith("zuora-connect: ")


def test_closed_input_has_no_password() -> None:
    ran = shell(f"{COMMAND} {UNREACHABLE} <&-")
    assert ran.returncode == USAGE
    assert ran.stderr.startswith("zuora-connect: password: ")


def test_full_standard_error_leaves_the_exit_code(tmp_path: Path) -> None:
    assert shell(f"ulimit -f 0; echo secret | {COMMAND} {UNREACHABLE} 2>{tmp_path}/full").returncode == NO_ANSWER
    assert shell(f"ulimit -f 0; {COMMAND} nothing 2>{tmp_path}/full").returncode == USAGE


@pytest.mark.parametrize("command", ["environments", "--help", "--version"])
def test_reader_that_left_is_no_fault(command: str) -> None:
    ran = shell(f"({COMMAND} {command}; echo $? >&2) | head -c 0")
    assert ran.stderr == "0\n"


def test_wrong_option_shows_the_usage_of_its_command() -> None:
    ran = shell(f"{COMMAND} environments --nonsense")
    assert ran.returncode == USAGE
    assert ran.stderr.startswith("usage: zuora-connect environments")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ("''", "username"),
        ("user --environment ''", "environment"),
        ("user --base-url ''", "base_url"),
        ("user --profile ''", "profile"),
    ],
)
def test_empty_argument_of_logout_is_refused(arguments: str, name: str) -> None:
    ran = shell(f"{COMMAND} logout {arguments}")
    assert (ran.returncode, ran.stderr) == (USAGE, f"zuora-connect: {name}: is empty\n")


@pytest.mark.parametrize(
    "base_url", ["https://me:marker@h.example", "https://h.example?x=marker", "marker", "http://marker.example"]
)
def test_place_that_no_login_takes_is_refused_by_logout_and_not_repeated(base_url: str) -> None:
    ran = shell(f"{COMMAND} logout user --base-url {shlex.quote(base_url)}")
    assert ran.returncode == USAGE
    assert ran.stderr.startswith("zuora-connect: base_url: ")
    assert "marker" not in ran.stdout + ran.stderr


def test_signal_ends_a_sandbox_that_waits_for_its_file_of_users(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "users")
    ran = shell(f"timeout 2 {COMMAND} sandbox --users {tmp_path}/users; echo $?")
    assert ran.stdout == "124\n"


def until_there(file: Path) -> str:
    return f"until [ -s {file} ]; do kill -0 $! || exit 9; sleep 0.1; done"


def test_sandbox_outlives_its_terminal_under_nohup(tmp_path: Path) -> None:
    script = f"nohup {COMMAND} sandbox >{tmp_path}/told & {until_there(tmp_path / 'told')}"
    ran = shell(f"{script}; kill -HUP $!; sleep 0.5; kill -0 $! && kill $!; wait $!; echo $? >&2")
    assert ran.stderr.splitlines()[-1] == "0"


def test_endless_file_of_users_is_refused() -> None:
    ran = shell(f"{COMMAND} sandbox --users /dev/zero")
    assert (ran.returncode, ran.stderr) == (USAGE, "zuora-connect: --users: /dev/zero is larger than 1 MiB\n")


def test_sandbox_that_hangs_up_leaves_nothing_behind(tmp_path: Path) -> None:
    script = f"{COMMAND} sandbox >{tmp_path}/told & {until_there(tmp_path / 'told')}"
    ran = shell(f"mkdir {tmp_path}/t; export TMPDIR={tmp_path}/t; {script}; kill -HUP $!; wait $!")
    assert (ran.returncode, list((tmp_path / "t").iterdir())) == (0, [])
