"""Segments and small distributions in HTML: the same colour, shape and number as in every figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dash import html

from core.model import NOISE
from dashboard.components import numbers
from dashboard.components.parts import icon
from dashboard.security.labels import plain
from dashboard.theme import MAX_SEGMENTS


def segment_class(segment: int) -> str:
    """The class that carries a segment's colour and shape in both themes; noise below 1."""
    if segment < 1:
        return "sa-seg-noise"
    return f"sa-seg-{(segment - 1) % MAX_SEGMENTS + 1}"


def segment_badge(segment: int, name: str = "") -> html.Span:
    """Shape, number and name of a segment; nothing relies on colour. Noise is called "Not placed"."""
    noise = segment < 1
    shown = plain(name) or ("Not placed" if noise else f"Segment {segment}")
    parts = [] if noise else [html.Span(str(segment), className="sa-seg-number")]
    return html.Span([*parts, html.Span(shown, className="sa-seg-name")], className=f"sa-seg {segment_class(segment)}")


def share_bar(share: float, segment: int | None = None) -> html.Span:
    """A bar for a part of one; the number must stand beside it, so the bar is hidden from screen readers."""
    width = min(1.0, max(0.0, float(share))) * 100
    colour = f" {segment_class(segment)}" if segment is not None else ""
    fill = html.Span(style={"width": f"{width:.1f}%"})
    return html.Span(fill, className=f"sa-share{colour} sa-bar", **{"aria-hidden": "true"})


def segment_card(segment: int, name: str, size: int, share: float, lines: Sequence[Any] = ()) -> html.Li:
    """One segment: badge, customers with their share, what sets it apart. Put several in ``ul.sa-segments``."""
    count = html.Div(
        [html.Strong(numbers.whole(size)), html.Span(f"customers, {numbers.share(share)} of all")],
        className="sa-segment-size",
    )
    parts = [html.H3(segment_badge(segment, name)), count, share_bar(share, segment)]
    if lines:
        parts.append(html.Ul([html.Li(line) for line in lines]))
    return html.Li(parts, className=f"sa-segment {segment_class(segment)}")


def segment_cards(cards: Iterable[html.Li]) -> html.Ul:
    """The list that holds :func:`segment_card` items."""
    return html.Ul(list(cards), className="sa-segments")


def segment_key(names: Mapping[int, str], *, noise: bool = False) -> html.Ul:
    """The legend of a map: every segment's mark, number and name; ``noise`` adds the customers not placed."""
    segments = [*sorted(segment for segment in names if segment > 0), *([NOISE] if noise else [])]
    shown = [html.Li(segment_badge(segment, names.get(segment, ""))) for segment in segments]
    return html.Ul(shown, className="sa-key", **{"aria-label": "Legend"})


def sparkbars(bars: Sequence[tuple[str, int]], *, label: str) -> html.Div:
    """A tiny distribution, (label, count) pairs in order; read aloud as one sentence with its fullest bar."""
    if not bars:
        return html.Div("No values", className="sa-muted sa-small")
    top = max(count for _, count in bars) or 1
    fullest = max(bars, key=lambda bar: bar[1])
    told = f"{plain(label)}: most in {plain(str(fullest[0]))}, {numbers.whole(fullest[1])} rows"
    drawn = [html.Span(style={"height": f"{100 * count / top:.0f}%"}) for _, count in bars]
    ends = [html.Span(plain(str(bars[0][0])))]
    if len(bars) > 1:
        ends.append(html.Span(plain(str(bars[-1][0]))))
    plot = html.Div(drawn, className="sa-spark", role="img", title=told, **{"aria-label": told})
    return html.Div([plot, html.Div(ends, className="sa-spark-ends", **{"aria-hidden": "true"})])


class KChoice(NamedTuple):
    """One place of the k strip: ``value`` 0..1 fills its bar, ``note`` is a short line; with ``press`` it is a
    button with the id {"type": "pick-k", "index": k}."""

    k: int
    value: float | None
    note: str = ""
    press: bool = False
    best: bool = False
    chosen: bool = False


def k_strip(choices: Iterable[KChoice], *, label: str) -> html.Ol:
    """The numbers of segments side by side, how well separated each is, the recommended one ticked."""
    return html.Ol([html.Li(_k_place(choice)) for choice in choices], className="sa-kstrip", **{"aria-label": label})


def _k_place(choice: KChoice) -> Any:
    words = f"{choice.k} segments{', recommended' if choice.best else ''}{', chosen' if choice.chosen else ''}"
    parts: list[Any] = [
        html.Span(words, className="sa-visually-hidden"),
        html.Span(str(choice.k), className="sa-k-number", **{"aria-hidden": "true"}),
        html.Span(numbers.number(choice.value)),
        share_bar(choice.value or 0.0),
    ]
    if choice.note:
        parts.append(html.Span(choice.note, className="sa-k-note"))
    if choice.best:
        parts.append(html.Span(icon("check", small=True), className="sa-k-best"))
    look = "sa-k is-chosen" if choice.chosen else "sa-k"
    if choice.press:
        pressed = {"aria-pressed": "true" if choice.chosen else "false"}
        return html.Button(parts, id={"type": "pick-k", "index": choice.k}, className=look, **pressed)
    return html.Div(parts, className=look)
