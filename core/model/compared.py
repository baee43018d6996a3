"""One segmentation against a later one, and a campaign against its control group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

FATES = ("same", "new", "split", "merged", "retired")
DRIFTS = ("keep", "watch", "refit")


@dataclass(frozen=True)
class Migration:
    """Which segments of before are which of now, and who went where.

    ``by`` ids (``shared`` customers are in both files, known by column ``key``) or centres (nobody can be followed).
    ``matched`` now-segment by before-segment, at a likeness of at least 0.5.

    ``fates``: side (before, now), segment, name, customers, fate (one of FATES; only segments of before are retired, only
    those of now are new), other (segment of the other side, 0 where none), parts (all such segments as text), likeness (0..1), told; see
    :mod:`core.lineage.fates`.
    ``flows``: before, now (segments; NOISE for not placed, 0 for not in that file), customers, revenue_before, revenue_now (NaN
    without a column of money); sums by side equal those of the file.
    ``drift``: column, psi (population stability index), verdict (one of DRIFTS), told. ``verdict`` and ``reason`` are
    those of everything together: columns, the share ``unlike`` anyone seen before, the shares near a ``border`` before and
    now (0..1, -1 where nobody measured them).

    ``names``, ``colours`` and ``descriptions`` are those of before, by now-segment, for the matched. ``unit`` is that of
    column ``money``. ``notes`` say who could not be followed and why.

    ``placed_before`` (n_before,) and ``placed_now`` (n_now,) int16 are the segments of all rows, ``partner`` (n_now,) int32
    the row of before that is the same customer, -1 where there is none: who is in a cell of ``flows``.
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
    unit: str = ""
    border: tuple[float, float] = (-1.0, -1.0)
    notes: tuple[str, ...] = ()
    placed_before: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int16))
    placed_now: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int16))
    partner: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))


@dataclass(frozen=True)
class Uplift:
    """What a campaign brought, by segment and for all (segment 0).

    ``frame``: segment, segment_name, treated, control (customers), rate_treated, rate_control (0..1), uplift (difference),
    low, high (95 % interval, Newcombe 1998), detectable (the smallest difference that 80 % of such campaigns would show), told.
    ``outcome`` is the column read, ``notes`` what was left out. ``kind`` is rate or amount: of an amount the rates are
    means in ``unit``, and intervals are Student's with one spread.
    """

    frame: pd.DataFrame
    outcome: str
    notes: tuple[str, ...] = ()
    kind: str = "rate"
    unit: str = ""
