"""The numbers behind the Atlas as CSV, at full precision, of the candidate as its owner shaped it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from flask import Blueprint, Response

from core.model import NOISE, Segmentation
from core.selection.wording import caution
from dashboard.atlas import named
from dashboard.routes.sending import file_name, send_csv
from dashboard.store import NotFound

blueprint = Blueprint("atlas_csv", __name__)
FRAMES = ("contrasts", "overlays", "outcomes", "widths", "profile")


@blueprint.get("/atlas-numbers/<run>/<candidate>/<name>.csv")
def download(run: str, candidate: str, name: str) -> Response:
    """``name`` is contrasts, overlays, outcomes, widths or profile; what is not known (yet) is answered as not found.

    Rows about a segment end in its name, stability and caution. Cells that a spreadsheet would run are made harmless.
    """
    if name not in FRAMES:
        raise NotFound("download")
    looked = named(run, candidate)
    frame = getattr(looked.segmentation, name)
    if frame.empty:
        raise NotFound("download")
    return send_csv(as_text(told(frame, looked.segmentation)), file_name(looked.here.dataset.name, candidate, f"{name}.csv"))


def told(frame: pd.DataFrame, segmentation: Segmentation) -> pd.DataFrame:
    """``frame`` with what belongs to its segments: name, stability (0..1) and the caution below 0.60.

    Of silhouettes, which tell of customers, ``row`` counts from 1 as people do and the segment comes first.
    """
    if "row" in frame:
        rows = frame["row"].to_numpy(dtype=np.int64)
        frame = frame.assign(row=rows + 1, segment=segmentation.candidate.labels[rows])
    if "segment" not in frame:
        return frame
    segments = frame["segment"].astype(int)
    names = {0: "Everyone", NOISE: "Not placed"} | dict(segmentation.candidate.names)
    trust = segmentation.candidate.trust
    return frame.assign(
        segment_name=[names.get(one, "") for one in segments],
        stability=[trust.get(one, np.nan) for one in segments],
        caution=[caution(trust.get(one)) for one in segments],
    )


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text that reads back to the same number; gaps are empty."""
    return pd.DataFrame({name: [_text(cell) for cell in frame[name]] for name in frame.columns}, dtype=object)


def _text(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if cell is None or cell != cell or cell is pd.NA:
        return ""
    if isinstance(cell, float | np.floating):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 2**53 else str(cell)
    return str(cell)
