"""Every example of README.md and docs/ runs as it stands, against the sandbox: only the network leads elsewhere.

Names under zuora.com lead to a server with a certificate for them, whose CA the child trusts; it hands every byte on to
the sandbox. proxy.example.com is a proxy. No other name leads anywhere.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import trustme
from client import PATIENCE
from fences import ELSEWHERE, ROOT, TESTED_BY, Example, examples, examples_of, pages, run, runs_elsewhere
from proxies import relay, tunnel_to
from servers import LOOPBACK, Peer, Server, tls_context

import zuora_connect.sandbox

HERE = Path(__file__).parent
USERS = {"api-user@example.com": "secret"}
ENTITIES = {"2c92c0f9-5e8b-4f1a-9c3d-0123456789ab": "Europe", "2c92c0f9-5e8b-4f1a-9c3d-fedcba987654": "America"}
OF_SANITIZERS = ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS", "PYTHONMALLOC")
ALL = examples()
RUN_HERE = [example for example in ALL if not runs_elsewhere(example)]


def to_sandbox(base_url: str, ca_file: str) -> Callable[[Peer], None]:
    """Speaks TLS again, with the sandbox, and carries bytes both ways."""
    context = ssl.create_default_context(cafile=ca_file)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # 1.3's tickets make a socket readable that has nothing to read

    def serve(peer: Peer) -> None:
        port = int(base_url.rpartition(":")[2])
        with context.wrap_socket(socket.create_connection((LOOPBACK, port)), server_hostname=LOOPBACK) as target:
            relay(peer.sock, target)

    return serve


@pytest.fixture(scope="module")
def diverted_names(c_compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("names") / "diverted_names.so"
    command = [
        *c_compiler,
        "-D_GNU_SOURCE",
        "-shared",
        "-fPIC",
        str(HERE / "diverted_names.c"),
        "-o",
        str(path),
        "-ldl",
    ]
    subprocess.run(command, check=True)
    return ":".join([*filter(None, [os.environ.get("LD_PRELOAD")]), str(path)])


def keep_profiles(folder: Path) -> None:
    """The file that docs/credentials.md shows."""
    (text,) = re.findall(r"^```toml\n(.*?)^```$", (ROOT / "docs/credentials.md").read_text(), re.MULTILINE | re.DOTALL)
    folder.mkdir(parents=True)
    path = folder / "config.toml"
    path.write_text(text)
    path.chmod(0o600)


@pytest.fixture(scope="module")
def network(
    diverted_names: str, ca: trustme.CA, ca_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The variables of a machine whose network leads to the sandbox, with the login of an API user."""
    home = tmp_path_factory.mktemp("home")
    keep_profiles(home / ".config/zuora_connect")
    with contextlib.ExitStack() as stack:
        sandbox = stack.enter_context(zuora_connect.sandbox.start(users=USERS, entities=ENTITIES))
        tls = tls_context(
            ca, "*.zuora.com", "*.apisandbox.zuora.com", "*.na.zuora.com", "*.eu.zuora.com", "*.ap.zuora.com"
        )
        zuora = stack.enter_context(Server(tls=tls, serve=to_sandbox(sandbox.base_url, sandbox.ca_file)))
        proxy = stack.enter_context(Server(tunnel_to(zuora.port)))
        yield {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "HOME": str(home),
            "PYTHON_KEYRING_BACKEND": "kept_keyring.Keyring",
            "KEPT_KEYRING": str(home / "keyring.json"),
            "LD_PRELOAD": diverted_names,
            "DIVERTED_NAMES": f"*.zuora.com:443={zuora.port} proxy.example.com:3128={proxy.port}",
            "ZUORA_USERNAME": sandbox.username,
            "ZUORA_PASSWORD": sandbox.password,
            "SSL_CERT_FILE": str(ca_file),
            "REQUESTS_CA_BUNDLE": str(ca_file),
            "PYTHONPATH": os.pathsep.join(
                [str(HERE), str(HERE / "stand_ins"), *filter(None, [os.environ.get("PYTHONPATH")])]
            ),
        } | {name: value for name, value in os.environ.items() if name in OF_SANITIZERS}


def on_page(page: Path, network: Mapping[str, str]) -> dict[str, str]:
    """Without what would let the examples of this page work although they were wrong."""
    environment = dict(network)
    if page.name == "proxy.md":  # nothing but the proxy leads anywhere
        environment["DIVERTED_NAMES"] = environment["DIVERTED_NAMES"].partition(" ")[2]
    if page.name == "own-ca.md":
        del environment["SSL_CERT_FILE"], environment["REQUESTS_CA_BUNDLE"]
    if page.name == "credentials.md":  # a profile and the keyring say who
        del environment["ZUORA_USERNAME"], environment["ZUORA_PASSWORD"]
    return environment


def run_in(folder: Path, example: Example, network: Mapping[str, str]) -> None:
    (folder / "company-ca.pem").write_bytes(Path(network["SSL_CERT_FILE"]).read_bytes())
    (folder / "password.txt").write_text(network["ZUORA_PASSWORD"])
    run(example, folder, on_page(example.page, network), 60 * PATIENCE)


@pytest.mark.parametrize("example", RUN_HERE, ids=lambda example: example.name)
def test_example_runs(example: Example, network: dict[str, str], tmp_path: Path) -> None:
    run_in(tmp_path, example, network)


@pytest.mark.parametrize(
    "text",
    [
        "```python\nimport zuora_connect\nzuora_connect.connect(password='wrong', check=True)\n```\n",
        "```python\nimport zuora_connect\nzuora_connect.connect(base_url='https://elsewhere.example.com')\n```\n",
        "```python\ndef test_it() -> None:\n    assert False\n```\n",
        "```python\nimport warnings\nwarnings.warn('old')\n```\n",
        "```sh\nfalse\ntrue\n```\n",
        "```console\n$ echo one\ntwo\n```\n",
        "- in a list\n\n  ```sh\n  exit 3\n  ```\n",
    ],
)
def test_example_that_is_wrong_is_found(text: str, network: dict[str, str], tmp_path: Path) -> None:
    source = tmp_path / "wrong.md"
    source.write_text(text)
    (example,) = examples_of(source)
    with pytest.raises(AssertionError):
        run_in(tmp_path, example, network)


def test_no_example_is_left_out() -> None:
    """Each fence that says it is a program is one, whatever its indent; what has another name is none."""
    for page in pages():
        fences = re.findall(r"^\s*```+\s*(\w[\w+-]*)", page.read_text(), re.MULTILINE)
        programs = [kind for kind in fences if kind in ("python", "sh", "console")]
        assert len(programs) == sum(example.page == page for example in ALL), page
        assert not {"py", "python3", "pycon", "bash", "shell", "zsh", "doctest", "ipython"} & set(fences), page
    assert len(RUN_HERE) > 15


def test_what_runs_elsewhere_is_still_shown() -> None:
    """A reason for a command that no example shows any more would be a hole."""
    shown = "".join(example.text for example in ALL if runs_elsewhere(example))
    assert [pattern for pattern in ELSEWHERE if not re.search(pattern, shown)] == []


def test_page_that_has_tests_of_its_own_has_them() -> None:
    for page, tests in TESTED_BY.items():
        assert (ROOT / "docs" / page).is_file()
        assert f"docs/{page}" in (HERE / tests).read_text()
