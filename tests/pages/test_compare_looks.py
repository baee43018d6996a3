"""Laws of looking around in a result: another number, another order, other candidates, and the board as a file."""

from __future__ import annotations

import io
import math

import dash_bootstrap_components as dbc
import pandas as pd
import pytest
from dash import dcc, html, no_update
from dash._callback_context import context_value

from core.exports.board import board as exported
from dashboard import ids
from dashboard.components.forms import dom_id
from tests.dashboard import made

TREE, REACH = {"type": "tree", "index": 0}, {"type": "reach", "index": 0}
NOTHING = [None, "", "x", "?run=../../x", "?dataset=a&run=b", 7, [], {}]


@pytest.fixture()
def search(desk):
    """The address of a finished comparison of this session."""
    dataset, run = desk.finished()
    return f"?dataset={dataset}&run={run}"


@pytest.fixture()
def reflow(desk, pages, search):
    """Press, type or drag something while ``choice`` is looked at."""

    def act(asked, value, *, prop="n_clicks", choice="kmeans-2", algorithm="any", where=search):
        with desk.request(triggered=asked, prop=prop, value=value):
            return pages.compare.reflow([value], algorithm, [], [], choice, where)

    return act


def pressed(strip):
    return [one.id["index"] for one in made.of(strip, html.Button) if getattr(one, "aria-pressed") == "true"]  # noqa: B009


def test_another_number_shows_its_best_candidate_everywhere(reflow):
    """The strip, the closer look, the tree's cut and what is remembered agree."""
    strip, closer, cuts, choice = reflow({"type": "pick-k", "index": 3}, 1)
    assert choice == "kmeans-3" and pressed(strip) == [3]
    assert "Kmeans, 3 segments" in made.words(closer) and "cut at 3 segments" in made.words(cuts)


def test_another_algorithm_shows_its_own_numbers(reflow):
    """Ward has two segments only; the strip offers no other number."""
    strip, closer, _cuts, choice = reflow("compare-algorithm", "ward", prop="value", algorithm="ward")
    assert choice == "ward-2" and pressed(strip) == [2]
    assert [one.id["index"] for one in made.of(strip, html.Button)] == [2]
    assert "Ward, 2 segments" in made.words(closer)


def test_the_strip_follows_an_algorithm_whose_best_is_looked_at_already(reflow):
    """Choosing K-means while a K-means candidate is shown still narrows the strip."""
    strip, *_, choice = reflow("compare-algorithm", "kmeans", prop="value", algorithm="kmeans")
    assert choice == "kmeans-2" and [one.id["index"] for one in made.of(strip, html.Button)] == [2, 3]


@pytest.mark.parametrize(("asked", "value", "prop"), [
    ({"type": "tree-cut", "index": 0}, 2, "value"),
    (TREE, {"shapes[0].y0": 2.0, "shapes[0].y1": 2.0}, "relayoutData"),
])  # fmt: skip
def test_a_typed_or_dragged_cut_shows_ward(reflow, asked, value, prop):
    """As many groups as the line cuts."""
    *_, choice = reflow(asked, value, prop=prop)
    assert choice == "ward-2"


@pytest.mark.parametrize(("asked", "value", "prop"), [
    (None, None, "n_clicks"),
    ({"type": "pick-k", "index": 2}, 1, "n_clicks"),
    ({"type": "pick-k", "index": 3}, None, "n_clicks"),
    ({"type": "pick-k", "index": 9}, 1, "n_clicks"),
    ({"type": "pick-k", "index": "x"}, 1, "n_clicks"),
    ({"type": "tree-cut", "index": 0}, None, "value"),
    ({"type": "tree-cut", "index": 0}, 3, "value"),
    (TREE, None, "relayoutData"),
    (TREE, {"autosize": True}, "relayoutData"),
    (TREE, {"shapes[0].y0": 9.0, "shapes[0].y1": 9.0}, "relayoutData"),
    (TREE, {"shapes[0].y0": math.nan, "shapes[0].y1": "x"}, "relayoutData"),
    ("nobody", 1, "n_clicks"),
])  # fmt: skip
def test_what_leads_nowhere_changes_nothing(reflow, asked, value, prop):
    """The candidate looked at already, a number that nobody has, what was not pressed, other movements."""
    assert reflow(asked, value, prop=prop) == (no_update,) * 4


def test_a_hostile_address_changes_nothing(desk, pages):
    """In no callback of a result."""
    for where in NOTHING:
        with desk.request(triggered={"type": "pick-k", "index": 3}):
            assert pages.compare.reflow([1], "any", [], [], "kmeans-2", where) == (no_update,) * 4
            assert pages.compare.sort_board([1], "any", {}, [], where) == (no_update,) * 2
            assert pages.compare.pick([True], [{"type": "tick", "index": "ward-2"}], [], where) == (no_update,) * 2
            assert pages.compare.show_flow("a", "b", where) is no_update


def test_another_session_s_result_is_not_looked_at(desk, pages, search):
    """Its address leads nowhere."""
    desk.owner = ids.new_id()
    with desk.request(triggered={"type": "pick-k", "index": 3}):
        assert pages.compare.reflow([1], "any", [], [], "kmeans-2", search) == (no_update,) * 4


@pytest.mark.parametrize("choice", [None, "nobody", 7, [], {}, "gmm-2"])
def test_hostile_states_of_a_look_never_break_it(reflow, choice):
    """What the browser remembers may be anything: the press of a number that there is still shows it."""
    for algorithm in (None, "", "any", "nobody", 7, [], {}):
        *_, looked = reflow({"type": "pick-k", "index": 3}, 1, choice=choice, algorithm=algorithm)
        assert looked == ("kmeans-3" if algorithm in (None, "", "any", [], {}) else no_update)
        *_, looked = reflow("compare-algorithm", algorithm, prop="value", choice=choice, algorithm=algorithm)
        assert looked == ("kmeans-2" if algorithm in (None, "", "any", [], {}) else no_update)


def keys(shown):
    return [one.id["index"] for one in made.walk(shown) if isinstance(getattr(one, "id", None), dict) and one.id["type"] == "tick"]


def sort(desk, pages, search, column, order, *, value=1, algorithm="any", picks=()):
    asked = column if column == "board-algorithm" else {"type": "sort", "index": column}
    with desk.request(triggered=asked, value=value):
        return pages.compare.sort_board([value], algorithm, order, list(picks), search)


def test_a_press_sorts_and_another_press_turns_it_round(desk, pages, search):
    """Falling first; a second column starts falling again."""
    shown, order = sort(desk, pages, search, "silhouette", {"order": "rank", "falling": True})
    assert keys(shown) == ["kmeans-3", "ward-2", "kmeans-2", "dbscan-1"] and order == {"order": "silhouette", "falling": True}
    shown, order = sort(desk, pages, search, "silhouette", order)
    assert keys(shown) == ["kmeans-2", "ward-2", "kmeans-3", "dbscan-1"] and order["falling"] is False
    _, order = sort(desk, pages, search, "stability", order)
    assert order == {"order": "stability", "falling": True}


def test_a_filter_keeps_the_order_and_the_ticks(desk, pages, search):
    """Only one algorithm is shown, sorted as before; what was ticked is ticked."""
    order = {"order": "segments", "falling": True}
    shown, kept = sort(desk, pages, search, "board-algorithm", order, value="kmeans", algorithm="kmeans", picks=("kmeans-2", "ward-2"))
    assert keys(shown) == ["kmeans-3", "kmeans-2"] and kept == order
    ticked = {one.id["index"]: one.value for one in made.walk(shown) if keys(one) and hasattr(one, "value")}
    assert ticked == {"kmeans-3": False, "kmeans-2": True}


@pytest.mark.parametrize("picks", [None, 7, "kmeans-2", {}, [None, 7, [], {}]])
def test_hostile_states_of_the_board_never_break_it(desk, pages, search, picks):
    """There is always a board with every candidate."""
    for order in (None, 7, "x", [], {}, {"order": [], "falling": {}}, {"order": "nobody"}, {"falling": math.nan}):
        with desk.request(triggered={"type": "sort", "index": "silhouette"}):
            shown, kept = pages.compare.sort_board([1], "any", order, picks, search)
        assert len(keys(shown)) == 4 and kept["order"] == "silhouette"


def test_a_choice_told_together_with_buttons_that_were_only_drawn_counts(desk, pages, search):
    """Quick choices meet a board that is being drawn: Dash tells of both at once."""
    drawn = {"prop_id": f"{dom_id({'type': 'sort', 'index': 'silhouette'})}.n_clicks", "value": None}
    with desk.request():
        context_value.get().triggered_inputs = [drawn, {"prop_id": "board-algorithm.value", "value": "ward"}]
        shown, order = pages.compare.sort_board([None], "ward", {"order": "rank", "falling": True}, [], search)
    assert keys(shown) == ["ward-2"] and order == {"order": "rank", "falling": True}


def test_buttons_that_were_only_drawn_do_not_sort(desk, pages, search):
    """A board drawn anew brings new buttons, of which none is pressed."""
    assert sort(desk, pages, search, "silhouette", {}, value=None) == (no_update, no_update)
    with desk.request():
        assert pages.compare.sort_board([], "any", {}, [], search) == (no_update, no_update)


def tick(desk, pages, search, on, picks):
    named = [{"type": "tick", "index": key} for key in on]
    with desk.request(triggered=named[0] if named else None, prop="value", value=True):
        return pages.compare.pick(list(on.values()), named, picks, search)


def test_ticks_are_shown_side_by_side_and_kept(desk, pages, search):
    """One more is added behind the others, one taken away goes."""
    shown, picks = tick(desk, pages, search, {"kmeans-2": True, "ward-2": True, "dbscan-1": True}, ["kmeans-2", "ward-2"])
    assert picks == ["kmeans-2", "ward-2", "dbscan-1"] and "linked-maps" in made.known(shown)
    shown, picks = tick(desk, pages, search, {"kmeans-2": False, "ward-2": False, "dbscan-1": True}, picks)
    assert picks == ["dbscan-1"] and "Tick two to six" in made.words(shown)


def test_ticks_of_rows_that_a_filter_hides_stay(desk, pages, search):
    """Only what can be seen can be unticked."""
    _, picks = tick(desk, pages, search, {"kmeans-3": True, "kmeans-2": False}, ["kmeans-2", "ward-2"])
    assert picks == ["ward-2", "kmeans-3"]


def test_ticks_drawn_anew_change_nothing(desk, pages, search):
    """Sorting draws the same ticks again, in another order."""
    on = {"ward-2": True, "kmeans-2": True, "dbscan-1": False}
    assert tick(desk, pages, search, on, ["kmeans-2", "ward-2"]) == (no_update, no_update)


@pytest.mark.parametrize("picks", [None, 7, "x", {}, [None, []], ["nobody", "gmm-2"]])
def test_hostile_picks_never_break_a_tick(desk, pages, search, picks):
    """Unknown ones are shown by nobody; values and names of different number change nothing."""
    shown, _ = tick(desk, pages, search, {"kmeans-2": True, "ward-2": True}, picks)
    assert "linked-maps" in made.known(shown)
    with desk.request():
        assert pages.compare.pick([True], [], picks, search) == (no_update, no_update)


@pytest.mark.parametrize(("first", "second"), [("kmeans-2", "ward-2"), ("ward-2", "ward-2"), ("dbscan-1", "kmeans-3")])
def test_the_flow_between_two_candidates(desk, pages, search, first, second):
    """Drawn from the stored labels."""
    with desk.request():
        shown = pages.compare.show_flow(first, second, search)
    assert [one.id for one in made.of(shown, dcc.Graph)] == ["flow-figure"]


def test_a_flow_from_nobody_says_so(desk, pages, search):
    """In words."""
    for first in ("nobody", "", None, 7, [], {}):
        with desk.request():
            assert pages.compare.show_flow(first, "ward-2", search).role == "alert"


@pytest.mark.parametrize(("moves", "value"), [
    ([{"shapes[0].y0": 0.5, "shapes[0].y1": 0.5}], 0.5),
    ([{"shapes[0].y0": 0.123456, "shapes[0].y1": 0.123456}], 0.1235),
    ([{"shapes[0].y0": -3.0, "shapes[0].y1": -3.0}], 0.0),
    ([{"autosize": True}], no_update), ([None], no_update), ([], no_update), (["x"], no_update), ([[1]], no_update),
    ([{"shapes[0].y0": math.nan, "shapes[0].y1": 1}], no_update), ([{"shapes[0].y0": "1", "shapes[0].y1": 1}], no_update),
])  # fmt: skip
def test_the_typed_reach_follows_the_dragged_line(desk, pages, moves, value):
    """To four digits, never below zero; other movements leave it alone."""
    with desk.request(triggered=REACH, prop="relayoutData", value=moves, outputs=[{"id": {"type": "reach-value", "index": 0}}]):
        assert pages.compare.drag_reach(moves) == [value]


def test_the_board_downloads_as_the_core_exports_it(desk, client, search):
    """Cell by cell, all candidates in the order of the run; under the file's name."""
    with client.session_transaction() as kept:
        kept["owner"] = desk.owner
    run = search.partition("run=")[2]
    answer = client.get(f"/board/{run}", buffered=True)
    assert answer.status_code == 200 and "shop-board.csv" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    read = pd.read_csv(io.BytesIO(answer.data), dtype=str, keep_default_na=False, encoding="utf-8-sig")
    pd.testing.assert_frame_equal(read.astype(object), exported(made.comparison()).astype(object), check_column_type=False)


def test_the_board_of_another_session_is_not_found(desk, client, search):
    """Nor is an invented one, nor that of a run without a result."""
    run = search.partition("run=")[2]
    dataset = search.partition("dataset=")[2].partition("&")[0]
    waiting = desk.compare(dataset).id
    assert client.get(f"/board/{run}").status_code == 404
    with client.session_transaction() as kept:
        kept["owner"] = desk.owner
    assert [client.get(f"/board/{one}").status_code for one in (ids.new_id(), waiting, "..", "x" * 300)] == [404] * 4


def test_the_filter_shows_one_algorithm_in_the_order_and_with_the_ticks_that_were(desk, pages):
    """Choosing an algorithm and taking it back changes neither the sorting nor what is ticked."""
    dataset, run = desk.finished()
    search, order = f"?dataset={dataset}&run={run}", {"order": "segments", "falling": False}
    with desk.request("board-algorithm", prop="value", value="ward"):
        some = pages.compare.filter_board("ward", order, ["kmeans-2", "ward-2"], search)
        every = pages.compare.filter_board("any", order, ["kmeans-2", "ward-2"], search)
        assert pages.compare.filter_board("ward", order, [], "?run=unknown") is no_update
    assert "Kmeans" not in made.words(some) and "Kmeans" in made.words(every)
    ticks = [one.id["index"] for one in made.of(every, dbc.Checkbox) if one.value]
    assert sorted(ticks) == ["kmeans-2", "ward-2"]
