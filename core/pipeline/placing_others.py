"""Score: the customers of another file, placed by a model."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import BadRequest
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

    Raises :class:`BadRequest` naming the columns that are missing.
    """
    raise BadRequest("This is not there yet.")
