"""The labelled customers as CSV."""

from __future__ import annotations

from core.exports.csv_text import write_csv
from core.exports.entry import Export, Segmentation, Stream, Table
from core.exports.labelled import labelled


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """Every input row in its order with every input column, then segment, segment_name, outlier, set_aside, caution."""
    write_csv(labelled(table, segmentation), stream, raw=raw)


CUSTOMERS_CSV = Export(
    "customers_csv",
    "Customers with their segment (CSV)",
    "customers.csv",
    "text/csv",
    write,
    help="Every row and column of your file, in its order, with its segment, the segment's name, whether it is an outlier, and what to beware of.",
)
