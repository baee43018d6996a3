"""Laws of the Data page: it follows a job and leaves a person alone; nothing starts or goes by accident."""

from __future__ import annotations

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html, no_update

from core.model import Choice, Note, Plan, Recipe
from dashboard import ids
from tests.dashboard import made
from tests.pages.states import ENDS, FORM, heading, state_of


@pytest.mark.parametrize(
    ("state", "stage"),
    [("nothing", "start"), ("unread", "start"), ("reading", "queued"), ("failed", "failed"), ("read", "ready"),
     ("asked", "ready"), ("compared", "ready")],
)  # fmt: skip
def test_the_data_page_knows_its_stage(desk, page, state, stage):
    """The stage tells the page whether to follow a job or to leave a person alone."""
    params = state_of(desk, state)
    with desk.request():
        assert made.of(page("data", **params), dcc.Store)[0].data == stage
        assert made.of(page("data", dataset="x"), dcc.Store)[0].data == "missing"


@pytest.mark.parametrize("end", ENDS)
def test_a_file_that_could_not_be_read_says_why_and_offers_the_others(desk, page, end):
    """The job's words, the button, the list of files."""
    params = state_of(desk, end)
    with desk.request():
        shown = page("data", **params)
    assert ENDS[end] in made.words(shown) and "shop.csv" in made.words(shown)
    assert [one for one in made.known(shown) if '"again"' in one]
    assert ("It broke. (reference ref-1)" in made.words(shown)) == (end == "failed")


def test_open_questions_switch_comparing_off(desk, page):
    """Nobody compares before the one choice is made; without a question the button is live."""
    for state, blocked in (("asked", True), ("read", False)):
        params = state_of(desk, state)
        with desk.request():
            shown = page("data", **params)
            (button,) = [one for one in made.of(shown, html.Button) if getattr(one, "id", "") == "compare-go"]
            assert button.disabled is blocked
            assert any('"answers"' in one for one in made.known(shown)) is blocked


def test_the_form_shows_the_recipe_of_the_comparison(desk, page):
    """Coming back from a comparison, its preparation is what is picked."""
    recipe = Recipe(gaps="drop", roles={"age": "ignore"}, units={"income": "kEUR"})
    dataset, run = desk.finished(recipe=recipe)
    with desk.request():
        shown = page("data", dataset=dataset, run=run)
    assert {one.id: one.value for one in made.of(shown, dbc.RadioItems)}["gaps"] == "drop"
    roles = [one.value for one in made.of(shown, dbc.Select) if isinstance(one.id, dict) and one.id["type"] == "role"]
    assert roles == ["id", "ignore", "feature", "profile", "profile", "profile"]


@pytest.mark.parametrize(("pathname", "stage"), [("/compare", "queued"), ("/", "start"), ("/", "ready"), ("/", "missing"),
                                                 (None, "queued")])  # fmt: skip
def test_the_data_page_is_left_alone_while_a_person_chooses(desk, pages, pathname, stage):
    """No redrawing under somebody's hands, and none of another page."""
    params = state_of(desk, "read")
    with desk.request():
        assert pages.data.follow(None, 0, f"?dataset={params['dataset']}", pathname, stage) == (no_update, no_update)


def test_the_data_page_follows_its_job_to_the_stop(desk, pages):
    """Queued, read, ready: the body and the stage change together."""
    params = state_of(desk, "reading")
    search = f"?dataset={params['dataset']}"
    with desk.request():
        body, stage = pages.data.follow(None, 0, search, "/", "queued")
        assert stage == "queued" and heading(body) == "Reading shop.csv"
        desk.end(desk.store.runs(desk.owner)[0], made.table())
        body, stage = pages.data.follow(None, 0, search, "/", stage)
        assert stage == "ready" and heading(body) == "shop.csv is ready"


@pytest.mark.parametrize("uploaded", [None, {}, [], "x", 7, {"dataset": None}, {"dataset": ""}])
def test_nothing_uploaded_opens_nothing(desk, pages, uploaded):
    """Also without any trigger; no run is queued."""
    with desk.request():
        assert pages.data.open_file(uploaded, [None]) == (no_update,) * 3
    with desk.request(triggered={"type": "sample", "index": "customers"}):
        assert pages.data.open_file(uploaded, [None]) == (no_update,) * 3
    assert desk.store.runs(desk.owner) == ()


def test_an_uploaded_file_is_read_and_its_page_opens(desk, pages):
    """The run is queued, the address names the file."""
    dataset = desk.add()
    with desk.request(triggered="uploaded"):
        run, href, said = pages.data.open_file({"dataset": dataset}, [])
    assert (desk.store.run(desk.owner, run).kind, href, said) == ("load", f"/?dataset={dataset}", None)


@pytest.mark.parametrize("triggered", ["uploaded", {"type": "sample", "index": "../x"}])
def test_an_unknown_file_or_sample_is_refused_in_words(desk, pages, triggered):
    """A stranger's dataset is as unknown as an invented one."""
    foreign = desk.add(owner=ids.new_id())
    with desk.request(triggered=triggered):
        run, href, said = pages.data.open_file({"dataset": foreign}, [1])
    assert run is href is no_update and said.role == "alert"
    assert desk.store.runs(desk.owner) == ()


def test_the_effect_is_shown_and_comparing_is_switched_with_it(desk, pages):
    """A preparation that leaves nothing is a notice and a dead button; without a table nothing changes."""
    search = f"?dataset={state_of(desk, 'read')['dataset']}"
    with desk.request():
        shown, off = pages.data.show_effect(FORM, search)
        assert off is False and "of 12 rows" in made.words(shown)
        nothing = FORM | {"roles": ["ignore"] * 6}
        shown, off = pages.data.show_effect(nothing, search)
        assert off is True and shown.role == "alert"
        assert pages.data.show_effect({}, search)[1] is True
        assert pages.data.show_effect(FORM, "?dataset=x") == (no_update, no_update)
    asked = f"?dataset={state_of(desk, 'asked')['dataset']}"
    with desk.request():
        assert pages.data.show_effect(FORM, asked)[1] is True


def test_comparing_asks_for_the_form_and_goes_there(desk, pages):
    """The plan holds the form's recipe with the answers of the reading."""
    dataset = desk.add()
    desk.load(dataset, header="yes")
    with desk.request():
        run, href, said = pages.data.start_compare(1, FORM | {"gaps": "drop"}, f"?dataset={dataset}")
    plan = Plan.from_json(desk.store.run(desk.owner, run).request["plan"])
    assert plan.recipe == Recipe(gaps="drop", answers={"header": "yes"})
    assert (href, said) == (f"/compare?dataset={dataset}&run={run}", None)


@pytest.mark.parametrize(
    ("clicks", "state"), [(None, "read"), (0, "read"), (1, "unread"), (1, "nothing"), (1, "asked")]
)
def test_comparing_is_not_asked_for_by_accident(desk, pages, clicks, state):
    """No click, no table, or an open question: nothing is queued."""
    search = "?dataset=" + state_of(desk, state).get("dataset", "x")
    before = desk.store.runs(desk.owner)
    with desk.request():
        assert pages.data.start_compare(clicks, FORM, search) == (no_update,) * 3
    assert desk.store.runs(desk.owner) == before


def test_a_form_of_another_file_is_refused_in_words(desk, pages):
    """Two tabs: the page no longer fits the file."""
    search = f"?dataset={state_of(desk, 'read')['dataset']}"
    with desk.request():
        run, href, said = pages.data.start_compare(1, FORM | {"roles": ["id"]}, search)
    assert run is href is no_update and "no longer fits" in made.words(said)


def test_answers_are_added_to_those_given_before(desk, pages):
    """A second question does not undo the first answer."""
    dataset = desk.add()
    desk.load(dataset, made.table(questions=(made.QUESTION,)), header="yes")
    with desk.request(triggered={"type": "answers", "index": 0}):
        run, href, *_ = pages.data.answer([1], [], [], [], ["month"], f"?dataset={dataset}")
    assert desk.store.run(desk.owner, run).request == {"answers": {"header": "yes", "date:joined": "month"}}
    assert href == f"/?dataset={dataset}"


@pytest.mark.parametrize(("clicks", "state"), [(None, "asked"), (0, "asked"), (1, "nothing"), (1, "unread"), (1, "asked")])
def test_answers_need_a_click_and_as_many_answers_as_questions(desk, pages, clicks, state):
    """Every output stays as it is."""
    search = "?dataset=" + state_of(desk, state).get("dataset", "x")
    with desk.request(triggered={"type": "answers", "index": 0}):
        assert set(pages.data.answer([clicks], [], [], [], [], search)) == {no_update}


ASSUMED = (
    Note("REPAIRED", "2 lines were put right.", choice=Choice("repairs", ("yes", "no"), "yes")),
    Note("ENCODING", "Read as cp1252.", choice=Choice("encoding", ("cp1252", "cp1251", "mac_roman"), "cp1252")),
)


@pytest.mark.parametrize(
    ("kind", "place", "value", "asked"),
    [("undo", 1, 1, {"repairs": "no"}), ("reread", 2, "cp1251", {"encoding": "cp1251"}), ("reread", 2, "cp1252", None),
     ("kind", 1, "category", {"kind:age": "category"}), ("kind", 1, "number", None), ("kind", 1, "secret", None),
     ("kind", 99, "text", None), ("reread", 2, "utf-7", None), ("undo", 0, 1, None), ("undo", 9, 1, None), ("undo", "x", 1, None)],
)  # fmt: skip
def test_an_assumption_is_undone_by_what_stands_beside_it(desk, pages, kind, place, value, asked):
    """The place of the item in the report counts; what was taken already, or was never offered, changes nothing."""
    dataset = desk.add()
    desk.load(dataset, made.table(notes=ASSUMED), header="yes")
    prop = "n_clicks" if kind == "undo" else "value"
    with desk.request(triggered={"type": kind, "index": place}, prop=prop, value=value):
        run, *_ = pages.data.answer([], [value if kind == "undo" else None], [value], [], [], f"?dataset={dataset}")
    if asked is None:
        assert run is no_update
    else:
        assert desk.store.run(desk.owner, run).request == {"answers": {"header": "yes", **asked}}


def test_deleting_one_file_leaves_the_others(desk, pages):
    """The trigger's id counts, not how many buttons there are."""
    one, other = desk.add(), desk.add()
    with desk.request(triggered={"type": "delete", "index": one}):
        assert pages.data.delete([1, None, None]) == "/?"
    assert [file.id for file in desk.store.datasets(desk.owner)] == [other]


def test_deleting_everything_spares_other_sessions(desk, pages):
    """The session ends with it."""
    desk.add()
    foreign, stranger = ids.new_id(), None
    stranger = desk.add(owner=foreign)
    with desk.request(triggered={"type": "delete", "index": "all"}):
        assert pages.data.delete([1]) == "/?"
    assert desk.store.datasets(desk.owner) == ()
    assert desk.store.dataset(foreign, stranger).id == stranger


def test_deleting_needs_a_click_a_trigger_and_a_file_of_ones_own(desk, pages):
    """A button that only appeared, a made-up id, a stranger's file: nothing goes."""
    mine, foreign = desk.add(), ids.new_id()
    theirs = desk.add(owner=foreign)
    with desk.request():
        assert pages.data.delete([1]) is no_update
    for index, clicks in ((mine, [None]), (mine, []), ("x", [1]), (theirs, [1])):
        with desk.request(triggered={"type": "delete", "index": index}):
            assert pages.data.delete(clicks) is no_update
    assert desk.store.dataset(desk.owner, mine) and desk.store.dataset(foreign, theirs)
