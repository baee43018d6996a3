"""Customers, profiles and what was done, in one Excel workbook without a single live formula."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.errors import BadRequest
from core.exports.entry import Export, Segmentation, Stream, Table
from core.exports.labelled import labelled, our_names
from core.exports.order_columns import exported_profile
from core.exports.told import segments
from core.model import Kind

MAX_ROWS = 1_048_575
_MAX_TEXT = 32_767
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """Sheets Customers, Segments, Profiles and About. Text cells are typed as text, so ``raw`` changes nothing here."""
    import xlsxwriter

    if len(table) > MAX_ROWS:
        raise BadRequest(
            f"An Excel sheet holds {MAX_ROWS:,} rows; there are {len(table):,} customers.",
            "Export the customers as CSV instead.",
        )
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        _sheet(book.add_worksheet("Customers"), _customers(table, segmentation), bold)
        for title, frame in (("Segments", segments(segmentation)), ("Profiles", exported_profile(segmentation))):
            _sheet(book.add_worksheet(title), {name: frame[name].tolist() for name in frame.columns}, bold)
        _sheet(book.add_worksheet("About"), _about(table, segmentation), bold)


def _customers(table: Table, segmentation: Segmentation) -> dict[str, list]:
    """Columns of the first sheet: numbers as numbers where they were read as such, everything else as its text."""
    texts = labelled(table, segmentation)
    columns: dict[str, list] = {name: texts[name].tolist() for name in texts.columns}
    for column in table.columns:
        if column.kind is Kind.NUMBER:
            numbers, cells = table.frame[column.name].tolist(), columns[column.name]
            columns[column.name] = [n if np.isfinite(n) else cell for n, cell in zip(numbers, cells, strict=True)]
    columns[our_names(table)["segment"]] = [int(label) for label in segmentation.candidate.labels]
    return columns


def _about(table: Table, segmentation: Segmentation) -> dict[str, list]:
    candidate, recipe = segmentation.candidate, segmentation.plan.recipe
    facts = {
        "File": table.source.name,
        "Customers": len(table),
        "Method": candidate.label,
        "Segments": candidate.n_segments,
        "Why": segmentation.because,
        "Verdict": segmentation.verdict,
        "Why this verdict": segmentation.reason,
        "Resamples for stability": segmentation.resamples,
        "Gaps": recipe.gaps,
        "Outliers": recipe.outliers,
        "Scaling": recipe.scaling,
        "Customers set aside": len(segmentation.aside),
        "Lines of the file kept apart": len(table.quarantine),
        "Seed": segmentation.plan.seed,
        "Fingerprint of the file": segmentation.fingerprint,
    }
    return {"What": list(facts), "Value": list(facts.values())}


def _sheet(sheet: Any, columns: dict[str, list], bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    for position, (name, cells) in enumerate(columns.items()):
        sheet.write_string(0, position, str(name)[:_MAX_TEXT], bold)
        sheet.set_column(position, position, min(max(len(str(name)) + 2, 10), 40))
        for row, cell in enumerate(cells, start=1):
            _cell(sheet, row, position, cell)


def _cell(sheet: Any, row: int, column: int, cell: object) -> None:
    """A number, or text typed as text; a gap is left blank."""
    if isinstance(cell, (int, float, np.number)) and not isinstance(cell, bool):
        if np.isfinite(cell):
            sheet.write_number(row, column, float(cell))
    elif cell is not None and cell is not pd.NA and cell != "":
        sheet.write_string(row, column, _drawable(str(cell)))


def _drawable(text: str) -> str:
    """Text that XML can hold, at Excel's longest length."""
    cut = text[:_MAX_TEXT]
    if min(cut) >= " ":
        return cut
    return "".join(c if c >= " " or c in "\t\n\r" else "\ufffd" for c in cut)


WORKBOOK_XLSX = Export(
    "workbook_xlsx",
    "Workbook with customers and profiles (Excel)",
    "workbook.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write,
    help="Customers and profiles as sheets of one Excel file.",
)
