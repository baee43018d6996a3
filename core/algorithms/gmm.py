"""Gaussian mixture: every customer belongs to the bell-shaped cloud most likely to have produced it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.rows import sample_note, sample_rows, segment_grid
from core.errors import BadRequest
from core.params import Whole

FIT_ROWS = 50_000
LEAST_ROWS = 5_000
FIT_CELLS = 20_000_000  # a round costs rows x columns squared: from 20 columns on fewer rows are fitted
MANY_ROWS = 5_000
BLOCK = 20_000
FLOORS = (1e-5, 1e-3, 1e-1)  # smallest variance of a cloud, with every column scaled to variance 1


def fit(values: np.ndarray, *, n_segments: int, seed: int) -> Fitted:
    """Full covariances by expectation maximisation; on a seeded sample beyond 50,000 rows, all placed."""
    affordable = int(np.clip(FIT_CELLS // values.shape[1] ** 2, LEAST_ROWS, FIT_ROWS))
    chosen = sample_rows(len(values), affordable, seed)
    shift, spread = values.mean(axis=0), values.std(axis=0)
    spread[spread == 0] = 1.0
    found = _mixture((values[chosen] - shift) / spread, n_segments, seed)
    model = {
        "shift": shift,
        "spread": spread,
        "log_weights": np.log(found.weights_),
        "means": found.means_,
        "factors": found.precisions_cholesky_,
    }
    notes = sample_note(len(chosen), len(values))
    if not found.converged_:
        notes += (f"The clouds had not quite settled after {found.n_iter_} rounds.",)
    return Fitted(raw_labels=place(model, values), model=model, notes=notes)


def _mixture(values: np.ndarray, n_segments: int, seed: int):
    """The fitted mixture; the variance floor rises when a cloud collapses onto a few equal rows."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.mixture import GaussianMixture

    starts = 5 if len(values) <= MANY_ROWS else 1
    for floor in FLOORS:
        mixture = GaussianMixture(
            n_segments, covariance_type="full", reg_covar=floor, n_init=starts, max_iter=200, random_state=seed
        )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)  # told as a note from converged_
                return mixture.fit(values)
        except ValueError as problem:
            if "ill-defined" not in str(problem):
                raise
    raise BadRequest("The customers are too alike for clouds of their own.", "Ask for fewer segments or use K-means.")


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The cloud with the highest posterior probability, computed in blocks of rows."""
    raw = np.empty(len(values), dtype=np.intp)
    for start in range(0, len(values), BLOCK):
        block = (values[start : start + BLOCK] - model["shift"]) / model["spread"]
        raw[start : start + BLOCK] = _log_posterior(model, block).argmax(axis=1)
    return raw


def _log_posterior(model: Mapping[str, np.ndarray], block: np.ndarray) -> np.ndarray:
    """(n, k) log weight + log density, up to a constant common to all clouds."""
    out = np.empty((len(block), len(model["means"])))
    for cloud, (mean, factor) in enumerate(zip(model["means"], model["factors"], strict=True)):
        whitened = (block - mean) @ factor
        volume = np.log(np.diagonal(factor)).sum()
        out[:, cloud] = model["log_weights"][cloud] + volume - 0.5 * np.einsum("ij,ij->i", whitened, whitened)
    return out


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """Measured by ``tests/benchmarks/bench_estimates.py``."""
    rows = min(n_rows, FIT_ROWS)
    return Cost(seconds=1e-7 * rows * n_features**2 * candidates, bytes=30.0 * rows * n_features, rows=rows)


GMM = Algorithm(
    name="gmm",
    label="Gaussian mixture",
    summary="Oval segments of any size and tilt. Places every customer.",
    assumes="Each segment is an oval cloud, denser towards its middle; clouds may overlap.",
    params=(Whole("n_segments", "Number of segments", default=4, low=2, high=30),),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Segments of different width, or stretched along a direction.",
    bad_at="Yes/no columns and few customers: clouds then shrink onto single values.",
    reference="Dempster, Laird & Rubin (1977), doi:10.1111/j.2517-6161.1977.tb01600.x",
    in_default=True,
)
