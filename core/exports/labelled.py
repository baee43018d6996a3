"""Every customer with all cells of the file, the segment, whether it was an outlier or set aside, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from core.exports.told import cautions
from core.model import Segmentation, Table
from core.neutral import as_text

OURS = ("segment", "segment_name", "outlier", "set_aside", "caution")


def labelled(table: Table, segmentation: Segmentation) -> pd.DataFrame:
    """One row per row of the table in its order, cells as text exactly as read, then our five columns."""
    frame = pd.DataFrame({name: as_text(table.raw[name]) for name in table.raw.columns})
    names = our_names(table)
    labels = segmentation.candidate.labels
    aside = [segmentation.aside.get(row, "") for row in range(len(table))]
    frame[names["segment"]] = pd.Series(labels, dtype="int64").astype(str).to_numpy(dtype=object)
    frame[names["segment_name"]] = [segmentation.candidate.names.get(int(k), "not placed") for k in labels]
    frame[names["outlier"]] = np.where(segmentation.outlier, "yes", "no").astype(object)
    frame[names["set_aside"]] = aside
    beware = cautions(segmentation)
    frame[names["caution"]] = [beware.get(int(k), "") for k in labels]
    return frame


def our_names(table: Table, ours: Sequence[str] = OURS) -> dict[str, str]:
    """The column names ``ours``; one the file has already (letter case ignored) becomes ``segment_2`` and so on."""
    taken = {str(name).casefold() for name in table.raw.columns}
    out = {}
    for name in ours:
        free, turn = name, 1
        while free.casefold() in taken:
            turn += 1
            free = f"{name}_{turn}"
        taken.add(free.casefold())
        out[name] = free
    return out
