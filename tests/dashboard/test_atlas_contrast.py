"""Laws of the focused segment's card: its own order, the switches, the caution, whatever may be sent."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from dash import html

from dashboard.components.atlas_contrast import (
    FIRST,
    MOST,
    Asked,
    body,
    contrast,
    effect_bar,
    heading,
    others,
    possible,
)
from dashboard.components.atlas_marks import badge, cautioned, legend, marked, numbers_of, unstable
from tests.dashboard import made, made_atlas


def names(shown):
    return [made.words(one) for one in made.of(shown, html.H3) if getattr(one, "className", "") == "sa-contrast-name"]


def drawn(focus=1, asked=None, of=None):
    return body(made_atlas.looked(of), focus, asked or Asked(), mode="light")


def test_columns_stand_in_the_order_of_the_segment_in_focus():
    """By hand: age sets the first apart most, income the second, age the third."""
    assert names(drawn(1)) == ["age [years]", "income [EUR]", "member", "region: North"]
    assert names(drawn(2))[0] == "income [EUR]" and names(drawn(3))[0] == "age [years]"


def test_one_order_for_all_segments():
    orders = {tuple(name.split(":")[0] for name in names(drawn(focus, Asked(order="common")))) for focus in (1, 2, 3)}
    assert len(orders) == 1


@pytest.mark.parametrize(("columns", "there"), [("shaping", ["age [years]", "income [EUR]"]), ("other", ["member", "region: North"])])
def test_columns_can_be_left_out_by_their_use(columns, there):
    assert names(drawn(1, Asked(columns=columns))) == there


def test_profile_only_columns_are_marked():
    (row,) = [one for one in made.of(drawn(1), html.Li) if "member" in names(one)]
    assert "profile only" in made.words(row)


def test_each_row_tells_both_figures():
    told = made.words(drawn(1))
    assert "0.67 x the average: 30 against 45 years; a large difference (d = \N{MINUS SIGN}2.74)" in told


def test_two_segments_against_each_other():
    """Its own figures beside those of the other; no resamples, as none were drawn."""
    told = made.words(drawn(1, Asked(against=2)))
    assert "0.25 x the average of segment 2: 1,000 against 4,000 EUR" in told and "98%" not in told
    assert "Other segment" in told and "The segment in focus against segment 2" in told


def test_the_table_holds_what_the_rows_tell():
    (table,) = made.of(drawn(1), html.Table)
    cells = [[made.words(cell) for cell in row.children] for row in made.of(made.of(table, html.Tbody), html.Tr)]
    assert cells[0] == ["age [years]", "30 years", "45 years", "\N{MINUS SIGN}2.74", "large", "\N{MINUS SIGN}1", "100%", "yes"]
    assert cells[2][:3] == ["member", "50%", "25%"] and cells[2][-1] == "no"


def test_the_heading_says_what_sets_it_apart():
    told = made.words(heading(made_atlas.looked(), 1, Asked()))
    assert "1 Group 1" in told and "everyone" in told
    assert "Lower age, lower income, more often member." in told


def test_a_segment_like_everyone_says_so():
    table, labels = made_atlas.many(1, seed=3)
    same = table.frame.assign(n0=[1.0, 2.0] * 150)
    of = made_atlas.segmentation(made.table(frame=same, columns=table.columns, raw=same.astype(str)), labels=labels)
    assert "Hardly different in any column." in made.words(heading(made_atlas.looked(of), 1, Asked()))


@pytest.mark.parametrize(("focus", "against", "told"), [(3, 0, 1), (1, 0, 0), (1, 3, 1), (3, 1, 1)])
def test_a_segment_below_the_floor_carries_its_caution(focus, against, told):
    """kmeans-3: 0.9, 0.6 and 0.3; in a pair, too, whichever side it stands on."""
    words = made.words(heading(made_atlas.looked(), focus, Asked(against=against)))
    assert words.count("Do not target on this alone.") == told
    assert ("Segment 3: stability 0.30" in words) is (told == 1 and against != 0)


def test_few_columns_at_first_and_the_others_behind_a_fold():
    table, labels = made_atlas.many(FIRST + 5)
    shown = drawn(1, of=made_atlas.segmentation(table, labels=labels))
    lists = made.of(shown, html.Ol)
    assert [len(one.children) for one in lists] == [FIRST, 5] and lists[1].start == FIRST + 1
    assert "Show the other 5 columns" in made.words(shown)


def test_what_is_too_much_is_counted_and_never_dropped_in_silence():
    table, labels = made_atlas.many(MOST + 2)
    shown = drawn(1, of=made_atlas.segmentation(table, labels=labels))
    assert len(names(shown)) == MOST and "2 more columns" in made.words(shown)


def test_a_column_without_a_distribution_is_told_without_one():
    of = made_atlas.segmentation()
    bare = replace(of, overlays=of.overlays[of.overlays["column"] != "age"])
    looks = {names(row)[0]: row.className for row in made.of(drawn(1, of=bare), html.Li) if "sa-contrast" in str(getattr(row, "className", ""))}
    assert looks["age [years]"].endswith("sa-contrast-bare") and looks["income [EUR]"] == "sa-contrast"


def test_nothing_to_compare_is_said():
    empty = replace(made_atlas.segmentation(), contrasts=pd.DataFrame(), overlays=pd.DataFrame())
    assert "Nothing to compare" in made.words(contrast(made_atlas.looked(empty), 1, mode="light"))
    shaping = replace(made_atlas.segmentation(), contrasts=made_atlas.segmentation().contrasts.query("role == 'feature'"))
    assert "Every column that is compared shaped the segments" in made.words(drawn(1, Asked(columns="other"), shaping))


@pytest.mark.parametrize("said", [None, 7, [], {}, "x", "-1", "٣", "999999999", "<a>"])
def test_whatever_is_sent_is_answered_with_the_default(said):
    asked = possible(made_atlas.looked(), 1, Asked.of(said, said, said))
    assert asked == Asked() and names(drawn(1, asked))


def test_a_segment_is_never_held_against_itself():
    looked = made_atlas.looked()
    assert possible(looked, 2, Asked.of("2", "common", "other")) == Asked(0, "common", "other")
    assert possible(looked, 1, Asked.of("2", "own", "all")).against == 2
    assert [one["value"] for one in others(looked, 1)] == ["0", "2", "3"]


@pytest.mark.parametrize(("effect", "width", "side"), [(1.0, "25.0%", "left"), (-2.0, "50.0%", "right"), (9.0, "50.0%", "left"),
                                                       (float("nan"), "0.0%", "right"), (0.0, "0.0%", "right")])  # fmt: skip
def test_the_bar_goes_both_ways_and_ends_at_two(effect, width, side):
    (fill,) = [one for one in made.of(effect_bar(effect, 1), html.Span) if one.className == "sa-effect-fill"]
    assert fill.style["width"] == width and side in fill.style


def test_a_chosen_colour_is_worn_everywhere():
    of = made_atlas.segmentation(colours={2: 7})
    assert badge(of, 2).className == "sa-seg sa-seg-7" and badge(of, 1).className == "sa-seg sa-seg-1"
    assert marked(2, "x", {2: 7}).className == "sa-seg sa-seg-7" and marked(-1, "", {}).className == "sa-seg sa-seg-noise"
    classes = [one.className for one in made.of(legend(made_atlas.looked(of)), html.Span) if "sa-seg-7" in one.className]
    assert classes == ["sa-seg sa-seg-7"]
    worn = " ".join(str(getattr(one, "className", "")) for one in made.of(drawn(2, of=of), html.Span)).split()
    assert "sa-seg-7" in worn and "sa-seg-2" not in worn


def test_who_is_unstable_is_named_with_the_caution():
    of = made_atlas.segmentation()
    assert unstable(of) == [3]
    assert cautioned(of) == " Segment 3 is below 0.60 stability: do not target on this alone."
    shaky = replace(of, candidate=replace(of.candidate, trust={1: 0.1, 2: 0.2, 3: 0.3}))
    assert cautioned(shaky).startswith(" Segments 1, 2 and 3 are below")
    assert cautioned(replace(of, candidate=replace(of.candidate, trust={}))) == ""


def test_the_way_to_the_numbers():
    assert numbers_of(made_atlas.looked(), "widths") == f"/atlas-numbers/{made_atlas.RUN}/kmeans-3/widths.csv"


def test_names_from_data_are_harmless():
    of = made_atlas.segmentation()
    hostile = replace(of, candidate=replace(of.candidate, names={1: made.HOSTILE, 2: made.HOSTILE, 3: "x"}),
                      contrasts=of.contrasts.assign(column=made.HOSTILE, unit=made.HOSTILE))  # fmt: skip
    told = made.words(contrast(made_atlas.looked(hostile), 1, mode="dark"))
    assert "\u202e" not in told and "\x00" not in told


def test_no_id_holds_a_name_from_data():
    assert set(made.known(contrast(made_atlas.looked(), 1, mode="light"))) == {
        "contrast-against", "contrast-order", "contrast-columns", "atlas-contrast-head", "atlas-contrast-body"}  # fmt: skip
