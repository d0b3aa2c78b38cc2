"""What a program that was written for the generated Python client meets in zuora_connect.compat."""

from __future__ import annotations

import importlib
import json
import pickle
import types
from collections.abc import Callable
from typing import Any

import pytest
from client import PASSWORD, USER
from generated_client import JSON, api_of, log_in
from servers import COOKIE, Action, Server, http, session, then_close, then_silence

import zuora_connect.compat as zuora_client
from zuora_connect import errors
from zuora_connect.compat.rest import ApiException, Headers

Serve = Callable[..., Server]

REFUSAL = http(
    401,
    "Zuora-Request-Id: r-1",
    body=b'{"success":false,"processId":"3F7EA3FD706C7E7C","reasons":[{"code":90000011,"message":"no"}]}',
)


def refused(server: Server) -> ApiException:
    with pytest.raises(ApiException) as raised:
        log_in(server)
    return raised.value


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("", "ConnectionsApi"),
        ("", "ApiClient"),
        ("", "Configuration"),
        ("", "CommonResponseType"),
        ("", "ApiException"),
        (".rest", "ApiException"),
        (".api", "ConnectionsApi"),
        (".api.connections_api", "ConnectionsApi"),
        (".api_client", "ApiClient"),
        (".configuration", "Configuration"),
        (".models", "CommonResponseType"),
        (".models.common_response_type", "CommonResponseType"),
    ],
)
def test_names_stand_where_the_generated_client_has_them(module: str, name: str) -> None:
    found = getattr(importlib.import_module(f"zuora_connect.compat{module}"), name)
    assert found is getattr(zuora_client, name)


def test_model_has_the_fields_that_zuora_sent(serve: Serve) -> None:
    body = b'{"success":true,"processId":"3F7EA3FD706C7E7C"}'
    data = log_in(serve(session("the-session", body=body)))
    assert (data.success, data.process_id, data.reasons) == (True, "3F7EA3FD706C7E7C", None)
    assert data.to_dict() == {"process_id": "3F7EA3FD706C7E7C", "reasons": None, "success": True}
    assert data.to_str() == repr(data) == "{'process_id': '3F7EA3FD706C7E7C', 'reasons': None, 'success': True}"


def test_models_are_equal_by_their_fields(serve: Serve) -> None:
    server = serve(session("one"), session("two"))
    first, second = log_in(server), log_in(server)
    assert first == second == zuora_client.CommonResponseType(success=True)
    assert first != zuora_client.CommonResponseType(success=False)
    assert first != first.to_dict()


def test_model_brings_the_session_and_shows_none_of_it(serve: Serve) -> None:
    data = log_in(serve(session(COOKIE)))
    assert data.connection.cookies == {"ZSession": COOKIE}
    shown = f"{data!r} {data} {data.connection!r} {vars(data)}"
    assert COOKIE not in shown and "ZSession=***" in shown


def test_http_info_is_data_status_and_headers(serve: Serve) -> None:
    api = api_of(serve(session(COOKIE, "Zuora-Request-Id: r-1")))
    data, status, headers = api.p_ost_connections_with_http_info(USER, PASSWORD, JSON)
    assert (data.success, status) == (True, 200)
    assert headers["Zuora-Request-Id"] == headers.get("zuora-request-id") == "r-1"
    assert "ZUORA-REQUEST-ID" in headers and headers.get("Zuora-Track-Id") is None
    assert headers["Set-Cookie"].split(";")[0] == f"ZSession={COOKIE}"
    assert COOKIE not in f"{headers!r} {headers} {dict(headers)}"
    assert api.p_ost_connections_with_http_info(USER, PASSWORD, JSON, _return_http_data_only=True) == data


def test_keywords_become_headers(serve: Serve) -> None:
    server = serve(session())
    log_in(server, zuora_entity_ids="e-1", zuora_track_id="t-1", authorization="Bearer token")
    log_in(server, entity_id="e1")
    log_in(server, entity_name="Name", zuora_entity_ids=None)
    names = ["Zuora-Entity-Ids", "Zuora-Track-Id", "Authorization", "entityId", "entityName"]
    sent = [[request.header(name) for name in names] for request in server.requests]
    assert sent == [
        [b"e-1", b"t-1", b"Bearer token", None, None],
        [None, None, None, b"e1", None],
        [None, None, None, None, b"Name"],
    ]
    first = server.requests[0]
    assert (first.header("apiAccessKeyId"), first.header("apiSecretAccessKey")) == (USER.encode(), PASSWORD.encode())
    assert (first.path, first.header("Content-Type")) == (b"/v1/connections", b"application/json")


@pytest.mark.parametrize(
    "given", ["Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8 "]
)
def test_content_type_is_json_in_any_spelling(serve: Serve, given: str) -> None:
    server = serve(session())
    assert api_of(server).p_ost_connections(USER, PASSWORD, given).success
    assert server.requests[0].header("Content-Type") == b"application/json"


BAD: dict[str, tuple[type[Exception], str, dict[str, Any]]] = {
    "user missing": (ValueError, "api_access_key_id", {"api_access_key_id": None}),
    "password missing": (ValueError, "api_secret_access_key", {"api_secret_access_key": None}),
    "content type missing": (ValueError, "content_type", {"content_type": None}),
    "no content type": (ValueError, "content_type", {"content_type": ""}),
    "another content type": (ValueError, "content_type", {"content_type": "text/json"}),
    "content type that is longer": (ValueError, "content_type", {"content_type": "application/json5"}),
    "content type that is no text": (ValueError, "content_type", {"content_type": 1}),
    "unknown keyword": (TypeError, "_check_return_type", {"_check_return_type": True}),
    "unread answer": (ValueError, "_preload_content", {"_preload_content": False}),
    "two entities": (ValueError, "entity", {"entity_id": "e1", "zuora_entity_ids": "e-1"}),
    "three time-outs": (ValueError, "_request_timeout", {"_request_timeout": (1, 2, 3)}),
    "list of time-outs": (TypeError, "_request_timeout", {"_request_timeout": [1, 2]}),
    "time-out that is text": (TypeError, "timeout", {"_request_timeout": "1"}),
    "negative time-out": (ValueError, "timeout", {"_request_timeout": -1}),
    "password with a line break": (ValueError, "password", {"api_secret_access_key": "a\nb"}),
}


@pytest.mark.parametrize(("error", "named", "given"), BAD.values(), ids=BAD.keys())
def test_wrong_argument_is_refused_before_anything_is_sent(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, error: type[Exception], named: str, given: dict[str, Any]
) -> None:
    monkeypatch.setenv("ZUORA_USERNAME", USER)
    monkeypatch.setenv("ZUORA_PASSWORD", PASSWORD)
    server = serve(session())
    right: dict[str, Any] = {"api_access_key_id": USER, "api_secret_access_key": PASSWORD, "content_type": JSON}
    for method in ("p_ost_connections", "p_ost_connections_with_http_info"):
        with pytest.raises(error, match=named):
            getattr(api_of(server), method)(**(right | given))
    assert not server.connections


def test_required_argument_that_is_left_out_is_a_value_error() -> None:
    api: Any = zuora_client.ConnectionsApi()
    with pytest.raises(ValueError, match="api_access_key_id"):
        api.p_ost_connections()
    with pytest.raises(ValueError, match="content_type"):
        api.p_ost_connections_with_http_info(USER, PASSWORD)


def test_status_beyond_2xx_is_an_api_exception(serve: Serve) -> None:
    error = refused(serve(REFUSAL))
    assert (error.status, error.reason) == (401, "Unauthorized")
    assert error.body is not None and error.headers is not None
    assert json.loads(error.body) == {
        "success": False,
        "processId": "3F7EA3FD706C7E7C",
        "reasons": [{"code": 90000011, "message": "no"}],
    }
    assert error.headers["Zuora-Request-Id"] == "r-1"
    assert isinstance(error.__cause__, errors.AuthenticationError)
    assert str(error).startswith("(401)\nReason: Unauthorized\nHTTP response headers: {")
    assert str(error).endswith(f"HTTP response body: {error.body}\n")


@pytest.mark.parametrize(
    ("answer", "status", "cause"),
    [
        (http(429, "Retry-After: 5", body=b"<html>"), 429, errors.RateLimited),
        (http(503, body=b"<html>"), 503, errors.ServerError),
        (http(404, body=b"<html>"), 404, errors.BadAnswer),
        (http(302, "Location: https://example.com/"), 302, errors.BadAnswer),
        (http(599), 599, errors.ServerError),
    ],
)
def test_page_is_an_api_exception_without_a_body(
    serve: Serve, answer: Action, status: int, cause: type[Exception]
) -> None:
    server = serve(answer)
    error = refused(server)
    assert (error.status, error.body, error.headers) == (status, None, Headers({}))
    assert type(error.__cause__) is cause
    assert len(server.requests) == 1


def test_refusal_with_2xx_is_returned(serve: Serve) -> None:
    data = log_in(serve(http(200, body=b'{"success":false,"reasons":[{"code":90000030,"message":"no"}]}')))
    assert (data.success, data.reasons) == (False, [{"code": 90000030, "message": "no"}])
    assert data.connection["sessionCookie"] is None


def test_success_without_a_session_is_no_login(serve: Serve) -> None:
    with pytest.raises(errors.BadAnswer):
        log_in(serve(http(200, body=b'{"success":true}')))


def test_no_answer_raises_the_librarys_own_errors(serve: Serve) -> None:
    with pytest.raises(errors.ConnectError):
        log_in(serve(then_close(b"")))
    with pytest.raises(errors.Timeout):
        log_in(serve(then_silence(b"")), _request_timeout=0.3)


def test_fault_of_tls_is_an_api_exception_of_status_0(serve: Serve, tls: Any) -> None:
    error = refused(serve(session(), tls=tls))
    assert (error.status, error.body, error.headers) == (0, None, None)
    assert (error.reason or "").startswith("TLSError\n")
    assert isinstance(error.__cause__, errors.TLSError)


def test_api_exception_can_be_pickled_and_made_by_hand() -> None:
    error = ApiException(status=429, reason="Too Many Requests", body="{}", headers=Headers({"Retry-After": "5"}))
    answer = types.SimpleNamespace(status=429, reason="Too Many Requests", data="{}", getheaders=lambda: error.headers)
    for made in (ApiException(429, "Too Many Requests", "{}", error.headers), ApiException(http_resp=answer)):
        assert str(made) == str(error)
    assert str(ApiException(None, None, answer)) == str(error)
    twin = pickle.loads(pickle.dumps(error))
    assert str(twin) == str(error) and twin.headers["RETRY-AFTER"] == "5"
    assert (twin.status, twin.reason, twin.body) == (429, "Too Many Requests", "{}")
    assert str(ApiException(0, "no")) == "(0)\nReason: no\n"
    assert (ApiException(0).body, ApiException(0).headers) == (None, None)


def test_objects_of_the_generated_package_are_refused(serve: Serve) -> None:
    """They would be half obeyed: its configuration says verify_ssl, its client has headers and a cookie."""
    server = serve(session())
    ours = api_of(server).api_client
    theirs = types.SimpleNamespace(host=server.url, verify_ssl=False, ssl_ca_cert=None, cert_file=None, key_file=None)
    theirs.proxy = theirs.retries = None
    clients: list[Any] = [
        zuora_client.ApiClient(theirs),  # type: ignore[arg-type]
        types.SimpleNamespace(configuration=ours.configuration, default_headers={"apiAccessKeyId": "another"}),
    ]
    for client in clients:
        with pytest.raises(TypeError, match=r"must be zuora_connect\.compat\.\w+, not types\.Simple"):
            zuora_client.ConnectionsApi(client).p_ost_connections(USER, PASSWORD, JSON)
    assert not server.connections
