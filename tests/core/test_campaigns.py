"""Laws of control groups, of what they can show, and of the intervals: published figures, scipy, invariants, simulation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.campaigns import (
    AMOUNT,
    RATE,
    control_group,
    detectable_amount,
    detectable_rate,
    difference_of_means,
    difference_of_rates,
    identities,
    outcome,
)
from core.errors import BadRequest
from core.formats.reading import Reading
from core.model import Source
from core.tables import understand


def table(**columns):
    raw = pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})
    return understand(Reading(raw, Source("t.csv", "text")), {})


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((6, 7), (2, 7), 0.0582, 0.8062),
     ((5, 56), (0, 29), -0.0381, 0.1926), ((0, 10), (0, 20), -0.1611, 0.2775), ((10, 10), (0, 10), 0.6075, 1.0)],
)  # fmt: skip
def test_rates_have_the_published_intervals(one, other, low, high):
    """Newcombe (1998), table II, method 10, examples (a), (b), (c), (d), (f) and (h), to four digits."""
    found = difference_of_rates(*one, *other)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
@settings(max_examples=150, deadline=None)
def test_an_interval_of_rates_holds_its_difference_and_turns_with_its_groups(treated, control, data):
    """Low <= uplift <= high within -1..1; exchanging the groups mirrors all of it."""
    yes, other = data.draw(st.integers(0, treated)), data.draw(st.integers(0, control))
    found, turned = difference_of_rates(yes, treated, other, control), difference_of_rates(other, control, yes, treated)
    assert -1 - 1e-12 <= found.low <= found.uplift + 1e-12 <= found.high + 2e-12 <= 1 + 3e-12
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-12)


def test_means_have_the_interval_of_an_independent_implementation():
    """Student's as scipy.stats has it."""
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(0)
    treated, control = rng.gamma(2, 30, 80), rng.normal(50, 5, 9)
    interval = ttest_ind(treated, control, equal_var=True).confidence_interval(0.95)
    found = difference_of_means(treated, control)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert found.uplift == pytest.approx(treated.mean() - control.mean())


def test_money_of_few_buyers_covers_nothing_in_95_percent():
    """A/A: one customer in ten buys, for amounts that are skewed, and one in ten is left alone: 0 is held by 93 to 97 in 100."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(1_500):
        spent = rng.exponential(50, 1_000) * (rng.random(1_000) < 0.1)
        found = difference_of_means(spent[100:], spent[:100])
        held += found.low <= 0 <= found.high
    assert 0.93 <= held / 1_500 <= 0.97


def test_groups_too_small_for_an_interval_have_none():
    """An unknown interval is NaN, never 0; where nothing spreads, it is a point."""
    assert math.isnan(difference_of_means(np.array([1.0]), np.array([1.0, 2.0])).low)
    assert math.isnan(difference_of_rates(1, 2, 0, 0).low)
    same = difference_of_means(np.array([5.0, 5.0]), np.array([3.0, 3.0]))
    assert (same.uplift, same.low, same.high) == (2.0, 2.0, 2.0)


@pytest.mark.parametrize(("base", "rate", "each"), [(0.05, 0.10, 435), (0.10, 0.15, 686), (0.60, 0.70, 356), (0.10, 0.20, 199)])
def test_what_can_be_detected_is_the_published_sample_size_read_backwards(base, rate, each):
    """Fleiss, Levin & Paik (2003): customers per group for these rates, alpha 0.05 two-sided, power 0.8, uncorrected."""
    assert detectable_rate(base, each, each) <= rate - base + 1e-12
    assert detectable_rate(base, each - 1, each - 1) > rate - base


def test_what_can_be_detected_is_detected_four_times_in_five():
    """4,000 simulated campaigns of 900 and 100 at the promised uplift: about 80 % of z tests see it."""
    uplift = detectable_rate(0.2, 900, 100)
    rng = np.random.default_rng(1)
    treated, control = rng.binomial(900, 0.2 + uplift, 4_000) / 900, rng.binomial(100, 0.2, 4_000) / 100
    pooled = (treated * 900 + control * 100) / 1_000
    seen = np.abs(treated - control) > 1.959964 * np.sqrt(pooled * (1 - pooled) * (1 / 900 + 1 / 100))
    assert 0.77 < seen.mean() < 0.83


def test_amounts_are_detected_four_times_in_five():
    """The same for means: 2,000 simulated campaigns, each with a normal spread of 10."""
    uplift = detectable_amount(10.0, 180, 60)
    rng = np.random.default_rng(2)
    differences = rng.normal(uplift, 10 * math.sqrt(1 / 180 + 1 / 60), 4_000)
    assert 0.78 < (np.abs(differences) > 1.959964 * 10 * math.sqrt(1 / 180 + 1 / 60)).mean() < 0.82


@pytest.mark.parametrize(("base", "treated", "control"), [(0.5, 0, 5), (1.0, 5, 5), (-0.1, 5, 5), (0.99, 5, 5), (math.nan, 5, 5)])
def test_what_no_campaign_could_show_is_unknown(base, treated, control):
    """No group, no rate, or no room above the rate."""
    assert math.isnan(detectable_rate(base, treated, control))


@given(st.lists(st.integers(0, 50), min_size=2, max_size=60), st.integers(0, 99), st.sampled_from([0.01, 0.1, 0.33, 0.5]))
@settings(max_examples=120, deadline=None)
def test_who_is_left_alone_does_not_depend_on_the_order_of_rows(numbers, seed, share):
    """Shuffled rows get the groups they had; two rows of one customer of a segment are in one group; -1 in none."""
    names = [f"c{one}" for one in numbers]
    labels = np.array([(-1, 1, 2)[one % 3] for one in numbers], dtype=np.int16)
    control = control_group(names, labels, share=share, seed=seed)
    order = np.random.default_rng(seed).permutation(len(names))
    assert (control_group([names[i] for i in order], labels[order], share=share, seed=seed) == control[order]).all()
    assert len({(name, alone) for name, alone in zip(names, control, strict=True)}) == len(set(names))
    assert not control[labels == -1].any()


def test_the_share_is_kept_in_every_segment_and_the_draw_is_even():
    """10 % of 1,000 and of 35, at least one of 3, none of one; over 400 seeds each of 20 is drawn equally often."""
    labels = np.repeat(np.array([1, 2, 3, 4], dtype=np.int16), [1_000, 35, 3, 1])
    control = control_group([f"c{i}" for i in range(len(labels))], labels, share=0.1, seed=5)
    assert [int(control[labels == one].sum()) for one in (1, 2, 3, 4)] == [100, 4, 1, 0]
    twenty = np.ones(20, dtype=np.int16)
    counts = sum(control_group([str(i) for i in range(20)], twenty, share=0.25, seed=s).astype(int) for s in range(400))
    assert counts.sum() == 2_000 and ((counts - 100) ** 2 / 100).sum() < 43.8  # chi-square, 19 degrees, 1 in 1,000


def test_a_control_group_is_the_same_on_every_machine():
    """SHA-256 of seed and name, nothing of the process: a golden draw."""
    control = control_group([f"c{i}" for i in range(12)], np.ones(12, dtype=np.int16), share=0.25, seed=7)
    import hashlib

    draws = [hashlib.sha256(f"7\x1fc{i}".encode()).hexdigest()[:16] for i in range(12)]
    assert sorted(range(12), key=draws.__getitem__)[:3] == sorted(np.flatnonzero(control), key=lambda i: draws[i])


@pytest.mark.parametrize(("share", "seed"), [(0, 1), (0.6, 1), ("a", 1), (math.nan, 1), (True, 1), (0.1, -1), (0.1, 1.5), (0.1, True)])
def test_shares_and_seeds_out_of_range_are_refused(share, seed):
    """In words, with what is usual."""
    with pytest.raises(BadRequest):
        control_group(["a"], np.ones(1, dtype=np.int16), share=share, seed=seed)


def test_customers_are_named_by_their_id_and_else_by_all_they_are():
    """An id where every cell is filled; the whole row where it is empty."""
    ids = [f"K-{i:04}" for i in range(30)]
    ages = [str(20 + i % 7) for i in range(30)]
    assert identities(table(customer_id=ids, age=ages)) == ids
    told = identities(table(age=ages, size=[str(i % 5) + ".5" for i in range(30)]))
    assert told[3] == "23\x1f3.5"


def test_results_are_read_as_yes_and_no_or_as_amounts():
    """A customer with several rows: one yes is enough, amounts add up; gaps and rows without a key are counted."""
    found = table(id=["a", "b", "a", "", "c"], bought=["yes", "no", "no", "yes", "yes"], spent=["1.5", "2", "3", "4", ""])
    rates, amounts = outcome(found, "id", "bought"), outcome(found, "id", "spent")
    assert (dict(rates.values), rates.kind, rates.twice, rates.empty) == ({"a": 1, "b": 0, "c": 1}, RATE, 1, 1)
    assert (dict(amounts.values), amounts.kind, amounts.twice, amounts.empty) == ({"a": 4.5, "b": 2}, AMOUNT, 1, 2)


def test_a_column_group_of_the_results_tells_who_was_written_to():
    """Only where it holds nothing else than the two words; the apostrophe of our own export is taken off a key."""
    found = outcome(table(id=["'=a", "b"], y=["1", "0"], Group=["Treated", "control"]), "id", "y")
    assert dict(found.groups) == {"=a": "treated", "b": "control"}
    assert not outcome(table(id=["a", "b"], y=["1", "0"], group=["A", "control"]), "id", "y").groups


def test_columns_that_are_no_outcome_are_refused():
    """Words are neither yes nor no; the key is no outcome; an unknown column is named."""
    found = table(id=["a", "b"], words=["red", "blue"])
    for key, column in (("id", "words"), ("id", "id"), ("id", "none"), ("none", "words")):
        with pytest.raises(BadRequest):
            outcome(found, key, column)
