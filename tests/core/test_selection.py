"""The recommendation keeps its stated rule, and calls segments real only where they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.datasets import make_blobs, make_circles, make_moons
from sklearn.metrics import adjusted_rand_score

from core.algorithms import ALGORITHMS, clustering, run
from core.metrics import score_all
from core.model import NOISE, Candidate, Limits, Score
from core.selection import leaders, recommend
from core.selection.many import many_kmeans
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


def steady(candidate: Candidate, *agreement: float) -> Candidate:
    return replace(candidate, stability=agreement)


def test_what_does_not_repeat_gives_way():
    """A candidate that resamples contradict loses to a repeatable one that is separated less."""
    shaky, firm = told("kmeans-3", 0.6, sizes=(40, 30, 30)), told("kmeans-2", 0.4)
    assert recommend(ROWS, [shaky, firm], 0).key == "kmeans-3"
    verdict = recommend(ROWS, [steady(shaky, 0.3, 0.5), steady(firm, 0.95, 0.97)], 0)
    assert verdict.key == "kmeans-2" and "almost the same segments (agreement 0.96" in verdict.because
    alone = recommend(ROWS, [steady(shaky, 0.3, 0.5)], 0)
    assert alone.key == "kmeans-3" and "often different segments (agreement 0.40" in alone.because


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        (Limits(), "kmeans-3"),
        (Limits(max_segments=2), "kmeans-2"),
        (Limits(min_customers=21), "kmeans-2"),
        (Limits(min_share=0.21), "kmeans-2"),
        (Limits(min_customers=46), None),
    ],
)
def test_no_recommendation_breaks_a_limit(limits, key):
    """Limits come before every score; where nothing keeps them nothing is recommended, and the nearest is named."""
    fine, coarse = told("kmeans-3", 0.7, sizes=(50, 30, 20)), told("kmeans-2", 0.4, sizes=(55, 45))
    verdict = recommend(ROWS, [fine, coarse], 0, limits=limits)
    assert verdict.key == key
    if key is None:
        assert verdict.word == "none" and "none is recommended" in verdict.because
        assert "no segment under 46 customers" in verdict.because and "K-means, kmeans-2" in verdict.because


def test_the_end_of_the_range_is_told():
    """The largest number tried is no finding about larger ones."""
    one = replace(told("kmeans-2", 0.5), params={"n_segments": 2})
    assert recommend(ROWS, [one], 0, tried=(2, 2)).because.endswith("customer.")
    assert recommend(ROWS, [one], 0, tried=(2, 9)).because.endswith("customer.")
    fine = replace(told("kmeans-3", 0.7, sizes=(40, 30, 30)), params={"n_segments": 3})
    assert recommend(ROWS, [one, fine], 0, tried=(2, 3)).because.endswith("Three is the largest number tried; try more.")
    assert recommend(ROWS, [fine], 0, tried=(3, 9)).because.endswith("Three is the smallest number tried; try fewer.")


def test_the_word_follows_separation_and_repetition():
    """Natural: separated, and the same again. Reproducible: the same again only, clearly more than any cut through a
    cloud is. Constructive: neither."""
    values = make_blobs(500, 3, centers=5, random_state=3)[0]
    best = next(c for c in candidates(values) if c.key == "kmeans-5")
    assert recommend(values, [steady(best, 0.95)], 0).word == "natural"
    assert recommend(values, [steady(best, 0.5)], 0).word == "constructive"
    cloud = np.random.default_rng(0).normal(size=(400, 3))
    cut = candidates(cloud, ks=[2])[0]
    assert recommend(cloud, [steady(cut, 0.995)], 0).word == "reproducible"
    assert recommend(cloud, [steady(cut, 0.85)], 0).word == "constructive"
    assert recommend(cloud, [cut], 0).word == "constructive"


@pytest.mark.parametrize("make", [make_circles, make_moons])
def test_gaps_beat_round_segments_that_cut_through_crowds(make):
    """Rings and moons: the segments between the gaps are recommended though K-means has the higher silhouette."""
    values, truth = make(600, noise=0.05, random_state=0, **({"factor": 0.4} if make is make_circles else {}))
    round_ones = [c for c in candidates(values) if c.n_segments <= 4]
    scores = score_all(values, {"a": truth + 1}, 0)["a"]
    shaped = replace(made("genie-2", truth + 1, scores), algorithm="genie", label="Genie, 2 segments")
    verdict = recommend(values, [*round_ones, shaped], 0)
    assert (verdict.key, verdict.structured) == ("genie-2", True) and "clear gaps" in verdict.because


def test_one_clear_cloud_does_not_excuse_a_cut_through_two_moons():
    """K-means finds the far cloud and cuts the moons, so that its worst border is still not bad; the moons win."""
    values, truth = make_moons(400, noise=0.07, random_state=3)
    values = np.vstack([values, np.random.default_rng(0).normal(size=(150, 2)) * 0.2 + [3, 1]])
    truth = np.append(truth, np.full(150, 2)) + 1
    shaped = made("genie-3", truth, score_all(values, {"a": truth}, 0)["a"])
    verdict = recommend(values, [*candidates(values, ks=[3]), shaped], 0)
    assert verdict.key == "genie-3" and verdict.structured


def test_a_coarser_candidate_does_not_win_by_having_fewer_borders():
    """Joining two segments that all but touch leaves no crossings at all; the finer candidate has gaps enough."""

    def crossed(candidate: Candidate, share: float) -> Candidate:
        return replace(candidate, scores=(*candidate.scores, Score("neighbours", 1 - share)))

    fine, coarse = told("kmeans-4", 0.7, sizes=(25, 25, 25, 25)), told("ward-3", 0.5, sizes=(50, 25, 25))
    assert recommend(ROWS, [crossed(fine, 0.03), crossed(coarse, 0.0)], 0).key == "kmeans-4"
    assert recommend(ROWS, [crossed(fine, 0.4), crossed(coarse, 0.0)], 0).key == "ward-3"


@pytest.mark.parametrize("name", ["fcps/atom", "fcps/lsun", "fcps/hepta", "fcps/tetra"])
def test_labelled_sets_get_their_reference_segments(shared_data, name):
    """Published sets of shells, bars and clouds: what is recommended without labels is the reference to 0.98."""
    values = np.loadtxt(shared_data / "clustering" / f"{name}.data.gz")
    reference = np.loadtxt(shared_data / "clustering" / f"{name}.labels0.gz", dtype=int)
    labelings = {
        algorithm: clustering(run(ALGORITHMS[algorithm], values, seed=0, params={"n_segments": int(reference.max())})).labels
        for algorithm in ("kmeans", "ward", "genie")
    }
    some = [made(key, labels, score_all(values, labelings, 0)[key]) for key, labels in labelings.items()]
    chosen = labelings[recommend(values, some, 0).key]
    assert adjusted_rand_score(reference, chosen) > 0.98


def test_a_cut_through_a_thin_place_is_no_gap():
    """One uniform square: whatever is cut off it does not count as separated, K-means or not."""
    values = np.random.default_rng(0).random((600, 2))
    corner = 1 + ((values < 0.3).all(axis=1))
    cut = made("x-2", corner, score_all(values, {"a": corner}, 0)["a"])
    assert recommend(values, [*candidates(values), cut], 0).structured is False


def test_a_giant_with_a_tail_is_not_real():
    """Cutting two percent off a long tail has a high silhouette anywhere; it is no segment."""
    values = np.random.default_rng(0).lognormal(size=(600, 1))
    labels = 1 + (values[:, 0] > np.quantile(values, 0.98))
    one = made("average-2", labels, score_all(values, {"a": labels}, 0)["a"])
    assert not recommend(values, [one], 0).structured


def test_leaders_name_the_first_choice_and_the_best_of_each_algorithm():
    """The pick without stability stands first; candidates that break limits lead only where nothing else does."""
    ward = replace(told("ward-2", 0.55), algorithm="ward")
    some = [told("kmeans-2", 0.4), told("kmeans-3", 0.6, sizes=(40, 30, 30)), ward]
    assert leaders(ROWS, some, 0, limits=Limits()) == ["kmeans-3", "ward-2"]
    assert leaders(ROWS, some, 0, limits=Limits(max_segments=2)) == ["ward-2", "kmeans-2"]


def test_many_sets_at_once_agree_with_scikit_learn():
    """K-means over a stack of sets comes within 3 % of scikit-learn's inertia on each, and finds clear clouds exactly."""
    sets = np.stack([np.random.default_rng(at).normal(size=(300, 3)) for at in range(5)])
    inertia = many_kmeans(sets, 4, seed=0, starts=4)[1]
    expected = [KMeans(4, n_init=10, random_state=0).fit(one).inertia_ for one in sets]
    assert (inertia / expected < 1.03).all()
    values, truth = make_blobs(300, 3, centers=4, cluster_std=0.3, random_state=1)
    assert adjusted_rand_score(truth, many_kmeans(values[None], 4, seed=0, starts=4)[0][0]) == 1.0


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
