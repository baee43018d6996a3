"""Segment profiles as they are exported: with what the segments bought where customers were made of order lines."""

from __future__ import annotations

import pandas as pd

from core.exports.entry import Segmentation
from core.exports.told import segments


def exported_profile(segmentation: Segmentation) -> pd.DataFrame:
    """The profile, a row per segment and column; to the right the facts of ``segmentation.orders`` about the segment.

    Without those facts, or in a run stored before there were any, these are left away. Names are those a person gave;
    at the right end stand description, stability, trust and caution of :func:`core.exports.told.segments`.
    """
    profile, orders = segmentation.profile, segmentation.orders
    if not orders.empty:
        profile = profile.merge(orders.drop(columns="customers"), how="left", on="segment", validate="many_to_one")
    told = segments(segmentation)
    if "segment_name" in profile:
        given = profile["segment"].map(dict(zip(told["segment"], told["segment_name"], strict=True)))
        profile = profile.assign(segment_name=given.where(given.notna(), profile["segment_name"]))
    more = told[["segment", "description", "stability", "trust", "caution"]]
    return profile.merge(more, how="left", on="segment", validate="many_to_one")
