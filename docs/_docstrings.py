"""Docstrings as the source has them, made what Sphinx reads; signatures with the types of the stub."""

import ast
import re
from pathlib import Path
from typing import Any

STUB = Path(__file__).parent.parent / "zuora_connect/_core.pyi"
HEADING = re.compile(r"[A-Z][^.]*:$")  # "How long, how often:", with its items indented below
SCHEME = re.compile(r"\b(\w+://)(?=[, ])")  # else taken for a link
ITEM = re.compile(r"  ([a-z_]+(?:, [a-z_]+)*): (.*)")


def setup(app: Any) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", rewrite)
    app.connect("autodoc-process-signature", sign)
    return {"parallel_read_safe": True}


def rewrite(app: object, what: str, name: str, obj: object, options: object, lines: list[str]) -> None:
    lines[:] = [SCHEME.sub(r"``\1``", line) for line in items_as_lists(code_as_code(lines))]


def items_as_lists(lines: list[str]) -> list[str]:
    """What is indented right below a heading is a list of parameters."""
    made: list[str] = []
    inside = False
    for line in lines:
        item = ITEM.match(line)
        if HEADING.match(line):
            inside = True
            made += [f"**{line.removesuffix(':')}**", ""]
        elif inside and item:
            names = ", ".join(f"``{name}``" for name in item[1].split(", "))
            made.append(f"- {names}: {item[2]}")
        elif inside and line.startswith("    "):
            made.append(f"  {line.strip()}")
        else:
            inside = False
            made.append(line)
    return made


def code_as_code(lines: list[str]) -> list[str]:
    """What is indented behind an empty line is code."""
    made: list[str] = []
    for line in lines:
        if line.startswith("    ") and made and not made[-1].strip():
            made += [".. code-block:: python", ""]
        made.append(line)
    return made


def sign(
    app: object, what: str, name: str, obj: object, options: object, signature: str | None, returns: str | None
) -> tuple[str, str | None] | None:
    if name == "zuora_connect.connect":
        return stub_signature("connect")
    if what == "exception" or name == "zuora_connect.Connection":
        return "", None  # raised and returned, not made by those who read this
    return None


def stub_signature(name: str) -> tuple[str, str]:
    functions = [node for node in ast.parse(STUB.read_text()).body if isinstance(node, ast.FunctionDef)]
    (function,) = [node for node in functions if node.name == name]
    assert function.returns is not None
    return f"({ast.unparse(function.args)})", ast.unparse(function.returns)
