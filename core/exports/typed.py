"""Customers with their segment in typed columns: numbers, days and times, yes and no, texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.exports.labelled import labelled, our_names
from core.exports.table_csv import is_whole
from core.model import Column, Kind, Segmentation, Table

TYPED = (Kind.NUMBER, Kind.FLAG, Kind.DATE)


def typed(table: Table, segmentation: Segmentation) -> dict[str, Any]:
    """Arrow arrays by name, (n_table,) each: the columns of :func:`core.exports.labelled.labelled` in their order.

    Numbers are int64 where all are whole, else float64; dates days (date32) where no cell has a time, else timestamps
    without a zone; flags booleans. A cell that was not understood, as one that is empty, is null. Any other column is
    text exactly as read, empty cells null.
    """
    import pyarrow as pa

    texts, names = labelled(table, segmentation), our_names(table)
    arrays = {}
    for column in table.columns:
        cells = table.frame[column.name]
        arrays[column.name] = _array(cells, column) if column.kind in TYPED else text_array(texts[column.name])
    for ours, name in names.items():
        arrays[name] = text_array(texts[name])
        if ours == "segment":
            arrays[name] = pa.array(segmentation.candidate.labels.astype(np.int64))
        elif ours == "outlier":
            arrays[name] = pa.array(segmentation.outlier.astype(bool))
    return arrays


def text_array(cells: pd.Series) -> Any:
    """Texts with empty cells null; half a character, which UTF-8 cannot hold, is written as its code."""
    import pyarrow as pa

    texts = [cell if cell else None for cell in cells]
    try:
        return pa.array(texts, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):
        return pa.array([one and one.encode("utf-8", "backslashreplace").decode() for one in texts], pa.string())


def _array(cells: pd.Series, column: Column) -> Any:
    import pyarrow as pa

    whole = is_whole(cells, column.kind)
    if column.kind is Kind.DATE:
        moments = cells.to_numpy(dtype="datetime64[ns]")
        found = pa.array(moments, mask=np.isnat(moments))
        return found.cast(pa.timestamp("s")).cast(pa.date32()) if whole else _shortest(found)
    values = cells.to_numpy(dtype=np.float64)
    gaps = np.isnan(values)
    if column.kind is Kind.FLAG:
        return pa.array(np.where(gaps, 0, values) != 0, mask=gaps)
    return pa.array(np.where(gaps, 0, values).astype(np.int64), mask=gaps) if whole else pa.array(values, mask=gaps)


def _shortest(moments: Any) -> Any:
    """Microseconds, which every reader knows, where that loses nothing."""
    import pyarrow as pa

    try:
        return moments.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return moments
