"""The pytest plugin of zuora_connect: the fixture `zuora` and the option `--zuora-offline`; see docs/testing.md.

pytest loads it wherever the package is installed, so it stands outside of the package, whose import loads the
extension, and imports nothing of it until a test asks for the fixture or somebody gives the option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zuora_connect.testing import Zuora
    from zuora_connect.testing._stage import Stage

VARIABLE = "ZUORA_CONNECT_TESTING"  # as in zuora_connect._diversion
OFFLINE = "offline"
IN_A_THREAD = r"error:[\s\S]*zuora_connect\.testing\.LoginBlocked:pytest.PytestUnhandledThreadExceptionWarning"
HELP = "let no test log in to Zuora: a login outside of the fixture `zuora` fails at once, in child processes too"

_guarded: WeakSet[pytest.Config] = WeakSet()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("zuora_connect").addoption("--zuora-offline", action="store_true", default=False, help=HELP)
    parser.addini("zuora_offline", type="bool", default=False, help=f"{HELP} (as --zuora-offline)")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before any file of the project runs."""
    _guard(early_config, early_config.known_args_namespace.zuora_offline)


def pytest_configure(config: pytest.Config) -> None:
    """For where a conftest.py names this plugin, which is too late for the hook above."""
    _guard(config, config.getoption("zuora_offline"))


def _guard(config: pytest.Config, is_asked_for: bool) -> None:
    if config in _guarded or not (is_asked_for or config.getini("zuora_offline")):
        return
    _guarded.add(config)
    config.addinivalue_line("filterwarnings", IN_A_THREAD)  # or the test passes, with a warning
    variables = pytest.MonkeyPatch()
    variables.setenv(VARIABLE, OFFLINE)
    config.add_cleanup(variables.undo)
    try:
        from zuora_connect._diversion import set_diversion
    except ImportError:
        return  # what cannot be imported cannot log in
    before = set_diversion(OFFLINE)

    def undo() -> None:
        set_diversion(before)

    config.add_cleanup(undo)


@pytest.fixture(scope="session")
def _zuora_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    try:
        from zuora_connect.testing._stage import Stage
    except ImportError as error:
        missing = error.name.partition(".")[0] if isinstance(error, ModuleNotFoundError) and error.name else None
        needs = f"needs {missing}: pip install 'zuora-connect[sandbox]'"
        cannot = f"cannot be used: {error}"
        said = f"the fixture `zuora` {cannot if missing in (None, 'zuora_connect') else needs}"
        # Without its cause, of which Python 3.15 looks for the package, and so imports it, when it prints a traceback.
        raise pytest.fail.Exception(said, pytrace=False) from None
    stage = Stage(tmp_path_factory.mktemp("zuora"))
    yield stage
    stage.close()


@pytest.fixture
def zuora(_zuora_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Zuora]:
    """A Zuora on this machine (zuora_connect.testing.Zuora), to which every login of the test goes."""
    with _zuora_stage.scene() as scene:
        for name, value in scene.variables.items():
            monkeypatch.setenv(name, value)
        for name in ("ZUORA_PROFILE", "ZUORA_ENVIRONMENT", "ZUORA_BASE_URL"):  # a developer's own
            monkeypatch.delenv(name, raising=False)
        for name in ("NO_PROXY", "no_proxy"):  # for the clients that go on with the session
            monkeypatch.setenv(name, "127.0.0.1", prepend=",")
        yield scene
