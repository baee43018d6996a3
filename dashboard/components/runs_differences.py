"""Runs side by side as frames: what differs between their plans, scores, sizes, and how far they agree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any

import pandas as pd

from core.metrics import METRICS
from core.model import NOISE, ORDERS, Candidate, Comparison, OrderPlan, Plan, Recipe
from core.selection.agreement import agreement
from dashboard.components.board import stability
from dashboard.components.runs_words import algorithm_names, took, when
from dashboard.store import Run

GROUPS = ("File", "Columns", "Preparation", "Algorithms", "Seed")
OTHER_ROWS = "Not measured: the two are not about the same rows of the same table."
_COLUMNS = ("roles", "units", "money")
_NAMES = {
    "gap_flags": "gap flags", "fills": "what fills gaps", "marks": "what marks outliers", "skews": "skew by column",
    "orders": "levels in order", "roles": "roles changed", "units": "units changed", "money": "column of money",
}  # fmt: skip


@dataclass(frozen=True)
class Beside:
    """A run that is compared with others: its ``letter`` on the page, its ``file``, its result and the candidate ``key``
    that stands for it."""

    letter: str
    run: Run
    file: str
    comparison: Comparison
    key: str

    @property
    def candidate(self) -> Candidate:
        return self.comparison.candidate(self.key)

    @property
    def rows(self) -> int:
        return len(self.candidate.labels)


def differing(runs: Sequence[Beside]) -> pd.DataFrame:
    """group (one of GROUPS), parameter, and a column per run by its letter: only what is not the same for all."""
    told = [_parameters(one) for one in runs]
    keys = dict.fromkeys(key for one in told for key in one)
    rows = []
    for group, name in sorted(keys, key=lambda key: GROUPS.index(key[0])):
        cells = [one.get((group, name), "") for one in told]
        if len(set(cells)) > 1:
            rows.append({"group": group, "parameter": name, **{run.letter: cell for run, cell in zip(runs, cells, strict=True)}})
    return pd.DataFrame(rows, columns=["group", "parameter", *(one.letter for one in runs)], dtype=object)


def scores(runs: Sequence[Beside]) -> pd.DataFrame:
    """measure, and a column per run by its letter: the scores of the candidates that stand for them, None where one does not
    apply or was not measured."""
    rows: list[dict[str, Any]] = [{"measure": metric.label, **{one.letter: one.candidate.score(name).value for one in runs}}
                                  for name, metric in METRICS.items()]  # fmt: skip
    rows.append({"measure": "Stability", **{one.letter: stability(one.candidate) for one in runs}})
    rows.append({"measure": "Segments", **{one.letter: float(one.candidate.n_segments) for one in runs}})
    rows.append({"measure": "Seconds in all", **{one.letter: took(one.run) for one in runs}})
    return pd.DataFrame(rows)


def sizes(runs: Sequence[Beside]) -> pd.DataFrame:
    """run (letter), segment, name, customers, share (0..1 of all customers of that run); those not placed last."""
    rows = []
    for one in runs:
        found = one.candidate
        for segment in sorted(found.sizes, key=lambda s: (s == NOISE, -found.sizes[s], s)):
            name = "Not placed" if segment == NOISE else found.names.get(segment, f"Segment {segment}")
            size = int(found.sizes[segment])
            if size:
                rows.append((one.letter, int(segment), name, size, size / max(one.rows, 1)))
    return pd.DataFrame(rows, columns=["run", "segment", "name", "customers", "share"])


def agreements(runs: Sequence[Beside]) -> pd.DataFrame:
    """first, second (letters), adjusted_rand, adjusted_information (None where not measured), because ("" where measured).

    Two runs are about the same rows where their tables have the same content, read in the same way.
    """
    rows = []
    for first, second in combinations(runs, 2):
        if first.comparison.fingerprint != second.comparison.fingerprint or first.rows != second.rows:
            rows.append((first.letter, second.letter, None, None, OTHER_ROWS))
            continue
        found = agreement(first.candidate.labels, second.candidate.labels)
        rows.append((first.letter, second.letter, found.rand, found.information, ""))
    frame = pd.DataFrame(rows, columns=["first", "second", "adjusted_rand", "adjusted_information", "because"])
    return frame.astype({"adjusted_rand": float, "adjusted_information": float})


def _parameters(one: Beside) -> dict[tuple[str, str], str]:
    """Everything that was decided of a run, as text by group and name."""
    plan = one.comparison.plan
    recipe = plan.recipe
    made: dict[tuple[str, str], str] = {
        ("File", "file"): one.file,
        ("File", "content"): one.comparison.fingerprint[:12],
        ("File", "customers"): f"{one.rows:,}",
        ("File", "answers about reading"): _told({name: v for name, v in recipe.answers.items() if name != ORDERS}),
        **{("File", name): cell for name, cell in _lines(recipe.answers).items()},
        ("Columns", "columns that shape the segments"): ", ".join(dict.fromkeys(f.column for f in one.comparison.features)),
        ("Seed", "seed"): str(plan.seed),
    }
    for name in (field.name for field in fields(Recipe) if field.name != "answers"):
        group = "Columns" if name in _COLUMNS else "Preparation"
        made[(group, _NAMES.get(name, name))] = _told(getattr(recipe, name))
    return made | _run(plan) | {("Algorithms", "what stands for the run"): one.candidate.label}


def _lines(answers: Mapping[str, str]) -> dict[str, str]:
    """Whether the customers were made of order lines, and how: each decision by its name, "" standing for as proposed."""
    if ORDERS not in answers:
        return {"made of order lines": "no"}
    plan = OrderPlan.from_json(answers[ORDERS])
    named = {field.name: getattr(plan, field.name) for field in fields(plan) if field.name not in ("mapping", "treatments")}
    told = {f"orders: {name.replace('_', ' ')}": _told(value) for name, value in named.items()}
    parts = {f"orders: column of {part}": column for part, column in plan.mapping.items()}
    return {"made of order lines": "yes", **parts, **{f"orders: {name}": done for name, done in plan.treatments.items()}, **told}


def _run(plan: Plan) -> dict[tuple[str, str], str]:
    low, high = plan.segments
    limits = {field.name.replace("_", " "): getattr(plan.limits, field.name) for field in fields(plan.limits)}
    return {
        ("Algorithms", "algorithms"): ", ".join(algorithm_names(plan)),
        ("Algorithms", "numbers of segments"): f"{low} to {high}",
        ("Algorithms", "resamples"): str(plan.resamples),
        ("Algorithms", "settings by hand"): _told(plan.settings),
        ("Algorithms", "limits"): _told({name: value for name, value in limits.items() if value}),
    }  # fmt: skip


def _told(value: Any) -> str:
    """A parameter as text that is equal for equal ones."""
    if value is None:
        return "as proposed"
    if isinstance(value, Mapping):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, default=list) if value else "none"
    return str(value)


def heading(one: Beside) -> str:
    """A run as a heading names it: letter, file and time."""
    return f"{one.letter}: {one.file}, {when(one.run.created)}"
