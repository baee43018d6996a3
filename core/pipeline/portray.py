"""Portray: one candidate, as a person shaped it, with everything that is told about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from core import customers, prepare, profiles, shaping
from core.algorithms import one_thread
from core.errors import BadRequest
from core.explainers.rules import rules
from core.memo import Memo, no_memo, recalling
from core.model import Candidate, Comparison, Role, Segmentation, Shape, Table
from core.pipeline.compare import THREADS, Report, matrix_key, nothing
from core.pipeline.evidence import widths
from core.pipeline.fitting import Bench
from core.pipeline.order_facts import order_facts
from core.pipeline.scoring import fitted_labels, score
from core.pipeline.trusting import trust, verdict
from core.profiles.outcomes import outcomes

RESAMPLES = 50
"""Resamples over which the trust of a portrayed segmentation is measured, unless asked otherwise."""


def portray(
    table: Table,
    comparison: Comparison,
    key: str,
    report: Report = nothing,
    *,
    shape: Shape = Shape(),  # noqa: B008  frozen
    resamples: int = RESAMPLES,
    memo: Memo = no_memo,
    threads: int = THREADS,
) -> Segmentation:
    """The candidate ``key`` of ``comparison`` after the edits of ``shape``, whole.

    Raises :class:`BadRequest` where the candidate has no segments or an edit cannot be. ``threads`` changes no result.
    """
    chosen = require(comparison, key)
    report("Preparing the columns", 0, 100)
    matrix = prepare.prepare(table, comparison.plan.recipe)
    bench = Bench(matrix, matrix_key(table, comparison.plan), comparison.plan, recalling(memo))
    seed, recipe = comparison.plan.seed, comparison.plan.recipe
    roles = prepare.roles(table, recipe)
    with one_thread():
        made = shaping.shaped(chosen.candidate, matrix, shape, seed=seed)
        candidate = _relabelled(chosen.candidate, made)
        report("Measuring separation", 10, 100)
        candidate = score(bench, [candidate], threads=threads)[0]
        report("Describing segments", 20, 100)
        told = profiles.describe(table, roles, {key: candidate.labels}, units=recipe.units, seed=seed, threads=threads)
        candidate = replace(candidate, names=shaping.told_apart(told.names[key], made.names))
        report("Checking stability", 30, 100)
        candidate, tried = trust(bench, chosen.candidate, candidate, made, resamples=resamples, report=report, threads=threads)
        report("Comparing with data without segments", 60, 100)
        word, reason = verdict(matrix.values, candidate, matrix.rows, seed=seed)
        parts = _more(bench, table, candidate, roles, report=report, threads=threads)
        orders = order_facts(table, [candidate], threads=threads)
    report("Done", 100, 100)
    told_of = {"profile": told.profiles, "contrasts": told.differences, "overlays": told.overlays, "orders": orders}
    found = replace(
        chosen, candidate=candidate, **{name: _own(frame) for name, frame in told_of.items()}, **parts, whole=True,
        shape=shape, verdict=word, reason=reason, resamples=tried,
    )  # fmt: skip
    return shaping.dressed(found, chosen.candidate, shape)


def _more(
    bench: Bench, table: Table, candidate: Candidate, roles: Mapping[str, Role], *, report: Report, threads: int
) -> dict[str, pd.DataFrame]:
    """The frames of a segmentation that only a job makes, by their names."""
    plan, labels = bench.plan, candidate.labels
    report("Looking for rules", 70, 100)
    ruled = rules(table, roles, labels, seed=plan.seed)
    report("Looking at single customers", 80, 100)
    placed = customers.placing(bench.matrix, labels, seed=plan.seed, threads=threads)
    money = prepare.money_column(table, plan.recipe)
    named = money.name if money else ""
    odd = customers.unusual(table, roles, labels, _unusual(placed), money=named, units=plan.recipe.units)
    report("Comparing outcomes", 95, 100)
    differing = outcomes(table, roles, labels, names=candidate.names, units=plan.recipe.units, seed=plan.seed)
    shown = _widths(bench, candidate, threads=threads)
    return {"rules": ruled, "placing": placed, "unusual": odd, "outcomes": differing, "widths": shown}


def require(comparison: Comparison, key: str) -> Segmentation:
    """What the comparison knows of a candidate with segments; raises :class:`BadRequest` for any other."""
    candidate = comparison.candidate(key)
    if candidate.problem:
        raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
    return comparison.choose(key)


def _relabelled(candidate: Candidate, made: shaping.Shaped) -> Candidate:
    """The candidate with changed labels; what was measured on the old ones is gone."""
    if np.array_equal(made.labels, candidate.labels):
        return candidate
    return replace(candidate, labels=made.labels, sizes=profiles.sizes(made.labels), scores=(), stability=(), trust={})


def _own(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of all candidates that was made for one."""
    return frame.drop(columns="candidate", errors="ignore").reset_index(drop=True)


def _unusual(placed: pd.DataFrame) -> np.ndarray:
    return placed["unusual"].to_numpy(dtype=np.float64)


def _widths(bench: Bench, candidate: Candidate, *, threads: int) -> pd.DataFrame:
    found = widths(bench, fitted_labels(bench, [candidate]), threads=threads)
    return found.rename(columns={candidate.key: "silhouette"})
