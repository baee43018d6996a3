"""Laws of the Explore page: it looks by itself, once; choices live in the address; nothing of a stranger is shown."""

from __future__ import annotations

import pytest
from dash import dcc, html, no_update

from core import pipeline
from tests.dashboard import made
from tests.pages.states import ENDS, heading, links, state_of, stop

COLUMN = {"type": "explore-column", "index": 2}


def looked(desk):
    params = state_of(desk, "looked")
    return params, f"?dataset={params['dataset']}"


def store(shown, id):
    (found,) = [one for one in made.of(shown, dcc.Store) if one.id == id]
    return found.data


def charts(shown):
    return [one.id for one in made.of(shown, dcc.Graph)]


def test_the_finding_is_the_heading_and_every_chart_is_there(desk, page):
    """Columns, relations, gaps and a pair plot, each with its numbers as a table and as CSV."""
    params, _ = looked(desk)
    with desk.request():
        shown = page("explore", **params)
    assert heading(shown) == "age and joined go together strongly; no column has gaps"
    assert charts(shown) == ["explore-spread", "explore-heat", "explore-pair-plot"]
    csv = [one.href for one in made.of(shown, html.A) if one.href.startswith("/explored/")]
    assert len(csv) == 3 and "No cell is empty" in made.words(shown)


def test_the_address_says_what_is_shown(desk, page):
    """Column, measure and pairs; whatever is not to be had falls back to what is proposed."""
    params, _ = looked(desk)
    with desk.request():
        shown = page("explore", **params, column="c4", measure="pearson", pairs="c1.c2.c3")
        assert store(shown, "explore-column") == 4 and store(shown, "explore-pairs") == [1, 2, 3]
        assert "region: North is the commonest (75%)" in made.words(shown)
        assert made.known(shown).count("explore-measure") == 1
        odd = page("explore", **params, column="c99", measure="x", pairs="c0.c4.cc.c-1")
    assert store(odd, "explore-column") == 1, "the first column with a chart"
    assert len(store(odd, "explore-pairs")) == 2 and not {0, 4} & set(store(odd, "explore-pairs"))


@pytest.mark.parametrize(
    ("state", "missing"), [("read", True), ("looking", False), ("looked", False), ("nothing", False)]
)
def test_the_page_asks_by_itself_where_nobody_has_looked(desk, pages, state, missing):
    """Once: the same file as it is read is not looked at again."""
    params = state_of(desk, state)
    search = f"?dataset={params.get('dataset', 'x')}"
    with desk.request():
        assert store(pages.explore.layout(**params), "explore-enter") is missing
        run, _ = pages.explore.enter(missing, search)
        assert (run is no_update) is not missing
        assert pages.explore.look(1, search) == (no_update, no_update), "one is there now, or nothing to look at"
    asked = desk.store.runs(desk.owner, kind="explore")
    assert len(asked) == (state != "nothing") and all(one.request == {"answers": {}} for one in asked)


@pytest.mark.parametrize("end", ENDS)
def test_a_look_without_a_result_says_why_and_is_not_begun_again_by_itself(desk, page, end):
    params = state_of(desk, "looking")
    stop(desk, desk.store.runs(desk.owner, kind="explore")[0], end)
    with desk.request():
        shown = page("explore", **params)
    assert ENDS[end] in made.words(shown) and store(shown, "explore-enter") is False
    assert any(one.children == "Run again" for one in made.of(shown, html.Button))


def test_a_full_queue_is_told_and_the_button_stays(desk, page, pages):
    """Four jobs are waiting; the fifth is refused in words."""
    for _ in range(4):
        desk.jobs.request(desk.owner, "load", desk.add(), {"answers": {}})
    params = state_of(desk, "nothing")
    dataset = desk.add()
    desk.jobs.cancel(desk.owner, desk.store.runs(desk.owner)[0].id)
    desk.load(dataset)
    desk.jobs.request(desk.owner, "load", desk.add(), {"answers": {}})
    with desk.request():
        run, said = pages.explore.enter(True, f"?dataset={dataset}")
        shown = page("explore", **params, dataset=dataset)
    assert run is no_update and "waiting or running" in made.words(said)
    assert "explore-go" in made.known(shown)


def test_other_answers_are_another_look(desk, page):
    """What was found in one reading of a file is not shown for another."""
    params, _ = looked(desk)
    desk.load(params["dataset"], **{"date:joined": "day"})
    with desk.request():
        shown = page("explore", **params)
    assert store(shown, "explore-enter") is True and charts(shown) == []


def test_a_button_chooses_the_column_and_its_distribution_is_shown(desk, pages):
    """The id of the button is the place of the column; anything else is the first one with a chart."""
    _, search = looked(desk)
    with desk.request(triggered=COLUMN):
        assert pages.explore.choose_column([None, 1]) == 2
        assert pages.explore.choose_column([None, None]) is no_update
    with desk.request():
        told = made.words(pages.explore.show_column(2, search))
        assert "income: half of the customers" in told and "EUR" in told
        for odd in (99, -1, None, [1], "c9", {"a": 1}):
            assert "age:" in made.words(pages.explore.show_column(odd, search))
        assert pages.explore.show_column(2, "?dataset=x") is no_update


def test_columns_are_found_by_name_and_turned_by_page(desk, pages):
    _, search = looked(desk)
    with desk.request(triggered="explore-search"):
        shown, page = pages.explore.list_columns("O", [], 2, 3, search)
        names = [one.children[0].children for one in made.of(shown, html.Button)]
        assert names == ["customer", "income", "region", "joined"] and page == 0
        assert "No column has such a name" in made.words(pages.explore.list_columns("zzz", [], 2, 0, search)[0])
    with desk.request(triggered={"type": "explore-page", "index": 1}):
        assert pages.explore.list_columns("", [None, None], 2, 0, search) == (no_update, no_update)
        shown, page = pages.explore.list_columns("", [1], 2, 0, search)
        assert page == 1 and len(made.of(shown, html.Button)) == 6, "there is one page only"


def test_the_measure_changes_the_heat_map(desk, pages):
    _, search = looked(desk)
    with desk.request():
        ranks, lines = (made.words(pages.explore.show_relations(one, search)) for one in ("spearman", "pearson"))
        assert "Spearman" in ranks and "Pearson" not in ranks and "Pearson" in lines and "Spearman" not in lines
        for stranger in ("x", ["pearson"], {"a": 1}, None, 5):
            assert made.words(pages.explore.show_relations(stranger, search)) == ranks


def test_columns_are_added_to_and_dropped_from_the_pair_plot(desk, pages):
    """Two at least, five at most; texts and ids never."""
    _, search = looked(desk)
    with desk.request(triggered="explore-pair-add"):
        assert pages.explore.choose_pairs("c3", [], [1, 2]) == [1, 2, 3]
        for added, now in ((None, [1]), ("c1", [1, 2]), ("x", [1]), ("c7", [1, 2, 3, 4, 5]), ({"a": 1}, [1])):
            assert pages.explore.choose_pairs(added, [], now) is no_update
    with desk.request(triggered={"type": "explore-pair-drop", "index": 2}):
        assert pages.explore.choose_pairs(None, [None, 1], [1, 2, 3]) == [1, 3]
        assert pages.explore.choose_pairs(None, [None], [1, 2, 3]) is no_update
    with desk.request():
        three = pages.explore.show_pairs([1, 2, 5], search)
        assert "age, income and joined against one another" in made.words(three)
        drops = [one for one in made.of(three, html.Button) if "Leave" in str(getattr(one, "aria-label", ""))]
        assert len(drops) == 3 and not any(one.disabled for one in drops)
        two = made.of(pages.explore.show_pairs([0, 4], search), html.Button)
        assert all(one.disabled for one in two if "Leave" in str(getattr(one, "aria-label", "")))


@pytest.mark.parametrize("pathname", ["/explore", "/atlas", None])
def test_the_page_is_redrawn_only_when_something_changed(desk, pages, pathname):
    params = state_of(desk, "read")
    search = f"?dataset={params['dataset']}"
    with desk.request():
        still = ["", "none"]
        assert pages.explore.follow(None, 0, search, pathname, still) == (no_update, no_update)
        run = desk.jobs.request(desk.owner, "explore", params["dataset"], {"answers": {}})
        desk.end(run, pipeline.explore(made.table()))
        body, stage = pages.explore.follow(None, 0, search, pathname, still)
        if pathname == "/explore":
            assert stage == [run.id, "done"] and len(charts(body)) == 3
            assert pages.explore.follow(None, 0, search, pathname, stage) == (no_update, no_update)
        else:
            assert body is stage is no_update


def test_an_empty_page_leads_to_data(desk, page):
    with desk.request():
        assert links(page("explore")) == ["/"]
