"""Horizontal bars on a logarithmic scale, as SVG.

Written by hand because its colours follow the reader's theme, light or dark, which a plotting library's do not.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

Bars = Mapping[str, Sequence[float | None]]  # name -> microseconds, one for each series

LEFT, WIDTH, RIGHT = 120, 490, 70
TOP, BAR, GAP, BOTTOM = 68, 11, 10, 28
COLOURS = (("#0b7a75", "#3fc1b8"), ("#d1802a", "#f0a957"), ("#8a63b8", "#bb9be0"))  # on white, on black

STYLE = """
.page { fill: #ffffff }
text { font: 12px system-ui, sans-serif; fill: #24292f }
.value, .tick { font-size: 10px; fill: #57606a }
.title { font-size: 14px; font-weight: 600 }
.grid { stroke: #d0d7de }
"""
DARK_STYLE = """
.page { fill: #0d1117 }
text { fill: #e6edf3 }
.value, .tick { fill: #9198a1 }
.grid { stroke: #3d444d }
"""


@dataclass(frozen=True)
class Scale:
    """From one power of ten to another."""

    low: int
    high: int

    @classmethod
    def of(cls, values: Sequence[float]) -> "Scale":
        return cls(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))))

    def length(self, value: float) -> float:
        return (math.log10(value) - self.low) / (self.high - self.low) * WIDTH


def draw(title: str, bars: Bars, series: Sequence[str]) -> str:
    scale = Scale.of([value for group in bars.values() for value in group if value])
    width = LEFT + WIDTH + RIGHT
    bottom = TOP + sum(group_height(group) for group in bars.values())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" viewBox="0 0 {width} {bottom + BOTTOM}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}{colours(0)}@media (prefers-color-scheme: dark) {{{DARK_STYLE}{colours(1)}}}\n</style>",
        '<rect class="page" width="100%" height="100%" rx="6"/>',
        text(12, 24, title, "title"),
        *draw_legend(series),
        *draw_grid(scale, bottom),
        *draw_bars(scale, bars),
        "</svg>\n",
    ]
    return "\n".join(parts)


def draw_legend(series: Sequence[str]) -> Iterator[str]:
    for i, name in enumerate(series):
        x = LEFT + i * 170
        yield f'<rect class="s{i}" x="{x}" y="38" width="10" height="10"/>'
        yield text(x + 15, 47, name, "name")


def draw_grid(scale: Scale, bottom: float) -> Iterator[str]:
    for power in range(scale.low, scale.high + 1):
        x = LEFT + scale.length(10**power)
        yield f'<path class="grid" d="M{x:.1f} {TOP - 6}V{bottom}"/>'
        yield text(x, bottom + 16, duration(10**power), "tick", "middle")


def draw_bars(scale: Scale, bars: Bars) -> Iterator[str]:
    y = TOP
    for name, group in bars.items():
        yield text(LEFT - 8, y + (group_height(group) - GAP) / 2 + 4, name, "name", "end")
        for i, value in enumerate(group):
            if value:
                length = scale.length(value)
                yield f'<rect class="s{i}" x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR - 1}"/>'
                yield text(LEFT + length + 4, y + BAR - 2, duration(value), "value")
                y += BAR
        y += GAP


def group_height(group: Sequence[float | None]) -> int:
    return sum(BAR for value in group if value) + GAP


def colours(theme: int) -> str:
    return "".join(f".s{i} {{ fill: {colour[theme]} }}\n" for i, colour in enumerate(COLOURS))


def text(x: float, y: float, content: str, kind: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(content)}</text>'


def duration(us: float) -> str:
    return f"{us:.0f} us" if us < 1e3 else f"{us / 1e3:.3g} ms" if us < 1e6 else f"{us / 1e6:.3g} s"
