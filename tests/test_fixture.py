"""The fixture `zuora`: where logins go while it is active, and what it shows of them."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from client import PATIENCE, PRELUDE, call
from servers import Server, session, tls_context
from trustme import CA

from zuora_connect import connect
from zuora_connect._diversion import VARIABLE
from zuora_connect.testing import Zuora

LOG_IN = """
from zuora_connect import connect
connect("api-user@example.com", {password!r}, environment="eu-sandbox", ca_file="/nowhere", check=True)
"""


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


@pytest.mark.parametrize(
    "url", ["https://REST.EU.zuora.com", "https://rest.eu.zuora.com:443/", "HTTPS://rest.eu.zuora.com/v1/"]
)
def test_environment_is_known_in_each_spelling_of_its_url(zuora: Zuora, url: str) -> None:
    connect(base_url=url)
    assert zuora.requests[0].environment == "eu"


def test_request_says_nothing_that_was_not_asked_for(zuora: Zuora) -> None:
    connect(base_url="https://zuora.invalid/prefix/v1/")
    (request,) = zuora.requests
    assert (request.environment, request.base_url) == (None, "https://zuora.invalid/prefix")
    assert {request.ca_file, request.ca_dir, request.client_cert, request.client_key, request.proxy} == {None}


def test_request_shows_the_proxy_of_the_variables(zuora: Zuora, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    connect()
    assert zuora.requests[0].proxy == "http://proxy.invalid:3128"


def test_list_of_requests_is_a_copy(zuora: Zuora) -> None:
    zuora.requests.append(zuora.requests)  # type: ignore[arg-type]
    assert zuora.requests == []
