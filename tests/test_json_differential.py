"""The judge of JSON against Python's own reader, on many texts made by chance: both must say the same of every one."""

from __future__ import annotations

import json
import random
import struct
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from core_build import DRIVERS, builder

SEED = 20240229
N_TEXTS = 6000
PROBLEMS = ["ok", "empty", "syntax", "not_utf8", "escape", "nul", "surrogate", "duplicate", "depth", "trailing"]
MAX_DEPTH = 64

SEEDS = [
    b'{"success" : true}',
    b'{"success":false,"reasons":[{"code":90000011,"message":"this resource is protected, please sign in first"}]}',
    b'{"processId":"0F1E2D3C4B5A6978","reasons":[{"code":"70","message":"caf\xc3\xa9 \\ud83d\\ude00"}]}',
    b"[1,-0,1.0,1e3,1.5E-2,9007199254740992,9007199254740993,-1e400,0.1e1,100e-2,123456789012345678901234567890]",
    b'{"a":{"a":[{"b":0,"c":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"}]},"\\u0061b":null,"":[[],{}]}',
    b' [ "\xf0\x9f\x98\x80\xe2\x82\xac\xc3\xa9" , "\\uD83D\\uDE00" , "\x7f" ] ',
    b"[" * 63 + b"{}" + b"]" * 63,
    b'"text"',
    b"-12.5e+3",
]
BYTES = b'{}[]:,"\\/ \t\n\r\v\f\0\x01\x1f\x7f\x80\xbf\xc0\xc2\xe0\xed\xf4\xff0123456789+-.eEutfna'
PIECES = [
    *(BYTES[i : i + 1] for i in range(len(BYTES))),
    *b'true false null NaN Infinity {} [] "a":0 "a" // /**/'.split(),
    *b"0 -0 00 1.0 1e e400 e-3 .5 0000000000 9007199254740992 e99999999999999999999".split(),
    *rb"\u0000 \u0061 \ud83d\ude00 \ud800 \udc00 \u \u12 \x41 \' \/".split(),
    *b"\xef\xbb\xbf|\xed\xa0\x80|\xc0\x80|\xf4\x90\x80\x80|\xf0\x9f\x98\x80|\xc3\xa9|\xc2\xa0".split(b"|"),
]


class Refused(Exception):
    pass


def whole(number: str) -> int:
    """The value if it is a whole number within +-2^53, else 0."""
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


def python_reads(text: bytes) -> Any:
    """The value of a text, with numbers as the judge leaves them; Refused if it is no strict JSON."""
    try:
        value = json.loads(
            text.decode(), object_pairs_hook=distinct, parse_constant=refuse, parse_float=whole, parse_int=whole
        )
    except (ValueError, RecursionError) as error:
        raise Refused(str(error)) from None
    refuse_odd_strings(value)
    return value


def mutate(chance: random.Random, text: bytes) -> bytes:
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3, 8])):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice([0, 0, 0, 1, 1, 2, 10]))
        piece = chance.choice(PIECES) if chance.random() < 0.7 else text[start : start + chance.randint(1, 20)]
        text = text[:start] + (piece if chance.random() < 0.75 else b"") + text[end:]
    return text


def random_value(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(7 if depth else 5)
    if kind == 5:
        return [random_value(chance, depth - 1) for _ in range(chance.randrange(4))]
    if kind == 6:
        return {random_text(chance): random_value(chance, depth - 1) for _ in range(chance.randrange(4))}
    simple = [chance.choice([None, True, False]), random_text(chance), chance.randint(-(2**55), 2**55)]
    return [*simple, chance.uniform(-1e9, 1e9), float(chance.randint(-1000, 1000))][kind]


def random_text(chance: random.Random) -> str:
    return "".join(chance.choice('ab"\\/\n\x01\x7fé€\u2028😀\ufeff') for _ in range(chance.randrange(5)))


def texts(chance: random.Random) -> Iterator[bytes]:
    for _ in range(N_TEXTS):
        if chance.random() < 0.5:
            yield mutate(chance, chance.choice(SEEDS))
        else:
            value = random_value(chance, 4)
            yield mutate(chance, json.dumps(value, ensure_ascii=chance.random() < 0.5).encode())


def judged(program: Path, sent: list[bytes]) -> Iterator[tuple[str, bool, bytes]]:
    """-> for each text the problem, whether it has Zuora's form, and the text as the judge left it."""
    stdin = b"".join(struct.pack("<I", len(text)) + text for text in sent)
    done = subprocess.run([program], input=stdin, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    at = 0
    for text in sent:
        yield PROBLEMS[done.stdout[at]], bool(done.stdout[at + 1]), done.stdout[at + 2 : at + 2 + len(text)]
        at += 2 + len(text)
    assert at == len(done.stdout)


def has_form(value: Any) -> bool:
    return isinstance(value, dict) and (
        isinstance(value.get("success"), bool) or isinstance(value.get("reasons"), list)
    )


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return builder(tmp_path_factory.getbasetemp()).program(DRIVERS / "judge_json.c")


def test_json_is_judged_as_pythons_own_reader_does(judge: Path) -> None:
    sent = [*SEEDS, *texts(random.Random(SEED))]
    met = set()
    for text, (problem, in_form, left) in zip(sent, judged(judge, sent), strict=True):
        met.add(problem)
        try:
            value = python_reads(text)
        except Refused as refusal:
            assert problem != "ok", f"{text!r} was accepted; Python: {refusal}"
            continue
        assert problem == "ok", f"{text!r} was refused: {problem}"
        assert python_reads(left) == value, f"{text!r} was left as {left!r}"
        assert in_form == has_form(value), f"{text!r}"
    assert met == set(PROBLEMS)
