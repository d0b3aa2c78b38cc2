"""Puts what `./dev bench` wrote into docs/performance.md: each file between the comments that name it."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs/performance.md"
PART = re.compile(r"(<!-- (results/\w+\.md) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(part: re.Match[str]) -> str:
    result = HERE / part[2]
    return f"{part[1]}\n{result.read_text()}\n{part[3]}" if result.exists() else part[0]


if __name__ == "__main__":
    PAGE.write_text(PART.sub(filled, PAGE.read_text()))
