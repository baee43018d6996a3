"""The list of a campaign: every customer of a segment with the group drawn for them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from core.campaigns import GROUPS, control_group, detectable_rate, identities
from core.exports.labelled import labelled
from core.model import NOISE, Segmentation, Table

GROUP = "group"


def campaign_list(table: Table, segmentation: Segmentation, *, share: float, seed: int) -> pd.DataFrame:
    """The rows of :func:`core.exports.labelled.labelled` that are in a segment, then ``group``: treated or control."""
    labels = segmentation.candidate.labels
    control = control_group(identities(table), labels, share=share, seed=seed)
    frame = labelled(table, segmentation)
    name, turn = GROUP, 1
    while name.casefold() in {str(one).casefold() for one in frame.columns}:
        turn += 1
        name = f"{GROUP}_{turn}"
    frame[name] = np.where(control, GROUPS[1], GROUPS[0]).astype(object)
    return frame[labels != NOISE].reset_index(drop=True)


def promised(segmentation: Segmentation, *, share: float, base: float) -> pd.DataFrame:
    """A row per segment, everyone (0) first: segment, segment_name, treated, control, and the smallest uplift
    (``detectable``, 0..1) that a campaign of this size shows in four of five cases where ``base`` (0..1) buy anyway.

    Sizes are those of customers who differ; :func:`campaign_list` treats rows of the same customer alike.
    """
    sizes = {int(one): int(size) for one, size in segmentation.candidate.sizes.items() if one != NOISE}
    alone = {one: max(int(size * share + 0.5), 1 if size > 1 else 0) for one, size in sizes.items()}
    names = segmentation.candidate.names
    rows = [(0, "Everyone", sum(sizes.values()) - sum(alone.values()), sum(alone.values()))]
    rows += [(one, names.get(one, f"Segment {one}"), sizes[one] - alone[one], alone[one]) for one in sorted(sizes)]
    frame = pd.DataFrame(rows, columns=["segment", "segment_name", "treated", "control"])
    found = [detectable_rate(base, treated, control) if control else math.nan for *_, treated, control in rows]
    return frame.assign(detectable=found)
