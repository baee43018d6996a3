"""What separates the segments of a candidate that has been compared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from core import prepare, shaping
from core.algorithms import ALGORITHMS, one_thread, place
from core.errors import BadRequest, SegmentationError
from core.explainers import EXPLAINERS
from core.explainers.direct import direct_importance
from core.memo import Memo, no_memo, recalling
from core.model import Candidate, Comparison, Explanation, Shape, Table, no_rows
from core.pipeline.compare import Report, matrix_key, nothing
from core.pipeline.fitting import Bench
from core.pipeline.refitting import refitted

JUDGED = 2_000
"""Customers whom the algorithm places anew for the direct measure."""
RESHAPED = "The segments were changed by hand, so there is no algorithm whose own answer could be told."


def importance(
    table: Table, comparison: Comparison, key: str, report: Report = nothing, *, shape: Shape = Shape(),  # noqa: B008
    memo: Memo = no_memo,
) -> Explanation:  # fmt: skip
    """What separates the segments of one candidate after the edits of ``shape``, over the customers its fit was made on.

    The algorithm is fitted again, or its model taken from ``memo``, to tell whom it would put into another segment.
    Raises :class:`BadRequest` where the candidate has no segments or an edit cannot be.
    """
    candidate = comparison.candidate(key)
    if candidate.problem:
        raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
    report("Preparing the columns", 0, 1)
    plan = comparison.plan
    matrix = prepare.prepare(table, plan.recipe)
    columns = list(dict.fromkeys(feature.column for feature in matrix.features))
    frame = table.frame.loc[:, columns].iloc[matrix.rows].reset_index(drop=True)
    explainer = EXPLAINERS["permutation"]
    bench = Bench(matrix, matrix_key(table, plan), plan, recalling(memo))
    with one_thread():
        labels = shaping.shaped(candidate, matrix, shape, seed=plan.seed).labels
        found = explainer.explain(frame, labels[matrix.rows], plan.seed, report)
        report("Asking the algorithm itself", 0, 1)
        direct, why = _direct(bench, candidate, labels)
        report("Done", 1, 1)
    told = Explanation(explainer.name, key, found.frame, found.accuracy, found.rows, found.because, found.notes)
    return replace(told, notes=(*told.notes, *why), groups=found.groups, segments=found.segments, direct=direct)


def _direct(bench: Bench, candidate: Candidate, labels: np.ndarray) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The direct measure, or no rows and the reason."""
    if not np.array_equal(labels, candidate.labels):
        return no_rows(), (RESHAPED,)
    algorithm, matrix = ALGORITHMS[candidate.algorithm], bench.matrix
    try:
        model, _ = refitted(bench, candidate)
    except SegmentationError as problem:
        return no_rows(), (f"The algorithm could not be asked again: {problem}",)
    random = np.random.default_rng(bench.plan.seed)
    count = len(matrix.values)
    rows = np.sort(random.choice(count, JUDGED, replace=False)) if count > JUDGED else np.arange(count)
    found = direct_importance(
        lambda values: place(algorithm, model, values), matrix.values[rows], matrix.features, seed=bench.plan.seed
    )
    return found, ()
