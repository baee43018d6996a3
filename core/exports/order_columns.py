"""Segment profiles as they are exported: with what the segments bought where customers were made of order lines."""

from __future__ import annotations

import pandas as pd

from core.exports.entry import Segmentation


def exported_profile(segmentation: Segmentation) -> pd.DataFrame:
    """The profile, a row per segment and column; to the right the facts of ``segmentation.orders`` about the segment.

    Without those facts, or in a run stored before there were any, it is the profile alone.
    """
    profile, orders = segmentation.profile, segmentation.orders
    if orders.empty:
        return profile
    return profile.merge(orders.drop(columns="customers"), how="left", on="segment", validate="many_to_one")
