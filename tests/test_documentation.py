"""What docs/ says in words agrees with the code: hints, classes, keys, addresses, and how a refusal gets its class."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from test_connection import answer

import zuora_connect
from zuora_connect import errors
from zuora_connect._retry import may_pass

DOCS = Path(__file__).parent.parent / "docs"
CLASSES = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type)
    and issubclass(kind, errors.ZuoraError)
    and kind not in (errors.ZuoraError, errors.NoAnswer)
]


def page(name: str) -> str:
    return (DOCS / name).read_text()


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_page_of_errors_gives_each_its_own_hint(kind: type[errors.ZuoraError]) -> None:
    (section,) = re.findall(rf"^### {kind.__name__}\n(.*?)(?=^##|\Z)", page("errors.md"), re.MULTILINE | re.DOTALL)
    assert re.findall(r"^> (.*)$", section, re.MULTILINE) == [kind.hint]


def test_page_of_errors_has_no_class_of_its_own() -> None:
    assert set(re.findall(r"^### (\w+)$", page("errors.md"), re.MULTILINE)) == {kind.__name__ for kind in CLASSES}


def test_page_of_errors_says_which_codes_are_worth_another_try() -> None:
    rows = re.findall(r"^\| (\d\d)(?: to (\d\d))? \| [^|]* \| (yes|no) \|$", page("errors.md"), re.MULTILINE)
    assert len(rows) == 11
    for first, last, worth_it in rows:
        for kind in range(int(first), int(last or first) + 1):
            passes = may_pass(200, [{"code": 50000000 + kind, "message": ""}])
            assert passes == (worth_it == "yes"), kind


def test_page_of_errors_names_the_phases() -> None:
    phases = re.search(r"`\.phase` says during what: ([\w ,]+)\.", page("errors.md"))
    assert phases is not None
    assert phases[1].replace(" or ", ", ") in (errors.Timeout.__doc__ or "").replace(" or ", ", ")


@pytest.mark.parametrize("path", ["reference.md", "../README.md"])
def test_table_of_keys_is_that_of_the_dictionary(path: str) -> None:
    table = re.findall(r"^\| (`[^|]*) \| [^|]* \| [^|]* \|$", page(path), re.MULTILINE)
    assert {key for cell in table for key in re.findall(r"`(\w+)`", cell)} == set(answer())


def test_every_parameter_is_explained() -> None:
    explained = re.findall(r"^  ([a-z_]+(?:, [a-z_]+)*):", zuora_connect.connect.__doc__ or "", re.MULTILINE)
    named = inspect.signature(zuora_connect.connect).parameters
    assert sorted(name for names in explained for name in names.split(", ")) == sorted(named)
