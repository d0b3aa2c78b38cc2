"""Horizontal bars on a logarithmic scale, as SVG.

Written by hand because its colours follow the reader's theme, light or dark, which a plotting library's do not.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

Bars = Mapping[str, Sequence[float | None]]  # name -> microseconds, one for each series

LEFT, WIDTH, RIGHT = 130, 500, 70
TOP, BAR, GAP, BOTTOM = 64, 11, 10, 28
COLOURS = (("#0b7a75", "#3fc1b8"), ("#d1802a", "#f0a957"), ("#8a63b8", "#bb9be0"))  # on white, on black

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.value, .tick { font-size: 10px; fill: #57606a }
.title { font-size: 14px; font-weight: 600 }
.grid { stroke: #d0d7de }
"""
DARK_STYLE = """
text { fill: #e6edf3 }
.value, .tick { fill: #9198a1 }
.grid { stroke: #3d444d }
"""


def draw(title: str, bars: Bars, series: Sequence[str]) -> str:
    values = [value for each in bars.values() for value in each if value]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    height = TOP + sum(group_height(each) for each in bars.values()) + BOTTOM
    width = LEFT + WIDTH + RIGHT

    def length(value: float) -> float:
        return (math.log10(value) - low) / (high - low) * WIDTH

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}{colours(0)}@media (prefers-color-scheme: dark) {{{DARK_STYLE}{colours(1)}}}\n</style>",
        text(8, 20, title, "title"),
        *legend(series),
    ]
    for power in range(low, high + 1):
        x = LEFT + length(10**power)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP - 6}V{height - BOTTOM}"/>')
        parts.append(text(x, height - BOTTOM + 16, time(10**power), "tick", "middle"))
    y = TOP
    for name, group in bars.items():
        parts.append(text(LEFT - 8, y + (group_height(group) - GAP) / 2 + 4, name, "name", "end"))
        for i, value in enumerate(group):
            if value:
                parts.append(f'<rect class="s{i}" x="{LEFT}" y="{y}" width="{length(value):.1f}" height="{BAR - 1}"/>')
                parts.append(text(LEFT + length(value) + 4, y + BAR - 2, time(value), "value"))
                y += BAR
        y += GAP
    return "\n".join([*parts, "</svg>", ""])


def group_height(group: Sequence[float | None]) -> int:
    return sum(BAR for value in group if value) + GAP


def colours(theme: int) -> str:
    return "".join(f".s{i} {{ fill: {colour[theme]} }}\n" for i, colour in enumerate(COLOURS))


def legend(series: Sequence[str]) -> Iterator[str]:
    for i, name in enumerate(series):
        x = LEFT + i * 170
        yield f'<rect class="s{i}" x="{x}" y="34" width="10" height="10"/>'
        yield text(x + 15, 43, name, "name")


def text(x: float, y: float, content: str, kind: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(content)}</text>'


def time(us: float) -> str:
    return f"{us:.0f} us" if us < 1e3 else f"{us / 1e3:.3g} ms" if us < 1e6 else f"{us / 1e6:.3g} s"
