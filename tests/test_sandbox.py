"""The sandbox, seen by clients that are not ours: http.client and raw TLS sockets."""

from __future__ import annotations

import gc
import http.client
import json
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from cheroot.server import HTTPServer
from client import PATIENCE

from zuora_connect import sandbox
from zuora_connect.sandbox import ANSWERS, Answer, _sessions
from zuora_connect.sandbox._sandbox import ENTITIES, Sandbox

FIXTURE = json.loads(Path(sandbox.__file__).with_name("answers.json").read_text())
ENTITY_ID, ENTITY_NAME = next(iter(ENTITIES.items()))
SECONDS = 10.0 * PATIENCE


@pytest.fixture
def zuora() -> Iterator[Sandbox]:
    with sandbox.start() as running:
        yield running


def address(zuora: Sandbox) -> tuple[str, int]:
    host, _, port = zuora.base_url.removeprefix("https://").partition(":")
    return host, int(port)


def client(zuora: Sandbox) -> http.client.HTTPSConnection:
    context = ssl.create_default_context(cafile=zuora.ca_file)
    return http.client.HTTPSConnection(*address(zuora), context=context, timeout=SECONDS)


def credentials(zuora: Sandbox, **more: str) -> dict[str, str]:
    return {"apiAccessKeyId": zuora.username, "apiSecretAccessKey": zuora.password} | more


class Got:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def session(self) -> str | None:
        for line in self.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            if name == "ZSession":
                return str(rest.partition(";")[0])
        return None

    @property
    def codes(self) -> list[int]:
        return [reason["code"] for reason in json.loads(self.body)["reasons"]]


def call(connection: http.client.HTTPSConnection, method: str, path: str, headers: dict[str, str]) -> Got:
    connection.request(method, path, "{}" if method == "POST" else None, headers)
    return Got(connection.getresponse())


def ask(zuora: Sandbox, method: str, path: str, headers: dict[str, str]) -> Got:
    connection = client(zuora)
    try:
        return call(connection, method, path, headers)
    finally:
        connection.close()


def login(zuora: Sandbox, **more: str) -> Got:
    return ask(zuora, "POST", "/v1/connections", credentials(zuora, **more))


def catalog(zuora: Sandbox, session: str | None) -> Got:
    return ask(zuora, "GET", "/v1/catalog/products", {"Cookie": f"AWSALB=x; ZSession={session}"} if session else {})


def raw_answer(zuora: Sandbox, request: bytes) -> tuple[str, list[tuple[str, str]], bytes]:
    """Status line, headers as spelt, and body of an answer on a connection that the request closes."""
    context = ssl.create_default_context(cafile=zuora.ca_file)
    with (
        socket.create_connection(address(zuora), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(request)
        data = b"".join(iter(lambda: tls.recv(65536), b""))
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines)]
    return status, headers, body


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


def test_one_connection_serves_many_logins(zuora: Sandbox) -> None:
    connection = client(zuora)
    connection.connect()
    kept = connection.sock
    for _ in range(50):
        assert call(connection, "POST", "/v1/connections", credentials(zuora)).status == 200
        assert connection.sock is kept
    connection.close()


def test_the_401_ends_its_connection(zuora: Sandbox) -> None:
    status, _, _ = raw_answer(zuora, b"POST /v1/connections HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status == "HTTP/1.1 401 Unauthorized"


def at_once(count: int, work: Callable[[], None]) -> None:
    barrier = threading.Barrier(count)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            barrier.wait(SECONDS)
            work()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_64_clients_at_once_get_64_sessions(zuora: Sandbox) -> None:
    sessions: list[str | None] = []

    def work() -> None:
        connection = client(zuora)
        for _ in range(5):
            sessions.append(call(connection, "POST", "/v1/connections", credentials(zuora)).session)
        connection.close()

    at_once(64, work)
    assert None not in sessions
    assert len(set(sessions)) == 320


def test_clients_that_are_silent_or_speak_no_tls_hold_nobody_up(zuora: Sandbox) -> None:
    silent = [socket.create_connection(address(zuora)) for _ in range(8)]
    silent[0].sendall(b"GET / HTTP/1.1\r\n\r\n")
    began = time.monotonic()
    assert login(zuora).status == 200
    assert time.monotonic() - began < 5
    for connection in silent:
        connection.close()


def test_clients_that_hang_up_are_not_news(
    zuora: Sandbox, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.create_connection(address(zuora)) as plain, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(plain, server_hostname="localhost")
    context = ssl.create_default_context(cafile=zuora.ca_file)
    with (
        socket.create_connection(address(zuora)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as tls,
    ):
        tls.sendall(b"POST /v1/connections HTTP/1.1\r\nContent-Length: 2\r\n\r\n{")
    zuora.close()
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []


def test_the_certificate_is_for_loopback_and_for_no_other_trust(zuora: Sandbox) -> None:
    context = ssl.create_default_context(cafile=zuora.ca_file)
    for name in ("localhost", "127.0.0.1", "::1"):
        with socket.create_connection(address(zuora)) as plain, context.wrap_socket(plain, server_hostname=name):
            pass
    for trust, name in ((context, "rest.zuora.com"), (ssl.create_default_context(), "localhost")):
        with socket.create_connection(address(zuora)) as plain, pytest.raises(ssl.SSLCertVerificationError):
            trust.wrap_socket(plain, server_hostname=name)


def test_close_is_prompt_and_leaves_nothing() -> None:
    zuora = sandbox.start()
    idle, silent = client(zuora), socket.create_connection(address(zuora))
    assert call(idle, "POST", "/v1/connections", credentials(zuora)).status == 200
    began = time.monotonic()
    zuora.close()
    zuora.close()
    assert time.monotonic() - began < 3
    assert not os.path.exists(os.path.dirname(zuora.ca_file))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address(zuora))
    idle.close()
    silent.close()
    with sandbox.start(port=address(zuora)[1]) as again:
        assert again.base_url == zuora.base_url
        assert login(again).status == 200


def test_twenty_sandboxes_one_after_the_other_leave_nothing_behind() -> None:
    def use_one() -> None:
        with sandbox.start() as zuora:
            assert login(zuora).status == 200

    use_one()
    threads, descriptors = threading.active_count(), len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        use_one()
    assert threading.active_count() == threads
    assert len(os.listdir("/proc/self/fd")) == descriptors
    gc.collect()
    assert not [thing for thing in gc.get_objects() if isinstance(thing, Sandbox | HTTPServer)]


def test_a_taken_port_is_an_os_error(zuora: Sandbox) -> None:
    with pytest.raises(OSError, match="in use"):
        sandbox.start(port=address(zuora)[1])


def test_bad_settings_are_value_errors() -> None:
    with pytest.raises(ValueError, match="users"):
        sandbox.start(users={})
    for seconds in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="session_seconds"):
            sandbox.start(session_seconds=seconds)


@pytest.mark.parametrize("library", ["trustme", "cheroot"])
def test_a_missing_library_says_which_extra_to_install(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "zuora_connect.sandbox._sandbox")
    monkeypatch.delitem(sys.modules, "zuora_connect.sandbox._server")
    with pytest.raises(ImportError, match=rf"{library}.*pip install 'zuora-connect\[sandbox\]'"):
        sandbox.start()


def test_the_password_is_in_no_repr(zuora: Sandbox) -> None:
    assert zuora.base_url in repr(zuora)
    assert zuora.password not in repr(zuora)


COMMAND = "import sys; from zuora_connect.sandbox import main; raise SystemExit(main(sys.argv[1:]))"


def python(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_told_to_stop(number: signal.Signals) -> None:
    process = python("-c", COMMAND, "--json")
    assert process.stdout
    facts = json.loads(process.stdout.readline())
    assert set(facts) == {"base_url", "ca_file", "username", "password"}
    assert login(SimpleNamespace(**facts)).status == 200  # type: ignore[arg-type]  # the same four names
    process.send_signal(number)
    assert process.communicate(timeout=SECONDS) == ("", "")
    assert process.returncode == 0
    assert not os.path.exists(facts["ca_file"])


def test_the_command_prints_for_people_too() -> None:
    process = python("-c", COMMAND)
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(5)]
    assert [line.split()[0] for line in lines] == ["base_url", "ca_file", "username", "password", "Stop"]
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=SECONDS) == ("", "")


def test_the_command_says_in_one_line_that_the_port_is_taken(zuora: Sandbox) -> None:
    process = python("-c", COMMAND, "--port", str(address(zuora)[1]))
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert "in use" in err


def test_a_forgotten_sandbox_keeps_no_process_alive_and_leaves_no_file() -> None:
    process = python("-c", "from zuora_connect import sandbox; print(sandbox.start().ca_file)")
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err) == (0, "")
    assert out.strip().endswith("ca.pem")
    assert not os.path.exists(out.strip())


def test_a_forked_child_leaves_its_parents_sandbox_alone() -> None:
    program = """
import os, sys, zuora_connect.sandbox
with zuora_connect.sandbox.start() as zuora:
    child = os.fork()
    if child == 0:
        sys.exit(7)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), os.path.exists(zuora.ca_file))
"""
    process = python("-W", "ignore::DeprecationWarning", "-c", program)
    assert process.communicate(timeout=SECONDS) == ("7 True\n", "")
