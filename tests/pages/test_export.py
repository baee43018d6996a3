"""Laws of the Export page: every file of the chosen candidate, and what is in it counted."""

from __future__ import annotations

from dash import html

from core.exports import EXPORTS
from tests.dashboard import made
from tests.pages.states import links, state_of


def test_every_export_has_one_download_of_the_chosen_candidate(desk, page):
    """The address of each download names run and candidate; the raw list is an extra, behind its warning."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("export", **params, choice="dbscan-1")
    base = f"/download/{params['run']}/dbscan-1/"
    found = [href for href in links(shown) if href.startswith("/download")]
    assert sorted(found) == sorted([*(f"{base}{name}" for name in EXPORTS), f"{base}customers_csv?raw=1"])
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
