"""Effect sizes against pandas and scipy asked one segment and signal at a time, and laws that they keep."""

from __future__ import annotations

import time
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model import NOISE, Column, Kind, Role, Source, Table
from core.profiles.differences import DIFFERENCES, differences
from core.profiles.drawn import drawn, weights
from core.profiles.effects import LARGEST, Sums, cohen, ranks

PLAIN = {"units": {}, "seed": 0}


def table_of(frame: pd.DataFrame, **kinds: Kind) -> Table:
    """A table whose columns are numbers unless said otherwise."""
    columns = tuple(Column(name, kinds.get(name, Kind.NUMBER), Role.FEATURE) for name in frame)
    return Table(frame, frame, columns, Source("made", "frame"), "f")


def mixed(seed: int, n: int = 600) -> tuple[Table, dict[str, np.ndarray]]:
    """Numbers, a flag and a category, all with gaps, under labelings of 2 to 5 segments, every second with noise."""
    random = np.random.default_rng(seed)
    group = random.integers(0, 4, n)
    frame = pd.DataFrame(
        {
            "spend": random.lognormal(3 + group / 2, 1, n),
            "visits": random.integers(0, 5, n).astype(float) + group,
            "member": (random.random(n) < group / 4).astype(float),
            "city": pd.Series(np.array(["Oslo", "Rome", "Lima"], dtype=object)[(group + random.integers(0, 2, n)) % 3]),
        }
    )
    for name in ("spend", "member", "city"):
        frame.loc[random.random(n) < 0.1, name] = None if name == "city" else np.nan
    labelings = {f"made-{k}": ((group + random.integers(0, 2, n)) % k + 1).astype(np.int16) for k in range(2, 6)}
    for labels in list(labelings.values())[::2]:
        labels[random.random(n) < 0.1] = NOISE
    return table_of(frame, member=Kind.FLAG, city=Kind.CATEGORY), labelings


def signal(table: Table, row) -> pd.Series:
    """The cells a row of differences is about: numbers, or noughts and ones, NaN where empty."""
    cells = table.frame[row.column]
    return (cells == row.level).astype(float).mask(cells.isna()) if row.kind == "category" else cells


def plain_cohen(own: pd.Series, rest: pd.Series) -> float:
    """Cohen's d by its definition."""
    parts = [(one, len(one) - 1) for one in (own.dropna(), rest.dropna())]
    pooled = sum(degrees * one.var(ddof=1) for one, degrees in parts) / sum(degrees for _, degrees in parts)
    return (own.mean() - rest.mean()) / np.sqrt(pooled)


@pytest.mark.parametrize("seed", range(4))
def test_figures_equal_pandas_and_scipy(seed):
    """Means, shares, d and delta are those found from the customers of the segment and all others, alone."""
    from scipy.stats import mannwhitneyu

    table, labelings = mixed(seed)
    found = differences(table, {}, labelings, units={"spend": "EUR"}, seed=seed)
    assert tuple(found.columns) == DIFFERENCES
    assert len(found) == sum(6 * len(np.unique(labels[labels > 0])) for labels in labelings.values())
    for row in found.itertuples():
        cells, inside = signal(table, row), labelings[row.candidate] == row.segment
        own, rest = cells[inside], cells[~inside]
        assert row.filled == own.notna().sum() and row.unit == ("EUR" if row.column == "spend" else "")
        means = (row.own, row.rest, row.everyone)
        assert means == pytest.approx((own.mean(), rest.mean(), cells.mean()), rel=1e-12)
        assert row.effect == pytest.approx(plain_cohen(own, rest), rel=1e-5, abs=1e-7)
        if row.kind == "number":
            u = mannwhitneyu(own.dropna(), rest.dropna()).statistic
            assert row.delta == pytest.approx(2 * u / (own.count() * rest.count()) - 1, rel=1e-5, abs=1e-7)
        else:
            assert np.isnan(row.delta) and 0 <= row.own <= 1


def test_cliffs_delta_on_a_worked_example():
    """Of the 3 x 3 pairs of (2, 3, 5) and (1, 3, 4), five are larger, three smaller, one equal: delta 2/9."""
    frame = pd.DataFrame({"x": [2.0, 3.0, 5.0, 1.0, 3.0, 4.0]})
    found = differences(table_of(frame), {}, {"a": np.array([1, 1, 1, 2, 2, 2])}, **PLAIN).set_index("segment")
    assert found["delta"].to_dict() == pytest.approx({1: 2 / 9, 2: -2 / 9})
    # means 10/3 and 8/3; both variances 7/3
    assert found.loc[1, "effect"] == pytest.approx((2 / 3) / np.sqrt(7 / 3))


def test_the_strongest_come_first():
    """Within a candidate and segment the effects fall in size; candidates and segments stand in their order."""
    table, labelings = mixed(1)
    found = differences(table, {}, labelings, **PLAIN)
    assert list(dict.fromkeys(found["candidate"])) == list(labelings)
    for _, part in found.groupby(["candidate", "segment"], sort=False):
        assert (part["effect"].abs().diff().dropna() <= 0).all()


@settings(max_examples=30, deadline=None)
@given(
    cells=st.lists(st.integers(-50, 50), min_size=6, max_size=40),
    shift=st.integers(-1000, 1000),
    scale=st.sampled_from([1e-9, 0.5, 3.0, 1e12]),
)
def test_units_do_not_matter(cells, shift, scale):
    """Shifting a column and stretching it leave d and delta as they were."""
    labels = np.arange(len(cells)) % 3 + 1
    frame = pd.DataFrame({"x": np.array(cells, dtype=float)})
    moved = pd.DataFrame({"x": (frame["x"] + shift) * scale})
    one, other = (differences(table_of(part), {}, {"a": labels}, **PLAIN) for part in (frame, moved))
    for name in ("effect", "delta"):
        assert other[name].to_numpy() == pytest.approx(one[name].to_numpy(), rel=1e-4, abs=1e-6, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.booleans()), min_size=6, max_size=40))
def test_two_segments_mirror_each_other(rows):
    """What sets one of two segments apart sets the other apart by as much, the other way round."""
    frame = pd.DataFrame({"x": [value for value, _ in rows]})
    labels = np.array([1 + second for _, second in rows])
    labels[:2] = 1, 2
    found = differences(table_of(frame), {}, {"a": labels}, **PLAIN).set_index("segment")
    for name in ("effect", "delta"):
        assert found.loc[1, name] == pytest.approx(-found.loc[2, name], rel=1e-4, abs=1e-6)
    assert found.loc[1, "own"] == pytest.approx(found.loc[2, "rest"], rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("scale", [1e-310, 1e-200, 1.0, 1e200, 1e307])
def test_extreme_numbers_stay_finite(scale):
    """Squares of the largest and smallest numbers neither overflow nor vanish."""
    cells = np.array([1, 2, 3, 4, 5, 6.0])
    labels = np.array([1, 1, 1, 2, 2, 2])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = differences(table_of(pd.DataFrame({"x": cells * scale})), {}, {"a": labels}, **PLAIN)
    assert found["effect"].to_numpy() == pytest.approx([-3, 3], rel=1e-3)
    assert found["own"].to_numpy() == pytest.approx(np.array([2, 5]) * scale, rel=1e-6)


def test_what_cannot_be_told_is_nan_and_what_is_equal_is_nought():
    """Constant columns have no effect, a flag that parts the segments wholly the largest, an empty side none that is known."""
    labels = np.array([1, 1, 1, 2, 2, 2])
    frame = pd.DataFrame({"same": 0.1, "flag": [1.0] * 3 + [0.0] * 3, "half": [np.nan] * 3 + [1.0, 2.0, 3.0], "none": np.nan})
    found = differences(table_of(frame, flag=Kind.FLAG), {}, {"a": labels}, **PLAIN).set_index(["column", "segment"])
    assert found.loc["same", "effect"].tolist() == [0, 0] == found.loc["same", "delta"].tolist()
    assert found.loc["same", "own"].tolist() == [0.1, 0.1]
    assert found.loc["flag", "effect"].to_dict() == {1: LARGEST, 2: -LARGEST}
    assert found.loc["half", ["effect", "delta"]].isna().all(axis=None)
    assert np.isnan(found.loc[("half", 1), "own"]) and found.loc[("half", 2), "own"] == 2
    assert found.loc["none", ["effect", "own", "everyone"]].isna().all(axis=None)
    assert not np.isinf(found.select_dtypes("number")).any(axis=None)
    alone = differences(table_of(frame), {}, {"a": np.ones(6, dtype=np.int16)}, **PLAIN)
    assert alone.loc[alone["column"] != "none", "own"].notna().all() and alone["effect"].isna().all()


def test_noise_is_part_of_the_rest():
    """Customers who are not placed are nobody's own, and among everyone else of each segment."""
    frame = pd.DataFrame({"x": [0.0, 1, 10, 11, 100, 101]})
    found = differences(table_of(frame), {}, {"a": np.array([1, 1, 2, 2, NOISE, NOISE])}, **PLAIN).set_index("segment")
    assert list(found.index) == [1, 2]
    assert found["rest"].to_dict() == pytest.approx({1: 55.5, 2: 50.5})


def test_numbers_of_segments_may_have_holes():
    """A segment whose number went when it was merged is not told; the others keep their numbers."""
    frame = pd.DataFrame({"x": [1.0, 2, 3, 4]})
    found = differences(table_of(frame), {}, {"a": np.array([4, 4, 2, 2])}, **PLAIN)
    assert found["segment"].tolist() == [2, 4] and found["own"].tolist() == [3.5, 1.5]


def test_roles_decide_what_is_told():
    """Outcome and profile-only columns are told, with their roles; ignored ones, ids, dates and texts are not."""
    frame = pd.DataFrame({name: [1.0, 2, 3, 4] for name in ("a", "b", "c", "d", "e")} | {"f": pd.Timestamp("2024-01-01")})
    roles = {"b": Role.PROFILE, "c": Role.OUTCOME, "d": Role.IGNORE, "e": Role.ID}
    found = differences(table_of(frame, f=Kind.DATE), roles, {"a": np.array([1, 1, 2, 2])}, **PLAIN)
    assert dict(zip(found["column"], found["role"], strict=True)) == {"a": "feature", "b": "profile", "c": "outcome"}


def test_captions_are_unique_and_the_commonest_values_are_told():
    """Columns that read alike are told apart; of a category's values the 12 commonest have rows, ties by value."""
    codes = [f"v{at:02}" for at in range(20) for _ in range(20 - at // 2 * 2)]
    frame = pd.DataFrame({"code": pd.Series(codes, dtype=object), "income ($)": 1.0, "income (EUR)": 2.0})
    labels = np.arange(len(frame)) % 2 + 1
    found = differences(table_of(frame, code=Kind.CATEGORY), {}, {"a": labels}, **PLAIN)
    first = found[found["segment"] == 1]
    assert first["caption"].is_unique and {"income", "income (2)"} < set(first["caption"])
    assert sorted(first.loc[first["column"] == "code", "level"]) == [f"v{at:02}" for at in range(12)]


def test_steady_separates_what_repeats_from_what_does_not():
    """A large effect comes out in all resamples, one at the border of 0.2 in about half, a smaller one has no figure."""
    random = np.random.default_rng(0)
    labels = np.repeat([1, 2], 900)
    noise = random.normal(size=1800)
    for at in (1, 2):
        noise[labels == at] = (noise[labels == at] - noise[labels == at].mean()) / noise[labels == at].std(ddof=1)
    frame = pd.DataFrame({f"d{d}": noise + d * (labels == 1) for d in (0.0, 0.1, 0.21, 2.0)})
    found = differences(table_of(frame), {}, {"a": labels}, **PLAIN).query("segment == 1").set_index("column")
    assert found["effect"].to_dict() == pytest.approx({"d0.0": 0, "d0.1": 0.1, "d0.21": 0.21, "d2.0": 2}, abs=1e-5)
    assert found.loc["d2.0", "steady"] == 1 and found.loc[["d0.0", "d0.1"], "steady"].isna().all()
    assert 0.35 < found.loc["d0.21", "steady"] < 0.8


def test_steady_equals_resampling_by_hand():
    """The products of matrices give what pandas gives for each resample of the same customers."""
    table, labelings = mixed(3, n=150)
    labels = labelings["made-3"]
    found = differences(table, {}, {"a": labels}, **PLAIN)
    rows = drawn(table.frame, list(table.frame), most=2_000, seed=0)
    counts = weights(len(rows), 100, seed=0).astype(int)
    some = found[found["effect"].abs() >= 0.2].head(6)
    assert len(some) == 6
    for row in some.itertuples():
        cells = signal(table, row)
        agreed = 0
        for resample in counts.T:
            taken = np.repeat(rows, resample)
            own = labels[taken] == row.segment
            effect = plain_cohen(cells.iloc[taken[own]], cells.iloc[taken[~own]])
            agreed += effect * np.sign(row.effect) >= 0.2
        assert row.steady == pytest.approx(agreed / 100)


def test_neither_threads_nor_the_order_of_rows_change_a_figure():
    """The frame is the same on two threads, and for the same customers in another order, where no two are alike."""
    table, labelings = mixed(2, n=3_000)
    table.frame["visits"] += np.random.default_rng(1).random(3_000)
    one = differences(table, {}, labelings, **PLAIN)
    two = differences(table, {}, labelings, threads=2, **PLAIN)
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    turn = np.random.default_rng(5).permutation(len(table))
    turned = table_of(table.frame.iloc[turn].reset_index(drop=True), member=Kind.FLAG, city=Kind.CATEGORY)
    again = differences(turned, {}, {key: labels[turn] for key, labels in labelings.items()}, **PLAIN)
    pd.testing.assert_frame_equal(one, again, check_exact=False, rtol=1e-5)
    assert one["steady"].dropna().nunique() > 5 and one["steady"].equals(again["steady"])


def test_nothing_to_tell_is_an_empty_frame():
    """Without columns, labelings or customers there are the columns, and no rows."""
    frame = pd.DataFrame({"x": [1.0, 2]})
    for table, labelings in (
        (table_of(frame), {}),
        (table_of(frame, x=Kind.TEXT), {"a": np.array([1, 2])}),
        (table_of(frame.iloc[:0]), {"a": np.array([], dtype=np.int16)}),
    ):
        found = differences(table, {}, labelings, **PLAIN)
        assert tuple(found.columns) == DIFFERENCES and len(found) == 0


def test_the_draw_is_fair_among_equal_rows():
    """Of rows that are all alike but for two kinds, each kind is drawn by its share: equal rows are no block."""
    frame = pd.DataFrame({"kind": np.repeat([0.0, 1.0], [9_000, 1_000])})
    shares = [frame["kind"].iloc[drawn(frame, ["kind"], most=1_000, seed=seed)].mean() for seed in range(20)]
    assert np.mean(shares) == pytest.approx(0.1, abs=0.01)  # standard error 0.002
    assert np.std(shares) == pytest.approx(np.sqrt(0.1 * 0.9 / 1_000 * 0.9), rel=0.6)


def test_the_draw_follows_the_content_and_the_seed():
    """The same customers are drawn from rows in another order, others with another seed, and none twice."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"x": random.normal(size=5_000), "y": random.integers(0, 3, 5_000).astype(float)})
    first = drawn(frame, ["x", "y"], most=500, seed=1)
    turned = frame.iloc[random.permutation(5_000)].reset_index(drop=True)
    again = turned.iloc[drawn(turned, ["x", "y"], most=500, seed=1)].reset_index(drop=True)
    pd.testing.assert_frame_equal(frame.iloc[first].reset_index(drop=True), again)
    assert len(set(first)) == 500 and len(set(first) & set(drawn(frame, ["x", "y"], most=500, seed=2))) < 120
    assert sorted(drawn(frame.head(7), ["x"], most=10, seed=0)) == list(range(7))


def test_weights_are_resamples_with_replacement():
    """Every resample has as many customers as were drawn, and leaves out about one in e."""
    found = weights(1_000, 50, seed=3)
    assert found.shape == (1_000, 50) and (found.sum(axis=0) == 1_000).all()
    assert (found == 0).mean() == pytest.approx(np.exp(-1), abs=0.01)


def test_ranks_share_ties_as_scipy_does():
    """Equal values have the mean of their ranks."""
    from scipy.stats import rankdata

    values = np.random.default_rng(0).integers(0, 20, 200).astype(float)
    np.testing.assert_array_equal(ranks(values), rankdata(values))
    assert len(ranks(np.array([]))) == 0


def test_cohen_needs_two_sides_and_more_than_two_cells():
    """One cell against one other has no spread to measure by."""
    one = Sums(np.array([1.0]), np.array([1.0]), np.array([1.0]))
    assert np.isnan(cohen(one, Sums(np.array([2.0]), np.array([1.0]), np.array([1.0]))))
    assert cohen(one, Sums(np.array([3.0]), np.array([1.0]), np.array([1.0]))) == LARGEST


@pytest.mark.parametrize(
    ("rows", "candidates", "seconds"), [(20_000, 27, 0.4), pytest.param(1_000_000, 1, 1.5, marks=pytest.mark.long)]
)
def test_all_candidates_cost_little(rows, candidates, seconds):
    """A comparison asks for this every time: 27 candidates of 20,000 customers take less than 0.4 s of one processor."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.lognormal(size=(rows, 8)), columns=[f"n{at}" for at in range(8)])
    labelings = {f"made-{at}": random.integers(1, 3 + at % 9, rows).astype(np.int16) for at in range(candidates)}
    spent = []
    for _ in range(2):
        since = time.process_time()
        differences(table_of(frame), {}, labelings, **PLAIN)
        spent.append(time.process_time() - since)
    assert min(spent) < seconds
