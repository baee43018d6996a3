"""Orange's k-means with silhouettes over several k. Runs in Orange's own environment, started by ``bench_peers.py``."""

from __future__ import annotations

import measure
import numpy as np

EXACT, RANDOM = 5_000, 0  # as the widget: beyond 5,000 customers the silhouette is of that many, drawn


def main_part(values: str, labels: str, low: int, high: int) -> dict:
    """What the k-Means widget does for a range of k with its default settings (10 starts, 300 rounds)."""
    import Orange
    from Orange.clustering.kmeans import KMeans
    from Orange.data import Table
    from sklearn.metrics import silhouette_samples, silhouette_score

    table = Table.from_numpy(None, np.load(values, allow_pickle=False))

    def one(k: int) -> tuple[np.ndarray, float]:
        found = KMeans(n_clusters=k, init="k-means++", n_init=10, max_iter=300, random_state=RANDOM, preprocessors=[])
        found = found.get_model(table).labels
        if len(table) <= EXACT:
            return found, float(silhouette_samples(table.X, found).mean())
        return found, float(silhouette_score(table.X, found, sample_size=EXACT, random_state=RANDOM))

    made, seconds = measure.timed(lambda: {k: one(k) for k in range(low, high + 1)})
    np.savez(labels, **{f"kmeans-{k}": found for k, (found, _) in made.items()})
    told = {f"kmeans-{k}": value for k, (_, value) in made.items()}
    return {"seconds": seconds, "version": Orange.__version__, "told": told}


if __name__ == "__main__":
    measure.begin(None, main_part)
