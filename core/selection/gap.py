"""The gap statistic: how much tighter segments are than in data without any."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.selection.many import many_kmeans

REFERENCES = 20
STARTS = 4


def gap_curve(sample: np.ndarray, highest: int, *, seed: int) -> pd.DataFrame:
    """Columns k (1 to ``highest``), gap and error, for K-means on the rows ``sample`` (n, d).

    The gap is the mean log spread of 20 data sets drawn uniformly from the box
    along the principal components, less the log spread of the sample; error is
    their standard deviation times sqrt(1 + 1/20). Fewer k where fewer rows
    differ, none where the spread falls to nothing.
    Source: Tibshirani, Walther & Hastie (2001), doi:10.1111/1467-9868.00293.
    """
    centred = sample - sample.mean(axis=0)
    turn = np.linalg.svd(centred, full_matrices=False)[2]
    turned = centred @ turn.T
    random = np.random.default_rng(seed)
    boxes = random.uniform(turned.min(axis=0), turned.max(axis=0), (REFERENCES, *turned.shape))
    rows = []
    for k in range(1, min(highest, len(np.unique(sample, axis=0)) - 1) + 1):
        inertia = many_kmeans(np.concatenate([turned[None], boxes]), k, seed=seed, starts=STARTS)[1]
        if inertia.min() <= 0:
            break
        spread = np.log(inertia)
        error = spread[1:].std() * np.sqrt(1 + 1 / REFERENCES)
        rows.append((k, float(spread[1:].mean() - spread[0]), float(error)))
    return pd.DataFrame(rows, columns=["k", "gap", "error"])
