"""Train: one candidate, as a person shaped it, as a model that places customers nobody has seen yet."""

from __future__ import annotations

from core.errors import BadRequest
from core.memo import Memo, no_memo
from core.model import Comparison, Model, Shape, Table
from core.pipeline.compare import Report, nothing


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
    raise BadRequest("This is not there yet.")
