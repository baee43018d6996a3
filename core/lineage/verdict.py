"""Whether the earlier segmentation can be kept for the later customers, by one stated rule."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

UNLIKE, MANY_UNLIKE = 0.02, 0.05
NEARER = 0.05
ELSEWHERE = 0.10
MOVED = 0.005
RULE = (
    "Refit where a column is gone, where at least a quarter of the columns have an index of 0.25 or more, or where 5% of the "
    "customers are unlike anyone seen before. Watch where any column has 0.10 or more, where 2% are unlike anyone, where 5 of "
    "100 customers more than before lie near a border, or where a tenth of the customers, of now or of before, are in segments "
    "without a counterpart. Else keep."
)
"""The rule in words; 0.5% of the customers of before are unlike anyone by construction."""


@dataclass(frozen=True)
class Signs:
    """What the rule looks at: ``drift`` as of :func:`core.lineage.drift.drift`; shares (0..1) of the customers of now that are
    ``unlike`` anyone seen before, near a ``border`` before and now, and in segments without a counterpart (``elsewhere``), and
    of those of before who were in segments that have none now (``lost``); -1 where nobody measured them. ``moved`` (0..1) of the customers in both files are in another segment; it decides nothing."""

    drift: pd.DataFrame
    unlike: float = -1.0
    border: tuple[float, float] = (-1.0, -1.0)
    elsewhere: float = -1.0
    lost: float = -1.0
    moved: float = -1.0


def verdict(signs: Signs) -> tuple[str, str]:
    """keep, watch or refit, and why in one sentence, the strongest sign first."""
    drifted = signs.drift
    gone = drifted.loc[drifted["psi"].isna(), "column"].tolist()
    far = drifted.loc[drifted["verdict"] == "refit", "column"].tolist()
    some = drifted.loc[drifted["verdict"] != "keep", "column"].tolist()
    if gone:
        return "refit", f"{_names(gone)} shaped the segments and cannot be compared with the later file."
    if far and len(far) * 4 >= len(drifted):
        return "refit", f"{len(far)} of {len(drifted)} columns that shape the segments are spread otherwise now: {_names(far)}."
    if signs.unlike >= MANY_UNLIKE:
        return "refit", f"{signs.unlike:.1%} of the customers are unlike anyone seen before; 0.5% were."
    if some:
        return "watch", f"{len(some)} of {len(drifted)} columns that shape the segments have shifted: {_names(some)}."
    if signs.unlike >= UNLIKE:
        return "watch", f"{signs.unlike:.1%} of the customers are unlike anyone seen before; 0.5% were."
    if signs.border[0] >= 0 and signs.border[1] - signs.border[0] >= NEARER:
        return "watch", f"{signs.border[1]:.0%} of the customers lie near a border between segments; {signs.border[0]:.0%} did."
    if signs.elsewhere >= ELSEWHERE:
        return "watch", f"{signs.elsewhere:.0%} of the customers are in segments that have no counterpart before, though the columns are spread as they were."
    if signs.lost >= ELSEWHERE:
        return "watch", f"{signs.lost:.0%} of the customers of before were in segments that have no counterpart now, though the columns are spread as they were."
    return "keep", f"The columns that shape the segments are spread as they were, and {_found(signs)}{_moved(signs)}."


def _found(signs: Signs) -> str:
    missing = max(signs.elsewhere, signs.lost)
    return "the segments are found again" if missing <= 0 else f"all segments are found again but those of {missing:.1%} of the customers"


def _moved(signs: Signs) -> str:
    return f"; {signs.moved:.0%} of the customers in both files have changed segment" if signs.moved >= MOVED else ""


def _names(columns: list[str]) -> str:
    shown = ", ".join(columns[:3])
    return shown if len(columns) <= 3 else f"{shown} and {len(columns) - 3} more"
