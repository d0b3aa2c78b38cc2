"""Bad input is refused before a socket opens; the message names the argument and never the value."""

from __future__ import annotations

import inspect
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme
from client import PASSWORD, USER, login
from servers import Server, session

import zuora_connect

Serve = Callable[..., Server]

SECRET = "marker"
ENTITIES = ["entity_id", "entity_name", "entity_ids"]
HEADERS = ["username", "password", *ENTITIES, "track_id", "authorization", "idempotency_key"]
FILES = ["ca_file", "ca_dir", "client_cert", "client_key"]
TEXTS = [*HEADERS, "base_url", "environment", "proxy", "client_key_password"]
FAULTS = {
    "CR": f"a{SECRET}\rb",
    "LF": f"a{SECRET}\nb",
    "CRLF": f"a{SECRET}\r\nX-Evil: 1",
    "NUL": f"a{SECRET}\0b",
    "space before": f" {SECRET}",
    "space after": f"{SECRET} ",
    "tab before": f"\t{SECRET}",
    "tab after": f"{SECRET}\t",
    "line end after": f"{SECRET}\n",
}


@pytest.fixture
def refuse(serve: Serve) -> Callable[..., pytest.ExceptionInfo[Exception]]:
    """Expects a call with these arguments to be refused without a connection, naming one of the arguments."""
    server = serve(session())

    def call(error: type[Exception], **options: Any) -> pytest.ExceptionInfo[Exception]:
        defaults: dict[str, Any] = {"username": USER, "password": PASSWORD}
        if "environment" not in options:
            defaults["base_url"] = server.url
        with pytest.raises((ValueError, TypeError)) as raised:
            zuora_connect.connect(**(defaults | options))
        assert type(raised.value) is error
        assert any(name in str(raised.value) for name in options), str(raised.value)
        assert SECRET not in f"{raised.value} {raised.value!r} {raised.value.args}"
        assert server.connections == []
        return raised

    return call


Refuse = Callable[..., pytest.ExceptionInfo[Exception]]


def as_value(name: str, text: str) -> str:
    """The faulty text, made a URL for an argument that wants one."""
    schemes = {"base_url": "https://", "proxy": "http://"}
    return text if text[0] in " \t" else schemes.get(name, "") + text


@pytest.mark.parametrize("name", [*TEXTS, *FILES])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_value_that_cannot_travel_is_refused(refuse: Refuse, name: str, fault: str) -> None:
    refuse(ValueError, **{name: as_value(name, fault)})


@pytest.mark.parametrize("name", [*HEADERS, *FILES, "base_url", "environment"])
def test_empty_text_is_refused(refuse: Refuse, name: str) -> None:
    refuse(ValueError, **{name: ""})


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("surrogate", ["\ud800", "\udfff", "\udc80"])
def test_lone_surrogate_is_refused_without_a_trace_of_the_value(refuse: Refuse, name: str, surrogate: str) -> None:
    raised = refuse(ValueError, **{name: as_value(name, f"{SECRET}{surrogate}x")})
    assert type(raised.value) is ValueError
    assert raised.value.__cause__ is None
    assert raised.value.__context__ is None


@pytest.mark.parametrize("name", [*TEXTS, *FILES])
@pytest.mark.parametrize("value", [b"marker", 5, 1.5, True, ["marker"], {"marker": 1}, object()])
def test_what_is_no_text_is_a_type_error(refuse: Refuse, name: str, value: Any) -> None:
    refuse(TypeError, **{name: value})


@pytest.mark.parametrize("name", TEXTS)
def test_path_is_no_text(refuse: Refuse, name: str) -> None:
    refuse(TypeError, **{name: Path(SECRET)})


@pytest.mark.parametrize("name", ["timeout", "connect_timeout"])
@pytest.mark.parametrize("value", [None, 0, -1, 0.0, -0.001, float("nan"), float("inf"), -float("inf"), 86401, 10**400])
def test_time_that_bounds_nothing_is_refused(refuse: Refuse, name: str, value: Any) -> None:
    refuse(ValueError, **{name: value})


@pytest.mark.parametrize("name", ["timeout", "connect_timeout"])
@pytest.mark.parametrize("value", [True, False, "30", b"30", [30], 3 + 0j])
def test_time_is_a_number(refuse: Refuse, name: str, value: Any) -> None:
    refuse(TypeError, **{name: value})


@pytest.mark.parametrize("value", [-1, 11, 10**30])
def test_retries_have_bounds(refuse: Refuse, value: int) -> None:
    refuse(ValueError, retries=value)


@pytest.mark.parametrize("value", [None, True, False, 1.0, "1"])
def test_retries_are_an_int(refuse: Refuse, value: Any) -> None:
    refuse(TypeError, retries=value)


@pytest.mark.parametrize(
    "track_id", ["t" * 65, "marker:x", "marker;x", 'marker"x', "marker'x", "märker", "marker\x7f\x80"]
)
def test_track_id_follows_zuoras_rule(refuse: Refuse, track_id: str) -> None:
    refuse(ValueError, track_id=track_id)


def test_idempotency_key_has_a_length(refuse: Refuse) -> None:
    refuse(ValueError, idempotency_key="k" * 256)


@pytest.mark.parametrize("left_out", [*ENTITIES, "none"])
def test_only_one_entity_argument(refuse: Refuse, left_out: str) -> None:
    refuse(ValueError, **{name: SECRET for name in ENTITIES if name != left_out})


BASE_URLS = [
    "marker.example.com",
    "//marker.example.com",
    "/v1",
    "ftp://marker.example.com",
    "file:///marker",
    "https:marker.example.com",
    "https:/marker.example.com",
    "https://",
    "https:///v1",
    "https://:443",
    "https://marker@host.example",
    "https://user:marker@host.example",
    "https://@host.example",
    "https://:@host.example",
    "https://host.example?",
    "https://host.example/?",
    "https://host.example/?marker=1",
    "https://host.example#",
    "https://host.example/#marker",
    "https://host.example/connections",
    "https://host.example/v1/connections",
    "https://host.example/v1/connections/",
    "https://host.example:99999",
    "https://host.example:marker",
    "https://host .example",
    "https://[::1",
    "https://[marker]",
    "http://marker.example.com",
    "http://rest.zuora.com",
    "http://localhost.marker.example",
    "http://127.0.0.1.marker.example",
    "http://127.example",
    "http://128.0.0.1",
    "http://10.0.0.1",
    "http://0.0.0.0",
    "http://[::2]",
    "http://[::ffff:10.0.0.1]",
    "http://localhost@marker.example",
]


@pytest.mark.parametrize("base_url", BASE_URLS)
def test_base_url_that_cannot_be_trusted_is_refused(refuse: Refuse, base_url: str) -> None:
    refuse(ValueError, base_url=base_url)


@pytest.mark.parametrize(
    "proxy",
    [
        "marker.example:3128",
        "//marker.example",
        "marker",
        "ftp://marker.example",
        "socks4://marker.example",
        "socks5://marker.example",
        "http://",
        "http://marker:marker@",
        "http://marker.example:99999",
        "http://user:4711/marker@127.0.0.1:3128",
        "http://marker/more@127.0.0.1:3128",
    ],
)
def test_proxy_that_is_none_is_refused(refuse: Refuse, proxy: str) -> None:
    refuse(ValueError, proxy=proxy, base_url="https://127.0.0.1:9")


def test_proxy_of_the_environment_with_a_slash_in_its_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "user:4711/marker@127.0.0.1:3128")
    with pytest.raises(ValueError, match="proxy: has a slash before its @") as raised:
        zuora_connect.connect(USER, PASSWORD, base_url="https://zuora.invalid")
    assert "marker" not in str(raised.value)


def test_http_never_goes_through_a_proxy(serve: Serve, refuse: Refuse) -> None:
    proxy = serve(session())
    refuse(ValueError, proxy=proxy.url)
    assert proxy.connections == []


def test_environment_and_base_url_exclude_each_other(refuse: Refuse) -> None:
    refuse(ValueError, environment="us-2", base_url="https://rest.zuora.com")


def test_unknown_environment_is_refused(refuse: Refuse) -> None:
    refuse(ValueError, environment="us-2-marker")


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_refused(refuse: Refuse, tmp_path: Path, name: str) -> None:
    refuse(ValueError, **{name: tmp_path / SECRET})
    refuse(ValueError, **{name: str(tmp_path / SECRET)})


@pytest.mark.parametrize("name", ["ca_file", "client_cert", "client_key"])
def test_directory_is_no_file(refuse: Refuse, tmp_path: Path, name: str) -> None:
    refuse(ValueError, **{name: tmp_path})


def test_file_is_no_directory(refuse: Refuse, ca_file: Path) -> None:
    refuse(ValueError, ca_dir=ca_file)


@pytest.mark.parametrize("name", ["ca_file", "client_cert"])
@pytest.mark.parametrize("content", ["", "marker", "-----BEGIN CERTIFICATE-----\nmarker\n-----END CERTIFICATE-----\n"])
def test_file_without_a_certificate_is_refused(refuse: Refuse, tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / "file.pem"
    path.write_text(content)
    refuse(ValueError, **{name: path})


def test_key_is_no_certificate(refuse: Refuse, ca: trustme.CA, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    ca.issue_cert("127.0.0.1").private_key_pem.write_to_path(path)
    refuse(ValueError, ca_file=path)
    refuse(ValueError, client_cert=path)


def test_client_key_wants_a_client_cert(refuse: Refuse, ca: trustme.CA, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    ca.issue_cert("127.0.0.1").private_key_pem.write_to_path(path)
    refuse(ValueError, client_key=path)


def test_unknown_argument_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        zuora_connect.connect(USER, PASSWORD, verify=False)  # type: ignore[call-arg]


def test_file_arguments_take_text_and_paths(
    serve: Serve, tls: ssl.SSLContext, ca_file: Path, ca: trustme.CA, tmp_path: Path
) -> None:
    server = serve(session(), tls=tls)
    path = tmp_path / "Grüße.pem"
    ca.issue_cert("client").private_key_and_cert_chain_pem.write_to_path(path)
    for kind in (str, Path):
        files = {"ca_file": kind(ca_file), "client_cert": kind(path), "client_key": kind(path)}
        assert login(server, **files)["success"] is True


def test_parameters_are_those_of_the_documentation() -> None:
    signature = inspect.signature(zuora_connect.connect)
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    assert kinds == [inspect.Parameter.POSITIONAL_OR_KEYWORD] * 2 + [inspect.Parameter.KEYWORD_ONLY] * 19
    defaults = {name: parameter.default for name, parameter in signature.parameters.items()}
    given = {name: default for name, default in defaults.items() if default is not None}
    assert given == {"timeout": 30.0, "connect_timeout": 10.0, "retries": 2, "check": False}
    assert set(defaults) >= {*TEXTS, *FILES}
    assert all(name in (zuora_connect.connect.__doc__ or "").partition("Who and where")[2] for name in defaults)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ((USER, PASSWORD, "us-2"), {}),
        ((USER, PASSWORD), {"pasword": SECRET}),
        ((USER, PASSWORD), {"username": SECRET}),
        ((USER,), {"username": SECRET, "password": PASSWORD}),
    ],
)
def test_arguments_that_do_not_fit_the_signature(arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match=r"^connect\(\) (takes|got) ") as raised:
        zuora_connect.connect(*arguments, **options)
    assert SECRET not in str(raised.value) and PASSWORD not in str(raised.value)


def test_names_of_arguments_may_be_made_at_run_time(serve: Serve) -> None:
    values = {"_".join(["base", "url"]): serve(session()).url, "".join(["pass", "word"]): PASSWORD}
    options: dict[str, Any] = {"username": USER, **values}
    assert zuora_connect.connect(**options)["success"] is True


def test_none_stands_for_what_is_not_given(serve: Serve) -> None:
    nothing: dict[str, Any] = dict.fromkeys({*TEXTS, *FILES} - {"username", "password", "base_url"})
    assert zuora_connect.connect(USER, PASSWORD, base_url=serve(session()).url, **nothing)["success"] is True


@pytest.mark.parametrize("error", [TypeError, OSError])
def test_error_of_a_path_is_its_own(error: type[Exception]) -> None:
    class Path:
        def __fspath__(self) -> str:
            raise error("its own")

    with pytest.raises(error, match=r"^its own$"):
        zuora_connect.connect(USER, PASSWORD, base_url="https://127.0.0.1:1", ca_file=Path())
