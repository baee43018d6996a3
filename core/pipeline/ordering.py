"""Order lines to customers: guess, examine, treat, add up, score, expect; and the recipe to segment them by."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.errors import NothingKept
from core.model import (
    Effect,
    Examination,
    Guess,
    Kind,
    MadeOf,
    Ordered,
    OrderPlan,
    Recipe,
    Role,
    Table,
)
from core.orders import doctor, guessing, treated, value
from core.orders.ailments import AILMENTS
from core.orders.alike import alike
from core.orders.cohorts import cohorts
from core.orders.effect import effect
from core.orders.features import customer_features
from core.orders.lines import money_unit, write_lines
from core.orders.rfm import rfm
from core.orders.ticks import ticks
from core.pipeline.customers import customers_table
from core.pipeline.order_facts import group_facts
from core.pipeline.order_notes import order_notes
from core.pipeline.progress import Report

if TYPE_CHECKING:
    import ibis

    from core.orders.engine import Session

STEPS = (
    "Reading the order lines",
    "Looking for what ails them",
    "Adding up customers",
    "Scoring recency, frequency and money",
    "Learning how customers come back",
    "Expecting purchases and value",
    "Following cohorts",
    "Testing the expectation on the past",
    "Describing the customers",
)
LONG_TAIL = 1.0
"""Skewness from which a number is bent before segments are looked for."""


@dataclass(frozen=True)
class Built:
    """Customers made of order lines: their table, and everything told about them beside it."""

    table: Table
    ordered: Ordered


def nothing(step: str, done: int, total: int) -> None:
    """A report that tells nobody."""


def guess_orders(table: Table, chosen: Mapping[str, str] | None = None) -> Guess:
    """What the columns of order lines seem to be; ``chosen`` fixes parts by hand ("" for no column)."""
    return guessing.guess(table, chosen or {})


def examine(
    table: Table, plan: OrderPlan, report: Report = nothing, *, engine: str = "duckdb", folder: Path | None = None
) -> Examination:
    """What ails the order lines of ``table`` under ``plan``, and what its treatments touch.

    ``folder`` is where temporary files lie (None: the system's). Raises MissingColumns and BadRequest where the plan
    does not fit the table.
    """
    with _opened(table, plan, report, engine=engine, folder=folder, total=2) as (session, lines):
        report(STEPS[1], 1, 2)
        return doctor.examine(session, lines, plan, table.fingerprint)


def make_customers(
    lines: Table, plan: OrderPlan, report: Report = nothing, *, engine: str = "duckdb", folder: Path | None = None
) -> Built:
    """One row per customer of the order ``lines``, as ``plan`` says.

    ``report(step, done, total)`` is called before each of ``STEPS``; what it raises is passed on. The same lines, plan
    and seed give the same customers on every engine. Raises MissingColumns and BadRequest where the plan does not fit
    the table, NothingKept where it leaves no line to make customers of.
    """
    with _opened(lines, plan, report, engine=engine, folder=folder, total=len(STEPS)) as (session, canonical):
        report(STEPS[1], 1, len(STEPS))
        examination = doctor.examine(session, canonical, plan, lines.fingerprint)
        resolved = examination.plan
        done = effect(examination, plan.treatments)
        kept = treated.treated(canonical, resolved)
        aside = session.frame(treated.aside(canonical, resolved).order_by("line"))
        report(STEPS[2], 2, len(STEPS))
        features = _features(session, kept, resolved, done)
        report(STEPS[3], 3, len(STEPS))
        scores, cuts, warnings = rfm(features, resolved)
        report(STEPS[4], 4, len(STEPS))
        model = value.fit_value(features, resolved)
        report(STEPS[5], 5, len(STEPS))
        frame = pd.concat([features, scores, value.expectations(features, model)], axis=1)
        groups = group_facts(frame, model)
        report(STEPS[6], 6, len(STEPS))
        cohort_frame, period = cohorts(session, kept, resolved)
        report(STEPS[7], 7, len(STEPS))
        backtest, because = value.backtest(session, kept, resolved)
    report(STEPS[8], 8, len(STEPS))
    currency = money_unit(lines, resolved, examination.currencies)
    facts = ticks(frame)
    made = MadeOf(done.kept.lines, done.kept.orders, currency, resolved.as_of, model)
    without = int((features["frequency"] == 0).sum())
    twins = alike(features["customer_id"])
    notes = (*order_notes(done, made, warnings, without), *twins)
    table = customers_table(lines, frame, facts, plan, made=made, notes=notes)
    return Built(
        table,
        Ordered(
            fingerprint=table.fingerprint, plan=resolved, effect=done, findings=examination.findings, aside=aside,
            features=facts, rfm_cuts=cuts, groups=groups, cohorts=cohort_frame, period=period, value=model,
            backtest=backtest, backtest_because=because, grid=value.grid(model, features),
            warnings=(*warnings, *(note.text for note in twins)), currency=currency, without_purchase=without,
        ),
    )  # fmt: skip


def customers_recipe(table: Table, ticked: Sequence[str] | None = None) -> Recipe:
    """How customers made of order lines are segmented: by the columns ``ticked`` (None: those proposed).

    Numbers with a long tail (skewness of 1 or more either way) are bent: by their logarithm where the tail is above
    and no value below 0, else by Yeo-Johnson. Effects are told in ``monetary``. ``answers`` is empty: whoever reads the file knows them.
    Raises BadRequest for an unknown column.
    """
    known = [column for column in table.columns if column.role is not Role.ID]
    wanted = [c.name for c in known if c.role is Role.FEATURE] if ticked is None else [table.column(n).name for n in ticked]
    roles = {c.name: str(Role.FEATURE) for c in known if c.name in wanted and c.role is not Role.FEATURE}
    roles |= {c.name: str(Role.PROFILE) for c in known if c.name not in wanted and c.role is Role.FEATURE}
    numbers = [c.name for c in known if c.name in wanted and c.kind is Kind.NUMBER]
    skews = {name: rule for name in numbers if (rule := _bend(table.frame[name].to_numpy(dtype=float)))}
    return Recipe(roles=roles, skews=skews, money="monetary")


@contextmanager
def _opened(
    table: Table, plan: OrderPlan, report: Report, *, engine: str, folder: Path | None, total: int
) -> Iterator[tuple[Session, ibis.Table]]:
    """An engine with the canonical lines of ``table``, which are gone afterwards."""
    from core.orders.engine import session

    report(STEPS[0], 0, total)
    with tempfile.TemporaryDirectory(prefix="orders-", dir=folder) as own:
        path = Path(own) / "lines.parquet"
        write_lines(table, plan, path)
        with session(engine, folder=Path(own)) as running:
            yield running, running.lines(path)


def _features(session: Session, kept: ibis.Table, plan: OrderPlan, done: Effect) -> pd.DataFrame:
    """One row per customer with a line that counts; refuses where no line does."""
    if not done.kept.customers:
        reasons = tuple((AILMENTS[name].label, totals.lines) for name, totals in done.reasons.items())
        raise NothingKept(done.uploaded.lines, reasons)
    return customer_features(session, kept, plan)


def _bend(values: np.ndarray) -> str:
    """The rule against a long tail of ``values`` (n,), "" where there is none."""
    known = values[np.isfinite(values)]
    spread = known.std() if len(known) else 0.0
    skewness = np.mean(((known - known.mean()) / spread) ** 3) if spread > 0 else 0.0
    if abs(skewness) < LONG_TAIL:
        return ""
    return "log" if skewness > 0 and known.min() >= 0 else "yeojohnson"
