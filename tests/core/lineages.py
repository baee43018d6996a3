"""Files of customers with known blobs, segmented by hand or by scikit-learn, as the pipeline hands them to ``migrate``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from core import pipeline, prepare
from core.model import NOISE, Candidate, Comparison, Plan, Recipe

CORNERS = np.array([(0.0, 0.0), (20.0, 0.0), (0.0, 20.0), (20.0, 20.0), (40.0, 10.0)])


def people(counts, *, seed=0, first=1, prefix="C"):
    """Customers with an id, two columns that shape segments and what they spend in cents; and the blob of each."""
    random = np.random.default_rng(seed)
    blob = np.repeat(np.arange(len(counts)), counts)
    points = CORNERS[blob] + random.normal(0, 1.5, (len(blob), 2))
    frame = pd.DataFrame({"customer_id": [f"{prefix}{first + i:05d}" for i in range(len(blob))], "visits": points[:, 0].round(4),
                          "basket": points[:, 1].round(4), "revenue": random.integers(0, 100_000, len(blob)) / 100})  # fmt: skip
    return frame, blob


def loaded(frame, folder: Path, name="customers.csv"):
    path = folder / name
    frame.to_csv(path, index=False)
    return pipeline.load(path, name, {})


def whole(frame, labels, folder, *, names=None, recipe=None, name="customers.csv", **changes):
    """(table, comparison, segmentation) with these labels over the rows of ``frame``."""
    table, labels = loaded(frame, folder, name), np.asarray(labels, dtype=np.int16)
    recipe = recipe or Recipe(roles={"revenue": "profile"} if "revenue" in frame else {})
    sizes = {int(s): int((labels == s).sum()) for s in np.unique(labels)}
    called = names or {s: f"Group {s}" for s in sizes if s != NOISE}
    one = Candidate("kmeans-4", "kmeans", "K-means", {}, labels, sizes, called, (), 1.0)
    comparison = Comparison(
        table.fingerprint, Plan(recipe=recipe), prepare.prepare(table, recipe).features, (), (one,),
        np.zeros((len(table), 2), np.float32), (0.5, 0.5), np.zeros(len(table), bool), {}, pd.DataFrame(), "kmeans-4", "", True,
    )  # fmt: skip
    return table, comparison, replace(comparison.choose("kmeans-4"), **changes)


def refit(frame, k, *, seed):
    """Labels 1..k of K-means by scikit-learn, numbered at random."""
    from sklearn.cluster import KMeans

    found = KMeans(k, n_init=10, random_state=seed).fit_predict(frame[["visits", "basket"]].to_numpy())
    return (np.random.default_rng(seed + 1000).permutation(k) + 1)[found].astype(np.int16)
