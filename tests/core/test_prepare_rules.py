"""Laws of the single rules: each equals scikit-learn's or a sum done by hand, and learns from the fitted rows alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import IsolationForest
from sklearn.impute import KNNImputer
from sklearn.preprocessing import PowerTransformer, StandardScaler
from threadpoolctl import threadpool_limits

from core.errors import BadRequest
from core.fences import fences
from core.formats.reading import Reading
from core.model import Recipe, Source, Table
from core.prepare import effect, gaps, natural, prepare
from core.prepare.outliers import far_values
from core.prepare.skew import bend, bent
from core.tables import understand

NUMBERS = {name: "feature" for name in ("spend", "visits", "age")}


def table(**columns: object) -> Table:
    return understand(Reading(pd.DataFrame(columns), Source("t", "frame")), {})


def shop(n: int = 300, gaps: int = 40) -> Table:
    rng = np.random.default_rng(8)
    spend, visits, age = rng.lognormal(3, 1, n), rng.gamma(2.0, 3.0, n) + 0.01, rng.normal(40, 9, n) + 0.001
    for values in (spend, age):
        values[rng.choice(n, gaps, replace=False)] = np.nan
    return table(spend=spend, visits=visits, age=age)


def in_file_order(matrix) -> np.ndarray:
    out = np.empty((len(matrix.outlier), matrix.values.shape[1]))
    out[matrix.rows], out[matrix.aside_rows] = matrix.values, matrix.aside_values
    return out


def test_neighbours_fill_as_scikit_learn_does_in_the_scaled_space() -> None:
    """The oracle is KNNImputer on StandardScaler's numbers, which leaves gaps out when it learns."""
    found = shop()
    scaled = StandardScaler().fit_transform(found.frame)
    for count in (1, 5):
        expected = KNNImputer(n_neighbors=count).fit_transform(scaled)
        matrix = prepare(found, Recipe(gaps="knn", neighbours=count, roles=NUMBERS))
        np.testing.assert_allclose(in_file_order(matrix), expected, rtol=1e-9, atol=1e-12)


def test_neighbours_do_not_hang_on_threads_or_on_the_order_of_the_file() -> None:
    """Bit by bit, with donors sampled and with rows set aside, too."""
    found = shop(400)
    recipe = Recipe(gaps="knn", outliers="iqr", roles=NUMBERS, gap_flags="yes")
    order = np.random.default_rng(1).permutation(400)
    shuffled = table(**found.raw.iloc[order].reset_index(drop=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gaps, "DONORS", 50)
        one, other = prepare(found, recipe), prepare(shuffled, recipe)
        with threadpool_limits(limits=2):
            np.testing.assert_array_equal(prepare(found, recipe).values, one.values)
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(in_file_order(one)[order], in_file_order(other))


def test_donors_are_few_and_a_column_none_of_them_knows_takes_its_median() -> None:
    """Three donors of a hundred rows; the two who know y are not among them."""
    x, y = np.arange(100) + 0.5, np.full(100, np.nan)
    y[[7, 8]] = 3.0, 5.0
    values = np.column_stack([x, y])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gaps, "DONORS", 3)
        gaps.fill_from(gaps.donors_of(values), values, 2)
    np.testing.assert_array_equal(np.delete(values[:, 1], [7, 8]), 4.0)
    assert values[[7, 8], 1].tolist() == [3.0, 5.0]


def test_a_constant_fills_what_it_is_given_for_and_the_median_the_rest() -> None:
    """Numbers with a decimal point, yes or no for flags, a level of its own for categories."""
    found = table(x=[1.5, None, 3.5, 9.5, 2.5] * 4, y=[None, 2.5, 4.5, 8.5, 6.5] * 4, c=["a", None, "b", "a", "c"] * 4,
                  f=["yes", None, "no", "yes", "yes"] * 4)  # fmt: skip
    recipe = Recipe(gaps="constant", scaling="none", weights="none", fills={"x": "-7.25", "c": "unknown", "f": "no"},
                    roles=dict.fromkeys(["x", "y", "c", "f"], "feature"))  # fmt: skip
    matrix = prepare(found, recipe)
    names = [one.name for one in matrix.features]
    rows = in_file_order(matrix)
    assert rows[1, names.index("x")] == -7.25
    assert rows[0, names.index("y")] == 5.5
    assert rows[1, names.index("c: unknown")] == 1
    assert rows[1, names.index("f")] == 0
    (told,) = [one for one in effect(found, recipe).steps if one.step == "Gaps"]
    assert "without one the median or most frequent value (y)" in told.text and told.rows == 8
    for column, value in (("x", "1,5"), ("x", "nan"), ("x", "inf"), ("f", "maybe")):
        with pytest.raises(BadRequest):
            prepare(found, Recipe(gaps="constant", fills={column: value}, roles=recipe.roles))


def test_a_flag_says_where_a_gap_was() -> None:
    """One 0/1 feature for each column with gaps among the fitted rows, named after it; none under drop."""
    found = shop()
    matrix = prepare(found, Recipe(gap_flags="yes", scaling="none", roles=NUMBERS))
    assert [one.name for one in matrix.features] == ["spend", "visits", "age", "spend missing", "age missing"]
    np.testing.assert_array_equal(in_file_order(matrix)[:, 3:], found.frame[["spend", "age"]].isna().to_numpy(dtype=float))
    assert effect(found, Recipe(gap_flags="yes", roles=NUMBERS)).features == matrix.features
    assert len(prepare(found, Recipe(gap_flags="yes", gaps="drop", roles=NUMBERS)).features) == 3


def test_repeated_rows_and_ids_leave_the_first() -> None:
    """Equal rows and equal ids are set aside for that reason; rows without an id repeat nobody."""
    found = table(customer=["u1", "u2", "u1", "u3", None, None, "u2"], x=[1.5, 2.5, 1.5, 4.5, 5.5, 5.5, 7.5],
                  y=[1.5, 2.5, 1.5, 4.5, 6.5, 6.5, 7.5])  # fmt: skip
    asked = {"customer": "id", "x": "feature", "y": "feature"}
    exact = prepare(found, Recipe(duplicates="exact", roles=asked))
    assert dict(zip(exact.aside_rows.tolist(), exact.aside_reasons, strict=True)) == {
        2: "equal to an earlier row", 5: "equal to an earlier row"}  # fmt: skip
    key = prepare(found, Recipe(duplicates="key", roles=asked))
    assert key.aside_rows.tolist() == [2, 6] and set(key.aside_reasons) == {"same customer as an earlier row"}
    assert np.allclose(in_file_order(exact)[2], in_file_order(exact)[0])
    told = effect(found, Recipe(duplicates="key", roles=asked | {"customer": "ignore"})).steps[0]
    assert told.rows == 0 and "No column is the customer id" in told.text


def test_robust_z_by_hand() -> None:
    """Median 5, median deviation 2: 0.6745 |x - 5| / 2 exceeds 3.5 from 15.38 on."""
    values = np.array([1.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 15.37, -5.37])
    middle, deviation = np.median(values), np.median(np.abs(values - np.median(values)))
    assert (middle, deviation) == (5.0, 2.0)
    probes = np.array([15.377, 15.379, -5.377, -5.379, np.nan, np.inf])
    far = far_values(np.append(values, probes), np.arange(len(values)), "mad")
    assert far[len(values):].tolist() == [False, True, False, True, False, True]
    assert not far_values(np.array([0.0] * 6 + [9.0]), np.arange(7), "mad").any()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e300, 1e300, width=64), min_size=5, max_size=40), st.sampled_from(["iqr", "mad"]))
def test_half_the_customers_are_never_far_out(values: list[float], rule: str) -> None:
    """Whatever the numbers: what lies between the quartiles is usual."""
    column = np.array(values)
    far = far_values(column, np.arange(len(column)), rule)
    assert far.sum() <= len(column) / 2
    assert rule == "mad" or (far == ((column < fences(column)[0]) | (column > fences(column)[1]))).all()


def test_the_forest_is_scikit_learns_and_finds_planted_strangers() -> None:
    """Scores over 0.6 of the same trees on the same numbers; twelve strangers in 600 are among them."""
    rng = np.random.default_rng(2)
    cells = rng.normal(0, 1, (600, 3))
    cells[:12] = rng.uniform(7, 9, (12, 3))
    found = table(a=cells[:, 0], b=cells[:, 1], c=cells[:, 2])
    matrix = prepare(found, Recipe(outliers="forest"))
    plain = prepare(found, Recipe())
    expected = -IsolationForest(random_state=0).fit(plain.values.astype(np.float32)).score_samples(plain.values.astype(np.float32))
    assert set(matrix.aside_rows) == set(plain.rows[expected > 0.6])
    assert set(range(12)) <= set(matrix.aside_rows) and len(matrix.aside_rows) < 30
    assert set(matrix.aside_reasons) == {"unlike the others (isolation forest)"}
    kept = prepare(found, Recipe(marks="forest"))
    assert not len(kept.aside_rows) and set(np.flatnonzero(kept.outlier)) == set(matrix.aside_rows)
    order = rng.permutation(600)
    other = prepare(table(**found.raw.iloc[order].reset_index(drop=True)), Recipe(outliers="forest"))
    np.testing.assert_array_equal(other.values, matrix.values)


def test_a_large_forest_is_estimated_and_says_so() -> None:
    """2,000 of 30,000 customers are looked at; the estimate comes near what the run finds."""
    rng = np.random.default_rng(3)
    cells = rng.normal(0, 1, (30_000, 3))
    cells[:1_500] = rng.uniform(6, 9, (1_500, 3)) * rng.choice([-1, 1], (1_500, 3))
    found = table(a=cells[:, 0], b=cells[:, 1], c=cells[:, 2], amount=rng.uniform(1, 2, 30_000))
    recipe = Recipe(outliers="forest", roles={"amount": "profile"})
    told, matrix = effect(found, recipe), prepare(found, recipe)
    (step,) = [one for one in told.steps if one.step == "Extreme values"]
    assert told.about and "estimated from 2,000 customers" in step.text
    assert told.fitted + told.aside == told.rows
    assert step.rows == pytest.approx(len(matrix.aside_rows), rel=0.25)
    assert step.money == pytest.approx(found.frame["amount"].iloc[matrix.aside_rows].sum(), rel=0.25)


@pytest.mark.parametrize("rule", ["log", "yeojohnson"])
def test_skew_equals_numpy_and_scikit_learn(rule: str) -> None:
    """log(1 + x), and PowerTransformer's own numbers, on complete columns."""
    found = shop(gaps=1).frame.dropna().reset_index(drop=True)
    matrix = prepare(table(**found), Recipe(skew=rule, skews={"age": "none"}, scaling="none", roles=NUMBERS))
    expected = found.to_numpy().copy()
    oracle = np.log1p if rule == "log" else PowerTransformer(standardize=False).fit_transform
    expected[:, :2] = oracle(expected[:, :2])
    np.testing.assert_allclose(in_file_order(matrix), expected, rtol=1e-7)


def test_no_logarithm_below_zero_and_it_is_said() -> None:
    """The column stays as it is where a fitted customer has less than nothing; Yeo-Johnson takes it."""
    rng = np.random.default_rng(0)
    balance, spend = rng.normal(0, 5, 50), rng.lognormal(0, 1, 50)
    found = table(balance=balance, spend=spend)
    matrix = prepare(found, Recipe(skew="log", scaling="none"))
    np.testing.assert_allclose(in_file_order(matrix), np.column_stack([balance, np.log1p(spend)]))
    (step,) = [one for one in effect(found, Recipe(skew="log")).steps if one.step == "Skew"]
    assert step.text == "Logarithm of spend; no logarithm of balance, which has values below 0"
    np.testing.assert_allclose(
        bent(balance, bend(balance, "yeojohnson")), PowerTransformer(standardize=False).fit_transform(balance[:, None])[:, 0])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=4, max_size=25), st.sampled_from(["log", "yeojohnson"]))
def test_a_bend_keeps_the_order_and_stays_finite(values: list[float], rule: str) -> None:
    """A larger number never becomes the smaller one, from denormal to 1e308, and in rows that were not fitted."""
    column = np.array(values)
    fit = column[: len(column) // 2 + 1]
    found = bent(column, bend(fit, rule))
    assert np.isfinite(found).all()
    assert (np.diff(found[np.argsort(column, kind="stable")]) >= -1e-9 * np.abs(found).max(initial=1)).all()


ORDERED = [
    (["S", "XL", "M"], ["S", "M", "XL"]), (["High", "low", "medium"], ["low", "medium", "High"]),
    (["65+", "18-24", "25-34", "<18"], ["<18", "18-24", "25-34", "65+"]),
    (["$40K - $60K", "Less than $40K", "$120K +"], ["Less than $40K", "$40K - $60K", "$120K +"]),
    (["1,000-1,999", "over 3,000", "500-999"], ["500-999", "1,000-1,999", "over 3,000"]),
    (["Level 10", "Level 2"], ["Level 2", "Level 10"]), (["gold", "Silver", "BRONZE"], ["BRONZE", "Silver", "gold"]),
    (["oft", "nie"], ["nie", "oft"]), (["2 - mid", "1 - low"], ["1 - low", "2 - mid"]),
]  # fmt: skip
UNORDERED = [["North", "South"], ["a", "b", "c"], ["18-24", "unknown"], ["2020-01", "2021-02"], ["A1", "B2"], ["low"], [],
             ["low", "Low"], ["red", "medium"], ["Level 1", "Grade 2"], ["5-3", "1-2"]]  # fmt: skip


@pytest.mark.parametrize(("levels", "expected"), ORDERED)
def test_orders_that_everybody_knows(levels: list[str], expected: list[str]) -> None:
    """However they are listed and written."""
    assert natural(levels) == natural(levels[::-1]) == tuple(expected)


@pytest.mark.parametrize("levels", UNORDERED)
def test_no_order_is_made_up(levels: list[str]) -> None:
    """Names, mixtures and levels that only look like ranges."""
    assert natural(levels) is None


def test_ranks_follow_a_known_or_given_order_and_nothing_else_is_ranked() -> None:
    """Ranks 0, 1, 2; a level without a place is a gap; a column without a known order stays one-hot and that is said."""
    found = table(size=["S", "M", "L", "M"] * 5, tier=["one", "two", "three", "odd"] * 5, city=["x", "y", "z", "x"] * 5)
    recipe = Recipe(encoding="ordinal", scaling="none", weights="none", orders={"tier": ("one", "two", "three")},
                    roles=dict.fromkeys(["size", "tier", "city"], "feature"))  # fmt: skip
    matrix = prepare(found, recipe)
    assert [one.name for one in matrix.features] == ["size", "tier", "city: x", "city: y", "city: z"]
    rows = in_file_order(matrix)
    assert rows[:4, 0].tolist() == [0, 1, 2, 1]
    assert rows[:4, 1].tolist() == [0, 1, 2, 0], "ties of the most frequent level go to the smallest name"
    told = {one.step: one.text for one in effect(found, recipe).steps}
    assert "tier (one < two < three)" in told["Categories"] and "city, whose levels have no order" in told["Categories"]
    assert "levels without a place in the order count as gaps (5 cells)" in told["Gaps"]
    assert matrix.filled == {"tier": 5}
    with pytest.raises(BadRequest):
        prepare(table(x=[1.5, 2.5, 3.5, 4.5]), Recipe(orders={"x": ("a", "b")}))


def test_levels_of_unbalanced_weight_are_plain_ones_and_noughts() -> None:
    """balanced | none: without it a category of many levels weighs more than a number."""
    found = table(c=["a", "b", "c", "a"] * 10, x=np.arange(40) + 0.5)
    plain = prepare(found, Recipe(weights="none"))
    hot = plain.values[:, [at for at, one in enumerate(plain.features) if one.level]]
    assert set(np.unique(hot)) == {0.0, 1.0}
    assert prepare(found, Recipe()).values[:, :3].var(axis=0).sum() == pytest.approx(1)
