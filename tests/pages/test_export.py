"""Laws of the Export page: every file of the chosen candidate, and what is in it counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dash import html, no_update

from core.exports import EXPORTS
from core.model import Edit, Shape
from core.selection import CAUTION
from dashboard.address import Address
from dashboard.atlas import asked, look
from dashboard.components.export_cards import RAW
from dashboard.current import current
from tests.dashboard import made
from tests.pages.states import links, state_of


@pytest.fixture
def export(page):
    """The module of the page, whose callbacks are plain functions."""
    from pages import export

    return export


def search_of(params) -> str:
    return Address(**params).to("")


def described(desk, params, key="kmeans-2", **changes):
    """A finished description of this candidate in its present shape."""
    with desk.request():
        looked = look(current(Address.of(params)), key)
        run = desk.jobs.request(desk.owner, "portray", params["dataset"], {**asked(looked), "resamples": 50})
    candidate = replace(looked.comparison.candidate(key), **changes)
    whole = replace(looked.comparison.choose(key), candidate=candidate, whole=True, verdict="constructive", shape=looked.shaping.shape)
    return desk.end(run, whole)


def test_every_export_has_one_download_of_the_chosen_candidate(desk, page):
    """The address of each download names run and candidate; the raw list is an extra, behind its warning."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("export", **params, choice="dbscan-1")
    base = f"/download/{params['run']}/dbscan-1/"
    found = [href for href in links(shown) if href.startswith("/download")]
    raw = [f"{base}{name}?raw=1" for name in RAW]
    assert sorted(found) == sorted([*(f"{base}{name}" for name in EXPORTS), *raw])
    assert all(
        getattr(one, "download", None) == "" for one in made.of(shown, html.A) if one.href.startswith("/download")
    )


def test_the_export_counts_every_row_of_the_file(desk, page):
    """12 rows, 2 segments, 2 not placed, 1 extreme."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("export", **params, choice="dbscan-1")
    values = [made.words(one) for one in made.of(shown, html.Div) if getattr(one, "className", "") == "sa-stat-value"]
    assert values == ["12", "2", "2", "1"]


def test_segments_nobody_described_are_described_and_the_page_says_so(desk, page, export):
    """The request goes out once; the page is drawn anew when the job has ended, and not before."""
    params = state_of(desk, "compared") | {"choice": "kmeans-2"}
    with desk.request():
        assert "being described" in made.words(page("export", **params))
        run, said = export.ask(None, search_of(params))
        assert desk.store.run(desk.owner, run).kind == "portray" and said is no_update
        assert export.ask(None, search_of(params)) == (no_update, no_update)
        told, _ = export.follow(None, search_of(params), "/export", None)
        assert export.follow(None, search_of(params), "/export", told) == (no_update, no_update)
        assert export.follow(None, search_of(params), "/atlas", None) == (no_update, no_update)
    described(desk, params, trust={1: 0.9, 2: 0.9})
    with desk.request():
        now, body = export.follow(None, search_of(params), "/export", told)
        assert now != told and "being described" not in made.words(body) and CAUTION not in made.words(body)


def test_a_shaky_segment_is_named_before_it_is_taken_away(desk, page):
    """Under 0.60 its name stands with the caution; the name is text of the data, shown on one line."""
    params = state_of(desk, "compared") | {"choice": "kmeans-2"}
    described(desk, params, trust={1: 0.9, 2: 0.59}, names={1: "calm", 2: "=evil\nname"})
    with desk.request():
        shown = made.words(page("export", **params))
    assert f"=evil name: {CAUTION}" in shown and "calm:" not in shown


def test_changed_segments_are_not_handed_out_before_they_are_described(desk, page):
    """A merge waits for its description: the page and the route say so; what would come are other segments."""
    params = state_of(desk, "compared") | {"choice": "kmeans-2"}
    described(desk, params)
    desk.store.reshape(desk.owner, params["run"], "kmeans-2", Shape((Edit("merge", 1, 2),)), after=0)
    with desk.request():
        assert "being described" in made.words(page("export", **params))
