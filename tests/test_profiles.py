"""Profiles: what they give, what they may not give to anybody else, and which files are refused."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from client import PASSWORD, USER
from servers import LOOPBACK, Server, session

import zuora_connect
from zuora_connect import _keyring

Serve = Callable[..., Server]
Write = Callable[..., Path]

MARKER = "mArKeR"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the file of profiles, for its owner's eyes only."""
    path = tmp_path / "zuora_connect" / "config.toml"
    path.parent.mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))

    def write_it(text: str | bytes, mode: int = 0o600) -> Path:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    return write_it


def profile(name: str, url: str, user: str = "profile-user", **more: object) -> str:
    lines = [f"[{name}]", f'username = "{user}"', f'password = "{name}-{MARKER}"', f'base_url = "{url}"']
    return "\n".join([*lines, *(f"{key} = {value}" for key, value in more.items()), ""])


def sent(server: Server) -> list[tuple[str, str]]:
    return [
        ((request.header("apiAccessKeyId") or b"").decode(), (request.header("apiSecretAccessKey") or b"").decode())
        for request in server.requests
    ]


def refused(**options: Any) -> str:
    with pytest.raises(ValueError) as raised:
        zuora_connect.connect(**options)
    assert MARKER not in str(raised.value)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)
    return str(raised.value)


def test_file_may_come_from_windows(serve: Serve, write: Write) -> None:
    server = serve(session())
    write(b"\xef\xbb\xbf" + profile("default", server.url).replace("\n", "\r\n").encode())
    assert zuora_connect.connect()["success"]


def test_profile_gives_who_and_where(serve: Serve, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(session())
    write(profile("default", server.url) + profile("prod", server.url, "prod-user"))
    assert zuora_connect.connect().source == dict.fromkeys(("username", "password", "base_url"), "profile default")
    zuora_connect.connect(profile="prod")
    monkeypatch.setenv("ZUORA_PROFILE", "prod")
    zuora_connect.connect()
    zuora_connect.connect(profile="default")
    default, prod = ("profile-user", f"default-{MARKER}"), ("prod-user", f"prod-{MARKER}")
    assert sent(server) == [default, prod, prod, default]


def test_arguments_beat_variables_and_these_a_profile(
    serve: Serve, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(session())
    write(profile("prod", server.url) + 'entity_id = "profile-entity"\n')
    monkeypatch.setenv("ZUORA_PASSWORD", "variable-password")
    connection = zuora_connect.connect(profile="prod")
    assert connection.source == {
        "username": "profile prod",
        "password": "variable ZUORA_PASSWORD",
        "base_url": "profile prod",
        "entity_id": "profile prod",
    }
    connection = zuora_connect.connect(USER, PASSWORD, profile="prod", entity_name="argument-entity")
    assert connection.source == {"username": "argument", "password": "argument", "base_url": "profile prod"}
    assert sent(server) == [("profile-user", "variable-password"), (USER, PASSWORD)]
    assert server.requests[0].header("entityId") == b"profile-entity"
    assert server.requests[1].header("entityId") is None


@pytest.mark.parametrize("named", ["argument", "variable"])
@pytest.mark.parametrize("asked", [None, "default"])
def test_password_of_a_profile_never_goes_to_another_place(
    serve: Serve, write: Write, monkeypatch: pytest.MonkeyPatch, named: str, asked: str | None
) -> None:
    server, other = serve(session()), serve(session())
    write(profile("default", server.url, proxy='""', ca_file=f'"{MARKER}"'))
    if named == "variable":
        monkeypatch.setenv("ZUORA_BASE_URL", other.url)
    options: dict[str, Any] = {"base_url": other.url} if named == "argument" else {}
    assert "profile default is not for the place" in refused(profile=asked, **options)
    assert "profile default is not for the place" in refused(username="profile-user", profile=asked, **options)
    zuora_connect.connect(USER, PASSWORD, profile=asked, **options)  # nor its CA store, which is no file
    assert sent(other) == [(USER, PASSWORD)]
    assert server.connections == []


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("https://straße.invalid", "https://STRA\N{LATIN CAPITAL LETTER SHARP S}E.invalid"),
        ("https://ς.invalid", "https://Σ.invalid"),
        ("https://ας.invalid", "https://ΑΣ.invalid"),
        ("https://kelvin.invalid", "https://\N{KELVIN SIGN}elvin.invalid"),
        ("https://ä.invalid", "https://Ä.invalid"),
    ],
)
def test_letters_whose_case_is_the_resolvers_business_make_another_place(write: Write, stored: str, asked: str) -> None:
    write(profile("default", stored))
    assert "profile default is not for the place" in refused(base_url=asked)
    assert _keyring.service_of(stored) != _keyring.service_of(asked)


def test_variable_of_an_environment_is_another_place_too(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(profile("default", f"http://{LOOPBACK}:1"))
    monkeypatch.setenv("ZUORA_ENVIRONMENT", "eu")
    assert "variable ZUORA_ENVIRONMENT names" in refused()


def test_profile_that_has_no_password_is_told(write: Write) -> None:
    write('[bare]\nenvironment = "eu"\n')
    assert "; profile bare has none; " in refused(username="user", profile="bare")


def test_password_of_a_profile_is_never_sent_for_another_user(serve: Serve, write: Write) -> None:
    server = serve(session())
    write(profile("default", server.url))
    assert "profile default has one for another user" in refused(username="somebody-else")
    assert server.connections == []


@pytest.mark.parametrize("spelling", ["{}/", "{}/v1", "{}/v1/", "HTTP{}"])
def test_same_place_may_be_spelled_otherwise(serve: Serve, write: Write, spelling: str) -> None:
    server = serve(session())
    write(profile("default", server.url))
    url = spelling.format(server.url if "HTTP" not in spelling else server.url.removeprefix("http"))
    assert zuora_connect.connect(base_url=url).source["password"] == "profile default"


def test_profile_without_a_place_holds_no_secret_but_serves_any(serve: Serve, write: Write) -> None:
    server = serve(session())
    write(f'[default]\nusername = "profile-user"\n[bad]\npassword = "{MARKER}"\n')
    zuora_connect.connect(password=PASSWORD, base_url=server.url)
    assert sent(server) == [("profile-user", PASSWORD)]
    assert "[bad]" in refused(profile="bad", base_url=server.url)


def test_default_is_not_read_where_nothing_is_missing(serve: Serve, write: Write) -> None:
    write("no TOML", 0o644)
    zuora_connect.connect(USER, PASSWORD, base_url=serve(session()).url)
    assert "chmod 600" in refused(username=USER, password=PASSWORD, profile="default")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o601, 0o666])
def test_file_that_others_can_open_is_refused(write: Write, mode: int) -> None:
    path = write(profile("default", f"http://{LOOPBACK}:1"), mode)
    assert refused() == f"profile: {path} is open to others (mode {mode:04o}): chmod 600 it"


def test_link_is_judged_by_what_it_leads_to(serve: Serve, write: Write, tmp_path: Path) -> None:
    server = serve(session())
    path = write(profile("default", server.url))
    target = tmp_path / "dotfiles.toml"
    path.rename(target)
    path.symlink_to(target)
    zuora_connect.connect()
    target.chmod(0o644)
    assert "open to others" in refused()


def test_file_of_another_user_is_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(profile("default", f"http://{LOOPBACK}:1"))
    found = os.stat_result
    real = os.fstat

    def of_somebody_else(descriptor: int) -> os.stat_result:
        fields = list(real(descriptor))
        fields[4] = os.geteuid() + 1
        return found(fields)

    monkeypatch.setattr(os, "fstat", of_somebody_else)
    assert "belongs to another user" in refused()


def test_what_is_no_file_is_refused_at_once(write: Write) -> None:
    path = write("")
    path.unlink()
    os.mkfifo(path, 0o600)
    assert "is no regular file" in refused()
    path.unlink()
    path.mkdir(0o700)
    assert "is no regular file" in refused()
    path.rmdir()
    path.symlink_to(path)
    assert "cannot be opened" in refused()


BAD: dict[str, tuple[str | bytes, str]] = {
    "too large": (f"# {MARKER}\n" * 10_000, "larger than 64 KiB"),
    "no TOML": (f'[default]\npassword = "{MARKER}\n', "is no TOML (line 2, column "),
    "no end": (f'[default]\npassword = """{MARKER}', "is no TOML (end of document)"),
    "no UTF-8": (f'[default]\npassword = "{MARKER}'.encode() + b'\xff"', "is no UTF-8 text"),
    "too deep": ("default = " + "[" * 60_000, "is no TOML"),
    "no table": (f'default = "{MARKER}"', "is no table; write [default] above its keys"),
    "unknown key": (f'[default]\npasswort = "{MARKER}"', "passwort; the nearest: password"),
    "number for text": ("[default]\npassword = 12345678", "password must be text in quotes"),
    "text for a number": (f'[default]\ntimeout = "{MARKER}"', "timeout must be a number of seconds"),
    "bool for a number": ("[default]\nretries = true", "retries must be a whole number"),
    "two places": ('[default]\nenvironment = "eu"\nbase_url = "https://a.example"', "give one of them"),
    "unknown environment": ('[default]\nenvironment = "eu-sandbux"', "the nearest: eu-sandbox"),
    "empty file name": ('[default]\nca_file = ""', "ca_file is empty"),
    "NUL in a file name": (f'[default]\nca_file = "~{MARKER}\\u0000"', "ca_file contains NUL"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD.keys())
def test_bad_file_is_refused_by_file_and_key(write: Write, text: str | bytes, said: str) -> None:
    path = write(text)
    message = refused()
    assert message.startswith("profile: ")
    assert str(path) in message
    assert said in message


BAD_VALUES = {
    "password": f'"{MARKER}\\n"',
    "timeout": "0",
    "retries": "11",
    "entity_id": '" "',
    "ca_file": f'"{MARKER}"',
    "proxy": f'"user:{MARKER}@host"',
}


@pytest.mark.parametrize(("key", "value"), BAD_VALUES.items())
def test_bad_value_is_refused_like_an_argument_and_says_whose_it_is(write: Write, key: str, value: str) -> None:
    values = {"username": '"u"', "password": '"p"', "environment": '"eu"'} | {key: value}
    path = write("[prod]\n" + "\n".join(f"{name} = {text}" for name, text in values.items()))
    message = refused(profile="prod")
    assert message.startswith(f"{key}: ")
    assert message.endswith(f"(profile prod in {path})")


def test_unknown_profile_lists_the_nearest(write: Write) -> None:
    path = write("[prod]\n[sandbox]\n")
    assert refused(profile="prdo") == f"profile: is none of those in {path}; the nearest: prod"
    assert refused(profile="§§§") == f"profile: is none of those in {path}; there are: prod, sandbox"
    path.unlink()
    assert refused(profile="prod") == f"profile: there is no file {path}"


@pytest.mark.parametrize("wrong", [b"prod", 1, ["prod"]])
def test_profile_is_text(wrong: Any) -> None:
    with pytest.raises(TypeError, match="profile: must be a str"):
        zuora_connect.connect(USER, PASSWORD, profile=wrong)
    assert refused(profile="") == "profile: is empty"


def test_relative_files_are_beside_the_profiles(stage: Any, write: Write, ca_file: Path) -> None:
    server = stage.serve(session(), tls=stage.tls)
    path = write(profile("default", server.url, ca_file='"ca.pem"'))
    (path.parent / "ca.pem").write_bytes(ca_file.read_bytes())
    assert zuora_connect.connect(retries=0).source["ca_file"] == "profile default"


def test_relative_xdg_config_home_is_passed_over(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(profile("default", f"http://{LOOPBACK}:1"))
    monkeypatch.chdir(tmp_path.parent)
    monkeypatch.setenv("XDG_CONFIG_HOME", tmp_path.name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert "username: is missing" in refused()
    path = tmp_path / "home" / ".config" / "zuora_connect" / "config.toml"
    assert str(path) in refused(profile="default")


class Misspoken(str):
    """A str that shows itself as another, as members of `class Place(str, Enum)` do."""

    def __str__(self) -> str:
        return f"https://{LOOPBACK}:1"


def test_place_is_what_the_text_holds_not_what_it_shows(serve: Serve, write: Write) -> None:
    other = serve(session())
    write(profile("prod", f"https://{LOOPBACK}:1"))
    assert "is not for the place" in refused(profile="prod", base_url=Misspoken(other.url))
    assert not other.requests
    write(profile("prod", other.url))
    assert zuora_connect.connect(profile="prod", base_url=Misspoken(other.url)).source["password"] == "profile prod"


def test_profiles_timeout_spans_the_keyring_too(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_keyring, "fill_in", lambda form: time.sleep(3))
    write(f'[prod]\nusername = "{USER}"\nbase_url = "https://{LOOPBACK}:1"\ntimeout = 0.2\n')
    began = time.monotonic()
    assert "has not answered yet" in refused(profile="prod")
    assert time.monotonic() - began < 1.5
