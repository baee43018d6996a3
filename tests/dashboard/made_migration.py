"""A migration made by hand: segment 1 stays, 2 splits into 2 and 3, 3 retires; one is lost, one is new."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from core.lineage import Fate, Side, flows, told
from core.lineage.drift import COLUMNS
from core.model import Migration
from dashboard.figures.migration_flows import Ends
from tests.dashboard import made

BEFORE = np.array([1] * 4 + [2] * 6 + [3] * 2, dtype=np.int16)
NOW = np.array([1] * 4 + [2] * 3 + [3] * 3 + [-1] + [1], dtype=np.int16)
PARTNER = np.array([*range(10), 10, -1], dtype=np.int32)
NAMES = {1: "Loyal", 2: "Bargain", 3: "Rare"}, {1: "Group 1", 2: "Group 2", 3: "Group 3"}
ENDS = Ends(NAMES)


def migration(**changes: Any) -> Migration:
    """Money is 100.00 for everyone before, 50.25 now."""
    sides = [Side((1, 2, 3), names, {s: int((labels == s).sum()) for s in (1, 2, 3)}) for names, labels in zip(NAMES, (BEFORE, NOW), strict=True)]
    fates = [Fate("before", 0, "same", (0,)), Fate("before", 1, "split", (1, 2)), Fate("before", 2, "retired"),
             Fate("now", 0, "same", (0,)), Fate("now", 1, "split", (1,)), Fate("now", 2, "split", (1,))]  # fmt: skip
    drift = pd.DataFrame([("income", 0.31, 0.05, "refit", "8% were above 4,000 before, 30% are now."), ("age", 0.02, 0.05, "keep", "As before.")], columns=list(COLUMNS))
    parts = {
        "by": "ids", "key": "customer", "shared": 11, "matched": {1: 1}, "money": "income", "unit": "EUR",
        "fates": told(fates, *sides, likeness=lambda i, j: 0.8, by="ids"),
        "flows": flows(BEFORE, NOW, PARTNER, money=(np.full(12, 100.0), np.full(12, 50.25))),
        "drift": drift, "verdict": "refit", "reason": "1 of 2 columns that shape the segments is spread otherwise.", "unlike": 0.03,
        "border": (0.1, 0.12), "names": {1: "Loyal"}, "colours": {1: 1}, "descriptions": {}, "notes": ("2 ids stand twice.",),
        "placed_before": BEFORE, "placed_now": NOW, "partner": PARTNER,
    }  # fmt: skip
    return Migration(**{**parts, **changes})


def hostile() -> Ends:
    """Names that would be markup, links and templates."""
    return Ends(({s: made.HOSTILE for s in NAMES[0]}, {s: made.HOSTILE for s in NAMES[1]}))


__all__ = ["BEFORE", "ENDS", "NAMES", "NOW", "PARTNER", "hostile", "migration"]
