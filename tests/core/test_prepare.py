"""Preparing: figures equal scikit-learn's, nothing is learned from rows set aside, nothing overflows."""

from __future__ import annotations

import tracemalloc
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.preprocessing import MinMaxScaler, RobustScaler, StandardScaler

from core.errors import BadRequest, NoFeatures, NoVariation, TooFewRows
from core.formats import read
from core.formats.reading import Reading
from core.model import Column, Kind, Recipe, Role, Source, Table
from core.prepare import effect, prepare, roles
from core.prepare.encoding import levels
from core.tables import understand


def table(**columns: object) -> Table:
    return understand(Reading(pd.DataFrame(columns), Source("t", "frame")), {})


def shop(n: int = 200) -> Table:
    rng = np.random.default_rng(5)
    spend = rng.normal(50, 9, n)
    spend[3] = 900.5
    income = rng.normal(3_000, 300, n)
    income[[7, 11]] = np.nan
    return table(spend=spend, income=income, city=rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
                 vip=rng.choice(["yes", "no"], n))


@pytest.mark.parametrize(("rule", "reference"),
                         [("standard", StandardScaler), ("robust", RobustScaler), ("minmax", MinMaxScaler)])
def test_scaling_equals_scikit_learn(rule: str, reference: type) -> None:
    """The oracle is scikit-learn's own scaler on the same numbers."""
    found = shop()
    matrix = prepare(found, Recipe(scaling=rule, roles={"income": "ignore", "city": "ignore", "vip": "ignore"}))
    expected = reference().fit_transform(found.frame[["spend"]])
    np.testing.assert_allclose(matrix.values, expected[matrix.rows], rtol=1e-12, atol=1e-12)


def test_mall_customers_unscaled_are_the_raw_numbers(shared_data) -> None:
    """Income and spending score without scaling are the file's numbers."""
    path = shared_data / "customers" / "Mall_Customers.csv"
    recipe = Recipe(scaling="none", roles={"Gender": "ignore", "Age": "ignore"})
    matrix = prepare(understand(read(path, path.name, {}), {}), recipe)
    np.testing.assert_array_equal(matrix.values, pd.read_csv(path).iloc[matrix.rows, 3:5].to_numpy(dtype=float))


def test_the_matrix_keeps_its_contract() -> None:
    """float64, C order, read-only, finite; rows and rows aside together are the table."""
    for recipe in (Recipe(), Recipe(gaps="drop", outliers="iqr", scaling="robust"), Recipe(gaps="mode")):
        matrix = prepare(shop(), recipe)
        for values in (matrix.values, matrix.aside_values):
            assert values.dtype == np.float64
            assert values.flags.c_contiguous
            assert not values.flags.writeable
            assert np.isfinite(values).all()
        assert sorted([*matrix.rows, *matrix.aside_rows]) == list(range(200))
        assert len(matrix.features) == matrix.values.shape[1] == matrix.aside_values.shape[1]
        assert len(matrix.aside_reasons) == len(matrix.aside_rows)


def test_the_order_of_the_file_changes_no_value() -> None:
    """Shuffled rows give the same matrix bit by bit; only the positions in the table differ."""
    found = shop()
    order = np.random.default_rng(1).permutation(200)
    one, other = prepare(found, Recipe()), prepare(table(**found.raw.iloc[order].reset_index(drop=True)), Recipe())
    np.testing.assert_array_equal(one.values, other.values)
    np.testing.assert_array_equal(one.rows, order[other.rows])


def test_rows_lie_in_the_order_of_their_hashes(monkeypatch) -> None:
    """Blocks and ties do not matter: the order is that of one stable sort by the hash of the cells used."""
    rng = np.random.default_rng(2)
    found = table(x=rng.integers(0, 4, 300) + 0.5, y=rng.normal(0, 1, 300).round(1), c=rng.choice(["a", "b"], 300))
    monkeypatch.setattr(import_module("core.prepare.screen"), "_BLOCK", 7)
    hashes = pd.util.hash_pandas_object(found.frame, index=False).to_numpy()
    assert len(np.unique(hashes)) < 300
    np.testing.assert_array_equal(prepare(found, Recipe()).rows, np.argsort(hashes, kind="stable"))


def test_a_large_table_is_not_copied() -> None:
    """Beside its matrix, preparing 300,000 customers by 12 numbers takes less than the table."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"n{at}": rng.normal(0, 1, 300_000) for at in range(12)})
    columns = tuple(Column(name, Kind.NUMBER, Role.FEATURE) for name in frame)
    found = Table(frame, frame, columns, Source("t", "frame"), "f")
    tracemalloc.start()
    matrix = prepare(found, Recipe())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - matrix.values.nbytes < matrix.values.nbytes


def test_all_columns_that_set_a_row_aside_are_named() -> None:
    """Reasons join the columns in their order, over more columns than a byte has bits; a gap comes before a distance."""
    rng = np.random.default_rng(4)
    cells = {f"n{at}": rng.uniform(1, 2, 50) for at in range(10)}
    for name in ("n0", "n8", "n9"):
        cells[name][7] = 1e6
    cells["n3"][[7, 9]] = 1e6
    cells["n1"][9] = np.nan
    matrix = prepare(table(**cells), Recipe(gaps="drop", outliers="iqr"))
    reasons = dict(zip(matrix.aside_rows.tolist(), matrix.aside_reasons, strict=True))
    assert reasons == {7: "n0, n3, n8, n9 beyond the IQR fences", 9: "gap in n1"}


def test_rows_set_aside_have_a_reason_and_teach_nothing() -> None:
    """What is learned from the other rows does not change when a row set aside changes."""
    found = shop()
    recipe = Recipe(gaps="drop", outliers="iqr")
    matrix = prepare(found, recipe)
    reasons = dict(zip(matrix.aside_rows.tolist(), matrix.aside_reasons, strict=True))
    assert reasons[7] == "gap in income"
    assert reasons[3] == "spend beyond the IQR fences"
    raw = found.raw.copy()
    raw.loc[7, "spend"] = 49.0
    np.testing.assert_array_equal(prepare(table(**raw), recipe).values, matrix.values)
    at = matrix.aside_rows.tolist().index(7)
    kept = found.frame["income"].iloc[matrix.rows]
    column = [f.name for f in matrix.features].index("income")
    assert matrix.aside_values[at, column] == pytest.approx((kept.median() - kept.mean()) / kept.std(ddof=0))


def test_outliers_are_marked_and_kept_by_default() -> None:
    """Marking sets nobody aside."""
    matrix = prepare(shop(), Recipe())
    assert matrix.outlier[3]
    assert len(matrix.aside_rows) == 0


def test_gap_rules() -> None:
    """Median for numbers, most frequent for categories and under mode; ties go to the smallest."""
    found = table(x=[1.5, 2.5, 2.5, 9.5, None], c=["a", "a", "b", None, "b"], f=["yes", "no", "yes", None, "yes"])
    none = Recipe(scaling="none", roles={"c": "feature", "f": "feature"})
    matrix = prepare(found, none)
    by_row = matrix.values[np.argsort(matrix.rows)]
    assert by_row[4, 0] == 2.5
    assert matrix.filled == {"x": 1, "c": 1, "f": 1}
    assert by_row[3].tolist() == [9.5, 1.0, 1.0]


def test_a_category_weighs_like_one_number() -> None:
    """Under standard scaling every input column brings variance 1, whatever its number of levels."""
    matrix = prepare(shop(), Recipe())
    for name in ("spend", "income", "city", "vip"):
        block = [i for i, f in enumerate(matrix.features) if f.column == name]
        assert matrix.values[:, block].var(axis=0).sum() == pytest.approx(1)
    spread = prepare(shop(), Recipe(scaling="minmax"))
    city = spread.values[:, [i for i, f in enumerate(spread.features) if f.column == "city"]]
    distances = np.linalg.norm(city[:, None] - city[None], axis=2)
    assert np.isclose(distances, 0).sum() + np.isclose(distances, 1).sum() == distances.size


def test_rare_and_many_levels_are_grouped() -> None:
    """At most twenty columns, levels under 1 % together, two levels one column."""
    rng = np.random.default_rng(0)
    many = pd.Series(rng.choice([f"v{i}" for i in range(60)], 5_000))
    assert len(levels(many)) == 20
    assert levels(many)[-1] == "other"
    rare = pd.Series(["a"] * 500 + ["b"] * 400 + ["z"] * 2 + ["y"])
    assert levels(rare) == ("a", "b", "other")
    assert levels(pd.Series(["other"] * 500 + ["b"] * 400 + ["z"] * 2))[-1] == "other values"
    assert levels(pd.Series(["a", "b", "a"])) == ("a",)
    found = table(c=rare.to_numpy(), x=rng.normal(0, 1, len(rare)))
    matrix = prepare(found, Recipe(scaling="none"))
    np.testing.assert_array_equal(matrix.values[:, :3].sum(axis=1), 1)


def test_refusals_say_why() -> None:
    """No features, too few rows, no variation, unknown columns: each its own error."""
    found = shop(20)
    with pytest.raises(NoFeatures) as none:
        prepare(found, Recipe(roles=dict.fromkeys(["spend", "income", "city", "vip"], "ignore")))
    assert none.value.reasons["spend"] == "its role is ignore"
    with pytest.raises(TooFewRows):
        gappy = table(x=[1.5, None, None], y=[None, 2.5, 3.5])
        prepare(gappy, Recipe(gaps="drop", roles={"x": "feature", "y": "feature"}))
    with pytest.raises(NoVariation):
        prepare(table(x=[1.5] * 5), Recipe(roles={"x": "feature"}))
    with pytest.raises(BadRequest):
        roles(found, Recipe(roles={"nobody": "feature"}))


def test_unusable_features_are_dropped_aloud() -> None:
    """Text, keys, dates, and columns without difference that were asked for are listed with a reason."""
    found = table(x=[float(i) + 0.5 for i in range(30)], same=["s"] * 30, note=[f"some words {i}" for i in range(30)],
                  day=pd.date_range("2026-01-01", periods=30), key=[f"k{i}" for i in range(30)])
    asked = {name: "feature" for name in ("same", "note", "day", "key")}
    matrix = prepare(found, Recipe(roles=asked))
    assert {d.name for d in matrix.dropped} == set(asked)
    assert all(d.reason for d in matrix.dropped)
    city = prepare(shop(), Recipe(encoding="none"))
    assert [d.name for d in city.dropped] == ["city"]


def test_the_effect_is_what_preparing_does() -> None:
    """Counts told before equal the matrix afterwards."""
    for recipe in (Recipe(), Recipe(gaps="drop", outliers="iqr"), Recipe(units={"spend": "EUR"})):
        told, matrix = effect(shop(), recipe), prepare(shop(), recipe)
        assert (told.rows, told.fitted, told.aside) == (200, len(matrix.rows), len(matrix.aside_rows))
        assert told.outliers == matrix.outlier.sum()
        assert told.features == matrix.features
        assert told.filled == matrix.filled
        assert sum(told.reasons.values()) == told.aside
    assert told.features[0].unit == "EUR"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=5, max_size=30),
       st.sampled_from(["standard", "robust", "minmax", "none"]), st.sampled_from(["keep", "iqr"]))
def test_no_finite_number_overflows(values: list[float], rule: str, outliers: str) -> None:
    """From denormal to 1e308 every squared distance in the matrix is finite, without a warning."""
    found = table(x=values, y=[float(i) + 0.5 for i in range(len(values))])
    chosen = Recipe(scaling=rule, outliers=outliers, roles={"x": "feature" if found.column("x").kind is Kind.NUMBER
                                                            else "ignore", "y": "feature"})
    matrix = prepare(found, chosen)
    everyone = np.vstack([matrix.values, matrix.aside_values])
    assert np.isfinite(((everyone[:, None] - everyone[None]) ** 2).sum(axis=2)).all()
