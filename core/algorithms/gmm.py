"""Gaussian mixture: every customer belongs to the bell-shaped cloud most likely to have produced it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.algorithms.entry import Algorithm, Cost, Fitted
from core.algorithms.lloyd import best_of
from core.algorithms.mixture import SHAPES, Mixture, from_groups, likeliest, n_parameters, settle
from core.algorithms.rows import blocks, nearest, sample_note, sample_rows, segment_grid, tame
from core.errors import BadRequest
from core.params import Choice, Whole

FIT_ROWS = 50_000
LEAST_ROWS = 5_000
FIT_CELLS = 20_000_000  # a round costs rows x columns squared: from 20 columns on fewer rows are fitted
SEARCH_ROWS = 2_000
SEARCH_ROWS_EACH = 100  # per cloud
FEW_ROWS = 5_000
GAIN = 1e-3  # in mean log likelihood: what a start must gain to go on, or to beat another
FINAL_GAIN = 3e-4
FLOORS = (1e-5, 1e-3, 1e-1)  # smallest variance of a cloud, with every column scaled to variance 1
TILTED = 60  # columns from which on two thousand customers have too few rows for clouds with a tilt
SIMPLEST = ("spherical", "diag")
TOO_ALIKE = ("The customers are too alike for such clouds.", "Ask for fewer segments or use K-means.")
WORDS = {
    "spherical": "Round clouds, each of its own width (spherical)",
    "diag": "Oval clouds that lie along the columns (diagonal)",
    "tied": "Oval clouds of one common shape (tied)",
    "full": "Oval clouds, each of its own shape (full)",
}


def fit(values: np.ndarray, *, n_segments: int, seed: int, covariance: str = "auto") -> Fitted:
    """Expectation maximisation from K-means starts, on a seeded sample beyond 50,000 rows; all rows are placed.

    ``covariance`` "auto" takes the shape of cloud with the lowest BIC, the
    simpler of equals, among those with fewer free numbers than customers. Shape and start are found on a sample of 2,000 rows (100
    per cloud if that is more). ``facts``: ``bic`` and ``aic`` of the final
    mixture over the rows fitted, -2 log likelihood plus ln(rows) or 2 for every
    free number, in columns scaled to variance 1: comparable between fits on the
    same customers, lower is better.

    Source: Schwarz (1978), doi:10.1214/aos/1176344136; Akaike (1974), doi:10.1109/TAC.1974.1100705.
    """
    tamed, factor = tame(values)
    affordable = int(np.clip(FIT_CELLS // values.shape[1] ** 2, LEAST_ROWS, FIT_ROWS))
    fitted = tamed[sample_rows(len(values), affordable, seed)]
    shift, spread = fitted.mean(axis=0), fitted.std(axis=0)
    spread[spread == 0] = 1.0
    fitted = (fitted - shift) / spread
    sample = fitted[sample_rows(len(fitted), max(SEARCH_ROWS, SEARCH_ROWS_EACH * n_segments), seed)]
    more = 4 if len(fitted) <= FEW_ROWS else 1
    shape, floor, start = _search(sample, n_segments, seed=seed, covariance=covariance, more=more)
    found = _final(fitted, start, shape=shape, floor=floor)
    model = {"factor": np.array([factor]), "shift": shift, "spread": spread, **found.arrays()}
    notes = sample_note(len(fitted), len(values)) + _shape_note(covariance, shape, (len(sample), len(values)))
    if not found.settled:
        notes += ("The clouds had not quite settled after 200 rounds.",)
    facts = {name: criterion(found, len(fitted), shape, name) for name in ("bic", "aic")}
    return Fitted(raw_labels=place(model, values), model=model, notes=notes, facts=facts)


def criterion(found: Mixture, n_rows: int, shape: str, name: str) -> float:
    """BIC ("bic") or AIC ("aic") of a mixture fitted to ``n_rows`` rows; lower is better."""
    each = np.log(n_rows) if name == "bic" else 2.0
    return float(-2 * n_rows * found.likelihood + each * n_parameters(*found.means.shape, shape))


def _search(
    sample: np.ndarray, n_segments: int, *, seed: int, covariance: str, more: int
) -> tuple[str, float, Mixture]:
    """The shape of the clouds, the variance floor it needs, and the best of 1 + ``more`` starts."""
    first = nearest(best_of(sample, n_segments, starts=3, seed=seed), sample)
    best: tuple[float, str, float, Mixture] | None = None
    for shape in tried(sample, n_segments) if covariance == "auto" else (covariance,):
        for floor, found in _held_open(sample, first, shape):
            bic = criterion(found, len(sample), shape, "bic")
            if best is None or bic < best[0] - 1e-9 * abs(best[0]):
                best = bic, shape, floor, found
    if best is None:
        raise BadRequest(*TOO_ALIKE)
    _, shape, floor, found = best
    for other in range(1, more + 1):
        groups = nearest(best_of(sample, n_segments, starts=1, seed=(seed + other) % 2**32), sample)
        for same_floor, again in _held_open(sample, groups, shape):
            if same_floor == floor and again.likelihood > found.likelihood + GAIN:
                found = again
    return shape, floor, found


def tried(sample: np.ndarray, n_segments: int) -> list[str]:
    """The shapes with fewer free numbers than the sample has rows; the two simplest in any case."""
    free = {shape: n_parameters(n_segments, sample.shape[1], shape) for shape in SHAPES}
    return [shape for shape in SHAPES if shape in SIMPLEST or free[shape] < len(sample)]


def _held_open(sample: np.ndarray, groups: np.ndarray, shape: str) -> list[tuple[float, Mixture]]:
    """The mixture with the first variance floor that keeps its clouds from collapsing; none where no floor does."""
    for floor in FLOORS:
        try:
            start = from_groups(sample, groups, shape=shape, floor=floor)
            return [(floor, settle(sample, start, shape=shape, floor=floor, gain=GAIN))]
        except np.linalg.LinAlgError:
            continue
    return []


def _final(fitted: np.ndarray, start: Mixture, *, shape: str, floor: float) -> Mixture:
    """The start followed on all rows to be fitted; those may need a higher floor than the sample."""
    for higher in (floor, *FLOORS):
        try:
            return settle(fitted, start, shape=shape, floor=higher, gain=FINAL_GAIN)
        except np.linalg.LinAlgError:
            continue
    raise BadRequest(*TOO_ALIKE)


def _shape_note(covariance: str, shape: str, rows: tuple[int, int]) -> tuple[str, ...]:
    """What shape BIC chose, and on how many of all rows."""
    if covariance != "auto":
        return ()
    looked = "" if rows[0] == rows[1] else f", found on {rows[0]:,} customers"
    return (f"{WORDS[shape]} by BIC{looked}.",)


def place(model: Mapping[str, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The cloud with the highest posterior probability, computed in blocks of rows."""
    mixture = Mixture.of(model)
    labels = np.empty(len(values), dtype=np.intp)
    for rows in blocks(len(values)):
        with np.errstate(over="ignore", invalid="ignore"):
            block = (values[rows] * model["factor"] - model["shift"]) / model["spread"]
            labels[rows] = likeliest(mixture, block)
    return labels


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    """The search on the small sample, some rounds on the rows fitted, and the placing of all rows.

    Measured by ``tests/benchmarks/bench_estimates.py``.
    """
    rows = int(min(n_rows, np.clip(FIT_CELLS // n_features**2, LEAST_ROWS, FIT_ROWS)))
    tilted = min(n_features, TILTED)
    search = (3.1e-7 + 1.2e-7 * tilted) * n_features * min(rows, SEARCH_ROWS)
    placing = (3.5e-8 + 2.3e-9 * n_features) * n_rows
    seconds = (0.025 + search + 2.7e-7 * rows * n_features + placing) * candidates
    method = "" if rows == n_rows else f"clouds fitted to {rows:,} sampled customers"
    return Cost(seconds=seconds, bytes=1.2e7 + 9.0 * n_rows, rows=rows, method=method)


GMM = Algorithm(
    name="gmm",
    label="Gaussian mixture",
    summary="Oval segments of any size and tilt. Places every customer.",
    assumes="Each segment is an oval cloud, denser towards its middle; clouds may overlap.",
    params=(
        Whole("n_segments", "Number of segments", default=4, low=2, high=30, help="How many clouds are looked for."),
        Choice(
            "covariance",
            "Shape of the clouds",
            default="auto",
            options=(("auto", "Found from the data (lowest BIC)"), *((shape, WORDS[shape]) for shape in SHAPES[::-1])),
            help="What the clouds may look like. Simpler shapes need fewer customers.",
        ),
    ),
    fit=fit,
    place=place,
    grid=segment_grid,
    cost=cost,
    good_at="Segments of different width, or stretched along a direction.",
    bad_at="Yes/no columns and few customers: clouds then shrink onto single values.",
    reference="Dempster, Laird & Rubin (1977), doi:10.1111/j.2517-6161.1977.tb01600.x; Schwarz (1978), BIC",
    in_default=True,
    caption=lambda params: f"{params['n_segments']} segments"
    + ("" if params.get("covariance", "auto") == "auto" else f", {params['covariance']}"),
)
