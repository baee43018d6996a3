"""Models of customer value: published figures, slow integration of the same stories, known parameters found again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad, simpson
from scipy.optimize import approx_fprime
from scipy.special import hyp2f1
from scipy.stats import beta, gamma

from core.model.orders import OrderPlan
from core.orders.value import EXPECTATIONS, bgnbd, expectations, fit_value, gammagamma, grid
from core.orders.value.histories import Histories
from tests.core.order_histories import CDNOW, SPENDING, cohort

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "orders"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
SMOOTH = (3.2, 8.0, 3.1, 4.4)
FEW = Histories.of([0, 0, 1, 3, 7], [0, 0, 2.5, 9.0, 30.0], [5.0, 38.9, 20.0, 9.0, 38.9])


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return cohort(1, 1500).features


@pytest.fixture(scope="module")
def model(customers):
    return fit_value(customers, OrderPlan(horizon_days=180))


@needs_shared
def test_bgnbd_is_the_published_one_on_cdnow():
    read = pd.read_csv(SHARED / "cdnow_customers_summary.csv")
    found = bgnbd.fit(Histories.of(read["frequency"], read["recency"], read["T"]))
    assert found.parameters == pytest.approx([0.243, 4.414, 0.793, 2.426], rel=0.01)
    assert found.likelihood == pytest.approx(-9582.43, abs=0.05)
    assert not found.trouble


@needs_shared
def test_gamma_gamma_is_the_published_one_on_cdnow():
    read = pd.read_csv(SHARED / "cdnow_customers_summary_with_transactions.csv")
    again = read[read["x"] > 0]
    found = gammagamma.fit(again["x"], again["zbar"])
    assert len(again) == 946
    assert found.parameters == pytest.approx([6.25, 3.74, 15.44], rel=0.01)
    assert found.likelihood == pytest.approx(-4055.92, abs=0.05)


def told_slowly(x: float, last: float, age: float) -> tuple[float, float]:
    """The likelihoods of one customer who is still there and of one who has left, over every rate and probability."""
    r, alpha, a, b = SMOOTH
    rate, p = np.linspace(0, 12, 2001)[:, None], np.linspace(0, 1, 1001)
    prior = gamma.pdf(rate, r, scale=1 / alpha) * beta.pdf(p, a, b)
    stays = (1 - p) ** x * rate**x * np.exp(-rate * age)
    left = p * (1 - p) ** (x - 1) * rate**x * np.exp(-rate * last) if x else 0.0 * stays
    return tuple(float(simpson(simpson(story * prior, x=p), x=rate[:, 0])) for story in (stays, left))


def each(given: Histories):
    return zip(given.repeats, given.last, given.age, strict=True)


def test_the_likelihood_of_bgnbd_is_that_of_its_story():
    slow = sum(np.log(sum(told_slowly(*one))) for one in each(FEW))
    assert bgnbd.likelihood(SMOOTH, FEW) == pytest.approx(slow, abs=1e-4)


def test_the_likelihood_of_gamma_gamma_is_that_of_its_story():
    p, q, v = SPENDING
    repeats, spent = np.array([1.0, 2.0, 9.0]), np.array([12.0, 80.0, 33.0])
    slow = [
        quad(lambda nu, x=x, m=m: gamma.pdf(m, p * x, scale=1 / (nu * x)) * gamma.pdf(nu, q, scale=1 / v), 0, 5)[0]
        for x, m in zip(repeats, spent, strict=True)
    ]
    assert gammagamma.likelihood(SPENDING, repeats, spent) == pytest.approx(np.log(slow).sum(), abs=1e-6)


def test_gradients_are_those_of_the_likelihoods():
    drawn = np.random.default_rng(0)
    logs = drawn.normal(0, 0.5, 4)
    value = bgnbd.objective(FEW)
    assert value(logs)[1] == pytest.approx(approx_fprime(logs, lambda at: value(at)[0], 1e-7), abs=1e-4)
    money = gammagamma.objective(np.array([1.0, 4.0]), np.array([3.0, 0.7]))
    assert money(logs[:3])[1] == pytest.approx(approx_fprime(logs[:3], lambda at: money(at)[0], 1e-7), abs=1e-4)


def closed_form(parameters, given: Histories, weeks: float) -> np.ndarray:
    """Equation 10 of Fader, Hardie & Lee (2005)."""
    r, alpha, a, b = parameters
    x, z = given.repeats, weeks / (alpha + given.age + weeks)
    shrink = ((alpha + given.age) / (alpha + given.age + weeks)) ** (r + x)
    top = (a + b + x - 1) / (a - 1) * (1 - shrink * hyp2f1(r + x, b + x, a + b + x - 1, z))
    gone = a / np.where(x > 0, b + x - 1, 1) * ((alpha + given.age) / (alpha + given.last)) ** (r + x)
    return top / (1 + np.where(x > 0, gone, 0))


@pytest.mark.parametrize("parameters", [CDNOW, SMOOTH, (0.8, 10.0, 0.01, 7.0), (3.0, 2.0, 4.0, 0.5)])
@pytest.mark.parametrize("weeks", [1.0, 39.0, 520.0])
def test_expected_purchases_are_those_of_the_closed_form(parameters, weeks):
    assert bgnbd.expected(parameters, FEW, weeks) == pytest.approx(closed_form(parameters, FEW, weeks), rel=1e-8)


def test_expected_purchases_pass_smoothly_where_the_closed_form_has_a_pole():
    around = [bgnbd.expected((0.5, 3.0, a, 2.0), FEW, 26.0) for a in (1 - 1e-6, 1.0, 1 + 1e-6)]
    assert np.isfinite(around).all()
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-9)
    assert around[1] == pytest.approx(closed_form((0.5, 3.0, 1 + 1e-4, 2.0), FEW, 26.0), rel=1e-3)


def test_new_customers_are_those_without_any_history():
    new = Histories.of([0], [0], [0])
    for weeks in (0.0, 3.0, 100.0):
        assert bgnbd.expected_from_start(CDNOW, np.array([weeks])) == pytest.approx(bgnbd.expected(CDNOW, new, weeks))


def test_the_probability_to_be_there_is_that_of_the_story():
    for one, told in zip(each(FEW), bgnbd.alive(SMOOTH, FEW), strict=True):
        stays, left = told_slowly(*one)
        assert told == pytest.approx(stays / (stays + left), rel=1e-5)


def test_equal_histories_count_as_often_as_they_are():
    many = Histories.of(*(np.repeat(side, [3, 1, 2, 5, 1]) for side in (FEW.repeats, FEW.last, FEW.age)))
    few = many.collapsed()
    assert few.weight.sum() == 12 and len(few.repeats) == 5
    assert bgnbd.likelihood(CDNOW, few) == pytest.approx(bgnbd.likelihood(CDNOW, many), rel=1e-12)
    assert sorted(many.thinned(12).age) == sorted(many.age)
    assert len(few.thinned(4).age) == 4


def test_known_parameters_are_found_again():
    seen = cohort(5, 4000, purchase=(0.9, 6.0, 0.8, 3.0)).features
    found = fit_value(seen, OrderPlan(horizon_days=90))
    assert found.method == "bgnbd" and found.spend == "gamma" and not found.because
    for got, covariance, true in (
        (found.purchase, found.purchase_covariance, (0.9, 6.0, 0.8, 3.0)),
        (found.spending, found.spending_covariance, SPENDING),
    ):
        assert (np.abs(np.log(got) - np.log(true)) < 3 * np.sqrt(np.diag(covariance))).all()
        assert (np.sqrt(np.diag(covariance)) < 0.3).all()


def test_a_search_on_a_sample_ends_where_a_search_on_everyone_does(monkeypatch, customers):
    everyone = fit_value(customers, OrderPlan(horizon_days=90))
    monkeypatch.setattr(bgnbd, "MOST_SEARCHED", 200)
    sampled = fit_value(customers, OrderPlan(horizon_days=90))
    assert sampled.purchase == pytest.approx(everyone.purchase, rel=1e-3)
    assert sampled.purchase_likelihood == pytest.approx(everyone.purchase_likelihood, abs=1e-4)


def test_the_order_of_rows_changes_nothing(customers, model):
    mixed = customers.sample(frac=1.0, random_state=3)
    again = fit_value(mixed, OrderPlan(horizon_days=180))
    assert again.purchase == model.purchase and again.spending == model.spending
    whole = expectations(customers, model).loc[mixed.index]
    pd.testing.assert_frame_equal(whole, expectations(mixed, model))


def test_expectations_have_gaps_where_nothing_was_bought(customers, model):
    nobody = customers.iloc[:3].assign(repeat_purchases=np.nan, recency=np.nan, tenure=np.nan)
    told = expectations(pd.concat([nobody, customers], ignore_index=True), model)
    assert tuple(told) == EXPECTATIONS
    assert told.iloc[:3].isna().all().all()
    numbers = told.iloc[3:][list(EXPECTATIONS[:3])]
    assert (numbers >= 0).all().all() and (numbers["probability_alive"] <= 1).all()
    assert (numbers["probability_alive"][(customers["repeat_purchases"] == 0).to_numpy()] == 1).all()


def test_silent_since_marks_repeat_buyers_ranked_below_a_one_time_buyer_of_the_same_age(customers, model):
    told = expectations(customers, model)
    marked = told["silent_since"].notna()
    once = customers.assign(repeat_purchases=0, recency=customers["tenure"])
    below = told["expected_purchases"] < expectations(once, model)["expected_purchases"]
    assert 0 < marked.sum() < len(marked) / 5
    assert (marked == (below & (customers["repeat_purchases"] > 0))).all()
    one = marked.idxmax()
    assert told["silent_since"][one] == f"silent since {customers['last_purchase'][one]:%Y-%m-%d}"


def test_silent_since_marks_nobody_who_was_there_a_moment_ago_or_who_buys_that_seldom(model):
    alike = replace(model, purchase=(60.0, 1700.0, 9.0, 90.0))
    seen = frame([8, 8, 1], age=700).assign(recency=[5, 400, 360])
    told = expectations(seen, alike)
    once = expectations(frame([0] * 3, age=700), alike)
    assert told["expected_purchases"][2] < once["expected_purchases"][2]
    assert told["silent_since"].notna().tolist() == [False, True, False]


def test_the_grid_is_the_model_at_the_oldest_age(customers, model):
    cells = grid(model, customers)
    assert list(cells) == ["purchases", "silent_weeks", "expected", "alive"]
    assert 800 < len(cells) <= 1600 or cells["purchases"].nunique() < 40
    assert cells["alive"].between(0, 1).all() and (cells["expected"] >= 0).all()
    age = customers["tenure"].max()
    for _, cell in cells.sample(5, random_state=1).iterrows():
        recency = 1 + cell["silent_weeks"] * 7 if cell["purchases"] else age
        one = customers.iloc[:1].assign(repeat_purchases=cell["purchases"], recency=recency, tenure=age)
        told = expectations(one, model).iloc[0]
        assert (told["expected_purchases"], told["probability_alive"]) == pytest.approx(
            (cell["expected"], cell["alive"])
        )
    for _, row in cells[cells["purchases"] > 0].groupby("purchases"):
        assert row["alive"].is_monotonic_decreasing


def frame(repeats: list[int], age: int = 300, money: float | np.ndarray = 20.0) -> pd.DataFrame:
    """Customers of one age who bought evenly."""
    repeats = np.array(repeats)
    return pd.DataFrame({
        "customer_id": [f"c{i:04d}" for i in range(len(repeats))],
        "repeat_purchases": repeats,
        "recency": np.where(repeats > 0, age // 3, age),
        "tenure": age,
        "repeat_value": np.where(repeats > 0, money, np.nan),
        "last_purchase": pd.Timestamp("2025-01-01"),
    })  # fmt: skip


def test_too_few_data_are_refused_with_what_to_do():
    for given, days, words in (
        (frame([1] * 30), 90, "needs at least 50 customers with a purchase; there are 30"),
        (frame([0] * 80 + [2] * 4), 90, "Only 4 customers bought on more than one day"),
        (frame([0, 1, 2] * 30, age=60), 365, "Choose at most 120 days"),
    ):
        found = fit_value(given, OrderPlan(horizon_days=days))
        assert found.method == "none" and words in found.because
        told = expectations(given, found)
        assert told.isna().all().all() and grid(found, given).empty


def test_the_rate_stands_in_where_few_come_back():
    found = fit_value(frame([0] * 200 + [1, 2] * 8), OrderPlan(horizon_days=300))
    assert (found.method, found.spend) == ("rate", "mean")
    assert "16 customers bought on more than one day; the BG/NBD model needs 30" in found.because
    told = expectations(frame([0, 4]), found)
    weeks = 299 / 7
    assert found.rate == pytest.approx(24 / (216 * weeks))
    assert told["expected_purchases"][1] == pytest.approx(5 * (300 / 7) / (1 / found.rate + weeks))
    assert told["expected_purchases"][0] < told["expected_purchases"][1]
    assert told["probability_alive"].isna().all() and told["silent_since"].isna().all()
    assert told["expected_value"][0] == pytest.approx(20 * told["expected_purchases"][0])


def test_gamma_gamma_is_not_taken_where_frequent_buyers_spend_more(customers):
    linked = customers.assign(
        repeat_value=10 + 5 * customers["repeat_purchases"].where(customers["repeat_purchases"] > 0)
    )
    found = fit_value(linked, OrderPlan(horizon_days=180))
    assert (found.method, found.spend) == ("bgnbd", "mean")
    assert "buy more often spend more per purchase (rank correlation 1.00)" in found.because
    told = expectations(linked, found)
    often = linked["repeat_purchases"].idxmax()
    x, m = linked.loc[often, ["repeat_purchases", "repeat_value"]].astype(float)
    share = told["expected_value"][often] / told["expected_purchases"][often]
    assert share == pytest.approx((x * m + found.spend_mean) / (x + 1))


@pytest.mark.parametrize("given", [frame([3, 4, 5] * 40), frame([4] * 60), frame([0, 1] * 40).assign(recency=300)])
def test_customers_who_never_leave_or_are_all_alike_still_get_an_answer(given):
    found = fit_value(given, OrderPlan(horizon_days=300))
    assert found.method == "bgnbd" or "past rate of purchases is used instead" in found.because
    told = expectations(given, found)
    assert np.isfinite(told[["expected_purchases", "expected_value"]]).all().all()


def test_customers_who_hardly_leave_are_held_to_that_by_a_weak_prior():
    faithful = cohort(2, purchase=(0.8, 10.0, 0.01, 7.0))
    found = fit_value(faithful.features, OrderPlan(horizon_days=365))
    told = expectations(faithful.features, found)
    assert found.method == "bgnbd"
    assert "do not settle the BG/NBD model" in found.because and "weak prior" in found.because
    assert np.linalg.eigvalsh(found.purchase_covariance).min() > 0
    assert told["expected_purchases"].sum() == pytest.approx(faithful.purchases.sum(), rel=0.1)
    assert told["probability_alive"].mean() > 0.98


def test_without_money_only_purchases_are_expected(customers):
    free = customers.assign(repeat_value=0.0)
    found = fit_value(free, OrderPlan(horizon_days=180))
    assert found.spend == "none" and "only purchases are expected" in found.because
    told = expectations(free, found)
    assert told["expected_value"].isna().all() and told["expected_purchases"].notna().all()
