"""Why one customer is where it is: its segment against the runner-up, and what would move it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core import customers, prepare, shaping
from core.algorithms import one_thread
from core.customers import Standing
from core.errors import BadRequest
from core.memo import Memo, no_memo, recalling
from core.model import NOISE, Candidate, Comparison, Shape, Table, Why
from core.pipeline.compare import Report, matrix_key, nothing
from core.pipeline.fitting import Bench
from core.pipeline.refitting import placer


def why_here(
    table: Table, comparison: Comparison, key: str, report: Report = nothing, *, shape: Shape = Shape(), row: int,  # noqa: B008
    memo: Memo = no_memo,
) -> Why:
    """Why the customer at ``row`` of the table is in its segment of a shaped candidate.

    Raises :class:`BadRequest` for a row that the table does not have, and where the candidate has no segments or an edit
    cannot be. The fit is made again, or recalled by ``memo``, so that the algorithm itself places every changed customer.
    """
    candidate, recipe, seed = comparison.candidate(key), comparison.plan.recipe, comparison.plan.seed
    if candidate.problem:
        raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
    if not 0 <= row < len(table):
        raise BadRequest("There is no such customer in this table.", "Choose one from the list.")
    report("Preparing the columns", 0, 100)
    bench = Bench(prepare.prepare(table, recipe), matrix_key(table, comparison.plan), comparison.plan, recalling(memo))
    with one_thread():
        made = shaping.shaped(candidate, bench.matrix, shape, seed=seed)
        standing = Standing(bench.matrix, made.labels, row, seed, recipe.units)
        report("Recalling the fit", 20, 100)
        fitted, values = placer(bench, candidate), prepare.learned(table, recipe)
        report("Trying other values", 50, 100)

        def place(rows: pd.DataFrame) -> np.ndarray:
            prepared = values(rows)
            return _shaped(standing, candidate, fitted(prepared), prepared)

        used = {feature.column for feature in bench.matrix.features}
        columns = [column for column in table.columns if column.name in used]
        found = customers.why(table, columns, standing, place, names={**candidate.names, **made.names})
    report("Done", 100, 100)
    return found


def _shaped(standing: Standing, candidate: Candidate, labels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Segments ``labels`` (m,) of the candidate as they are after the edits.

    A segment whose customers all went into one is that one; of one that was split, the part of the smallest reach takes
    a customer. Customers that were moved by hand say nothing about others.
    """
    out = labels.copy()
    for segment in np.unique(labels[labels != NOISE]):
        parts, counts = np.unique(standing.labels[candidate.labels == segment], return_counts=True)
        own = parts[(parts != NOISE) & (counts >= max(2, 0.02 * counts.sum()))]
        if not len(own):
            own = parts[[int(np.argmax(counts))]]
        mine = labels == segment
        reach = np.stack([standing.reaches(int(part), values[mine]) for part in own]) if len(own) > 1 else None
        out[mine] = own[0] if reach is None else own[np.argmin(reach, axis=0)]
    return out
