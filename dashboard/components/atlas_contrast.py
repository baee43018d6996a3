"""The focused segment against everyone or another segment, column by column, the strongest difference first."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
from dash import html

from core.model import Segmentation
from core.selection.wording import caution, trust_words
from dashboard.components import numbers
from dashboard.components.atlas_marks import badge, numbers_of
from dashboard.components.atlas_outcomes import outcomes
from dashboard.components.atlas_overlay import EVERYONE, overlay
from dashboard.components.atlas_signals import COLUMNS, SHAPING, between, common_order, in_order, known, strongest
from dashboard.components.contrast_words import amount, caption, finding, size_of, told, told_between
from dashboard.components.forms import field, select
from dashboard.components.parts import empty, explain, more, tag
from dashboard.components.segments import segment_class
from dashboard.components.tables import table
from dashboard.security.labels import plain

FIRST, MOST = 8, 60
FULL = 2.0  # the effect that fills half of the bar
ORDERS = {"own": "Strongest first", "common": "Same for all segments"}
SHOWN = {"all": "All columns", "shaping": "Shaping the segments", "other": "Profile only"}
ROLES = {"profile": "profile only", "outcome": "outcome"}


class Asked(NamedTuple):
    """How a person wants to see it: against which segment (0 everyone), in which order, which columns."""

    against: int = EVERYONE
    order: str = "own"
    columns: str = "all"

    @classmethod
    def of(cls, against: object, order: object, columns: object) -> Asked:
        """Whatever a callback was sent; the default for anything unknown."""
        number = int(against) if isinstance(against, str) and against.isascii() and against.isdigit() and len(against) < 6 else 0
        return cls(number, "common" if order == "common" else "own", columns if columns in COLUMNS[1:] else "all")


def contrast(looked: Any, focus: int, *, mode: str) -> html.Section:
    """The card with its switches; :func:`heading` and :func:`body` are drawn anew when one of them changes."""
    asked = Asked()
    switches = html.Div(
        [
            field("Against", select({one["value"]: one["label"] for one in others(looked, focus)}, "0", id="contrast-against")),
            field("Order of columns", select(ORDERS, asked.order, id="contrast-order")),
            field("Columns", select(SHOWN, asked.columns, id="contrast-columns")),
        ],
        className="sa-contrast-switches",
    )
    return html.Section(
        [
            html.Div(heading(looked, focus, asked), id="atlas-contrast-head"),
            switches,
            html.Div(body(looked, focus, asked, mode=mode), id="atlas-contrast-body"),
        ],
        className="sa-card sa-contrast-card",
    )


def others(looked: Any, focus: int) -> list[dict[str, str]]:
    """Everyone and every other segment, as options of a list."""
    names = looked.segmentation.candidate.names
    found = [{"value": "0", "label": "Everyone"}]
    return found + [{"value": str(s), "label": f"{s} {plain(names.get(s, ''))}".strip()} for s in looked.segments if s != focus]


def heading(looked: Any, focus: int, asked: Asked) -> list:
    """The segment, what sets it apart in a line, and the caution that it carries."""
    segmentation, asked = looked.segmentation, possible(looked, focus, asked)
    rows = list(_rows(segmentation, focus, asked).itertuples(index=False))
    strongest_first = sorted(rows, key=lambda row: -abs(float(row.effect)) if row.effect == row.effect else 0.0)
    apart = finding(strongest_first)
    base = html.Span("everyone") if not asked.against else badge(segmentation, asked.against)
    head = [html.H2([badge(segmentation, focus), html.Span(" against "), base], className="sa-contrast-title")]
    head.append(html.P(f"{apart[:1].upper()}{apart[1:]}." if apart else "Hardly different in any column.", className="sa-help"))
    for segment in (focus, asked.against):
        if words := caution(segmentation.candidate.trust.get(segment)):
            trust = segmentation.candidate.trust[segment]
            who = f"Segment {segment}: " if asked.against else ""
            told = f"{who}stability {trust:.2f} of 1 ({trust_words(trust)}). {words}"
            head.append(html.P(told, className="sa-contrast-caution", role="note"))
    return head


def body(looked: Any, focus: int, asked: Asked, *, mode: str) -> list:
    """The rows, their numbers as a table, and how segments differ in columns that did not shape them."""
    segmentation, asked = looked.segmentation, possible(looked, focus, asked)
    rows = _rows(segmentation, focus, asked)
    if rows.empty:
        return [empty("Nothing to compare", _why_empty(asked)), *outcomes(looked)]
    pictures = _pictures(segmentation, focus, asked.against, mode=mode)
    drawn = [_row(row, segmentation, focus, asked.against, drawn=pictures.get(row.column))
             for row in rows.head(MOST).itertuples(index=False)]  # fmt: skip
    parts: list = [_key(segmentation, focus, asked), html.Ol(drawn[:FIRST], className="sa-plain-list sa-contrasts")]
    if len(drawn) > FIRST:
        beyond = len(rows) - len(drawn)
        left = [html.P(f"{numbers.count(beyond, 'more column')} in the table's CSV.", className="sa-muted sa-small")] if beyond else []
        rest = html.Ol(drawn[FIRST:], className="sa-plain-list sa-contrasts", start=FIRST + 1)
        parts.append(more(f"Show the other {numbers.count(len(drawn) - FIRST, 'column')}", rest, *left))
    return [*parts, _foot(rows, looked, asked), *outcomes(looked)]


def possible(looked: Any, focus: int, asked: Asked) -> Asked:
    """What is asked for; everyone in place of a segment that is not there or is the one in focus."""
    return asked if asked.against in looked.segments and asked.against != focus else asked._replace(against=EVERYONE)


def _rows(segmentation: Segmentation, focus: int, asked: Asked) -> pd.DataFrame:
    facts = known(segmentation.contrasts, asked.columns)
    rows = between(facts, focus, asked.against) if asked.against else strongest(facts, focus)
    return in_order(rows, common_order(facts)) if asked.order == "common" else rows


def _why_empty(asked: Asked) -> str:
    if asked.columns == "other":
        return "Every column that is compared shaped the segments. On the Data page, columns can be set to profile only."
    return "No number, yes-or-no column or category was compared."


def _key(segmentation: Segmentation, focus: int, asked: Asked) -> html.Ul:
    grey = html.Span("Everyone", className="sa-seg sa-seg-noise") if not asked.against else badge(segmentation, asked.against)
    if asked.against:
        grey.className = "sa-seg sa-seg-noise"
    return html.Ul([html.Li(badge(segmentation, focus)), html.Li(grey)], className="sa-key", **{"aria-label": "Legend"})


def _pictures(segmentation: Segmentation, focus: int, against: int, *, mode: str) -> dict[str, html.Div | None]:
    """The small distribution of each column that has one."""
    overlays = segmentation.overlays
    both = overlays[overlays["segment"].isin([focus, against])] if "segment" in overlays else overlays
    if both.empty:
        return {}
    colour = segmentation.colours.get(focus, focus)
    return {str(name): overlay(places, focus, against, colour=colour, mode=mode) for name, places in both.groupby("column", sort=False)}


def _row(row: Any, segmentation: Segmentation, focus: int, against: int, *, drawn: Any) -> html.Li:
    colour = segmentation.colours.get(focus, focus)
    other = f"segment {against}"
    tags = [tag(ROLES[row.role])] if row.role in ROLES else []
    words = [
        html.Div([html.H3(caption(row), className="sa-contrast-name"), *tags], className="sa-contrast-head"),
        effect_bar(float(row.effect), colour),
        html.P(told_between(row, other) if against else told(row), className="sa-contrast-told"),
    ]
    parts = [html.Div(drawn, className="sa-contrast-drawn")] if drawn else []
    return html.Li([*parts, html.Div(words, className="sa-contrast-words")], className="sa-contrast" if drawn else "sa-contrast sa-contrast-bare")


def effect_bar(effect: float, colour: int) -> html.Span:
    """An effect as a bar to the left or right of nothing; the words beside it tell it, so it is hidden from readers."""
    length = min(abs(effect), FULL) / FULL * 50 if effect == effect else 0.0
    side = {"left": "50%"} if effect > 0 else {"right": "50%"}
    fill = html.Span(className="sa-effect-fill", style={"width": f"{length:.1f}%"} | side)
    return html.Span(fill, className=f"sa-effect-bar {segment_class(colour)}", **{"aria-hidden": "true"})


def _foot(rows: pd.DataFrame, looked: Any, asked: Asked) -> html.Div:
    base = f"segment {asked.against}" if asked.against else "everyone"
    told_rows, beside = list(rows.itertuples(index=False)), "rest" if asked.against else "everyone"
    shown = pd.DataFrame({
        "Column": [caption(row) for row in told_rows],
        "Segment": [amount(row.own, row) for row in told_rows],
        "Other segment" if asked.against else "Everyone": [amount(getattr(row, beside), row) for row in told_rows],
        "d": rows["effect"].to_numpy(dtype=float),
        "Size": [size_of(float(effect)) or "hardly any" for effect in rows["effect"]],
        "Cliff's delta": rows["delta"].to_numpy(dtype=float),
        "Resamples": rows["steady"].to_numpy(dtype=float),
        "Shapes": ["yes" if role == SHAPING else "no" for role in rows["role"]],
    })  # fmt: skip
    formats = {"Resamples": "share"}
    twin = more("Show as table", table(shown, caption=f"The segment in focus against {base}", formats=formats))
    save = html.A("CSV", href=numbers_of(looked, "contrasts"), download="", className="sa-text-button",
                  **{"aria-label": "Download the numbers as CSV"})  # fmt: skip
    return html.Div([twin, html.Div([html.Span("Download"), save], className="sa-download"), _explained(asked)], className="sa-figure-foot")


def _explained(asked: Asked) -> html.Details:
    words = (
        "d (Cohen) is the difference of the averages in standard deviations: 0.2 is small, 0.5 medium, 0.8 large. "
        "Averages stand beside those of everyone; d compares the segment with everyone else, so that a large segment is "
        "not compared with itself. Resamples are customers drawn anew: the share in which the difference has the same "
        "direction and is at least small. Columns that shaped the segments differ by construction: there, no p-value "
        "would mean anything."
    )
    if asked.against:
        words = (
            "d (Cohen) is the difference of the two averages in standard deviations: for shares their own pooled one, "
            "for numbers the middle of the pooled ones with which each of the two is compared with everyone else. "
            "Resamples were not drawn for pairs."
        )
    return explain("What is d", words, "https://doi.org/10.4324/9780203771587")
