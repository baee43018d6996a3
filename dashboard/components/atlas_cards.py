"""The segments of the Atlas as cards, the largest first; one of them is looked at."""

from __future__ import annotations

from collections.abc import Mapping

import dash_bootstrap_components as dbc
from dash import html

from core.model import NOISE, Segmentation
from core.model.shape import NAME
from core.selection.wording import caution, trust_words
from dashboard.components import atlas_money, numbers
from dashboard.components.forms import dom_id
from dashboard.components.parts import icon
from dashboard.components.segments import segment_badge, segment_class, share_bar
from dashboard.security.labels import plain


def cards(segmentation: Segmentation, focus: int) -> html.Ul:
    """One card per segment, those not placed last; ``focus`` is the segment looked at.

    A card is a button, id {"type": "atlas-card", "index": segment}; beside it stands the one that opens the field for
    its name, id {"type": "rename-text", "index": segment}. Arrow keys and dragging are ``assets/atlas-cards.js``.
    """
    candidate = segmentation.candidate
    order = sorted(candidate.sizes, key=lambda s: (s == NOISE, -candidate.sizes[s], s))
    money = atlas_money.money_shares(segmentation)
    return html.Ul(
        [_noise(candidate.sizes) if s == NOISE else _card(segmentation, s, focus=focus, money=money) for s in order],
        className="sa-atlas-cards",
        **{"aria-label": "Segments"},
    )


def tint(segment: int, colours: Mapping[int, int]) -> str:
    """The classes of a segment: its colour and shape, over them the colour that a person chose."""
    chosen = f" sa-tint-{colours[segment]}" if segment in colours else ""
    return f"{segment_class(segment)}{chosen}"


def badge(segmentation: Segmentation, segment: int) -> html.Span:
    """Shape, number and name of a segment in the colour that a person chose, if one did."""
    shown = segment_badge(segment, segmentation.candidate.names.get(segment, ""))
    shown.className = f"sa-seg {tint(segment, segmentation.colours)}"
    return shown


def _card(segmentation: Segmentation, segment: int, *, focus: int, money: Mapping[int, float]) -> html.Li:
    here = segment == focus
    open_ = html.Button(
        _told(segmentation, segment, money=money),
        id={"type": "atlas-card", "index": segment},
        className="sa-atlas-card-open",
        tabIndex=0 if here else -1,
        **({"aria-current": "true"} if here else {}),
    )
    return html.Li(
        [open_, *_renaming(segment, segmentation.candidate.names.get(segment, ""))],
        className=f"sa-atlas-card {tint(segment, segmentation.colours)}{' is-here' if here else ''}",
        draggable="true",
        **{"data-sa-segment": str(segment)},
    )


def _told(segmentation: Segmentation, segment: int, *, money: Mapping[int, float]) -> list:
    """The inside of the button: only what may stand in one."""
    candidate = segmentation.candidate
    share = candidate.sizes[segment] / max(sum(candidate.sizes.values()), 1)
    lock = [html.Span("locked", className="sa-tag")] if segment in segmentation.locked else []
    parts = [
        badge(segmentation, segment),
        _bar("of customers", share, numbers.whole(candidate.sizes[segment])),
    ]
    if segment in money:
        parts.append(_bar("of revenue", money[segment]))
    return [*parts, html.Span([*_trust(segmentation, segment), *lock], className="sa-atlas-card-tags"), *_caution(candidate.trust.get(segment))]


def _bar(words: str, share: float, size: str = "") -> html.Span:
    """A thin bar with its share of everyone in words, and behind it how many that are."""
    told = html.Span([html.Strong(numbers.share(share)), f" {words}"] + ([html.Span(size, className="sa-push")] if size else []),
                     className="sa-atlas-card-words")  # fmt: skip
    return html.Span([told, share_bar(share)], className="sa-atlas-card-bar")


def _trust(segmentation: Segmentation, segment: int) -> list:
    value = segmentation.candidate.trust.get(segment)
    words = trust_words(value)
    if not words:
        return [html.Span("trust not measured yet", className="sa-tag")]
    kind = "low" if caution(value) else "high" if value >= 0.75 else "mid"
    title = "Mean Jaccard similarity (0 to 1) with the same segment found on resampled customers"
    return [html.Span(f"{words} {numbers.number(value)}", className=f"sa-tag sa-trust-{kind}", title=title)]


def _caution(value: float | None) -> list:
    words = caution(value)
    return [html.Span([icon("warn", small=True), words], className="sa-atlas-caution")] if words else []


def _renaming(segment: int, name: str) -> list:
    """A pencil, and the field that it opens: Enter saves, Escape leaves."""
    field = {"type": "rename-text", "index": segment}
    pencil = html.Button(
        html.Span(className="sa-icon sa-icon-small sa-icon-pencil"), type="button", className="sa-icon-button sa-atlas-pencil",
        title="Rename", **{"aria-label": f"Rename segment {segment}, {plain(name)}", "data-sa-rename": str(segment)},
    )  # fmt: skip
    editor = html.Div(
        [
            html.Label(f"Name of segment {segment}; Enter saves, Escape leaves", htmlFor=dom_id(field), className="sa-visually-hidden"),
            dbc.Input(id=field, value=plain(name), maxlength=NAME, size="sm", autocomplete="off"),
        ],
        className="sa-atlas-renaming",
    )
    return [pencil, editor]


def _noise(sizes: Mapping[int, int]) -> html.Li:
    """Customers that the algorithm left out: counted, but no segment to look at."""
    share = sizes[NOISE] / max(sum(sizes.values()), 1)
    parts = [
        segment_badge(NOISE),
        _bar("of customers", share, numbers.whole(sizes[NOISE])),
    ]
    return html.Li(html.Div(parts, className="sa-atlas-card-open"), className="sa-atlas-card sa-seg-noise is-noise")
