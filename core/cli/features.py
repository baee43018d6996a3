"""``features``: order lines become one row per customer, and a report that reconciles."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from core.cli.asked import read_apart, require_file
from core.cli.ordered import as_json, effect_as, findings_as, made_as, money, problem_as, read_as, understood_as
from core.cli.ordering import Saved, saved, typed_columns, typed_plan
from core.cli.progress import progress
from core.cli.settable import Typed, open_questions, typed
from core.cli.targets import check_targets
from core.cli.writing import write_all
from core.errors import ChoiceNeeded, DataProblem, MissingColumns, NotOrders
from core.exports.csv_text import write_csv
from core.exports.labelled import as_text
from core.model import Effect, Ordered, OrderPlan, Question, Table
from core.model.orders import Guess, Part
from core.orders.ailments import AILMENTS
from core.orders.guessing import guess
from core.pipeline import Report, ordering


def features(options: argparse.Namespace) -> None:
    """Read, understand, treat, make, write. Raises :class:`SegmentationError`; then nothing but the report is written."""
    require_file(options)
    targets = {"--out": options.out, "--report": options.report, "--aside": options.aside}
    check_targets(options.file, targets)
    earlier = saved(options)
    told: dict[str, Any] = {"file": options.file.name}
    try:
        with progress() as report:
            built = _built(options, earlier, told, report)
            _require_choices(built.ordered, told)
    except (DataProblem, ChoiceNeeded) as problem:
        if options.report is not None:
            text = as_json(told | problem_as(problem))
            write_all({options.report: lambda stream: stream.write(text.encode())})
        raise
    told |= made_as(built.ordered, len(built.table))
    _write(options, built, told)
    _tell(options.out, built)


def _built(options: argparse.Namespace, earlier: Saved | None, told: dict[str, Any], report: Report) -> ordering.Built:
    """The customers; ``told`` is filled with what is known so far, for the report on a problem."""
    report("Reading the file", 0, 1)
    table, answers = _lines(options, earlier)
    told |= read_as(table, answers)
    if earlier is not None:
        plan, found = earlier.plan, guess(table, {str(part): earlier.plan.column(part) for part in Part})
    else:
        chosen = typed_columns(options.map)
        found = guess(table, chosen)
        plan = typed_plan(options, table, found, answers)
    told |= understood_as(found)
    if earlier is None:
        _require_orders(table, found, by_hand=Part.CUSTOMER in chosen)
    return ordering.make_customers(table, plan, report, engine=options.engine)


def _lines(options: argparse.Namespace, earlier: Saved | None) -> tuple[Table, dict[str, str]]:
    """The lines as read and all answers; open questions raise :class:`ChoiceNeeded`."""
    given = Typed(answers=dict(earlier.answers)) if earlier else typed(options.set or ())
    while True:
        table = read_apart(options.file, given.answers)
        more = given.meet(table)
        still = open_questions(table, given.answers)
        if not more and options.defaults:
            more = {one.key: one.proposed for one in still}
        if not more:
            given.check(table)
            if still:
                raise ChoiceNeeded(still)
            return table, given.answers
        given.answers |= more


def _require_orders(table: Table, found: Guess, *, by_hand: bool) -> None:
    """Raise :class:`MissingColumns` or, unless the customer was named by hand, :class:`NotOrders`."""
    if found.missing:
        problem = MissingColumns(found.missing, tuple(column.name for column in table.columns))
        why = [found.reasons[part] for part in found.missing if part in found.reasons]
        problem.hint = " ".join([*why, problem.hint])
        raise problem
    if not found.is_orders and not by_hand:
        column = table.column(found.mapping[Part.CUSTOMER])
        raise NotOrders(column.name, len(table), column.distinct)


def _require_choices(ordered: Ordered, told: dict[str, Any]) -> None:
    """Raise :class:`ChoiceNeeded` where lines have an ailment that only a person can decide about, and nobody did."""
    told |= {"findings": findings_as(ordered.findings), "effect": effect_as(ordered.effect)}
    asked = []
    for finding in ordered.findings:
        ailment = AILMENTS[finding.ailment]
        if ailment.asks and finding.touched.lines and ailment.name not in ordered.plan.treatments:
            text = f"{ailment.label}: {finding.touched.lines:,} lines. {ailment.advice} Answer with --treat {ailment.name}=CHOICE."
            asked.append(Question(f"treat:{ailment.name}", ailment.name.upper(), text, tuple(map(str, ailment.options)),
                                  str(ailment.proposed), count=finding.touched.lines))  # fmt: skip
    if asked:
        raise ChoiceNeeded(tuple(asked))


def _write(options: argparse.Namespace, built: ordering.Built, told: Mapping[str, Any]) -> None:
    """All files are complete beside their places before the first takes its own."""
    frame = built.table.frame
    text = as_json(told)
    customers = pd.DataFrame({name: as_text(frame[name]) for name in frame.columns}, dtype=object)
    files = {options.out: partial(write_csv, customers, raw=options.raw)}
    if options.report is not None:
        files[options.report] = lambda stream: stream.write(text.encode())
    if options.aside is not None:
        files[options.aside] = partial(write_csv, _aside(built.ordered), raw=options.raw)
    write_all(files)


def _aside(ordered: Ordered) -> pd.DataFrame:
    """The lines set aside (1 is the first below the header), the ailment and its label."""
    reasons = ordered.aside["reason"].astype(object)
    labels = reasons.map({name: ailment.label for name, ailment in AILMENTS.items()})
    return pd.DataFrame({"line": ordered.aside["line"].astype(str), "reason": reasons, "label": labels}, dtype=object)


def _tell(out: Path, built: ordering.Built) -> None:
    """The result on stdout: it reconciles, how many customers, and what is expected of them."""
    ordered, plan = built.ordered, built.ordered.plan
    print(f"Columns taken: {', '.join(f'{part} = {plan.column(part)}' for part in Part if plan.column(part))}.")
    print(_balance(ordered.effect, ordered.currency))
    without = f" ({ordered.without_purchase:,} without a purchase)" if ordered.without_purchase else ""
    print(f"{len(built.table):,} customers{without} with {ordered.effect.purchases.orders:,} orders up to {plan.as_of}.")
    print(_expected(ordered, plan))
    print(f"Written to {out}.")
    for warning in ordered.warnings:
        print(f"note: {warning}", file=sys.stderr)


def _balance(effect: Effect, currency: str) -> str:
    parts = [f"{totals.lines:,} {word} ({money(totals.revenue):,.2f}{f' {currency}' if currency else ''})" for word, totals in
             (("lines", effect.uploaded), ("kept", effect.kept), ("set aside", effect.aside))]  # fmt: skip
    return f"{parts[0]} = {parts[1]} + {parts[2]}."


def _expected(ordered: Ordered, plan: OrderPlan) -> str:
    """What everyone is expected to buy, with its 80 % range; or why nothing is."""
    rows = ordered.groups
    if ordered.value.method == "none" or rows.empty:
        return f"Nothing is expected of them: {ordered.value.because}"
    row = rows.iloc[-1]
    purchases = f"{row['expected_purchases']:,.0f} purchases ({row['purchases_low']:,.0f} to {row['purchases_high']:,.0f})"
    worth = f" worth {row['expected_value']:,.2f} ({row['value_low']:,.2f} to {row['value_high']:,.2f})"
    known = worth if pd.notna(row["expected_value"]) else ""
    return f"Expected within {plan.horizon_days:,} days, with 80% ranges: {purchases}{known}. {ordered.value.because}".rstrip()
