"""What the Orders page shows once customers are made: the finding, RFM groups, value, cohorts and features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from dash import html

from core.model import MONEY_UNITS, Ordered, Table
from dashboard.components import numbers
from dashboard.components.figure import graph
from dashboard.components.forms import segmented
from dashboard.components.orders_cohorts import cohort_card
from dashboard.components.orders_features import features_card
from dashboard.components.orders_value import RANGE_WORDS, value_card, with_range
from dashboard.components.parts import explain, more, notice, stat, stats
from dashboard.components.tables import table as as_table
from dashboard.figures.orders_groups import group_bars, group_bars_height, shares
from dashboard.security.labels import plain

VIEWS = {"groups": "RFM groups", "value": "Expected value", "cohorts": "Cohorts", "features": "Features"}
SCORED = {"recency": "Recency [days]", "frequency": "Frequency [orders]", "monetary": "Monetary"}
_RFM = (
    "Every customer gets a score from 1 to 5 for recency (how long ago the last purchase was), frequency (how many "
    "orders) and monetary (how much money, net of returns); 5 is best and equal values always get equal scores. The "
    "three scores place a customer in a group with a name that many companies use: Champions score high in all, those "
    "at risk were good and have been silent, and so on."
)


def results(
    ordered: Ordered, table: Table, *, run: str, mode: str, narrow: bool, ticked: Sequence[str] | None = None
) -> list:
    """The finding, and below it one of four views: groups, expected value, cohorts, features.

    ``table`` holds the customers, ``run`` is the one that made them and names the downloads. ``ticked`` are the
    columns ticked for clustering, None for those that are proposed; :func:`orders_features.ticked_of` reads them back.
    """
    cards = {
        "groups": groups_card(ordered, run, mode=mode, narrow=narrow),
        "value": value_card(ordered, table, run, mode=mode, narrow=narrow),
        "cohorts": cohort_card(ordered, run, mode=mode, narrow=narrow),
        "features": features_card(ordered, table, run, ticked=ticked),
    }
    choice = html.Div(segmented(VIEWS, "groups", id="orders-view"), role="group", className="sa-views",
                      **{"aria-label": "What to see of these customers"})  # fmt: skip
    # all of them are on the page, whichever is seen: ticks count from every view
    views = [html.Div(one, className=f"sa-view sa-view-{name}") for name, one in cards.items()]
    return [
        html.Section(_headline(ordered, len(table)), className="sa-card sa-stack", id="orders-made"),
        html.Div([choice, *views], id="orders-views"),
    ]


def finding(ordered: Ordered, customers: int) -> str:
    """The result in one sentence: who brings the money, on what base."""
    made = f"{numbers.count(customers, 'customer')} made of {numbers.count(ordered.effect.kept.lines, 'order line')}"
    parts, all_customers, all_revenue = shares(ordered.groups)
    if parts.empty or not all_customers or all_revenue <= 0:
        return made
    top = parts.loc[parts["revenue"].idxmax()]
    few, much = top["customers"] / all_customers, top["revenue"] / all_revenue
    return f"{made}: {plain(top['group'])}, {numbers.share(few)} of them, bring {numbers.share(much)} of revenue"


def _headline(ordered: Ordered, customers: int) -> list:
    kept, back = ordered.effect.kept, ordered.effect.returns
    unit = plain(ordered.currency, limit=12)
    told: list = [html.H2(finding(ordered, customers)), _tiles(ordered, customers)]
    base = f"Reference date {ordered.plan.as_of}: everything is counted up to the day before."
    if back.lines:
        base += (
            f" Revenue is net of {numbers.number(-back.revenue / MONEY_UNITS, unit)} in "
            f"{numbers.count(back.lines, 'returned or cancelled line')}, {numbers.share(back.lines / kept.lines)} of all kept."
        )
    if not unit:
        base += " Money is in the currency of the file, which names none."
    if ordered.without_purchase:
        base += f" {numbers.count(ordered.without_purchase, 'customer')} had returns only and no purchase."
    told.append(html.P(base, className="sa-help"))
    return [*told, *(notice("warn", plain(one, limit=400)) for one in ordered.warnings)]


def _tiles(ordered: Ordered, customers: int) -> html.Div:
    kept, unit = ordered.effect.kept, plain(ordered.currency, limit=12)
    revenue = kept.revenue / MONEY_UNITS
    tiles = [
        stat(
            "Customers",
            numbers.whole(customers),
            base=f"of {numbers.whole(ordered.effect.uploaded.customers)} in the file",
        ),
        stat("Orders", numbers.whole(ordered.effect.purchases.orders), base="with a purchase"),
        stat("Revenue", numbers.number(revenue), unit, "net of returns"),
    ]
    everyone = ordered.groups.tail(1)
    if len(everyone) and np.isfinite(everyone["expected_value"].iloc[0]):
        row = everyone.iloc[0]
        span = f"{numbers.number(row['value_low'])} to {numbers.number(row['value_high'])} ({RANGE_WORDS})"
        days = f"Expected in the next {numbers.count(ordered.plan.horizon_days, 'day')}"
        tiles.append(stat(days, numbers.number(row["expected_value"]), unit, span))
    return stats(*tiles)


def groups_card(ordered: Ordered, run: str, *, mode: str, narrow: bool) -> html.Section:
    """RFM groups as bars, as a table with what is expected of them, and the break points of the scores."""
    parts, _, _ = shares(ordered.groups)
    unit = plain(ordered.currency, limit=12)
    drawn = graph(
        group_bars(ordered.groups, unit=unit, mode=mode, narrow=narrow),
        id="orders-groups",
        title=groups_title(ordered),
        sentence="RFM groups, the best first: upper bar the share of customers, lower bar the share of revenue.",
        height=group_bars_height(len(parts)),
        table=as_table(groups_table(ordered), caption="RFM groups", formats=_formats(ordered)),
        level=2,
        csv=f"/ordered/{run}/groups.csv",
    )
    cuts = as_table(cuts_table(ordered), caption=f"Scores by {_RULES.get(ordered.plan.rfm, ordered.plan.rfm)}")
    words = html.Div(
        [explain("What are RFM groups", _RFM, "Hughes (1994), Strategic Database Marketing")], className="sa-explains"
    )
    return html.Section([drawn, more("Which values give which score", cuts), words], className="sa-card sa-stack")


_RULES = {
    "quantile": "quantiles: about a fifth of the customers with a purchase each",
    "fixed": "the break points given",
    "kmeans": "one-dimensional k-means: values that lie close together",
}


def groups_title(ordered: Ordered) -> str:
    """Which group brings most beyond its size."""
    parts, customers, revenue = shares(ordered.groups)
    if parts.empty or not customers:
        return "No customer is in a group"
    if revenue <= 0:
        return "Revenue is not above zero: there are no shares of it"
    over = parts["revenue"] / revenue - parts["customers"] / customers
    top = parts.loc[over.idxmax()]
    few, much = numbers.share(top["customers"] / customers), numbers.share(top["revenue"] / revenue)
    return f"{plain(top['group'])}: {few} of customers, {much} of revenue"


def groups_table(ordered: Ordered) -> pd.DataFrame:
    """The groups in figures, "Everyone" last; columns without any value are left out."""
    frame, (_, customers, revenue) = ordered.groups, shares(ordered.groups)
    shown = pd.DataFrame({"Group": frame["group"], "Customers": frame["customers"].astype("int64")})
    shown["of customers"] = frame["customers"] / (customers or np.nan)
    shown["Orders"] = frame["orders"].astype("int64")
    shown["Revenue"] = frame["revenue"].astype(float)
    shown["of revenue"] = frame["revenue"] / (revenue if revenue > 0 else np.nan)
    for name, part, kind in (("Expected purchases", "purchases", "purchases"), ("Expected value", "value", "value")):
        if frame[f"expected_{part}"].notna().any():
            shown[name] = frame[f"expected_{part}"].astype(float)
            shown[f"{name}: 80% range"] = with_range(frame[f"{kind}_low"], frame[f"{kind}_high"])
    return shown


def _formats(ordered: Ordered) -> dict:
    unit = plain(ordered.currency, limit=12)

    def money(value: float) -> str:
        return numbers.number(value, unit)

    return {"of customers": "share", "of revenue": "share", "Revenue": money, "Expected value": money}


def cuts_table(ordered: Ordered) -> pd.DataFrame:
    """A row per figure, a column per score with the values that get it; recency is best when small."""
    rows = []
    for figure, label in SCORED.items():
        spans = _spans(ordered.rfm_cuts.get(figure, ()))
        spans = spans[::-1] if figure == "recency" else spans
        unit = plain(ordered.currency, limit=12) if figure == "monetary" else ""
        rows.append((f"{label} [{unit}]" if unit else label, *spans))
    return pd.DataFrame(rows, columns=["Figure", *(f"Score {score}" for score in range(1, 6))])


def _spans(cuts: Sequence[float]) -> list[str]:
    """What lies between break points, from the lowest values up; a span that holds nothing is a dash."""
    if len(cuts) != 4:
        return [numbers.NOTHING] * 5
    told = [f"up to {numbers.number(cuts[0])}"]
    for low, high in zip(cuts, cuts[1:], strict=False):
        told.append(f"{numbers.number(low)} to {numbers.number(high)}" if high > low else numbers.NOTHING)
    return [*told, f"above {numbers.number(cuts[-1])}"]
