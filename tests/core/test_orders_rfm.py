"""RFM scores: the published ones, the tie law, exact break points, and a group for every combination."""

from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadRequest
from core.model import OrderPlan
from core.orders.breaks import natural_breaks
from core.orders.groups import GROUPS, NO_PURCHASE, groups
from core.orders.rfm import rfm

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
SCORE_NAMES = ["recency_score", "frequency_score", "monetary_score"]
PLANS = {
    "quantile": OrderPlan(),
    "kmeans": OrderPlan(rfm="kmeans"),
    "fixed": OrderPlan(rfm="fixed", cuts={name: (2, 4, 6, 8) for name in ("recency", "frequency", "monetary")}),
}


def customers(recency, frequency, monetary) -> pd.DataFrame:
    return pd.DataFrame({"recency": recency, "frequency": frequency, "monetary": monetary}, dtype=float)


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
def test_the_995_published_scores():
    known = pd.read_csv(SHARED / "reference" / "rfm_scores_995_recomputed.csv")
    orders = pd.read_csv(SHARED / "orders" / "rfm_data_orders.csv", parse_dates=["order_date"])
    by = orders.groupby("customer_id").agg(last=("order_date", "max"), frequency=("revenue", "size"), monetary=("revenue", "sum"))
    features = customers((pd.Timestamp("2006-12-31") - by["last"]).dt.days, by["frequency"], by["monetary"])
    scores, cuts, warnings = rfm(features, OrderPlan())
    known = known.set_index("customer_id").loc[by.index]
    assert len(scores) == 995
    for name in (*SCORE_NAMES, "rfm_score"):
        assert (scores[name].to_numpy() == known[name].to_numpy()).all(), name
    assert [cuts["recency"][place] + 1 for place in (0, 1, 3)] == [115, 181, 482]  # published as where the next score begins
    assert not warnings


FIGURES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 6), st.floats(-50, 1e6, allow_nan=False)), min_size=1, max_size=60
)


@settings(max_examples=150, deadline=None)
@given(rows=FIGURES, rule=st.sampled_from(sorted(PLANS)))
def test_equal_values_get_equal_scores_and_better_values_never_worse_ones(rows, rule):
    features = customers(*zip(*rows, strict=True))
    scores, _, _ = rfm(features, PLANS[rule])
    bought = features["frequency"] > 0
    for name, sign in (("recency", -1), ("frequency", 1), ("monetary", 1)):
        own, values = scores.loc[bought, f"{name}_score"], sign * features.loc[bought, name]
        assert own.between(1, 5).all()
        assert own.groupby(values).nunique().le(1).all()
        assert own.groupby(values).first().is_monotonic_increasing
    assert (scores.loc[~bought, SCORE_NAMES] == 1).all().all()
    assert (scores["rfm_group"] == NO_PURCHASE).tolist() == (~bought).tolist()
    parts = scores[SCORE_NAMES].astype(str).agg("".join, axis=1)
    assert (parts == scores["rfm_score"].astype(str)).all()


def within(values: np.ndarray, tops: np.ndarray) -> float:
    """What varies within the groups that end at these values."""
    place = np.searchsorted(tops, values, side="left")
    return sum(((own - own.mean()) ** 2).sum() for g in np.unique(place) for own in [values[place == g]])


@settings(max_examples=120, deadline=None)
@given(values=st.lists(st.integers(-30, 30), min_size=1, max_size=25), k=st.integers(1, 5))
def test_natural_breaks_are_the_best_of_all_partitions(values, k):
    data = np.array(values, dtype=float)
    distinct = np.unique(data)
    found = natural_breaks(data, k)
    k = min(k, len(distinct))
    assert len(found) == k and found[-1] == distinct[-1] and (np.diff(found) > 0).all()
    best = min(within(data, np.array([*ends, distinct[-1]])) for ends in combinations(distinct[:-1], k - 1))
    assert within(data, found) == pytest.approx(best, abs=1e-9)


def test_natural_breaks_of_many_values_are_at_least_as_good_as_those_of_a_search():
    from sklearn.cluster import KMeans

    data = np.random.default_rng(3).lognormal(3, 1, 20_000)
    searched = KMeans(5, n_init=5, random_state=0).fit(data.reshape(-1, 1)).inertia_
    assert within(data, natural_breaks(data, 5)) <= searched * (1 + 1e-9)


def test_few_different_values_are_spread_from_the_lowest_to_the_highest_score():
    features = customers([9, 9, 1, 1], [1, 1, 2, 2], [5, 6, 7, 7])
    scores, _, warnings = rfm(features, PLANS["kmeans"])
    assert scores["frequency_score"].tolist() == [1, 1, 5, 5]
    assert scores["recency_score"].tolist() == [1, 1, 5, 5]
    assert scores["monetary_score"].tolist() == [1, 3, 5, 5]
    assert any("frequency score of 2, 3 or 4" in text for text in warnings)


def test_ties_are_told():
    features = customers(range(30), [1] * 20 + list(range(2, 12)), range(30))
    _, _, warnings = rfm(features, OrderPlan())
    assert warnings[0].startswith("67% of 30 customers with a purchase have the same frequency (1)")
    assert "frequency score of 2 or 3" in warnings[1]
    assert len(warnings) == 2


def test_every_combination_of_scores_has_one_group_and_every_group_a_combination():
    scores = np.array(list(product(range(1, 6), repeat=3)))
    found = groups(*scores.T)
    assert len(found) == 125 and set(found) | {NO_PURCHASE} == set(GROUPS) and len(GROUPS) == 12
    named = {tuple(one): name for one, name in zip(scores.tolist(), found, strict=True)}
    assert [named[c] for c in ((5, 5, 5), (5, 1, 1), (1, 5, 5), (1, 1, 1), (3, 3, 3), (2, 3, 4))] == [
        "Champions", "New", "Cannot lose them", "Lost", "Need attention", "At risk",
    ]  # fmt: skip


def test_fixed_break_points_must_be_there_and_their_own_value_counts_below():
    with pytest.raises(BadRequest, match="none for recency"):
        rfm(customers([1], [1], [1]), OrderPlan(rfm="fixed"))
    scores, cuts, _ = rfm(customers([2, 3], [8, 9], [4, 5]), PLANS["fixed"])
    assert cuts["frequency"] == (2, 4, 6, 8)
    assert scores[SCORE_NAMES].to_numpy().tolist() == [[5, 4, 2], [4, 5, 3]]


def test_nobody_bought_anything():
    scores, cuts, warnings = rfm(customers([np.nan, np.nan], [0, 0], [-5, 0]), OrderPlan())
    assert scores["rfm_score"].tolist() == [111, 111] and cuts["recency"] == () and warnings == ()
