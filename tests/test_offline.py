"""The guard `--zuora-offline`: no login but to the sandbox, in pytest runs of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from pytest_runs import LOG_IN, run
from servers import Server, session

pytest_plugins = ["pytester"]

Serve = Callable[..., Server]


def blocked(server: Server) -> str:
    """A login outside of the fixture, in code that handles every Exception."""
    return f"""
        from zuora_connect import connect

        def log_in():
            try:
                return connect("user", "pass-word", base_url={server.url!r})
            except Exception:
                return None
    """


@pytest.mark.parametrize("way", ["option", "ini"])
def test_offline_blocks_a_login_outside_the_fixture(pytester: pytest.Pytester, serve: Serve, way: str) -> None:
    server = serve(session())
    if way == "ini":
        pytester.makeini("[pytest]\nzuora_offline = true")
    pytester.makepyfile(product=blocked(server))
    pytester.makepyfile(
        LOG_IN
        + "from product import log_in\ndef test_blocked(): log_in()\n"
        + "def test_again(zuora): connect(check=True)"
    )
    result = run(pytester, *(["--zuora-offline"] if way == "option" else []))
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [f"*LoginBlocked: the login at {server.url.partition('//')[2]} was not sent: *fixture `zuora`*"]
    )
    assert "pass-word" not in re.sub(r"(?m)^.*connect\(.*$", "", result.stdout.str())
    assert server.requests == []


def test_blocked_login_in_a_thread_fails_the_test(pytester: pytest.Pytester, serve: Serve) -> None:
    server = serve(session())
    pytester.makepyfile(product=blocked(server))
    pytester.makepyfile("""
        from threading import Thread
        from product import log_in

        def in_a_thread(target):
            thread = Thread(target=target)
            thread.start()
            thread.join()

        def test_login(): in_a_thread(log_in)
        def test_other(): in_a_thread(lambda: 1 / 0)
    """)
    result = run(pytester, "--zuora-offline")
    result.assert_outcomes(passed=1, failed=1, warnings=1)
    result.stdout.fnmatch_lines(["*LoginBlocked: the login at *", "FAILED *::test_login*"])
    assert server.requests == []


def test_without_offline_other_logins_go_where_they_are_meant_to(pytester: pytest.Pytester, serve: Serve) -> None:
    server = serve(session())
    pytester.makepyfile(product=blocked(server))
    pytester.makepyfile(LOG_IN + "from product import log_in\ndef test_outside(): assert log_in()['success']")
    run(pytester).assert_outcomes(passed=2)
    assert len(server.requests) == 1


def test_offline_holds_where_a_conftest_names_the_plugin(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeini("[pytest]\nzuora_offline = true")
    pytester.makeconftest("pytest_plugins = ['pytest_zuora_connect']")
    pytester.makepyfile(LOG_IN + "def test_blocked(): connect('user', 'word', base_url='https://zuora.invalid')\n")
    result = run(pytester)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*LoginBlocked*"])


@pytest.mark.parametrize("way", ["no plugin by itself", "this one not"])
def test_plugin_that_is_required_and_not_loaded_stops_the_run(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    pytester.makeini("[pytest]\nzuora_offline = true\nrequired_plugins = zuora-connect")
    pytester.makepyfile(LOG_IN)
    if way == "no plugin by itself":
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        run(pytester, "-p", "pytest_zuora_connect").assert_outcomes(passed=1)
    result = run(pytester, *([] if way == "no plugin by itself" else ["-p", "no:pytest_zuora_connect"]))
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*Missing required plugins: zuora-connect*"])


@pytest.mark.parametrize("stage", ["conftest", "import", "fixture"])
def test_offline_holds_from_the_first_file_on(pytester: pytest.Pytester, serve: Serve, stage: str) -> None:
    server = serve(session())
    login = f"from zuora_connect import connect; connect('u', 'p', base_url={server.url!r})"
    pytester.makeconftest(
        login
        if stage == "conftest"
        else f"""
        import pytest
        @pytest.fixture(autouse=True, scope="session")
        def early():
            {login if stage == "fixture" else "pass"}
    """
    )
    pytester.makepyfile(f"{login if stage == 'import' else ''}\ndef test_nothing(): pass")
    result = run(pytester, "--zuora-offline")
    assert result.ret != 0
    assert "LoginBlocked" in result.stdout.str() + result.stderr.str()
    assert server.requests == []


def test_offline_reaches_children_and_forks_and_empty_environments(pytester: pytest.Pytester, serve: Serve) -> None:
    server = serve(session())
    pytester.makepyfile(product=blocked(server))
    pytester.makepyfile(f"""
        import os, subprocess, sys
        import pytest
        from zuora_connect.testing import LoginBlocked

        PROGRAM = "from zuora_connect import connect; connect('u', 'p', base_url={server.url!r})"

        def test_child():
            done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
            assert done.returncode == 1 and "LoginBlocked" in done.stderr

        def test_fork():
            child = os.fork()
            if child == 0:
                os.environ.clear()
                try:
                    exec(PROGRAM)
                except LoginBlocked:
                    os._exit(7)
                os._exit(0)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7

        def test_empty_environment(monkeypatch):
            for name in list(os.environ):
                monkeypatch.delenv(name)
            with pytest.raises(LoginBlocked):
                exec(PROGRAM)
    """)
    run(pytester, "--zuora-offline").assert_outcomes(passed=3)
    assert server.requests == []


def test_offline_stops_doctor_before_its_first_step(pytester: pytest.Pytester, serve: Serve) -> None:
    server = serve(session())
    pytester.makepyfile(f"""
        import subprocess, sys

        def test_doctor():
            doctor = [sys.executable, "-m", "zuora_connect", "doctor", "user", "--base-url", {server.url!r}]
            done = subprocess.run(doctor, capture_output=True, text=True, input="")
            assert done.returncode == 3 and "was not sent" in done.stderr
    """)
    run(pytester, "--zuora-offline").assert_outcomes(passed=1)
    assert server.requests == []


def test_offline_still_says_what_is_wrong_with_an_argument(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from zuora_connect import connect

        def test_wrong():
            with pytest.raises(ValueError, match="ca_file"):
                connect("user", "word", ca_file="/nowhere")
    """)
    run(pytester, "--zuora-offline").assert_outcomes(passed=1)


def test_guard_ends_with_its_run(pytester: pytest.Pytester) -> None:
    """One run inside of another's process, as with pytester's own way of running in process."""
    pytester.makepyfile("""
        import os
        import pytest
        from zuora_connect import _core

        pytest_plugins = ["pytester"]

        def test_inner(pytester, zuora):
            before = os.environ["ZUORA_CONNECT_TESTING"]
            pytester.makepyfile("def test_it(zuora): zuora.expire_sessions()")
            pytester.runpytest_inprocess("--zuora-offline").assert_outcomes(passed=1)
            assert os.environ["ZUORA_CONNECT_TESTING"] == before == _core.divert(before)
    """)
    run(pytester).assert_outcomes(passed=1)
