"""One segmentation against a later one, and a campaign against its control group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

FATES = ("same", "new", "split", "merged", "retired")
DRIFTS = ("keep", "watch", "refit")


@dataclass(frozen=True)
class Migration:
    """Which segments of before are which of now, and who went where.

    ``by`` ids (``shared`` customers are in both files, known by column ``key``) or centres (nobody can be followed).
    ``matched`` now-segment by before-segment, at a likeness of at least 0.5.

    ``fates``: side (before, now), segment, name, fate (one of FATES; retired and the merged are told of before, new and the
    split of now, same of both), other (segment of the other side, 0 where none), likeness (0..1), told.
    ``flows``: before, now (segments; NOISE for not placed, 0 for not in that file), customers, revenue_before, revenue_now (NaN
    without a column of money); sums by side equal those of the file.
    ``drift``: column, psi (population stability index), verdict (one of DRIFTS), told. ``verdict`` and ``reason`` are
    those of everything together: columns, the share ``unlike`` anyone seen before, the share near a border.

    ``names``, ``colours`` and ``descriptions`` are those of before, by now-segment, for the matched.
    """

    by: str
    key: str
    shared: int
    matched: Mapping[int, int]
    fates: pd.DataFrame
    flows: pd.DataFrame
    drift: pd.DataFrame
    verdict: str
    reason: str
    unlike: float
    names: Mapping[int, str]
    colours: Mapping[int, int]
    descriptions: Mapping[int, str]
    money: str = ""


@dataclass(frozen=True)
class Uplift:
    """What a campaign brought, by segment and for all (segment 0).

    ``frame``: segment, segment_name, treated, control (customers), rate_treated, rate_control (0..1), uplift (difference),
    low, high (95 % interval, Newcombe 1998), detectable (the smallest difference that 80 % of such campaigns would show), told.
    ``outcome`` is the column read, ``notes`` what was left out.
    """

    frame: pd.DataFrame
    outcome: str
    notes: tuple[str, ...] = ()
