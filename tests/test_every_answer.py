"""connect() at the sandbox: what comes of every answer that it can give, one row each, and of its TLS and its users."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from client import login

from zuora_connect import Connection, errors, sandbox
from zuora_connect.sandbox import ANSWERS
from zuora_connect.sandbox._sandbox import Sandbox


@dataclass(frozen=True)
class Returned:
    """A dictionary comes back; `refusal` is what its check() raises, None for a session."""

    status: int
    refusal: type[errors.Refused] | None = None
    code: int | None = None
    wait: float | None = None


@dataclass(frozen=True)
class Raised:
    """connect() itself raises: the answer is not in Zuora's form, or says success and holds no session."""

    status: int
    error: type[errors.ZuoraError]


OUTCOMES: dict[str, Returned | Raised] = {
    "logged_in": Returned(200),
    "wrong_password": Returned(401, errors.AuthenticationError, 90000011),
    "refused_with_200": Returned(200, errors.Refused, 90000030),
    "entity_refused": Returned(200, errors.EntityError, 90000020),
    "two_entities": Returned(200, errors.EntityError, 90000020),
    "account_locked": Returned(401, errors.AuthenticationError, 90000011),
    "password_expired": Returned(401, errors.AuthenticationError, 90000011),
    "no_api_permission": Returned(403, errors.AccessDenied, 90000010),
    "wrong_data_center": Returned(401, errors.AuthenticationError, 90000011),
    "no_cookie": Raised(200, errors.BadAnswer),
    "rate_limited": Returned(429, errors.RateLimited, 70, wait=600.0),
    "concurrency_limited": Returned(429, errors.RateLimited, 50000070, wait=120.0),
    "server_failure": Raised(500, errors.ServerError),
    "forbidden_page": Raised(403, errors.AccessDenied),
    "uri_too_long_page": Raised(414, errors.BadAnswer),
    "bad_gateway_page": Raised(502, errors.ServerError),
    "unavailable_page": Raised(503, errors.ServerError),
    "gateway_timeout_page": Raised(504, errors.ServerError),
    "message_only": Raised(400, errors.BadAnswer),
    "capital_errors": Raised(400, errors.BadAnswer),
    "error_object": Raised(400, errors.BadAnswer),
    "method_refused": Returned(405, errors.Refused, 90000090),
    "session_refused": Returned(401, errors.AuthenticationError, 90000011),
    "catalog": Returned(200),
    "token": Raised(200, errors.BadAnswer),
    "token_refused": Raised(401, errors.AuthenticationError),
    "not_found": Returned(404, errors.Refused, 50000040),
}


@pytest.fixture(scope="module")
def zuora() -> Iterator[Sandbox]:
    with sandbox.start() as running:
        yield running


def log_in(zuora: Sandbox) -> Connection:
    return login(zuora.base_url, username=zuora.username, password=zuora.password, ca_file=zuora.ca_file)


def cases(kind: type[Returned | Raised]) -> list[str]:
    return [case for case, outcome in OUTCOMES.items() if isinstance(outcome, kind)]


def test_every_answer_of_the_sandbox_has_its_row() -> None:
    assert set(OUTCOMES) == set(ANSWERS)


@pytest.mark.parametrize("case", cases(Returned))
def test_answer_in_zuoras_form_is_returned(zuora: Sandbox, case: str) -> None:
    wanted = OUTCOMES[case]
    assert isinstance(wanted, Returned)
    zuora.next(case)
    connection = log_in(zuora)
    codes = [] if wanted.code is None else [wanted.code]
    assert connection["success"] is (wanted.refusal is None)
    assert connection["status"] == wanted.status
    assert connection["retryAfter"] == wanted.wait
    assert [reason["code"] for reason in connection["reasons"]] == codes
    assert (connection["sessionCookie"] is None) is (wanted.refusal is not None)
    if wanted.refusal is None:
        assert connection.check() is connection
        return
    with pytest.raises(errors.Refused) as raised:
        connection.check()
    assert type(raised.value) is wanted.refusal
    assert (raised.value.status, raised.value.code) == (wanted.status, wanted.code)
    assert getattr(raised.value, "retry_after", None) == wanted.wait
    assert raised.value.connection is connection


@pytest.mark.parametrize("case", cases(Raised))
def test_answer_without_zuoras_form_or_session_is_raised(zuora: Sandbox, case: str) -> None:
    wanted = OUTCOMES[case]
    assert isinstance(wanted, Raised)
    zuora.next(case)
    with pytest.raises(errors.ZuoraError) as raised:
        log_in(zuora)
    assert type(raised.value) is wanted.error
    assert raised.value.status == wanted.status
    assert getattr(raised.value, "connection", None) is None
    assert log_in(zuora)["success"] is True, "and it was that answer alone"


def test_ca_of_the_sandbox_makes_it_trusted_by_every_name_it_has(zuora: Sandbox) -> None:
    for host in ("127.0.0.1", "localhost"):
        base_url = zuora.base_url.replace("127.0.0.1", host)
        connection = login(base_url, username=zuora.username, password=zuora.password, ca_file=zuora.ca_file)
        assert connection.check().base_url == base_url


def test_without_its_ca_the_sandbox_is_told_nothing(zuora: Sandbox) -> None:
    zuora.next("refused_with_200")
    with pytest.raises(errors.TLSError) as raised:
        login(zuora.base_url, username=zuora.username, password=zuora.password)
    assert raised.value.issuer_unknown is True
    assert raised.value.retryable is False
    assert log_in(zuora)["success"] is False, "the answer still waited: no login had reached the sandbox"


def test_every_user_of_the_sandbox_has_a_session_of_their_own(zuora: Sandbox) -> None:
    zuora.users["søren@example.com"] = "pä ß w☃rd"
    sessions = set()
    for username, password in list(zuora.users.items()):
        connection = login(zuora.base_url, username=username, password=password, ca_file=zuora.ca_file)
        sessions.add(str(connection.check()["sessionCookie"]))
        refused = login(zuora.base_url, username=username, password=password + "x", ca_file=zuora.ca_file)
        assert refused["success"] is False
    assert len(sessions) == len(zuora.users) > 1
