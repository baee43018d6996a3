"""What an explainer is: an entry of data with one function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from core.model import no_rows


@dataclass(frozen=True)
class Explainer:
    """``explain(frame, labels, seed, report) -> Findings``: which columns of ``frame`` separate the segments."""

    name: str
    label: str
    summary: str
    explain: Callable[..., Findings]
    reference: str


@dataclass(frozen=True)
class Findings:
    """``frame`` (column, importance, low, high; falling), the surrogate's balanced ``accuracy`` on ``rows``
    held-out rows (0..1), and ``because`` the frame should not be read ("" when it may);
    ``notes`` say what was left out. ``groups`` and ``segments`` as in :class:`core.model.Explanation`."""

    frame: pd.DataFrame
    accuracy: float
    rows: int
    because: str = ""
    notes: tuple[str, ...] = ()
    groups: pd.DataFrame = field(default_factory=no_rows)
    segments: pd.DataFrame = field(default_factory=no_rows)
