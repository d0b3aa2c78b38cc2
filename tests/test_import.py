"""What importing the package, and a login that works, bring into a program: nothing that neither needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from client import run_python
from servers import Server, session

Serve = Callable[..., Server]

IMPORT = """
before = set(sys.modules)
import zuora_connect
print(*sorted(set(sys.modules) - before))
"""
LOGIN = """
before = set(sys.modules)
import zuora_connect
zuora_connect.connect("user", "password", base_url=sys.argv[1])
print(*sorted(set(sys.modules) - before))
"""


@pytest.mark.parametrize("program", [IMPORT, LOGIN], ids=["import", "login"])
def test_nothing_is_imported_that_is_not_needed(serve: Serve, program: str) -> None:
    ran = run_python(f"import os\n{program}", serve(session()).url)
    imported = set(ran.stdout.split())
    assert "zuora_connect._core" in imported, ran.stderr
    assert {name for name in imported if not name.startswith("zuora_connect")} == set()
    assert (
        imported & {"zuora_connect.compat", "zuora_connect.sandbox", "zuora_connect._log", "zuora_connect._retry"}
        == set()
    )


def test_public_names_are_the_documented_ones() -> None:
    import zuora_connect

    names = {"ENVIRONMENTS", "Connection", "__version__", "build_info", "connect", "errors", "login"}
    assert set(zuora_connect.__all__) == names
    assert all(hasattr(zuora_connect, name) for name in names)


def test_build_info_says_what_a_login_runs_on() -> None:
    import zuora_connect

    info = zuora_connect.build_info()
    assert set(info) == {"package", "libcurl", "tls", "cjson", "wipes_libcurl", "ca_stores"}
    assert info["package"] == zuora_connect.__version__
    assert isinstance(info["wipes_libcurl"], bool)
    assert isinstance(info["ca_stores"], list)
    assert all(set(store) == {"kind", "path"} for store in info["ca_stores"])
