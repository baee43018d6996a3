"""Laws of all segments at once: every order is a permutation, figures show what is stored, a twin tells it in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from dash import dcc, html

from dashboard.components.atlas_arranging import MOST_ROWS, Asked, arranged, orders
from dashboard.components.atlas_overview import MOST_LINES, body, overview
from dashboard.components.atlas_signals import distinct, known, standardised, telling
from tests.dashboard import made, made_atlas


def facts(of=None):
    return distinct(known((of or made_atlas.segmentation()).contrasts))


def drawn(asked=None, of=None, **more):
    return body(made_atlas.looked(of, **more), asked or Asked(), mode="light")


def figure(shown):
    (found,) = made.of(shown, dcc.Graph)
    return found.figure


def test_every_order_that_is_offered_is_an_order():
    """No row and no segment is lost or doubled, either way round."""
    looked = made_atlas.looked()
    rows, across = orders(looked)
    plain = arranged(looked, facts(), Asked(), most=MOST_ROWS, value="effect")
    pairs = [(one["value"], "size") for one in rows] + [("telling", one["value"]) for one in across] + [("alike", "alike")]
    for down, over in pairs:
        for way in ("down", "up"):
            values = arranged(looked, facts(), Asked("heat", down, over, way), most=MOST_ROWS, value="effect")
            assert sorted(values.index) == sorted(plain.index) and sorted(values.columns) == [1, 2, 3]
            assert np.allclose(values.loc[plain.index, plain.columns], plain)


def test_rows_can_be_sorted_by_a_segment_and_segments_by_a_column_both_ways():
    looked = made_atlas.looked()
    for segment in (1, 2, 3):
        values = arranged(looked, facts(), Asked(rows=f"s{segment}"), most=MOST_ROWS, value="effect")[segment]
        assert values.is_monotonic_decreasing
        assert arranged(looked, facts(), Asked(rows=f"s{segment}", way="up"), most=MOST_ROWS, value="effect")[segment].is_monotonic_increasing
    for place, name in enumerate(telling(facts(), MOST_ROWS)):
        assert arranged(looked, facts(), Asked(across=f"c{place}"), most=MOST_ROWS, value="effect").loc[name].is_monotonic_decreasing


def test_rows_can_stand_as_in_the_file_and_segments_by_size_or_number():
    looked = made_atlas.looked(made_atlas.segmentation(labels=[3] * 6 + [1] * 4 + [2] * 2))
    values = arranged(looked, facts(looked.segmentation), Asked(rows="file"), most=MOST_ROWS, value="effect")
    assert list(values.index) == ["age", "income", "member", "region: North"] and list(values.columns) == [3, 1, 2]
    assert list(arranged(looked, facts(looked.segmentation), Asked(across="number"), most=MOST_ROWS, value="effect").columns) == [1, 2, 3]


def test_orders_are_named_by_places():
    """A name from the data is never a value."""
    of = made_atlas.segmentation()
    hostile = replace(of, contrasts=of.contrasts.assign(column=made.HOSTILE), candidate=replace(of.candidate, names={1: made.HOSTILE}))
    for offered in orders(made_atlas.looked(hostile)):
        assert all(len(one["value"]) < 12 and "\u202e" not in one["label"] for one in offered)


@pytest.mark.parametrize("said", [None, 7, [], {}, "x", "s99", "c99", "<b>"])
def test_whatever_is_sent_is_answered(said):
    asked = Asked.of(said, said, said, said).among(*orders(made_atlas.looked()))
    assert asked == Asked()
    assert made.of(drawn(Asked.of("lines", said, said, said)), dcc.Graph)


def test_the_heat_map_shows_the_stored_effects():
    shown = drawn()
    heat = figure(shown).data[0]
    values = arranged(made_atlas.looked(), facts(), Asked(), most=MOST_ROWS, value="effect")
    assert np.allclose(np.array(heat.z, dtype=float), values.to_numpy())
    assert list(figure(shown).layout.yaxis.ticktext)[0] == "income [EUR]"
    assert "4,000 EUR, everyone 2,000 EUR" in heat.hovertext[0][1] and "2 Group 2" in heat.hovertext[0][1]


def test_the_title_is_the_finding():
    assert "income tells the segments apart most: highest in 2 Group 2, lowest in 1 Group 1" in made.words(drawn())
    of = made_atlas.segmentation()
    shares = replace(of, contrasts=of.contrasts.query("column == 'region'"))
    assert "region tells the segments apart most: North most often in 1 Group 1, least in 2 Group 2" in made.words(drawn(of=shares))
    alike = replace(of, contrasts=of.contrasts.assign(effect=0.1))
    assert "Segments hardly differ in any column" in made.words(drawn(of=alike))


@pytest.mark.parametrize("view", ["heat", "lines"])
def test_the_caution_stands_with_the_figure(view):
    assert "Segment 3 is below 0.60 stability: do not target on this alone." in made.words(drawn(Asked(view)))


@pytest.mark.parametrize("view", ["heat", "lines"])
def test_the_twin_has_every_cell_in_words(view):
    (table,) = made.of(drawn(Asked(view)), html.Table)
    cells = {made.words(row.children[0]): [made.words(cell) for cell in row.children[1:]]
             for row in made.of(made.of(table, html.Tbody), html.Tr)}  # fmt: skip
    assert cells["age [years]"][:2] == ["45 years", "30 years (\N{MINUS SIGN}2.74, large)"]
    assert cells["member"][0] == "25%" and len(cells) == 4


@pytest.mark.parametrize("view", ["heat", "lines"])
def test_numbers_pictures_and_csv_are_offered(view):
    shown = drawn(Asked(view))
    assert [one.href for one in made.of(shown, html.A) if "csv" in str(getattr(one, "href", ""))] == [
        f"/atlas-numbers/{made_atlas.RUN}/kmeans-3/contrasts.csv"]  # fmt: skip
    assert {getattr(one, "data-sa-image", "") for one in made.of(shown, html.Button)} == {"png", "svg"}


def test_lines_run_through_the_standardised_means():
    """One line per segment; the values are those of ``standardised``."""
    shown = figure(drawn(Asked("lines")))
    away = standardised(facts()).set_index(["caption", "segment"])["away"]
    assert len(shown.data) == 3
    captions = [str(one).split(" [")[0] for one in shown.layout.xaxis.ticktext]
    for line, segment in zip(shown.data, (1, 2, 3), strict=True):
        assert list(line.y) == pytest.approx([away[name, segment] for name in captions])
        assert line.type == "scatter" and line.text[-1].strip() == f"<b>{segment}</b>"


def test_what_is_too_much_to_draw_is_said():
    table, labels = made_atlas.many(MOST_ROWS + 6)
    of = made_atlas.segmentation(table, labels=labels)
    assert f"The {MOST_ROWS} of 30 columns and values in which segments differ most" in made.words(drawn(of=of))
    assert f"The {MOST_LINES} of 30" in made.words(drawn(Asked("lines"), of))
    assert "the CSV has all" not in made.words(drawn())


def test_silhouettes_wait_for_the_job_in_their_place():
    waiting = drawn(Asked("widths"))
    assert not made.of(waiting, dcc.Graph) and "Being worked out" in made.words(waiting)


def widths():
    return pd.DataFrame({"row": [0, 1, 2, 6, 7, 10], "silhouette": [0.5, 0.7, -0.1, 0.3, 0.1, 0.9]})


def test_silhouettes_are_told_by_segment():
    """By hand: rows 0 to 2 average 0.3667 with one of three below zero, 6 and 7 average 0.2, row 10 has 0.9."""
    shown = drawn(Asked("widths"), made_atlas.segmentation(whole=True, widths=widths(), colours={1: 9}))
    (table,) = made.of(shown, html.Table)
    rows = [[made.words(cell) for cell in row.children] for row in made.of(made.of(table, html.Tbody), html.Tr)]
    assert rows == [["1 Group 1", "3", "0.367", "33.3%"], ["2 Group 2", "2", "0.2", "0%"], ["3 Group 3", "1", "0.9", "0%"]]
    told = made.words(shown)
    assert "3 Group 3 is set apart best (0.90), 2 Group 2 least (0.20)" in told and "Measured on 6 of 12 customers." in told
    assert figure(shown).data[0].fillcolor == "#062f5f", "the ninth colour of the palette"


@pytest.mark.parametrize("frame", [pd.DataFrame(), widths().head(0), widths().assign(silhouette=np.nan)])
def test_without_silhouettes_the_view_says_so(frame):
    shown = drawn(Asked("widths"), made_atlas.segmentation(whole=True, widths=frame))
    assert "No silhouettes" in made.words(shown) or "No customer has a silhouette" in made.words(shown)


def test_nothing_to_compare_is_said_and_breaks_nothing():
    empty = made_atlas.segmentation(contrasts=pd.DataFrame(), overlays=pd.DataFrame())
    for view in ("heat", "lines"):
        assert "Nothing to compare" in made.words(drawn(Asked(view), empty))
    assert "Nothing to compare" in made.words(overview(made_atlas.looked(empty), "heat", mode="dark"))


@pytest.mark.parametrize(("view", "hidden"), [("heat", False), ("lines", False), ("widths", True), ("x", False), ("", False)])
def test_orders_are_offered_where_there_is_something_to_order(view, hidden):
    shown = overview(made_atlas.looked(), view, mode="light")
    (switches,) = [one for one in made.of(shown, html.Div) if getattr(one, "id", "") == "overview-orders"]
    assert switches.hidden is hidden


def test_one_segment_alone_has_nothing_to_be_told_from():
    """Everybody in one segment: the rest is empty."""
    one = made_atlas.segmentation(labels=[1] * 12)
    for view in ("heat", "lines", "widths"):
        assert drawn(Asked(view), one)
