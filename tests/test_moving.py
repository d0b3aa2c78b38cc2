"""Examples in Python of docs/moving.md run against the sandbox, the generated client's with its two imports changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import zuora_connect.sandbox
from zuora_connect import compat
from zuora_connect.sandbox._sandbox import Sandbox
from zuora_connect.sandbox._tenant import ENTITIES

PAGE = (Path(__file__).parent.parent / "docs/moving.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
IMPORTS = {
    "import zuora_client\n": "import zuora_connect.compat as zuora_client\n",
    "from zuora_client.rest import ApiException\n": "from zuora_connect.compat.rest import ApiException\n",
}
[ORIGINAL] = [example for example in EXAMPLES if all(line in example for line in IMPORTS)]
ENTITY = next(iter(ENTITIES))


@pytest.fixture
def zuora(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox that is meant by whatever names no server."""
    with zuora_connect.sandbox.start() as running:
        monkeypatch.setenv("ZUORA_BASE_URL", running.base_url)
        monkeypatch.setenv("SSL_CERT_FILE", running.ca_file)
        configuration = compat.Configuration()
        configuration.host, configuration.ssl_ca_cert = running.base_url, running.ca_file
        compat.Configuration.set_default(configuration)
        yield running
        compat.Configuration.set_default(None)


def run(example: str, zuora: Sandbox) -> dict[str, object]:
    """What an example leaves behind."""
    for theirs, ours in IMPORTS.items():
        example = example.replace(theirs, ours)
    names: dict[str, object] = {
        "user": zuora.username,
        "password": zuora.password,
        "entity": ENTITY,
        "entity_without_hyphens": ENTITY.replace("-", ""),
    }
    exec(compile(example.replace("https://rest.zuora.com", zuora.base_url), "docs/moving.md", "exec"), names)
    return names


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_logs_in(zuora: Sandbox, number: int) -> None:
    names = run(EXAMPLES[number], zuora)
    made = [
        thing for thing in names.values() if isinstance(thing, zuora_connect.Connection | compat.CommonResponseType)
    ]
    assert made or not re.search(r"connections\(|connect\(", EXAMPLES[number])
    assert all(thing["success"] if isinstance(thing, zuora_connect.Connection) else thing.success for thing in made)


def test_the_documented_example_runs_with_its_two_imports_changed(
    zuora: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    run(ORIGINAL, zuora)
    assert capsys.readouterr().out == "{'process_id': None, 'reasons': None, 'success': True}\n"


def test_the_documented_example_prints_the_refusal(zuora: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    zuora.password = "wrong"
    run(ORIGINAL, zuora)
    first, second, headers, body = capsys.readouterr().out.rstrip("\n").split("\n")
    assert first == "Exception when calling ConnectionsApi->p_ost_connections: (401)"
    assert second == "Reason: Unauthorized"
    assert headers.startswith("HTTP response headers: {") and "zuora-request-id" in headers
    assert body.startswith("HTTP response body: {") and "90000011" in body


def test_examples_of_ours_print_the_refusal(zuora: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    zuora.password = "wrong"
    refused = [example for example in EXAMPLES if "errors.Refused as e" in example]
    assert refused
    for example in refused:
        run(example, zuora)
        assert "Zuora refused the login" in capsys.readouterr().out


@pytest.mark.parametrize("client", ["SwaggerClient", "`Zuora`", "Go", "ZuoraClient", "zuora_client"])
def test_each_generated_client_stands_beside_ours(client: str) -> None:
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    [section] = [section for section in sections if client in section.partition("\n")[0]]
    assert re.search(
        r"```(ruby|go|csharp|python)\n.*?```\n+.*?```python\n.*?zuora_connect\.connect\(", section, re.DOTALL
    )
