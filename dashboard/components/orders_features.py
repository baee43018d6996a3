"""The features made of order lines: what each is, how it is spread, and whether it shapes the segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from core.model import Column, FeatureFact, Kind, Ordered, Role, Table
from dashboard.components import numbers
from dashboard.components.parts import card, more, tag
from dashboard.components.segments import sparkbars
from dashboard.security.labels import plain

USABLE = (Kind.NUMBER, Kind.FLAG, Kind.CATEGORY)
"""What can be compared as it is; the others describe only."""


def features_card(
    ordered: Ordered, table: Table, run: str, *, ticked: Sequence[str] | None = None
) -> html.Section:
    """Every feature with its tick, formula, unit, distribution and why it is ticked or not; ticked ones first.

    Those without a tick are folded away.
    """
    facts = {fact.name: fact for fact in ordered.features}
    chosen = set(proposed(ordered, table) if ticked is None else ticked)
    items: dict[bool, list[html.Li]] = {True: [], False: []}
    for place, column in enumerate(table.columns):
        if column.name in facts:
            on = column.name in chosen and column.kind in USABLE
            items[on].append(_item(place, column, facts[column.name], ordered, rows=len(table), on=on))
    told = ticked_words(len(items[True]), len(items[True]) + len(items[False]))
    parts: list[Any] = [html.P(told, id="orders-ticked", role="status")]
    if items[True]:
        parts += [html.H3("Proposed" if ticked is None else "Ticked"), html.Ul(items[True], className="sa-columns")]
    if items[False]:
        rest = html.Ul(items[False], className="sa-columns")
        parts.append(more(f"{numbers.count(len(items[False]), 'further feature')} to tick", rest))
    links = [
        html.A(
            "Customers with all features (CSV)", href=f"/ordered/{run}/customers.csv", download="", className="sa-small"
        ),
        html.A("How features are made (CSV)", href=f"/ordered/{run}/features.csv", download="", className="sa-small"),
    ]
    return card(
        "Which features shape the segments?",
        html.Div(parts, className="sa-stack sa-order-features"),
        html.Div(links, className="sa-row sa-below"),
        help="Ticks can be changed; features without one still describe the segments afterwards.",
        id="orders-features",
    )


def ticked_words(ticked: int, features: int) -> str:
    """How many features are ticked, of how many, and what to do where none is."""
    if not ticked:
        return "No feature is ticked: tick at least one, then compare segmentations."
    return f"{ticked} of {numbers.count(features, 'feature')} {'is' if ticked == 1 else 'are'} ticked to shape the segments."


def proposed(ordered: Ordered, table: Table) -> list[str]:
    """The features ticked by default that the table has, in its order."""
    good = {fact.name for fact in ordered.features if fact.ticked}
    return [column.name for column in table.columns if column.name in good and column.kind in USABLE]


def ticked_of(table: Table, values: object, ids: object) -> list[str]:
    """The names of the ticked columns: ``values`` and ``ids`` as the pattern ``feature-tick`` sends them.

    Whatever is no tick of a column that can be compared is passed over: both come from a browser.
    """
    if not isinstance(values, list) or not isinstance(ids, list):
        return []
    places = set()
    for value, one in zip(values, ids, strict=False):
        place = one.get("index") if isinstance(one, dict) else None
        if value is True and isinstance(place, int) and not isinstance(place, bool):
            places.add(place)
    return [
        column.name
        for place, column in enumerate(table.columns)
        if place in places and column.kind in USABLE and column.role is not Role.ID
    ]


def _item(place: int, column: Column, fact: FeatureFact, ordered: Ordered, *, rows: int, on: bool) -> html.Li:
    label, unit = plain(fact.label), unit_of(fact, ordered)
    tick = dbc.Checkbox(
        id={"type": "feature-tick", "index": place},
        value=on,
        label=label,
        disabled=column.kind not in USABLE,
        class_name="sa-feature-tick",
    )
    head = [html.H4(tick, className="sa-column-name")]
    if unit:
        head.append(tag(unit))
    why = plain(fact.why, limit=200)
    facts = [html.Div(plain(fact.formula, limit=300), className="sa-small")]
    if why:
        facts.append(html.Div(why, className="sa-muted sa-small"))
    if column.gaps:
        gaps = f"{numbers.count(column.gaps, 'customer')} without a value ({numbers.share(column.gaps / max(rows, 1))})"
        facts.append(html.Div(gaps, className="sa-muted sa-small"))
    return html.Li([html.Div(head, className="sa-column-head"), _spread(column, fact), *facts], className="sa-column")


def unit_of(fact: FeatureFact, ordered: Ordered) -> str:
    """The unit as shown: money is in the currency of the file, where that is known."""
    return plain((ordered.currency or "money") if fact.unit == "money" else fact.unit, limit=16)


def _spread(column: Column, fact: FeatureFact) -> html.Div:
    if not column.bars and column.distinct:
        return html.Div(numbers.count(column.distinct, "different value"), className="sa-muted sa-small")
    return sparkbars(column.bars, label=fact.label)
