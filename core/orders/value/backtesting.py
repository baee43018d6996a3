"""The back-test: a model that saw only the first two thirds of the history foretells the rest."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.model.orders import OrderPlan, ValueModel
from core.orders.value import bgnbd
from core.orders.value.forecasting import HIGH, LOW, draws_for
from core.orders.value.histories import WEEK, Histories
from core.orders.value.ladder import fit_purchases, refused
from core.orders.value.simulate import Drawn, draw_parameters, draw_rates, draw_stay

if TYPE_CHECKING:
    import ibis

COLUMNS = ("week", "actual", "expected", "low", "high", "held_out")
SEEN = 2 / 3
FEWEST_WEEKS = 12
MOST_CUSTOMERS = 50_000
"""Customers whose future is simulated; of more, every so many-th history stands for its neighbours."""
EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Split:
    """Days counted from 1970: the first day, the first day held out, and the day after the last."""

    start: int
    cut: int
    end: int

    @classmethod
    def of(cls, start: int, end: int) -> Split:
        """Cut after whole weeks, about two thirds of the way."""
        return cls(start, start + 7 * round(SEEN * (end - start) / WEEK), end)

    @property
    def edges(self) -> np.ndarray:
        """Days (weeks,) on which a week is over; the last week may be short."""
        return np.minimum(np.arange(self.start + 7, self.end + 7, 7), self.end)


def backtest(session: Any, kept: ibis.Table, plan: OrderPlan) -> tuple[pd.DataFrame, str]:
    """Cumulative repeat purchases by week, counted and expected, and in words how far off the expectation was.

    ``kept`` are the lines that count, with ``purchase``; ``session`` runs the expressions; ``plan`` tells the day of
    reference and the seed. Only customers who came before the hold-out are followed. Columns week (from 1), actual,
    expected, low, high (80 % predictive range; NaN before the hold-out), held_out (0 or 1). Before the hold-out the
    expectation is the fitted model's for new customers; in it, what was counted until then plus what is expected of
    the customers given their history. An empty frame and the reason where there are too few data.
    """
    days = _days(kept)
    ends = session.frame(days.aggregate(first=days["day"].min(), last=days["day"].max())).iloc[0]
    if pd.isna(ends["first"]):
        return _none("No order counts as a purchase, so that there is nothing to test.")
    last = dt.date.fromisoformat(plan.as_of).toordinal() - EPOCH.toordinal() if plan.as_of else int(ends["last"]) + 1
    split = Split.of(int(ends["first"]), max(last, int(ends["last"]) + 1))
    if len(split.edges) < FEWEST_WEEKS:
        return _none(
            f"The orders cover {split.end - split.start:,} days; a test on held-out orders needs {FEWEST_WEEKS} weeks."
        )
    found = session.frame(_seen(days, split))
    given = Histories.of(
        found["repeats"],
        (found["last"] - found["first"]) / WEEK,
        (split.cut - 1 - found["first"]) / WEEK,
        found["count"],
    )
    model, why_not = _model(given, split, plan.seed)
    if why_not:
        return _none(f"No test on held-out orders: on the first two thirds, {why_not[0].lower()}{why_not[1:]}")
    counted = session.frame(_repeats(days, split))
    frame = _curves(model, given, split, counted["day"].to_numpy(), counted["count"].to_numpy())
    return frame, _told(frame, model)


def _days(kept: ibis.Table) -> ibis.Table:
    """One row per customer and purchase day, counted from 1970."""
    bought = kept.filter(kept["purchase"])
    return bought.select("customer", day=bought["date"].date().epoch_days().cast("int64")).distinct()


def _seen(days: ibis.Table, split: Split) -> ibis.Table:
    """How many customers (count) have which history (first, last, repeats) before the hold-out."""
    early = days.filter(days["day"] < split.cut)
    each = early.group_by("customer").aggregate(
        first=early["day"].min(), last=early["day"].max(), repeats=early.count() - 1
    )
    return each.group_by("first", "last", "repeats").aggregate(count=each.count()).order_by("first", "last", "repeats")


def _repeats(days: ibis.Table, split: Split) -> ibis.Table:
    """Repeat purchases by day of customers who came before the hold-out."""
    first = days.group_by("customer").aggregate(first=days["day"].min())
    joined = days.inner_join(first.filter(first["first"] < split.cut), "customer")
    later = joined.filter(joined["day"] > joined["first"])
    return later.group_by("day").aggregate(count=later.count()).order_by("day")


def _model(given: Histories, split: Split, seed: int) -> tuple[ValueModel, str]:
    """The model of purchases that the first part of the history carries, or why there is none."""
    horizon = split.end - split.cut
    because = refused(given, horizon)
    if because:
        return ValueModel("none", because, horizon), because
    method, because, facts = fit_purchases(given)
    return ValueModel(method, because, horizon, seed=seed, **facts), ""


def _curves(model: ValueModel, given: Histories, split: Split, days: np.ndarray, counts: np.ndarray) -> pd.DataFrame:
    edges = split.edges
    actual = np.concatenate([[0], np.cumsum(counts)])[np.searchsorted(days, edges)]
    held = edges > split.cut
    before = actual[~held][-1]
    later = (edges[held] - split.cut) / WEEK
    future = np.array([_expected(model, given, weeks) for weeks in later])
    low, high = _range(model, given, later, future)
    gaps = np.full((~held).sum(), np.nan)
    columns = (
        np.arange(1, len(edges) + 1),
        actual.astype(np.int64),
        np.concatenate([_expected_in_sample(model, given, split, edges[~held]), before + future]),
        np.concatenate([gaps, before + low]),
        np.concatenate([gaps, before + high]),
        held.astype(np.int64),
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _expected_in_sample(model: ValueModel, given: Histories, split: Split, edges: np.ndarray) -> np.ndarray:
    """Repeat purchases (weeks,) that the model expects of new customers until each of ``edges``."""
    first = split.cut - 1 - np.round(given.age * WEEK).astype(np.int64)
    came = np.bincount(first - split.start, given.weight, minlength=split.cut - split.start)
    ages = np.arange(split.cut - split.start) / WEEK
    each = bgnbd.expected_from_start(np.array(model.purchase), ages) if model.purchase else model.rate * ages
    return np.array([(came[:n] * each[:n][::-1]).sum() for n in edges - split.start])


def _expected(model: ValueModel, given: Histories, weeks: float) -> float:
    """Purchases that the histories together are expected to bring within ``weeks``."""
    if model.method == "rate":
        return float((given.weight * (1 + given.repeats) / (1 / model.rate + given.age)).sum() * weeks)
    there = given.weight * bgnbd.alive(np.array(model.purchase), given)
    same = Histories.of(given.repeats, np.zeros(len(there)), given.age, there).collapsed()
    found = bgnbd.expected_if_alive(np.array(model.purchase), same.repeats, same.age, weeks)
    return float((same.weight * found).sum())


def _range(model: ValueModel, given: Histories, later: np.ndarray, future: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 80 % predictive range (weeks,) of purchases within ``later`` weeks, around the ``future`` expected."""
    sample = given.thinned(MOST_CUSTOMERS)
    drawn = draw_parameters(model, given, np.full(len(given.repeats), np.nan), draws_for(len(sample.repeats)))
    simulated = np.stack([_one_future(one, sample, later) for one in drawn])
    scale = 1.0
    if len(sample.repeats) < given.weight.sum():
        scale = future[-1] / _expected(model, sample, float(later[-1]))
    low, high = np.quantile(simulated, [LOW, HIGH], axis=0, method="weibull") * scale
    return low, high


def _one_future(drawn: Drawn, given: Histories, later: np.ndarray) -> np.ndarray:
    """Cumulative purchases (weeks,) in one simulated future: each customer's come at random until the customer leaves."""
    rows, rates, leaving = draw_rates(drawn, given)
    wanted = drawn.random.poisson(rates * later[-1])
    stay = np.minimum(draw_stay(drawn.random, leaving), wanted)
    owner = np.repeat(np.arange(len(rows)), wanted)
    when = np.sort(owner + drawn.random.random(len(owner))) - owner
    place = np.arange(len(owner)) - np.repeat(np.cumsum(wanted) - wanted, wanted)
    happened = np.sort(when[place < stay[owner]]) * later[-1]
    return np.searchsorted(happened, later).astype(float)


def _told(frame: pd.DataFrame, model: ValueModel) -> str:
    """How far off the expectation was over the whole hold-out, in one sentence."""
    last, before = frame.iloc[-1], frame.loc[frame["held_out"] == 0, "actual"].iloc[-1]
    actual, expected, low, high = (last[name] - before for name in ("actual", "expected", "low", "high"))
    off = f", {abs(expected / actual - 1):.0%} too {'many' if expected > actual else 'few'}" if actual else ""
    where = "within" if low <= actual <= high else "outside"
    ending = "." if where == "within" else "; the model knows neither seasons nor growth."
    text = (
        f"In the {int(frame['held_out'].sum())} weeks held out, {expected:,.0f} repeat purchases were expected and"
        f" {actual:,.0f} were made{off}; that is {where} the 80% range of {low:,.0f} to {high:,.0f}{ending}"
    )
    return f"{text} {model.because}".strip()


def _none(because: str) -> tuple[pd.DataFrame, str]:
    return pd.DataFrame({name: np.zeros(0) for name in COLUMNS}), because
