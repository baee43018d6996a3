"""Laws of uplift: what a campaign brought is found again where it is known, and nothing where there is nothing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from core import codec
from core.campaigns import control_group, identities
from core.errors import BadRequest
from core.formats.reading import Reading
from core.model import Candidate, Plan, Segmentation, Source, Uplift
from core.pipeline import uplift
from core.tables import understand

N = 400


def table(**columns):
    raw = pd.DataFrame({name: pd.Series([str(cell) for cell in cells], dtype="str") for name, cells in columns.items()})
    return understand(Reading(raw, Source("t.csv", "text")), {})


@pytest.fixture(scope="module")
def customers():
    return table(customer_id=[f"K-{i:04}" for i in range(N)], age=[20 + i % 50 for i in range(N)])


def segmentation(labels=None):
    labels = np.repeat(np.array([1, 2], dtype=np.int16), [N * 3 // 4, N // 4]) if labels is None else labels
    sizes = {int(one): int((labels == one).sum()) for one in np.unique(labels)}
    names = {one: f"Group {one}" for one in sizes if one > 0}
    candidate = Candidate("kmeans-2", "kmeans", "K-means", {}, labels, sizes, names, (), 0.1)
    return Segmentation("f" * 64, Plan(), candidate, pd.DataFrame(), np.zeros(len(labels), dtype=bool), {}, "")


def options(**more):
    return {"key": "customer_id", "outcome": "bought", "share": 0.2, "seed": 3, **more}


def results(customers, control, rng, *, treated=0.5, alone=0.2):
    bought = rng.random(N) < np.where(control, alone, treated)
    order = rng.permutation(N)
    names = np.array(identities(customers))
    return table(customer_id=names[order], bought=np.where(bought, "yes", "no")[order]), bought


def test_what_the_campaign_brought_is_counted_as_by_hand(customers):
    """Rates and groups are those of the draw, whatever the order of the results; everyone is the sum of the segments."""
    found, rng = segmentation(), np.random.default_rng(4)
    control = control_group(identities(customers), found.candidate.labels, share=0.2, seed=3)
    file, bought = results(customers, control, rng)
    told = uplift(customers, found, file, options=options()).frame.set_index("segment")
    for one in (1, 2):
        here = found.candidate.labels == one
        assert told.loc[one, "rate_treated"] == pytest.approx(bought[here & ~control].mean())
        assert told.loc[one, "rate_control"] == pytest.approx(bought[here & control].mean())
        assert told.loc[one, "low"] < told.loc[one, "uplift"] < told.loc[one, "high"]
    assert told.loc[0, ["treated", "control"]].tolist() == told.loc[[1, 2], ["treated", "control"]].sum().tolist() == [320, 80]
    assert told.loc[0, "low"] > 0 and "brought more" in told.loc[0, "told"]


def test_a_campaign_without_effect_covers_nothing(customers):
    """A/A, 60 campaigns: the interval of everyone holds 0 in at least 52 (a binomial of 0.95 does in 999 of 1,000)."""
    assert _covered(customers, 60) >= 52


@pytest.mark.long
def test_five_hundred_campaigns_without_effect_cover_nothing_in_95_percent(customers):
    """The intervals of 500 A/A campaigns hold 0 in 93 to 97 %, of rates and of amounts."""
    assert 465 <= _covered(customers, 500) <= 485
    assert 465 <= _covered(customers, 500, amounts=True) <= 485


def _covered(customers, campaigns, *, amounts=False):
    found, rng, names = segmentation(), np.random.default_rng(11), identities(customers)
    held = 0
    for seed in range(campaigns):
        values = np.round(rng.gamma(2, 20, N), 2) if amounts else rng.random(N) < 0.3
        file = table(customer_id=names, bought=values if amounts else np.where(values, "yes", "no"))
        told = uplift(customers, found, file, options=options(seed=seed)).frame.iloc[0]
        held += told["low"] <= 0 <= told["high"]
    return held


def test_who_was_written_to_is_what_the_results_say(customers):
    """The column group wins over the draw; others are drawn again; the notes say which."""
    names = identities(customers)[:10]
    file = table(customer_id=names, bought=["yes"] * 5 + ["no"] * 5, group=["control"] * 5 + ["treated"] * 5)
    found = uplift(customers, segmentation(), file, options=options())
    assert found.frame.loc[0, ["treated", "control", "rate_treated", "rate_control"]].tolist() == [5, 5, 0.0, 1.0]
    assert any("column group" in note for note in found.notes) and any("390 customers are not in" in note for note in found.notes)


def test_customers_the_results_do_not_name_are_left_out_or_count_as_no(customers):
    """A file of buyers alone: left out, everybody bought; counted as no, the rates are those of all."""
    file = table(customer_id=identities(customers)[:40] + ["stranger"], bought=["yes"] * 41)
    left, counted = (uplift(customers, segmentation(), file, options=options(absent=absent)) for absent in (False, True))
    assert left.frame.loc[0, ["rate_treated", "rate_control"]].tolist() == [1.0, 1.0]
    assert counted.frame.loc[0, ["treated", "control"]].sum() == N
    assert counted.frame.loc[0, "rate_treated"] * 320 + counted.frame.loc[0, "rate_control"] * 80 == pytest.approx(40)
    assert any(note.startswith("1 customer of the results is not") for note in left.notes)
    assert any("drawn again: 20% of each segment left alone, seed 3." in note for note in left.notes)


def test_amounts_are_compared_by_their_means_in_their_unit(customers):
    """Means and Student's interval; the kind says that the rates are none."""
    names = identities(customers)
    file = table(customer_id=names, bought=[f"€{10 + i % 7}.50" for i in range(N)])
    found = uplift(customers, segmentation(), file, options=options())
    assert (found.kind, found.unit) == ("amount", "EUR") and 10 < found.frame.loc[0, "rate_treated"] < 17


def test_a_segment_without_a_control_group_has_no_uplift_and_is_not_in_everyone(customers):
    """One customer alone: nobody to compare with."""
    labels = np.ones(N, dtype=np.int16)
    labels[0], labels[1] = 2, -1
    file = table(customer_id=identities(customers), bought=["yes", "no"] * (N // 2))
    found = uplift(customers, segmentation(labels), file, options=options())
    told = found.frame.set_index("segment")
    assert math.isnan(told.loc[2, "uplift"]) and told.loc[2, "told"] == "Nobody to compare with."
    assert told.loc[0, ["treated", "control"]].sum() == N - 2
    assert any("in no segment" in note for note in found.notes)


def test_results_of_other_customers_are_refused(customers):
    """Nobody known: said in words, nothing is computed."""
    with pytest.raises(BadRequest, match="No customer"):
        uplift(customers, segmentation(), table(customer_id=["x", "y"], bought=["yes", "no"]), options=options())
    with pytest.raises(BadRequest):
        uplift(customers, segmentation(), table(customer_id=["x", "y"], bought=["yes", "no"]), options={})


def test_uplift_is_stored_and_read_back(customers, tmp_path):
    """As the job keeps it."""
    file = table(customer_id=identities(customers), bought=["yes", "no"] * (N // 2))
    found = uplift(customers, segmentation(), file, options=options())
    codec.write(found, tmp_path)
    back = codec.read(Uplift, tmp_path)
    assert (back.outcome, back.notes, back.kind) == (found.outcome, found.notes, "rate")
    pd.testing.assert_frame_equal(back.frame, found.frame, check_dtype=False)
