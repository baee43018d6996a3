"""Ways to judge segments. To add one: an entry in a file here, and its name in the line below."""

import numpy as np

from core.catalogue import Catalogue
from core.metrics.coverage import SHARE_PLACED, SMALLEST_SEGMENT
from core.metrics.dispersion import CALINSKI_HARABASZ, DAVIES_BOULDIN, INERTIA
from core.metrics.entry import Labelings, Metric
from core.metrics.silhouette import SILHOUETTE
from core.model import Score

METRICS: Catalogue[Metric] = Catalogue(
    "metric", SILHOUETTE, CALINSKI_HARABASZ, DAVIES_BOULDIN, INERTIA, SHARE_PLACED, SMALLEST_SEGMENT
)


def score_all(
    values: np.ndarray, labelings: Labelings, seed: int, *, centred: frozenset[str] = frozenset()
) -> dict[str, tuple[Score, ...]]:
    """Every metric for every labeling (n,) of the same rows ``values`` (n, d), in catalogue order.

    ``centred`` names the labelings for which inertia means something.
    """
    found = [metric.score(values, labelings, seed=seed, centred=centred) for metric in METRICS.values()]
    return {key: tuple(scores[key] for scores in found) for key in labelings}


__all__ = ["METRICS", "Metric", "score_all"]
