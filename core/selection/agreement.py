"""How far two segmentations of the same customers agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.selection.stability import rand_index


@dataclass(frozen=True)
class Agreement:
    """``rand`` is the adjusted Rand index (-1..1), ``information`` adjusted mutual information (at most 1): of both, 1 is
    the same segments and 0 what chance gives."""

    rand: float
    information: float


def agreement(first: np.ndarray, second: np.ndarray) -> Agreement:
    """The agreement of two labelings (n,) of the same rows; unplaced customers form a group.

    Source: Hubert & Arabie (1985), doi:10.1007/BF01908075; Vinh, Epps & Bailey (2010), JMLR 11:2837-2854 (mutual
    information less what chance gives, over the mean of both entropies).
    """
    from sklearn.metrics import adjusted_mutual_info_score

    return Agreement(rand_index(first, second), float(adjusted_mutual_info_score(first, second)))
