"""What became of each segment, as cards: those of now first, then those of before that are no more."""

from __future__ import annotations

import pandas as pd
from dash import html

from core.lineage import sentence
from core.model import Migration
from dashboard.components import numbers
from dashboard.components.atlas_marks import marked
from dashboard.components.parts import tag
from dashboard.components.segments import segment_class
from dashboard.figures.migration_flows import Ends
from dashboard.security.labels import plain

FATES = {"same": "Same", "new": "New", "split": "Split", "merged": "Merged", "retired": "Retired"}
LIKENESS = {
    "ids": "{} of the customers who were in it or are in it are both (Jaccard similarity, customers in both files).",
    "centres": "Likeness of the centres {}: at 50% they are half way to the next segment.",
}


def fates(migration: Migration, ends: Ends) -> html.Section:
    """A card for every segment of now, and for those of before that merged, split or retired."""
    frame = migration.fates
    shown = frame[(frame["side"] == "now") | (frame["fate"] != "same")]
    cards = [_card(row, migration, ends) for row in shown.sort_values("side", ascending=False, kind="stable").itertuples()]
    return html.Section(
        [html.Div(html.H2("What became of the segments"), className="sa-card-head"), html.Ul(cards, className="sa-segments sa-fates")],
        className="sa-card",
    )


def _card(row: object, migration: Migration, ends: Ends) -> html.Li:
    side = 0 if row.side == "before" else 1
    colour = ends.colours[side].get(row.segment, row.segment)
    others = [ends.names[1 - side].get(part, f"Segment {part}") for part in parts(row.parts)]
    told = sentence(row.side, row.fate, [f"“{plain(name)}”" for name in others], by=migration.by)
    if row.fate == "same" and others == [ends.names[side].get(row.segment)]:
        told = "It has the name that it had before."
    lines = [html.P(told, className="sa-fate-told")]
    if row.fate == "same":
        by = "centres" if row.told.startswith("By where it lies") else migration.by
        lines.append(html.P(LIKENESS[by].format(numbers.share(row.likeness)), className="sa-muted sa-small"))
    return html.Li(
        [
            html.Div([tag(FATES[row.fate], "accent" if row.fate == "same" else ""), html.Span("before" if side == 0 else "now", className="sa-muted sa-small")], className="sa-row"),
            html.H3(marked(row.segment, ends.names[side].get(row.segment, row.name), ends.colours[side])),
            html.Div(_sizes(row, migration.fates, side), className="sa-segment-size"),
            *lines,
        ],
        className=f"sa-segment sa-fate is-{row.fate} {segment_class(colour)}",
    )


def _sizes(row: object, frame: pd.DataFrame, side: int) -> list:
    """Customers, and those of its counterpart where it is the same."""
    own = html.Strong(numbers.whole(row.customers))
    if row.fate != "same" or side == 0:
        return [own, html.Span("customers")]
    was = frame.loc[(frame["side"] == "before") & (frame["segment"] == row.other), "customers"]
    return [own, html.Span(f"customers, {numbers.whole(was.iloc[0])} before")] if len(was) else [own, html.Span("customers")]


def parts(text: str) -> list[int]:
    """The segments that a fate is about."""
    return [int(part) for part in text.split()]
