"""The plugin in pytest runs of their own: how it loads, what each test starts with, the guard, parallel runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from client import PATIENCE
from servers import Server, session

pytest_plugins = ["pytester"]

Serve = Callable[..., Server]

LOG_IN = """
from zuora_connect import connect

def test_logs_in(zuora):
    assert connect(environment="eu", ca_file="/nowhere")["success"]
    assert len(zuora.requests) == 1
"""


def run(pytester: pytest.Pytester, *options: str | Path) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options, timeout=60 * PATIENCE)


# ---- loading


def test_loading_the_plugin_imports_nothing_of_the_package(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_nothing_is_there(request):
            assert request.config.pluginmanager.hasplugin("zuora_connect")
            roots = {name.partition(".")[0] for name in sys.modules}
            assert roots & {"zuora_connect", "trustme", "cheroot", "cryptography"} == set()
    """)
    run(pytester).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("trustme", "*the fixture `zuora` needs trustme: pip install 'zuora-connect?sandbox?'"),
        ("cheroot", "*the fixture `zuora` needs cheroot: pip install 'zuora-connect?sandbox?'"),
        ("zuora_connect._core", "*the fixture `zuora` cannot be used: *_core*"),
    ],
)
def test_what_is_missing_is_said_by_the_fixture_alone(pytester: pytest.Pytester, missing: str, said: str) -> None:
    pytester.makepyfile(hide=f"import sys; sys.modules[{missing!r}] = None")
    pytester.makepyfile("def test_without(): pass\ndef test_with(zuora): pass")
    for options in ([], ["--zuora-offline"]):
        result = run(pytester, "-p", "hide", *options)
        result.assert_outcomes(passed=1, errors=1)
        result.stdout.fnmatch_lines([said])


def test_types_can_be_imported_without_the_extra(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys
        sys.modules["trustme"] = sys.modules["cheroot"] = None

        def test_types():
            from zuora_connect.testing import LoginBlocked, Request, UnusedAnswer, Zuora
    """)
    run(pytester).assert_outcomes(passed=1)


def test_fixture_and_option_explain_themselves(pytester: pytest.Pytester) -> None:
    run(pytester, "--fixtures").stdout.fnmatch_lines(
        ["*zuora -- *pytest_zuora_connect.py*", "*A Zuora on this machine*"]
    )
    result = run(pytester, "--help")
    result.stdout.fnmatch_lines(["*--zuora-offline*", "*zuora_offline (bool)*"])


# ---- each test


def test_every_test_begins_afresh(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import os, warnings
        import pytest
        from zuora_connect import connect, errors
        from zuora_connect.testing import UnusedAnswer

        seen = []

        @pytest.mark.filterwarnings("ignore::zuora_connect.testing.UnusedAnswer")
        def test_leaves_everything_behind(zuora):
            seen.append(connect())
            zuora.add_user("other", "word")
            zuora.add_entity("2c92c0f9-0000", "Other")
            zuora.cut_body()
            with pytest.raises(errors.BadAnswer):
                connect()
            zuora.fail(500)
            zuora.answer(200, path="/v1/accounts")
            zuora.delay(60)
            zuora.limit_concurrency(0)

        def test_finds_nothing_of_it(zuora):
            assert zuora.requests == []
            assert connect()["success"]
            assert not connect("other", "word")["success"]
            assert not connect(entity_name="Other")["success"]
            assert len(zuora.requests) == 3
            from urllib import error, request
            for path, status in ("/v1/accounts", 404), ("/v1/catalog/products", 401):
                old = {"Cookie": f"ZSession={seen[0].cookies['ZSession']}"}
                with pytest.raises(error.HTTPError) as caught:
                    request.urlopen(request.Request(seen[0].url(path), headers=old))
                assert caught.value.code == status
                caught.value.close()

        def test_variables_are_as_before():
            assert not [name for name in os.environ if name.startswith("ZUORA_")]
            assert "127.0.0.1" not in os.environ.get("NO_PROXY", "")
    """)
    run(pytester, "-W", "error").assert_outcomes(passed=3)


def test_connections_are_not_kept_from_one_test_to_the_next(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from zuora_connect import connect

        ports = []

        @pytest.mark.parametrize("turn", range(3))
        def test_login(zuora, _zuora_stage, monkeypatch, turn):
            from cheroot.server import HTTPRequest
            seen = []
            parse = HTTPRequest.parse_request
            monkeypatch.setattr(HTTPRequest, "parse_request",
                                lambda self: (seen.append(self.conn.remote_port), parse(self)))
            connect()
            connect()
            assert len(set(seen)) == 1 and seen[0] not in ports
            ports.append(seen[0])
    """)
    run(pytester).assert_outcomes(passed=3)


def test_thread_that_an_earlier_test_left_running_is_not_the_next_ones(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import threading
        from zuora_connect import connect, errors

        left = []

        def log_in_late():
            try:
                left.append(connect())
            except errors.ZuoraError as error:
                left.append(error)

        def test_leaves_a_thread(zuora):
            zuora.rate_limit(1)
            left.append(threading.Thread(target=log_in_late))
            left[0].start()
            while not zuora.requests:
                pass

        def test_has_nothing_of_it(zuora):
            zuora.refuse()
            left[0].join()
            assert isinstance(left[1], errors.BadAnswer) and left[1].status == 410
            assert zuora.requests == []
            assert not connect()["success"]
    """)
    run(pytester).assert_outcomes(passed=2)


@pytest.mark.parametrize("way", ["fork", "forkserver", "spawn"])
def test_worker_processes_serve_one_test_after_the_other(pytester: pytest.Pytester, way: str) -> None:
    pytester.makepyfile(f"""
        import os
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context
        import pytest
        from zuora_connect import connect

        pools = []

        def log_in(environment):
            return connect(environment=environment)["success"]

        @pytest.mark.parametrize("turn", range(3))
        def test_login(zuora, turn):
            if not pools:
                pools.append(ProcessPoolExecutor(1, get_context({way!r})))
            zuora.fail(502)
            assert pools[0].submit(log_in, "eu").result()
            assert [request.environment for request in zuora.requests] == ["eu", "eu"]
            assert zuora.requests[0].pid not in (None, os.getpid())

        def test_new_process_of_an_old_server(zuora):
            with ProcessPoolExecutor(1, get_context({way!r})) as pool:
                assert pool.submit(log_in, "ap").result()
            pools[0].shutdown()
            assert [request.environment for request in zuora.requests] == ["ap"]
    """)
    run(pytester, "-W", "ignore:.*use of fork:DeprecationWarning").assert_outcomes(passed=4)


def test_other_interpreters_are_diverted_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters

        PROGRAM = "; ".join([
            "import os, sys",
            "sys.path[:] = {path!r}",
            "os.environ.clear()",
            "from zuora_connect import connect",
            "connect({user!r}, {password!r}, environment='ap', check=True)",
        ])

        def test_login(zuora):
            own = interpreters.create()
            program = PROGRAM.format(path=sys.path, user=zuora.username, password=zuora.password)
            problem = interpreters.run_string(own, program)
            assert problem is None
            interpreters.destroy(own)
            assert [request.environment for request in zuora.requests] == ["ap"]
    """)
    run(pytester).assert_outcomes(passed=1)


def test_a_test_that_waits_for_an_answer_does_not_hold_up_the_end(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from zuora_connect import connect, errors

        def test_slow(zuora):
            zuora.delay(3600)
            with pytest.raises(errors.Timeout):
                connect(timeout=0.2)
    """)
    run(pytester).assert_outcomes(passed=1)


def test_failing_test_shows_no_secret(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        from zuora_connect import connect

        def test_fails(zuora, tmp_path_factory):
            (tmp_path_factory.getbasetemp() / "secrets").write_text(zuora.password)
            connection = connect(proxy="http://me:%s@proxy.example" % "-".join(["S3cret", "of", "the", "proxy"]))
            requests = zuora.requests
            assert requests == [connection]
    """)
    result = run(pytester, "-vv", "--showlocals", "--basetemp", pytester.path / "base")
    result.assert_outcomes(failed=1)
    password = (pytester.path / "base/secrets").read_text()
    assert password not in result.stdout.str()
    assert "S3cret-of-the-proxy" not in result.stdout.str()


# ---- --zuora-offline


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
            assert done.returncode == 1 and "LoginBlocked" in done.stderr
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


# ---- parallel runs


def test_parallel_runs_have_a_sandbox_each(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest
        from zuora_connect import connect

        @pytest.mark.parametrize("turn", range(24))
        def test_login(zuora, turn):
            zuora.refuse(message=f"turn {turn}")
            assert connect(track_id=f"turn-{turn}")["reasons"][0]["message"] == f"turn {turn}"
            assert connect(environment="eu")["success"]
            assert [request.environment for request in zuora.requests] == ["us-2", "eu"]

        def test_outside():
            connect("user", "word")
    """)
    result = run(pytester, "-n", "3", "--zuora-offline")
    result.assert_outcomes(passed=24, failed=1)
    result.stdout.fnmatch_lines(["*LoginBlocked*"])
