"""Clients that are not ours, at the running sandbox over TLS: each logs in, and each is refused.

Those that are generated from Zuora's description of this call cannot be installed from PyPI: here is what each sends.
"""

from __future__ import annotations

import http.client
import json
import shutil
import ssl
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from client import PATIENCE
from official_sdk import install, run
from services import Service, running_sandbox

UTF8 = "application/json; charset=utf-8"
SECONDS = 20.0 * PATIENCE
ENTITY = "2c92c0f9-5e8b-4f1a-9c3d-0123456789ab"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with running_sandbox() as running:
        yield running


@pytest.fixture(scope="module")
def sdk_python() -> Path:
    return install()


# The path that each generated client posts to, and its headers beside the two of the credentials.
GENERATED = {
    "Ruby SwaggerClient": ("/v1", "/connections", {"Content-Type": "application/json", "Accept": "application/json"}),
    "Go": ("", "/v1/connections", {"Content-Type": UTF8, "Accept": UTF8, "Accept-Encoding": "gzip"}),
    "Go with an entity": (
        "",
        "/v1/connections",
        {"Content-Type": UTF8, "Accept": UTF8, "Entityid": ENTITY.replace("-", "")},
    ),
    "C# ZuoraClient": (
        "",
        "/v1/connections",
        {
            "Content-Type": "application/json",
            "Accept": f"{UTF8}, application/json",
            "Zuora-Track-Id": "track-1",
            "Zuora-Entity-Ids": ENTITY,
            "Accept-Encoding": "gzip, deflate",
        },
    ),
    "Ruby Zuora": ("", "/v1/connections", {"Content-Type": UTF8, "Accept": UTF8, "entityName": "Example Entity"}),
}


def post(service: Service, path: str, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, dict[str, object]]:
    """A POST without a body, as generated clients send it where no body is described."""
    context = ssl.create_default_context(cafile=service.ca_file)
    connection = http.client.HTTPSConnection("127.0.0.1", service.port, context=context, timeout=SECONDS)
    try:
        connection.request("POST", path, headers=headers)
        answer = connection.getresponse()
        return answer, json.loads(answer.read())
    finally:
        connection.close()


@pytest.mark.parametrize("client", GENERATED)
def test_generated_client_logs_in(service: Service, client: str) -> None:
    base, path, headers = GENERATED[client]
    # net/http of Go spells headers its own way, and names are case-insensitive
    credentials = {"Apiaccesskeyid": service.facts["username"], "Apisecretaccesskey": service.facts["password"]}
    answer, body = post(service, base + path, headers | credentials)
    assert (answer.status, body) == (200, {"success": True})
    assert any(line.startswith("ZSession=") for line in answer.headers.get_all("Set-Cookie", []))
    assert answer.headers["RateLimit-Limit"]
    assert answer.headers["Zuora-Track-Id"] == headers.get("Zuora-Track-Id")


@pytest.mark.parametrize("client", GENERATED)
def test_generated_client_with_a_wrong_password_is_refused(service: Service, client: str) -> None:
    base, path, headers = GENERATED[client]
    credentials = {"apiAccessKeyId": service.facts["username"], "apiSecretAccessKey": "wrong"}
    answer, body = post(service, base + path, headers | credentials)
    assert (answer.status, body["success"]) == (401, False)
    assert answer.headers.get_all("Set-Cookie") is None


PYTHON_CLIENT = """
import json, sys
import urllib3

facts, password = json.loads(sys.argv[1]), sys.argv[2]
pool = urllib3.PoolManager(cert_reqs="CERT_REQUIRED", ca_certs=facts["ca_file"])
headers = {
    "Content-Type": "application/json; charset=utf-8",
    "Accept": "application/json; charset=utf-8",
    "User-Agent": "Swagger-Codegen/1.0.0/python",
    "apiAccessKeyId": facts["username"],
    "apiSecretAccessKey": password,
}
answer = pool.request("POST", facts["base_url"] + "/v1/connections", body=None, preload_content=False, headers=headers)
print(answer.status, json.loads(answer.data)["success"], "ZSession=" in str(answer.headers))
"""


@pytest.mark.parametrize(("password", "wanted"), [(None, "200 True True"), ("wrong", "401 False False")])
def test_generated_python_client_by_urllib3(
    service: Service, sdk_python: Path, password: str | None, wanted: str
) -> None:
    said = run(str(sdk_python), "-c", PYTHON_CLIENT, json.dumps(service.facts), password or service.facts["password"])
    assert said.strip() == wanted


SDK = """
import json, sys
import zuora_sdk
from zuora_sdk.exceptions import ApiException
from zuora_sdk.zuora_client import ZuoraClient

facts = json.loads(sys.argv[1])

def client(secret):
    configuration = zuora_sdk.Configuration(host=facts["base_url"])
    configuration.ssl_ca_cert = facts["ca_file"]
    made = ZuoraClient(facts["client_id"], secret, None, configuration)
    made.set_retry_config(1, 1)
    return made

good = client(facts["client_secret"])
good.initialize()
assert good.get_token_info()["access_token"], "no token"
products = zuora_sdk.ProductsApi(good.api_client).api_client.call_api(
    "GET", facts["base_url"] + "/v1/catalog/products", dict(good.get_default_headers())
)
print("catalog", products.status, json.loads(products.read())["success"])

bad = client("wrong")
try:
    zuora_sdk.OAuthApi(bad.api_client).create_token(facts["client_id"], "wrong", "client_credentials")
except ApiException as refused:
    print("refused", refused.status, json.loads(refused.body)["message"])
bad.refresh_token()
print("token", bad.get_token_info()["access_token"])
"""


def test_official_sdk_logs_in_uses_its_token_and_is_refused_with_a_wrong_secret(
    service: Service, sdk_python: Path
) -> None:
    said = run(str(sdk_python), "-c", SDK, json.dumps(service.facts)).splitlines()
    assert said[0] == "catalog 200 True"
    assert said[1] == "refused 401 Authentication error"
    assert said[-1] == "token None"


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "client_credentials"},
        {"grant_type": "client_credentials", "client_id": "nobody", "client_secret": ""},
        {"grant_type": "password", "client_id": "{id}", "client_secret": "{secret}"},
    ],
)
@pytest.mark.usefixtures("c_compiler")  # curl, and so libcurl
def test_token_takes_a_known_client_and_the_one_grant(service: Service, form: dict[str, str]) -> None:
    known = {"id": service.facts["client_id"], "secret": service.facts["client_secret"]}
    fields = [("--data-urlencode", f"{name}={value.format_map(known)}") for name, value in form.items()]
    status, _ = curl(service, "/oauth/token", *chain.from_iterable(fields))
    assert status == 401


def curl(service: Service, path: str, *options: str) -> tuple[int, str]:
    """-> HTTP status, and body with headers."""
    program = shutil.which("curl")
    assert program, "./dev setup installs curl"
    common = ["--silent", "--show-error", "--include", "--cacert", service.ca_file, "--write-out", "\n%{http_code}"]
    said = run(program, *common, *options, service.base_url + path)
    text, _, status = said.rpartition("\n")
    return int(status), text


@pytest.mark.usefixtures("c_compiler")  # curl, and so libcurl
def test_plain_curl_logs_in_and_goes_on_with_the_session(service: Service, tmp_path: Path) -> None:
    jar = str(tmp_path / "cookies")
    name, password = service.facts["username"], service.facts["password"]
    headers = ["-H", f"apiAccessKeyId: {name}", "-H", f"apiSecretAccessKey: {password}"]
    json_body = ["-H", "Content-Type: application/json", "-d", "{}"]
    status, text = curl(service, "/v1/connections", *headers, *json_body, "--cookie-jar", jar)
    assert status == 200
    assert '{"success" : true}' in text
    assert curl(service, "/v1/catalog/products", "--cookie", jar)[0] == 200
    assert curl(service, "/v1/catalog/products")[0] == 401


@pytest.mark.usefixtures("c_compiler")  # curl, and so libcurl
def test_plain_curl_with_a_wrong_password_is_refused(service: Service) -> None:
    headers = ["-H", f"apiAccessKeyId: {service.facts['username']}", "-H", "apiSecretAccessKey: wrong"]
    status, text = curl(service, "/v1/connections", *headers, "-X", "POST")
    assert status == 401
    assert "90000011" in text
