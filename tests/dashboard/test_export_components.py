"""Laws of what the Export page is made of: cards, promises of control groups, audiences, and uplift in figures and words."""

from __future__ import annotations

import math

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
import pytest
from dash import html

from core.exports import EXPORTS
from core.exports.audience import META, Audience
from core.model import Uplift
from core.pipeline.uplifting import COLUMNS
from dashboard import theme
from dashboard.components import export_campaign, export_cards, export_uplift
from dashboard.figures.uplift import uplift_dots, uplift_height
from tests.dashboard import made

MINUS = "\N{MINUS SIGN}"
ROWS = [
    (0, "Everyone", 180, 20, 0.30, 0.20, 0.10, 0.02, 0.18, 0.25, "The campaign brought more than nothing."),
    (1, made.HOSTILE, 90, 10, 0.20, 0.30, -0.10, -0.20, 0.05, 0.30, "It may have brought nothing: the interval holds 0."),
    (2, "Alone", 90, 0, 0.40, math.nan, math.nan, math.nan, math.nan, math.nan, "Nobody to compare with."),
]


def uplift(rows=ROWS, **changes):
    parts = {"frame": pd.DataFrame(rows, columns=list(COLUMNS)), "outcome": "bought", "notes": ("Two were left out.",), "kind": "rate", "unit": ""}
    return Uplift(**{**parts, **changes})


def selects(shown):
    return {one.id: one for one in made.of(shown, dbc.Select)}


def links(shown):
    return [one.href for one in made.of(shown, html.A)]


def test_dots_stand_at_the_points_of_the_uplift_with_their_intervals():
    """In percentage points; a segment without a control group has no dot; what has 0 in its interval is hollow."""
    (dots,) = uplift_dots(uplift()).data
    assert np.allclose(dots.x, [10, -10]) and list(dots.y) == [0, 1]
    assert np.allclose(dots.x + np.array(dots.error_x.array), [18, 5]) and np.allclose(dots.x - np.array(dots.error_x.arrayminus), [2, -20])
    assert list(dots.marker.color) == [theme.token("accent", "light"), theme.token("surface", "light")]


def test_amounts_are_drawn_in_their_unit():
    """As they are, not times a hundred."""
    drawn = uplift_dots(uplift(kind="amount", unit="EUR"))
    assert np.allclose(drawn.data[0].x, [0.1, -0.1]) and drawn.layout.xaxis.title.text == "Uplift (EUR)"
    assert uplift_dots(uplift(kind="amount")).layout.xaxis.title.text == "Uplift"


def test_names_of_segments_are_text_in_the_figure():
    """Plotly reads markup in ticks and hovers."""
    drawn = uplift_dots(uplift())
    for text in (*drawn.layout.yaxis.ticktext, *drawn.data[0].customdata):
        assert "<a" not in text and "%{" not in text and "\u202e" not in text and "\x00" not in text
    assert "\u202e" not in made.words(export_uplift.result(uplift(), mode="light", csv="/x.csv"))


def test_an_interval_that_is_not_known_is_no_line():
    """Two customers have an uplift and no interval: the dot is hollow and has no bar."""
    (dots,) = uplift_dots(uplift([(0, "Everyone", 1, 1, 1.0, 0.0, 1.0, math.nan, math.nan, math.nan, "Too few")])).data
    assert list(dots.marker.color) == [theme.token("surface", "light")] and list(dots.error_x.array) == [0] and np.isfinite(dots.x).all()


def test_a_figure_of_nobody_says_so_and_heights_grow_with_the_segments():
    """No dot, no axis of nothing; 44 px a segment from 220 on."""
    assert not uplift_dots(uplift(ROWS[2:])).data
    many = uplift([ROWS[0]] * 10)
    assert uplift_height(uplift()) == 220 and uplift_height(many) == 90 + 440


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_result_says_the_finding_with_its_interval_and_what_was_left_out(mode):
    """The sentence, the table with every segment, the notes, and the numbers as a file."""
    shown = export_uplift.result(uplift(), mode=mode, csv="/uplift-numbers/r.csv")
    words = made.words(shown)
    assert "Uplift of everyone: +10.0 points (+2.0 points to +18.0 points)" in words and "Two were left out." in words
    assert f"{MINUS}10.0 points" in words and "Nobody to compare with." in words and "/uplift-numbers/r.csv" in links(shown)


def test_the_table_of_amounts_has_units_and_of_rates_per_cent():
    """The same columns, their cells as the kind asks."""
    rates, amounts = export_uplift.told(uplift()), export_uplift.told(uplift(kind="amount", unit="EUR"))
    assert rates["Outcome, written to"].tolist()[0] == "30%" and rates["95% interval"].tolist()[2] == "–"
    assert "EUR" in amounts["Outcome, written to"].tolist()[0] and "points" not in " ".join(amounts["Uplift"])
    assert rates["Segment"].tolist() == [row[1] for row in ROWS]


def test_nobody_to_compare_with_is_the_finding():
    """No number is made up."""
    assert export_uplift.finding(uplift(ROWS[2:])) == "Nobody to compare with"


def test_without_results_the_card_says_what_to_upload():
    """With some, they can be chosen; names of files are text."""
    assert "Upload a file" in made.words(export_uplift.form({}, []))
    shown = export_uplift.form({"d1": "a.csv", "d2": "b.csv"}, [])
    options = [one["label"] for one in selects(shown)["uplift-file"].options]
    assert options == ["a.csv", "b.csv"]


def test_a_promise_names_the_smallest_uplift_of_each_group():
    """As points of the rate expected; a group without anybody left alone shows none; the list is the one promised."""
    frame = pd.DataFrame([(0, "Everyone", 90, 10, 0.219), (1, "One", 1, 0, math.nan)], columns=["segment", "segment_name", "treated", "control", "detectable"])
    shown = export_campaign.promise(frame, "/campaign/r/k/list.csv?share=10&seed=1", 0.05)
    words = made.words(shown)
    assert "21.9 points" in words and "5%" in words and "–" in words and links(shown) == ["/campaign/r/k/list.csv?share=10&seed=1"]


@pytest.mark.parametrize(("seen", "of", "warned"), [(40, 40, True), (40, 90, False)])
def test_an_audience_is_counted_and_warned_of_where_all_were_looked_at(seen, of, warned):
    """Rows, left out, twice; too few is only known of all customers; consent is asked for always."""
    found = Audience(pd.DataFrame({"email": ["x"] * 30}), 8, 2, "30 people: too few.")
    words = made.words(export_campaign.found(found, META, seen, of, "/audience/x.csv"))
    assert "30 rows for Meta" in words and "8 left out" in words and "2 are there once already" in words and "Have these customers agreed?" in words
    assert ("too few" in words) is warned and ("the segment has 90" in words) is not warned


def test_contacts_without_a_column_say_so():
    """Every kind has a choice; what was recognised is chosen, the others are said to be in no column."""
    shown = export_campaign.audiences({"1": "1. A"}, {"0": "mail"}, {"email": "0"}, [])
    known = selects(shown)
    assert known["audience-email"].value == "0" and known["audience-phone"].value == "none"
    assert [one["label"] for one in known["audience-phone"].options] == ["not in this file", "mail"]


@pytest.mark.parametrize("name", list(EXPORTS))
def test_every_export_has_a_card_with_its_format_and_its_size(name):
    """One download each, named for those who hear the page."""
    shown = export_cards.download("/download/r/k", name, 1200)
    words, (link,) = made.words(shown), made.of(shown, html.A)
    assert EXPORTS[name].filename in words and EXPORTS[name].label in words and link.href == f"/download/r/k/{name}"
    assert EXPORTS[name].label in getattr(link, "aria-label")


def test_groups_list_every_export_once_and_raw_files_stand_behind_their_warning():
    """No export is forgotten and none is offered twice."""
    listed = [name for _, _, names in export_cards.GROUPS.values() for name in names]
    assert sorted(listed) == sorted(EXPORTS)
    assert "Do not open" in made.words(export_cards.raw("/d")) and links(export_cards.raw("/d")) == [f"/d/{name}?raw=1" for name in export_cards.RAW]
    capsule = export_cards.capsule("/capsule/r/k.zip")
    assert links(capsule) == ["/capsule/r/k.zip"] and "without your data" in made.words(capsule)
