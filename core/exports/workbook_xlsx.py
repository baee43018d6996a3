"""The workbook a manager opens: a summary, a sheet per segment, the customers; not one live formula or link."""

from __future__ import annotations

from dataclasses import replace

from core.exports.customers_sheet import add_customers
from core.exports.entry import Export, Segmentation, Stream, Table
from core.exports.order_columns import exported_profile
from core.exports.sheets import Shown, require_room, workbook
from core.exports.told import segments
from core.exports.workbook_facts import book_facts
from core.exports.workbook_segment import add_segment
from core.exports.workbook_summary import add_summary

MOST_SHEETS = 60
"""Segments with a sheet of their own; of more the table on Summary tells."""


def write(
    table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False, personal: bool = False
) -> None:
    """Sheets Summary, one per segment, Customers, Segments, Profiles. Text cells are typed as text: ``raw`` changes nothing.

    Columns that tell who somebody is (:mod:`core.personal`) are in none of them unless ``personal``, cells that tell of fewer
    than five customers neither, as in a report; the list of customers keeps keys.
    """
    require_room(len(table), len(table.columns) + 5)
    facts = book_facts(table, segmentation, personal=personal)
    with workbook(stream) as book:
        add_summary(book, facts)
        for segment in facts.order[:MOST_SHEETS]:
            add_segment(book, facts, segment)
        add_customers(book, table, replace(segmentation, candidate=facts.of.candidate), without=facts.unlisted)
        for title, frame in (("Segments", segments(facts.of)), ("Profiles", exported_profile(facts.of))):
            sheet, _ = book.sheet(title)
            book.table(sheet, [Shown(str(name), frame[name].tolist()) for name in frame.columns])


WORKBOOK_XLSX = Export(
    "workbook_xlsx",
    "Workbook for the boss (Excel)",
    "workbook.xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write,
    help="A summary with charts, a sheet for each segment, and the customers; ready to print, without names and contacts.",
)
