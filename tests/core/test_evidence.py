"""Evidence for the number of segments: published rules, independent implementations, data with a known answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.datasets import make_blobs
from sklearn.metrics import adjusted_rand_score

from core.model import NOISE, Candidate, Score
from core.selection.criteria import CRITERIA, Arguments
from core.selection.criteria.strength import strength
from core.selection.evidence import agreement, tree_top, votes
from core.selection.gap import gap_curve

BLOBS = make_blobs(400, 3, centers=4, cluster_std=0.6, center_box=(-20, 20), random_state=4)[0]


def candidate(k: int, algorithm: str = "kmeans", stability: tuple[float, ...] = (), **values: float) -> Candidate:
    """A candidate of ``k`` segments with scores, and BIC and AIC as facts."""
    facts = {name: values.pop(name) for name in ("bic", "aic") if name in values}
    scores = tuple(Score(name, value) for name, value in values.items())
    labels = np.arange(60) % k + 1
    sizes = {int(s): int((labels == s).sum()) for s in np.unique(labels)}
    return Candidate(
        key=f"{algorithm}-{k}", algorithm=algorithm, label=algorithm, params={"n_segments": k}, labels=labels,
        sizes=sizes, names={}, scores=scores, seconds=0.0, facts=facts, stability=stability,
    )  # fmt: skip


def arguments(*candidates: Candidate, **given) -> Arguments:
    plain = {"algorithm": "kmeans", "sample": BLOBS, "gap": gap([0.1, 0.5, 0.9]), "tried": (2, 6), "seed": 0}
    return Arguments(candidates=candidates, **(plain | given))


def gap(values: list[float], error: float = 0.01) -> pd.DataFrame:
    return pd.DataFrame({"k": range(1, len(values) + 1), "gap": values, "error": error})


def vote(name: str, given: Arguments) -> int | None:
    return CRITERIA[name].vote(given).k


def test_the_bend_is_where_kneed_and_the_eye_see_it():
    """A fall of 1000, 500, 200, then next to nothing bends at four."""
    fall = dict(zip(range(2, 9), (1000, 500, 200, 190, 181, 173, 166), strict=True))
    assert vote("bend", arguments(*(candidate(k, inertia=v) for k, v in fall.items()))) == 4
    assert vote("bend", arguments(candidate(2, inertia=9.0), candidate(3, inertia=4.0))) is None


def test_scores_vote_by_their_direction_within_the_recommended_algorithm():
    """Highest silhouette and contrast, lowest overlap; another algorithm's scores do not count."""
    own = [
        candidate(k, silhouette=s, calinski_harabasz=c, davies_bouldin=d)
        for k, s, c, d in ((2, 0.4, 10, 0.9), (3, 0.6, 20, 0.7), (4, 0.5, 30, 0.6))
    ]
    other = candidate(6, "ward", silhouette=0.9, calinski_harabasz=99, davies_bouldin=0.1)
    given = arguments(*own, other)
    assert [vote(name, given) for name in ("silhouette", "calinski_harabasz", "davies_bouldin")] == [3, 4, 4]


def test_a_tie_goes_to_fewer_segments():
    """Equal agreement, or an equal score, does not buy a segment."""
    given = arguments(*(candidate(k, stability=(1.0, 1.0)) for k in (2, 3, 4)), candidate(5, stability=(0.2, 0.4)))
    assert vote("stability", given) == 2


def test_mixture_criteria_take_the_lowest():
    """BIC and AIC of the Gaussian mixture, each by its own lowest value."""
    given = arguments(*(candidate(k, "gmm", bic=b, aic=a) for k, b, a in ((2, 5, 9), (3, 4, 8), (4, 6, 7))))
    assert (vote("bic", given), vote("aic", given)) == (3, 4)
    assert vote("bic", arguments(candidate(2))) is None


@pytest.mark.parametrize(
    ("curve", "error", "k"),
    [([0.1, 0.5, 0.9, 0.8], 0.01, 3), ([0.3, 0.2, 0.9], 0.01, 1), ([0.1, 0.5, 0.9], 0.01, None), ([0.1, 0.5, 0.52], 0.05, 2)],
)
def test_gap_takes_the_smallest_within_one_error(curve, error, k):
    """Tibshirani, Walther & Hastie: the smallest k with gap(k) >= gap(k + 1) - s(k + 1)."""
    assert vote("gap", arguments(gap=gap(curve, error))) == k


def test_the_tree_votes_for_its_largest_jump():
    """Four clouds equally far from one another: the merges that join them are the high ones."""
    clouds = make_blobs(200, 4, centers=20 * np.eye(4), random_state=0)[0]
    heights = linkage(clouds, "ward")[::-1, 2]
    assert vote("tree", arguments(merges=heights, tried=(2, 10))) == 4
    assert vote("tree", arguments()) is None


def test_gap_and_prediction_strength_find_known_clouds():
    """Four separated clouds: both say four; one cloud: the gap says one, no larger number is predicted well."""
    curve = gap_curve(BLOBS, 8, seed=0)
    assert vote("gap", arguments(gap=curve)) == 4 and vote("strength", arguments()) == 4
    cloud = np.random.default_rng(0).normal(size=(400, 3))
    assert vote("gap", arguments(gap=gap_curve(cloud, 8, seed=0))) == 1
    assert strength(cloud, 4, seed=0) < 0.8 < strength(BLOBS, 4, seed=0)


def test_gap_equals_its_definition():
    """Computed apart with scikit-learn on the same references the curve is the same to 0.03."""
    from sklearn.cluster import KMeans

    turn = np.linalg.svd(BLOBS - BLOBS.mean(axis=0), full_matrices=False)[2]
    turned = (BLOBS - BLOBS.mean(axis=0)) @ turn.T
    boxes = np.random.default_rng(0).uniform(turned.min(axis=0), turned.max(axis=0), (20, *turned.shape))
    found = gap_curve(BLOBS, 4, seed=0).set_index("k")["gap"]
    for k in (1, 2, 4):
        own = np.log(KMeans(k, n_init=10, random_state=0).fit(turned).inertia_)
        other = np.mean([np.log(KMeans(k, n_init=4, random_state=0).fit(box).inertia_) for box in boxes])
        assert found[k] == pytest.approx(other - own, abs=0.03)


def test_gap_of_few_distinct_rows_ends_early():
    """Customers of three kinds have no fourth segment; identical ones have no curve."""
    kinds = np.repeat(np.eye(3), 20, axis=0)
    assert gap_curve(kinds, 9, seed=0)["k"].max() <= 2
    assert len(gap_curve(np.zeros((10, 2)), 9, seed=0)) == 0


def test_votes_hold_one_row_per_criterion_with_a_reason():
    """Every criterion of the catalogue speaks, with or without a vote."""
    frame = votes(arguments(candidate(2), candidate(3)))
    assert frame["criterion"].tolist() == list(CRITERIA) and list(frame.columns) == ["criterion", "label", "k", "because"]
    assert frame["because"].str.len().min() > 10 and frame["k"].dtype == float


def test_agreement_equals_scikit_learn():
    """Every pair once, noise a group of its own, to 1e-12."""
    random = np.random.default_rng(0)
    labelings = {f"c{at}": random.integers(1, at + 3, 500) for at in range(4)}
    labelings["noisy"] = np.where(random.random(500) < 0.3, NOISE, labelings["c0"])
    labelings["one"] = np.ones(500, dtype=int)
    frame = agreement(labelings)
    assert len(frame) == 15
    for first, second, index in frame.itertuples(index=False):
        assert list(labelings).index(first) < list(labelings).index(second)
        assert index == pytest.approx(adjusted_rand_score(labelings[first], labelings[second]), abs=1e-12)
    assert len(agreement({"one": labelings["one"]})) == 0


@pytest.mark.parametrize("points", [2, 7, 30, 31, 200])
def test_the_top_of_the_tree_is_a_tree_of_its_own(points):
    """At most 30 leaves whose sizes are the customers; cut at any k it gives the sizes that the whole tree gives."""
    values = np.random.default_rng(points).normal(size=(points, 2))
    merges = linkage(values, "ward")
    member = np.random.default_rng(1).integers(0, points, 500)
    top = tree_top(merges, member)
    leaves = len(top) + 1
    assert leaves == min(points, 30)
    sizes = leaf_sizes(top)
    assert sum(sizes) == 500 and top["height"].is_monotonic_increasing
    small = np.column_stack([top["left"], top["right"], top["height"], np.zeros(len(top))]).astype(float)
    for k in range(1, min(leaves, 8) + 1):
        whole = fcluster(merges, k, "maxclust")[member]
        part = fcluster(small, k, "maxclust") if leaves > 1 else np.ones(1)
        assert sorted(np.bincount(part, weights=sizes)[1:]) == sorted(np.bincount(whole, minlength=k + 1)[1:])


def leaf_sizes(top: pd.DataFrame) -> np.ndarray:
    """Customers per leaf number."""
    leaves = len(top) + 1
    sizes = np.zeros(leaves)
    for side in ("left", "right"):
        own = top[top[side] < leaves]
        sizes[own[side].to_numpy()] = own[f"{side}_size"]
    return sizes


def test_replaced_candidates_keep_their_series():
    """A candidate that found fewer segments than told is no point of a series."""
    short = replace(candidate(3, silhouette=0.9), params={"n_segments": 4})
    given = arguments(candidate(2, silhouette=0.4), candidate(3, silhouette=0.5), short)
    assert given.series("silhouette", "kmeans") == {2: 0.4, 3: 0.5}
