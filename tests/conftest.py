"""Fixtures that every test may use: a clean environment, scripted servers, and a CA that nobody else trusts."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import ssl
import subprocess
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from client import PASSWORD, USER
from debian_changelogs import Changelogs
from servers import Server, session, tls_context
from stalls import Stage

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # as for whatever a shell starts in the background; children inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


LEFT_OUT = {
    "test_no_memory.py": "its malloc() fails in turn, and a Python without the GIL allocates by mimalloc alone",
    "wheel/test_apart.py": "psycopg2 and pycurl have no wheel for a Python without the GIL",
}
collect_ignore = [*LEFT_OUT] if sysconfig.get_config_var("Py_GIL_DISABLED") else []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name in collect_ignore:
        terminalreporter.write_line(f"LEFT OUT {name}: {LEFT_OUT[name]}")


@pytest.hookimpl(tryfirst=True)  # before -m looks at the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks `source` whatever needs the source tree: it says nothing about a package that is installed."""
    for item in items:
        if "c_compiler" in getattr(item, "fixturenames", ()):
            item.add_marker("source")


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Variables say who logs in."""
    monkeypatch.setenv("ZUORA_USERNAME", USER)
    monkeypatch.setenv("ZUORA_PASSWORD", PASSWORD)


@pytest.fixture(scope="session")
def c_compiler() -> list[str]:
    """The C compiler, with libcurl and cJSON beside it. Whatever builds or reads C, or runs curl, asks for it."""
    return shlex.split(os.environ.get("CC", "cc"))


@pytest.fixture
def changelogs(tmp_path: Path) -> Changelogs:
    folder = tmp_path / "changelogs"
    folder.mkdir()
    return Changelogs(folder)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No variable, profile or keyring of the machine may change what a test sees."""
    for name in list(os.environ):
        if name.startswith(("ZUORA_", "SSL_CERT_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-profiles"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts scripted servers, which stop when the test ends."""
    with contextlib.ExitStack() as servers:
        yield lambda *script, **options: servers.enter_context(Server(*script, **options))


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="session")
def tls(ca: trustme.CA) -> ssl.SSLContext:
    """The server's side of TLS for 127.0.0.1 and localhost."""
    return tls_context(ca)


@pytest.fixture
def client_pem(ca: trustme.CA, tmp_path: Path) -> Path:
    """A client's certificate and key in one file."""
    path = tmp_path / "client.pem"
    ca.issue_cert("client@example.com").private_key_and_cert_chain_pem.write_to_path(path)
    return path


@pytest.fixture
def strict_server(serve: Callable[..., Server], ca: trustme.CA) -> Server:
    """Wants a certificate of its clients."""
    context = tls_context(ca)
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # where the handshake itself fails without one
    ca.configure_trust(context)
    return serve(session(), tls=context)


@pytest.fixture
def stage(
    serve: Callable[..., Server], tls: ssl.SSLContext, ca_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    with contextlib.ExitStack() as stack:
        yield Stage(serve, tls, ca_file, monkeypatch, stack)


@pytest.fixture(scope="session")
def preloaded(c_compiler: list[str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """LD_PRELOAD for a child in which the look-up of a name under .hangs never ends; a sanitizer has to stay first."""
    path = tmp_path_factory.mktemp("names") / "hanging_names.so"
    source = Path(__file__).parent / "hanging_names.c"
    subprocess.run([*c_compiler, "-D_GNU_SOURCE", "-shared", "-fPIC", source, "-o", path, "-ldl"], check=True)
    return ":".join([*filter(None, [os.environ.get("LD_PRELOAD")]), str(path)])


@pytest.fixture
def hanging_names(preloaded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_PRELOAD", preloaded)
