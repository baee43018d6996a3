"""Some customers of a segmentation as a frame of text: every cell of the file, and how each lies in its segment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.exports.labelled import as_text
from core.model import Segmentation, Table
from core.selection.wording import caution

OURS = ("segment", "segment_name", "caution", "second_segment", "margin", "typicality", "unusual_score", "unusual_kind",
        "unusual_because")  # fmt: skip


def customer_list(table: Table, segmentation: Segmentation, rows: np.ndarray) -> pd.DataFrame:
    """``rows`` (m,) of the table in their order, cells as text exactly as read, then our nine columns.

    ``margin``, ``typicality`` and ``unusual_score`` are those of :func:`core.customers.placing.placing`, 0..1 at full
    precision, empty where nobody has measured them; ``caution`` is for segments that are not stable.
    """
    part = table.raw.iloc[rows]
    frame = pd.DataFrame({name: as_text(part[name]).to_numpy() for name in table.raw.columns}, dtype=object)
    taken = {str(name).casefold() for name in table.raw.columns}
    candidate, labels = segmentation.candidate, segmentation.candidate.labels[rows]
    placing = segmentation.placing.iloc[rows] if len(segmentation.placing) == len(table) else None
    odd = segmentation.unusual.set_index("row") if len(segmentation.unusual) else pd.DataFrame(columns=["kind", "told"])
    measured = {name: placing[column].map(repr).tolist() if placing is not None else [""] * len(rows)
                for name, column in (("margin", "margin"), ("typicality", "depth"), ("unusual_score", "unusual"))}  # fmt: skip
    second = placing["second"].tolist() if placing is not None else [0] * len(rows)
    ours = {
        "segment": [str(int(k)) for k in labels],
        "segment_name": [candidate.names.get(int(k), "not placed") for k in labels],
        "caution": [caution(candidate.trust.get(int(k))) for k in labels],
        "second_segment": [str(int(k)) if k else "" for k in second],
        **measured,
        "unusual_kind": odd["kind"].reindex(rows).fillna("").tolist(),
        "unusual_because": odd["told"].reindex(rows).fillna("").tolist(),
    }
    for name in OURS:
        frame[_free(name, taken)] = np.array(ours[name], dtype=object)
    return frame


def _free(name: str, taken: set[str]) -> str:
    """``name``, numbered where the file has a column of that name."""
    free, turn = name, 1
    while free.casefold() in taken:
        turn += 1
        free = f"{name}_{turn}"
    taken.add(free.casefold())
    return free
