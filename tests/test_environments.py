"""Who and where: the table of environments, the variables, and which of them wins."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import pytest
from client import PASSWORD, USER
from servers import LOOPBACK, Server, session

import zuora_connect
from zuora_connect import ENVIRONMENTS, errors

Serve = Callable[..., Server]

TABLE = [
    ("us-1", "PROD_NA", "https://rest.na.zuora.com"),
    ("us-2", "PROD", "https://rest.zuora.com"),
    ("us-1-sandbox", "SBX_NA", "https://rest.sandbox.na.zuora.com"),
    ("us-2-sandbox", "SBX", "https://rest.apisandbox.zuora.com"),
    ("us-test", "CSBX", "https://rest.test.zuora.com"),
    ("eu", "PROD_EU", "https://rest.eu.zuora.com"),
    ("eu-sandbox", "SBX_EU", "https://rest.sandbox.eu.zuora.com"),
    ("eu-test", "CSBX_EU", "https://rest.test.eu.zuora.com"),
    ("ap", "PROD_AP", "https://rest.ap.zuora.com"),
    ("ap-test", "CSBX_AP", "https://rest.test.ap.zuora.com"),
]


def base_url_of(**options: Any) -> str:
    """Where a login goes, told by its error: the only way out is a proxy that does not listen."""
    with socket.socket() as nobody:
        nobody.bind((LOOPBACK, 0))
        proxy = f"http://{LOOPBACK}:{nobody.getsockname()[1]}"
        with pytest.raises(errors.ConnectError) as raised:
            zuora_connect.connect(USER, PASSWORD, proxy=proxy, retries=0, **options)
    assert raised.value.url is not None
    return raised.value.url.removesuffix("/v1/connections")


def test_table_is_zuoras() -> None:
    assert {slug: url for slug, _, url in TABLE} == ENVIRONMENTS
    assert list(ENVIRONMENTS) == [slug for slug, _, _ in TABLE]


@pytest.mark.parametrize(("slug", "sdk_name", "url"), TABLE)
def test_environment_is_a_slug_or_the_sdks_name_in_any_case(slug: str, sdk_name: str, url: str) -> None:
    for name in (slug, slug.upper(), sdk_name, sdk_name.lower(), sdk_name.title()):
        assert base_url_of(environment=name) == url


@pytest.mark.parametrize(
    ("wrong", "near"), [("us1", "us-1"), ("eu_sandbox", "eu-sandbox"), ("PROD_US", "PROD_NA"), ("ap-tset", "ap-test")]
)
def test_wrong_environment_lists_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(ValueError, match="environment") as raised:
        zuora_connect.connect(USER, PASSWORD, environment=wrong)
    assert near in str(raised.value)
    assert wrong not in str(raised.value)


def test_environment_like_none_lists_all() -> None:
    with pytest.raises(ValueError, match="environment") as raised:
        zuora_connect.connect(USER, PASSWORD, environment="§" * 100_000)
    assert all(slug in str(raised.value) for slug in ENVIRONMENTS)


def test_wrong_variable_is_named_like_its_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUORA_ENVIRONMENT", "eu-sandbux")
    with pytest.raises(ValueError, match=r"environment.*eu-sandbox"):
        zuora_connect.connect(USER, PASSWORD)
    monkeypatch.setenv("ZUORA_BASE_URL", "ftp://rest.example.com")
    with pytest.raises(ValueError, match="base_url"):
        zuora_connect.connect(USER, PASSWORD)
    monkeypatch.setenv("ZUORA_PASSWORD", "line end\n")
    with pytest.raises(ValueError, match="password") as raised:
        zuora_connect.connect(USER, environment="eu")
    assert "line end" not in str(raised.value)


@pytest.mark.parametrize("wrong", [b"eu", 1, True, ["eu"]])
def test_environment_is_text(wrong: Any) -> None:
    with pytest.raises(TypeError, match="environment"):
        zuora_connect.connect(USER, PASSWORD, environment=wrong)


def test_environment_and_base_url_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="environment, base_url"):
        zuora_connect.connect(USER, PASSWORD, environment="us-2", base_url="https://rest.zuora.com")


A, B, C = "https://a.example", "https://b.example", "https://c.example"


@pytest.mark.parametrize(
    ("variables", "arguments", "url"),
    [
        ({}, {}, "https://rest.zuora.com"),
        ({"ZUORA_ENVIRONMENT": "", "ZUORA_BASE_URL": ""}, {}, "https://rest.zuora.com"),
        ({"ZUORA_ENVIRONMENT": "PROD_EU"}, {}, "https://rest.eu.zuora.com"),
        ({"ZUORA_BASE_URL": A}, {}, A),
        ({"ZUORA_BASE_URL": A, "ZUORA_ENVIRONMENT": "eu"}, {}, A),
        ({"ZUORA_BASE_URL": A, "ZUORA_ENVIRONMENT": "nonsense"}, {}, A),
        ({"ZUORA_BASE_URL": "", "ZUORA_ENVIRONMENT": "eu"}, {}, "https://rest.eu.zuora.com"),
        ({"ZUORA_BASE_URL": A, "ZUORA_ENVIRONMENT": "eu"}, {"base_url": B}, B),
        ({"ZUORA_BASE_URL": A, "ZUORA_ENVIRONMENT": "eu"}, {"environment": "ap"}, "https://rest.ap.zuora.com"),
        ({"ZUORA_BASE_URL": "nonsense", "ZUORA_ENVIRONMENT": "nonsense"}, {"base_url": B}, B),
        ({"ZUORA_BASE_URL": "nonsense"}, {"environment": "eu"}, "https://rest.eu.zuora.com"),
    ],
)
def test_argument_beats_variables_and_the_url_beats_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], arguments: dict[str, str], url: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert base_url_of(**arguments) == url


def test_user_and_password_come_from_variables(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(session())
    monkeypatch.setenv("ZUORA_USERNAME", "variable-user")
    monkeypatch.setenv("ZUORA_PASSWORD", "variable-password")
    monkeypatch.setenv("ZUORA_BASE_URL", server.url)
    zuora_connect.connect()
    zuora_connect.connect("argument-user")
    zuora_connect.connect(password="argument-password")
    sent = [(request.header("apiAccessKeyId"), request.header("apiSecretAccessKey")) for request in server.requests]
    assert sent == [
        (b"variable-user", b"variable-password"),
        (b"argument-user", b"variable-password"),
        (b"variable-user", b"argument-password"),
    ]


@pytest.mark.parametrize("empty", [None, ""])
def test_missing_user_or_password_names_argument_and_variable(
    monkeypatch: pytest.MonkeyPatch, empty: str | None
) -> None:
    if empty is not None:
        monkeypatch.setenv("ZUORA_USERNAME", empty)
        monkeypatch.setenv("ZUORA_PASSWORD", empty)
    with pytest.raises(ValueError, match=r"username.*ZUORA_USERNAME"):
        zuora_connect.connect(password=PASSWORD)
    with pytest.raises(ValueError, match=r"password.*ZUORA_PASSWORD"):
        zuora_connect.connect(USER)


def test_empty_argument_is_not_filled_from_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZUORA_PASSWORD", "variable-password")
    with pytest.raises(ValueError, match="password"):
        zuora_connect.connect(USER, "", environment="eu")
