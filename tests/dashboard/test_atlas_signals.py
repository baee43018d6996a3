"""Laws of the orders of facts: distances that numpy finds too, from what is stored alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.components.atlas_signals import (
    CUT,
    alike,
    between,
    common_order,
    distinct,
    grid,
    in_order,
    known,
    standardised,
    strongest,
    telling,
)
from tests.dashboard import made, made_atlas


def facts(columns="all", **more):
    return known(made_atlas.segmentation(**more).contrasts, columns)


def wide(columns=5, **more):
    table, labels = made_atlas.many(columns, **more)
    return table.frame, labels, known(made_atlas.segmentation(table, labels=labels).contrasts)


def test_a_bare_frame_has_no_facts_and_no_order():
    """What an earlier run stored has none."""
    empty = known(pd.DataFrame(columns=pd.Index([], dtype=object)))
    assert empty.empty and strongest(empty, 1).empty and telling(empty, 5) == [] and common_order(empty) == []
    assert between(empty, 1, 2).empty and distinct(empty).empty and standardised(empty).empty


@pytest.mark.parametrize(("asked", "there"), [("all", {"age", "income", "member", "region"}), ("shaping", {"age", "income"}),
                                              ("other", {"member", "region"}), ("x", {"age", "income", "member", "region"})])  # fmt: skip
def test_columns_are_told_apart_by_what_they_are_used_for(asked, there):
    assert set(facts(asked)["column"]) == there


def test_each_column_stands_once_by_its_strongest_signal():
    """The order of the first segment by hand: age 2.74, income 1.83, then member and region 1.29, ties by name."""
    rows = strongest(facts(), 1)
    assert list(rows["column"]) == ["age", "income", "member", "region"]
    assert list(rows["effect"].abs()) == sorted(rows["effect"].abs(), reverse=True)
    assert rows.iloc[3]["level"] == "North", "of two equal values the one that it has more of"


def test_every_segment_has_an_order_of_its_own_and_all_may_share_one():
    found = facts()
    own = [list(strongest(found, segment)["column"]) for segment in (1, 2, 3)]
    assert own[0] != own[1]
    order = common_order(found)
    shared = [list(in_order(strongest(found, segment), order)["column"]) for segment in (1, 2, 3)]
    assert shared == [order] * 3


def test_the_common_order_is_that_of_the_root_mean_square_of_effects():
    found = facts()
    means = found.assign(square=found["effect"] ** 2).groupby("caption")["square"].mean()
    by_column = means.groupby(found.drop_duplicates("caption").set_index("caption")["column"]).max()
    assert common_order(found) == list(by_column.sort_values(ascending=False).index)
    assert telling(found, 2) == list(means.sort_values(ascending=False).index[:2])


def test_standard_deviations_of_everyone_follow_from_the_effects():
    """Against numpy on the rows themselves, gaps left out."""
    frame, labels, found = wide(6)
    away = standardised(found).set_index(["caption", "segment"])["away"]
    for name in frame:
        cells = frame[name]
        for segment in (1, 2, 3):
            expected = (cells[labels == segment].mean() - cells.mean()) / cells.std(ddof=0)
            assert away[name, segment] == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_shares_are_standardised_by_their_own_spread_and_constants_by_none():
    """member: 3 of 12, so p = 1/4 with a deviation of sqrt(3)/4; income survives effects that were cut."""
    away = standardised(facts()).set_index(["caption", "segment"])["away"]
    assert away["member", 1] == pytest.approx(0.25 / np.sqrt(3 / 16))
    assert away["income", 2] == pytest.approx(np.sqrt(2))
    values = made.table().frame.assign(age=7.0)
    same = standardised(facts(table=made.table(frame=values))).set_index(["caption", "segment"])["away"]
    assert (same["age"] == 0).all()


def test_two_segments_against_each_other_are_a_difference_of_their_averages():
    """Numbers in the root mean square of both pooled deviations; the sign follows who has more; unknown stays unknown."""
    frame, labels, found = wide(4)
    pair = between(found, 1, 2).set_index("column")
    for name in frame:
        own, its, cells = (frame[name][labels == s].dropna() for s in (1, 2, 1))
        spreads = []
        for segment in (1, 2):
            inside, outside = (frame[name][(labels == segment) == yes].dropna() for yes in (True, False))
            pooled = (len(inside) - 1) * inside.var() + (len(outside) - 1) * outside.var()
            spreads.append(pooled / (len(inside) + len(outside) - 2))
        assert pair.loc[name, "effect"] == pytest.approx((own.mean() - its.mean()) / np.sqrt(np.mean(spreads)), rel=1e-6)
        assert pair.loc[name, "rest"] == pytest.approx(its.mean()) and np.isnan(pair.loc[name, "steady"])


def test_a_pair_looked_at_from_the_other_side_changes_its_sign():
    found = facts()
    one, other = (between(found, *pair).set_index("caption")["effect"] for pair in ((1, 2), (2, 1)))
    shared = one.index.intersection(other.index)
    assert len(shared) >= 3 and np.allclose(one[shared], -other[shared])


def test_shares_of_a_pair_are_pooled_by_hand():
    """South: none of 6 against 3 of 4; the pooled variance is 4 * 3/16 over 8."""
    pair = between(facts(), 2, 1).set_index("column")
    assert pair.loc["region", "level"] == "South"
    assert pair.loc["region", "effect"] == pytest.approx(0.75 / np.sqrt(4 * 3 / 16 / 8))
    assert (between(facts(), 1, 2)["effect"].abs() <= CUT).all()


def test_a_category_of_two_values_is_told_once():
    assert set(distinct(facts())["caption"]) == {"age", "income", "member", "region: North"}


def test_more_than_two_values_stay():
    regions = ["North"] * 6 + ["South"] * 3 + ["East"] * 3
    table = made.table(frame=made.table().frame.assign(region=pd.Series(regions, dtype=object)))
    assert sum(name.startswith("region") for name in set(distinct(facts(table=table))["caption"])) == 3


def test_the_grid_keeps_the_order_and_knows_its_gaps():
    found = facts()
    values = grid(found, ["income", "age"])
    assert list(values.index) == ["income", "age"] and list(values.columns) == [1, 2, 3]
    assert values.loc["age", 1] == pytest.approx(-2.7386, abs=1e-4)
    lost = grid(found[~((found["caption"] == "age") & (found["segment"] == 2))], ["age", "income"])
    assert np.isnan(lost.loc["age", 2]) and lost.loc["income"].notna().all()


def test_what_is_alike_lies_side_by_side():
    """Two bundles, dealt out in turn; every row stands once."""
    rng = np.random.default_rng(1)
    rows = {f"{kind}{at}": rng.normal(centre, 0.1, 4) for at in range(5) for kind, centre in (("a", 0), ("b", 3))}
    order = alike(pd.DataFrame(rows).T)
    assert sorted(order) == sorted(rows)
    assert len({name[0] for name in order[:5]}) == 1 and len({name[0] for name in order[5:]}) == 1


def test_few_or_unknown_rows_can_be_put_in_order():
    assert alike(pd.DataFrame({"x": [1.0, 2.0]}, index=["p", "q"])) == ["p", "q"]
    assert set(alike(pd.DataFrame({"x": [np.nan, 2.0, np.nan]}, index=["p", "q", "r"]))) == {"p", "q", "r"}
