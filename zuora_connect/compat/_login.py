"""One call of the generated client's as one connect(): its keywords become ours, and what came of it becomes its own.

What holds credentials lets go of them before an error leaves, so that no frame shows them.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from zuora_connect import _core
from zuora_connect.compat._async_result import AsyncResult
from zuora_connect.compat.api_client import ApiClient
from zuora_connect.compat.configuration import Configuration
from zuora_connect.compat.models import CommonResponseType
from zuora_connect.compat.rest import ApiException, Headers
from zuora_connect.errors import BadAnswer, Refused, TLSError

if TYPE_CHECKING:
    from zuora_connect._connection import Connection

    Info = tuple[CommonResponseType, int, Headers]
    RequestTimeout = float | tuple[float | None, float | None] | None

REQUIRED = ("api_access_key_id", "api_secret_access_key", "content_type")
SWITCHES = ("async_req", "_preload_content", "_request_timeout", "_return_http_data_only")
TEXTS = {
    "api_access_key_id": "username",
    "api_secret_access_key": "password",
    "zuora_entity_ids": "entity_ids",
    "entity_id": "entity_id",
    "entity_name": "entity_name",
    "zuora_track_id": "track_id",
    "authorization": "authorization",
}

CONNECT_SECONDS, READ_SECONDS = 10.0, 30.0  # for the part of a pair that sets no limit


def log_in(client: ApiClient, arguments: dict[str, Any]) -> Any:
    """Judge the arguments, which the caller empties, and log in. Returns what ConnectionsApi's methods return."""
    login = Login()
    try:
        judge_names(arguments)
        judge_content_type(arguments)
        if not arguments.get("_preload_content", True):
            raise ValueError("_preload_content: must be true, for the answer is always read and judged here")
        login.data_only = bool(arguments.get("_return_http_data_only"))
        login.options = settings(configuration_of(client)) | time_limits(arguments.get("_request_timeout"))
        login.options |= {ours: arguments.get(theirs) for theirs, ours in TEXTS.items()}
        return AsyncResult(login) if arguments.get("async_req") else login()
    except BaseException:
        login.options = None
        raise


def judge_names(arguments: dict[str, Any]) -> None:
    """TypeError for a keyword that the call does not have, ValueError for a required one that is missing or None."""
    for name in arguments:
        if name not in {*REQUIRED, *SWITCHES, *TEXTS}:
            raise TypeError(f"p_ost_connections() got an unexpected keyword argument {name!r}")
    for name in REQUIRED:
        if arguments.get(name) is None:
            raise ValueError(f"{name}: is missing")


def judge_content_type(arguments: dict[str, Any]) -> None:
    """ValueError unless it is application/json, in any case, with or without parameters such as a charset."""
    given = arguments["content_type"]
    fits = isinstance(given, str) and given.partition(";")[0].strip().lower() == "application/json"
    del given  # a password, if somebody mixed up the order
    if not fits:
        raise ValueError("content_type: must be application/json")


def configuration_of(client: ApiClient) -> Configuration:
    """TypeError for one of the generated package, whose headers, `debug` or `verify_ssl` would be passed over."""
    judge_class("api_client", client, ApiClient)
    judge_class("configuration", client.configuration, Configuration)
    return client.configuration


def judge_class(name: str, given: object, wanted: type) -> None:
    if not isinstance(given, wanted):
        kind = type(given)
        raise TypeError(
            f"{name}: must be zuora_connect.compat.{wanted.__name__}, not {kind.__module__}.{kind.__name__}"
        )


def settings(configuration: Configuration) -> dict[str, Any]:
    """The configuration in connect()'s words. TypeError for a host of None, which would mean another one there."""
    if not isinstance(configuration.host, str):
        raise TypeError(f"host: must be a str, not {type(configuration.host).__name__}")
    tries = {} if configuration.retries is None else {"retries": configuration.retries}
    return tries | {
        "base_url": configuration.host,
        "ca_file": configuration.ssl_ca_cert or None,
        "client_cert": configuration.cert_file or None,
        "client_key": configuration.key_file or None,
        "proxy": configuration.proxy or "",
    }


def time_limits(given: RequestTimeout) -> dict[str, Any]:
    """`_request_timeout` in connect()'s words: a number is the whole time, a pair is (connect, read), both in seconds.

    None and 0 set no limit in the generated client; here they leave connect()'s own.
    """
    if not given:
        return {}
    if isinstance(given, int | float):
        return {"timeout": given}
    if not isinstance(given, tuple) or not all(isinstance(part, int | float | None) for part in given):
        raise TypeError("_request_timeout: must be a number or a pair of numbers (connect, read)")
    if len(given) != 2:
        raise ValueError("_request_timeout: must be a number or a pair (connect, read)")
    connecting = CONNECT_SECONDS if given[0] is None else given[0]
    reading = READ_SECONDS if given[1] is None else given[1]
    return {"connect_timeout": connecting, "timeout": connecting + reading}


class Login:
    """One login to make, once. It shows nothing of what it is made with, and lets go of it."""

    __slots__ = ("data_only", "options")

    def __init__(self) -> None:
        self.options: dict[str, Any] | None = None
        self.data_only = False

    def __call__(self) -> CommonResponseType | Info:
        options, self.options = self.options, None
        if options is None:
            raise RuntimeError("this login was begun or given up before")
        try:
            connection = answer_to(options)
        finally:
            options.clear()
        data = CommonResponseType.of(connection)
        return data if self.data_only else (data, connection["status"], headers_of(connection))


def answer_to(options: dict[str, Any]) -> Connection:
    """connect() apart from ZUORA_PROFILE, with every status beyond 2xx and every fault of TLS as an ApiException."""
    try:
        connection = _core.connect_apart(**options)
        if not is_success(connection["status"]):
            connection.check()
    except TLSError as error:
        raise ApiException(0, f"{type(error).__name__}\n{error}") from error
    except (Refused, BadAnswer) as error:
        if error.status is None or is_success(error.status):
            raise
        raise refusal(error, error.status) from error
    return connection


def is_success(status: int) -> bool:
    return 200 <= status <= 299


def refusal(error: Refused | BadAnswer, status: int) -> ApiException:
    """What the generated client raises for a status beyond 2xx, as far as the library keeps what came."""
    connection = getattr(error, "connection", None)
    body = None if connection is None else body_of(connection)
    headers = Headers({}) if connection is None else headers_of(connection)
    return ApiException(status, phrase(status), body, headers)


def phrase(status: int) -> str:
    """The standard's words for a status; empty if it has none. What the server wrote there is not kept."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def body_of(connection: Connection) -> str:
    """What Zuora said, as JSON of its own keys; what it did not send is left out."""
    said = {name: connection[name] for name in CommonResponseType.attribute_map.values()}
    return json.dumps({name: value for name, value in said.items() if value not in (None, [])})


def headers_of(connection: Connection) -> Headers:
    """The answer's headers, and of Set-Cookie the session: "ZSession=...", masked in its repr."""
    cookie = connection["sessionCookie"]
    return Headers(connection["headers"] | ({} if cookie is None else {"set-cookie": cookie}))
