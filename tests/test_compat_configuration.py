"""Settings and time-outs of the generated Python client, as zuora_connect.compat takes them."""

from __future__ import annotations

import copy
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from generated_client import log_in
from proxies import tunnel_to
from servers import LOOPBACK, BlackHole, Server, http, session, then_silence

import zuora_connect.compat as zuora_client
from zuora_connect import errors

Serve = Callable[..., Server]


def test_pair_of_time_outs_bounds_connecting_and_the_whole(serve: Serve) -> None:
    with BlackHole() as hole:
        began = time.monotonic()
        with pytest.raises(errors.Timeout) as raised:
            log_in(hole.url, _request_timeout=(0.3, 30))
        assert time.monotonic() - began < 5
    assert raised.value.phase == "connect"
    began = time.monotonic()
    with pytest.raises(errors.Timeout) as raised:
        log_in(serve(then_silence(b"")), _request_timeout=(0.2, 0.3))
    assert 0.4 < time.monotonic() - began < 5
    assert raised.value.phase == "wait"


@pytest.mark.parametrize("unlimited", [None, 0, (None, None), (5, None), (None, 5)])
def test_no_time_out_leaves_the_librarys_own(serve: Serve, unlimited: Any) -> None:
    assert log_in(serve(session()), _request_timeout=unlimited).success


def test_configuration_says_whom_to_trust(serve: Serve, tls: Any, ca_file: Path) -> None:
    assert log_in(serve(session(), tls=tls), settings={"ssl_ca_cert": str(ca_file)}).success


def test_client_certificate_and_key_are_taken(tmp_path: Path) -> None:
    for name, named in (("cert_file", "client_cert"), ("key_file", "client_key")):
        with pytest.raises(ValueError, match=named):
            log_in("https://127.0.0.1:1", settings={name: str(tmp_path / "missing.pem")})


def test_only_the_proxy_of_the_configuration_is_used(
    serve: Serve, tls: Any, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve(session(), tls=tls)
    proxy = serve(tunnel_to(server.port))
    trust = {"ssl_ca_cert": str(ca_file)}
    monkeypatch.setenv("https_proxy", f"http://{LOOPBACK}:{proxy.port}")
    with pytest.raises(errors.ConnectError):
        log_in("https://no-such-host.invalid", settings=trust)
    assert not proxy.connections
    url = f"https://localhost:{server.port}"
    assert log_in(url, settings=trust | {"proxy": f"http://{LOOPBACK}:{proxy.port}"}).success
    assert len(proxy.connections) == 1


def test_verification_cannot_be_turned_off() -> None:
    configuration = zuora_client.Configuration()
    configuration.verify_ssl = True
    with pytest.raises(ValueError, match="ssl_ca_cert"):
        configuration.verify_ssl = False
    assert configuration.verify_ssl is True


@pytest.mark.parametrize("name", sorted(zuora_client.Configuration.absent))
def test_setting_that_would_do_nothing_is_refused(name: str) -> None:
    configuration = zuora_client.Configuration()
    with pytest.raises(AttributeError, match=rf"^{name}: .*(delete|give)"):
        setattr(configuration, name, False)
    with pytest.raises(AttributeError, match=rf"^{name}: .*(delete|give)"):
        getattr(configuration, name)


def test_setting_that_nobody_knows_is_refused() -> None:
    anything: list[Any] = [zuora_client.Configuration(), zuora_client.ApiClient()]
    for of in anything:
        with pytest.raises(AttributeError, match="has no attribute 'hots'"):
            of.hots = ""
        assert not hasattr(of, "hots")


@pytest.mark.parametrize("name", sorted(zuora_client.ApiClient.absent))
def test_attribute_that_a_login_would_not_obey_is_refused(name: str) -> None:
    with zuora_client.ApiClient() as client:
        with pytest.raises(AttributeError, match=rf"^{name}: "):
            setattr(client, name, "own")
        with pytest.raises(AttributeError, match=rf"^{name}: "):
            getattr(client, name)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"header_name": "X-Own", "header_value": "1"}, "header_name, header_value: .* delete the line"),
        ({"header_name": "apiSecretAccessKey", "header_value": "another"}, "no headers but its own"),
        ({"cookie": "ZSession=1"}, "^cookie: .*cookies"),
        ({"pool_threads": 4}, "pool_threads: .* delete the line"),
    ],
)
def test_argument_of_the_client_that_a_login_would_not_obey_is_refused(given: dict[str, Any], says: str) -> None:
    configuration = zuora_client.Configuration()
    with pytest.raises(TypeError, match=says):
        zuora_client.ApiClient(configuration, **given)
    assert zuora_client.ApiClient(configuration, **dict.fromkeys(given)).configuration is configuration


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda of: pickle.loads(pickle.dumps(of))])
def test_configuration_and_client_can_be_copied(copied: Callable[[Any], Any]) -> None:
    configuration = zuora_client.Configuration()
    configuration.host, configuration.retries = "https://one.example", 5
    twin = copied(zuora_client.ApiClient(configuration)).configuration
    assert (twin.host, twin.retries, twin.verify_ssl) == ("https://one.example", 5, True)
    twin = copied(configuration)
    twin.host = "https://two.example"
    assert (configuration.host, twin.retries) == ("https://one.example", 5)


def test_profile_has_no_part_in_a_login(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(session(), session())
    profiles = tmp_path / "zuora_connect/config.toml"
    profiles.parent.mkdir()
    profiles.touch(mode=0o600)
    profiles.write_text(f'[other]\nbase_url = "{server.url}"\nentity_name = "Elsewhere"\nretries = 11\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    for named in ("other", "missing"):
        monkeypatch.setenv("ZUORA_PROFILE", named)
        assert log_in(server).success
    assert [request.header("entityName") for request in server.requests] == [None, None]


def test_configuration_begins_with_zuoras_own_address() -> None:
    configuration = zuora_client.ConnectionsApi().api_client.configuration
    assert configuration.host == "https://rest.zuora.com"
    assert (configuration.username, configuration.proxy, configuration.ssl_ca_cert) == ("", None, None)


def test_host_that_was_not_found_is_not_replaced_by_another(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(session())
    monkeypatch.setenv("ZUORA_BASE_URL", server.url)
    for host, error in ((None, TypeError), ("", ValueError)):
        with pytest.raises(error):
            log_in("", settings={"host": host})
    assert not server.connections


def test_default_configuration_is_copied() -> None:
    default = zuora_client.Configuration()
    default.host = "https://one.example"
    try:
        zuora_client.Configuration.set_default(default)
        default.host = "https://two.example"
        assert zuora_client.ConnectionsApi().api_client.configuration.host == "https://one.example"
    finally:
        zuora_client.Configuration.set_default(None)
    assert zuora_client.Configuration().host == "https://rest.zuora.com"


def test_retries_are_the_configurations(serve: Serve) -> None:
    script = [http(503, "Retry-After: 0"), http(503, "Retry-After: 0"), session()]
    for retries, requests in ((0, 1), (1, 2), (None, 3)):
        server = serve(*script)
        if requests < len(script):
            with pytest.raises(zuora_client.ApiException):
                log_in(server, settings={"retries": retries})
        else:
            assert log_in(server, settings={"retries": retries}).success
        assert len(server.requests) == requests
