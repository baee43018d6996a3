"""What was typed about order lines: columns, treatments, break points, and a plan written earlier."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.cli.prepared import require_untyped
from core.errors import BadRequest
from core.model import OrderPlan, Table
from core.model.orders import Guess, Part
from core.orders.ailments import AILMENTS
from core.orders.guessing import plan_for

FIXED_BY_PLAN = ("map", "treat", "as_of", "horizon_days", "rfm", "cuts", "orders_are", "seed", "set")
_NEXT_PART = re.compile(r",\s*(?=(?:" + "|".join(Part) + r")\s*=)")


@dataclass(frozen=True)
class Saved:
    """A plan written earlier, and the answers with which its file was read."""

    plan: OrderPlan
    answers: Mapping[str, str] = field(default_factory=dict)


def saved(options: argparse.Namespace) -> Saved | None:
    """The plan of --plan (a plan, or a whole report of ``features``), None without one.

    Raises :class:`BadRequest` for another file, and for choices typed beside it.
    """
    if options.plan is None:
        return None
    require_untyped(options, "--plan", FIXED_BY_PLAN)
    try:
        body = json.loads(options.plan.read_text(encoding="utf-8-sig"))
        whole = body if "plan" in body else {"plan": body}
        answers = {str(key): str(value) for key, value in whole.get("answers", {}).items()}
        return Saved(OrderPlan.from_json(json.dumps(whole["plan"])), answers)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise BadRequest(f"The plan {options.plan} cannot be read.", "Use the report.json of an earlier run.") from problem


def typed_columns(texts: Sequence[str] | None) -> dict[str, str]:
    """Columns by part, from ``customer=Client ID,date=Day``; a part with nothing behind it has no column.

    A comma in a column's name is no end of it. Raises :class:`BadRequest` for what is no part.
    """
    found: dict[str, str] = {}
    for pair in (pair for text in texts or () for pair in _NEXT_PART.split(text)):
        part, equals, column = pair.partition("=")
        if not equals or part.strip() not in tuple(Part):
            raise BadRequest(f"--map takes part=column, not {pair!r}.", f"Parts: {', '.join(Part)}.")
        found[part.strip()] = column.strip()
    return found


def typed_plan(options: argparse.Namespace, table: Table, guess: Guess, answers: Mapping[str, str]) -> OrderPlan:
    """The plan that was typed, on the columns of ``guess``; --defaults treats as proposed what would be asked."""
    treatments = _treatments(options.treat)
    if options.defaults:
        treatments = {one.name: str(one.proposed) for one in AILMENTS.values() if one.asks} | treatments
    changes: dict[str, Any] = {name: getattr(options, name) for name in ("as_of", "horizon_days", "rfm", "orders_are", "seed")}
    changes = {name: value for name, value in changes.items() if value is not None}
    cuts = _cuts(options.cuts)
    if cuts and options.rfm != "fixed":
        raise BadRequest("Break points are for fixed scores only.", "Add --rfm fixed, or leave --cuts away.")
    return plan_for(table, guess, answers, treatments=treatments, cuts=cuts, today=dt.date.today().isoformat(), **changes)


def _treatments(texts: Sequence[str] | None) -> dict[str, str]:
    """Treatments by ailment, from ``returned=keep,service_line=aside``; each must be an option of its ailment."""
    found = {}
    for pair in (pair for text in texts or () for pair in text.split(",")):
        name, equals, treatment = (part.strip() for part in pair.partition("="))
        if not equals:
            raise BadRequest(f"--treat takes ailment=treatment, not {pair!r}.", "Write for example --treat service_line=aside.")
        options = AILMENTS[name].options
        if treatment not in options:
            raise BadRequest(f"{name} cannot be treated as {treatment!r}.", f"Choose one of: {', '.join(options)}.")
        if found.setdefault(name, treatment) != treatment:
            raise BadRequest(f"{name} is treated in two ways: {found[name]} and {treatment}.", "Leave one of them away.")
    return found


def _cuts(texts: Sequence[str] | None) -> dict[str, tuple[float, ...]]:
    """Break points by figure, from ``recency=30,90,180,365``."""
    found = {}
    for text in texts or ():
        name, _, points = text.partition("=")
        try:
            found[name.strip()] = tuple(float(point) for point in points.split(","))
        except ValueError:
            raise BadRequest(f"--cuts takes figure=four numbers, not {text!r}.", "Write --cuts recency=30,90,180,365.") from None
    return found
