"""What algorithms see and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

NOISE = -1


@dataclass(frozen=True)
class Feature:
    """One column of the matrix: ``name`` as shown, ``column`` it comes from, ``level`` for a one-hot column."""

    name: str
    column: str
    level: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Dropped:
    """A column that is not in the matrix, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Matrix:
    """What the algorithms see: finite float64, read-only.

    ``values`` (n_fit, n_features) at table positions ``rows``, in an order that
    depends on the content of the rows alone; ``aside_values``
    (n_aside, n_features) at ``aside_rows`` are kept out of the fit (``aside_reasons``)
    but are placed afterwards. ``outlier`` (n_table,) marks customers beyond the
    fences of any feature column. ``filled`` counts cells filled per column.
    """

    values: np.ndarray
    rows: np.ndarray
    features: tuple[Feature, ...]
    aside_values: np.ndarray
    aside_rows: np.ndarray
    aside_reasons: tuple[str, ...]
    outlier: np.ndarray
    dropped: tuple[Dropped, ...] = ()
    filled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Clustering:
    """One labeling of the fitted rows: labels (n_fit,) in 1..k (largest first) or NOISE.

    ``model`` holds the plain arrays that the algorithm's ``place`` needs;
    ``segment_of`` (n_raw,) maps its raw group numbers to segments.
    """

    labels: np.ndarray
    model: Mapping[str, np.ndarray]
    segment_of: np.ndarray

    @property
    def n_segments(self) -> int:
        return int(self.labels.max(initial=0))
