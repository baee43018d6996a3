"""Evidence made by hand for the comparison of :mod:`tests.dashboard.made`: every kind of frame, small enough to check.

The tree has three branches of 6, 4 and 2 customers: the two smaller merge at height 1, all at height 3.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Candidate
from core.selection.evidence import agreement

KNEE = 0.75
WIDTH_ROWS = (0, 2, 6, 7, 10)


def evidence(candidates: tuple[Candidate, ...]) -> dict[str, pd.DataFrame]:
    """What core.selection.evidence documents and the profiles' contrasts, for candidates that have segments."""
    whole = [one for one in candidates if not one.problem]
    return {
        "votes": votes(),
        "gap": pd.DataFrame({"k": [2, 3, 4], "gap": [0.2, 0.5, 0.45], "error": [0.02, 0.03, 0.03]}),
        "widths": widths(whole),
        "agreement": agreement({one.key: one.labels for one in whole}),
        "tree": tree(),
        "reach": pd.DataFrame({"share": [0.25, 0.5, 0.75, 1.0], "distance": [0.1, 0.25, KNEE, 2.0], "knee": KNEE}),
        "contrasts": contrasts(whole),
    }


def votes() -> pd.DataFrame:
    """The bend votes for 3, the gap for 3, the silhouette for 2; the tree does not vote."""
    rows = [
        ("bend", "Bend of the spread", 3.0, "after 3 segments more gain little"),
        ("silhouette", "Separation", 2.0, "it is highest there"),
        ("gap", "Gap statistic", 3.0, "the smallest within one error"),
        ("tree", "Largest jump in the tree", np.nan, "no jump stands out"),
    ]
    return pd.DataFrame(rows, columns=["criterion", "label", "k", "because"])


def tree() -> pd.DataFrame:
    rows = [(1, 2, 1.0, 4, 2), (0, 3, 3.0, 6, 6)]
    return pd.DataFrame(rows, columns=["left", "right", "height", "left_size", "right_size"])


def widths(candidates: list[Candidate]) -> pd.DataFrame:
    """Five of the twelve customers; no value where a candidate does not place one, and one below zero."""
    rows = np.array(WIDTH_ROWS)
    value = np.array([0.8, 0.6, 0.4, -0.2, 0.1], dtype=np.float32)
    columns = {one.key: np.where(one.labels[rows] > 0, value, np.float32(np.nan)) for one in candidates}
    return pd.DataFrame({"row": rows, **columns})


def contrasts(candidates: list[Candidate]) -> pd.DataFrame:
    """Age and income in standard deviations from everyone, rising with the number of the segment."""
    rows = [
        (one.key, segment, name, column, 0.5 * segment - 1)
        for one in candidates
        for segment, name in one.names.items()
        for column in ("age", "income")
    ]
    return pd.DataFrame(rows, columns=["candidate", "segment", "name", "column", "difference"])
