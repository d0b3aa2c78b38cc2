"""What the sandbox answers to whom, seen by a client that is not ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sandbox_client import Got, ask, catalog, client, credentials, login, raw_answer

from zuora_connect import sandbox
from zuora_connect.sandbox import ANSWERS, Answer, _sessions
from zuora_connect.sandbox._sandbox import Sandbox
from zuora_connect.sandbox._tenant import ENTITIES

FIXTURE = json.loads(Path(sandbox.__file__).with_name("answers.json").read_text())
ENTITY_ID, ENTITY_NAME = next(iter(ENTITIES.items()))


@pytest.fixture
def zuora() -> Iterator[Sandbox]:
    with sandbox.start() as running:
        yield running


def test_every_fact_of_the_fixture_says_how_sure_it_is() -> None:
    marks = {"reference", "recorded", "assumed", "unknown"}
    for case, entry in FIXTURE.items():
        assert set(entry) == {"about", "status", "headers", "body"}, case
        assert {entry["status"][2], entry["body"][1]} <= marks, case
        assert {mark for _, _, mark in entry["headers"]} <= marks, case


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_arrives_byte_for_byte_as_the_fixture_has_it(zuora: Sandbox, case: str) -> None:
    zuora.next(case)
    request = b"POST /v1/connections HTTP/1.1\r\nHost: x\r\nZuora-Track-Id: track-1\r\nConnection: close\r\n\r\n"
    status, headers, body = raw_answer(zuora, request)
    entry = FIXTURE[case]
    assert status == f"HTTP/1.1 {entry['status'][0]} {entry['status'][1]}"
    assert body == entry["body"][0].encode()
    wanted = [(name, value) for name, value, _ in entry["headers"] if "{balancer" not in value]
    got = [(name, value) for name, value in headers if not value.startswith("AWSALB=")]
    assert [name for name, _ in got] == [name for name, _ in wanted]
    for (name, value), (_, template) in zip(got, wanted, strict=True):
        known = {"{length}": str(len(body)), "{track_id}": "track-1"}
        if "{" not in template or template in known:
            assert value == known.get(template, template), name


def test_a_login_is_the_recorded_one(zuora: Sandbox) -> None:
    got = login(zuora)
    assert (got.status, got.body) == (200, b'{"success" : true}')
    assert got.headers["Content-Type"] == "application/json;charset=utf-8"
    assert got.headers["Cache-Control"] == "max-age=0, no-cache, no-store"
    assert len(got.headers["Zuora-Request-Id"]) == 36
    assert "Zuora-Track-Id" not in got.headers
    assert f"ZSession={got.session}; Path=/; Secure; HttpOnly" in got.headers.get_all("Set-Cookie", [])


def test_sessions_come_in_every_shape_and_never_twice(zuora: Sandbox) -> None:
    logins = [login(zuora) for _ in range(30)]
    sessions = [got.session or "" for got in logins]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+(%3D)?", session) for session in sessions)
    assert len(set(sessions)) == len(sessions)
    assert {len(session) for session in sessions} >= {256, 366}
    assert {session.startswith("-") for session in sessions} == {True, False}
    assert {session.endswith("%3D") for session in sessions} == {True, False}
    first_cookies = {got.headers.get_all("Set-Cookie", [])[0].partition("=")[0] for got in logins}
    assert first_cookies == {"ZSession", "AWSALB"}


@pytest.mark.parametrize(
    "wrong", [{"apiSecretAccessKey": "wrong"}, {"apiAccessKeyId": "nobody"}, {"apiSecretAccessKey": ""}]
)
def test_a_wrong_login_gets_the_recorded_401_and_no_session(zuora: Sandbox, wrong: dict[str, str]) -> None:
    got = login(zuora, **wrong)
    assert (got.status, got.codes, got.session) == (401, [90000011], None)
    assert got.headers["Connection"] == "close"
    assert "processId" not in json.loads(got.body)


def test_a_request_without_credentials_gets_the_same_401(zuora: Sandbox) -> None:
    assert ask(zuora, "POST", "/v1/connections", {}).codes == [90000011]


def test_text_beyond_ascii_is_utf_8(zuora: Sandbox) -> None:
    zuora.users["søren"] = "pä ß w☃rd"
    headers = {"apiAccessKeyId": "søren".encode(), "apiSecretAccessKey": "pä ß w☃rd".encode()}
    connection = client(zuora)
    connection.request("POST", "/v1/connections", b"{}", headers)
    assert Got(connection.getresponse()).status == 200
    connection.close()


@pytest.mark.parametrize(
    ("headers", "codes"),
    [
        ({"Zuora-Entity-Ids": ENTITY_ID}, None),
        ({"entityId": ENTITY_ID.replace("-", "")}, None),
        ({"entityName": ENTITY_NAME}, None),
        ({"Zuora-Entity-Ids": ENTITY_ID.replace("-", "")}, [90000020]),
        ({"entityId": "0" * 32}, [90000020]),
        ({"entityName": "Nowhere"}, [90000020]),
        ({"entityId": ENTITY_ID.replace("-", ""), "entityName": ENTITY_NAME}, [90000020]),
    ],
)
def test_only_entities_that_exist_are_entered(zuora: Sandbox, headers: dict[str, str], codes: list[int] | None) -> None:
    got = login(zuora, **headers)
    assert (got.session is None) is (codes is not None)
    assert codes is None or got.codes == codes


def test_an_entity_refusal_needs_the_right_password_first(zuora: Sandbox) -> None:
    assert login(zuora, apiSecretAccessKey="wrong", entityName="Nowhere").status == 401


def test_users_and_entities_can_be_given_and_added() -> None:
    with sandbox.start(users={"first": "one"}, entities={}) as zuora:
        assert (zuora.username, zuora.password) == ("first", "one")
        assert login(zuora, entityName="Late").codes == [90000020]
        zuora.entities["00000000-0000-4000-8000-000000000000"] = "Late"
        zuora.users["second"] = "two"
        assert login(zuora, apiAccessKeyId="second", apiSecretAccessKey="two", entityName="Late").status == 200


def test_the_track_id_is_echoed_and_request_ids_are_fresh(zuora: Sandbox) -> None:
    first, second = login(zuora, **{"Zuora-Track-Id": "order 66"}), login(zuora)
    assert first.headers["Zuora-Track-Id"] == "order 66"
    assert first.headers["Zuora-Request-Id"] != second.headers["Zuora-Request-Id"]


def test_the_catalog_wants_a_session_and_rolls_it(zuora: Sandbox) -> None:
    session = login(zuora).session
    got = catalog(zuora, session)
    assert (got.status, json.loads(got.body)["success"]) == (200, True)
    assert got.session not in (None, session)
    assert catalog(zuora, got.session).status == 200
    assert catalog(zuora, session).status == 200, "a client that keeps the cookie of its login goes on working"


@pytest.mark.parametrize("session", [None, "never-given"])
def test_the_catalog_refuses_who_has_no_session(zuora: Sandbox, session: str | None) -> None:
    got = catalog(zuora, session)
    assert (got.status, got.codes, got.session) == (401, [90000011], None)


def test_a_session_ends_when_it_was_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(_sessions, "time", SimpleNamespace(monotonic=lambda: now))
    with sandbox.start(session_seconds=900) as zuora:
        used, unused = login(zuora).session, login(zuora).session
        now = 899
        assert catalog(zuora, used).status == 200
        now = 901
        assert catalog(zuora, used).status == 200, "a call restarts the clock"
        assert catalog(zuora, unused).codes == [90000011]
        now = 1801
        assert catalog(zuora, used).codes == [90000011]


def test_expire_sessions_ends_them_all_but_not_later_ones(zuora: Sandbox) -> None:
    before = login(zuora).session
    zuora.expire_sessions()
    assert catalog(zuora, before).status == 401
    assert catalog(zuora, login(zuora).session).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_a_post_logs_in(zuora: Sandbox, method: str) -> None:
    got = ask(zuora, method, "/v1/connections", credentials(zuora))
    assert (got.status, got.session) == (405, None)


@pytest.mark.parametrize("path", ["/", "/connections", "/rest/v1/connections", "/v1/connections/", "/v1/connections2"])
def test_other_paths_are_not_found(zuora: Sandbox, path: str) -> None:
    got = ask(zuora, "POST", path, credentials(zuora))
    assert (got.status, got.session) == (404, None)
    assert got.codes[0] % 100 == 40


def test_head_sends_no_body(zuora: Sandbox) -> None:
    status, headers, body = raw_answer(zuora, b"HEAD /v1/nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert (status, body) == ("HTTP/1.1 404 Not Found", b"")
    assert int(dict(headers)["Content-Length"]) > 0


def test_scripted_answers_wait_in_line_and_then_logins_work_again(zuora: Sandbox) -> None:
    zuora.next("concurrency_limited", times=2, headers={"retry-after": "1", "X-New": "yes"})
    zuora.next(Answer(418, "Teapot", (("Content-Length", "{length}"),), b"short and stout"))
    first, second, third, fourth = (login(zuora) for _ in range(4))
    assert [(got.status, got.headers["Retry-After"], got.headers["X-New"]) for got in (first, second)] == [
        (429, "1", "yes")
    ] * 2
    assert (third.status, third.body) == (418, b"short and stout")
    assert fourth.status == 200


def test_an_unknown_case_is_refused_by_name(zuora: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"no such case: rate_limit;.* rate_limited"):
        zuora.next("rate_limit")
