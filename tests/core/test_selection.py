"""The recommendation keeps its stated rule, and calls segments real only where they are."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from core.algorithms import ALGORITHMS, clustering, run
from core.metrics import score_all
from core.model import NOISE, Candidate, Score
from core.selection import recommend
from core.selection.nulls import null_data


def candidates(values: np.ndarray, ks=range(2, 8)) -> list[Candidate]:
    labelings = {
        f"kmeans-{k}": clustering(run(ALGORITHMS["kmeans"], values, seed=0, params={"n_segments": k})).labels for k in ks
    }
    return [made(key, labels, score_all(values, labelings, 0)[key]) for key, labels in labelings.items()]


def made(key: str, labels: np.ndarray, scores: tuple[Score, ...]) -> Candidate:
    counts = {int(s): int((labels == s).sum()) for s in np.unique(labels)}
    return Candidate(key, "kmeans", f"K-means, {key}", {}, labels, counts, {}, scores, 0.0)


def told(key: str, silhouette: float, *, sizes=(50, 50), noise: int = 0, error: float = 0.01) -> Candidate:
    """A candidate with the scores given, over 100 rows."""
    labels = np.repeat([*range(1, len(sizes) + 1), NOISE], [*sizes, noise])
    scores = (
        Score("silhouette", silhouette, error=error),
        Score("share_placed", sum(sizes) / len(labels)),
        Score("smallest_segment", min(sizes)),
    )
    return made(key, labels, scores)


ROWS = np.random.default_rng(0).normal(size=(100, 2))


def test_five_blobs_are_real_and_five():
    """Five separated clouds: five segments, called real."""
    values = make_blobs(500, 3, centers=5, random_state=3)[0]
    verdict = recommend(values, candidates(values), 0)
    assert (verdict.key, verdict.structured) == ("kmeans-5", True)
    assert verdict.because.startswith("Five segments by K-means are best separated")


def test_humps_at_the_corners_of_a_square_are_real():
    """Columns that are independent can still hold segments: shuffling them must not count as chance."""
    values = make_blobs(600, centers=[(-5, -5), (5, 5), (-5, 5), (5, -5)], random_state=0)[0]
    verdict = recommend(values, candidates(values), 0)
    assert (verdict.key, verdict.structured) == ("kmeans-4", True)


def without_segments() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shared = random.normal(size=(500, 1))
    return {
        "uniform": random.random((500, 3)),
        "one cloud": random.normal(size=(500, 4)),
        "a line": shared @ np.ones((1, 3)) + 0.1 * random.normal(size=(500, 3)),
        "long tails": random.lognormal(size=(500, 2)),
        "long tails together": np.exp(shared + 0.3 * random.normal(size=(500, 3))),
        "long tail of one column": random.lognormal(size=(500, 1)),
        "coins": random.integers(0, 2, (500, 3)).astype(float),
    }


@pytest.mark.parametrize("case", without_segments())
def test_data_without_segments_is_said_to_have_none(case):
    """Uniform, bell-shaped, skewed and correlated data hold no segments; the best cut is still named."""
    values = without_segments()[case]
    verdict = recommend(values, candidates(values), 0)
    assert not verdict.structured and verdict.key is not None
    assert verdict.because.startswith("No real segments were found") and "best available cut" in verdict.because


def test_two_humps_in_one_column_are_real():
    """In one dimension a gap is a segment border."""
    values = np.concatenate([np.random.default_rng(1).normal(size=(150, 1)) + at for at in (0, 9)])
    assert recommend(values, candidates(values), 0).structured


def test_unplaced_customers_count_against_a_candidate():
    """Forty percent noise does not win on the silhouette of the rest."""
    noisy = told("dbscan-1", 0.9, sizes=(30, 30), noise=40)
    assert recommend(ROWS, [noisy, told("kmeans-2", 0.4)], 0).key == "kmeans-2"
    slightly = told("dbscan-2", 0.45, sizes=(45, 45), noise=10)
    assert recommend(ROWS, [slightly, told("kmeans-2", 0.42)], 0).key == "kmeans-2"


def test_fewer_segments_win_within_one_standard_error():
    """A gain smaller than the uncertainty does not buy a segment."""
    fine, coarse = told("kmeans-3", 0.505, sizes=(40, 30, 30)), told("kmeans-2", 0.5)
    assert recommend(ROWS, [fine, coarse], 0).key == "kmeans-2"
    assert recommend(ROWS, [told("kmeans-3", 0.52, sizes=(40, 30, 30)), coarse], 0).key == "kmeans-3"


def test_crumbs_do_not_win():
    """A segment of four customers is no segment to act on, unless nothing else exists."""
    crumbs = told("ward-2", 0.9, sizes=(96, 4))
    assert recommend(ROWS, [crumbs, told("kmeans-2", 0.4)], 0).key == "kmeans-2"
    alone = recommend(ROWS, [crumbs], 0)
    assert alone.key == "ward-2" and "tiny segment" in alone.because
    assert "One segment holds 96% of customers" in alone.because


def test_a_giant_gives_way_where_nothing_is_real():
    """Without real segments, a cut into a giant and the rest is not the one offered."""
    giant, even = told("dbscan-1", 0.3, sizes=(90, 10)), told("kmeans-2", 0.2)
    assert recommend(ROWS, [giant, even], 0).key == "kmeans-2"


def test_nothing_to_recommend():
    """Without a candidate of two segments there is a sentence and no key."""
    verdict = recommend(ROWS, [], 0)
    assert (verdict.key, verdict.structured) == (None, False) and verdict.because


def test_null_data_keep_the_shape_and_repeat_with_the_seed():
    """Every kind has the rows and columns of the data, stays within their reach, and depends on the seed only."""
    values = np.random.default_rng(0).lognormal(size=(200, 2))
    once, again = (list(null_data(values, seed=5, sets=2)) for _ in range(2))
    assert [kind for kind, _ in once] == ["box", "columns", "axes"] * 2
    assert all(np.array_equal(a, b) for (_, a), (_, b) in zip(once, again, strict=True))
    for kind, data in once:
        assert data.shape == values.shape
        if kind == "columns":
            assert (data.min(axis=0) >= values.min(axis=0)).all() and (data.max(axis=0) <= values.max(axis=0)).all()
