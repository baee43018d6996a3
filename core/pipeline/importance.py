"""What separates the segments of a candidate that has been compared."""

from __future__ import annotations

import numpy as np

from core.algorithms import one_thread
from core.errors import BadRequest
from core.explainers import EXPLAINERS
from core.model import Comparison, Explanation, Shape, Table
from core.pipeline.compare import Report, nothing


def importance(
    table: Table, comparison: Comparison, key: str, report: Report = nothing, *, shape: Shape = Shape()  # noqa: B008
) -> Explanation:
    """What separates the segments of one candidate after the edits of ``shape``, over the customers its fit was made on.

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
