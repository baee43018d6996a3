"""The only module that knows the order of the steps: file -> Table -> Matrix -> candidates -> Comparison."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core import formats, maps, metrics, prepare, profiles, selection, tables
from core.algorithms import ALGORITHMS, Algorithm, clustering, one_thread, place, prepared, run
from core.errors import BadRequest, SegmentationError
from core.explainers import EXPLAINERS
from core.model import Candidate, Comparison, Explanation, Matrix, Plan, Recipe, Table

Report = Callable[[str, int, int], None]


def nothing(step: str, done: int, total: int) -> None:
    """A report that tells nobody."""


def load(path: Path, name: str, answers: Mapping[str, str]) -> Table:
    """The file at ``path`` as understood; ``name`` is shown, ``answers`` settle earlier questions.

    Raises :class:`DataProblem` where the file is not a table.
    """
    return tables.understand(formats.read(path, name, answers), answers)


def effect(table: Table, recipe: Recipe) -> prepare.Effect:
    """What a recipe will touch, in rows and cells, without fitting anything."""
    return prepare.effect(table, recipe)


@dataclass(frozen=True)
class _Job:
    """One candidate to fit."""

    key: str
    algorithm: Algorithm
    params: Mapping[str, Any]

    @property
    def label(self) -> str:
        return f"{self.algorithm.label}, {self.algorithm.caption(self.params)}"


def compare(table: Table, plan: Plan, report: Report = nothing) -> Comparison:
    """Fit, place and score every candidate of ``plan`` on ``table``, profile and recommend.

    ``report(step, done, total)`` is called before each step and may raise to
    cancel. A candidate that cannot be made carries its ``problem``; problems of
    the whole table (no features, too few rows) are raised.
    """
    algorithms = [ALGORITHMS[name] for name in plan.algorithms]
    report("Preparing the columns", 0, 1)
    matrix = prepare.prepare(table, plan.recipe)
    with one_thread():
        jobs = [job for algorithm in algorithms for job in _jobs(algorithm, matrix.values, plan)]
        total = len(jobs) + 4
        fitted = list(_fit_all(jobs, matrix, plan, lambda step, done: report(step, done, total)))
        report("Measuring separation", len(jobs), total)
        scored = _scored(fitted, matrix, plan.seed)
        report("Describing segments", len(jobs) + 1, total)
        named, tidy = _described(table, plan.recipe, scored)
        report("Choosing the best candidate", len(jobs) + 2, total)
        verdict = selection.recommend(matrix.values, _asked(named, plan), plan.seed)
        report("Drawing the map", len(jobs) + 3, total)
        coordinates, explained = maps.principal_components(matrix)
    report("Done", total, total)
    return Comparison(
        fingerprint=table.fingerprint,
        plan=plan,
        features=matrix.features,
        dropped=matrix.dropped,
        candidates=tuple(named),
        coordinates=coordinates,
        explained=explained,
        outlier=matrix.outlier,
        aside=dict(zip(matrix.aside_rows.tolist(), matrix.aside_reasons, strict=True)),
        profiles=tidy,
        recommended=verdict.key,
        because=verdict.because,
        structured=verdict.structured,
    )


def _jobs(algorithm: Algorithm, values: np.ndarray, plan: Plan) -> list[_Job]:
    """The candidates of one algorithm: the fixed one of ``plan.params``, else its grid."""
    grid = (dict(plan.params),) if plan.params else algorithm.grid(values, segments=plan.segments, seed=plan.seed)
    return [_Job(f"{algorithm.name}-{p.get('n_segments', at)}", algorithm, p) for at, p in enumerate(grid, 1)]


def _fit_all(
    jobs: list[_Job], matrix: Matrix, plan: Plan, report: Callable[[str, int], None]
) -> Iterator[tuple[Candidate, np.ndarray]]:
    """Each candidate with its labels of the fitted rows; what one algorithm's fits share is computed once."""
    shared, owner = None, None
    for done, job in enumerate(jobs):
        report(f"Fitting {job.label}", done)
        if job.algorithm is not owner:
            shared, owner = prepared(job.algorithm, matrix.values, seed=plan.seed), job.algorithm
        yield _fit(job, matrix, seed=plan.seed, shared=shared, n_rows=len(matrix.outlier))


def _fit(job: _Job, matrix: Matrix, *, seed: int, shared: Any, n_rows: int) -> tuple[Candidate, np.ndarray]:
    """One candidate over every row of the table, and its labels (n_fit,)."""
    started = time.perf_counter()
    labels = np.zeros(n_rows, dtype=np.int16)
    problem, notes, fit_labels = "", (), np.empty(0, dtype=np.int16)
    try:
        fitted = run(job.algorithm, matrix.values, seed=seed, params=job.params, shared=shared)
        found = clustering(fitted)
        notes = (*fitted.notes, *_missing_groups(job, found.n_segments))
        if found.n_segments == 0:
            problem = "No crowd of customers was found: every customer stays unplaced."
        else:
            labels[matrix.rows] = found.labels
            labels[matrix.aside_rows] = place(job.algorithm, found, matrix.aside_values)
            labels = _largest_first(labels)
            fit_labels = labels[matrix.rows]
    except SegmentationError as refused:
        problem = str(refused)
    labels.setflags(write=False)
    candidate = Candidate(
        key=job.key,
        algorithm=job.algorithm.name,
        label=job.label,
        params=dict(job.params),
        labels=labels,
        sizes={} if problem else profiles.sizes(labels),
        names={},
        scores=(),
        seconds=time.perf_counter() - started,
        problem=problem,
        notes=notes,
    )
    return candidate, fit_labels


def _largest_first(labels: np.ndarray) -> np.ndarray:
    """Segments numbered by size over every row: rows set aside may have changed the order of the fit."""
    counts = np.bincount(labels[labels > 0])[1:]
    number = np.empty(len(counts) + 1, dtype=np.int16)
    number[1:][np.argsort(-counts, kind="stable")] = np.arange(1, len(counts) + 1)
    return np.where(labels > 0, number[labels], labels).astype(np.int16)


def _missing_groups(job: _Job, found: int) -> tuple[str, ...]:
    asked = job.params.get("n_segments", found)
    return () if found == asked else (f"Only {found} of {asked} segments received customers.",)


def _scored(fitted: list[tuple[Candidate, np.ndarray]], matrix: Matrix, seed: int) -> list[Candidate]:
    """The candidates with their scores over the fitted rows, all in one pass."""
    labelings = {c.key: labels for c, labels in fitted if not c.problem}
    centred = frozenset(c.key for c, _ in fitted if ALGORITHMS[c.algorithm].minimises_inertia)
    scores = metrics.score_all(matrix.values, labelings, seed, centred=centred)
    return [replace(c, scores=scores.get(c.key, ())) for c, _ in fitted]


def _described(table: Table, recipe: Recipe, candidates: list[Candidate]) -> tuple[list[Candidate], pd.DataFrame]:
    """The candidates with segment names, and the tidy profile of all of them."""
    roles = prepare.roles(table, recipe)
    whole, known = profiles.everyone(table, roles), profiles.signals(table, roles)
    named, parts = [], []
    for candidate in candidates:
        if not candidate.problem:
            candidate = replace(candidate, names=profiles.names(table, roles, candidate.labels, known=known))
            part = profiles.profile(
                table, roles, candidate.labels, names=candidate.names, units=recipe.units, whole=whole
            )
            parts.append(part.assign(candidate=candidate.key))
        named.append(candidate)
    columns = ["candidate", *profiles.COLUMNS]
    return named, pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _asked(candidates: list[Candidate], plan: Plan) -> list[Candidate]:
    """Those with a number of segments the plan asks for; DBSCAN finds its own number, which may lie outside."""
    low, high = plan.segments
    return [c for c in candidates if plan.params or low <= c.n_segments <= high]


def importance(table: Table, comparison: Comparison, key: str, report: Report = nothing) -> Explanation:
    """What separates the segments of one candidate, over the customers its fit was made on.

    Raises :class:`BadRequest` where the candidate has no segments.
    """
    candidate = comparison.candidate(key)
    if candidate.problem:
        raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
    fitted = np.ones(len(table), dtype=bool)
    fitted[list(comparison.aside)] = False
    rows = np.flatnonzero(fitted)
    columns = list(dict.fromkeys(feature.column for feature in comparison.features))
    frame = table.frame.loc[:, columns].iloc[rows].reset_index(drop=True)
    explainer = EXPLAINERS["permutation"]
    with one_thread():
        found = explainer.explain(frame, candidate.labels[rows], comparison.plan.seed, report)
    return Explanation(explainer.name, key, found.frame, found.accuracy, found.rows, found.because, found.notes)


__all__ = ["Report", "compare", "effect", "importance", "load", "nothing"]
