"""Laws of the switches: they draw what is looked at, keep what is possible, and answer whatever may be sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dash import dcc, html, no_update

from tests.dashboard import made, made_atlas
from tests.pages.states import state_of

ODD = [None, 7, [], {}, "x", ["a"], {"a": 1}, "-1", "s99"]


@pytest.fixture()
def contrasting(pages):
    from pages.atlas import contrasting

    return contrasting


@pytest.fixture()
def search(desk):
    of = made_atlas.segmentation()
    evidence = {name: frame.assign(candidate="kmeans-3") for name, frame in (("differences", of.contrasts), ("overlays", of.overlays))}
    known = made.comparison()
    _, run = desk.finished(replace(known, evidence=known.evidence | evidence))
    return f"?run={run}&choice=kmeans-3"


STATE = {"choice": "kmeans-3", "focus": 1}


def test_the_segment_in_focus_is_drawn_against_what_is_asked_for(desk, contrasting, search):
    with desk.request():
        head, body, options, against = contrasting.draw_contrast(STATE, "2", "own", "all", search)
        alone = contrasting.draw_contrast({**STATE, "focus": 2}, "2", "own", "all", search)
    assert "1 Group 1" in made.words(head) and "of segment 2" in made.words(body) and against == "2"
    assert [one["value"] for one in options] == ["0", "2", "3"]
    assert alone[3] == "0" and "2 Group 2" in made.words(alone[0]), "never against itself"


@pytest.mark.parametrize("said", ODD)
def test_odd_switches_of_the_contrast_are_answered(desk, contrasting, search, said):
    with desk.request():
        head, body, _, against = contrasting.draw_contrast(STATE, said, said, said, search)
    assert against == "0" and made.of(body, html.Ol)


@pytest.mark.parametrize("view", ["heat", "lines", "widths"])
def test_every_view_is_drawn_and_its_orders_offered(desk, contrasting, search, view):
    with desk.request():
        drawn, rows, across, row, column, hidden = contrasting.draw_overview(STATE, view, "s2", "c0", "up", search)
    assert row == "s2" and column == "c0" and hidden is (view == "widths")
    assert {"telling", "s1", "s2", "s3"} <= {one["value"] for one in rows} and "c0" in {one["value"] for one in across}
    assert [one.id for one in made.of(drawn, dcc.Graph)] == ([] if view == "widths" else [f"atlas-{view}"])


@pytest.mark.parametrize("said", ODD)
def test_odd_switches_of_the_overview_are_answered(desk, contrasting, search, said):
    with desk.request():
        drawn, _, _, row, column, hidden = contrasting.draw_overview(STATE, said, said, said, said, search)
    assert (row, column, hidden) == ("telling", "size", False) and made.of(drawn, dcc.Graph)


@pytest.mark.parametrize(("clicks", "statistic", "times"), [(0, "mean", None), (None, "mean", None), (1, "mean", 1), (1, "all", 4),
                                                            (1, ["x"], 4), (1, None, 4)])  # fmt: skip
def test_all_figures_are_drawn_once_they_are_opened(desk, contrasting, search, clicks, statistic, times):
    """Four rows a number unless one figure is asked for."""
    with desk.request():
        shown = contrasting.show_figures(clicks, statistic, STATE, search)
    assert (shown is no_update) is (times is None) and (times is None or made.words(shown).count("age [years]") == times)


@pytest.mark.parametrize("odd", [None, "?run=x", "?", 7, []])
def test_without_a_comparison_nothing_changes(desk, contrasting, odd):
    with desk.request():
        assert set(map(repr, contrasting.draw_contrast(STATE, "0", "own", "all", odd))) == {repr(no_update)}
        assert set(map(repr, contrasting.draw_overview(STATE, "heat", "", "", "down", odd))) == {repr(no_update)}
        assert contrasting.show_figures(1, "mean", STATE, odd) is no_update


def test_an_earlier_comparison_without_contrasts_is_still_drawn(desk, page, contrasting):
    """What an earlier version stored knows no effects."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params)
        assert "Nothing to compare" in made.words(shown)
        assert "Nothing to compare" in made.words(contrasting.draw_contrast(None, None, None, None, f"?run={params['run']}")[1])
