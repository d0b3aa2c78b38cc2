"""Log in to Zuora's REST API: `connect()` sends `POST /v1/connections` and returns the session; `login()` asks, too.

Not affiliated with Zuora.
"""

from zuora_connect import _core
from zuora_connect._connection import Connection
from zuora_connect._core import connect, login

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from zuora_connect import compat as compat
    from zuora_connect import errors as errors
    from zuora_connect import sandbox as sandbox
    from zuora_connect import testing as testing
    from zuora_connect._environments import ENVIRONMENTS

__all__ = ["ENVIRONMENTS", "Connection", "__version__", "build_info", "connect", "errors", "login"]
__version__ = _core.VERSION


def build_info() -> dict[str, object]:
    """Say what a login here runs on; worth quoting in a bug report. Opens no connection.

    Returns a dictionary of `package`, `libcurl`, `tls` and `cjson` (versions, as str), `wipes_libcurl` (bool: libcurl's
    own copies of the secrets are wiped too, which cannot be had where another module initialised libcurl first) and
    `ca_stores` (a list of `{"kind": "directory" or "bundle", "path": str}`, in the order in which a login without
    `ca_file` and `ca_dir` tries them).
    """
    return dict(_core.build_info())


def __getattr__(name: str) -> "ModuleType | dict[str, str]":
    """`ENVIRONMENTS` and the submodules are there without an import of their own, and cost nothing until used."""
    if name == "ENVIRONMENTS":
        from zuora_connect._environments import ENVIRONMENTS

        return ENVIRONMENTS
    if name in ("compat", "errors", "sandbox", "testing"):
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), "ENVIRONMENTS", "compat", "errors", "sandbox", "testing"})
