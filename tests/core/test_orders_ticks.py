"""Which features are ticked: those in which customers differ and that do not say the same twice."""

import numpy as np
import pandas as pd

from core.orders.ticks import MOST, PREFERRED, TOGETHER, ticks

N = 400


def frame(**columns) -> pd.DataFrame:
    random = np.random.default_rng(5)
    made = {"customer_id": [f"c{i}" for i in range(N)], "recency": random.permutation(N) * 1.0,
            "frequency": random.integers(1, 30, N) * 1.0, "monetary": random.lognormal(4, 1, N)}
    return pd.DataFrame(made | columns)


def told(made: pd.DataFrame) -> dict:
    return {fact.name: fact for fact in ticks(made)}


def ticked(made: pd.DataFrame) -> list[str]:
    return [fact.name for fact in ticks(made) if fact.ticked]


def test_recency_frequency_and_monetary_are_ticked_where_they_say_different_things():
    found = told(frame())
    assert list(found) == ["recency", "frequency", "monetary"]
    assert all(fact.ticked and fact.why and fact.label and fact.formula for fact in found.values())
    assert found["recency"].unit == "days" and found["monetary"].unit == "money"


def test_of_two_that_go_together_the_more_basic_one_is_ticked():
    made = frame()
    fact = told(made.assign(average_order_value=made["monetary"] ** 3))["average_order_value"]
    assert not fact.ticked and fact.why == "It goes together with monetary (1.00), which is ticked."
    fact = told(made.assign(tenure=1_000 - made["recency"]))["tenure"]
    assert not fact.ticked and fact.why == "It goes against recency (-1.00), which is ticked."


def test_constant_nearly_constant_and_gappy_features_are_not_ticked():
    half = np.where(np.arange(N) % 5 < 3, np.nan, np.random.default_rng(1).random(N))
    rare = np.where(np.arange(N) % 20 == 0, np.arange(N) / N, 0.0)
    found = told(frame(return_rate=rare, discount_share=np.full(N, 0.25), margin_rate=half, tenure=np.full(N, np.nan)))
    assert found["return_rate"].why == "The same for 95% of customers (0)."
    assert found["discount_share"].why == "The same for everyone (0.25)."
    assert found["margin_rate"].why == "Empty for 60% of customers."
    assert found["tenure"].why == "Empty for 100% of customers."
    assert not any(found[name].ticked for name in ("return_rate", "discount_share", "margin_rate", "tenure"))


def test_scores_expectations_dates_and_names_are_never_ticked():
    random = np.random.default_rng(2)
    found = told(frame(
        country=["France", "Spain"] * (N // 2), first_purchase=pd.date_range("2020-01-01", periods=N),
        recency_score=random.integers(1, 6, N), rfm_group=["New", "Lost"] * (N // 2), expected_value=random.random(N),
        probability_alive=random.random(N),
    ))  # fmt: skip
    assert [name for name, fact in found.items() if fact.ticked] == ["recency", "frequency", "monetary"]
    assert "Made of the other features" in found["expected_value"].why
    assert "A date" in found["first_purchase"].why and "A name" in found["country"].why


def test_ticked_features_never_go_together_and_are_not_too_many():
    for seed in range(8):
        random = np.random.default_rng(seed)
        basis = random.normal(size=(N, 5))
        made = pd.DataFrame(basis @ random.normal(size=(5, len(PREFERRED))), columns=list(PREFERRED))
        names = ticked(made.assign(customer_id=range(N)))
        ranks = made[names].corr("spearman").to_numpy() - np.eye(len(names))
        assert 2 <= len(names) <= MOST and np.abs(ranks).max() < TOGETHER
        assert names[0] in PREFERRED[:3]


def test_a_column_that_is_left_out_goes_together_with_one_ticked_or_is_one_too_many():
    random = np.random.default_rng(11)
    made = pd.DataFrame({name: random.random(N) for name in PREFERRED})
    found = told(made)
    assert sum(fact.ticked for fact in found.values()) == MOST
    assert all("are ticked already" in fact.why for fact in found.values() if not fact.ticked)


def test_nobody_and_one_customer():
    assert not ticked(frame().iloc[:0])
    assert not ticked(frame().iloc[:1])
