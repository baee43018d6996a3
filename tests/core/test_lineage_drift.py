"""Laws of drift: the index by hand and by another formula, what chance does, and the rule of the verdict."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.lineage import RULE, Signs, drift, verdict
from core.lineage.drift import COLUMNS, chance, psi
from core.model import Column, Kind, Role

AGE = Column("age", Kind.NUMBER, Role.FEATURE)


def one(before, now, column=AGE):
    frame = drift(pd.DataFrame({column.name: before}), pd.DataFrame({column.name: now}), [column])
    return frame.iloc[0]


def test_the_index_by_hand():
    """(0.3 - 0.5) ln 0.6 + (0.7 - 0.5) ln 1.4 = 0.169460."""
    assert psi(np.array([50, 50]), np.array([30, 70])) == pytest.approx(-0.2 * math.log(0.6) + 0.2 * math.log(1.4), abs=1e-12)
    assert psi(np.array([50, 50]), np.array([30, 70])) == pytest.approx(0.169460, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 500)), min_size=2, max_size=12))
def test_the_index_is_the_divergence_both_ways(pairs):
    """The sum of both Kullback-Leibler divergences by scipy; the same in either direction, never below 0."""
    from scipy.stats import entropy

    was, here = (np.array(side) for side in zip(*pairs, strict=True))
    p, q = was / was.sum(), here / here.sum()
    assert psi(was, here) == pytest.approx(entropy(p, q) + entropy(q, p), abs=1e-9)
    assert psi(was, here) == pytest.approx(psi(here, was)) and psi(was, here) >= 0


def test_an_empty_bin_is_half_a_customer():
    """So that the index ends."""
    assert psi(np.array([100, 0]), np.array([50, 50])) == pytest.approx((0.5 - 1) * math.log(0.5) + (0.5 - 0.005) * math.log(100))


def test_chance_is_what_one_in_twenty_samples_of_one_population_exceed():
    """500 pairs of samples: between 3% and 7% lie above."""
    random = np.random.default_rng(0)
    share = np.full(10, 0.1)
    found = [psi(random.multinomial(400, share), random.multinomial(300, share)) for _ in range(500)]
    assert 0.03 <= np.mean(np.array(found) > chance(400, 300, 10)) <= 0.07


def test_ten_bins_of_before_and_gaps_as_a_level():
    """Every customer ten years older, of ages 1 to 100: the lowest bin is empty, the highest holds twice as many."""
    ages = np.arange(1.0, 101.0)
    by_hand = psi(np.array([10] * 10), np.array([0, *[10] * 8, 20]))
    assert one(np.tile(ages, 10), np.tile(ages + 10, 10))["psi"] == pytest.approx(psi(np.array([100] * 10), np.array([0, *[100] * 8, 200])))
    assert by_hand > 0.25 and one(ages, ages)["psi"] == 0
    gaps = one(np.tile(ages, 10), np.where(np.arange(1000) % 2, np.nan, np.tile(ages, 10)))
    assert gaps["verdict"] == "refit" and gaps["told"] == "0% were empty before, 50% are now."


def test_levels_flags_and_dates():
    """A level that nobody had is another one; yes and no stay; a date is told as a day."""
    region = Column("region", Kind.CATEGORY, Role.FEATURE)
    found = one(pd.Series(["N", "S"] * 200, dtype=object), pd.Series(["N", "West"] * 200, dtype=object), region)
    assert found["verdict"] == "refit" and "0% were another level before, 50% are now" in found["told"] or "50% were S before, 0% are now" in found["told"]
    flag = one(np.tile([0.0, 1.0], 200), np.repeat([0.0, 1.0], [100, 300]), Column("member", Kind.FLAG, Role.FEATURE))
    assert flag["psi"] == pytest.approx(psi(np.array([200, 200]), np.array([100, 300]))) and "no before" in flag["told"] or "yes before" in flag["told"]
    days = pd.Series(pd.date_range("2024-01-01", periods=400))
    dates = one(days, days + pd.Timedelta(days=365), Column("joined", Kind.DATE, Role.FEATURE))
    assert dates["verdict"] == "refit" and "above 2024-12-2" in dates["told"]


def test_small_files_that_differ_by_chance_are_kept():
    """Thirty customers of one population often show an index above 0.10."""
    random = np.random.default_rng(3)
    found = [one(random.normal(size=30), random.normal(size=30)) for _ in range(40)]
    assert sum(row["psi"] >= 0.25 for row in found) > 20 and sum(row["verdict"] == "keep" for row in found) >= 32


def test_a_missing_column_and_another_kind_ask_for_a_refit_and_stand_first():
    """Nothing is known of them."""
    frame = drift(pd.DataFrame({"age": [1.0, 2.0], "income": [1.0, 2.0]}), pd.DataFrame({"age": ["a", "b"]}, dtype=object),
                  [AGE, Column("income", Kind.NUMBER, Role.FEATURE)])  # fmt: skip
    assert frame["verdict"].tolist() == ["refit", "refit"] and frame["psi"].isna().all() and "not in the later file" in frame["told"].iloc[1]


def test_constant_and_empty_columns_do_not_break():
    """One bin, no bin."""
    assert one([5.0] * 10, [5.0] * 8)["psi"] == 0 and one([np.nan] * 5, [np.nan] * 5)["verdict"] == "keep"


def signs(psis, **more):
    rows = [(f"c{i}", value, 0.01, "refit" if value != value or value >= 0.25 else "watch" if value >= 0.1 else "keep", "") for i, value in enumerate(psis)]
    return Signs(pd.DataFrame(rows, columns=list(COLUMNS)), **more)


@pytest.mark.parametrize(("given", "word", "why"), [
    (signs([0.01] * 8), "keep", "as they were"),
    (signs([0.01] * 7 + [math.nan]), "refit", "c7 shaped the segments"),
    (signs([0.3, 0.3] + [0.0] * 6), "refit", "2 of 8 columns"),
    (signs([0.3] + [0.0] * 7), "watch", "1 of 8 columns"),
    (signs([0.0] * 8, unlike=0.05), "refit", "5.0% of the customers"),
    (signs([0.0] * 8, unlike=0.02), "watch", "2.0% of the customers"),
    (signs([0.0] * 8, unlike=0.019), "keep", ""),
    (signs([0.0] * 8, border=(0.10, 0.16)), "watch", "near a border"),
    (signs([0.0] * 8, border=(-1.0, 0.9)), "keep", ""),
    (signs([0.0] * 8, elsewhere=0.1), "watch", "no counterpart"),
    (signs([0.0] * 8, elsewhere=0.0, lost=0.1), "watch", "10% of the customers of before"),
    (signs([0.0] * 8, elsewhere=0.0, lost=0.04), "keep", "but those of 4.0% of the customers"),
    (signs([0.0] * 8, moved=0.57), "keep", "57% of the customers in both files have changed segment"),
    (signs([0.0] * 8, moved=0.0), "keep", "found again."),
])  # fmt: skip
def test_the_verdict_follows_the_stated_rule(given, word, why):
    """The strongest sign is the reason; what nobody measured decides nothing."""
    found, reason = verdict(given)
    assert found == word and why in reason
    assert all(part in RULE for part in ("0.25", "0.10", "5%", "2%", "quarter", "tenth"))
