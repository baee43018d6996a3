"""Customers by when they first bought: who comes back, and what each cohort brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from dash import html

from core.model import Ordered
from dashboard.components import numbers
from dashboard.components.figure import graph
from dashboard.components.parts import card, empty, explain
from dashboard.components.tables import table as as_table
from dashboard.figures.orders_cohorts import cohort_heat, cohort_heat_height, cohort_table
from dashboard.security.labels import plain

_WORDS = (
    "Customers whose first purchase fell in the same {period} are one cohort. Retention is the share of a cohort that "
    "bought in a later {period}; revenue per customer is the money of that {period} divided by everyone in the cohort, "
    "whether they came back or not. The last {period} may not be over, so its cells can be too low."
)


def cohort_card(ordered: Ordered, run: str, *, mode: str, narrow: bool) -> html.Section:
    """Two heat maps with one row per cohort, retention and revenue per customer; or why there are none."""
    if ordered.cohorts.empty:
        why = "It takes customers with a purchase and its date."
        return card("Cohorts", empty("No cohorts to compare", why, None, "explore"))
    drawn = [_drawn(ordered, measure, run, mode=mode, narrow=narrow) for measure in ("retention", "revenue")]
    words = html.Div([explain("What is a cohort", _WORDS.format(period=ordered.period))], className="sa-explains")
    return card(
        f"Cohorts by {ordered.period} of the first purchase",
        html.Div([html.Div(one, className="sa-col-6") for one in drawn], className="sa-grid"),
        words,
        help=f"Rows are the {ordered.period}s of first purchases, columns the {ordered.period}s since.",
    )


def _drawn(ordered: Ordered, measure: str, run: str, *, mode: str, narrow: bool) -> html.Figure:
    unit = plain(ordered.currency, limit=12)
    count = ordered.cohorts["cohort"].nunique()
    ends = f"colours end at the highest later {ordered.period}"
    sentence = {
        "retention": f"Share of each cohort that bought in the {ordered.period}; {ends}, as {ordered.period} 0 is everyone.",
        "revenue": f"Money of the {ordered.period} for each customer of the cohort{f' [{unit}]' if unit else ''}; {ends}.",
    }[measure]
    told = retention_title(ordered) if measure == "retention" else revenue_title(ordered)
    write = numbers.FORMATS["share" if measure == "retention" else "number"]
    frame = cohort_twin(ordered, measure)
    return graph(
        cohort_heat(ordered.cohorts, measure=measure, period=ordered.period, unit=unit, mode=mode, narrow=narrow),
        id=f"orders-{measure}",
        title=told,
        sentence=sentence,
        height=cohort_heat_height(count),
        table=as_table(frame, caption=told, formats={name: write for name in frame.columns[2:]}),
        csv=f"/ordered/{run}/cohorts.csv",
    )


def retention_title(ordered: Ordered) -> str:
    """How many come back a period later, over all cohorts that could."""
    back, base = _at(ordered.cohorts, 1, "active")
    if not base:
        return f"No cohort is older than one {ordered.period}"
    return f"{numbers.share(back / base)} of {numbers.count(base, 'customer')} bought again one {ordered.period} later"


def revenue_title(ordered: Ordered) -> str:
    """What a customer brings in the first period, and in the next."""
    unit = plain(ordered.currency, limit=12)
    first, base = _at(ordered.cohorts, 0, "revenue")
    if not base:
        return "No revenue by cohort"
    told = f"A customer brings {numbers.number(first / base, unit)} in the first {ordered.period}"
    later, some = _at(ordered.cohorts, 1, "revenue")
    return f"{told}, {numbers.number(later / some)} in the next" if some else told


def _at(cohorts: pd.DataFrame, age: int, column: str) -> tuple[float, int]:
    """The sum of a column and of the customers over the cohorts that have reached this age."""
    part = cohorts[cohorts["age"] == age]
    return float(part[column].sum()), int(part["customers"].sum())


def cohort_twin(ordered: Ordered, measure: str) -> pd.DataFrame:
    """The heat map as a table: cohort, its customers, and a column per period since."""
    z = cohort_table(ordered.cohorts, measure)
    sizes = ordered.cohorts.groupby("cohort", sort=True)["customers"].first()
    shown = pd.DataFrame({"Cohort": [plain(name) for name in z.index], "Customers": sizes.to_numpy(dtype=np.int64)})
    for age in z.columns:
        shown[f"{ordered.period.capitalize()} {age}"] = z[age].to_numpy(dtype=float)
    return shown
