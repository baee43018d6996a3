"""Publish: a report or a workbook as a document."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.exports import EXPORTS
from core.model import Comparison, Document, Segmentation, Table
from core.pipeline.compare import Report, nothing

REPORTS = {"report_html": ("report.html", "text/html"), "report_pdf": ("report.pdf", "application/pdf")}


def publish(
    what: str,
    table: Table,
    comparison: Comparison,
    segmentation: Segmentation,
    report: Report = nothing,
    *,
    options: Mapping[str, Any] | None = None,
) -> Document:
    """The document ``what``: report_html, report_pdf, or the name of an export. Raises :class:`BadRequest` for any other.

    ``options`` of a report are those of :func:`core.reports.source.source_of`; an export takes none.
    """
    if what in REPORTS:
        return _report(what, (table, comparison, segmentation), report, options=options or {})
    export = EXPORTS[what]
    report("Writing the file", 0, 1)
    stream = io.BytesIO()
    export.write(table, segmentation, stream)
    report("Writing the file", 1, 1)
    return _document(export.filename, export.mimetype, stream.getvalue())


def _report(
    what: str, nouns: tuple[Table, Comparison, Segmentation], report: Report, *, options: Mapping[str, Any]
) -> Document:
    from core import reports

    steps = 3 if what == "report_pdf" else 2
    report("Summarising", 0, steps)
    told = reports.summarise(*nouns, options=options)
    report("Writing the page", 1, steps)
    page = reports.page(told)
    if what == "report_html":
        return _document(*REPORTS[what], page.encode("utf-8"))
    report("Setting the pages", 2, steps)
    return _document(*REPORTS[what], reports.pdf(page))


def _document(filename: str, mimetype: str, content: bytes) -> Document:
    return Document(filename, mimetype, np.frombuffer(content, dtype=np.uint8))
