"""async_req=True of zuora_connect.compat: a login in a thread, and a result to wait for."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

import pytest
from client import PASSWORD, USER, run_python
from generated_client import JSON, api_of, log_in
from servers import Server, session, then_silence
from test_compat import REFUSAL

from zuora_connect.compat import ApiException

Serve = Callable[..., Server]


def test_async_call_returns_at_once_and_is_waited_for(serve: Serve) -> None:
    go = threading.Event()

    def answer_late(peer: Any) -> None:
        go.wait(10)
        peer.send(session())

    thread = log_in(serve(answer_late), async_req=True)
    assert not thread.ready()
    with pytest.raises(multiprocessing.TimeoutError):
        thread.get(0.05)
    with pytest.raises(ValueError):
        thread.successful()
    go.set()
    assert thread.get(timeout=10).success
    thread.wait()
    assert thread.ready() and thread.successful()
    api = api_of(serve(session()))
    assert api.p_ost_connections_with_http_info(USER, PASSWORD, JSON, async_req=True).get()[1] == 200


def test_async_call_raises_where_it_is_waited_for(serve: Serve) -> None:
    thread = log_in(serve(REFUSAL), async_req=True)
    with pytest.raises(ApiException, match="401"):
        thread.get(10)
    assert thread.ready() and not thread.successful()
    with pytest.raises(ValueError, match="content_type"):
        api_of("https://127.0.0.1:1").p_ost_connections(USER, PASSWORD, "text/html", async_req=True)


def test_async_calls_run_side_by_side(serve: Serve) -> None:
    together = threading.Barrier(8)

    def answer_together(peer: Any) -> None:
        together.wait(10)
        peer.send(session())

    api = api_of(serve(*[answer_together] * 8))
    threads = [api.p_ost_connections(USER, PASSWORD, JSON, async_req=True) for _ in range(8)]
    assert all(thread.get(10).success for thread in threads)


def test_program_ends_though_an_async_call_goes_on(serve: Serve) -> None:
    program = """
import zuora_connect.compat as zuora_client
configuration = zuora_client.Configuration()
configuration.host = sys.argv[1]
api = zuora_client.ConnectionsApi(zuora_client.ApiClient(configuration))
api.p_ost_connections("user", "password", "application/json", async_req=True)
print("the end")
"""
    ran = run_python(program, serve(then_silence(b"")).url)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "the end\n", "")
