"""Laws of the Atlas: sizes counted over everybody, axes that exist, one law for maps and their numbers."""

from __future__ import annotations

import dash_bootstrap_components as dbc
import numpy as np
import pytest
from dash import dcc, html

from tests.dashboard import made
from tests.pages.states import heading, state_of


def test_the_atlas_heads_with_the_size_of_the_largest_segment(desk, page):
    """Eight of twelve customers; what was recommended says why, what was chosen says so."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params)
        assert heading(shown) == "Kmeans, 2 segments: the largest holds 67% of 12 customers"
        assert "It is simple." in made.words(shown)
        chosen = page("atlas", **params, choice="kmeans-3")
        told = "Chosen by hand: separation (silhouette) 0.70. Recommended is Kmeans, 2 segments."
        assert told in made.words(chosen)
        assert "no separation score" in made.words(page("atlas", **params, choice="dbscan-1"))


def test_the_atlas_offers_every_candidate_with_segments_and_shows_which(desk, page):
    """The one without segments cannot be picked, and an address that asks for it gets the recommended one."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params, choice="gmm-2")
    (choice,) = [one for one in made.of(shown, dbc.Select) if one.id == "atlas-choice"]
    assert [one["value"] for one in choice.options] == ["dbscan-1", "ward-2", "kmeans-3", "kmeans-2"]
    assert choice.value == "kmeans-2" == getattr(shown, "data-shown-choice")  # noqa: B009


@pytest.mark.parametrize(
    ("asked", "picked"),
    [({}, ["c1", "c2", "none"]), ({"x": "p0", "z": "c3"}, ["p0", "c2", "c3"]), ({"x": "c0", "y": "p7"}, ["c1", "c2", "none"]),
     ({"x": "none"}, ["none", "c2", "none"])],
)  # fmt: skip
def test_axes_of_the_address_are_picked_where_they_exist(desk, page, asked, picked):
    """An id column or a fourth component falls back on the default axis."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params, **asked)
    assert [one.value for one in made.of(shown, dbc.Select) if one.id != "atlas-choice"] == picked


def test_segment_cards_count_every_customer_once(desk, page):
    """6 + 4 + 2 of 12; those not placed stand last."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params, choice="dbscan-1")
    (cards,) = [one for one in made.of(shown, html.Ul) if getattr(one, "className", "") == "sa-segments"]
    told = [made.words(one) for one in cards.children]
    assert [one.split(" customers,")[0] for one in told] == ["1 Group 1 6", "2 Group 2 4", "Not placed 2"]
    assert "50% of all" in told[0] and "16.7% of all" in told[2]


@pytest.mark.parametrize(
    ("axes", "ids_"),
    [(["p0", "p1", "c1"], ["atlas-3d", "atlas-2d"]), (["c1", "c2", "none"], ["atlas-2d"]), (["p0", "none", "none"], ["atlas-2d"]),
     ([None, None, None], ["atlas-2d"]), (["x", "c0", "p9"], ["atlas-2d"]), (["none"] * 3, ["atlas-2d"]),
     ([["p0"], {"a": 1}, 7], ["atlas-2d"])],
)  # fmt: skip
def test_maps_are_drawn_on_the_axes_there_are(desk, pages, axes, ids_):
    """Three known axes turn, fewer are flat, and made-up ones fall back on the default."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = pages.atlas.show_maps(*axes, f"?run={params['run']}")
    assert [one.id for one in made.of(shown, dcc.Graph)] == ids_


def test_maps_without_a_comparison_are_none(desk, pages):
    """Unknown, foreign, unread, or still being compared."""
    waiting = state_of(desk, "comparing")["run"]
    with desk.request():
        for search in (None, "?run=x", f"?run={waiting}", f"?dataset={state_of(desk, 'read')['dataset']}"):
            assert pages.atlas.show_maps("p0", "p1", "none", search) == []
            assert pages.atlas.show_profile("mean", search) is None


def test_components_say_how_much_they_keep(desk, pages):
    """60% and 30% of the differences; columns keep none and are told apart."""
    params = state_of(desk, "compared")
    search = f"?run={params['run']}"
    with desk.request():
        assert "2 principal components keep 90%" in made.words(pages.atlas.show_maps("p0", "p1", "none", search))
        assert "One principal component keeps 60%" in made.words(pages.atlas.show_maps("p0", "c1", "none", search))
        assert "Each axis is a column of your file" in made.words(pages.atlas.show_maps("c1", "c2", "none", search))


def test_the_middles_of_a_map_are_the_means_of_its_points(pages):
    """By hand: ages 30 and 50, and 80 for those not placed."""
    (one,) = [c for c in made.comparison().candidates if c.key == "dbscan-1"]
    frame = pages.atlas.middles(np.array([[30.0]] * 6 + [[50.0]] * 4 + [[80.0]] * 2), one, ["age"])
    assert frame.to_dict("list") == {"Segment": ["Not placed", "1 Group 1", "2 Group 2"], "Customers": [2, 6, 4],
                                     "age": [80.0, 30.0, 50.0]}  # fmt: skip


@pytest.mark.parametrize(("outlier", "told"), [(1, "Ringed: extreme values."), (2, "too many to ring")])
def test_rings_are_drawn_where_they_are_few(desk, pages, outlier, told):
    """One of twelve is 8%, two are 17%: above 15% rings would mark nobody."""
    marked = np.array([True] * outlier + [False] * (12 - outlier))
    _, run = desk.finished(made.comparison(outlier=marked))
    with desk.request():
        assert told in made.words(pages.atlas.show_maps("c1", "c2", "none", f"?run={run}"))


@pytest.mark.parametrize("statistic", ["mean", "all", None, "x", ["mean"], 7])
def test_the_profile_shows_the_statistic_or_all(desk, pages, statistic):
    """Four rows a number unless one is named."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = pages.atlas.show_profile(statistic, f"?run={params['run']}")
    assert made.words(shown).count("age [years]") == (1 if statistic == "mean" else 4)


def test_what_segments_bought_stands_on_their_cards(desk, page, pages, monkeypatch):
    """Once, on the card of the segment that bought it."""
    params = state_of(desk, "compared")
    monkeypatch.setattr(pages.atlas, "orders_told", lambda *_: {1: ["31% of revenue"]})
    with desk.request():
        shown = page("atlas", **params)
    cards = [made.words(card) for card in made.of(shown, html.Li) if "sa-segment " in str(getattr(card, "className", ""))]
    assert ["31% of revenue" in words for words in cards] == [True, False]
