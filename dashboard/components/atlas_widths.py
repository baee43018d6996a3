"""How well every customer fits into its segment: silhouettes, segment by segment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.model import NOISE, Segmentation
from dashboard.components import numbers
from dashboard.components.atlas_marks import cautioned, legend, numbers_of
from dashboard.components.figure import graph
from dashboard.components.parts import empty, explain, skeleton
from dashboard.figures import silhouette_profile, silhouette_profile_height
from dashboard.security.labels import plain


def silhouettes(looked: Any, *, mode: str) -> list:
    """A band per segment; a skeleton of the same height while a job measures."""
    segmentation = looked.segmentation
    height = max(silhouette_profile_height(len(looked.segments)), 380)
    if not segmentation.whole:
        return [skeleton(height + 90, "Being worked out")]
    frame = segmentation.widths
    if "silhouette" not in frame or frame.empty:
        return [empty("No silhouettes", "They need two segments with more than one customer.")]
    labels = segmentation.candidate.labels[frame["row"].to_numpy(dtype=np.int64)]
    widths = frame["silhouette"].to_numpy(dtype=float)
    drawn = silhouette_profile(widths, labels, names=segmentation.candidate.names, colours=segmentation.colours, mode=mode)
    table = _width_table(widths, labels, segmentation)
    whole = len(segmentation.candidate.labels)
    told = "" if drawn.total == whole else f" Measured on {numbers.whole(drawn.total)} of {numbers.whole(whole)} customers."
    plot = graph(
        drawn.figure,
        id="atlas-widths",
        title=_width_title(table, segmentation),
        sentence=f"A band per segment, a line per customer: 1 is far from every other segment, below 0 is nearer to another.{told}{cautioned(segmentation)}",
        height=height,
        table=table,
        key=legend(looked),
        csv=numbers_of(looked, "widths"),
    )
    about = explain("What is a silhouette", "For each customer: how much nearer the own segment is than the next one, from -1 to 1.",
                    "https://doi.org/10.1016/0377-0427(87)90125-7")  # fmt: skip
    return [plot, about]


def _width_table(widths: np.ndarray, labels: np.ndarray, segmentation: Segmentation) -> pd.DataFrame:
    placed = (labels != NOISE) & np.isfinite(widths)
    found = pd.DataFrame({"segment": labels[placed], "width": widths[placed]}).groupby("segment")["width"]
    names = segmentation.candidate.names
    return pd.DataFrame({
        "Segment": [f"{s} {plain(names.get(s, ''))}".strip() for s in found.groups],
        "Customers measured": found.size().to_numpy(),
        "Average silhouette": found.mean().to_numpy(),
        "Nearer to another segment": [numbers.share(one) for one in found.apply(lambda own: float((own < 0).mean()))],
    })  # fmt: skip


def _width_title(table: pd.DataFrame, segmentation: Segmentation) -> str:
    if table.empty:
        return "No customer has a silhouette"
    worst = table.loc[table["Average silhouette"].idxmin()]
    best = table.loc[table["Average silhouette"].idxmax()]
    if len(table) == 1:
        return f"The silhouette of the segment is {best['Average silhouette']:.2f} on average"
    return (f"{best['Segment']} is set apart best ({best['Average silhouette']:.2f}), "
            f"{worst['Segment']} least ({worst['Average silhouette']:.2f})")  # fmt: skip
