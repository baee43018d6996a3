"""Autoencoder + K-means: a network compresses each customer to a few numbers, K-means groups those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from core.algorithms import kmeans
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.network import ACTIVATIONS, BLOCK, TRAIN_ROWS, WIDEST, Shape, encode, train, width
from core.algorithms.rows import distinct_rows, sample_rows, segment_grid
from core.errors import BadRequest
from core.memo import Kept
from core.model import Feature
from core.params import Choice, Whole, check_params

SILHOUETTE_ROWS = 2_000
SHOWN = {"tanh": "S-curve, -1 to 1 (tanh)", "relu": "Ramp (ReLU)", "logistic": "S-curve, 0 to 1 (logistic)"}


def learn(
    values: np.ndarray,
    *,
    seed: int,
    features: tuple[Feature, ...] | None = None,
    fixed: Mapping[str, Any] | None = None,
) -> Kept:
    """One network (see :func:`core.algorithms.network.train`) and the ``codes`` (n, bottleneck) of every row."""
    given = check_params(AUTOENCODER.params, dict(fixed or {}))
    shape = Shape(**{name: value for name, value in given.items() if name != "n_segments"})
    found = train(values, shape, seed=seed)
    return Kept({**found.arrays, "codes": encode(found.arrays, values)}, found.facts)


def fit(values: np.ndarray, *, n_segments: int, seed: int, shared: Kept | None = None, **shape: Any) -> Fitted:
    """K-means on the codes; the network is trained here unless it comes as ``shared``.

    ``shape`` are the fields of :class:`core.algorithms.network.Shape`. Fewer
    groups come back where fewer codes differ; where all codes are equal,
    :class:`BadRequest` says so.
    """
    made = shared if shared is not None else learn(values, seed=seed, fixed=shape)
    codes = made.arrays["codes"].astype(np.float64)
    groups = min(n_segments, distinct_rows(codes, n_segments))
    if groups < 2:
        raise BadRequest("The network gives every customer the same code.", "Choose other columns, or K-means.")
    found = kmeans.fit(codes, n_segments=groups, seed=seed)
    model = {name: part for name, part in made.arrays.items() if name != "codes"} | dict(found.model)
    facts, losses = made.facts, made.facts["losses"]
    return Fitted(
        raw_labels=found.raw_labels,
        model=model,
        notes=(*facts["notes"], *found.notes),
        facts={
            "bottleneck": codes.shape[1],
            "kept_round": facts["kept_round"],
            "reconstruction_error": facts["reconstruction_error"],
            **_separation(codes, found.raw_labels, seed),
        },
        curves={"train_loss": tuple(losses["train"]), "validation_loss": tuple(losses["validation"])},
    )


def _separation(codes: np.ndarray, labels: np.ndarray, seed: int) -> dict[str, float]:
    """Mean silhouette among the codes of at most 2,000 sampled rows, where it is defined.

    It judges the space that the network made, so it is shown apart and never ranked.
    """
    from sklearn.metrics import silhouette_score

    rows = sample_rows(len(codes), SILHOUETTE_ROWS, seed)
    if not 2 <= len(np.unique(labels[rows])) < len(rows):
        return {}
    return {"latent_silhouette": float(silhouette_score(codes[rows], labels[rows]))}


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """Encode, then the nearest centre."""
    return kmeans.place(model, encode(model, values).astype(np.float64))


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows, middle, units = min(n_rows, TRAIN_ROWS), width(n_features, 0), min(4 * n_features, WIDEST)
    training = 0.3 + (3.5e-5 + 2.4e-6 * n_features) * rows
    grouping = kmeans.cost(n_rows, middle, candidates=candidates).seconds
    seconds = training + 2e-8 * units * n_rows + grouping
    peak = 8.0 * min(n_rows, SILHOUETTE_ROWS) ** 2 + 12.0 * min(n_rows, BLOCK) * units + (12 * middle + 9.0) * n_rows
    method = "" if rows == n_rows else f"network trained on {rows:,} sampled customers"
    return Cost(seconds=seconds, bytes=peak, rows=rows, method=method)


AUTOENCODER = Algorithm(
    name="autoencoder",
    label="Autoencoder + K-means",
    summary="A small network (autoencoder) compresses each customer to a few numbers; K-means groups those.",
    assumes="Customers vary along a few curved directions; once these are straightened, segments are round.",
    params=(
        Whole("n_segments", "Number of segments", default=4, low=2, high=30),
        Whole(
            "depth",
            "Layers on each side (depth)",
            default=1,
            low=1,
            high=3,
            help="More bend more, and need more customers.",
        ),
        Whole(
            "bottleneck",
            "Numbers per customer (bottleneck)",
            default=0,
            low=0,
            high=64,
            help="Fewer compress harder; 0 takes half the columns, 2 to 8. Always fewer than there are columns.",
        ),
        Choice(
            "activation",
            "Bend of a unit (activation)",
            default="tanh",
            options=tuple((name, SHOWN[name]) for name in ACTIVATIONS),
            help="How a unit answers to what it receives.",
        ),
        Choice(
            "stopping",
            "Stop when nothing improves (early stopping)",
            default="on",
            options=(("on", "On"), ("off", "Off")),
            help="Off trains all rounds; the round that does best on held-out customers is kept either way.",
        ),
        Whole(
            "patience",
            "Patience",
            default=10,
            low=1,
            high=1000,
            help="Rounds without progress (0.5 %) on held-out customers before training stops.",
        ),
        Whole("rounds", "Rounds at most (epochs)", default=100, low=1, high=2000, help="Times each customer is seen."),
    ),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Many related columns whose relations bend.",
    bad_at="Few customers or few columns: there is little to compress. Distances among codes are hard to explain.",
    reference="Hinton & Salakhutdinov (2006), doi:10.1126/science.1127647; Kingma & Ba (2015), arXiv:1412.6980",
    shared=learn,
    in_default=True,
)
