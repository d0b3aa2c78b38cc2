"""Hints say what to look at; whether the same call is worth another try is said by `.retryable` alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zuora_connect import errors

CORE = Path(__file__).parent.parent / "csrc/core/status.c"
OF_CLASSES = [kind.hint for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "hint")]
OF_CORE = re.findall(r"\[ZC_\w+\] = \{\"[^\"]*\",\s*\"([^\"]*)\"\}", CORE.read_text())


def test_all_hints_are_looked_at() -> None:
    assert len(OF_CLASSES) >= 12
    assert len(OF_CORE) == CORE.read_text().count("    [ZC_")


@pytest.mark.parametrize("hint", [*OF_CLASSES, *OF_CORE])
def test_no_hint_says_to_try_again_beside_a_flag_that_says_no(hint: str) -> None:
    assert "try again" not in hint.lower()
