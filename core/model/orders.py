"""Orders: how a file of order lines is understood, what a doctor found in it, and the customers made of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.model.checks import require_option

ORDER_PLAN_VERSION = 1
ORDERS = "orders"
"""The answer of a file that holds the plan by which customers are made of its lines."""
MONEY_UNITS = 10_000
"""Money is counted in whole ten-thousandths of a currency unit, so that every sum is exact in any order."""
MOST_DAYS = 3_650


class Part(StrEnum):
    """What a column of order lines can be."""

    CUSTOMER = "customer"
    ORDER = "order"
    DATE = "date"
    QUANTITY = "quantity"
    PRICE = "price"
    AMOUNT = "amount"
    COST = "cost"
    PROFIT = "profit"
    DISCOUNT = "discount"
    PRODUCT = "product"
    DESCRIPTION = "description"
    CATEGORY = "category"
    COUNTRY = "country"
    SHIPPED = "shipped"
    CURRENCY = "currency"
    STATUS = "status"


class Treatment(StrEnum):
    """What becomes of lines with an ailment: ``NET`` takes them off the customer's value and never counts them as
    purchases; ``ASIDE`` leaves them out of every figure; ``KEEP`` only flags them."""

    KEEP = "keep"
    NET = "net"
    ASIDE = "aside"


class RfmRule(StrEnum):
    """How recency, frequency and monetary become scores from 1 to 5."""

    QUANTILE = "quantile"
    FIXED = "fixed"
    KMEANS = "kmeans"


@dataclass(frozen=True)
class OrderPlan:
    """How order lines become customers; plain JSON, and the answer ``orders`` of a recipe.

    ``mapping`` names the column of each :class:`Part` (none for a part the file lacks). ``treatments`` by ailment
    name, where they differ from the proposal. ``as_of`` is the reference date (ISO, "" for the day after the latest
    order that is not later than ``today``); ``today`` (ISO, "" for no limit) is the day on which the file was looked
    at. ``horizon_days`` (1..3650) is how far value is expected ahead. ``rfm`` is the rule of the scores,
    ``cuts`` the four rising break points of each figure under ``fixed``. ``orders_are`` says what an order is where
    no column names it: ``lines`` or ``days``. ``unclear_dates`` is True where day and month had to be answered.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    treatments: Mapping[str, str] = field(default_factory=dict)
    as_of: str = ""
    today: str = ""
    horizon_days: int = 365
    rfm: str = "quantile"
    cuts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    orders_are: str = "lines"
    unclear_dates: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        for what, given, known in (("mapping", self.mapping, tuple(Part)), ("treatments", self.treatments, None)):
            if not isinstance(given, Mapping) or not all(isinstance(v, str) for kv in given.items() for v in kv):
                raise BadRequest(f"{what} maps text to text.")
            if known and (strangers := sorted(set(given) - set(known))):
                raise BadRequest(f"{strangers[0]!r} is no part of an order line.", f"Parts: {', '.join(known)}.")
        for one in self.treatments.values():
            require_option("A treatment", one, tuple(Treatment))
        require_option("rfm", self.rfm, tuple(RfmRule))
        require_option("orders_are", self.orders_are, ("lines", "days"))
        _require_day("as_of", self.as_of)
        _require_day("today", self.today)
        _require_whole("horizon_days", self.horizon_days, 1, MOST_DAYS)
        _require_whole("seed", self.seed, 0, 2**32 - 1)
        if not isinstance(self.unclear_dates, bool):
            raise BadRequest(f"unclear_dates is true or false, not {self.unclear_dates!r}.")
        object.__setattr__(self, "cuts", _cuts(self.cuts))

    def column(self, part: Part) -> str:
        """The column that is this part, "" where there is none."""
        return self.mapping.get(part, "")

    def to_json(self) -> str:
        """Plain JSON on one line, keys sorted: equal plans give equal text."""
        body = asdict(self) | {"version": ORDER_PLAN_VERSION}
        return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> OrderPlan:
        """The plan written by :meth:`to_json`; anything else raises :class:`BadRequest`."""
        try:
            body: dict[str, Any] = json.loads(text)
            if body.pop("version") != ORDER_PLAN_VERSION:
                raise BadRequest("This order plan was written by another version.", "Make the customers anew.")
            plan = cls(**body)
            plan.to_json().encode()  # halves of characters can be read, but never written
            return plan
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
            raise BadRequest("This is not a plan for order lines.", "Make the customers anew on the Orders page.") from problem


def of_lines(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers of the order lines themselves: all but the plan by which customers are made of them."""
    return {key: answer for key, answer in answers.items() if key != ORDERS}


@dataclass(frozen=True)
class Guess:
    """What a table of order lines seems to be: a column for each part, and why.

    ``is_orders`` is True where the file looks like order lines: several rows per customer, a date, and an amount or
    quantity and price. ``missing`` are the needed parts without a column ("customer", "date", "amount"), ``reasons``
    by part in plain words, ``alternatives`` the other columns that could be a part.
    """

    mapping: Mapping[str, str]
    is_orders: bool
    missing: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    orders_are: str = "lines"


@dataclass(frozen=True)
class Totals:
    """Lines, different orders and customers (those without an id count for none), and the sum of amounts in
    1/``MONEY_UNITS`` of a currency unit."""

    lines: int = 0
    orders: int = 0
    customers: int = 0
    revenue: int = 0


@dataclass(frozen=True)
class Finding:
    """One ailment: whom it touches, what was proposed and what is done. ``lines`` may have other ailments, too."""

    ailment: str
    touched: Totals
    proposed: Treatment
    treatment: Treatment


@dataclass(frozen=True)
class Examination:
    """What the doctor found in order lines; everything that is needed to foretell the effect of other treatments.

    ``plan`` is resolved: ``as_of`` is a date. ``masks`` columns mask (int64, bit i is the i-th ailment of the
    catalogue, bit 61 a line that looks like a purchase, bit 62 an amount above zero), lines, revenue (int64, as in
    :class:`Totals`). ``orders`` and
    ``customers`` columns masks (the different masks of the lines of an order or customer, rising, joined by ","),
    count. ``examples`` columns ailment, line (1 is the first row of the table), customer, order, date, quantity,
    price, amount, product as text: the first line of each of the first orders, at most five for each ailment.
    ``currencies`` counts lines by currency, the commonest first; ``first`` and ``last`` are the first and last day
    (ISO) of lines up to the reference date.
    """

    fingerprint: str
    plan: OrderPlan
    uploaded: Totals
    findings: tuple[Finding, ...]
    masks: pd.DataFrame
    orders: pd.DataFrame
    customers: pd.DataFrame
    examples: pd.DataFrame
    currencies: Mapping[str, int] = field(default_factory=dict)
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class Effect:
    """What treatments do: ``uploaded`` = ``kept`` + ``aside``, in lines, orders, customers and revenue.

    An order or customer is kept where at least one of its lines is. ``reasons`` splits the lines set aside by the
    first ailment that sets them aside (only lines and revenue add up over reasons). ``purchases`` and ``returns``
    split the kept lines: net revenue = purchases.revenue + returns.revenue.
    """

    uploaded: Totals
    kept: Totals
    aside: Totals
    reasons: Mapping[str, Totals]
    purchases: Totals
    returns: Totals


@dataclass(frozen=True)
class FeatureFact:
    """A customer feature as made: ``ticked`` proposes it for clustering, ``why`` says why or why not."""

    name: str
    label: str
    unit: str
    formula: str
    ticked: bool
    why: str


@dataclass(frozen=True)
class ValueModel:
    """What is expected of customers, and how it is known.

    ``method`` is ``bgnbd`` (BG/NBD and, where ``spend`` is ``gamma``, Gamma-Gamma), ``rate`` (everyone's own past
    rate, shrunk to the mean) or ``none``; ``because`` says in plain words why no better one was taken, or that a weak
    prior holds its parameters ("" for the best). ``purchase`` are r, alpha, a, b (time in weeks) with the covariance of their logarithms (4, 4);
    ``spending`` p, q, v with that of theirs (3, 3); empty where not fitted. ``spend`` is ``gamma``, ``mean`` or
    ``none``. ``rate`` and ``spend_mean`` are purchases per customer and week, and money per purchase, of everyone.
    """

    method: str
    because: str
    horizon_days: int
    spend: str = "none"
    purchase: tuple[float, ...] = ()
    purchase_covariance: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    purchase_likelihood: float = 0.0
    spending: tuple[float, ...] = ()
    spending_covariance: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    spending_likelihood: float = 0.0
    rate: float = 0.0
    spend_mean: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class MadeOf:
    """That a table of customers was made of order lines: of how many ``lines`` of ``rows_in_file`` and ``orders``, in
    which ``currency`` ("" where none is known), up to ``as_of`` (ISO), and the model of value for its segments."""

    lines: int
    orders: int
    currency: str
    as_of: str
    value: ValueModel


@dataclass(frozen=True)
class Ordered:
    """Everything told about the customers made of order lines, beside their table.

    ``effect`` is what the treatments did, ``findings`` as in :class:`Examination`. ``aside`` columns line, reason.
    ``rfm_cuts`` by figure; ``warnings`` in plain words (ties, no scores, few data). ``groups`` columns group,
    customers, orders, revenue, expected_purchases, purchases_low, purchases_high, expected_value, value_low,
    value_high (80 % predictive range; NaN where not known), the last row ("Everyone") for all. ``cohorts`` columns
    cohort, age (periods since the first purchase), customers, active, revenue; ``period`` month, quarter or year.
    ``backtest`` columns week, actual, expected, low, high (cumulative repeat purchases; the hold-out period where
    ``held_out`` is 1). ``backtest_because`` says how far off it was, or why there is none. ``grid`` columns
    purchases, silent_weeks, expected, alive over a range of histories; empty without BG/NBD. Money is in currency units
    here.
    """

    fingerprint: str
    plan: OrderPlan
    effect: Effect
    findings: tuple[Finding, ...]
    aside: pd.DataFrame
    features: tuple[FeatureFact, ...]
    rfm_cuts: Mapping[str, tuple[float, ...]]
    groups: pd.DataFrame
    cohorts: pd.DataFrame
    period: str
    value: ValueModel
    backtest: pd.DataFrame
    backtest_because: str
    grid: pd.DataFrame
    warnings: tuple[str, ...] = ()
    currency: str = ""
    without_purchase: int = 0


def _require_whole(name: str, value: Any, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadRequest(f"{name} must be a whole number from {low} to {high}, not {value!r}.")


def _require_day(name: str, value: Any) -> None:
    try:
        if value != "" and dt.date.fromisoformat(value).isoformat() != value:
            raise ValueError
    except (TypeError, ValueError):
        raise BadRequest(f"{name} must be a date like 2026-11-30, not {value!r}.") from None


def _cuts(given: Any) -> dict[str, tuple[float, ...]]:
    """Four rising break points by figure, whether they came from Python or from JSON."""
    if not isinstance(given, Mapping):
        raise BadRequest("cuts maps recency, frequency and monetary to four numbers.")
    cuts = {}
    for name, points in given.items():
        require_option("A figure of the scores", name, ("recency", "frequency", "monetary"))
        numbers = isinstance(points, (list, tuple)) and all(
            isinstance(p, (int, float)) and not isinstance(p, bool) and np.isfinite(p) for p in points
        )
        if not numbers or len(points) != 4 or any(low >= high for low, high in zip(points, points[1:], strict=False)):
            raise BadRequest(f"The break points of {name} must be four rising numbers, not {points!r}.")
        cuts[name] = tuple(float(p) for p in points)
    return cuts
