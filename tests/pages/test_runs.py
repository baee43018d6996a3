"""The Runs page: what it lists, what its buttons do, and what it shows of runs side by side."""

from __future__ import annotations

import time

import pytest
from dash import dcc, html, no_update

from core.model import Plan
from dashboard import ids
from dashboard.store import Remark
from tests.dashboard import made
from tests.pages.states import heading, links, stop


@pytest.fixture()
def runs(pages):
    from pages import runs

    return runs


def shown(page, **params):
    return page("runs", **params)


def test_without_runs_the_page_says_what_it_will_hold(desk, page):
    """And leads to the step that makes one."""
    with desk.request():
        drawn = shown(page)
    assert heading(drawn) == "Runs" and "No runs yet" in made.words(drawn) and "/" in links(drawn)


def test_every_comparison_is_listed_with_its_file_best_candidate_and_state(desk, page):
    """Finished, failed, cancelled and interrupted ones, each with a way on."""
    dataset, done = desk.finished()
    for place, how in enumerate(("failed", "cancelled", "interrupted")):
        stop(desk, desk.compare(dataset, Plan(seed=place + 1)), how)
    with desk.request():
        drawn = shown(page)
    text = made.words(drawn)
    assert heading(drawn) == "4 comparisons of 1 file"
    assert all(word in text for word in ("shop.csv", "Kmeans, 2 segments", "Did not work", "Cancelled", "Interrupted", "It broke."))
    again = [one.id["index"] for one in made.of(drawn, html.Button) if isinstance(getattr(one, "id", None), dict) and one.id["type"] == "again"]
    assert len(again) == 3 and done not in again
    assert f"/compare?dataset={dataset}&run={done}" in links(drawn)
    assert f"/atlas?dataset={dataset}&run={done}&choice=kmeans-2" in links(drawn)
