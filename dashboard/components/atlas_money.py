"""The tab money of the Atlas: what the segments bring in, and what is expected of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from dash import dcc, html

from core.model import Segmentation
from core.personas import Money, money_of
from core.personas.money import numbers_of
from core.personas.reading import may_be_money
from core.selection import caution
from dashboard.address import Address
from dashboard.components import numbers
from dashboard.components.parts import more, notice, stat, stats
from dashboard.components.segments import segment_badge, share_bar
from dashboard.components.tables import table as as_table
from dashboard.security.labels import plain

MOST_PROPOSED = 6


def money_shares(segmentation: Segmentation) -> dict[int, float]:
    """The share of everyone's money (0..1, below 0 where returns outweigh) that each segment brings, those not placed
    included; empty where no money is known."""
    money = money_of(segmentation)
    if money is None:
        return {}
    rows = money.rows[(money.rows["segment"] != 0) & money.rows["revenue_share"].notna()]
    return {int(segment): float(share) for segment, share in zip(rows["segment"], rows["revenue_share"], strict=True)}


def tab(looked: Any, focus: int) -> list:
    """What the segment ``focus`` brings, beside all others; where no money is known, how to say which column it is."""
    segmentation: Segmentation = looked.segmentation
    money = money_of(segmentation)
    if money is None:
        return _unknown(segmentation, looked.here.dataset.id)
    warned = caution(segmentation.candidate.trust.get(focus))
    parts = [
        html.H3(finding(money, focus)),
        *([html.P(warned, className="sa-persona-caution")] if warned else []),
        _pair(money, focus, segmentation),
        tiles(money, focus),
        html.P(_base(money, segmentation), className="sa-help"),
        html.H3("All segments"),
        _all(money, segmentation, focus),
        more("All figures", _figures(money, segmentation)),
    ]
    return [html.Div(parts, className="sa-money")]


def finding(money: Money, segment: int) -> str:
    """The share of customers against the share of money, in one sentence."""
    customers, revenue = money.figure(segment, "share"), money.figure(segment, "revenue_share")
    if not np.isfinite(revenue):
        return f"{numbers.share(customers)} of customers; there is no money above zero to have a share of"
    return f"{numbers.share(customers)} of customers bring {numbers.share(revenue)} of {source(money)}"


def source(money: Money) -> str:
    """What the money is called."""
    return plain(money.column) if money.column else "revenue"


def tiles(money: Money, segment: int) -> html.Div:
    """The figures of one segment, those that are known."""
    unit = plain(money.unit, limit=12)

    def told(label: str, name: str, unit: str = "", base: str = "") -> list:
        value = money.figure(segment, name)
        return [stat(label, numbers.number(value), unit, base)] if np.isfinite(value) else []

    each, orders = money.figure(0, "each"), money.figure(segment, "orders")
    against = f"{numbers.number(each, unit)} over all customers" if np.isfinite(each) else ""
    low, high = (numbers.number(money.figure(segment, end)) for end in ("value_low", "value_high"))
    return stats(
        *told("Revenue" if not money.column else "In all", "revenue", unit),
        *told("For each customer", "each", unit, against),
        *([stat("Orders", numbers.whole(orders))] if np.isfinite(orders) else []),
        *told("For each order", "per_order", unit),
        *told("Expected value", "expected_value", unit, f"{low} to {high} (80% range)"),
    )


def _pair(money: Money, segment: int, segmentation: Segmentation) -> html.Dl:
    """Two bars on one scale: the share of customers above the share of money."""
    colour = segmentation.colours.get(segment, segment)
    shares = {"of all customers": money.figure(segment, "share"), f"of all {source(money)}": money.figure(segment, "revenue_share")}
    rows = []
    for words, share in shares.items():
        if np.isfinite(share):
            rows += [html.Dt(words), html.Dd([html.Span(numbers.share(share)), share_bar(share, colour)])]
    return html.Dl(rows, className="sa-money-pair")


def _all(money: Money, segmentation: Segmentation, focus: int) -> html.Ul:
    """Every segment with both shares, the one that brings most first."""
    rows = money.rows[money.rows["segment"] != 0].sort_values("revenue", ascending=False, kind="stable")
    names = segmentation.candidate.names
    shown = []
    for segment, customers, revenue in zip(rows["segment"], rows["share"], rows["revenue_share"], strict=True):
        number = int(segment)
        colour = segmentation.colours.get(number, number)
        bars = [html.Span(f"{numbers.share(customers)} of customers"), share_bar(customers)]
        if np.isfinite(revenue):
            bars += [html.Span(f"{numbers.share(revenue)} of {source(money)}"), share_bar(revenue, colour)]
        here = {"aria-current": "true"} if number == focus else {}
        warned = caution(segmentation.candidate.trust.get(number))
        said = [html.Span(warned, className="sa-persona-caution")] if warned else []
        shown.append(html.Li([segment_badge(number, names.get(number, "")), *said, html.Div(bars, className="sa-money-bars")], **here))
    return html.Ul(shown, className="sa-money-all")


def _figures(money: Money, segmentation: Segmentation) -> html.Div:
    """All segments in figures, everyone first; columns without any value are left out."""
    rows, unit = money.rows, plain(money.unit, limit=12)
    names = {0: "Everyone", **segmentation.candidate.names}
    shown = pd.DataFrame({"Segment": [names.get(int(one), "Not placed" if one < 0 else f"Segment {one}") for one in rows["segment"]]})
    shown["Customers"] = rows["customers"].astype("int64")
    titles = {"share": "of customers", "revenue": f"Sum [{unit}]" if unit else "Sum", "revenue_share": "of the sum",
              "each": "For each customer", "orders": "Orders", "per_order": "For each order",
              "expected_value": "Expected value"}  # fmt: skip
    for name, title in titles.items():
        if rows[name].notna().any():
            shown[title] = rows[name].astype(float)
    if rows["value_low"].notna().any():
        ends = zip(rows["value_low"], rows["value_high"], strict=True)
        shown["80% range"] = [f"{numbers.number(low)} to {numbers.number(high)}" for low, high in ends]
    beware = [caution(segmentation.candidate.trust.get(int(one))) for one in rows["segment"]]
    if any(beware):
        shown["Caution"] = beware
    formats = {"of customers": "share", "of the sum": "share", "Orders": "whole"}
    return as_table(shown, caption=f"{source(money).capitalize()} by segment", formats=formats)


def _base(money: Money, segmentation: Segmentation) -> str:
    """What the money is, and of whom it is known."""
    unit = f" in {plain(money.unit, limit=12)}" if money.unit else ""
    if not money.column:
        unnamed = "" if unit else " Money is in the currency of the file, which names none."
        return f"Revenue{unit} of the order lines kept, net of returns. Expected value is for the days ahead that were set on the Orders page.{unnamed}"
    rows = segmentation.profile[(segmentation.profile["column"] == money.column) & (segmentation.profile["segment"] == 0)]
    known, every = int(rows["customers"].iloc[0] - rows["gaps"].iloc[0]), int(rows["customers"].iloc[0])
    chosen = "as chosen" if segmentation.plan.recipe.money else "as its name or unit suggests"
    return (
        f"Money is the column {plain(money.column)}{unit}, {chosen}; known of {numbers.whole(known)} of "
        f"{numbers.count(every, 'customer')}. Another column can be chosen on the Data page under “Effects are told in”."
    )


def _unknown(segmentation: Segmentation, dataset: str) -> list:
    """Which columns could be money, and where to say so."""
    names = [plain(one.name) for one in numbers_of(segmentation.profile) if may_be_money(one.name)]
    listed = ", ".join(names[:MOST_PROPOSED]) + (f" and {len(names) - MOST_PROPOSED} more" if len(names) > MOST_PROPOSED else "")
    could = f"It could be one of these numbers: {listed}." if names else "None of the numbers in the file looks like money."
    go = dcc.Link("Go to Data", href=Address(dataset).to("/"), className="btn btn-secondary btn-sm")
    hint = "On the Data page choose the column under “Effects are told in”; then compare again. Shares of revenue then stand on the cards, too."
    return [html.Div([notice("info", "No column says what customers bring in.", could, hint), html.Div(go)], className="sa-money")]
