"""Laws of what the Migration page shows: the light, the fates, the matrix with its lists, the diagram and the drift."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dash import dcc, html

from dashboard.components import migration_cells, migration_drift, migration_fates, migration_top
from dashboard.components.migration_choosing import chooser, link
from dashboard.figures.migration_flows import migration_flow, migration_flow_height
from tests.dashboard import made
from tests.dashboard.made_migration import ENDS, hostile, migration


def links(shown):
    return [one.href for one in made.of(shown, html.A)]


@pytest.mark.parametrize("word", ["keep", "watch", "refit"])
def test_the_light_says_its_word_first_and_then_the_reason(word):
    """Not by colour alone."""
    shown = made.words(migration_top.verdict(migration(verdict=word)))
    assert shown.split()[0] == word.capitalize() and "spread otherwise" in shown and "0.25" in shown


def test_the_title_counts_what_is_the_same_and_what_is_gone():
    """All of them, or how many."""
    found = migration()
    assert migration_top.title(found) == "1 of 3 segments are the same as before, 1 of before is gone"
    same = found.fates[(found.fates["fate"] == "same")]
    assert migration_top.title(migration(fates=same)) == "The segment is the same as before"
    assert migration_top.title(migration(fates=pd.concat([same, same]))) == "Both segments are the same as before"


def test_the_signs_have_units_and_bases():
    """Eleven of twelve either way; what nobody measured has no tile."""
    shown = made.words(migration_top.signs(migration()))
    assert "91.7% of 12 customers now, 91.7% of 12 before" in shown and "3%" in shown and "12%" in shown and "10% were before" in shown
    assert "border" not in made.words(migration_top.signs(migration(border=(-1.0, -1.0), unlike=-1.0)))
    assert made.words(migration_top.notes(migration())) == "2 ids stand twice." and migration_top.notes(migration(notes=())) is None


def test_every_segment_of_now_and_every_lost_one_has_a_card():
    """With what became of it in words; the same of before is told once, by its segment of now."""
    shown = migration_fates.fates(migration(), ENDS)
    cards = [made.words(one) for one in made.of(shown, html.Li)]
    assert len(cards) == 5 and sum("Retired" in card for card in cards) == 1
    assert "It was “Loyal” before." in cards[0] and "4 before" in cards[0] and "80%" in cards[0]
    assert any("It fell apart into “Group 2” and “Group 3”." in card for card in cards)


def test_each_cell_is_a_link_to_its_list_and_sums_stand_at_the_ends():
    """Four stayed, three and three split off, one not placed, one lost, one new: twelve and twelve."""
    shown = migration_cells.matrix(migration(), "r1", ENDS, measure="customers")
    by = {one.href: one.children for one in made.of(shown, html.A)}
    assert by["/migration-list/r1.csv?before=1&now=1"] == "4" and by["/migration-list/r1.csv?before=2&now=3"] == "3"
    assert by["/migration-list/r1.csv?before=3&now=-1"] == "1" and by["/migration-list/r1.csv?before=3&now=0"] == "1"
    assert by["/migration-list/r1.csv?before=0&now=1"] == "1" and by["/migration-list/r1.csv?before=2"] == "6" and by["/migration-list/r1.csv?now=1"] == "5"
    words = made.words(shown)
    assert "Not in the later file" in words and "Not in the earlier file" in words and "Not placed" in words and words.endswith("13")
    labels = [one.to_plotly_json()["props"]["aria-label"] for one in made.of(shown, html.A)]
    assert all("Download the list of" in label for label in labels)


def test_revenue_is_shown_where_there_is_money_only():
    """400 EUR stayed with the four loyal."""
    shown = migration_cells.flows_card(migration(), "r1", ENDS, measure="revenue_before")
    assert "400 EUR" in made.words(shown) and made.known(shown).count("migration-measure") == 1
    bare = migration().flows.assign(revenue_before=np.nan, revenue_now=np.nan)
    assert "migration-measure" not in made.known(migration_cells.flows_card(migration(flows=bare), "r1", ENDS))


def test_a_measure_that_there_is_not_shows_customers():
    """A callback may be sent anything."""
    for asked in (None, 3, ["x"], "<b>"):
        shown = migration_cells.flows_shown(migration(), "r1", ENDS, measure=asked, mode="light")
        assert "Customers by segment before" in made.words(shown) and len(made.of(shown, dcc.Graph)) == 1


def test_where_nobody_can_be_followed_it_is_said_instead():
    """No matrix of zeros."""
    shown = migration_cells.flows_card(migration(by="centres", shared=0), "r1", ENDS)
    assert "Nobody can be followed" in made.words(shown) and not made.of(shown, html.A) and not made.of(shown, dcc.Graph)


def test_those_who_stayed_are_counted_among_those_in_both():
    """Four of eleven."""
    assert migration_cells.stayed(migration()).startswith("36.4% of the customers in both files")


def test_the_diagram_has_a_band_for_each_cell():
    """Widths are the customers; both sides stand in the order of segments, then not placed, then absent."""
    (drawn,) = migration_flow(migration().flows, ENDS).data
    assert sum(drawn.link.value) == 13 and len(drawn.link.value) == len(migration().flows)
    labels = [label.replace("<span>", "").replace("</span>", "") for label in drawn.node.label]
    assert labels == ["1 Loyal", "2 Bargain", "3 Rare", "New customers", "1 Group 1", "2 Group 2", "3 Group 3", "Not placed", "Lost customers"]
    assert migration_flow(migration().flows.iloc[:0], ENDS).layout.annotations[0].text == "nothing to draw"
    assert migration_flow_height(2, 2) == 320 and migration_flow_height(20, 3) == 660


def test_names_in_the_diagram_can_be_left_out_on_a_phone():
    """Behind the number of a segment its name is a part of its own, which the stylesheet hides; nobody else has a number."""
    (drawn,) = migration_flow(migration().flows, ENDS).data
    assert drawn.node.label[0] == "1<span> Loyal</span>" and drawn.node.label[-1] == "Lost customers"
    style = (Path(__file__).resolve().parents[2] / "assets" / "82-migration.css").read_text()
    assert "#migration-sankey .node-label tspan { display: none; }" in style.partition("max-width: 640px")[2]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_hostile_names_stay_text(mode):
    """In the diagram and in HTML."""
    figure = migration_flow(migration().flows, hostile(), mode=mode).to_json()
    assert "<a " not in figure and "%{y}" not in figure
    for shown in (migration_fates.fates(migration(), hostile()), migration_cells.flows_card(migration(money=made.HOSTILE), "r1", hostile())):
        assert "\u202e" not in made.words(shown) and "\x00" not in made.words(shown)


def test_drift_names_the_column_that_shifted_most():
    """With its index, its light and where it changed."""
    shown = made.words(migration_drift.drift_card(migration()))
    assert "1 of 2 columns shifted, income the most." in shown and "0.310" in shown and "30% are now" in shown
    calm = migration().drift.tail(1)
    assert migration_drift.title(calm) == "None of the 1 columns has shifted."
    gone = migration().drift.assign(psi=np.nan, chance=np.nan)
    assert "cannot be told" in made.words(migration_drift.drift_card(migration(drift=gone)))


def test_the_chooser_links_each_run_by_the_agreed_parameters():
    """run, choice, before, before_choice; what is not said is left away."""
    run = type("Run", (), {"id": "b1", "created": 0.0})
    shown = chooser([(run, made.HOSTILE)], "n1", "kmeans-3")
    (way,) = made.of(shown, dcc.Link)
    assert way.href == "/migration?run=n1&choice=kmeans-3&before=b1" == link("n1", "kmeans-3", "b1") and "\u202e" not in way.children
    assert link("n1", "a", "b1", "c").endswith("&before_choice=c")
