"""Compare: fit, place, score, describe and recommend, with progress."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, replace

from core import maps, metrics, prepare, selection
from core.algorithms import ALGORITHMS, one_thread
from core.errors import Stopped
from core.memo import Memo, key_of, no_memo
from core.model import Candidate, Comparison, Matrix, Plan, Table
from core.pipeline.describing import describe
from core.pipeline.estimate import Admitted, admit, frame
from core.pipeline.fitting import Bench, fit_all
from core.pipeline.machine import this_machine

Report = Callable[[str, int, int], None]
Show = Callable[[Candidate], None]
THREADS = min(4, os.cpu_count() or 1)


def nothing(step: str, done: int, total: int) -> None:
    """A report that tells nobody."""


def show_nobody(candidate: Candidate) -> None:
    """A show that nobody sees."""


def compare(
    table: Table,
    plan: Plan,
    report: Report = nothing,
    *,
    memo: Memo = no_memo,
    show: Show = show_nobody,
    threads: int = THREADS,
) -> Comparison:
    """Fit, place and score every candidate of ``plan`` on ``table``, profile and recommend.

    ``report(step, done, total)`` is called before each step; when it raises
    :class:`Stopped` while candidates are fitted, the finished ones are compared
    and ``Comparison.stopped`` says so; anywhere else what it raises is passed on.
    ``show`` receives each candidate as soon as it is fitted, before it is scored.
    A candidate that cannot be made carries its ``problem``; problems of the whole
    table (no features, too few rows) are raised. ``threads`` changes no result.
    """
    report("Preparing the columns", 0, 1)
    matrix = prepare.prepare(table, plan.recipe)
    bench = Bench(matrix, key_of("matrix", table.fingerprint, asdict(plan.recipe)), plan, memo)
    admitted = admit(matrix, plan, machine=this_machine(threads))
    with one_thread():
        fitted, stopped = _fitted(bench, admitted, report=report, show=show)
        steps = len(fitted) + 4
        report("Measuring separation", len(fitted), steps)
        scored = _scored(fitted, matrix, plan.seed)
        report("Describing segments", len(fitted) + 1, steps)
        named, tidy, contrasts = describe(table, plan.recipe, scored, threads=threads)
        report("Choosing the best candidate", len(fitted) + 2, steps)
        verdict = selection.recommend(matrix.values, _asked(named, plan), plan.seed)
        report("Drawing the map", len(fitted) + 3, steps)
        coordinates, explained = maps.principal_components(matrix)
    report("Done", steps, steps)
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
        evidence={"contrasts": contrasts, "estimate": frame(admitted.told)},
        stopped=stopped,
    )


def _fitted(bench: Bench, admitted: Admitted, *, report: Report, show: Show) -> tuple[list[Candidate], str]:
    """The candidates in the order of the plan, and how far a stopped run came."""
    found = list(admitted.refused)
    for candidate in found:
        show(candidate)
    seen = {"total": 0}

    def told(step: str, done: int, total: int) -> None:
        seen["total"] = total
        report(step, done, total + 4)

    stopped = ""
    try:
        for candidate in fit_all(bench, admitted.algorithms, threads=admitted.threads, report=told):
            found.append(candidate)
            show(candidate)
    except Stopped:
        if not any(not one.problem for one in found):
            raise
        made = len(found) - len(admitted.refused)
        stopped = f"Stopped after {made} of {seen['total']} candidates; these are kept."
    order = {name: place for place, name in enumerate(bench.plan.algorithms)}
    return sorted(found, key=lambda one: (order[one.algorithm], _number(one.key))), stopped


def _number(key: str) -> int:
    return int(key.rpartition("-")[2])


def _scored(candidates: list[Candidate], matrix: Matrix, seed: int) -> list[Candidate]:
    """The candidates with their scores over the fitted rows, all in one pass."""
    labelings = {c.key: c.labels[matrix.rows] for c in candidates if not c.problem}
    centred = frozenset(c.key for c in candidates if ALGORITHMS[c.algorithm].minimises_inertia)
    scores = metrics.score_all(matrix.values, labelings, seed, centred=centred)
    return [replace(c, scores=scores.get(c.key, ())) for c in candidates]


def _asked(candidates: list[Candidate], plan: Plan) -> list[Candidate]:
    """Those with a number of segments the plan asks for.

    DBSCAN finds its own number, which may lie outside; a candidate whose settings are all fixed is asked for as it is.
    """
    low, high = plan.segments
    return [c for c in candidates if _pinned(c, plan) or low <= c.n_segments <= high]


def _pinned(candidate: Candidate, plan: Plan) -> bool:
    return dict(plan.settings.get(candidate.algorithm, {})) == dict(candidate.params)
