"""What the fixture `zuora` is: one line for each thing that a test wants of Zuora."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

from zuora_connect.sandbox import ANSWERS, Answer
from zuora_connect.sandbox._tenant import LOGIN_PATH

from ._request import Request
from ._scene import Line, Scene

REFUSALS = tuple(case for case, answer in ANSWERS.items() if b'"success":false' in answer.body)
PAGES = {
    ANSWERS[case].status: ANSWERS[case]
    for case in (
        "server_failure",
        "forbidden_page",
        "uri_too_long_page",
        "bad_gateway_page",
        "unavailable_page",
        "gateway_timeout_page",
    )
}

MOST = 10**9
MOST_TIMES = 10**5

_WITHOUT_HYPHENS = re.compile("[0-9a-fA-F]{32}")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)


class Zuora:
    """The sandbox of one test: every login of this process and of its children goes there.

    username, password: of its first user, whom the variables ZUORA_USERNAME and ZUORA_PASSWORD name as well.
    base_url: where calls with a session go, plain http, the same as `Connection.base_url`. variables: what a child
    process needs in its environment to be under the fixture too; `os.environ` holds them.

    Answers are scripted in a line: each call of `refuse`, `rate_limit`, `fail`, `cut_body` and `answer` adds what the
    next `times` logins get, whoever logs in; retries count. Then the sandbox judges users and entities again. What
    nothing asked for by the end of the test is warned of (`UnusedAnswer`). `delay` and `limit_concurrency` hold until
    they are changed. The next test begins afresh.
    """

    def __init__(
        self,
        scene: Scene,
        *,
        base_url: str,
        username: str,
        password: str,
        variables: dict[str, str],
        profiles: Path,
    ) -> None:
        self._scene = scene
        self._profiles = profiles
        self.base_url = base_url
        self.username = username
        self.password = password
        self.variables = variables

    def __repr__(self) -> str:
        return f"<Zuora sandbox of a test at {self.base_url}>"

    @property
    def requests(self) -> list[Request]:
        """What has arrived so far, in that order, without secrets."""
        return self._scene.requests()

    def add_user(self, username: str, password: str) -> None:
        """Let this user log in too."""
        _text("username", username)
        _text("password", password)
        self._scene.tenant.users[username] = password

    def add_entity(self, entity_id: str, name: str) -> None:
        """Let logins name this entity; `entity_id` with its hyphens."""
        _text("entity_id", entity_id)
        _text("name", name)
        if _WITHOUT_HYPHENS.fullmatch(entity_id):
            raise ValueError("entity_id: needs its hyphens, as in 2c92c0f9-1111-4f1a-9c3d-0123456789ab")
        self._scene.tenant.entities[entity_id] = name

    def write_profiles(self, toml: str) -> None:
        """Let logins of this test find these profiles: the text of a config.toml. Without it they find none."""
        _text("toml", toml)
        self._profiles.touch(mode=0o600)
        self._profiles.write_text(toml, encoding="utf-8")

    def refuse(
        self, case: str = "wrong_password", *, code: int | None = None, message: str | None = None, times: int = 1
    ) -> None:
        """Refuse the next logins in Zuora's form, as in one of `REFUSALS`: "account_locked", "no_api_permission", ...

        code, message: instead of that case's own. Raises ValueError for an unknown case.
        """
        if code is not None:
            _whole("code", code, 0, MOST)
        if message is not None:
            _text("message", message)
        if case not in REFUSALS:
            raise ValueError(f"case: is none of {', '.join(REFUSALS)}")
        answer = ANSWERS[case]
        body = json.loads(answer.body)
        changes = {"code": code, "message": message}
        body["reasons"][0].update({name: value for name, value in changes.items() if value is not None})
        self._script(f"refuse({case!r})", replace(answer, body=_as_json(body)), times)

    def rate_limit(self, seconds: int, *, times: int = 1) -> None:
        """Tell the next logins to wait: HTTP 429 with Zuora's code 70, and `retryAfter` is `seconds`.

        `connect()` waits and tries again if that fits in its `timeout`; with 0 it does so at once.
        """
        _whole("seconds", seconds, 0, MOST)
        answer = ANSWERS["rate_limited"].with_headers({"RateLimit-Reset": str(seconds)})
        body = answer.body.replace(b"600 seconds", b"%d seconds" % seconds)
        self._script(f"rate_limit({seconds})", replace(answer, body=body), times)

    def limit_concurrency(self, limit: int, *, seconds: int = 120) -> None:
        """From now on, refuse logins beyond `limit` at a time: HTTP 429, code 50000070, Retry-After `seconds`.

        0 refuses all. A login takes no time here unless `delay` says so.
        """
        _whole("limit", limit, 0, MOST)
        _whole("seconds", seconds, 0, MOST)
        self._scene.limit_wait = seconds
        self._scene.limit = limit

    def fail(self, status: int = 500, *, times: int = 1) -> None:
        """Answer the next logins with a failure that is not in Zuora's form: a gateway's page, for 500 plain text.

        status: 400 to 599. `connect()` tries again after 500, 502, 503 and 504, with back-off.
        """
        _whole("status", status, 400, 599)
        page = PAGES.get(status) or _answer(status, "<html></html>", {"Content-Type": "text/html"})
        self._script(f"fail({status})", page, times)

    def cut_body(self, *, times: int = 1) -> None:
        """Cut the body of the next logins' answers in half, and close the connection."""
        _whole("times", times, 1, MOST_TIMES)
        self._scene.add(Line(LOGIN_PATH, "cut_body()", is_cut=True), times)

    def answer(
        self,
        status: int,
        body: object = b"",
        headers: Mapping[str, str | int] | None = None,
        *,
        path: str = LOGIN_PATH,
        times: int = 1,
    ) -> None:
        """Answer the next logins, or the next calls of another path, with exactly this.

        body: bytes or str as they are, anything else as JSON. headers: beside Content-Length, and Content-Type unless
        they name one. path: such as "/v1/accounts", any method and query; the sandbox itself knows no other
        than "/v1/catalog/products".
        """
        _whole("status", status, 200, 599)
        _text("path", path)
        if not path.startswith("/") or "?" in path:
            raise ValueError("path: must begin with /, and have no query: calls are told apart by their path alone")
        said = f"answer({status})" if path == LOGIN_PATH else f"answer({status}, path={path!r})"
        self._script(said, _answer(status, body, headers or {}), times, path)

    def delay(self, seconds: float) -> None:
        """From now on, answer logins this much later; 0 ends it, `math.inf` is as long as the test."""
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise TypeError(f"seconds: must be an int or a float, not {type(seconds).__name__}")
        if not seconds >= 0:
            raise ValueError("seconds: must be at least 0")
        self._scene.delay = seconds

    def expire_sessions(self) -> None:
        """End all sessions now: the next call with one of them is refused with 401."""
        self._scene.tenant.sessions.expire()

    def _script(self, said: str, answer: Answer, times: int, path: str = LOGIN_PATH) -> None:
        _whole("times", times, 1, MOST_TIMES)
        answer.rendered()  # what cannot be sent raises here, and not in the server
        self._scene.add(Line(path, said, answer), times)


def _answer(status: int, body: object, headers: Mapping[str, str | int]) -> Answer:
    if not isinstance(headers, Mapping):
        raise TypeError(f"headers: must be a mapping, not {type(headers).__name__}")
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
    lines = {name: _header_value(name, value) for name, value in headers.items()}
    kind = {} if any(name.lower() == "content-type" for name in lines) else {"Content-Type": _type_of(body)}
    return Answer(status, reason, (*kind.items(), *lines.items(), ("Content-Length", "{length}")), _raw(body))


def _raw(body: object) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return _text("body", body)
    try:
        return _as_json(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise type(error)(f"body: is neither bytes, str nor JSON ({error})") from None


def _header_value(name: str, value: str | int) -> str:
    """As an `Answer` has it, where braces stand around what is filled in."""
    if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
        raise ValueError(f"headers: {name!r} is no name of a header")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"headers: {name} must be a str or an int, not {type(value).__name__}")
    text = str(value)
    if any(character in text for character in "\r\n\0"):
        raise ValueError(f"headers: {name} has a line end or NUL in its value")
    if max(text, default="") > "\xff":
        raise ValueError(f"headers: {name} has a character beyond Latin-1 in its value, which no header can carry")
    return text.replace("{", "{{").replace("}", "}}")


def _type_of(body: object) -> str:
    return "text/plain;charset=utf-8" if isinstance(body, bytes | str) else "application/json;charset=utf-8"


def _as_json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def _text(name: str, value: str) -> bytes:
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be a str, not {type(value).__name__}")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{name}: holds a lone surrogate, which UTF-8 cannot carry") from None


def _whole(name: str, value: int, least: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: must be an int, not {type(value).__name__}")
    if not least <= value <= most:
        raise ValueError(f"{name}: must be at least {least} and at most {most}")
