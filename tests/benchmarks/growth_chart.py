"""Seconds and memory by number of customers, on logarithmic axes, as a small picture (SVG)."""

from __future__ import annotations

import math
from collections.abc import Mapping

WIDTH, HEIGHT, GAP = 460, 320, 40
LEFT, TOP, RIGHT, BOTTOM = 64, 44, 24, 52
SERIES = {"boards": ("whole board", "#0072b2"), "sweeps": ("K-means, 2 to 10 segments", "#b34700")}
PANELS = (("seconds", "Seconds"), ("peak_mb", "Peak memory, MB"))
INK, RULE = "#333333", "#d9d9d9"
SMALL, LARGE = (1_000, "k"), (1_000_000, "M")


def drawn(growth: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """``growth[series][rows]`` holds seconds and peak_mb: two panels beside each other, lines labelled directly."""
    panels = [_panel(growth, figure, title, at * (WIDTH + GAP)) for at, (figure, title) in enumerate(PANELS)]
    width = WIDTH * len(PANELS) + GAP * (len(PANELS) - 1)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}"'
    style = 'font-family="sans-serif" font-size="12" role="img" aria-label="Seconds and memory by number of customers"'
    ground = f'<rect width="{width}" height="{HEIGHT}" fill="#ffffff"/>'
    return "\n".join([f"{head} {style}>", ground, *panels, "</svg>", ""])


def _panel(growth: Mapping, figure: str, title: str, left: int) -> str:
    lines = {
        name: [(int(rows), one[figure]) for rows, one in growth[name].items()] for name in SERIES if growth.get(name)
    }
    across = _decades([rows for line in lines.values() for rows, _ in line])
    up = _decades([value for line in lines.values() for _, value in line])
    parts = [_text(LEFT, 22, title, weight="bold")]
    parts += [_ruled(at, across, upright=True) for at in across] + [_ruled(at, up, upright=False) for at in up]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "customers", anchor="middle"))
    for name, line in lines.items():
        parts.append(
            _line([_place(rows, value, across, up) for rows, value in line], *SERIES[name], above=name == "boards")
        )
    return f'<g transform="translate({left} 0)">' + "".join(parts) + "</g>"


def _decades(values: list[float]) -> list[int]:
    """Powers of ten from below the smallest to above the largest value."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return list(range(low, max(high, low + 1) + 1))


def _place(rows: float, value: float, across: list[int], up: list[int]) -> tuple[float, float]:
    return _along(math.log10(rows), across, LEFT, WIDTH - RIGHT), _along(math.log10(value), up, HEIGHT - BOTTOM, TOP)


def _along(at: float, decades: list[int], start: float, end: float) -> float:
    return start + (at - decades[0]) / (decades[-1] - decades[0]) * (end - start)


def _ruled(at: int, decades: list[int], *, upright: bool) -> str:
    """A rule across the panel with its number."""
    if upright:
        x = _along(at, decades, LEFT, WIDTH - RIGHT)
        rule = f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="{RULE}"/>'
        return rule + _text(x, HEIGHT - BOTTOM + 18, _short(10**at), anchor="middle")
    y = _along(at, decades, HEIGHT - BOTTOM, TOP)
    rule = f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{RULE}"/>'
    return rule + _text(LEFT - 8, y + 4, _short(10**at), anchor="end")


def _short(value: float) -> str:
    for unit, sign in (LARGE, SMALL):
        if value >= unit:
            return f"{value / unit:g}{sign}"
    return f"{value:g}"


def _line(points: list[tuple[float, float]], label: str, colour: str, *, above: bool) -> str:
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points)
    x, y = points[-1]
    name = _text(x, y - 10 if above else y + 20, label, anchor="end", fill=colour)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>{dots}{name}'


def _text(x: float, y: float, words: str, *, anchor: str = "start", weight: str = "normal", fill: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">{words}</text>'
