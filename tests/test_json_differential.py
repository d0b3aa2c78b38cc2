"""The judge of JSON against Python's own reader, on many texts made by chance: both must say the same of every one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from core_build import DRIVERS, builder
from json_judge import PROBLEMS, Refused, cjson_reads, judged, python_reads

pytestmark = pytest.mark.usefixtures("c_compiler")

SEED = 20240229
N_TEXTS = 12_000

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
    *rb"\u0000 \u0061 \ud83d\ude00 \ud800 \udc00 \udbff \udfff \ue000 \u \u12 \x41 \' \/".split(),
    *b"\xef\xbb\xbf|\xed\xa0\x80|\xc0\x80|\xf4\x90\x80\x80|\xf0\x9f\x98\x80|\xc3\xa9|\xc2\xa0".split(b"|"),
]


class Writer:
    """Writes JSON values by chance, each in any of its spellings; now and then with what the judge refuses."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def blanks(self) -> str:
        return self.chance.choice(["", "", "", " ", "\n", "\t\r "])

    def digits(self, most: int) -> str:
        return "".join(self.chance.choices("0123456789", k=self.chance.randint(1, most)))

    def number(self) -> str:
        chance = self.chance
        digits = self.digits(chance.choice([1, 3, 18]))
        near_the_border = str(2**53 + chance.randint(-2, 2)) + "0" * chance.choice([0, 0, 1, 20])
        text = chance.choice(["", "-"]) + chance.choice([digits.lstrip("0") or "0", "0", near_the_border])
        if chance.random() < 0.4:
            text += "." + chance.choice([self.digits(4), "0" * chance.randint(1, 60)])
        if chance.random() < 0.4:
            text += chance.choice("eE") + chance.choice(["", "+", "-"]) + self.digits(2)
        return text

    def character(self) -> str:
        chance = self.chance
        plain = chance.choice("aab/\x7fé€\u2028😀\ufeff")
        if chance.random() < 0.6:
            return plain
        units = plain.encode("utf-16-be")
        escaped = "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))
        odd = chance.choice([r"\ud83d", r"\ude00", r"\u0000", "\x1f", "\n", r"\x", "\\"])
        return chance.choices([escaped, "\\" + chance.choice('"\\/bfnrt'), odd], [60, 38, 2])[0]

    def string(self) -> str:
        return '"' + "".join(self.character() for _ in range(self.chance.randrange(4))) + '"'

    def members(self, depth: int) -> list[str]:
        """With few keys, so that some come twice, in one spelling or in two."""
        keys = [self.string() for _ in range(self.chance.randrange(4))]
        return [f"{self.blanks()}{key}{self.blanks()}:{self.value(depth - 1)}" for key in keys]

    def value(self, depth: int) -> str:
        kind = self.chance.randrange(8 if depth else 5)
        if kind < 2:
            text = self.chance.choice(["null", "true", "false"]) if kind == 0 else self.number()
        elif kind < 5:
            text = self.string() if kind < 4 else self.number()
        elif kind < 7:
            text = "{" + (",".join(self.members(depth)) or self.blanks()) + "}"
        else:
            items = [self.value(depth - 1) for _ in range(self.chance.randrange(4))]
            text = "[" + (",".join(items) or self.blanks()) + "]"
        return self.blanks() + text + self.blanks()

    def text(self) -> bytes:
        text = self.value(5)
        n_levels = self.chance.choices([0, self.chance.randint(58, 65)], [19, 1])[0]
        for _ in range(n_levels):
            text = f"[{text}]" if self.chance.random() < 0.5 else f'{{"a":{text}}}'
        return text.encode()


def mutate(chance: random.Random, text: bytes) -> bytes:
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3, 8])):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice([0, 0, 0, 1, 1, 2, 10]))
        piece = chance.choice(PIECES) if chance.random() < 0.7 else text[start : start + chance.randint(1, 20)]
        text = text[:start] + (piece if chance.random() < 0.75 else b"") + text[end:]
    return text


def texts(chance: random.Random) -> Iterator[bytes]:
    writer = Writer(chance)
    for _ in range(N_TEXTS // 3):
        yield mutate(chance, chance.choice(SEEDS))
        yield writer.text()
        yield mutate(chance, writer.text())


def has_form(value: Any) -> bool:
    return isinstance(value, dict) and (
        isinstance(value.get("success"), bool) or isinstance(value.get("reasons"), list)
    )


def test_json_is_judged_as_pythons_own_reader_does(tmp_path_factory: pytest.TempPathFactory) -> None:
    judge = builder(tmp_path_factory.getbasetemp()).program(DRIVERS / "judge_json.c")
    sent = [*SEEDS, *texts(random.Random(SEED))]
    met = dict.fromkeys(PROBLEMS, 0)
    for text, (problem, in_form, left) in zip(sent, judged(judge, sent), strict=True):
        met[problem] += 1
        try:
            value = python_reads(text)
        except Refused as refusal:
            assert problem != "ok", f"{text!r} was accepted; Python: {refusal}"
            continue
        assert problem == "ok", f"{text!r} was refused: {problem}"
        assert cjson_reads(left) == value, f"{text!r} was left as {left!r}"
        assert in_form == has_form(value), f"{text!r}"
    assert min(met.values()) >= 10, met
    assert met["ok"] > N_TEXTS / 4
