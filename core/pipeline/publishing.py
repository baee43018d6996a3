"""Publish: a report or a workbook as a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import BadRequest
from core.model import Comparison, Document, Segmentation, Table
from core.pipeline.compare import Report, nothing


def publish(
    what: str,
    table: Table,
    comparison: Comparison,
    segmentation: Segmentation,
    report: Report = nothing,
    *,
    options: Mapping[str, Any] | None = None,
) -> Document:
    """The document ``what``: report_html, report_pdf, or the name of an export. Raises :class:`BadRequest` for any other."""
    raise BadRequest("This is not there yet.")
