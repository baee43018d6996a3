"""Laws of the look at a table: counts that add up, measures that others find, too, and nothing that hangs on the order of rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import explore as steps
from core import pipeline
from core.explore.association import correlation_ratio, cramers_v, pearson, ranked, spearman
from core.explore.periods import MOST_PERIODS, by_period
from core.explore.spreads import MOST_BARS
from core.model import Column, Explored, Kind, Role, Source, Table

RANDOM = np.random.default_rng(4)


def column(kind, values, name="x", **more):
    series = pd.Series(values)
    return Column(name, kind, Role.FEATURE, gaps=int(series.isna().sum()), distinct=int(series.nunique()), **more)


def spread(kind, values, **more):
    dtype = object if kind in (Kind.CATEGORY, Kind.TEXT, Kind.KEY) else None
    return steps.spread(steps.cells_of(0, column(kind, values, **more), pd.Series(values, dtype=dtype)))


def table(frame: pd.DataFrame, **kinds: Kind) -> Table:
    known = {"f": Kind.NUMBER, "M": Kind.DATE}
    columns = tuple(
        column(kinds.get(name, known.get(frame[name].dtype.kind, Kind.CATEGORY)), frame[name], name) for name in frame
    )
    return Table(frame.astype(str), frame, columns, Source("t.csv", "csv", rows_in_file=len(frame)), "f" * 64)


def mixed(n: int = 400, seed: int = 1) -> pd.DataFrame:
    """Numbers with ties and gaps, a flag, two categories, a date."""
    random = np.random.default_rng(seed)
    age = random.integers(18, 80, n).astype(float)
    income = age * 100 + random.normal(0, 800, n)
    age[random.random(n) < 0.1] = np.nan
    income[random.random(n) < 0.2] = np.nan
    region = np.where(random.random(n) < 0.3, "North", "South").astype(object)
    plan = np.where(region == "North", random.choice(["a", "b"], n), random.choice(["b", "c"], n)).astype(object)
    plan[:7] = None
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 900, n), unit="D")
    return pd.DataFrame(
        {
            "age": age,
            "income": income,
            "member": (random.random(n) < 0.4).astype(float),
            "region": region,
            "plan": plan,
            "joined": days,
        }
    )


def found(explored: Explored, first: int, second: int, measure: str) -> tuple[float, int]:
    frame = explored.relations.frame
    (row,) = frame[(frame["first"] == first) & (frame["second"] == second) & (frame["measure"] == measure)].itertuples()
    return row.value, row.rows


# spreads


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=60))
def test_every_number_is_counted_once_whatever_it_is(values):
    """Bars, what lies beside them and gaps add up to the rows; edges rise; so do the figures of the box."""
    one = spread(Kind.NUMBER, np.array(values, dtype=float))
    assert sum(one.counts) + one.below + one.above + one.rest == one.filled
    assert one.filled + one.gaps == len(values)
    assert (
        list(one.edges) == sorted(set(one.edges)) and np.isfinite(one.edges).all() and len(one.counts) <= MOST_BARS + 2
    )
    if one.box is not None:
        box = one.box
        order = [box.minimum, box.low, box.lower, box.median, box.upper, box.high, box.maximum]
        assert order == sorted(order) and box.minimum <= box.mean <= box.maximum


@pytest.mark.parametrize("draw", [lambda r: r.normal(50, 12, 5000), lambda r: r.lognormal(3, 1, 5000),
                                  lambda r: r.integers(0, 9, 500), lambda r: r.integers(0, 5000, 900)])  # fmt: skip
def test_bars_are_those_of_numpy_over_the_same_edges(draw):
    values = draw(np.random.default_rng(7)).astype(float)
    one = spread(Kind.NUMBER, values)
    inside = values[(values >= one.edges[0]) & (values < one.edges[-1])]
    assert list(np.histogram(inside, np.array(one.edges))[0]) == list(one.counts)
    assert one.below == (values < one.edges[0]).sum() and one.above == (values >= one.edges[-1]).sum()
    assert (one.box.lower, one.box.median, one.box.upper) == pytest.approx(np.percentile(values, [25, 50, 75]))
    assert one.box.mean == pytest.approx(values.mean())


def test_a_far_value_does_not_flatten_the_bars():
    """99 values between 0 and 98 and one of a million: the bulk keeps its bars, the one is counted beside them."""
    one = spread(Kind.NUMBER, np.array([*range(99), 1e6], dtype=float))
    assert one.above == 1 and len(one.counts) >= 8 and one.box.above == 1 and one.box.maximum == 1e6


def test_few_whole_numbers_get_a_bar_each():
    one = spread(Kind.NUMBER, np.array([0, 1, 1, 3, 3, 3], dtype=float))
    assert one.edges == (-0.5, 0.5, 1.5, 2.5, 3.5) and one.counts == (1, 2, 0, 3) and one.whole


def test_flags_categories_texts_and_ids_are_counted_by_value():
    """Ties by value; what is unique to each customer gets no bars."""
    flag = spread(Kind.FLAG, np.array([1, 0, 1, np.nan]))
    assert (flag.labels, flag.counts, flag.gaps) == (("no", "yes"), (1, 2), 1)
    city = spread(Kind.CATEGORY, ["b", "a", "b", "a", "c", None])
    assert (city.labels, city.counts, city.gaps) == (("a", "b", "c"), (2, 2, 1), 1)
    many = spread(Kind.CATEGORY, [f"v{i:02d}" for i in range(25)] * 2 + ["v03"])
    assert many.labels[0] == "v03" and len(many.counts) == 20 and sum(many.counts) + many.rest == 51
    assert spread(Kind.KEY, ["k1", "k1", "k2"]).counts == ()
    assert spread(Kind.TEXT, ["one", "two"]).counts == () and spread(Kind.TEXT, ["ok", "ok", "no"]).counts == (2, 1)
    assert spread(Kind.NUMBER, np.array([np.nan, np.nan])).counts == ()


@pytest.mark.parametrize(("last", "period", "pandas"), [("2024-02-20", "day", "D"), ("2024-11-01", "week", "W-SUN"),
                                                        ("2027-06-30", "month", "M"), ("2035-01-01", "quarter", "Q"),
                                                        ("2080-03-03", "year", "Y")])  # fmt: skip
def test_dates_are_counted_by_the_period_that_pandas_counts_by(last, period, pandas):
    days = pd.Series(pd.date_range("2024-01-05 10:00", last, periods=300))
    one = spread(Kind.DATE, days)
    counted = days.dt.to_period(pandas).value_counts().sort_index()
    whole = counted.reindex(pd.period_range(counted.index[0], counted.index[-1], freq=counted.index.freq), fill_value=0)
    assert one.period == period and list(one.counts) == whole.tolist() and len(one.counts) <= MOST_PERIODS
    assert one.edges[0] == (whole.index[0].start_time - pd.Timestamp(0)).days


@given(st.integers(-700_000, 2_000_000), st.integers(0, 900_000))
def test_dates_of_any_years_are_counted_once(start, span):
    """Periods begin on their first day, and the last day is in the last period."""
    days = np.array([start, start + span / 3, start + span])
    told = by_period(days)
    assert sum(told["counts"]) == 3 and told["counts"][0] and told["counts"][-1]
    assert told["edges"][0] <= start and start + span < told["edges"][-1]


def test_decades_begin_with_a_nought():
    told = by_period(np.array([pd.Timestamp(day).timestamp() / 86_400 for day in ("1905-05-05", "1999-12-31")]))
    assert told["period"] == "year" or told["labels"][0] == "1900s"
    told = by_period(np.array([pd.Timestamp(day).timestamp() / 86_400 for day in ("1905-05-05", "2024-12-31")]))
    assert told["labels"][0] == "1900s" and told["labels"][-1] == "2020s" and len(told["counts"]) == 13


# relations


@pytest.mark.parametrize("gaps", [0.0, 0.3])
def test_correlations_are_those_of_scipy_on_the_pairs_that_are_filled(gaps):
    from scipy import stats

    values = np.column_stack([RANDOM.normal(size=200), RANDOM.integers(0, 5, 200), RANDOM.lognormal(0, 2, 200)])
    values[:, 2] += values[:, 0]
    values[RANDOM.random(values.shape) < gaps] = np.nan
    for ours, theirs in ((pearson, stats.pearsonr), (spearman, stats.spearmanr)):
        matrix, counts = ours(values)
        for a in range(3):
            for b in range(a):
                both = ~np.isnan(values[:, [a, b]]).any(axis=1)
                assert (
                    matrix[a, b]
                    == matrix[b, a]
                    == pytest.approx(theirs(values[both, a], values[both, b])[0], abs=1e-12)
                )
                assert counts[a, b] == both.sum()


def test_correlations_stay_exact_far_from_zero_and_at_any_scale():
    """A shift of 1e9 and a factor of 1e300 change nothing that counts."""
    x, y = RANDOM.normal(size=(2, 500))
    wanted = np.corrcoef(x, x + y)[0, 1]
    for shift, scale in ((1e9, 1.0), (0.0, 1e300), (0.0, 1e-300)):
        assert pearson(np.column_stack([x + shift, (x + y) * scale]))[0][0, 1] == pytest.approx(wanted, abs=1e-7)


def test_what_does_not_vary_cannot_be_correlated():
    """A constant column, one that is constant where the other is filled, and fewer than 3 rows: NaN, never 0 or 1."""
    values = np.array([[0.1, 1, np.nan], [0.1, 2, 5], [0.1, 2, 7], [0.1, 2, 6], [0.1, 9, np.nan]])
    matrix = pearson(values)[0]
    assert np.isnan(matrix[0]).all() and np.isnan(matrix[1, 2]) and np.isnan(spearman(values)[0][1, 2])
    assert np.isnan(pearson(values[:2, 1:])[0]).all()


def test_ranks_are_those_of_scipy():
    from scipy.stats import rankdata

    values = RANDOM.integers(0, 9, (60, 2)).astype(float)
    values[::7, 1] = np.nan
    assert (ranked(values)[:, 0] == rankdata(values[:, 0])).all()
    filled = ~np.isnan(values[:, 1])
    assert (ranked(values)[filled, 1] == rankdata(values[filled, 1])).all() and np.isnan(
        ranked(values)[~filled, 1]
    ).all()


def test_the_correlation_ratio_is_the_one_worked_out_by_hand():
    """The scores of three courses: means 36, 33, 78 around 52, between 6,780 of 9,640 in all: eta squared 0.7033."""
    algebra, geometry, statistics = (45, 70, 29, 15, 21), (40, 20, 30, 42), (65, 95, 80, 70, 85, 73)
    values = np.array([*algebra, *geometry, *statistics], dtype=float)[:, None]
    codes = np.repeat([0, 1, 2], [5, 4, 6]).astype(np.int32)
    eta, rows = correlation_ratio(codes, values)
    assert eta[0] ** 2 == pytest.approx(6780 / 9640) and rows[0] == 15
    with_gap = correlation_ratio(np.append(codes, [-1, 0]), np.vstack([values, [[9]], [[np.nan]]]))
    assert with_gap[0][0] == pytest.approx(eta[0]) and with_gap[1][0] == 15
    assert np.isnan(correlation_ratio(np.zeros(15, dtype=np.int32), values)[0][0])


def test_cramers_v_is_the_one_of_scipy_with_bergsmas_correction():
    from scipy.stats.contingency import association

    for _ in range(20):
        first, second = RANDOM.integers(0, 4, 300), RANDOM.integers(0, 3, 300)
        second = np.where(RANDOM.random(300) < 0.4, first % 3, second)
        plain = association(pd.crosstab(first, second).to_numpy(), method="cramer")
        rows, columns, n = 4, 3, 300
        square = max(0, plain**2 * (min(rows, columns) - 1) - (rows - 1) * (columns - 1) / (n - 1))
        least = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
        assert cramers_v(first, second)[0] == pytest.approx((square / least) ** 0.5)
    assert cramers_v(first, first)[0] == pytest.approx(1.0)
    assert np.isnan(cramers_v(first, np.zeros(300, dtype=int))[0])


def test_each_pair_of_kinds_has_its_measure():
    explored = pipeline.explore(table(mixed(), member=Kind.FLAG))
    frame = mixed()
    kinds = {(a, b): set(part["measure"]) for (a, b), part in explored.relations.frame.groupby(["first", "second"])}
    assert kinds[(0, 1)] == kinds[(0, 2)] == kinds[(1, 5)] == {"spearman", "pearson"}
    assert kinds[(0, 3)] == kinds[(4, 5)] == {"eta"} and kinds[(2, 3)] == kinds[(3, 4)] == {"cramers_v"}
    value, rows = found(explored, 0, 1, "spearman")
    assert value == pytest.approx(frame["age"].corr(frame["income"], method="spearman"))
    assert rows == frame[["age", "income"]].notna().all(axis=1).sum()
    assert set(explored.relations.columns) == set(range(6)) and explored.relations.candidates == 6


def test_the_order_of_rows_changes_nothing_but_the_map_of_gaps():
    """Shuffled rows: spreads, relations, patterns and points are equal to the last bit."""
    frame = mixed()
    one, other = (
        pipeline.explore(table(f, member=Kind.FLAG))
        for f in (frame, frame.sample(frac=1, random_state=5, ignore_index=True))
    )
    assert one.spreads == other.spreads and one.relations.columns == other.relations.columns
    pd.testing.assert_frame_equal(one.relations.frame, other.relations.frame, check_exact=True)
    assert np.array_equal(one.points, other.points, equal_nan=True) and one.gaps.patterns == other.gaps.patterns


def test_a_sample_is_the_same_for_shuffled_rows_and_differs_for_other_content():
    """The most rows with the smallest hashes; a shorter sample begins a longer one."""
    values = RANDOM.normal(size=5000)
    cells = [steps.cells_of(0, column(Kind.NUMBER, values), pd.Series(values))]
    shuffled = RANDOM.permutation(values)
    other = [steps.cells_of(0, column(Kind.NUMBER, shuffled), pd.Series(shuffled))]
    long, short = (steps.in_content_order(cells, 5000, most) for most in (1000, 100))
    assert (long[:100] == short).all() and len(set(long.tolist())) == 1000
    assert (values[long] == shuffled[steps.in_content_order(other, 5000, 1000)]).all()
    assert abs(values[long].mean()) < 0.12, "the sample is not taken from one end"


def test_of_many_columns_those_that_are_related_most_are_shown():
    """40 columns of noise, and two pairs that nearly repeat one another: both pairs are among the 30."""
    frame = pd.DataFrame(RANDOM.normal(size=(300, 40)), columns=[f"n{i}" for i in range(40)])
    frame["n37"], frame["n22"] = frame["n3"] + 0.1 * frame["n37"], -(frame["n11"] ** 3)
    explored = pipeline.explore(table(frame))
    assert len(explored.relations.columns) == 30 and {3, 37, 11, 22} <= set(explored.relations.columns)
    assert explored.relations.candidates == 40 and found(explored, 11, 22, "spearman")[0] == pytest.approx(-1)
    at = explored.relations.columns.index
    assert abs(at(3) - at(37)) == 1 and abs(at(11) - at(22)) == 1, "columns that go together stand together"


def test_columns_that_cannot_be_compared_are_no_candidates():
    """Ids, texts, a constant, and categories with more than 100 values."""
    frame = pd.DataFrame({"id": pd.Series([f"k{i}" for i in range(150)], dtype=object), "one": 1.0,
                          "many": pd.Series([f"c{i}" for i in range(150)], dtype=object), "x": np.arange(150.0)})  # fmt: skip
    explored = pipeline.explore(table(frame, id=Kind.KEY))
    assert explored.relations.candidates == 1 and explored.relations.columns == () and explored.relations.frame.empty


# gaps and points


def test_gaps_are_those_that_pandas_counts():
    frame = mixed(1000, seed=9)
    explored = pipeline.explore(table(frame, member=Kind.FLAG))
    names = list(frame.columns)
    assert {names[s.place]: s.gaps for s in explored.spreads} == frame.isna().sum().to_dict()
    gaps = explored.gaps
    sizes = np.diff(gaps.starts)
    assert (
        gaps.starts[0] == 0
        and gaps.starts[-1] == 1000
        and [names[p] for p in gaps.columns] == ["income", "age", "plan"]
    )
    for at, place in enumerate(gaps.columns):
        by_block = frame.iloc[:, place].isna().groupby(np.repeat(np.arange(len(sizes)), sizes)).mean()
        assert gaps.shares[:, at] == pytest.approx(by_block.to_numpy())


def test_patterns_of_gaps_are_those_that_pandas_groups():
    frame = mixed(800, seed=3)
    explored = pipeline.explore(table(frame, member=Kind.FLAG))
    counted = frame.isna().value_counts()
    wanted = {tuple(i for i, gap in enumerate(key) if gap): int(count) for key, count in counted.items()}
    assert {one.columns: one.rows for one in explored.gaps.patterns} == wanted
    assert explored.gaps.found == len(wanted) and sum(wanted.values()) == 800


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_tiny_tables_are_looked_at_without_a_fault(rows):
    explored = pipeline.explore(table(mixed().head(rows), member=Kind.FLAG))
    assert explored.rows == rows and len(explored.points) == rows
    assert explored.relations.frame["value"].isna().all()


def test_frames_for_download_add_up_and_read_back():
    """Rows of a column's bars, what is beside them and its gaps are the rows of the table; points are the cells."""
    frame = mixed()
    explored = pipeline.explore(table(frame, member=Kind.FLAG))
    bars = steps.spreads_frame(explored, range(6))
    assert set(bars["rows"].astype(int).groupby(bars["column"]).sum()) == {len(frame)}
    points = steps.points_frame(explored, [1, 5])
    assert sorted(points["income"].replace("", np.nan).dropna().astype(float)) == sorted(frame["income"].dropna())
    assert sorted(points["joined"]) == sorted(frame["joined"].dt.strftime("%Y-%m-%d"))
    related = steps.relations_frame(explored)
    assert related["value"].astype(float).to_numpy() == pytest.approx(explored.relations.frame["value"].to_numpy())
    assert len(steps.gaps_frame(explored)) == explored.gaps.shares.size
    assert steps.patterns_frame(explored)["rows"].astype(int).sum() == len(frame)


def test_points_of_wide_tables_are_fewer():
    """Two million cells are stored at most."""
    frame = pd.DataFrame(RANDOM.normal(size=(5000, 500)).astype(float), columns=[f"n{i}" for i in range(500)])
    every = [steps.cells_of(i, column(Kind.NUMBER, frame[name], name), frame[name]) for i, name in enumerate(frame)]
    values, places = steps.points(every, np.arange(5000))
    assert values.shape == (4000, 500) and places == tuple(range(500))
    assert (values == frame.to_numpy()[:4000]).all()


def test_a_table_is_not_changed_by_looking():
    before = table(mixed(), member=Kind.FLAG)
    kept = replace(before, frame=before.frame.copy())
    pipeline.explore(before)
    pd.testing.assert_frame_equal(before.frame, kept.frame, check_exact=True)
