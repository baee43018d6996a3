"""Laws of the Importance page: what drives the segments, measured once and told as it is."""

from __future__ import annotations

import pytest
from dash import dcc, no_update

from tests.dashboard import made
from tests.pages.states import ENDS, heading, measured, state_of, stop


def test_importance_has_a_stage_for_each_algorithms_best(desk, page):
    """The chosen one first; "none" where nobody asked yet."""
    params = state_of(desk, "measured")
    with desk.request():
        stage = made.of(page("importance", **params), dcc.Store)[0].data
        chosen = made.of(page("importance", **params, choice="kmeans-3"), dcc.Store)[0].data
    assert stage == [["kmeans-2", "done"], ["ward-2", "none"], ["dbscan-1", "none"]]
    assert [key for key, _ in chosen] == ["kmeans-3", "kmeans-2", "ward-2", "dbscan-1"]


def test_what_drives_the_segments_is_the_heading(desk, page):
    """The two strongest columns; measured once, it need not be measured again."""
    params = state_of(desk, "measured")
    with desk.request():
        shown = page("importance", **params)
        assert heading(shown) == "income and age drive the segments most"
        assert "90%" in made.words(shown) and len(made.of(shown, dcc.Graph)) == 1
        other = page("importance", **params, choice="ward-2")
        assert heading(other) == "What drives the segments?" and "Not measured yet" in made.words(other)


def test_one_column_alone_drives_in_the_singular_and_none_is_not_praised(desk, page):
    """A heading is a sentence, whatever was found."""
    params = state_of(desk, "compared")
    frame = made.explanation().frame
    measured(desk, **params, frame=frame.head(1))
    measured(desk, **params, key="ward-2", frame=frame.head(0), because="Too few customers.")
    with desk.request():
        assert heading(page("importance", **params)) == "income drives the segments most"
        nothing = page("importance", **params, choice="ward-2")
    assert heading(nothing) == "What drives the segments?"
    assert "Too few customers." in made.words(nothing)


@pytest.mark.parametrize("end", ENDS)
def test_a_measurement_without_a_result_says_why(desk, page, end):
    """The newest try counts."""
    params = state_of(desk, "compared")
    run = desk.jobs.request(
        desk.owner, "importance", params["dataset"], {"run": params["run"], "candidate": "kmeans-2", "shape": ""}
    )
    stop(desk, run, end)
    with desk.request():
        assert ENDS[end] in made.words(page("importance", **params))


def test_measuring_asks_for_the_chosen_or_for_each_algorithms_best(desk, pages):
    """One button, one run; the other, one for each algorithm."""
    params = state_of(desk, "compared")
    search = f"?run={params['run']}&choice=kmeans-3"
    with desk.request(triggered="importance-go"):
        run, said = pages.importance.measure(1, None, search)
    assert desk.store.run(desk.owner, run).request == {"run": params["run"], "candidate": "kmeans-3", "shape": ""} and said is None
    with desk.request(triggered="importance-all"):
        pages.importance.measure(None, 1, f"?run={params['run']}")
    asked = [one.request["candidate"] for one in desk.store.runs(desk.owner, kind="importance")]
    assert sorted(asked) == ["dbscan-1", "kmeans-2", "kmeans-3", "ward-2"]


@pytest.mark.parametrize(("one", "every", "state"), [(None, None, "compared"), (0, 0, "compared"), (1, None, "read"),
                                                     (None, 1, "nothing")])  # fmt: skip
def test_measuring_needs_a_click_and_a_comparison(desk, pages, one, every, state):
    """Nothing is queued otherwise."""
    params = state_of(desk, state)
    search = f"?dataset={params.get('dataset', 'x')}&run={params.get('run', '')}"
    with desk.request(triggered="importance-all"):
        assert pages.importance.measure(one, every, search) == (no_update, no_update)
    assert desk.store.runs(desk.owner, kind="importance") == ()


@pytest.mark.parametrize("pathname", ["/importance", "/atlas", None])
def test_the_importance_page_is_redrawn_only_when_something_changed(desk, pages, pathname):
    """A stage that stands still leaves the page alone; a finished measurement is drawn, on its own page only."""
    params = state_of(desk, "compared")
    search = f"?run={params['run']}"
    with desk.request():
        still = pages.importance._stage(pages.importance.current(pages.importance.Address.parse(search)))
        assert pages.importance.follow(None, 0, search, pathname, still, "columns") == (no_update,) * 4
        measured(desk, **params)
        body, results, hidden, stage = pages.importance.follow(None, 0, search, pathname, still, "columns")
    if pathname == "/importance":
        assert stage[0] == ["kmeans-2", "done"] and heading(body) == "income and age drive the segments most"
        assert len(made.of(results, dcc.Graph)) == 1 and hidden is False
    else:
        assert body is stage is results is hidden is no_update


def test_the_switch_draws_another_measure_and_takes_any_word(desk, pages):
    """Anything else than a measure is the first one; a measure that is missing says why."""
    params = state_of(desk, "measured")
    with desk.request():
        shown = {name: made.words(pages.importance.switch(name, f"?run={params['run']}"))
                 for name in ("columns", "segments", "direct", "<x>", None)}  # fmt: skip
    assert shown["columns"] == shown["<x>"] == shown[None] and "income matters most" in shown["columns"]
    assert "Not measured yet" in shown["segments"] and "could not be asked" in shown["direct"]


def test_reasons_that_cannot_be_trusted_are_hidden(desk, page):
    """The chart is not drawn; the reason stands in its place."""
    params = state_of(desk, "compared")
    measured(desk, **params, because="The forest recovers only 60% of the segments.")
    with desk.request():
        shown = page("importance", **params)
    assert made.of(shown, dcc.Graph) == [] and "recovers only 60%" in made.words(shown)


def test_all_algorithms_stand_side_by_side(desk, page):
    """Once two are measured, one table ranks each column in both."""
    params = state_of(desk, "measured")
    frame = made.explanation().frame.iloc[::-1].assign(importance=[0.3, 0.1])
    measured(desk, **params, key="ward-2", frame=frame)
    with desk.request():
        words = made.words(page("importance", **params))
    assert "All algorithms side by side" in words and "1. 0.4" in words and "2. 0.1" in words


def test_the_numbers_are_a_file_of_their_owner(desk, app):
    """All measures as CSV; an unknown run is not found."""
    params = state_of(desk, "compared")
    run = measured(desk, **params)
    with desk.request():
        from dashboard.routes.importance_csv import download
        from dashboard.store import NotFound

        answer = download(run.id)
        answer.direct_passthrough = False
        assert answer.get_data().decode().splitlines()[1] == "permutation,,income,0.4,0.3,0.5"
        with pytest.raises(NotFound):
            download(params["run"])
