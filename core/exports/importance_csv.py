"""What separates the segments, as CSV."""

from __future__ import annotations

import json

import pandas as pd

from core.exports.csv_text import write_csv
from core.exports.entry import Stream
from core.model import Explanation

COLUMNS = ("measure", "segment", "column", "importance", "low", "high")


def write_importance(explanation: Explanation, stream: Stream, *, raw: bool = False) -> None:
    """All measures, one below the other: ``measure`` is permutation, group, segment or direct.

    ``importance`` with its 95 % interval ``low`` to ``high`` is the drop in balanced accuracy (of a segment: in its
    recall) when ``column`` is shuffled, for direct the share of customers (0..1) who change segment. ``segment`` is
    empty where all are meant; columns that go together are joined by " + ".
    """
    frame = importance_frame(explanation)
    texts = {name: [_text(cell) for cell in frame[name]] for name in COLUMNS}
    write_csv(pd.DataFrame(texts, columns=list(COLUMNS), dtype=object), stream, raw=raw)


def importance_frame(explanation: Explanation) -> pd.DataFrame:
    """The rows of :func:`write_importance` with numbers as numbers."""
    parts = [explanation.frame.assign(measure="permutation", segment="")]
    if len(explanation.groups):
        joined = [" + ".join(json.loads(columns)) for columns in explanation.groups["columns"]]
        parts.append(explanation.groups.assign(measure="group", segment="", column=joined))
    if len(explanation.segments):
        parts.append(explanation.segments.assign(measure="segment"))
    if len(explanation.direct):
        parts.append(explanation.direct.rename(columns={"changed": "importance"}).assign(measure="direct", segment=""))
    return pd.concat([part.reindex(columns=list(COLUMNS)).astype(object) for part in parts], ignore_index=True)


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else repr(float(cell)) if isinstance(cell, float) else str(cell)
