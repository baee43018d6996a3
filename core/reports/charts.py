"""The charts of a report, drawn by matplotlib from the frames that explain a segmentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.palette import DIVERGING, segment_colour, segment_mark
from core.reports.drawing import INK, LINE, MUTED, drawn, look_of

POINTS = 900
"""Customers drawn on a map: enough to see where segments lie, and none can be told from its neighbours."""
EDGE = 0.5
STRONG = 1.2  # effect at which a cell has its full colour
NAMED = 6  # segments up to which their names fit above the columns
_LONGEST = 34


@dataclass(frozen=True)
class Sign:
    """How a segment is told from the others everywhere in a report."""

    number: int
    name: str
    colour: str
    mark: str


def sign_of(segment: int, name: str, chosen: int = 0) -> Sign:
    """The sign of a segment; ``chosen`` is the colour that a person gave it, 0 for none."""
    return Sign(segment, name, segment_colour(segment, chosen), segment_mark(segment))


def short(text: str, limit: int = _LONGEST) -> str:
    """``text`` cut to what a chart has room for."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def sizes(signs: Sequence[Sign], shares: Mapping[int, float], *, alt: str) -> str:
    """A bar per segment, its share of all customers (0..1) written at its end."""
    def draw(axes: Any) -> None:
        values = [100 * shares[one.number] for one in signs]
        bars = axes.barh(range(len(signs)), values, color=[one.colour for one in signs], height=0.62)
        axes.bar_label(bars, labels=[f"{value:.1f}%".replace(".0%", "%") for value in values], padding=4, color=INK)
        axes.set_yticks(range(len(signs)), [f"{one.number}  {short(one.name)}" for one in signs], color=INK)
        _bare(axes)

    return drawn("sizes", 0.45 + 0.3 * len(signs), draw, alt=alt)


def money(signs: Sequence[Sign], pairs: Mapping[int, tuple[float, float]], *, of: str, alt: str) -> str:
    """Two bars per segment: its share of all customers, and its share of what all bring in (0..1)."""
    def draw(axes: Any) -> None:
        places = np.arange(len(signs))
        for shift, which, faint in ((-0.19, 0, True), (0.19, 1, False)):
            values = [100 * pairs[one.number][which] for one in signs]
            colours = ["#c3cbd3" if faint else one.colour for one in signs]
            bars = axes.barh(places + shift, values, height=0.34, color=colours)
            words = "of customers" if faint else f"of {of}"
            axes.bar_label(bars, labels=[f"{v:.0f}% {words}" for v in values], padding=4, fontsize=7.5, color=MUTED if faint else INK)
        axes.set_yticks(places, [f"{one.number}  {short(one.name)}" for one in signs], color=INK)
        axes.margins(x=0.2)
        _bare(axes)

    return drawn("money", 0.4 + 0.5 * len(signs), draw, alt=alt)


def flat_map(signs: Sequence[Sign], coordinates: np.ndarray, labels: np.ndarray, *, seed: int, alt: str) -> str:
    """Customers drawn at random, no more than ``POINTS``, where the first two principal components put them.

    ``coordinates`` (n, 2 or more); ``labels`` (n,). The view leaves out the outer half per cent on each side, so that no
    single customer stands alone. Each segment's number stands in its middle.
    """
    points, groups = _sample(coordinates, labels, [one.number for one in signs], seed)
    low, high = np.percentile(points, [EDGE, 100 - EDGE], axis=0) if len(points) > 200 else (points.min(0), points.max(0))
    inside = np.all((points >= low) & (points <= high), axis=1)
    points, groups = points[inside], groups[inside]

    def draw(axes: Any) -> None:
        for one in signs:
            mine = points[groups == one.number]
            axes.scatter(mine[:, 0], mine[:, 1], **look_of(one.mark, one.colour))
        for one in signs:
            mine = points[groups == one.number]
            if len(mine):
                x, y = np.median(mine, axis=0)
                axes.text(x, y, str(one.number), ha="center", va="center", fontsize=10, fontweight="bold", color=INK,
                          bbox={"boxstyle": "circle,pad=0.28", "facecolor": "white", "edgecolor": one.colour, "linewidth": 1.6})  # fmt: skip
        axes.set(xticks=[], yticks=[], xlabel="First principal component", ylabel="Second principal component")
        for side in ("left", "bottom"):
            axes.spines[side].set_color(LINE)

    return drawn("map", 4.1, draw, alt=alt)


def heat(signs: Sequence[Sign], rows: Sequence[str], effects: np.ndarray, *, alt: str) -> str:
    """Effect sizes (rows, segments) as colours from below everyone to above, each with its sign and number."""
    from matplotlib.colors import LinearSegmentedColormap

    def draw(axes: Any) -> None:
        axes.set(xlim=(-0.5, len(signs) - 0.5), ylim=(len(rows) - 0.5, -0.5))
        cmap = LinearSegmentedColormap.from_list("differences", DIVERGING)
        for (row, column), effect in np.ndenumerate(effects):
            _cell(axes, row, column, effect, cmap)
        axes.set_yticks(range(len(rows)), [short(name, 30) for name in rows], color=INK)
        axes.set_xticks(range(len(signs)), _heads(signs), color=INK, fontsize=7)
        axes.xaxis.tick_top()
        for side in ("left", "bottom", "top"):
            axes.spines[side].set_visible(False)

    return drawn("heat", 0.95 + 0.3 * len(rows), draw, alt=alt)


def _heads(signs: Sequence[Sign]) -> list[str]:
    """Number and name above each column; the number alone where names would lie over one another, as the table below has them."""
    return [str(one.number) if len(signs) > NAMED else f"{one.number}\n{_two_lines(one.name)}" for one in signs]


def _cell(axes: Any, row: int, column: int, effect: float, cmap: Any) -> None:
    from matplotlib.patches import Rectangle

    if not np.isfinite(effect):
        axes.text(column, row, "–", ha="center", va="center", color=MUTED, fontsize=7.5)
        return
    at = (np.clip(effect, -STRONG, STRONG) + STRONG) / (2 * STRONG)
    axes.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, facecolor=cmap(at), edgecolor="none"))
    dark = abs(effect) > 0.8 * STRONG
    text = f"{effect:+.1f}".replace("-", "\N{MINUS SIGN}") if abs(effect) >= 0.05 else "0"
    axes.text(column, row, text, ha="center", va="center", color="white" if dark else INK, fontsize=7.5)


def importance(frame: pd.DataFrame, *, alt: str) -> str:
    """A bar per column with its range: the drop of accuracy (0..1) when the column is shuffled."""
    shown = frame.iloc[::-1]

    def draw(axes: Any) -> None:
        values = shown["importance"].to_numpy(dtype=float)
        ends = np.abs(np.vstack([values - shown["low"], shown["high"] - values]))
        axes.barh(range(len(shown)), values, xerr=ends, height=0.6, color="#2457d6", ecolor=MUTED, error_kw={"linewidth": 1})
        axes.set_yticks(range(len(shown)), [short(str(name)) for name in shown["column"]], color=INK)
        axes.set_xlabel("Drop of balanced accuracy when shuffled (line: 5th to 95th percentile)")
        axes.grid(axis="x")
        axes.spines["bottom"].set_visible(False)

    return drawn("importance", 0.75 + 0.27 * len(shown), draw, alt=alt)


def _bare(axes: Any) -> None:
    """Bars that carry their numbers need no axis."""
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.margins(x=0.12)
    for side in ("bottom", "left"):
        axes.spines[side].set_visible(False)


def _two_lines(name: str) -> str:
    """A name on two short lines."""
    words, lines = name.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 13 and lines[-1]:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    cut = [short(line, 14) for line in lines[:2]]
    return "\n".join([*cut[:-1], cut[-1] + ("…" if len(lines) > 2 and not cut[-1].endswith("…") else "")])


def _sample(coordinates: np.ndarray, labels: np.ndarray, segments: list[int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of these segments drawn at random, in an order made from their content, not from that of the file."""
    points = np.zeros((len(coordinates), 2))
    points[:, : min(2, coordinates.shape[1])] = coordinates[:, :2]
    mine = np.flatnonzero(np.isin(labels, segments))
    mine = mine[np.lexsort((labels[mine], points[mine, 1], points[mine, 0]))]
    if len(mine) > POINTS:
        mine = mine[np.sort(np.random.default_rng(seed).choice(len(mine), POINTS, replace=False))]
    mine = mine[np.random.default_rng(seed).permutation(len(mine))]
    return points[mine], labels[mine]
