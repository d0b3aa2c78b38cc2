"""`Connection.source` says where each value came from, and never what it is."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest
from client import PASSWORD, USER
from servers import Server, http, session

import zuora_connect
from zuora_connect import errors

Serve = Callable[..., Server]


def from_(username: str, password: str, base_url: str) -> dict[str, str]:
    return {"username": username, "password": password, "base_url": base_url}


def test_source_tells_arguments_from_variables(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    url = serve(session()).url
    assert zuora_connect.connect(USER, PASSWORD, base_url=url).source == from_("argument", "argument", "argument")
    monkeypatch.setenv("ZUORA_PASSWORD", PASSWORD)
    monkeypatch.setenv("ZUORA_BASE_URL", url)
    variables = from_("argument", "variable ZUORA_PASSWORD", "variable ZUORA_BASE_URL")
    assert zuora_connect.connect(USER).source == variables
    monkeypatch.setenv("ZUORA_USERNAME", USER)
    assert zuora_connect.connect().source["username"] == "variable ZUORA_USERNAME"


@pytest.mark.parametrize(
    ("environment", "source"), [("us-2", "variable ZUORA_ENVIRONMENT"), (None, "default")], ids=["variable", "default"]
)
def test_source_of_an_environment(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, environment: str | None, source: str
) -> None:
    if environment is not None:
        monkeypatch.setenv("ZUORA_ENVIRONMENT", environment)
    monkeypatch.setattr("zuora_connect._environments.DEFAULT_URL", url := serve(session()).url)
    monkeypatch.setitem(zuora_connect.ENVIRONMENTS, "us-2", url)
    assert zuora_connect.connect(USER, PASSWORD).source["base_url"] == source


def test_refusal_has_its_sources_too(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUORA_PASSWORD", PASSWORD)
    answer = http(401, body=b'{"success":false,"reasons":[{"code":90000011,"message":"no"}]}')
    with pytest.raises(errors.AuthenticationError) as raised:
        zuora_connect.connect(USER, base_url=serve(answer).url, check=True)
    assert raised.value.connection is not None
    assert raised.value.connection.source["password"] == "variable ZUORA_PASSWORD"


def test_copies_and_pickles_keep_the_source(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUORA_USERNAME", USER)
    connection = zuora_connect.connect(password=PASSWORD, base_url=serve(session()).url)
    told = from_("variable ZUORA_USERNAME", "argument", "argument")
    for twin in (connection.copy(), copy.copy(connection), copy.deepcopy(connection)):
        assert twin.source == told
    assert pickle.loads(pickle.dumps(connection)).source == told


def test_source_is_nobodys_to_change(serve: Serve) -> None:
    connection = zuora_connect.connect(USER, PASSWORD, base_url=serve(session()).url)
    connection.source["password"] = PASSWORD
    assert connection.source["password"] == "argument"
    assert USER not in repr(connection.source)


def test_connection_made_by_hand_has_no_source() -> None:
    assert zuora_connect.Connection({"sessionCookie": None}, base_url="https://a.example").source == {}
