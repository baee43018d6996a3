"""What customers are expected to buy: how it is known, with which range, whether it held before, and who fell silent."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from dash import html

from core.model import Ordered, Table, ValueModel
from dashboard.components import numbers
from dashboard.components.figure import graph
from dashboard.components.parts import card, explain, more, notice, stat, stats
from dashboard.components.tables import table as as_table
from dashboard.figures.orders_groups import EVERYONE, value_ranges, value_ranges_height
from dashboard.figures.orders_value import BACKTEST_HEIGHT, GRID_HEIGHT, backtest_curve, history_heat
from dashboard.security.labels import plain

RANGE_WORDS = "80% range"
MOST_SILENT = 20
METHODS = {
    "bgnbd": "by the BG/NBD model",
    "rate": "by everyone's own past rate, drawn towards the mean of all",
}
SPENDS = {"gamma": "by the Gamma-Gamma model", "mean": "by everyone's own mean, drawn towards that of all"}
_ALIVE = (
    "The model sees when and how often a customer bought. A customer who used to buy every week and has been silent for "
    "months has probably left; one who buys once a year has not. Probability alive is how likely the customer is still "
    "one, given that history."
)
_RANGE = (
    "Purchases are drawn from the model many times, with its parameters as uncertain as the data leave them; the range "
    "holds the middle 80% of the totals. One time in ten the truth lies above it, one time in ten below."
)
BGNBD = "https://doi.org/10.1287/mksc.1040.0098"


def value_card(ordered: Ordered, table: Table, run: str, *, mode: str, narrow: bool) -> html.Section:
    """Everything about expected value; a plain reason stands where nothing can be expected."""
    model = ordered.value
    if model.method == "none":
        told = notice("warn", "No value is expected from these data", plain(model.because, limit=400),
                      "Past value, RFM scores and cohorts do not need it.")  # fmt: skip
        return card("Expected value", told)
    drawn: list[Any] = [html.P(method_words(model)), _totals(ordered), *_missed(ordered.backtest)]
    charts = [_backtest(ordered, run, mode=mode, narrow=narrow)]
    if ordered.groups["expected_value"].notna().any():
        charts.insert(0, _ranges(ordered, run, mode=mode, narrow=narrow))
    drawn.append(_side_by_side(charts))
    if not ordered.grid.empty:
        drawn.append(_grids(ordered, run, mode=mode))
    drawn += silent(ordered, table)
    words = [explain("What is probability alive", _ALIVE, BGNBD), explain("What is the 80% range", _RANGE)]
    return card(
        value_title(ordered),
        html.Div([*drawn, *_parameters(model), html.Div(words, className="sa-explains")], className="sa-stack"),
        help=f"For the {numbers.count(model.horizon_days, 'day')} from {ordered.plan.as_of} on.",
    )


def value_title(ordered: Ordered) -> str:
    """The totals of everyone in one sentence."""
    row = _everyone(ordered)
    unit = plain(ordered.currency, limit=12)
    told = f"{numbers.number(row['expected_purchases'])} purchases"
    if np.isfinite(row["expected_value"]):
        told += f" worth {numbers.number(row['expected_value'], unit)}"
    return f"{told} are expected of {numbers.count(int(row['customers']), 'customer')}"


def method_words(model: ValueModel) -> str:
    """How purchases and money were expected, and why no better way was taken."""
    told = f"Purchases are expected {METHODS.get(model.method, plain(model.method))}"
    told += f", their money {SPENDS[model.spend]}." if model.spend in SPENDS else "."
    return f"{told} {plain(model.because, limit=600)}".strip()


def with_range(low: pd.Series, high: pd.Series) -> list[str]:
    """ "low to high" for each pair, "" where it is not known."""
    return [
        f"{numbers.number(a)} to {numbers.number(b)}" if np.isfinite(a) and np.isfinite(b) else ""
        for a, b in zip(low.astype(float), high.astype(float), strict=True)
    ]


def _everyone(ordered: Ordered) -> pd.Series:
    found = ordered.groups[ordered.groups["group"] == EVERYONE]
    return (found if len(found) else ordered.groups.tail(1)).iloc[0]


def _missed(backtest: pd.DataFrame) -> list:
    """A caution beside the range of the totals, where such a range did not hold on the past."""
    held = backtest[backtest["held_out"] == 1].tail(1)
    if held.empty or held["actual"].between(held["low"], held["high"]).all():
        return []
    return [notice("warn", "Take these ranges with care.",
                   "Tried on the past, what customers bought lay outside the 80% range, as the chart below shows.")]  # fmt: skip


def _totals(ordered: Ordered) -> html.Div:
    row, unit = _everyone(ordered), plain(ordered.currency, limit=12)
    tiles = []
    for label, part, measure in (("Expected purchases", "purchases", ""), ("Expected value", "value", unit)):
        if np.isfinite(row[f"expected_{part}"]):
            span = with_range(ordered.groups[f"{part}_low"].tail(1), ordered.groups[f"{part}_high"].tail(1))[0]
            base = f"{span} ({RANGE_WORDS})" if span else ""
            tiles.append(stat(label, numbers.number(row[f"expected_{part}"]), measure, base))
    count = int(row["customers"]) or 1
    if np.isfinite(row["expected_value"]):
        tiles.append(stat("For each customer", numbers.number(row["expected_value"] / count), unit, "on average"))
    return stats(*tiles)


def _ranges(ordered: Ordered, run: str, *, mode: str, narrow: bool) -> html.Figure:
    unit = plain(ordered.currency, limit=12)
    parts = ordered.groups[(ordered.groups["group"] != EVERYONE) & ordered.groups["expected_value"].notna()]
    top = parts.loc[parts["expected_value"].idxmax()] if len(parts) else None
    total = _everyone(ordered)["expected_value"]
    title = "What each group is expected to bring"
    if top is not None and total > 0:
        title = f"{plain(top['group'])} are expected to bring {numbers.share(top['expected_value'] / total)} of all expected value"
    shown = pd.DataFrame({"Group": parts["group"], "Expected value": parts["expected_value"].astype(float),
                          "80% range": with_range(parts["value_low"], parts["value_high"])})  # fmt: skip
    return graph(
        value_ranges(ordered.groups, unit=unit, mode=mode, narrow=narrow),
        id="orders-ranges",
        title=title,
        sentence=f"Dots: what is expected{f' in {unit}' if unit else ''}; lines: the range that holds four times in five.",
        height=value_ranges_height(len(parts)),
        table=shown,
        csv=f"/ordered/{run}/groups.csv",
    )


def _backtest(ordered: Ordered, run: str, *, mode: str, narrow: bool) -> html.Figure | html.Div:
    frame, model = ordered.backtest, ordered.value
    # why the model is the one it is stands above already
    said = plain(ordered.backtest_because.removesuffix(model.because).strip() or ordered.backtest_because, limit=600)
    if frame.empty:
        why = said or "The file covers too short a time."
        return notice("info", "The expectation could not be tried on the past", why)
    shown = frame.rename(columns={"week": "Week", "actual": "Made", "expected": "Expected", "low": "From (80%)",
                                  "high": "To (80%)", "held_out": "Held out"})  # fmt: skip
    shown["Week"] = shown["Week"].astype("int64")
    shown["Held out"] = ["yes" if one else "no" for one in frame["held_out"] == 1]
    return graph(
        backtest_curve(frame, mode=mode, narrow=narrow),
        id="orders-backtest",
        title=backtest_title(frame),
        sentence=said or "Fitted on the first weeks alone, the model had to foretell the shaded rest.",
        height=BACKTEST_HEIGHT,
        table=shown,
        csv=f"/ordered/{run}/backtest.csv",
    )


def backtest_title(frame: pd.DataFrame) -> str:
    """How far the expectation of the held-out weeks was off."""
    held = frame[frame["held_out"] == 1]
    before = frame[frame["held_out"] != 1].tail(1)
    if held.empty:
        return "Repeat purchases, made and expected"
    # both lines are cumulative, and what was foretold begins at what had been made by then
    start = float(before["actual"].iloc[0]) if len(before) else 0.0
    last = held.iloc[-1]
    made, expected = float(last["actual"]) - start, float(last["expected"]) - start
    inside = float(last["low"]) <= float(last["actual"]) <= float(last["high"])
    told = f"Tried on the past: {numbers.whole(expected)} purchases foretold, {numbers.whole(made)} made"
    return f"{told}, {'inside' if inside else 'outside'} the 80% range"


def _grids(ordered: Ordered, run: str, *, mode: str) -> html.Div:
    horizon = numbers.count(ordered.value.horizon_days, "day")
    texts = {
        "expected": ("Who bought often and lately is expected to buy most",
                     f"Purchases expected within {horizon}, by history; the scale stands above the chart."),
        "alive": ("The busier a customer was, the sooner silence means leaving",
                  "Probability that a customer with this history still buys."),
    }  # fmt: skip
    drawn = [
        graph(
            history_heat(ordered.grid, what=what, mode=mode),
            id=f"orders-grid-{what}",
            title=title,
            sentence=sentence,
            height=GRID_HEIGHT,
            table=_grid_twin(ordered.grid, what),
            csv=f"/ordered/{run}/grid.csv",
        )
        for what, (title, sentence) in texts.items()
    ]
    return _side_by_side(drawn)


def _side_by_side(charts: list) -> html.Div:
    wide = "sa-col-6" if len(charts) > 1 else "sa-col-12"
    return html.Div([html.Div(one, className=wide) for one in charts], className="sa-grid")


def _grid_twin(grid: pd.DataFrame, what: str) -> Any:
    wide = grid.pivot(index="silent_weeks", columns="purchases", values=what).sort_index()
    step = max(1, -(-wide.shape[1] // 12))
    wide = wide.iloc[:, ::step]
    shown = pd.DataFrame({"Weeks of silence": wide.index.to_numpy()})
    for name in wide.columns:
        shown[f"{numbers.whole(name)} repeats"] = wide[name].to_numpy(dtype=float)
    write = numbers.FORMATS["share" if what == "alive" else "number"]
    return as_table(shown, caption="By repeat purchases so far", formats={name: write for name in shown.columns[1:]})


def silent(ordered: Ordered, table: Table) -> list:
    """The customers marked "silent since" that brought most, up to 20; nothing where nobody is."""
    frame = table.frame
    if "silent_since" not in frame or "monetary" not in frame:
        return []
    marked = frame[frame["silent_since"].notna()].sort_values("monetary", ascending=False, kind="stable")
    if marked.empty:
        return []
    unit = plain(ordered.currency, limit=12)
    shown = pd.DataFrame({"Customer": marked.iloc[:, 0].astype(str)})
    known = {"monetary": "Past money", "frequency": "Orders", "probability_alive": "Probability alive",
             "expected_purchases": "Expected purchases"}  # fmt: skip
    for name, label in known.items():
        if name in marked:
            shown[label] = marked[name].astype(float)
    shown.insert(1, "Silent since", [_day(one) for one in marked["silent_since"]])
    told = f"{numbers.count(len(marked), 'repeat buyer')} silent for long"
    if len(marked) > MOST_SILENT:
        told += f"; the {MOST_SILENT} with the most past money are listed"
    listed = as_table(
        shown.head(MOST_SILENT),
        caption=told,
        formats={
            "Past money": lambda value: numbers.number(value, unit),
            "Orders": "whole",
            "Probability alive": "share",
        },
    )
    why = ("They bought more than once, yet less is expected of them than of a one-time buyer who came at the same time: their silence is "
           "long for how often they used to buy.")  # fmt: skip
    return [html.Div([html.H3("Valuable customers that have gone silent"), html.P(why, className="sa-help"), listed],
                     className="sa-stack")]  # fmt: skip


def _day(value: Any) -> str:
    return str(value.date()) if isinstance(value, pd.Timestamp) else str(value).removeprefix("silent since ")


def _parameters(model: ValueModel) -> list:
    rows = [
        (f"BG/NBD {name}", float(value)) for name, value in zip(("r", "alpha", "a", "b"), model.purchase, strict=False)
    ]
    rows += [
        (f"Gamma-Gamma {name}", float(value)) for name, value in zip(("p", "q", "v"), model.spending, strict=False)
    ]
    if model.purchase:
        rows.append(("BG/NBD log-likelihood", model.purchase_likelihood))
    if model.spending:
        rows.append(("Gamma-Gamma log-likelihood", model.spending_likelihood))
    if not rows:
        return []
    frame = pd.DataFrame(rows, columns=["Parameter", "Value"])
    caption = "Fitted by maximum likelihood, time in weeks"
    return [
        more("Parameters of the model", as_table(frame, caption=caption, formats={"Value": lambda one: f"{one:,.4f}"}))
    ]
