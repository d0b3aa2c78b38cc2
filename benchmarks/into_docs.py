"""Puts what `./dev bench` wrote into docs/performance.md, each file between comments that name it; the plot too.

Tables of functions are left out: they are for who looks for a regression, and in benchmarks/results.
"""

import re
import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs/performance.md"
OF_FUNCTIONS = re.compile(r"\| instructions of (our own|the) functions.*?\n\n", re.DOTALL)
PLOT = HERE / "results/peers.svg"
PART = re.compile(r"(<!-- (results/\w+\.md) -->\n).*?(<!-- end -->)", re.DOTALL)


def filled(part: re.Match[str]) -> str:
    result = HERE / part[2]
    if not result.exists():
        return part[0]
    return f"{part[1]}\n{OF_FUNCTIONS.sub('', result.read_text())}\n{part[3]}"


if __name__ == "__main__":
    PAGE.write_text(PART.sub(filled, PAGE.read_text()))
    if PLOT.exists():
        shutil.copy(PLOT, PAGE.parent)
