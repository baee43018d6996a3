"""Customers and their segments as one sheet of a workbook."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from core.exports.entry import Export, Segmentation, Stream, Table
from core.exports.labelled import labelled
from core.exports.sheets import Book, Shown, number_format, require_room, workbook
from core.exports.typed import typed
from core.model import Kind

NAME = "Customers"


def add_customers(book: Book, table: Table, segmentation: Segmentation, *, without: Collection[str] = ()) -> None:
    """Add the sheet, a row per row of the table in its order. Rows go to disk as they are written.

    Cells that were understood as numbers or dates are such; where a cell of these columns was not, and everywhere else,
    it stands as the text it was read as.
    """
    sheet, _ = book.sheet(NAME, streamed=True)
    book.table(sheet, [column for column in customer_columns(table, segmentation) if column.name not in without])


def customer_columns(table: Table, segmentation: Segmentation) -> list[Shown]:
    """The columns of customers.csv with the number formats of their units."""
    texts, known = labelled(table, segmentation), {column.name: column for column in table.columns}
    shown = []
    for name, array in typed(table, segmentation).items():
        column = known.get(name)
        if column is None:
            shown.append(Shown(name, array.to_pylist()))
        elif column.kind in (Kind.NUMBER, Kind.DATE):
            cells = [text if cell is None else cell for cell, text in zip(array.to_pylist(), texts[name], strict=True)]
            form = number_format(column.unit, whole=_whole(table.frame[name])) if column.kind is Kind.NUMBER else ""
            shown.append(Shown(name, cells, form))
        else:
            shown.append(Shown(name, texts[name].tolist()))
    return shown


def _whole(values: pd.Series) -> bool:
    """Whether no number of the column has decimals."""
    known = values.dropna().to_numpy(dtype=float)
    return bool((known == np.floor(known)).all())


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """One sheet; text cells are typed as text, so ``raw`` changes nothing here."""
    require_room(len(table), len(table.columns) + 5)
    with workbook(stream) as book:
        add_customers(book, table, segmentation)


CUSTOMERS_XLSX = Export(
    "customers_xlsx",
    "Customers with their segment (Excel)",
    "customers.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write,
    help="The same list as an Excel sheet with a filter; numbers and dates are such, texts are texts.",
)
