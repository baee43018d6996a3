"""Whether segments differ in columns that did not shape them: outcomes, and columns kept for profiles only."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components import numbers
from dashboard.components.atlas_marks import numbers_of
from dashboard.components.parts import explain, more, skeleton, tag
from dashboard.components.tables import table
from dashboard.security.labels import plain

ROLES = {"profile": "profile only", "outcome": "outcome"}
MEASURES = {"eta squared": "eta\N{SUPERSCRIPT TWO}", "eta_squared": "eta\N{SUPERSCRIPT TWO}", "cramers_v": "Cramer's V"}
FIRST = 6


def outcomes(looked: Any) -> list:
    """Outcomes first; a skeleton while a job looks, nothing where there is no such column."""
    segmentation = looked.segmentation
    if not segmentation.whole:
        roles = segmentation.contrasts["role"] if "role" in segmentation.contrasts else pd.Series(dtype=object)
        if not (looked.waiting and roles.isin(ROLES).any()):
            return []
        return [html.H3("Columns that did not shape the segments"), skeleton(96, "Being worked out")]
    if "differs" not in segmentation.outcomes or segmentation.outcomes.empty:
        return []
    found = segmentation.outcomes.sort_values("role", key=lambda role: role != "outcome", kind="stable")
    rows = [_row(row) for row in found.itertuples(index=False)]
    differ = int(found["differs"].astype(bool).sum())
    told = f"Segments differ in {differ} of {numbers.count(len(found), 'column')} that did not shape them."
    parts: list = [html.H3("Columns that did not shape the segments"), html.P(told, className="sa-help")]
    parts.append(html.Ul(rows[:FIRST], className="sa-plain-list sa-outcomes"))
    if rows[FIRST:]:
        parts.append(more(f"Show the other {len(rows) - FIRST}", html.Ul(rows[FIRST:], className="sa-plain-list sa-outcomes")))
    return [html.Div([*parts, _foot(found, looked)], className="sa-outcomes-part")]


def _row(row: Any) -> html.Li:
    differs = bool(row.differs)
    marks = [html.Strong(plain(row.column)), tag(ROLES.get(str(row.role), str(row.role)))]
    marks.append(tag("segments differ", "accent") if differs else tag("no difference shown"))
    return html.Li([html.Div(marks, className="sa-contrast-head"), _interval(row), html.P(plain(row.told, limit=400))])


def _interval(row: Any) -> html.Div:
    """Value and interval on a scale from 0 to 1; the sentence beside it tells both."""
    low, value, high = (min(1.0, max(0.0, float(one))) if one == one else 0.0 for one in (row.low, row.value, row.high))
    span = html.Span(className="sa-interval-span", style={"left": f"{100 * low:.1f}%", "width": f"{100 * max(high - low, 0):.1f}%"})
    mark = html.Span(className="sa-interval-mark", style={"left": f"{100 * value:.1f}%"})
    name = MEASURES.get(str(row.measure), plain(row.measure))
    words = f"{name}, from 0 to 1"
    return html.Div([html.Span([span, mark], className="sa-interval", **{"aria-hidden": "true"}), html.Span(words)],
                    className="sa-interval-line")  # fmt: skip


def _foot(found: pd.DataFrame, looked: Any) -> html.Div:
    shown = found.reindex(columns=["column", "role", "measure", "value", "low", "high", "p", "differs"])
    shown = shown.assign(differs=["yes" if one else "no" for one in shown["differs"].astype(bool)])
    shown.columns = ["Column", "Role", "Measure", "Value", "From", "To", "p (Holm)", "Differs"]
    twin = more("Show as table", table(shown, caption="How far segments differ, with 95% intervals"))
    save = html.A("CSV", href=numbers_of(looked, "outcomes"), download="", className="sa-text-button", **{"aria-label": "Download the outcomes as CSV"})
    words = explain(
        "What do these measures mean",
        "Eta squared is the share of a number's variance that lies between segments; Cramer's V tells the same of "
        "categories, from 0 (no difference) to 1. The interval holds 95% of what other customers drawn from these would "
        "give. p-values are corrected for the number of columns (Holm) and given only where a column did not shape the "
        "segments.",
        "https://doi.org/10.1016/j.jkss.2012.10.002",
    )
    return html.Div([twin, html.Div([html.Span("Download"), save], className="sa-download"), words], className="sa-figure-foot")
