"""Who says what is JSON: our judge, as a program, and Python's own reader made as strict."""

from __future__ import annotations

import json
import re
import struct
import subprocess
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

PROBLEMS = ["ok", "empty", "syntax", "not_utf8", "escape", "nul", "surrogate", "duplicate", "depth", "trailing"]
MAX_DEPTH = 64


class Refused(Exception):
    pass


def whole(number: str) -> int:
    """What is kept of a number: its value if that is whole and within +-2^53, else 0."""
    digits, _, exponent = number.lower().partition("e")
    if Fraction(digits) == 0 or abs(int(exponent or 0)) > 2000:  # no text here is that long
        return 0
    value = Fraction(digits) * Fraction(10) ** int(exponent or 0)
    return int(value) if value.denominator == 1 and abs(value) <= 2**53 else 0


def refuse(what: str) -> None:
    raise Refused(what)


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise Refused("duplicate key")
    return dict(pairs)


def refuse_odd_strings(value: Any, depth: int = 0) -> None:
    if isinstance(value, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        raise Refused("NUL or surrogate")
    if isinstance(value, dict | list):
        if depth == MAX_DEPTH:
            raise Refused("depth")
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            refuse_odd_strings(item, depth + 1)


def python_reads(text: bytes, number: Callable[[str], Any] = whole) -> Any:
    """The value of a text, with what `number` makes of its numbers; Refused if it is no strict JSON."""
    try:
        value = json.loads(
            text.decode(), object_pairs_hook=distinct, parse_constant=refuse, parse_float=number, parse_int=number
        )
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from None
    refuse_odd_strings(value)
    return value


def cjson_reads(text: bytes) -> Any:
    """The value of a text that the judge has left: its numbers are exact, short, and have no point."""
    bare = re.sub(rb'"(?:\\.|[^"\\])*"', b"", text)
    assert b"." not in bare
    assert max(map(len, re.findall(rb"[-+0-9eE]+", bare)), default=0) <= 63
    return python_reads(text, Fraction)


def judged(program: Path, sent: Sequence[bytes]) -> Iterator[tuple[str, bool, bytes]]:
    """-> for each text the problem, whether it has Zuora's form, and the text as the judge left it."""
    stdin = b"".join(struct.pack("<I", len(text)) + text for text in sent)
    done = subprocess.run([program], input=stdin, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    at = 0
    for text in sent:
        yield PROBLEMS[done.stdout[at]], bool(done.stdout[at + 1]), done.stdout[at + 2 : at + 2 + len(text)]
        at += 2 + len(text)
    assert at == len(done.stdout)
