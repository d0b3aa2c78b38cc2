"""The fixture `zuora` beside what a developer has stored: no profile, password or variable of theirs reaches a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from client import PATIENCE, run_python
from kept_keyring import Keyring

import zuora_connect
from zuora_connect import connect
from zuora_connect._diversion import OFFLINE, set_diversion
from zuora_connect._keyring import service_of
from zuora_connect.testing import LoginBlocked, Zuora

STORED = "S3cret-that-is-stored"
USER = "developer@company.example"
PROFILE = f'username = "{USER}"\npassword = "{STORED}"\nenvironment = "eu"\n'
KEPT = [[service_of(zuora_connect.ENVIRONMENTS[slug]), USER, STORED] for slug in ("us-2", "eu")]
LOG_IN = """
import os, sys
from zuora_connect import connect
del os.environ["ZUORA_PASSWORD"]
try:
    connect(*sys.argv[1:])
except ValueError as error:
    print(error)
"""


@pytest.fixture
def developer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with profiles and a keyring, and variables that lead to them. Returns the keyring's file."""
    before = keyring.get_keyring()
    folder = tmp_path / ".config/zuora_connect"
    folder.mkdir(parents=True)
    profiles = folder / "config.toml"
    profiles.touch(mode=0o600)
    profiles.write_text(f"[default]\n{PROFILE}[prod]\n{PROFILE}")
    kept = tmp_path / "keyring.json"
    kept.write_text(json.dumps(KEPT))
    variables = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "KEPT_KEYRING": str(kept),
        "PYTHON_KEYRING_BACKEND": "kept_keyring.Keyring",
        "PYTHONPATH": str(Path(__file__).parent),
        "ZUORA_PROFILE": "prod",
        "ZUORA_ENVIRONMENT": "us-1",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    keyring.set_keyring(Keyring())
    yield kept
    keyring.set_keyring(before)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "zuora_connect", *arguments]
    return subprocess.run(line, input="pass-word\n", capture_output=True, text=True, timeout=20 * PATIENCE)


@pytest.mark.parametrize(
    "asked", [{}, {"profile": "prod"}, {"username": USER}, {"username": USER, "environment": "eu"}]
)
def test_nothing_that_a_developer_stored_is_sent(
    developer: Path, zuora: Zuora, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]
) -> None:
    monkeypatch.delenv("ZUORA_PASSWORD")
    monkeypatch.delenv("ZUORA_USERNAME")
    with pytest.raises(ValueError) as refused:
        connect(**asked)
    assert ("there is no file" if "profile" in asked else "the keyring is left alone") in str(refused.value)
    for name in list(os.environ):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(developer.parent))
    with pytest.raises(ValueError):
        connect(**asked)
    assert zuora.requests == []


@pytest.mark.parametrize("arguments", [(), (USER,)])
def test_nor_by_a_child(developer: Path, zuora: Zuora, arguments: tuple[str, ...]) -> None:
    ran = run_python(LOG_IN, *arguments)
    assert "the keyring is left alone" in ran.stdout
    assert zuora.requests == []


def test_login_that_is_blocked_reads_nothing_stored(developer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr("zuora_connect._profile.read_private", read.append)
    before = set_diversion(OFFLINE)
    try:
        with pytest.raises(LoginBlocked, match="fixture `zuora`"):
            connect(profile="prod")
        with pytest.raises(LoginBlocked, match="fixture `zuora`"):
            connect(USER)
    finally:
        set_diversion(before)
    assert read == []


@pytest.mark.parametrize("action", [("login", USER, "--save", "--password-stdin"), ("logout", USER)], ids=str)
def test_keyring_is_left_alone(developer: Path, zuora: Zuora, action: tuple[str, ...]) -> None:
    zuora.add_user(USER, "pass-word")
    ran = command(*action)
    assert (ran.returncode, ran.stderr) == (2, "zuora-connect: the keyring is left alone while tests divert logins\n")
    assert json.loads(developer.read_text()) == KEPT


def test_keyring_is_left_alone_where_no_login_may_be_made(developer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUORA_CONNECT_TESTING", OFFLINE)
    assert command("login", USER, "--save", "--password-stdin").returncode == 3
    assert command("logout", USER, "--environment", "eu").returncode == 3
    assert json.loads(developer.read_text()) == KEPT


def test_variables_of_a_developer_reach_no_login(developer: Path, zuora: Zuora) -> None:
    assert connect().source == {
        "username": "variable ZUORA_USERNAME",
        "password": "variable ZUORA_PASSWORD",
        "base_url": "default",
    }


def test_profiles_of_a_test_are_found_by_it_and_its_children(zuora: Zuora, monkeypatch: pytest.MonkeyPatch) -> None:
    zuora.add_user("profile-user", "pass-word")
    zuora.write_profiles('[test]\nenvironment = "ap"\nusername = "profile-user"\npassword = "pass-word"\n')
    monkeypatch.delenv("ZUORA_USERNAME")
    monkeypatch.delenv("ZUORA_PASSWORD")
    assert connect(profile="test", check=True).source["password"] == "profile test"
    assert run_python("from zuora_connect import connect; connect(profile='test', check=True)").returncode == 0
    assert [(request.username, request.environment) for request in zuora.requests] == [("profile-user", "ap")] * 2


def test_next_test_finds_them_no_more(zuora: Zuora) -> None:
    with pytest.raises(ValueError, match="there is no file"):
        connect(profile="test")
