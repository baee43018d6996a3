"""Laws of what may leave the house: cells of one to four customers, extremes, and personal columns do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from core import palette
from core.exports.workbook_facts import BookFacts, book_facts
from core.model import NOISE, Kind, Role
from core.personal import FEWER, WITHHELD, fit_to_show, small_segments, telling_columns
from core.personal.small import FEWEST, complemented, withheld
from core.personas import personas
from core.reports.source import source_of
from dashboard import theme
from tests.core import reported
from tests.dashboard import made


def contrasts(**changes):
    """One number, one flag and one value of a category for segment 1, over ten filled cells."""
    rows = pd.DataFrame(
        {
            "segment": 1, "column": ["income", "member", "region"], "level": ["", "", "South"],
            "caption": ["income", "member", "region: South"], "kind": ["number", "flag", "category"], "role": "feature",
            "unit": "", "own": [10.0, 0.5, 0.5], "rest": 0.2, "everyone": 0.9, "effect": 1.0, "delta": 1.0, "steady": 1.0,
            "filled": 10,
        }
    )  # fmt: skip
    return rows.assign(**changes)


def shown(frame, **changes):
    comparison = made.comparison()
    whole = comparison.choose("kmeans-2")
    whole = replace(whole, candidate=replace(whole.candidate, sizes={1: 7, 2: 5}), contrasts=frame, **changes)
    return fit_to_show(whole, ())


@pytest.mark.parametrize(("share", "stays"), [(0.0, True), (0.1, False), (0.4, False), (0.5, True), (1.0, True)])
def test_a_share_that_stands_for_one_to_four_customers_is_left_out(share, stays):
    """Of ten: none and five or more may be told, one to four not; an average over ten may always be told."""
    left = shown(contrasts(own=[10.0, share, share])).contrasts["column"].tolist()
    assert left == (["income", "member", "region"] if stays else ["income"])


def test_an_average_over_four_filled_cells_is_left_out():
    """However many customers the segment has: only the cells that are filled count."""
    assert shown(contrasts(filled=[4, 10, 10])).contrasts["column"].tolist() == ["member", "region"]


def test_a_value_that_four_customers_have_in_all_is_left_out():
    """A share of everyone (0.25 of twelve) gives three people away, though nobody of the segment is among them."""
    assert shown(contrasts(everyone=[0.9, 0.25, 0.5], own=[1.0, 0.0, 0.0])).contrasts["column"].tolist() == ["income", "region"]


def test_small_segments_are_told_of_in_no_frame():
    """Two of twelve: rows of segment 3 go, and of the next; five is no longer small, unless one alone would be left out."""
    whole = made.comparison().choose("kmeans-3")
    left = fit_to_show(whole, ()).profile
    assert set(left["segment"]) == {0, 1} and small_segments(whole) == {2, 3}
    five = replace(whole.candidate, sizes={1: 6, 2: 5, 3: 1, 4: 4})
    assert small_segments(replace(whole, candidate=five)) == {3, 4}


@pytest.mark.parametrize(
    ("sizes", "left_out"),
    [
        ({1: 90, 2: 5}, set()),
        ({1: 90, 2: 20, 3: 3}, {2, 3}),
        ({1: 90, 2: 20, 3: 3, NOISE: 7}, {3, NOISE}),
        ({1: 90, 2: 20, NOISE: 3}, {2, NOISE}),
        ({1: 90, 2: 20, 3: 2, 4: 2}, {2, 3, 4}),
        ({1: 90, 2: 20, 3: 2, 4: 4}, {3, 4}),
        ({1: 90, 2: 20, NOISE: 0}, set()),
        ({1: 4}, {1}),
    ],
)
def test_everyone_less_what_is_told_gives_nobody_away(sizes, left_out):
    """The attack itself: what is left of all customers are none, or five and more in several groups."""
    found = withheld(sizes)
    rest = [sizes[one] for one in found]
    assert found == left_out
    assert not rest or len(sizes) == 1 or (len(rest) > 1 and sum(rest) >= 5)


def test_hidden_cells_of_a_row_hold_nobody_or_five_together():
    """The attack itself, on a thousand rows: the sum of all less what is told; nothing is left out that need not be."""
    random = np.random.default_rng(0)
    for _ in range(1_000):
        counts = random.choice([0, 1, 3, 5, 8, 40, np.nan], random.integers(1, 7))
        few = (counts > 0) & (counts < FEWEST)
        hidden = complemented(counts, few)
        rest = np.nansum(counts[hidden])
        assert (hidden >= few).all() and not (0 < rest < FEWEST and (counts[~hidden] > 0).any())
        assert hidden.sum() <= few.sum() + 1 and not (hidden & (counts == 0)).any()


def test_a_cell_is_not_given_away_by_everyone_less_the_others():
    """Of 9, 2 and 30 members two may not be told; with those of all, 41, the nine would tell of them. The same in the profile."""
    sizes, yes = {1: 20, 2: 40, 3: 60}, {1: 9, 2: 2, 3: 30}
    rows = pd.DataFrame({"segment": [1, 2, 3], "column": "member", "level": "", "kind": "flag", "filled": [20, 40, 60],
                         "own": [yes[one] / sizes[one] for one in sizes], "everyone": 41 / 120})  # fmt: skip
    cells = [(0, 120, 41 / 120), *((one, sizes[one], yes[one] / sizes[one]) for one in sizes)]
    profile = pd.DataFrame(cells, columns=["segment", "customers", "mean"]).assign(
        column="member", kind="flag", median=1.0, minimum=0.0, maximum=1.0, most_common="", most_common_share=np.nan, gaps=0)  # fmt: skip
    whole = made.comparison().choose("kmeans-2")
    whole = replace(whole, candidate=replace(whole.candidate, sizes=sizes), contrasts=rows, profile=profile)
    left = fit_to_show(whole, ())
    assert left.contrasts["segment"].tolist() == [3]
    assert left.profile.set_index("segment")["mean"].notna().to_dict() == {0: True, 1: False, 2: False, 3: True}


def test_a_report_and_a_workbook_leave_out_a_second_segment():
    """Of a hundred three are in one segment: the next one's size and averages would tell of these."""
    table, comparison, segmentation = made.table(), made.comparison(), made.comparison().choose("kmeans-3")
    segmentation = replace(segmentation, candidate=replace(segmentation.candidate, sizes={1: 60, 2: 37, 3: 3}))
    source = source_of(table, comparison, segmentation, {})
    assert source.size(3) == FEWER and source.size(2) == WITHHELD and source.size(1) == "60"
    assert {one.number for one in source.shown} == {1}
    assert BookFacts(table, segmentation).is_small(2) and not BookFacts(table, segmentation, True).is_small(2)


def test_extremes_dates_and_rare_values_of_a_profile_are_left_out():
    """The smallest and the largest are somebody's; a date says when one came; South is the value of three."""
    left = fit_to_show(made.comparison().choose("kmeans-2"), ()).profile
    assert left["minimum"].isna().all() and left["maximum"].isna().all()
    dates = left[left["kind"] == str(Kind.DATE)]
    assert len(dates) and (dates["most_common"] == "").all()
    members = left[(left["column"] == "member") & (left["segment"] == 0)]
    assert members["mean"].isna().all()  # three of twelve


def test_personal_columns_leave_every_frame_and_rules_that_ask_for_them():
    """The id, a free text and what is recognised; a rule is dropped for naming one in its words or its SQL."""
    rules = pd.DataFrame({"segment": [1, 2, 2], "words": ["age is above 3", "customer is 7", "x"], "sql": ["a", "b", '"customer" = 1'],
                          "covered": [6, 6, 6], "coverage": 1.0, "precision": 1.0})  # fmt: skip
    comparison = made.comparison(candidates=(made.candidate("kmeans-2", [1] * 6 + [2] * 6),), recommended="kmeans-2")
    whole = replace(comparison.choose("kmeans-2"), rules=rules, contrasts=contrasts(column=["customer", "age", "age"]))
    left = fit_to_show(whole, {"customer"})
    assert left.rules["words"].tolist() == ["age is above 3"] and "customer" not in set(left.contrasts["column"])
    assert fit_to_show(replace(whole, rules=rules.assign(covered=4)), ()).rules.empty


def test_columns_that_tell_who_somebody_is_are_found_by_role_kind_and_look():
    """An id, an address book and names; what only describes stays."""
    table, _, _ = reported.nouns()
    hidden = set(telling_columns(table))
    assert {"email", "mailbox", "contact name"} <= hidden and not {"income", "visits", "town"} & hidden
    columns = (replace(made.COLUMNS[1], role=Role.ID), replace(made.COLUMNS[2], kind=Kind.TEXT), *made.COLUMNS[3:])
    assert set(telling_columns(made.table(columns=columns))) >= {"age", "income"}


def test_single_customers_are_in_no_frame():
    """Rows of the table, silhouettes by row and the most unusual ones are people."""
    table, comparison, whole = reported.nouns()
    left = fit_to_show(whole, ())
    assert len(whole.placing) and not len(left.placing) and not len(left.widths) and not len(left.unusual)


def test_a_name_made_of_a_personal_column_gives_way_to_the_number():
    """Names are made from what separates segments; a mailbox that does so must not title the report."""
    table, comparison, whole = reported.nouns()
    names = {1: "High income", 2: "Mailbox east@birdhouse.example"}
    told = source_of(table, comparison, replace(whole, candidate=replace(whole.candidate, names=names)), {})
    assert [told.name(1), told.name(2)] == ["High income", "Segment 2"]
    chosen = source_of(table, comparison, replace(whole, candidate=replace(whole.candidate, names=names)), {"personal": True})
    assert chosen.name(2) == names[2]
    words = " ".join(said.text for one in told.personas.values() for said in one.said) + " ".join(one.name for one in personas(told.of))
    assert "birdhouse" not in words and "mailbox" not in words.casefold()


def test_what_is_made_safe_twice_is_what_is_made_safe_once():
    """Leaving out changes no figure that stays."""
    table, _, whole = reported.nouns()
    once = fit_to_show(whole, telling_columns(table))
    twice = fit_to_show(once, telling_columns(table))
    for name in ("profile", "contrasts", "rules"):
        pd.testing.assert_frame_equal(getattr(once, name), getattr(twice, name))
    kept = once.contrasts.merge(whole.contrasts, how="left", indicator=True)
    assert (kept["_merge"] == "both").all() and np.isfinite(kept["own"]).any()


def test_report_and_workbook_leave_out_the_same():
    """Columns, segments and cells: what one may tell is what the other may; the list keeps the key to find people by."""
    table, comparison, whole = reported.nouns()
    sizes = {**whole.candidate.sizes, 2: 3}
    whole = replace(whole, candidate=replace(whole.candidate, sizes=sizes))
    report, book = source_of(table, comparison, whole, {}), book_facts(table, whole)
    assert list(report.hidden) == list(book.hidden) and report.small == book.small and 2 in book.small
    for name in ("profile", "contrasts", "rules", "orders"):
        pd.testing.assert_frame_equal(getattr(report.of, name), getattr(book.of, name))
    assert report.of.candidate.names == book.of.candidate.names
    assert set(book.hidden) - set(book.unlisted) == {"customer"} and {"email", "contact name"} <= set(book.unlisted)
    assert book_facts(table, whole, personal=True).hidden == {} == dict.fromkeys(source_of(table, comparison, whole, {"personal": True}).hidden)


def test_paper_and_screen_show_segments_alike():
    """The light theme has the colours and marks of the palette; what is chosen wins, nobody's is grey."""
    for segment in (-1, 1, 8, 9, 16, 17, 40):
        assert palette.segment_colour(segment) == theme.segment_colour(segment)
        assert palette.segment_mark(segment) == theme.segment_shape(segment)
    assert palette.segment_colour(3, chosen=1) == theme.segment_colour(1)
    assert len({(palette.segment_colour(s), palette.segment_mark(s)) for s in range(1, 65)}) == 64
