"""The fixture `zuora`: where logins go while it is active, what it shows of them, and each line that scripts it."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import subprocess
import sys
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from client import PATIENCE, PRELUDE
from servers import Server, session, tls_context
from trustme import CA

import zuora_connect
from zuora_connect import connect, errors
from zuora_connect._diversion import VARIABLE
from zuora_connect.testing import Request, UnusedAnswer, Zuora

PROXY_PASSWORD = "S3cret-of-the-proxy"
LOG_IN = """
from zuora_connect import connect
connect("api-user@example.com", {password!r}, environment="eu-sandbox", ca_file="/nowhere", check=True)
"""


def call(connection: zuora_connect.Connection, path: str = "/v1/catalog/products", body: bytes | None = None) -> Any:
    """What code under test does with its session, by a client that knows nothing of the sandbox."""
    headers = {"Cookie": f"ZSession={connection.cookies['ZSession']}"}
    request = urllib.request.Request(connection.url(path), body, headers)
    with urllib.request.urlopen(request, timeout=10 * PATIENCE) as answer:
        return json.load(answer)


# ---- where logins go


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"environment": "ap"},
        {"environment": "PROD_EU"},
        {"base_url": "https://zuora.invalid:8443/prefix/v1"},
        {"base_url": "http://localhost:1"},
        {"ca_file": "/etc/company/ca.pem"},
        {"ca_file": Path("/etc/company/ca.pem"), "ca_dir": "/etc/company"},
        {"client_cert": "/etc/company/cert.pem", "client_key": "/etc/company/key.pem", "client_key_password": "word"},
        {"proxy": "http://proxy.invalid:3128"},
        {"proxy": "socks5h://proxy.invalid"},
        {"proxy": ""},
    ],
    ids=str,
)
def test_every_login_goes_to_the_sandbox_whatever_it_names(zuora: Zuora, asked: dict[str, Any]) -> None:
    connection = connect(**asked, retries=0)
    assert connection["success"]
    assert len(zuora.requests) == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ZUORA_BASE_URL", "https://zuora.invalid"),
        ("ZUORA_ENVIRONMENT", "eu"),
        ("HTTPS_PROXY", "http://127.0.0.1:1"),
        ("SSL_CERT_FILE", "/nowhere"),
        (VARIABLE, "offline"),
        (VARIABLE, "https://127.0.0.1:1 http://127.0.0.1:1 /nowhere"),
    ],
)
def test_no_variable_leads_a_login_elsewhere(
    zuora: Zuora, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert connect(retries=0)["success"]
    assert len(zuora.requests) == 1


def test_code_that_empties_the_environment_is_still_diverted(zuora: Zuora, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        monkeypatch.delenv(name)
    assert connect(zuora.username, zuora.password, environment="eu")["success"]


def test_logins_of_other_threads_go_there_too(zuora: Zuora) -> None:
    with ThreadPoolExecutor(16) as threads:
        connections = list(threads.map(lambda _: connect(environment="us-1"), range(64)))
    assert len({connection["sessionCookie"] for connection in connections}) == len(zuora.requests) == 64


def test_further_tries_go_there_too(zuora: Zuora) -> None:
    zuora.rate_limit(0, times=2)
    assert connect(environment="eu", ca_file="/nowhere")["success"]
    assert [request.environment for request in zuora.requests] == ["eu"] * 3


def test_calls_with_the_session_go_there_as_well(zuora: Zuora) -> None:
    connection = connect(environment="eu")
    assert connection.base_url == zuora.base_url
    assert call(connection)["products"]
    assert [(request.method, request.path) for request in zuora.requests] == [
        ("POST", "/v1/connections"),
        ("GET", "/v1/catalog/products"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"environment": "moon"},
        {"base_url": "http://rest.zuora.com"},
        {"base_url": "rest.zuora.com"},
        {"ca_file": ""},
        {"ca_file": 1},
        {"client_key": "/etc/company/key.pem"},
        {"proxy": "proxy.invalid"},
        {"track_id": "a;b"},
        {"timeout": None},
        {"entity_id": "a", "entity_name": "b"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_wrong_argument_is_refused_as_in_production(zuora: Zuora, wrong: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError)):
        connect(**wrong)
    assert zuora.requests == []


# ---- children


def run(program: str, **variables: str) -> None:
    subprocess.run(
        [sys.executable, "-c", program], check=True, env=os.environ | variables, timeout=20 * PATIENCE, text=True
    )


def log_in_from(password: str) -> None:
    """In a child of multiprocessing."""
    assert connect("api-user@example.com", password, environment="eu-sandbox", ca_file="/nowhere")["success"]


def test_child_process_logs_in_to_the_sandbox(zuora: Zuora) -> None:
    run(LOG_IN.format(password=zuora.password))
    assert [(request.username, request.environment) for request in zuora.requests] == [(zuora.username, "eu-sandbox")]


def test_child_process_needs_no_credentials_of_its_own(zuora: Zuora) -> None:
    run("from zuora_connect import connect; connect(check=True)")
    assert [request.username for request in zuora.requests] == [zuora.username]


def test_child_with_an_environment_of_its_own_is_given_the_variables(zuora: Zuora) -> None:
    program = LOG_IN.format(password=zuora.password)
    own = {name: value for name, value in os.environ.items() if not name.startswith("ZUORA_")} | zuora.variables
    subprocess.run([sys.executable, "-c", program], check=True, env=own, timeout=20 * PATIENCE)
    assert len(zuora.requests) == 1


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_fork_logs_in_to_the_sandbox_whatever_its_environment(zuora: Zuora) -> None:
    child = os.fork()
    if child == 0:
        try:
            os.environ.clear()
            log_in_from(zuora.password)
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert [request.environment for request in zuora.requests] == ["eu-sandbox"]


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_child_of_multiprocessing_logs_in_to_the_sandbox(zuora: Zuora, way: str) -> None:
    child = multiprocessing.get_context(way).Process(  # type: ignore[attr-defined]
        target=log_in_from, args=(zuora.password,)
    )
    child.start()
    child.join(30 * PATIENCE)
    assert child.exitcode == 0
    assert [request.environment for request in zuora.requests] == ["eu-sandbox"]


@pytest.mark.parametrize(
    "text",
    [
        "https://zuora.invalid http://127.0.0.1:1 {ca}",
        "https://127.0.0.1:1 http://zuora.invalid {ca}",
        "{http} {http} {ca}",
        "https://127.0.0.1:1 http://127.0.0.1:1 /nowhere.pem",
        "on",
    ],
)
def test_variable_that_names_no_sandbox_here_lets_nothing_out(serve: Any, ca_file: Path, text: str) -> None:
    server: Server = serve(session())
    program = f"""{PRELUDE}
from zuora_connect import connect
from zuora_connect.testing import LoginBlocked
try:
    connect("user", "password", base_url={server.url!r})
except LoginBlocked as error:
    assert "password" not in str(error)
else:
    raise AssertionError
"""
    run(program, **{VARIABLE: text.format(ca=ca_file, http=server.url)})
    assert server.requests == []


def test_nobody_who_takes_the_sandboxs_port_gets_a_login(serve: Any, ca_file: Path) -> None:
    """Its certificate is not of the one CA that counts."""
    server: Server = serve(session(), tls=tls_context(CA()))
    program = f"""{PRELUDE}
from zuora_connect import connect, errors
try:
    connect("user", "password", environment="eu")
except errors.TLSError:
    pass
else:
    raise AssertionError
"""
    run(program, **{VARIABLE: f"{server.url} http://127.0.0.1:1 {ca_file}"})
    assert server.requests == []


# ---- what is shown


def test_request_says_what_was_asked_for(zuora: Zuora) -> None:
    connect(
        environment="PROD_EU",
        ca_file="/etc/company/ca.pem",
        ca_dir=Path("/etc/company"),
        client_cert="/c.pem",
        client_key="/k.pem",
        proxy="http://proxy.invalid:3128",
        track_id="order-7",
    )
    (request,) = zuora.requests
    assert (request.method, request.path, request.query, request.body) == ("POST", "/v1/connections", "", b"{}")
    assert (request.environment, request.base_url) == ("eu", "https://rest.eu.zuora.com")
    assert (request.ca_file, request.ca_dir) == ("/etc/company/ca.pem", "/etc/company")
    assert (request.client_cert, request.client_key) == ("/c.pem", "/k.pem")
    assert request.proxy == "http://proxy.invalid:3128"
    assert request.headers["zuora-track-id"] == "order-7"
    assert not [name for name in request.headers if name.startswith("zuora-connect-")]


def test_request_says_nothing_that_was_not_asked_for(zuora: Zuora) -> None:
    connect(base_url="https://zuora.invalid/prefix/v1/")
    (request,) = zuora.requests
    assert (request.environment, request.base_url) == (None, "https://zuora.invalid/prefix")
    assert {request.ca_file, request.ca_dir, request.client_cert, request.client_key, request.proxy} == {None}


def test_request_shows_the_proxy_of_the_variables(zuora: Zuora, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    connect()
    assert zuora.requests[0].proxy == "http://proxy.invalid:3128"


def everything_of(request: Request) -> str:
    return " ".join([repr(request), repr(vars(request)), repr(pickle.dumps(request))])


def test_no_secret_is_recorded(zuora: Zuora) -> None:
    token = "T0ken-of-the-user"
    connection = connect(
        proxy=f"http://me:{PROXY_PASSWORD}@proxy.invalid:3128", authorization=f"Bearer {token}", environment="eu"
    )
    call(connection)
    shown = " ".join(map(everything_of, zuora.requests))
    secrets = [zuora.password, PROXY_PASSWORD, token, connection.cookies["ZSession"]]
    assert [secret for secret in secrets if str(secret) in shown] == []
    login, further = zuora.requests
    assert login.headers["apisecretaccesskey"] == "***"
    assert login.headers["authorization"] == "Bearer ***"
    assert login.proxy == "http://me:***@proxy.invalid:3128"
    assert further.headers["cookie"] == "ZSession=***"
    assert zuora.username not in repr(login)
    assert login.username == zuora.username
    assert zuora.password not in repr(zuora)


def test_list_of_requests_is_a_copy(zuora: Zuora) -> None:
    zuora.requests.append(zuora.requests)  # type: ignore[arg-type]
    assert zuora.requests == []


# ---- users and entities


def test_user_that_was_added_may_log_in(zuora: Zuora) -> None:
    assert not connect("billing@company.example", "word")["success"]
    zuora.add_user("billing@company.example", "word")
    assert connect("billing@company.example", "word")["success"]


def test_entity_that_was_added_may_be_entered(zuora: Zuora) -> None:
    identity = "2c92c0f9-0000-4f1a-9c3d-0123456789ab"
    with pytest.raises(errors.EntityError):
        connect(entity_ids=identity, check=True)
    zuora.add_entity(identity, "Subsidiary")
    assert connect(entity_ids=identity)["success"]
    assert connect(entity_id=identity.replace("-", ""))["success"]
    assert connect(entity_name="Subsidiary")["success"]


# ---- scripted behaviour


def test_refuse(zuora: Zuora) -> None:
    zuora.refuse()
    with pytest.raises(errors.AuthenticationError):
        connect(check=True)
    assert connect()["success"]


def test_refuse_by_case_and_in_ones_own_words(zuora: Zuora) -> None:
    zuora.refuse("no_api_permission", times=2)
    for _ in range(2):
        with pytest.raises(errors.AccessDenied):
            connect(check=True)
    zuora.refuse("refused_with_200", code=90000011, message="no {entry}")
    connection = connect()
    assert connection["reasons"] == [{"code": 90000011, "message": "no {entry}"}]
    assert len(zuora.requests) == 3
    with pytest.raises(ValueError, match="account_locked"):
        zuora.refuse("no_such_case")


def test_rate_limit(zuora: Zuora) -> None:
    zuora.rate_limit(5)
    with pytest.raises(errors.RateLimited) as caught:
        connect(retries=0, check=True)
    assert caught.value.retry_after == 5
    assert "retry after 5 seconds" in str(caught.value)


def test_limit_concurrency(zuora: Zuora) -> None:
    zuora.limit_concurrency(2, seconds=7)
    zuora.delay(0.5 * PATIENCE)
    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(lambda _: connect(retries=0), range(6)))
    refused = [outcome for outcome in outcomes if not outcome["success"]]
    assert 3 <= len(refused) <= 4
    assert {(outcome["status"], outcome["retryAfter"]) for outcome in refused} == {(429, 7.0)}
    zuora.delay(0)
    zuora.limit_concurrency(0)
    assert connect(retries=0)["reasons"][0]["code"] == 50000070


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_fail_and_recover(zuora: Zuora, status: int) -> None:
    zuora.fail(status)
    assert connect()["success"]
    assert len(zuora.requests) == 2


@pytest.mark.parametrize(
    ("status", "error"), [(500, errors.ServerError), (403, errors.AccessDenied), (418, errors.BadAnswer)]
)
def test_fail_for_good(zuora: Zuora, status: int, error: type[errors.ZuoraError]) -> None:
    zuora.fail(status)
    with pytest.raises(error) as caught:
        connect(retries=0)
    assert caught.value.status == status


def test_delay(zuora: Zuora) -> None:
    zuora.delay(60)
    began = time.monotonic()
    with pytest.raises(errors.Timeout) as caught:
        connect(timeout=0.3)
    assert caught.value.phase == "wait"
    zuora.delay(0)
    assert connect()["success"]
    assert time.monotonic() - began < 10 * PATIENCE


def test_expire_sessions(zuora: Zuora) -> None:
    connection = connect()
    assert call(connection)["products"]
    zuora.expire_sessions()
    with pytest.raises(urllib.error.HTTPError) as caught:
        call(connection)
    assert caught.value.code == 401
    caught.value.close()


def test_cut_body(zuora: Zuora) -> None:
    zuora.cut_body()
    with pytest.raises(errors.BadAnswer, match="cut short"):
        connect()
    assert connect()["success"]


def test_answer(zuora: Zuora) -> None:
    zuora.answer(200, {"success": True, "processId": "A1"}, {"Set-Cookie": "ZSession={mine}", "X-Own": "1"})
    connection = connect()
    assert (connection["processId"], str(connection["sessionCookie"])) == ("A1", "ZSession={mine}")
    assert connection["headers"]["x-own"] == "1"
    zuora.answer(503, b"\xff")
    with pytest.raises(errors.ServerError):
        connect(retries=0)
    zuora.answer(299, "plain")
    with pytest.raises(errors.BadAnswer):
        connect()


def test_answer_of_another_path(zuora: Zuora) -> None:
    zuora.answer(201, {"id": 7}, path="/v1/accounts")
    assert call(connect(), "/v1/accounts?all=1", b'{"name": "x"}') == {"id": 7}
    request = zuora.requests[-1]
    assert (request.method, request.path, request.query, request.body) == (
        "POST",
        "/v1/accounts",
        "all=1",
        b'{"name": "x"}',
    )


def test_answers_are_given_in_the_order_of_the_script(zuora: Zuora) -> None:
    zuora.refuse("account_locked")
    zuora.fail(403)
    zuora.refuse("password_expired")
    assert "locked" in connect()["reasons"][0]["message"]
    with pytest.raises(errors.AccessDenied):
        connect()
    assert "expired" in connect()["reasons"][0]["message"]


@pytest.mark.parametrize(
    "script",
    [
        lambda zuora: zuora.rate_limit(-1),
        lambda zuora: zuora.rate_limit(0.5),
        lambda zuora: zuora.fail(200),
        lambda zuora: zuora.fail(times=0),
        lambda zuora: zuora.delay(-1),
        lambda zuora: zuora.limit_concurrency(-1),
        lambda zuora: zuora.answer(100),
        lambda zuora: zuora.answer(200, path="v1"),
        lambda zuora: zuora.answer(200, headers={"X": "\u20ac"}),
        lambda zuora: zuora.cut_body(times=True),
    ],
)
def test_script_that_makes_no_sense_is_refused_where_it_is_written(zuora: Zuora, script: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        script(zuora)
    assert connect()["success"]


# ---- from one test to the next


@pytest.fixture
def checked_warnings() -> Iterator[list[str]]:
    """What is warned of after the test, once the fixture that stands behind this one has ended."""
    said: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield said
    assert [str(warning.message) for warning in caught if warning.category is UnusedAnswer] == said


def test_answer_that_nothing_asked_for_is_warned_of(checked_warnings: list[str], zuora: Zuora) -> None:
    zuora.fail(502, times=2)
    zuora.answer(200, path="/v1/accounts")
    with pytest.raises(errors.ServerError):
        connect(retries=0)
    checked_warnings.append("nothing asked for zuora.fail(502), zuora.answer(200, path='/v1/accounts')")
