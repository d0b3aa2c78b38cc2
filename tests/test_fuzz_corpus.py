"""The corpus of `./dev fuzz`, played back: what once reached something new keeps all that the targets promise."""

from __future__ import annotations

import subprocess

import pytest
from core_build import builder
from fuzz import HERE, TARGETS, corpus_of, source_of

pytestmark = pytest.mark.usefixtures("c_compiler")


@pytest.mark.parametrize("target", TARGETS)
def test_every_input_of_the_corpus_keeps_the_promises(target: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    program = builder(tmp_path_factory.getbasetemp()).program(source_of(target))
    inputs = sorted(corpus_of(target).iterdir())
    done = subprocess.run([program, *inputs], capture_output=True, text=True, errors="replace", timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{len(inputs)} inputs\n"


def test_every_target_has_its_words_and_its_corpus() -> None:
    assert {path.stem for path in HERE.glob("*.dict")} == set(TARGETS)
    assert {path.name for path in (HERE / "corpus").iterdir()} == set(TARGETS)
