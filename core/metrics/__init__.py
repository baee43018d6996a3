"""Ways to judge segments. To add one: an entry in a file here, and its name in the line below."""

import numpy as np

from core.catalogue import Catalogue
from core.metrics.coverage import LARGEST_SEGMENT, SHARE_PLACED, SMALLEST_SEGMENT
from core.metrics.dispersion import CALINSKI_HARABASZ, DAVIES_BOULDIN, INERTIA
from core.metrics.entry import Labelings, Metric
from core.metrics.neighbours import NEIGHBOURS
from core.metrics.silhouette import SILHOUETTE, widths
from core.model import Score

METRICS: Catalogue[Metric] = Catalogue(
    "metric",
    SILHOUETTE,
    NEIGHBOURS,
    CALINSKI_HARABASZ,
    DAVIES_BOULDIN,
    INERTIA,
    SHARE_PLACED,
    LARGEST_SEGMENT,
    SMALLEST_SEGMENT,
)


def score_all(
    values: np.ndarray,
    labelings: Labelings,
    seed: int,
    *,
    centred: frozenset[str] = frozenset(),
    threads: int = 1,
) -> dict[str, tuple[Score, ...]]:
    """Every metric for every labeling (n,) of the same rows ``values`` (n, d), in catalogue order.

    ``centred`` names the labelings for which inertia means something; what a
    labeling scores depends neither on the other labelings nor on ``threads``.
    """
    found = [
        metric.score(values, labelings, seed=seed, centred=centred, threads=threads) for metric in METRICS.values()
    ]
    return {key: tuple(scores[key] for scores in found) for key in labelings}


__all__ = ["METRICS", "Metric", "score_all", "widths"]
