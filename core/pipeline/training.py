"""Train: one candidate, as a person shaped it, as a model that places customers nobody has seen yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core import maps, prepare, profiles, shaping
from core.algorithms import one_thread
from core.bundles.capsule import versions
from core.customers.cells import usual
from core.memo import Memo, no_memo, recalling
from core.model import NOISE, Candidate, Comparison, Matrix, Model, ModelSegment, Shape, Table
from core.pipeline.compare import Report, matrix_key, nothing
from core.pipeline.fitting import Bench
from core.pipeline.portray import require
from core.pipeline.refitting import refitted
from core.scoring.learning import drift, limit, mean_points, parts, references
from core.scoring.placing import segments
from core.shaping import Shaped

COMPARED = 100_000
"""Fitted customers by whom the agreement is measured, at most."""


def train(
    table: Table,
    comparison: Comparison,
    key: str,
    report: Report = nothing,
    *,
    shape: Shape = Shape(),  # noqa: B008  frozen
    memo: Memo = no_memo,
) -> Model:
    """The model of a candidate with segments. Raises :class:`BadRequest` where it has none or an edit cannot be."""
    candidate, plan = require(comparison, key).candidate, comparison.plan
    report("Preparing the columns", 0, 100)
    matrix = prepare.prepare(table, plan.recipe)
    bench = Bench(matrix, matrix_key(table, plan), plan, recalling(memo))
    with one_thread():
        made = shaping.shaped(candidate, matrix, shape, seed=plan.seed)
        report("Recalling the fit", 20, 100)
        found, numbers = refitted(bench, candidate)
        report("Learning what is usual", 50, 100)
        model = _model(table, comparison, candidate, made, matrix=matrix)
        segment_of = numbers[np.where(found.segment_of > 0, found.segment_of, NOISE)]
        model = replace(model, arrays=dict(found.model), segment_of=segment_of.astype(np.int16))
        report("Checking the agreement", 80, 100)
        model = _measured(model, matrix, made.labels, seed=plan.seed)
    report("Done", 100, 100)
    return model


def _model(table: Table, comparison: Comparison, candidate: Candidate, made: Shaped, *, matrix: Matrix) -> Model:
    """The model without what its fit alone knows."""
    plan, own = comparison.plan, made.labels[matrix.rows]
    told = _segments(table, comparison, candidate, made)
    numbers = [one.number for one in told]
    chosen = references(len(own), seed=plan.seed)
    middle, axes, _ = maps.axes_of(matrix.values)
    everyone = np.zeros((3, matrix.values.shape[1]))
    everyone[: axes.shape[1]] = axes.T
    return Model(
        name=candidate.label, made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), versions=versions(),
        fingerprint=comparison.fingerprint, rows=len(table), plan=plan, candidate=candidate.key, label=candidate.label,
        algorithm=candidate.algorithm, params=dict(candidate.params), preparation=prepare.preparation(table, plan.recipe),
        arrays={}, segment_of=np.empty(0, dtype=np.int16), parts=parts(candidate.labels, made.labels), segments=told,
        references=matrix.values[chosen], reference_segments=own[chosen], unlike=limit(matrix.values, chosen, seed=plan.seed),
        centres=mean_points(matrix, made.labels, numbers), usual=tuple(_usual(table, comparison, made.labels, numbers)),
        axes=everyone, middle=middle, agreement=0.0, compared=0, drift=drift(table, matrix.features),
    )  # fmt: skip


def _segments(table: Table, comparison: Comparison, candidate: Candidate, made: Shaped) -> tuple[ModelSegment, ...]:
    """The segments after all edits; how far each can be trusted is known of those nobody has formed."""
    same = np.array_equal(made.labels, candidate.labels)
    proposed = candidate.names
    if not same:
        proposed = profiles.names(table, prepare.roles(table, comparison.plan.recipe), made.labels)
    names = shaping.told_apart(proposed, made.names)
    return tuple(
        ModelSegment(
            number=segment, name=names.get(segment, f"Segment {segment}"), customers=count,
            trust=float(candidate.trust.get(segment, -1.0)) if same else -1.0,
            description=made.descriptions.get(segment, ""), colour=made.colours.get(segment, 0),
        )
        for segment, count in sorted(profiles.sizes(made.labels).items()) if segment != NOISE
    )  # fmt: skip


def _usual(table: Table, comparison: Comparison, labels: np.ndarray, numbers: list[int]) -> Iterator[tuple[int, str, str]]:
    units = comparison.plan.recipe.units
    for name in dict.fromkeys(feature.column for feature in comparison.features):
        column = table.column(name)
        for segment in numbers:
            yield segment, name, usual(column, table.frame[name][labels == segment], units.get(name, column.unit))


def _measured(model: Model, matrix: Matrix, labels: np.ndarray, *, seed: int) -> Model:
    """The model with the share of fitted customers whom it puts where the fit and a person put them."""
    rows = references(len(matrix.rows), seed=seed, most=COMPARED)
    found = segments(model, matrix.values[rows])
    return replace(model, agreement=float((found == labels[matrix.rows[rows]]).mean()), compared=len(rows))
