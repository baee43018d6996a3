"""Compare: fit, place, score, describe and recommend, with progress."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, replace

from core import maps, prepare, selection
from core.algorithms import ALGORITHMS, one_thread
from core.algorithms.rows import distinct_rows
from core.errors import Stopped
from core.memo import Memo, key_of, no_memo, recalling
from core.model import Candidate, Comparison, Plan, Table
from core.params import check_given
from core.pipeline import evidence, stability
from core.pipeline.describing import describe
from core.pipeline.estimate import Admitted, admit, frame
from core.pipeline.feasible import require_enough, within_reach
from core.pipeline.fitting import Bench, fit_all
from core.pipeline.machine import this_machine
from core.pipeline.order_facts import order_facts
from core.pipeline.progress import Progress, Report
from core.pipeline.scoring import score

Show = Callable[[Candidate], None]
THREADS = min(4, os.cpu_count() or 1)
MOST_SEGMENTS = 30  # of any plan


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
    """Fit, place and score every candidate of ``plan`` on ``table``, check stability, profile and recommend.

    ``report(step, done, total)`` is called before each step with hundredths that never fall; when it raises
    :class:`Stopped` once a candidate is finished, the finished ones are compared, stability is checked no further, and
    ``Comparison.stopped`` says so. Anything else that it raises is passed on. ``show`` receives each candidate as soon
    as it is fitted, before it is scored. A candidate that cannot be made carries its ``problem``; problems of the whole
    table (no features, too few rows) and settings out of range are raised. ``threads`` changes no result.
    """
    plan = in_range(plan)
    progress = Progress(report)
    progress("Preparing the columns", "prepare")
    matrix = prepare.prepare(table, plan.recipe)
    require_enough(plan, len(matrix.values), distinct_rows(matrix.values, MOST_SEGMENTS))
    bench = Bench(matrix, matrix_key(table, plan), within_reach(plan, len(matrix.values)), recalling(memo))
    admitted = admit(matrix, plan, machine=this_machine(threads))
    with one_thread():
        fitted, stopped = _fitted(bench, admitted, progress=progress, show=show)
        progress("Measuring separation", "score")
        scored = score(bench, fitted, threads=threads)
        progress("Describing segments", "describe")
        named, told = describe(table, plan.recipe, scored, seed=plan.seed, threads=threads)
        orders = order_facts(table, named, threads=threads)
        checked = _checked(bench, named, threads=threads, progress=progress)
        progress("Choosing the best candidate", "choose")
        asked = _asked(checked, plan)
        verdict = selection.recommend(matrix.values, asked, plan.seed, limits=plan.limits, tried=plan.segments)
        progress("Weighing arguments for the number of segments", "evidence")
        frames = evidence.gather(bench, checked, asked, recommended=verdict.key, threads=threads)
        progress("Drawing the map", "map")
        coordinates, explained = maps.principal_components(matrix)
    progress.end()
    return Comparison(
        fingerprint=table.fingerprint,
        plan=plan,
        features=matrix.features,
        dropped=matrix.dropped,
        candidates=tuple(checked),
        coordinates=coordinates,
        explained=explained,
        outlier=matrix.outlier,
        aside=dict(zip(matrix.aside_rows.tolist(), matrix.aside_reasons, strict=True)),
        profiles=told.profiles,
        recommended=verdict.key,
        because=verdict.because,
        structured=verdict.structured,
        evidence={**frames, **told.frames, "estimate": frame(admitted.told)},
        stopped=stopped or _cut_short(progress),
        verdict=verdict.word,
        orders=orders,
    )


def _fitted(bench: Bench, admitted: Admitted, *, progress: Progress, show: Show) -> tuple[list[Candidate], str]:
    """The candidates in the order of the catalogue, and how far a stopped run came."""
    found = list(admitted.refused)
    for candidate in found:
        show(candidate)
    seen = {"total": 0}

    def told(step: str, done: int, total: int) -> None:
        seen["total"] = total
        progress(step, "fit", done / max(total, 1))

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
    progress.keeping = True
    order = {name: place for place, name in enumerate(ALGORITHMS)}  # ties must not hang on the order of the plan
    return sorted(found, key=lambda one: (order[one.algorithm], _number(one.key))), stopped


def in_range(plan: Plan) -> Plan:
    """The plan with settings that passed their declaration: what fits share is made of them before any fit."""
    settings = {name: check_given(ALGORITHMS[name].params, given) for name, given in plan.settings.items()}
    return replace(plan, settings=settings)


def matrix_key(table: Table, plan: Plan) -> str:
    """The content key of the matrix that ``plan`` makes of ``table``."""
    return key_of("matrix", table.fingerprint, asdict(plan.recipe))


def _number(key: str) -> int:
    return int(key.rpartition("-")[2])


def _checked(bench: Bench, candidates: list[Candidate], *, threads: int, progress: Progress) -> list[Candidate]:
    """The candidates, with stability for the best of each algorithm and every number of segments of the first choice."""
    plan = bench.plan
    if not plan.resamples or progress.stopped:
        return candidates
    asked = _asked(candidates, plan)
    keys = selection.leaders(bench.matrix.values, asked, plan.seed, limits=plan.limits)
    first = next((c.algorithm for c in asked if c.key == keys[0]), "") if keys else ""
    named = {*keys, *(c.key for c in asked if c.algorithm == first)}
    return stability.check(bench, candidates, sorted(named), threads=threads, progress=progress)


def _cut_short(progress: Progress) -> str:
    if not progress.stopped:
        return ""
    return "Stopped after the fits: every candidate is here, but not all that tells how stable they are."


def _asked(candidates: list[Candidate], plan: Plan) -> list[Candidate]:
    """Those with a number of segments the plan asks for.

    DBSCAN finds its own number, which may lie outside; a candidate whose settings are all fixed is asked for as it is.
    """
    low, high = plan.segments
    return [c for c in candidates if _pinned(c, plan) or low <= c.n_segments <= high]


def _pinned(candidate: Candidate, plan: Plan) -> bool:
    return dict(plan.settings.get(candidate.algorithm, {})) == dict(candidate.params)
