"""login() and `zuora-connect login`: what is asked, what is said, and what is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import markers
import pytest
from servers import Server, http, session

Serve = Callable[..., Server]
Run = subprocess.CompletedProcess[str]

MARKER = "mArKeR-typed"
LOGIN = "import zuora_connect; print(zuora_connect.login(base_url=__import__('sys').argv[1])['success'])"

# Types one line at each prompt, which ends in a colon; a moment later, since Ctrl-C before input() reads ends nothing.
AT_A_TERMINAL = """
import json, os, pty, sys, time
typed, command = json.loads(sys.argv[1]), sys.argv[2:]
process, terminal = pty.fork()
if process == 0:
    os.execv(command[0], command)
seen = b""
try:
    while piece := os.read(terminal, 1024):
        seen += piece
        if typed and seen.endswith(b": "):
            time.sleep(0.1)
            os.write(terminal, typed.pop(0).encode(errors='surrogateescape'))
except OSError:
    pass
print(seen.decode(errors='replace'))
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a keyring that children use."""
    path = tmp_path / "keyring.json"
    monkeypatch.setenv("KEPT_KEYRING", str(path))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "kept_keyring.Keyring")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    return path


def type_at(command: list[str], *typed: str) -> Run:
    return subprocess.run(
        [sys.executable, "-c", AT_A_TERMINAL, json.dumps(typed), sys.executable, *command],
        env=os.environ | {"PYTHON_COLORS": "0"},  # of tracebacks, from 3.13 on
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def without_a_terminal(command: list[str], stdin: str = "") -> Run:
    return subprocess.run(
        [sys.executable, *command],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        start_new_session=True,
    )


# Shows what an exception out of login() leads to.
SEARCH = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import markers, zuora_connect
try:
    zuora_connect.login(base_url=sys.argv[1])
except BaseException as error:
    caught = error
try:
    markers.assert_clean(caught, lambda file: True)
except AssertionError:
    print("it leads to the secret")
else:
    print("clean:", repr(caught))
"""


def script(*arguments: str) -> list[str]:
    return ["-m", "zuora_connect", *arguments]


def test_login_asks_for_what_is_missing_and_shows_no_password(serve: Serve) -> None:
    server = serve(session())
    ran = type_at(["-c", LOGIN, server.url], "typed-user\n", f"{MARKER}\n")
    assert ran.returncode == 0, ran.stdout
    host = server.url.removeprefix("http://")
    assert f"Zuora password for {host}: " in ran.stdout
    assert [line for line in ran.stdout.splitlines() if line.startswith("zuora_connect: ")] == [
        "zuora_connect: username from prompt",
        "zuora_connect: password from prompt",
        "zuora_connect: base_url from argument",
    ]
    assert MARKER not in ran.stdout
    request = server.requests[0]
    assert request.header("apiAccessKeyId") == b"typed-user"
    assert request.header("apiSecretAccessKey") == MARKER.encode()


def test_user_that_was_typed_is_looked_up_in_the_keyring(
    serve: Serve, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(session())
    monkeypatch.setenv("KEPT_KEYRING_KNOWS_NO_USERS", "1")
    kept.write_text(json.dumps([[f"zuora_connect:{server.url}", "typed-user", "kept"]]))
    ran = type_at(["-c", LOGIN, server.url], "typed-user\n")
    assert "password from keyring" in ran.stdout, ran.stdout


def test_time_at_the_prompt_does_not_count(serve: Serve) -> None:
    program = LOGIN.replace("argv[1])", "argv[1], timeout=0.5)")
    slowly = AT_A_TERMINAL.replace("sleep(0.1)", "sleep(1)")
    command = [sys.executable, "-c", slowly, json.dumps(["u\n", "p-word\n"]), sys.executable, "-c", program]
    ran = subprocess.run([*command, serve(session()).url], capture_output=True, text=True, timeout=60, check=False)
    assert "True" in ran.stdout, ran.stdout


@pytest.mark.parametrize("typed", [["\x03"], ["user\n", "\x03"]], ids=["user", "password"])
def test_interrupt_at_a_prompt_is_a_keyboard_interrupt(serve: Serve, typed: list[str]) -> None:
    server = serve(session())
    ran = type_at(["-c", LOGIN, server.url], *typed)
    assert ran.stdout.rstrip().endswith("KeyboardInterrupt")
    assert type_at(script("login", "--base-url", server.url), *typed).returncode == 130
    assert server.connections == []


@pytest.mark.parametrize("typed", [["\n"], ["\x04"], ["user\n", "\n"], ["user\n", "\x04"]])
def test_nothing_typed_is_a_missing_value(serve: Serve, typed: list[str]) -> None:
    server = serve(session())
    ran = type_at(["-c", LOGIN, server.url], *typed)
    assert "is missing; give the argument, set the variable ZUORA_" in ran.stdout
    assert server.connections == []


@pytest.mark.parametrize("typed", [[f"{MARKER}\udcff\n"], ["user\n", f"{MARKER}\udcff\n"]], ids=["user", "password"])
def test_what_is_no_utf8_is_missing_and_in_no_exception(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, typed: list[str]
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8:strict")
    server = serve(session())
    program = SEARCH.replace("MARKER", MARKER)
    ran = type_at(["-c", program, server.url], *typed)
    assert "clean: ValueError(" in ran.stdout, ran.stdout
    assert "what was typed is no UTF-8" in ran.stdout
    assert server.connections == []


@pytest.mark.parametrize("ends", [KeyboardInterrupt, SystemExit, OSError, MemoryError])
def test_end_of_the_prompt_leads_to_nothing_that_was_typed(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, ends: type[BaseException]
) -> None:
    import zuora_connect

    def end_after_reading(question: str) -> str:
        typed = f"password-{markers.MARKER}"  # stays in this frame
        try:
            raise UnicodeError(typed)
        finally:
            raise ends  # as a signal does that comes after the line

    monkeypatch.setattr("getpass.getpass", end_after_reading)
    expected = ends if issubclass(ends, KeyboardInterrupt | SystemExit | MemoryError) else ValueError
    with pytest.raises(expected) as raised:
        zuora_connect.login("user", base_url=serve(session()).url)
    markers.assert_clean(raised.value, lambda file: True)


def test_end_of_input_at_a_prompt_is_told_as_nothing_typed(serve: Serve) -> None:
    server = serve(session())
    for typed in (["\x04"], ["user\n", "\x04"]):
        ran = type_at(["-c", LOGIN, server.url], *typed)
        assert "nothing was typed" in ran.stdout
        assert "no terminal" not in ran.stdout


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("standard_error", ["2>&-", "2> >(exec true)", "2>full"], ids=["closed", "left", "full"])
def test_login_goes_on_where_nothing_can_be_said(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standard_error: str, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    server = serve(session())
    login = f'sleep 0.2; ulimit -f 0; echo {MARKER} | "$0" -m zuora_connect login user --json --password-stdin'
    command = f"{login} --base-url {server.url} {standard_error}"
    ran = subprocess.run(
        ["bash", "-c", command, sys.executable], capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False
    )
    assert (ran.returncode, json.loads(ran.stdout)["success"]) == (0, True)


def test_login_without_a_terminal_says_what_is_missing(serve: Serve) -> None:
    server = serve(session())
    ran = without_a_terminal(["-c", LOGIN, server.url], "piped-user\npiped-password\n")
    assert "ValueError: username: is missing" in ran.stderr
    ran = without_a_terminal(["-c", LOGIN.replace("login(", "login('user', "), server.url], "piped-password\n")
    assert "ValueError: password: is missing" in ran.stderr
    assert "there is no terminal to ask at" in ran.stderr
    assert server.connections == []


def test_login_with_everything_given_asks_nothing(serve: Serve, capfd: pytest.CaptureFixture[str]) -> None:
    import zuora_connect

    connection = zuora_connect.login("user", "password", base_url=serve(session()).url)
    assert connection["success"]
    said = "".join(f"zuora_connect: {name} from argument\n" for name in ("username", "password", "base_url"))
    assert capfd.readouterr() == ("", said)


def test_wrong_argument_of_login_names_login() -> None:
    import zuora_connect

    with pytest.raises(TypeError, match=r"login\(\) got an unexpected keyword argument 'user'"):
        zuora_connect.login(user="u")  # type: ignore[call-arg]


def test_save_keeps_the_password_for_later_logins(serve: Serve, kept: Path) -> None:
    server = serve(session())
    where = ["--base-url", server.url]
    ran = type_at(script("login", "typed-user", "--save", *where), f"{MARKER}\n")
    assert ran.returncode == 0, ran.stdout
    assert json.loads(kept.read_text()) == [[f"zuora_connect:{server.url}", "typed-user", MARKER]]
    ran = without_a_terminal(script("connect", *where))
    assert (ran.returncode, ran.stderr) == (0, "")
    ran = without_a_terminal(script("login", "--json", "--save", *where))
    assert json.loads(ran.stdout)["source"] == {"username": "keyring", "password": "keyring", "base_url": "argument"}
    ran = without_a_terminal(script("logout", "--json", *where))
    assert json.loads(ran.stdout) == {"base_url": server.url, "removed": True}
    assert json.loads(kept.read_text()) == []
    assert without_a_terminal(script("logout", "typed-user", *where)).returncode == 2
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [401, 403, 500])
def test_password_that_zuora_refused_is_not_saved(serve: Serve, kept: Path, status: int) -> None:
    server = serve(http(status, body=b'{"success":false,"reasons":[{"code":90000011,"message":"no"}]}'))
    ran = type_at(script("login", "user", "--save", "--retries", "0", "--base-url", server.url), f"{MARKER}\n")
    assert ran.returncode == 1
    assert not kept.exists()


def test_save_without_a_keyring_is_said_before_anything_is_asked(serve: Serve) -> None:
    server = serve(session())
    ran = without_a_terminal(script("login", "user", "--save", "--base-url", server.url))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "zuora-connect: the library keyring finds no keyring on this machine\n"
    assert server.connections == []


def test_keyring_that_takes_nothing_has_an_exit_code(serve: Serve, kept: Path) -> None:
    kept.mkdir()
    kept.chmod(0o700)
    program = f"import os; os.environ['KEPT_KEYRING'] = {str(kept / 'nowhere' / 'file')!r}; "
    program += "import sys; from zuora_connect._command_line import main; raise SystemExit(main(sys.argv[1:]))"
    server = serve(session())
    arguments = ["login", "user", "--save", "--password-stdin", "--json", "--base-url", server.url]
    ran = without_a_terminal(["-c", program, *arguments], f"{MARKER}\n")
    assert ran.returncode == 4
    shown = json.loads(ran.stdout)
    assert (shown["success"], shown["base_url"], shown["saved"]) == (True, server.url, False)
    assert "did not take the password (FileNotFoundError)" in ran.stderr
    assert MARKER not in ran.stdout + ran.stderr


def test_profile_is_an_option_of_every_login(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(session())
    path = tmp_path / "zuora_connect" / "config.toml"
    path.parent.mkdir()
    path.write_text(f'[prod]\nusername = "user"\npassword = "{MARKER}"\nbase_url = "{server.url}"\n')
    path.chmod(0o600)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for command in ("connect", "login", "doctor"):
        ran = without_a_terminal(script(command, "--profile", "prod"))
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert MARKER not in ran.stdout + ran.stderr
    assert os.environ["XDG_CONFIG_HOME"] == str(tmp_path)


def test_question_is_on_standard_error(serve: Serve, tmp_path: Path) -> None:
    server = serve(session())
    shown = tmp_path / "shown"
    command = f'exec "$0" -m zuora_connect connect --json --base-url {server.url} >{shown}'
    script = f"import os, sys; os.execv('/bin/sh', ['sh', '-c', {command!r}, sys.executable])"
    ran = type_at(["-c", script], "user\n", f"{MARKER}\n")
    assert ran.returncode == 0, ran.stdout
    assert "Zuora user name: " in ran.stdout
    assert json.loads(shown.read_text())["success"] is True


def test_empty_answer_is_told_once_and_without_advice_to_go_to_a_terminal(serve: Serve) -> None:
    server = serve(session())
    ran = type_at(["-m", "zuora_connect", "connect", "--base-url", server.url], "user\n", "\n")
    assert ran.returncode == 2
    assert "nothing was typed" in ran.stdout
    assert ran.stdout.count("the library keyring") + ran.stdout.count("the keyring has none") == 1
    assert "terminal" not in ran.stdout
