"""The segment profiles as CSV."""

from __future__ import annotations

import pandas as pd

from core.exports.csv_text import write_csv
from core.exports.entry import Export, Segmentation, Stream, Table
from core.exports.labelled import as_text
from core.exports.order_columns import exported_profile


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """One row per segment and column, segment 0 is everyone; numbers in the units of the file.

    Of customers made of order lines also orders, revenue and what is expected of the segment, repeated on its rows.
    """
    profile = exported_profile(segmentation)
    write_csv(pd.DataFrame({name: as_text(profile[name]) for name in profile.columns}), stream, raw=raw)


PROFILES_CSV = Export(
    "profiles_csv",
    "Segment profiles (CSV)",
    "profiles.csv",
    "text/csv",
    write,
    help="Mean, median, minimum and maximum of every column for each segment and for everyone.",
)
