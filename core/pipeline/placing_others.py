"""Score: the customers of another file, placed by a model."""

from __future__ import annotations

from collections.abc import Mapping

from core import scoring
from core.model import Model, Scored, Table
from core.pipeline.compare import Report, nothing


def score(
    model: Model,
    table: Table,
    mapping: Mapping[str, str],
    report: Report = nothing,
    *,
    threads: int = 1,
) -> Scored:
    """Every row of ``table`` placed. ``mapping`` names the column of the file for each column of the model; columns of equal name need not be in it.

    The notes tell what was assumed, and whether these customers are others than those the model was made with.

    Raises :class:`BadRequest` naming the columns that are missing.
    """
    report("Finding the columns", 0, 100)
    frame, notes = scoring.typed(model, table, mapping)
    report("Placing customers", 10, 100)
    found = scoring.score(model, frame, (*notes, *scoring.drifted(model, frame)), threads=threads)
    report("Done", 100, 100)
    return found
