"""What `zuora.requests` shows of calls by any client: by names, and what is secret wherever it stands."""

from __future__ import annotations

import json
import pickle
import time
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest
from client import PATIENCE, call

from zuora_connect import connect
from zuora_connect.testing import Request, Zuora

SECRET = "sEcReT"
PROXY_PASSWORD = "S3cret-of-the-proxy"
PASSWORD = 'päss wörd"&'


def sent(zuora: Zuora, path: str = "/v1/accounts", headers: dict[str, str] | None = None, body: bytes = b"") -> Request:
    request = urllib.request.Request(zuora.base_url + path, body, headers or {}, method="POST")
    try:
        urllib.request.urlopen(request, timeout=10 * PATIENCE).close()
    except urllib.error.HTTPError as error:
        error.close()  # Python 3.14 tells of one that is left open
    return zuora.requests[-1]


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


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("ZSession", SECRET, "***"),
        ("Authorization", f"Bearer {SECRET}", "Bearer ***"),
        ("Authorization", f"{SECRET} {SECRET} {SECRET}", "***"),
        ("Authorization", SECRET, "***"),
        ("Proxy-Authorization", f"Basic {SECRET}", "Basic ***"),
        ("X-Zuora-Token", SECRET, "***"),
        ("X-Api-Key", SECRET, "***"),
        ("API_ACCESS_KEY", SECRET, "***"),
        ("Cookie", f"ZSession={SECRET}; other={SECRET}; {SECRET}", "ZSession=***; other=***; ***"),
        ("X-Signature", SECRET, "***"),
        ("Idempotency-Key", "order-7", "order-7"),
        ("Zuora-Entity-Ids", "2c92c0f9-1111", "2c92c0f9-1111"),
        ("X-Forwarded-For", "10.0.0.1", "10.0.0.1"),
        ("Referer", f"http://x/?access_token={SECRET}&n=1", "http://x/?access_token=***&n=1"),
        ("Accept", "text/html;q=0.9, */*", "text/html;q=0.9, */*"),
    ],
)
def test_header_that_is_called_a_secret_is_masked(zuora: Zuora, name: str, value: str, shown: str) -> None:
    assert sent(zuora, headers={name: value}).headers[name.lower()] == shown


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (f"access_token={SECRET}", "access_token=***"),
        (
            f"pass%77ord={SECRET}&pin={SECRET}&userPin={SECRET}&spinner=1",
            "pass%77ord=***&pin=***&userPin=***&spinner=1",
        ),
        (f"data={quote(json.dumps({'password': SECRET}))}&n=1", "data=***&n=1"),
        (f"page=2&clientSecret={SECRET}&n=1", "page=2&clientSecret=***&n=1"),
        (f"PASSWORD={SECRET};x=1", "PASSWORD=***;x=1"),
        ("page=2&accountKey=A-1&filter[]=a", "page=2&accountKey=A-1&filter[]=a"),
    ],
)
def test_parameter_that_is_called_a_secret_is_masked(zuora: Zuora, query: str, shown: str) -> None:
    assert sent(zuora, f"/v1/accounts?{query}").query == shown


def test_parameter_of_a_path_that_is_called_a_secret_is_masked(zuora: Zuora) -> None:
    assert sent(zuora, f"/v1/accounts;jsessionid={SECRET}?n=1").path == "/v1/accounts;jsessionid=***"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f'{{"password": "{SECRET}", "n": 1}}', '{"password": "***", "n": 1}'),
        (f'[{{"auth": {{"sessionId": ["{SECRET}", {{"a": "{SECRET}"}}]}}}}]', '[{"auth": {"sessionId": "***"}}]'),
        (f'{{"password":"{SECRET}"}}\n{{"token":"{SECRET}"}}', '{"password***'),
        (f'{{"name": "password", "value": "{SECRET}"}}', '{"name": "password", "value": "***"}'),
        (f'{{"Key": "password", "Value": "{SECRET}"}}', '{"Key": "password", "Value": "***"}'),
        (f'{{"a": {{"password": "{SECRET}"}}, "a": 1}}', '{"a": {"password***'),
        (
            f'{{"pwd": "{SECRET}", "jwt": "{SECRET}", "compass": "north"}}',
            '{"pwd": "***", "jwt": "***", "compass": "north"}',
        ),
        (json.dumps({"a": json.dumps({"token": SECRET})}), json.dumps({"a": json.dumps({"token": "***"})})),
        (f"user: me\npassword: {SECRET}\n", "user: me\npassword***"),
        (f"user = me\nPASS = {SECRET}", "user = me\nPASS***"),
        (
            f'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n{SECRET}\r\n--b--',
            '--b\r\nContent-Disposition: form-data; name="password***',
        ),
        (f"<l><password><v>{SECRET}</v></password></l>", "<l><password***"),
        (f"grant_type=password&password={SECRET}&n=1", "grant_type=password&password=***&n=1"),
        (f"<l><ns1:password>{SECRET}</ns1:password></l>", "<l><ns1:password***"),
        ('{"accountKey" :"A-1",  "name":"Example"}', '{"accountKey" :"A-1",  "name":"Example"}'),
        ('{"name": "Secret Garden", "currency": "USD"}', '{"name": "Secret Garden", "currency": "USD"}'),
        ("no form at all", "no form at all"),
    ],
)
def test_field_that_is_called_a_secret_is_masked(zuora: Zuora, body: str, shown: str) -> None:
    assert sent(zuora, body=body.encode()).body == shown.encode()


def test_deepest_json_that_can_be_read_is_masked_and_recorded(zuora: Zuora) -> None:
    for depth in (300, 600, 900, 100_000):
        body = "[" * depth + f'{{"password": "{SECRET}"}}' + "]" * depth
        request = sent(zuora, f"/v1/{depth}", body=body.encode())
        assert request.path == f"/v1/{depth}"
        assert SECRET not in everything_of(request)


@pytest.mark.parametrize(
    "body",
    ["a=1&" + "b" * 40_000, "a=1&" + "b&" * 20_000, "x " * 20_000, "access_" * 6_000, '{"' * 20_000],
    ids=["name", "names", "words", "beginnings", "braces"],
)
def test_large_body_is_judged_in_a_moment(zuora: Zuora, body: str) -> None:
    began = time.monotonic()
    assert sent(zuora, "/v1/large", body=body.encode()).path == "/v1/large"
    assert time.monotonic() - began < 2 * PATIENCE


def test_body_that_is_no_text_is_shown_as_it_came(zuora: Zuora) -> None:
    assert sent(zuora, body=b"\xff\0\x80 \r\n").body == b"\xff\0\x80 \r\n"


@pytest.mark.parametrize(
    ("body", "shown"),
    [(PASSWORD, "***"), (quote(PASSWORD), "***"), (json.dumps({"note": PASSWORD}), '{"note": "***"}')],
)
def test_password_of_a_user_is_masked_wherever_it_stands(zuora: Zuora, body: str, shown: str) -> None:
    zuora.add_user("billing@company.example", PASSWORD)
    quoted = quote(PASSWORD)
    request = sent(zuora, f"/v1/{quoted}/x?note={quoted}", {"X-Note": quoted}, body.encode())
    assert (request.path, request.query, request.headers["x-note"]) == ("/v1/***/x", "note=***", "***")
    assert request.body.decode() == shown


@pytest.mark.parametrize("session", ["of-a-test", "{of-a-test}"])
def test_session_of_the_script_is_masked_wherever_it_stands(zuora: Zuora, session: str) -> None:
    zuora.answer(200, {"success": True}, {"Set-Cookie": f"ZSession={session}; Path=/"})
    assert connect().cookies["ZSession"] == session
    shown = sent(zuora, f"/v1/{session}?note={session}")
    assert (shown.path, shown.query) == ("/v1/***", "note=***")


def test_half_of_a_session_is_masked(zuora: Zuora) -> None:
    part = connect().cookies["ZSession"][:48]
    assert sent(zuora, f"/v1/accounts?note={part}").query == "note=***"


@pytest.mark.parametrize("user", [SECRET, f"{SECRET}:"])
def test_user_of_a_proxy_without_a_password_is_masked(zuora: Zuora, user: str) -> None:
    connect(proxy=f"http://{user}@proxy.invalid:3128")
    (login,) = zuora.requests
    assert login.proxy == "http://***@proxy.invalid:3128"


def test_session_is_masked_wherever_it_stands(zuora: Zuora) -> None:
    session = connect().cookies["ZSession"]
    shown = sent(
        zuora, f"/v1/{session}?note={session}", {"X-Note": f"a {session}"}, f'{{"note": "{session}"}}'.encode()
    )
    assert (shown.path, shown.query, shown.headers["x-note"]) == ("/v1/***", "note=***", "a ***")
    assert shown.body == b'{"note": "***"}'
    assert session[:20] not in everything_of(shown)
