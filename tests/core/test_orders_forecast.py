"""Predictive ranges: what they add up to, that they cover what happens, and the back-test on held-out orders."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.model import NOISE
from core.model.orders import OrderPlan
from core.orders.engine import session
from core.orders.lines import TYPES, arrow_type
from core.orders.value import backtest, expectations, fit_value, forecast
from core.orders.value.backtesting import COLUMNS
from core.orders.value.forecasting import FEWEST_DRAWS, MOST_DRAWS, draws_for
from core.orders.value.histories import histories, spent
from core.orders.value.simulate import draw_parameters, draw_purchases, draw_value
from tests.core.order_histories import cohort

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "orders"
TOLD = ["expected_purchases", "purchases_low", "purchases_high", "expected_value", "value_low", "value_high"]


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return cohort(11, 600).features


@pytest.fixture(scope="module")
def model(customers):
    return fit_value(customers, OrderPlan(horizon_days=180, seed=4))


@pytest.fixture(scope="module")
def labels(customers) -> np.ndarray:
    return np.select([customers["repeat_purchases"] == 0, customers["recency"] < 100], [1, 2], NOISE)


def test_segments_add_up_and_lie_within_their_ranges(customers, model, labels):
    told = forecast(customers, model, [labels, np.ones(len(labels), dtype=int)])
    assert list(told) == ["labeling", "segment", *TOLD]
    assert told[["labeling", "segment"]].to_numpy().tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1]]
    single = expectations(customers, model)
    for segment, chosen in ((0, labels > -9), (1, labels == 1), (2, labels == 2)):
        row = told.iloc[segment]
        assert row["expected_purchases"] == pytest.approx(single["expected_purchases"][chosen].sum())
        assert row["expected_value"] == pytest.approx(single["expected_value"][chosen].sum())
    assert (told.iloc[3][TOLD] == told.iloc[0][TOLD]).all()
    assert told.iloc[4][TOLD].to_numpy(dtype=float) == pytest.approx(told.iloc[0][TOLD].to_numpy(dtype=float))
    assert (told["purchases_low"] < told["expected_purchases"]).all()
    assert (told["expected_purchases"] < told["purchases_high"]).all()
    assert (told["value_low"] < told["expected_value"]).all() and (told["expected_value"] < told["value_high"]).all()


def test_neither_order_nor_threads_nor_other_labelings_change_a_figure(customers, model, labels):
    alone = forecast(customers, model, [labels])
    mixed = np.random.default_rng(1).permutation(len(labels))
    beside = forecast(customers.iloc[mixed], model, [np.ones(len(labels), dtype=int), labels[mixed]], threads=2)
    pd.testing.assert_frame_equal(alone[TOLD], beside.iloc[2:][TOLD].reset_index(drop=True), rtol=1e-12)
    other = forecast(customers, replace(model, seed=5), [labels])
    assert (other["purchases_low"] != alone["purchases_low"]).any()


def test_customers_without_a_purchase_add_nothing(customers, model, labels):
    nobody = customers.iloc[:5].assign(customer_id="zz", repeat_purchases=np.nan, recency=np.nan, tenure=np.nan)
    more = forecast(pd.concat([customers, nobody]), model, [np.append(labels, [1, 2, 3, 3, 3])])
    few = forecast(customers, model, [labels])
    pd.testing.assert_frame_equal(more.iloc[:3], few)
    assert (more.iloc[3][TOLD] == 0).all()


def test_without_a_model_or_money_there_are_gaps(customers, model, labels):
    none = forecast(customers, replace(model, method="none"), [labels])
    assert len(none) == 3 and none[TOLD].isna().all().all()
    free = forecast(customers, replace(model, spend="none"), [labels])
    assert free[TOLD[:3]].notna().all().all() and free[TOLD[3:]].isna().all().all()
    assert forecast(customers, model, []).empty


def test_fewer_futures_are_simulated_for_many_customers():
    assert [draws_for(n) for n in (0, 1, 50_000, 100_000, 10_000_000)] == [
        MOST_DRAWS, MOST_DRAWS, MOST_DRAWS, 100, FEWEST_DRAWS,
    ]  # fmt: skip


@pytest.mark.parametrize("method", ["bgnbd", "rate"])
@pytest.mark.parametrize("spend", ["gamma", "mean"])
def test_simulated_futures_have_the_mean_of_the_closed_forms(customers, model, method, spend):
    sure = replace(
        model,
        method=method,
        spend=spend,
        purchase_covariance=np.zeros((4, 4)),
        spending_covariance=np.zeros((3, 3)),
        rate=0.03,
    )
    given, money = histories(customers), spent(customers)
    drawn = draw_parameters(sure, given, money, 400)
    if method == "rate":
        drawn = [replace(one, purchase=np.array([sure.rate])) for one in drawn]
    totals = []
    for one in drawn:
        rows, purchases = draw_purchases(one, given, 180 / 7)
        assert (purchases > 0).all()
        totals.append((purchases.sum(), draw_value(one, given.repeats[rows], money[rows], purchases).sum()))
    expected = expectations(customers, sure)[["expected_purchases", "expected_value"]].sum()
    error = np.std(totals, axis=0) / np.sqrt(len(totals))
    assert (np.abs(np.mean(totals, axis=0) - expected) < 4 * error).all()
    assert (error < 0.02 * expected).all()


def covered(seeds: range) -> np.ndarray:
    """Share of cohorts whose next year lies within the range: purchases and money of everyone, then by segment."""
    hits = []
    for seed in seeds:
        one = cohort(seed)
        model = fit_value(one.features, OrderPlan(horizon_days=365, seed=seed))
        again = np.where(one.features["repeat_purchases"] > 0, 2, 1)
        told = forecast(one.features, model, [again])
        within = []
        for segment, row in told.iterrows():
            chosen = (again == segment) | (segment == 0)
            within.append(row["purchases_low"] <= one.purchases[chosen].sum() <= row["purchases_high"])
            within.append(row["value_low"] <= one.value[chosen].sum() <= row["value_high"])
        hits.append(within)
    return np.mean(hits, axis=0)


@pytest.mark.long
def test_the_range_covers_what_cohorts_buy_in_the_next_year():
    share = covered(range(1000, 1200))
    assert ((share >= 0.7) & (share <= 0.9)).all(), share


def lines(bought: pd.DataFrame, folder: Path) -> Path:
    """Canonical lines with these customers and dates; a negative quantity is a return."""
    cells = {name: pa.array(bought[name]) if name in bought else pa.nulls(len(bought)) for name in TYPES}
    path = folder / "lines.parquet"
    pq.write_table(pa.table(cells).cast(pa.schema([(name, arrow_type(kind)) for name, kind in TYPES.items()])), path)
    return path


def held_out(bought: pd.DataFrame, folder: Path, **plan) -> tuple[pd.DataFrame, str]:
    path = lines(bought, folder)
    with session(folder=folder) as running:
        read = running.lines(path)
        return backtest(running, read.mutate(purchase=read["quantity"] > 0), OrderPlan(**plan))


def orders(seed: int, customers: int = 700, days: int = 280) -> pd.DataFrame:
    """Orders of customers who come during the first third, buy at their own rate and leave; some returns."""
    random = np.random.default_rng(seed)
    rows = []
    for i in range(customers):
        day, rate, leaving = random.integers(0, days // 3), random.gamma(0.8, 1 / 40), random.beta(0.8, 3)
        while day < days:
            rows.append((f"c{i}", int(day), 1))
            if random.random() < 0.1:
                rows.append((f"c{i}", int(day) + 2, -1))
            if random.random() < leaving:
                break
            day += random.exponential(1 / rate)
    frame = pd.DataFrame(rows, columns=["customer", "day", "quantity"])
    return frame.assign(date=pd.Timestamp("2024-01-01 10:00") + pd.to_timedelta(frame["day"], unit="D"))


def test_the_backtest_counts_what_was_bought_again(tmp_path):
    bought = orders(1)
    found, told = held_out(bought, tmp_path, as_of="2024-10-07")
    assert list(found) == list(COLUMNS)
    assert found["week"].tolist() == list(range(1, 41)) and found["held_out"].tolist() == [0] * 27 + [1] * 13
    days = bought[bought["quantity"] > 0][["customer", "day"]].drop_duplicates()
    first = days.groupby("customer")["day"].transform("min")
    again = days[(days["day"] > first) & (first < 27 * 7)]
    assert found["actual"].tolist() == [int((again["day"] < 7 * week).sum()) for week in found["week"]]
    before, held = found[found["held_out"] == 0], found[found["held_out"] == 1]
    assert before[["low", "high"]].isna().all().all()
    assert (held["low"] <= held["expected"]).all() and (held["expected"] <= held["high"]).all()
    assert found["expected"].iloc[:27].is_monotonic_increasing and held["expected"].is_monotonic_increasing
    assert before["expected"].iloc[-1] == pytest.approx(before["actual"].iloc[-1], rel=0.1)
    assert "In the 13 weeks held out" in told and "80% range" in told


def test_the_backtest_is_the_same_in_any_order_of_lines(tmp_path):
    bought = orders(2, 300)
    one = held_out(bought, tmp_path)
    other = held_out(bought.sample(frac=1.0, random_state=1), tmp_path)
    pd.testing.assert_frame_equal(one[0], other[0])
    assert one[1] == other[1]


def test_a_sample_of_many_customers_gives_nearly_the_same_range(tmp_path, monkeypatch):
    bought = orders(3)
    whole = held_out(bought, tmp_path)[0]
    monkeypatch.setattr("core.orders.value.backtesting.MOST_CUSTOMERS", 350)
    part = held_out(bought, tmp_path)[0]
    assert part["expected"].tolist() == whole["expected"].tolist()
    last, again = whole.iloc[-1], part.iloc[-1]
    assert again["low"] < last["expected"] < again["high"]
    assert 0.8 < (again["high"] - again["low"]) / (last["high"] - last["low"]) < 2


def test_too_short_or_too_thin_a_history_is_not_tested(tmp_path):
    for bought, words in (
        (orders(4, 200, 60), "a test on held-out orders needs 12 weeks"),
        (orders(4, 30), "needs at least 50 customers with a purchase; there are 30"),
        (orders(4).assign(quantity=-1), "No order counts as a purchase"),
    ):
        found, told = held_out(bought, tmp_path)
        assert found.empty and list(found) == list(COLUMNS) and words in told


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
def test_the_half_year_held_out_of_cdnow_is_foretold(tmp_path):
    read = pd.read_csv(SHARED / "cdnowElog.csv")
    bought = pd.DataFrame({
        "customer": read["masterid"].astype(str),
        "date": pd.to_datetime(read["date"].astype(str), format="%Y%m%d"),
        "quantity": 1,
    })  # fmt: skip
    found, told = held_out(bought, tmp_path)
    last = found.iloc[-1]
    assert last["low"] <= last["actual"] <= last["high"]
    assert last["expected"] == pytest.approx(last["actual"], rel=0.02)
    assert "within the 80% range" in told
