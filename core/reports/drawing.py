"""A matplotlib figure to SVG that can stand inside a page: text as text, the same bytes every time, no addresses."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import escape
from typing import Any

WIDTH = 7.0  # inches; the print width of A4 with its margins
INK, MUTED, LINE = "#16191d", "#5b6572", "#e3e7ec"
FONT = '"Liberation Sans", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif'
MARKERS = {"circle": "o", "square": "s", "diamond": "D", "cross": "P", "x": "X", "circle-open": "o", "diamond-open": "D",
           "square-open": "s"}  # fmt: skip
_RC = {
    "svg.fonttype": "none", "text.parse_math": False, "axes.formatter.use_mathtext": False, "font.family": "DejaVu Sans",
    "font.size": 8.5, "axes.edgecolor": LINE, "axes.labelcolor": MUTED, "axes.unicode_minus": True, "axes.spines.top": False,
    "axes.spines.right": False, "text.color": INK, "xtick.color": MUTED, "ytick.color": MUTED, "xtick.major.size": 0,
    "ytick.major.size": 0, "axes.grid": False, "grid.color": LINE, "grid.linewidth": 0.8, "axes.axisbelow": True,
}  # fmt: skip
_OWN = ("figure.facecolor", "axes.facecolor")
_ID = re.compile(r' id="([^"]*)"')
_DROPPED = (re.compile(r"<metadata>.*?</metadata>", re.DOTALL), re.compile(r"<style.*?</style>", re.DOTALL),
            re.compile(r' xmlns(:xlink)?="[^"]*"'))  # fmt: skip


def drawn(name: str, height: float, draw: Callable[[Any], None], *, alt: str) -> str:
    """The SVG of what ``draw(axes)`` draws on axes of the full width and ``height`` inches.

    ``name`` tells it from the others of a page; ``alt`` is read out instead. Layout is reckoned with the font that
    matplotlib brings, which is wider than those of ``FONT``, so that it is the same on every machine and never overlaps.
    """
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    stream = io.BytesIO()
    with matplotlib.rc_context({**_RC, **dict.fromkeys(_OWN, "none"), "svg.hashsalt": name}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        FigureCanvasSVG(figure)
        draw(figure.subplots())
        figure.savefig(stream, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    return _inline(stream.getvalue().decode("utf-8", "replace"), alt, name)


def look_of(mark: str, colour: str) -> dict[str, Any]:
    """How matplotlib draws a segment's sign: filled, or an outline; thin ones larger and without the white rim."""
    if mark.endswith("-open"):
        return {"marker": MARKERS[mark], "s": 17, "facecolors": "none", "edgecolors": colour, "linewidths": 1.1}
    thin = mark in ("cross", "x")
    return {"marker": MARKERS[mark], "s": 30 if thin else 19, "facecolors": colour, "edgecolors": "white", "linewidths": 0 if thin else 0.3}


def _inline(svg: str, alt: str, name: str) -> str:
    svg = svg[svg.index("<svg") :].strip()
    for pattern in _DROPPED:
        svg = pattern.sub("", svg)
    # names that nothing refers to would stand twice in a page of several drawings; the others get one of their own
    kept = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    svg = _ID.sub(lambda found: f' id="{name}-{found[1]}"' if found[1] in kept else "", svg)
    svg = re.sub(r'(href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = svg.replace("'DejaVu Sans'", FONT.replace('"', "'"))
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1)
