"""The arrows of docs/architecture.md, read from the sources: all point down, and each danger stands in one file.

And what docs/security.md names is there.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("c_compiler")

ROOT = Path(__file__).parent.parent
CORE = sorted((ROOT / "csrc/core").glob("*.[ch]"))
BINDING = sorted((ROOT / "csrc/python").glob("*.[ch]"))
PACKAGE = sorted((ROOT / "zuora_connect").rglob("*.py"))

# The core from the ground up: a file includes what stands on its own floor or below.
FLOORS = (
    {"status", "clock", "wipe", "gate", "registers", "curl_version"},
    {"buffer", "environment"},
    {"secret", "values", "pem", "tls", "files", "base_url", "sockets", "date", "slice"}
    | {"json_strict", "json_string", "json_number"},
    {"proxy", "trust", "diversion", "answer", "header_lines", "verdict"},
    {"request"},
    {"options", "stores"},
    {"watch"},
    {"transfer"},
    {"pool"},
    {"library"},
)
# What reads an answer stands beside the transfers: it knows no libcurl, so any bytes can be given to it.
READERS = {"answer", "header_lines", "date", "verdict", "slice", "json_strict", "json_string", "json_number"}
GROUND = {"status", "clock", "wipe", "buffer", "secret"}

COMMENT_OR_TEXT = re.compile(r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)


def code(path: Path) -> str:
    """A C source without its comments and texts."""
    return COMMENT_OR_TEXT.sub('""', path.read_text())


def includes(path: Path) -> set[str]:
    return set(re.findall(r'^#include [<"]([^>"]+)[>"]', path.read_text(), re.MULTILINE))


def floor(unit: str) -> int:
    numbers = [number for number, units in enumerate(FLOORS) if unit in units]
    assert len(numbers) == 1, f"{unit} has no place in FLOORS yet"
    return numbers[0]


def users(pattern: str, paths: list[Path]) -> set[str]:
    """The names of the files whose code matches."""
    return {path.name for path in paths if re.search(pattern, code(path), re.MULTILINE)}


def name_of(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_includes_only_what_stands_below(path: Path) -> None:
    ours = {name for name in includes(path) if name.startswith(("core/", "python/"))}
    assert all(name.startswith("core/") for name in ours)
    units = {Path(name).stem for name in ours}
    assert {unit for unit in units if floor(unit) > floor(path.stem)} == set()
    if path.stem in READERS:
        assert units <= READERS | GROUND


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_knows_no_python(path: Path) -> None:
    assert "Python.h" not in includes(path)
    assert not re.search(r"\bPy[A-Z_]", code(path))


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_core_never_prints_asserts_or_aborts(path: Path) -> None:
    assert not re.search(r"\b(f?printf|f?puts|perror|assert|abort|exit)\s*\(", code(path))


@pytest.mark.parametrize("path", [path for path in CORE if path.stem in READERS], ids=name_of)
def test_readers_of_an_answer_know_no_libcurl(path: Path) -> None:
    assert not any(name.startswith("curl/") for name in includes(path))


def test_cjson_is_seen_by_one_file() -> None:
    assert {path.name for path in CORE + BINDING if "cjson/cJSON.h" in includes(path)} == {"verdict.c"}


def test_cjson_lookups_are_case_sensitive() -> None:
    assert not users(r"\bcJSON_GetObjectItem\b|\bcJSON_HasObjectItem\b", CORE)


def test_options_of_libcurl_are_set_in_one_file() -> None:
    assert users(r"\bcurl_easy_setopt\b", CORE + BINDING) == {"options.c"}


def test_libcurl_is_asked_for_its_version_in_one_file() -> None:
    assert users(r"\bcurl_version(_info)?\s*\(", CORE + BINDING) == {"curl_version.c"}


def test_variables_are_read_in_one_file() -> None:
    assert users(r"\b(secure_)?getenv\b|\benviron\b", CORE + BINDING) == {"environment.c"}


def test_nothing_waits_inside_libcurl() -> None:
    assert not users(r"\bcurl_easy_perform\b", CORE + BINDING)


def test_gil_is_given_up_in_one_file() -> None:
    assert users(r"\bPyEval_\w*Thread\b|\bPy_(BEGIN|END)_ALLOW_THREADS\b|\bPyGILState_", BINDING) == {"wait.c"}


def test_references_are_counted_by_the_running_python() -> None:
    assert {path.name for path in BINDING if "Python.h" in includes(path)} == {"api.h"}
    assert not users(r"\bPy_(X?INCREF|XNewRef|X?SETREF)\b", BINDING)


def test_binding_keeps_no_static_object() -> None:
    assert not users(r"^static\s+(const\s+)?Py\w*Object\s*\*?\s*\w+\s*(=|;|\[)", BINDING)


def imports(path: Path) -> set[str]:
    """What a file of the package imports when it is imported itself: not inside functions, not for types alone."""
    found: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return found


@pytest.mark.parametrize("name", ["errors.py", "_text.py"])
def test_what_the_extension_looks_up_imports_nothing_of_ours(name: str) -> None:
    assert not any(module.startswith("zuora_connect") for module in imports(ROOT / "zuora_connect" / name))


def looked_up(path: Path) -> set[str]:
    """The modules of the package that a file of the extension imports."""
    named = set(re.findall(r'"zuora_connect\.([\w.]*)"', path.read_text()))
    return {name for name in named if not name.startswith("_core")}


def test_extension_looks_up_what_a_login_needs_only() -> None:
    found = {path.name: looked_up(path) for path in BINDING if looked_up(path)}
    assert found == {
        "connect.c": {"_environments", "_login"},
        "connections.c": {"_log"},
        "divert.c": {"_diversion"},
        "credentials.c": {"_credentials", "_form"},
        "errors.c": {"errors"},
        "module.c": {"_connection"},
        "place.c": {"_environments"},
        "text.c": {"_text"},
    }


@pytest.mark.parametrize("name", ["compat", "sandbox", "testing", "_doctor"])
def test_a_login_never_imports_what_stands_beside_it(name: str) -> None:
    beside = {name, "testing"} if name == "sandbox" else {name}
    others = [path for path in PACKAGE if path.relative_to(ROOT / "zuora_connect").parts[0] not in beside]
    assert not [
        path.name for path in others if any(module.startswith(f"zuora_connect.{name}") for module in imports(path))
    ]


def test_one_module_diverts_logins() -> None:
    assert users(r"\b(divert|sandbox_ca_file)\(", PACKAGE) == {"_diversion.py"}


def names_in(name: str) -> set[str]:
    """The tests of a file of pytest's, or the parts of a driver of the core."""
    if name.endswith(".c"):
        return set(re.findall(r"^(\w+)\(void\)$", (ROOT / "tests/core" / name).read_text(), re.MULTILINE))
    [path] = [*ROOT.glob(f"tests/{name}"), *ROOT.glob(f"tests/wheel/{name}")]
    nodes = ast.walk(ast.parse(path.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_whatever_shows_a_promise_of_the_security_page_exists() -> None:
    page = (ROOT / "docs/security.md").read_text()
    named = set(re.findall(r"`(test_[^`:]*):*([^`]*)`", page))
    assert len(named) > 50
    there = {file: names_in(file) for file, _ in named}
    assert not [f"{file}::{test}" for file, test in sorted(named) if test not in there[file]]
    commands = re.findall(r"^\./dev (\w+)", (ROOT / "dev").read_text(), re.MULTILINE)
    assert set(re.findall(r"\./dev (\w+)", page)) <= set(commands)
