"""The plugin in pytest runs of their own: how it loads, what each test starts with, parallel runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_runs import LOG_IN, run
from servers import Server

pytest_plugins = ["pytester"]

Serve = Callable[..., Server]

# ---- loading


def test_loading_the_plugin_imports_nothing_of_the_package(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sys

        def test_nothing_is_there(request):
            assert request.config.pluginmanager.hasplugin("pytest_zuora_connect")
            roots = {name.partition(".")[0] for name in sys.modules}
            assert roots & {"zuora_connect", "trustme", "cheroot", "cryptography"} == set()
    """)
    run(pytester).assert_outcomes(passed=1)


@pytest.mark.parametrize("autoload", [True, False])
@pytest.mark.parametrize("way", ["option", "conftest"])
def test_plugin_may_be_named(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, way: str, autoload: bool
) -> None:
    if not autoload:
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    if way == "conftest":
        pytester.makeconftest('pytest_plugins = ["pytest_zuora_connect"]')
    pytester.makepyfile(LOG_IN)
    run(pytester, *(["-p", "pytest_zuora_connect"] if way == "option" else [])).assert_outcomes(passed=1)


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
