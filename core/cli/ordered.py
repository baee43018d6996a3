"""The report of ``features``: how a file of order lines was understood, what was done about it, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from core.errors import ChoiceNeeded, SegmentationError
from core.model import Effect, Ordered, Table, ValueModel
from core.model.orders import MONEY_UNITS, Finding, Guess, Part, Totals
from core.orders.ailments import AILMENTS

REPORT_VERSION = 1
MADE, ASKED, REFUSED = "made", "asked", "refused"
_PURCHASE, _SPENDING = ("r", "alpha", "a", "b"), ("p", "q", "v")


def as_json(body: Mapping[str, Any]) -> str:
    """The report as text; money is in currency units with all its digits, what is not known is null."""
    return json.dumps({"version": REPORT_VERSION} | dict(body), ensure_ascii=False, indent=2, allow_nan=False, default=_plain)


def read_as(table: Table, answers: Mapping[str, str]) -> dict[str, Any]:
    """How the lines were read: ``rows_in_file`` = ``lines`` + ``unreadable`` + ``skipped``."""
    source = table.source
    counts = {"rows_in_file": source.rows_in_file, "lines": len(table), "unreadable": len(table.quarantine), "skipped": source.skipped}
    return {"file": source.name, "read": counts, "answers": dict(answers)}


def understood_as(guess: Guess) -> dict[str, Any]:
    """Every part with its column ("" where there is none), the reason, and what else it could be."""
    parts = [{"part": str(part), "column": guess.mapping.get(part, ""), "reason": guess.reasons.get(part, ""),
              "alternatives": list(guess.alternatives.get(part, ()))} for part in Part]  # fmt: skip
    return {"understood": {"is_orders": guess.is_orders, "missing": list(guess.missing), "orders_are": guess.orders_are, "parts": parts}}


def problem_as(problem: SegmentationError) -> dict[str, Any]:
    """What went wrong, or which choices are open."""
    asked = problem.questions if isinstance(problem, ChoiceNeeded) else ()
    questions = [{"key": one.key, "code": one.code, "text": one.text, "options": list(one.options), "proposed": one.proposed,
                  "count": one.count, "examples": list(one.examples)} for one in asked]  # fmt: skip
    body: dict[str, Any] = {"outcome": ASKED if asked else REFUSED}
    body["problem"] = {"code": problem.code, "text": str(problem), "hint": problem.hint}
    return body | ({"questions": questions} if asked else {})


def findings_as(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """What was found and what was done about it, in the order of the catalogue."""
    return [{"ailment": one.ailment, "label": AILMENTS[one.ailment].label} | _totals(one.touched)
            | {"proposed": str(one.proposed), "treatment": str(one.treatment), "advice": AILMENTS[one.ailment].advice}
            for one in findings]  # fmt: skip


def effect_as(effect: Effect) -> dict[str, Any]:
    """``uploaded`` = ``kept`` + ``aside``; net revenue = ``purchases`` + ``returns``."""
    parts = {name: _totals(getattr(effect, name)) for name in ("uploaded", "kept", "aside", "purchases", "returns")}
    return parts | {"reasons": {name: _totals(totals) for name, totals in effect.reasons.items()}}


def made_as(ordered: Ordered, customers: int) -> dict[str, Any]:
    """What came of the lines."""
    plan = ordered.plan
    return {
        "outcome": MADE,
        "as_of": plan.as_of,
        "currency": ordered.currency,
        "customers": customers,
        "without_purchase": ordered.without_purchase,
        "findings": findings_as(ordered.findings),
        "effect": effect_as(ordered.effect),
        "features": [asdict(one) for one in ordered.features],
        "rfm": {"rule": str(plan.rfm), "cuts": {name: list(points) for name, points in ordered.rfm_cuts.items()}},
        "warnings": list(ordered.warnings),
        "groups": _rows(ordered.groups),
        "value": _value(ordered.value),
        "backtest": _backtest(ordered),
        "cohorts": {"period": ordered.period, "rows": _rows(ordered.cohorts)},
        "plan": json.loads(plan.to_json()),
    }


def money(units: int) -> float:
    """Ten-thousandths as currency units."""
    return units / MONEY_UNITS


def _totals(totals: Totals) -> dict[str, Any]:
    return asdict(totals) | {"revenue": money(totals.revenue)}


def _value(value: ValueModel) -> dict[str, Any]:
    """The model by the names its papers use: r, alpha, a, b (weeks) and p, q, v."""
    return {
        "method": value.method, "because": value.because, "horizon_days": value.horizon_days, "spend": value.spend,
        "purchase": dict(zip(_PURCHASE, value.purchase, strict=False)), "purchase_likelihood": value.purchase_likelihood,
        "spending": dict(zip(_SPENDING, value.spending, strict=False)), "spending_likelihood": value.spending_likelihood,
        "rate_per_week": value.rate, "spend_mean": value.spend_mean, "seed": value.seed,
    }  # fmt: skip


def _backtest(ordered: Ordered) -> dict[str, Any]:
    """Repeat purchases up to the end of the hold-out period, against what was expected of it; and every week."""
    weeks = ordered.backtest
    if weeks.empty:
        return {"because": ordered.backtest_because}
    end = weeks.iloc[-1]
    told = {name: _plain(end[name]) for name in ("actual", "expected", "low", "high")}
    return {"because": ordered.backtest_because, "weeks": len(weeks), "held_out": int(weeks["held_out"].sum()), "end": told,
            "rows": _rows(weeks)}  # fmt: skip


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _plain(cell) for name, cell in row.items()} for row in frame.to_dict("records")]


def _plain(cell: Any) -> Any:
    """A cell as JSON takes it; gaps and infinite numbers are null."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and not np.isfinite(cell)):
        return None
    return cell if isinstance(cell, (bool, int, float, str)) else str(cell)
