"""What a JSON parser must accept, must reject and may differ about, in the categories of the public parsing suites.

Here each case has one outcome. Where we refuse what a parser must accept, the table says so.
"""

from __future__ import annotations

import pytest
from core_build import DRIVERS, builder
from json_judge import Refused, judged, python_reads

pytestmark = pytest.mark.usefixtures("c_compiler")

MUST_ACCEPT = [
    # arrays
    *[b"[]", b"[[]   ]", b'[""]', b'["a"]\n', b"[false]", b'[null, 1, "1", {}]', b"[null]", b"[1\n]", b" [1]"],
    *[b"[1,null,null,null,2]", b"[2] ", b" [] ", b"[true]", b'[ "in" ]'],
    # numbers
    *[b"[123e65]", b"[0e+1]", b"[0e1]", b"[ 4]", b"[-0.%s1]" % (b"0" * 77), b"[20e1]", b"[-0]", b"[-123]", b"[-1]"],
    *[b"[1E22]", b"[1E-2]", b"[1E+2]", b"[123e45]", b"[123.456e78]", b"[1e-2]", b"[1e+2]", b"[123]", b"[123.456789]"],
    # objects
    *[b"{}", b'{"asd":"sdf", "dfg":"fgh"}', b'{"asd":"sdf"}', b'{"":0}', b'{"a":[]}', b'{\n"a": "b"\n}'],
    *[b'{"min": -1.0e+28, "max": 1.0e+28}', b'{"x":[{"id": "%s"}], "id": "%s"}' % (b"x" * 40, b"x" * 40)],
    # escapes
    *[rb'["\u0060\u012a\u12AB"]', rb'["\uD801\udc37"]', rb'["\ud83d\ude39\ud83d\udc8d"]', rb'["\uDBFF\uDFFF"]'],
    *[rb'["\"\\\/\b\f\n\r\t"]', rb'["\\u0000"]', rb'["\""]', rb'["\\a"]', rb'["\\n"]', rb'["\u0012"]', rb'["\uFFFF"]'],
    *[
        rb'["\uDBFF\uDFFE"]',
        rb'["new\u00A0line"]',
        rb'["\u002c"]',
        rb'["\uD834\uDd1e"]',
        rb'["\u0821"]',
        rb'["\u0123"]',
    ],
    *[rb'["\u0061\u30af\u30EA"]', rb'["new\u000Aline"]', rb'["\uA66D"]', rb'["\u005C"]', rb'["\uD83F\uDFFE"]'],
    *[rb'["\u200B"]', rb'["\u2064"]', rb'["\uFDD0"]', rb'["\uFFFE"]', rb'["\u0022"]', rb'{"title":"\u041f\u043e"}'],
    # text
    *[b'["a/*b*/c/*d//e"]', b'["asd"]', b'[ "asd"]', b'["asd "]', b'" "', b'["\x7f"]', b'["a\x7fa"]'],
    *[
        '["\U0010ffff"]'.encode(),
        '["\uffff"]'.encode(),
        '["\U0001bfff"]'.encode(),
        '["π"]'.encode(),
        '["⍂㈴"]'.encode(),
    ],
    *['["\u2028"]'.encode(), '["\u2029"]'.encode(), '["€𝄞"]'.encode(), '["\ufeff"]'.encode()],
    # bare values
    *[b"false", b"42", b"-0.1", b"null", b'"asd"', b"true", b'""'],
]

# Parsers must accept these; an answer that holds one is not to be trusted.
REFUSED_ON_PURPOSE: dict[str, list[bytes]] = {
    "duplicate": [b'{"a":"b","a":"c"}', b'{"a":"b","a":"b"}', b'{"a":1,"b":{"c":1,"\\u0063":1}}'],
    "nul": [rb'["\u0000"]', rb'{"foo\u0000bar": 42}'],
}

MUST_REJECT: dict[str, list[bytes]] = {
    "empty": [b"", b" ", b"\n\n"],
    "syntax": [
        # arrays
        *[b"[1 true]", b"[a\xe5]", b'["": 1]', b"[,1]", b"[1,,2]", b'["x",,]', b'["",]', b'["x"', b"[x", b"[3[4]]"],
        *[b"[\xff]", b"[1:2]", b"[,]", b"[-]", b'[   , ""]', b'["a",\n4\n,1,', b"[1,]", b"[1,,]", b"[*]", b'[""'],
        *[b"[1,", b"[1,\n1\n,1", b"[{}", b"[fals]", b"[nul]", b"[tru]", b'["a"\f]', b"[ false, nul", b"[ true, fals"],
        # numbers
        *[b"[++1234]", b"[+1]", b"[+Inf]", b"[-01]", b"[-1.0.]", b"[-2.]", b"[-NaN]", b"[.-1]", b"[.2e-3]", b"[0.1.2]"],
        *[b"[0.3e+]", b"[0.3e]", b"[0.e1]", b"[0E+]", b"[0E]", b"[0e+]", b"[0e]", b"[1.0e+]", b"[1.0e-]", b"[1.0e]"],
        *[b"[1 000.0]", b"[1eE2]", b"[2.e+3]", b"[2.e-3]", b"[2.e3]", b"[9.e+]", b"[Inf]", b"[NaN]", b"[-Infinity]"],
        *[
            "[\uff11]".encode(),
            b"[1+2]",
            b"[0x1]",
            b"[0x42]",
            b"[Infinity]",
            b"[0e+-1]",
            b"[-123.123foo]",
            b"[123\xe5]",
        ],
        *[
            b"[1e1\xe5]",
            b"[0\xe5]",
            b"[-foo]",
            b"[- 1]",
            b"[-012]",
            b"[-.123]",
            b"[-1x]",
            b"[1ea]",
            b"[1e\xe5]",
            b"[1.]",
        ],
        *[b"[.123]", b"[1.2a-3]", b"[1.8011670033376514H-308]", b"[012]", b"[-00.0]", b"[00.0]", b"[00e0]"],
        # objects
        *[b'["x", truth]', b'{[: "x"}', b'{"x", null}', b'{"x"::"b"}', '{"🇨🇭"}'.encode(), "{🇨🇭}".encode()],
        *[b'{"a":"a" 123}', b"{key: 'value'}", b'{"a" b}', b'{:"b"}', b'{"a" "b"}', b'{"a":', b'{"a"', b"{1:1}"],
        *[
            b"{9999E9999:1}",
            b"{null:null,null:null}",
            b'{"id":0,,,,,}',
            b"{'a':0}",
            b'{"id":0,}',
            b'{"a":"b",,"c":"d"}',
        ],
        *[b'{a: "b"}', b'{"a":"a', b'{ "foo" : "bar", "a" }', b'{"":', b'{"a":/*comment*/"b"}', b'{"asd":"asd"', b"{,"],
        # strings
        *["[é]".encode(), rb'["\\\"]', rb'[\u0020"asd"]', rb"[\n]", b'"', b"['single quote']", b"abc", b'["asd]'],
        *[b"['", b"[,", b"[{", b'["a', b'["a"', b"{", b"{]", b"{[", b'{"a', b"{'a'", rb'[\u000A""]', b"[1"],
        # all else
        *[b"<.>", b"[<null>]", b"[True]", b"]", b"[", b"*", b"\xe5", b"\xe9", "å".encode(), "[\u2060]".encode()],
        *["\u2060".encode(), b"[\f]", b"a\xe5", b'{"x": true,', b"\xef\xbb{}", "\ufeff".encode(), b"[}", b"{{}}"],
    ],
    "trailing": [
        *[b'[""],', b'["x"]]', b"123 4", b'{"a":"b"}/**/', b'{"a":"b"}/**//', b'{"a":"b"}//', b'{"a":"b"}/'],
        *[b'{"a":"b"}#', b'{"a":"b"}#{}', b'""x', b"[1]x", b"[1]]", b"1]", b"[][]", b"2@", b"{}}", b'{"a": true} "x"'],
    ],
    "escape": [
        *[rb'["\uD800\u"]', rb'["\uD800\u1"]', rb'["\uD800\u1x"]', rb'["\x00"]', b'["\\\t"]', '["\\🌀"]'.encode()],
        *[rb'["\u00A"]', rb'["\uD834\uDd"]', b'["\\u\xe5"]', rb'["\a"]', rb'["\uqqqq"]', b'["\\\xe5"]', b'["\\'],
        *[b'["new\nline"]', b'["\t"]', b'["\va"\f]', rb'"\UA66D"', rb'["\{["\{["\{["\{', b'["\x1f"]'],
    ],
    "surrogate": [rb'["\uD800\"]', rb'["\uD800\uD800\x"]'],
    "nul": [b"123\x00", b'["\\\x00"]', b'["a\x00a"]', b"[\x00]", b"\x00"],
    "not_utf8": [b'{"\xb9":"0",}'],
    "depth": [b"[" * 100_000, b'[{"":' * 50_000 + b"\n"],
}

MAY_DIFFER: dict[str, list[bytes]] = {
    "ok": [
        *[b"[123.456e-789]", b"[0.4e%s]" % (b"0" * 60 + b"999"), b"[-1e+9999]", b"[1.5e+9999]", b"[-123123e100000]"],
        *[b"[123123e100000]", b"[123e-10000000]", b"[-123123123123123123123123123123]", b"[100000000000000000000]"],
        *[b"[-237462374673276894279832749832423479823246327846]", b"[1e400]", b"[9007199254740993]"],
        *[b"[" * 64 + b"]" * 64],
    ],
    "surrogate": [
        *[rb'{"\uDFAA":0}', rb'["\uDADA"]', rb'["\uD888\u1234"]', rb'["\uD800\n"]', rb'["\uDd1ea"]'],
        *[
            rb'["\uD800\uD800\n"]',
            rb'["\ud800"]',
            rb'["\ud800abc"]',
            rb'["\uDd1e\uD834"]',
            rb'["\uDFAA"]',
            rb'["\uDFFF"]',
            rb'["\uDC00"]',
        ],
    ],
    "not_utf8": [
        *[b'["\xe6\x97\xa5\xd1\x88\xfa"]', b'["\xed\xa0\x80"]', b'["\xff"]', b'["\xe9"]', b'["\x81"]'],
        *[b'["\xf4\xbf\xbf\xbf"]', b'["\xc0\xaf"]', b'["\xfc\x83\xbf\xbf\xbf\xbf"]', b'["\xfc\x80\x80\x80\x80\x80"]'],
        *[b'["\xe0\xff"]', b'["\xc3"]'],
    ],
    "nul": ['["é"]'.encode("utf-16-le"), '["é"]'.encode("utf-16-be"), '["é"]'.encode("utf-16")],
    "depth": [b"[" * 65 + b"]" * 65, b"[" * 500 + b"]" * 500],
    "syntax": [b"\xef\xbb\xbf{}"],
}


def flat(table: dict[str, list[bytes]]) -> list[tuple[bytes, str]]:
    return [(text, problem) for problem, texts in table.items() for text in texts]


ACCEPTED = [*MUST_ACCEPT, *MAY_DIFFER["ok"]]
REFUSED = [case for table in (REFUSED_ON_PURPOSE, MUST_REJECT, MAY_DIFFER) for case in flat(table) if case[1] != "ok"]


def in_an_answer(text: bytes) -> bytes:
    return b'{"success":true,"data":' + text + b"}"


def test_every_case_has_its_one_outcome_and_python_agrees(tmp_path_factory: pytest.TempPathFactory) -> None:
    judge = builder(tmp_path_factory.getbasetemp()).program(DRIVERS / "judge_json.c")
    cases = [*((text, "ok") for text in ACCEPTED), *REFUSED]
    verdicts = judged(judge, [text for text, _ in cases])
    for (text, wanted), (problem, _, _) in zip(cases, verdicts, strict=True):
        assert (text[:200], problem) == (text[:200], wanted)
        if wanted == "ok":
            python_reads(text)
        else:
            with pytest.raises(Refused):
                python_reads(text)


def test_an_answer_is_refused_for_what_it_holds(tmp_path_factory: pytest.TempPathFactory) -> None:
    judge = builder(tmp_path_factory.getbasetemp()).program(DRIVERS / "judge_json.c")
    cases = [
        *((text, True) for text in ACCEPTED if text != MAY_DIFFER["ok"][-1]),
        *((text, False) for text, _ in REFUSED),
    ]
    verdicts = judged(judge, [in_an_answer(text) for text, _ in cases])
    for (text, wanted), (_, in_form, _) in zip(cases, verdicts, strict=True):
        assert (text[:200], in_form) == (text[:200], wanted)


def test_no_case_stands_twice() -> None:
    texts = [*ACCEPTED, *(text for text, _ in REFUSED)]
    assert len(texts) == len(set(texts))
    assert len(texts) > 300
