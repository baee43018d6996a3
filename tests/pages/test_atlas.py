"""Laws of the Atlas: one state that every part follows, ways to any candidate, one map, and jobs that tell more."""

from __future__ import annotations

import io
from dataclasses import replace

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
import pytest
from dash import dcc, html, no_update

from dashboard.address import Address
from dashboard.atlas import look
from dashboard.current import current
from tests.dashboard import made
from tests.pages.states import heading, state_of, stop


def search_of(params):
    return Address(**params).to("")


def state(choice="kmeans-2", focus=1, **more):
    return {"choice": choice, "focus": focus, "version": 0, "told": []} | more


def portrayed(desk, params, key="kmeans-2", **changes):
    """A finished description of this candidate."""
    asked = desk.jobs.request(desk.owner, "portray", params["dataset"], {"run": params["run"], "candidate": key, "shape": "", "resamples": 50})
    whole = replace(made.comparison().choose(key), whole=True, verdict="constructive", reason="They were cut.", resamples=50, **changes)
    return desk.end(asked, whole)


def stored(shown, id_):
    (found,) = [one for one in made.of(shown, dcc.Store) if one.id == id_]
    return found.data


# the screen


def test_the_screen_has_every_part_once(desk, page):
    """Head, ways, cards, map, contrast, tabs and overview; no id twice."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params)
    ids = made.known(shown)
    assert heading(shown) == "Kmeans, 2 segments: the largest holds 66.7% of 12 customers"
    for part in ("atlas-head", "atlas-chooser", "atlas-cards", "atlas-map", "atlas-contrast", "atlas-tab-body", "atlas-overview", "atlas-figure"):
        assert ids.count(part) == 1, part
    assert len(ids) == len(set(ids))
    assert stored(shown, "atlas-state") == state()
    assert getattr(shown, "data-shown-choice") == "kmeans-2"


def test_nothing_can_be_looked_at_before_a_comparison(desk, page):
    """A link to the step that comes first."""
    with desk.request():
        assert "No segmentation yet" in made.words(page("atlas"))
        assert "Go to Compare" in made.words(page("atlas", **state_of(desk, "read")))


@pytest.mark.parametrize(("asked", "focus"), [("2", 2), ("1", 1), ("9", 1), ("x", 1), ("-1", 1), ("", 1)])
def test_the_address_says_which_segment_is_in_focus(desk, page, asked, focus):
    """The largest where there is no such segment."""
    params = state_of(desk, "compared")
    with desk.request():
        assert stored(page("atlas", **params, focus=asked), "atlas-state")["focus"] == focus


def test_the_address_says_how_the_map_is_drawn(desk, page):
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params, map="2d", x="p0", y="c3", z="x", shown="spread", camera="1.2.3.4.5.6.7.8.9")
    values = {one.id: one.value for one in made.of(shown, (dbc.Select, dbc.RadioItems, dbc.Checklist)) if str(one.id).startswith("atlas-")}
    assert {name: values[f"atlas-{name}"] for name in ("x", "y", "z", "way", "shown")} == {"x": "p0", "y": "c3", "z": "none", "way": "2d", "shown": ["spread"]}


@pytest.mark.parametrize("wrong", ["c0", "p7", "kmeans", "none"])
def test_axes_that_do_not_exist_fall_back_on_the_default(desk, page, wrong):
    """An id column, a fourth component, a word; all three away is no map at all."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("atlas", **params, x=wrong, y=wrong, z=wrong)
    values = [one.value for one in made.of(shown, dbc.Select) if one.id in ("atlas-x", "atlas-y", "atlas-z")]
    assert values == ["c1", "c2", "none"]


# other candidates


@pytest.mark.parametrize(
    ("pressed", "value", "key"),
    [({"type": "pick-k", "index": 3}, 1, "kmeans-3"), ({"type": "atlas-algorithm", "index": "ward"}, 1, "ward-2"),
     ({"type": "atlas-algorithm", "index": "dbscan"}, 1, "dbscan-1"), ({"type": "atlas-candidate", "index": 0}, "ward-2", "ward-2"),
     ({"type": "pick-k", "index": 3}, None, None), ({"type": "pick-k", "index": 2}, 1, None), ({"type": "pick-k", "index": "x"}, 1, None),
     ({"type": "pick-k", "index": 99}, 1, None), ({"type": "atlas-algorithm", "index": "gmm"}, 1, None),
     ({"type": "atlas-algorithm", "index": 7}, 1, None), ({"type": "atlas-candidate", "index": 0}, "gmm-2", None),
     ({"type": "atlas-candidate", "index": 0}, 7, None), ("atlas-state", 1, None)],
)  # fmt: skip
def test_a_press_leads_to_another_candidate_or_nowhere(desk, pages, pressed, value, key):
    """Freshly drawn buttons, the candidate that is shown, and those without segments change nothing."""
    params = state_of(desk, "compared")
    with desk.request(pressed, value=value):
        found = pages.atlas.choosing.pick([], [], [], state(), search_of(params))
    assert found is no_update if key is None else found == state(key)


def test_a_press_without_a_comparison_changes_nothing(desk, pages):
    with desk.request({"type": "pick-k", "index": 3}):
        for search in (None, "?run=x", 7):
            assert pages.atlas.choosing.pick([], [], [], state(), search) is no_update


@pytest.mark.parametrize("sent", [None, 7, [], {"choice": 7}, {"choice": "gmm-2"}, {"choice": ["x"], "focus": {}}])
def test_a_state_that_is_none_is_that_of_the_address(desk, pages, sent):
    params = state_of(desk, "compared")
    with desk.request():
        looked = pages.atlas.following.looked_at(search_of(params), sent)
        assert (looked.key, pages.atlas.following.focus_of(looked, sent)) == ("kmeans-2", 1)


# jobs


def test_what_nobody_described_is_asked_for_once(desk, pages):
    """The request names the present shape; a second look joins it."""
    params = state_of(desk, "compared")
    ask = pages.atlas.following.ask
    with desk.request():
        run, said = ask(True, state(), search_of(params))
        assert desk.store.run(desk.owner, run).kind == "portray" and said is no_update
        assert ask(True, state(), search_of(params)) == (no_update, no_update)
        assert ask(True, state(), "?run=x") == (no_update, no_update)


def test_the_page_follows_a_job_when_it_has_ended_and_only_then(desk, pages, page):
    """While it works the head alone says so; done, everything is drawn anew with the verdict."""
    params = state_of(desk, "compared")
    following, search = pages.atlas.following, search_of(params)
    with desk.request():
        run, _ = following.ask(True, state(), search)
        assert following.follow(None, search, "/atlas", state()) is no_update
        told = made.words(following.tell(None, state(), search, "/atlas"))
        assert "Being described" in told and "Cancel" in told
        portrayed(desk, params)
        ended = following.follow(None, search, "/atlas", state())
        assert ended["told"] == [run, "done"]
        assert following.follow(None, search, "/atlas", ended) is no_update
        assert following.follow(None, search, "/compare", state()) is no_update
        assert following.tell(None, state(), search, "/compare") is no_update
        head, *_ = following.draw(ended, "persona", search)
        assert "They were cut." in made.words(head) and "Being described" not in made.words(head)


def test_a_job_that_failed_can_be_run_again(desk, pages, page):
    params = state_of(desk, "compared")
    with desk.request():
        run, _ = pages.atlas.following.ask(True, state(), search_of(params))
        stop(desk, desk.store.run(desk.owner, run), "failed")
        assert "did not work" in made.words(page("atlas", **params))
        assert pages.atlas.following.ask(True, state(), search_of(params)) == (no_update, no_update), "not by itself"


@pytest.mark.parametrize("search", [None, "?run=x", 7])
def test_nothing_is_drawn_of_what_is_not_there(desk, pages, search):
    with desk.request():
        following, mapping = pages.atlas.following, pages.atlas.mapping
        assert set(following.draw(state(), "persona", search)) == {no_update}
        assert following.open_tab("rule", state(), search) is no_update
        assert set(mapping.draw(state(), "2d", "c1", "c2", "none", [], [], None, search)) == {no_update}
        assert mapping.choose({"box": [[0, 0], [1, 1]]}, state(), "c1", "c2", "none", "2d", [], search) == (None, [])


# the map


def drawn_of(pages, params, *said, before=None, hidden=()):
    return pages.atlas.mapping.draw(state(), *said, list(hidden), before, search_of(params))


def test_the_map_is_drawn_anew_only_where_it_changes(desk, pages):
    """Another segment in focus draws nothing; another axis does."""
    params = state_of(desk, "compared")
    with desk.request():
        _, key, flat, hidden = drawn_of(pages, params, "2d", "c1", "c2", "none", ["middles"])
        assert (flat, hidden) == (False, [])
        assert set(drawn_of(pages, params, "2d", "c1", "c2", "none", ["middles"], before=key)) == {no_update}
        shown, other, *_ = drawn_of(pages, params, "2d", "c2", "c1", "none", ["middles"], before=key)
        assert other != key and made.of(shown, dcc.Graph)[0].id == "atlas-figure"


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [(("3d", "p0", "p1", "c1"), "scatter3d", "2 principal components keep 90%"), (("3d", "c1", "c2", "none"), "scatter", "3D needs three axes"),
     (("2d", "p0", "c2", "c1"), "scatter", "One principal component keeps 60%"), (("2d", "c1", "none", "none"), "scatter", "Each axis is a column"),
     ((None, None, None, None), "scatter", "Each axis is a column"), (([], {"a": 1}, 7, ["p0"]), "scatter", "Each axis is a column")],
)  # fmt: skip
def test_a_map_says_what_its_axes_keep(desk, pages, said, kind, told):
    """Three known axes turn, fewer are flat, and made-up ones fall back on the default."""
    params = state_of(desk, "compared")
    with desk.request():
        shown, *_ = drawn_of(pages, params, *said, ["middles", "noise"])
    assert {trace.type for trace in made.of(shown, dcc.Graph)[0].figure.data} == {kind}
    assert told in made.words(shown) and "All 12 customers." in made.words(shown)


@pytest.mark.parametrize(("outlier", "told"), [(1, "Ringed: extreme values."), (2, "too many to ring")])
def test_rings_are_drawn_where_they_are_few(desk, pages, outlier, told):
    """One of twelve is 8%, two are 17%: above 15% rings would mark nobody."""
    marked = np.array([True] * outlier + [False] * (12 - outlier))
    dataset, run = desk.finished(made.comparison(outlier=marked))
    with desk.request():
        shown, *_ = drawn_of(pages, {"dataset": dataset, "run": run}, "2d", "c1", "c2", "none", ["rings"])
    assert told in made.words(shown)


def test_what_was_hidden_stays_hidden_but_for_another_candidate(desk, pages):
    """Numbers of another candidate mean other segments."""
    params = state_of(desk, "compared")
    with desk.request():
        _, key, *_ = drawn_of(pages, params, "2d", "c1", "c2", "none", ["middles"])
        shown, *_, hidden = drawn_of(pages, params, "2d", "c2", "c1", "none", ["middles"], before=key, hidden=[2])
        assert hidden is no_update
        assert [t.visible for t in made.of(shown, dcc.Graph)[0].figure.data] == [None, False]
        *_, fresh = drawn_of(pages, params, "2d", "c2", "c1", "none", ["middles"], before="ward-2 x", hidden=[2])
        assert fresh == []


# choosing customers


def test_customers_in_a_lasso_are_counted_over_everybody_and_leave_as_a_file(desk, pages):
    """Ages 30 and 50 of twelve: ten customers, eight of the first segment; the file holds the same."""
    params = state_of(desk, "compared")
    line = {"polygon": [[20, 0], [60, 0], [60, 5000], [20, 5000]]}
    with desk.request():
        picked, panel = pages.atlas.mapping.choose(line, state(), "c1", "c2", "none", "2d", [], search_of(params))
    assert picked == {"axes": ["c1", "c2"], "polygon": [[20.0, 0.0], [60.0, 0.0], [60.0, 5000.0], [20.0, 5000.0]], "without": [], "count": 10}
    assert "10 customers chosen , 83.3% of 12" in made.words(panel) and "8, 80%" in made.words(panel)
    (link,) = made.of(panel, html.A)
    answer = as_owner(desk).get(link.href)
    frame = pd.read_csv(io.BytesIO(answer.data))
    answer.close()
    assert frame["customer"].tolist() == [f"c{at}" for at in range(10)] and frame["segment"].tolist() == [1] * 8 + [2] * 2
    assert "chosen.csv" in answer.headers["Content-Disposition"]
    for wrong in (link.href.replace("c1.c2", "c0.c2"), link.href.replace("kmeans-2", "gmm-2"), link.href.partition("?")[0]):
        assert as_owner(desk).get(wrong).status_code == 404
    assert desk.app.test_client().get(link.href).status_code == 404, "another session"


def as_owner(desk):
    client = desk.app.test_client()
    with client.session_transaction() as session:
        session["owner"] = desk.owner
    return client


def test_customers_are_chosen_by_numbers_too(desk, pages):
    """From 40 on: rows 6 to 11; an empty field is endless, hidden segments are left out."""
    params = state_of(desk, "compared")
    by_numbers = pages.atlas.mapping.choose_by_numbers
    with desk.request():
        ends = (40, None, None, None)
        picked, _ = by_numbers(1, state(), "c1", "c2", "none", "2d", *ends, [], search_of(params))
        assert picked["count"] == 6
        picked, _ = by_numbers(1, state(), "c1", "c2", "none", "2d", *ends, [2], search_of(params))
        assert picked["count"] == 2
        assert by_numbers(1, state(), "c1", "c2", "none", "2d", 900, None, "x", None, [], search_of(params))[0] is None
        assert by_numbers(None, state(), "c1", "c2", "none", "2d", *ends, [], search_of(params)) == (no_update, no_update)


@pytest.mark.parametrize("area", [None, 7, "x", {}, {"box": [[1]]}, {"polygon": "x"}, {"polygon": [[0, 0], [1, 1]]}, {"box": [[0, 0], [1, None]]}])
def test_no_part_of_the_map_chooses_nobody(desk, pages, area):
    params = state_of(desk, "compared")
    with desk.request():
        picked, _ = pages.atlas.mapping.choose(area, state(), "c1", "c2", "none", "2d", [], search_of(params))
    assert picked is None


def test_a_choice_is_cleared_by_its_button_and_by_another_map(desk, pages):
    clear = pages.atlas.mapping.clear
    with desk.request({"type": "atlas-clear", "index": 0}):
        assert clear([1], None) == (None, [])
        assert clear([None], None) == (no_update, no_update), "the button was only drawn"
    with desk.request("atlas-drawn", prop="data"):
        assert clear([], "key") == (None, [])


def test_the_map_needs_the_file(desk, pages, monkeypatch):
    params = state_of(desk, "compared")
    with desk.request():
        looked = look(current(Address.parse(search_of(params))))
        monkeypatch.setattr(type(looked), "table", lambda self: None)
        assert "no longer here" in made.words(pages.atlas.slots.map_card(looked, Address()))
        assert set(drawn_of(pages, params, "2d", "c1", "c2", "none", [])) == {no_update}


def test_a_map_drawn_anew_is_looked_at_from_where_the_address_says(desk, pages):
    """From farther away on a phone where it says nothing."""
    params = state_of(desk, "compared")
    eyes = []
    for camera, cookies in (("1000.2000.3000.0.0.0.0.0.1000", {}), ("", {"sa_narrow": "1"}), ("", {})):
        with desk.request(**cookies):
            said = ("3d", "p0", "p1", "c1", ["middles"], [], None, search_of(params | {"camera": camera}))
            shown, *_ = pages.atlas.mapping.draw(state(), *said)
        eyes.append(made.of(shown, dcc.Graph)[0].figure.layout.scene.camera.eye.x)
    assert eyes == [1.0, 1.9, 1.5]
