"""Every example of docs/testing.md runs, and passes, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from client import PATIENCE

pytest_plugins = ["pytester"]

PAGE = (Path(__file__).parent.parent / "docs" / "testing.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: re.findall(r"def (test_\w+)", example)[0])
def test_example_runs(pytester: pytest.Pytester, example: str) -> None:
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\nzuora_offline = true\n")
    pytester.makepyfile(example)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "error", timeout=60 * PATIENCE)
    result.assert_outcomes(passed=len(re.findall(r"^def test_", example, re.MULTILINE)))


def test_every_line_of_the_fixture_has_its_example() -> None:
    from zuora_connect.testing import Zuora

    lines = [name for name, value in vars(Zuora).items() if callable(value) and not name.startswith("_")]
    assert len(lines) >= 9
    assert [name for name in lines if not any(f"zuora.{name}(" in example for example in EXAMPLES)] == []
