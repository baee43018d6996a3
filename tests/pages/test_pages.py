"""Laws of the pages: every state has one heading, ids of its own and a way on; hostile input opens nothing."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

import dash_bootstrap_components as dbc
import numpy as np
import pytest
from dash import dcc, html, no_update
from plotly.utils import PlotlyJSONEncoder

from core.exports import EXPORTS
from core.model import Plan, Recipe
from dashboard import ids
from dashboard.shell import layout as shell_layout
from dashboard.store import Problem
from tests.dashboard import made

NAMES = ("data", "compare", "atlas", "importance", "export")
PATHS = ("/", "/compare", "/atlas", "/importance", "/export")
ENDS = {"failed": "did not work", "cancelled": "was cancelled", "interrupted": "was interrupted"}
HOSTILE = ("?run=../../x", "?dataset=%00", "?choice=" + "a" * 3000, "?run[]=1&run=2&self=3", "?x=<script>&y=p99&z=c-1",
           "?dataset=a&dataset=b", "?%ff=%fe", "?run=" + "A" * 22, "?choice=kmeans-2", "???", "?=&=&")  # fmt: skip


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(queue_per_session=4), monkeypatch)


@pytest.fixture()
def page(desk):
    """Draw a page's layout by its name for this session."""
    import pages

    return lambda name, **params: getattr(pages, name).layout(**params)


@pytest.fixture()
def pages(desk):
    import pages

    return pages


def heading(shown):
    (found,) = made.of(shown, html.H1)
    return made.words(found)


def links(shown):
    return [link.href for link in made.of(shown, (html.A, dcc.Link))]


def content(client, path, search):
    """What the browser gets for this address, through the app's own router."""
    outputs = [{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}]
    inputs = [{"id": "_pages_location", "property": n, "value": v} for n, v in (("pathname", path), ("search", search))]
    body = {"output": ".._pages_content.children..._pages_store.data..", "outputs": outputs, "inputs": inputs,
            "changedPropIds": ["_pages_location.pathname"], "state": []}  # fmt: skip
    return client.post("/_dash-update-component", json=body)


def as_browser(desk, client):
    with client.session_transaction() as kept:
        kept["owner"] = desk.owner
    client.get("/")
    return client


def state_of(desk, name):
    """A session in this state: the parameters of the address that shows it."""
    if name == "nothing":
        return {}
    dataset = desk.add()
    if name == "reading":
        desk.jobs.request(desk.owner, "load", dataset, {"answers": {}})
    if name in ENDS:
        _end(desk, desk.jobs.request(desk.owner, "load", dataset, {"answers": {}}), name)
    if name in ("read", "asked", "comparing", "compared", "measured"):
        desk.load(dataset, made.table(questions=(made.QUESTION,) if name == "asked" else ()))
    if name == "comparing":
        return {"dataset": dataset, "run": desk.compare(dataset).id}
    if name in ("compared", "measured"):
        run = desk.end(desk.compare(dataset, Plan(segments=(2, 4))), made.comparison())
        if name == "measured":
            _measured(desk, dataset, run.id)
        return {"dataset": dataset, "run": run.id}
    return {"dataset": dataset}


def _end(desk, run, how):
    ledger = desk.store.ledger
    {"failed": lambda: ledger.fail(run.id, Problem("X", "It broke.", "Try less.", "ref-1")),
     "cancelled": lambda: ledger.cancel(run.id), "interrupted": lambda: ledger.interrupt(run.id)}[how]()  # fmt: skip
    return run


def _measured(desk, dataset, run, key="kmeans-2", **changes):
    asked = desk.jobs.request(desk.owner, "importance", dataset, {"run": run, "candidate": key})
    return desk.end(asked, made.explanation(candidate=key, **changes))


STATES = ("nothing", "unread", "reading", *ENDS, "read", "asked", "comparing", "compared", "measured")


@pytest.mark.parametrize("state", STATES)
def test_every_page_in_every_state_is_whole(desk, page, state):
    """One h1, no id twice (the frame's included), heading levels without a gap, plain JSON, and something to do next."""
    params = state_of(desk, state)
    with desk.request():
        frame = made.known(shell_layout())
        for name in NAMES:
            shown = page(name, **params)
            assert heading(shown), (name, state)
            twice = [one for one, count in Counter([*frame, *made.known(shown)]).items() if count > 1]
            assert not twice, (name, state, twice)
            levels = [int(type(one).__name__[1]) for one in made.of(shown, (html.H1, html.H2, html.H3, html.H4))]
            assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False)), (name, levels)
            json.dumps(shown.to_plotly_json(), cls=PlotlyJSONEncoder)
            ways = made.of(shown, (html.A, dcc.Link, html.Button)) + [one for one in made.known(shown) if one == "drop"]
            assert ways, (name, state)


@pytest.mark.parametrize("path", [*PATHS, "/nowhere"])
def test_a_hostile_address_is_answered_like_an_empty_session(desk, client, path):
    """Through the router, as the browser asks: no error, and but for ids in links nothing of what was sent."""
    browser = as_browser(desk, client)
    answers = [content(browser, path, search) for search in ("", *HOSTILE)]
    assert {answer.status_code for answer in answers} == {200}
    assert not any("<script>" in answer.text for answer in answers)
    empty, *told = [re.sub(r'"href":"[^"]*"', "", answer.text) for answer in answers]
    for search, one in zip(HOSTILE, told, strict=True):
        assert one == empty or (path == "/" and "This address leads to nothing you own." in one), search


def test_the_page_of_another_session_is_answered_like_one_that_never_was(desk, client, page):
    """Same words for a stranger's dataset and for an invented id, on every page."""
    params = state_of(desk, "compared")
    desk.owner = ids.new_id()
    made_up = {"dataset": ids.new_id(), "run": ids.new_id()}
    with desk.request():
        for name in NAMES:
            assert made.words(page(name, **params)) == made.words(page(name, **made_up))
    answer = content(as_browser(desk, client), "/atlas", f"?run={params['run']}")
    assert "shop.csv" not in answer.text and "Kmeans" not in answer.text


@pytest.mark.parametrize("kind", ["load", "importance"])
def test_a_run_of_another_kind_shows_no_error(desk, client, kind):
    """An address may name any job of one's own; pages show what they can."""
    params = state_of(desk, "measured")
    run = next(one for one in desk.store.runs(desk.owner) if one.kind == kind)
    for path in PATHS:
        assert content(as_browser(desk, client), path, f"?dataset={params['dataset']}&run={run.id}").status_code == 200


@pytest.mark.parametrize("name", ["compare", "atlas", "importance", "export"])
def test_an_empty_page_leads_to_what_comes_first(desk, page, name):
    """Without a file to Data; with one that is read to Compare."""
    with desk.request():
        assert "/" in links(page(name))
        if name != "compare":
            dataset = state_of(desk, "read")["dataset"]
            assert f"/compare?dataset={dataset}" in links(page(name, dataset=dataset))


def test_an_unknown_page_leads_back(page):
    """The 404 page has one way, and takes any parameter."""
    assert links(page("not_found_404", x="y")) == ["/"]


# Data


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
            assert ("answers-go" in made.known(shown)) is blocked


def test_the_form_shows_the_recipe_of_the_comparison(desk, page):
    """Coming back from a comparison, its preparation is what is picked."""
    recipe = Recipe(gaps="drop", roles={"age": "ignore"}, units={"income": "kEUR"})
    dataset, run = desk.finished(recipe=recipe)
    with desk.request():
        shown = page("data", dataset=dataset, run=run)
    assert {one.id: one.value for one in made.of(shown, dbc.RadioItems)}["gaps"] == "drop"
    roles = [one.value for one in made.of(shown, dbc.Select) if one.id["type"] == "role"]
    assert roles == ["id", "ignore", "feature", "profile", "profile", "profile"]


@pytest.mark.parametrize(("pathname", "stage"), [("/compare", "queued"), ("/", "start"), ("/", "ready"), ("/", "missing"),
                                                 (None, "queued")])  # fmt: skip
def test_the_data_page_is_left_alone_while_a_person_chooses(desk, pages, pathname, stage):
    """No redrawing under somebody's hands, and none of another page."""
    params = state_of(desk, "read")
    with desk.request():
        assert pages.data.follow(None, 0, f"?dataset={params['dataset']}", pathname, stage) == (no_update, no_update)


def test_the_data_page_follows_its_job_to_the_end(desk, pages):
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


FORM = {"roles": [str(c.role) for c in made.COLUMNS], "units": [c.unit for c in made.COLUMNS], "gaps": "median",
        "outliers": "keep", "scaling": "standard", "encoding": "onehot"}  # fmt: skip


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
    asked = [{"type": "answer", "index": "date:joined"}]
    with desk.request():
        run, href, *_ = pages.data.answer(1, ["month"], asked, f"?dataset={dataset}")
    assert desk.store.run(desk.owner, run).request == {"answers": {"header": "yes", "date:joined": "month"}}
    assert href == f"/?dataset={dataset}"


@pytest.mark.parametrize(("clicks", "state"), [(None, "asked"), (0, "asked"), (1, "nothing"), (1, "unread")])
def test_answers_need_a_click_and_a_file_that_was_read(desk, pages, clicks, state):
    """Every output stays as it is."""
    search = "?dataset=" + state_of(desk, state).get("dataset", "x")
    with desk.request():
        assert set(pages.data.answer(clicks, [], [], search)) == {no_update}


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


# Compare


@pytest.mark.parametrize(
    ("state", "stage"),
    [("nothing", "empty"), ("unread", "unread"), ("read", "empty"), ("comparing", "queued"), ("compared", "done")],
)
def test_the_compare_page_knows_its_stage(desk, page, state, stage):
    """The stage of a file still being read differs from that of no file: there is something to wait for."""
    params = state_of(desk, state)
    with desk.request():
        assert made.of(page("compare", **params), dcc.Store)[0].data == stage


@pytest.mark.parametrize("end", ENDS)
def test_a_comparison_without_a_result_says_why(desk, page, end):
    """The job's words and the button; no empty chart."""
    dataset = state_of(desk, "read")["dataset"]
    run = _end(desk, desk.compare(dataset), end)
    with desk.request():
        shown = page("compare", dataset=dataset, run=run.id)
    assert ENDS[end] in made.words(shown) and not made.of(shown, dcc.Graph)
    assert any('"again"' in one for one in made.known(shown))


def test_the_result_is_told_first_and_the_board_is_beneath(desk, page):
    """The heading is the finding; three charts, every candidate, links that keep run and choice."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("compare", **params)
    assert heading(shown) == "Kmeans, 2 segments is recommended"
    assert [one.id for one in made.of(shown, dcc.Graph)] == ["silhouette-curve", "elbow", "small-maps"]
    assert f"/atlas?dataset={params['dataset']}&run={params['run']}&choice=kmeans-2" in links(shown)


def test_data_without_structure_is_not_praised(desk, page):
    """The best available cut is called just that."""
    dataset, run = desk.finished(made.comparison(structured=False))
    with desk.request():
        assert heading(page("compare", dataset=dataset, run=run)).startswith("No real segments here")


def test_a_comparison_without_any_segments_shows_its_reasons(desk, page):
    """No chart and no recommendation, but every candidate with its problem; later pages wait."""
    found = made.comparison(candidates=made.comparison().candidates[:1], recommended=None, because="None fits.")
    dataset, run = desk.finished(found)
    with desk.request():
        shown = page("compare", dataset=dataset, run=run)
        assert heading(shown) == "No segments were found" and "It did not settle." in made.words(shown)
        assert not made.of(shown, dcc.Graph)
        for name in ("atlas", "importance", "export"):
            assert not made.of(page(name, dataset=dataset, run=run, choice="gmm-2"), dcc.Graph)


@pytest.mark.parametrize(("pathname", "stage"), [("/", "queued"), ("/compare", "done"), ("/compare", "failed"),
                                                 ("/compare", "empty"), (None, "queued")])  # fmt: skip
def test_a_finished_compare_page_is_left_alone(desk, pages, pathname, stage):
    """Nor is another page redrawn, nor one on which nothing is under way."""
    params = state_of(desk, "read")
    with desk.request():
        assert pages.compare.follow(None, 0, f"?dataset={params['dataset']}", pathname, stage) == (no_update, no_update)


def test_the_compare_page_follows_its_job_and_the_file_before_it(desk, pages):
    """Unread, empty, queued, running, done: each step is drawn when it comes."""
    dataset = state_of(desk, "reading")["dataset"]
    search = f"?dataset={dataset}"
    with desk.request():
        assert pages.compare.follow(None, 0, search, "/compare", "unread") == (no_update, no_update)
        desk.end(desk.store.runs(desk.owner)[0], made.table())
        body, stage = pages.compare.follow(None, 0, search, "/compare", "unread")
        assert stage == "empty" and "compare-now" in made.known(body)
        run = desk.compare(dataset, Plan(segments=(2, 4)))
        search = f"?dataset={dataset}&run={run.id}"
        body, stage = pages.compare.follow(None, 0, search, "/compare", stage)
        assert stage == "queued" and "Waiting, place 1 in line" in made.words(body)
        desk.end(run, made.comparison())
        body, stage = pages.compare.follow(None, 0, search, "/compare", stage)
        assert stage == "done" and heading(body) == "Kmeans, 2 segments is recommended"


def test_compare_now_takes_the_proposal_and_the_answers_of_the_reading(desk, pages):
    """What a person answered about the file holds for the comparison as well."""
    dataset = desk.add()
    desk.load(dataset, header="yes")
    with desk.request():
        run, href, said = pages.compare.compare_now(1, f"?dataset={dataset}")
    plan = Plan.from_json(desk.store.run(desk.owner, run).request["plan"])
    assert plan.recipe == Recipe(answers={"header": "yes"})
    assert (href, said) == (f"/compare?dataset={dataset}&run={run}", None)


@pytest.mark.parametrize(("clicks", "state"), [(None, "read"), (0, "read"), (1, "nothing"), (1, "unread")])
def test_compare_now_needs_a_click_and_a_table(desk, pages, clicks, state):
    """Nothing is queued otherwise."""
    search = "?dataset=" + state_of(desk, state).get("dataset", "x")
    with desk.request():
        assert pages.compare.compare_now(clicks, search) == (no_update,) * 3


def test_compare_now_never_guesses_an_answer(desk, pages):
    """With a question open, it leads to the question instead."""
    dataset = state_of(desk, "asked")["dataset"]
    with desk.request():
        run, href, said = pages.compare.compare_now(1, f"?dataset={dataset}")
    assert run is no_update and href == f"/?dataset={dataset}" and said is not None
    assert {one.kind for one in desk.store.runs(desk.owner)} == {"load"}


def test_a_full_queue_is_said(desk, pages):
    """The button is never silent."""
    dataset = state_of(desk, "read")["dataset"]
    for seed in range(1, 5):
        desk.compare(dataset, Plan(seed=seed))
    with desk.request():
        for told in (pages.compare.compare_now(1, f"?dataset={dataset}"),
                     pages.data.start_compare(1, FORM, f"?dataset={dataset}")):  # fmt: skip
            assert told[:2] == (no_update, no_update) and "4 jobs of yours" in made.words(told[2])


# Atlas


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


# Importance


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
    _measured(desk, **params, frame=frame.head(1))
    _measured(desk, **params, key="ward-2", frame=frame.head(0), because="Too few customers.")
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
        desk.owner, "importance", params["dataset"], {"run": params["run"], "candidate": "kmeans-2"}
    )
    _end(desk, run, end)
    with desk.request():
        assert ENDS[end] in made.words(page("importance", **params))


def test_measuring_asks_for_the_chosen_or_for_each_algorithms_best(desk, pages):
    """One button, one run; the other, one for each algorithm."""
    params = state_of(desk, "compared")
    search = f"?run={params['run']}&choice=kmeans-3"
    with desk.request(triggered="importance-go"):
        run, said = pages.importance.measure(1, None, search)
    assert desk.store.run(desk.owner, run).request == {"run": params["run"], "candidate": "kmeans-3"} and said is None
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
        assert pages.importance.follow(None, 0, search, pathname, still) == (no_update, no_update)
        _measured(desk, **params)
        body, stage = pages.importance.follow(None, 0, search, pathname, still)
    if pathname == "/importance":
        assert stage[0] == ["kmeans-2", "done"] and heading(body) == "income and age drive the segments most"
    else:
        assert body is stage is no_update


# Export


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


def test_hostile_labels_are_harmless_on_every_page(desk, page):
    """Names of segments and of the file, wherever they stand."""
    worst = tuple(replace(one, names={s: made.HOSTILE for s in one.names}) for one in made.comparison().candidates)
    dataset = desk.add(name=made.HOSTILE)
    desk.load(dataset)
    run = desk.end(desk.compare(dataset, Plan(segments=(2, 4))), made.comparison(candidates=worst)).id
    with desk.request():
        for name in NAMES:
            told = made.words(page(name, dataset=dataset, run=run))
            assert "\u202e" not in told and "\x00" not in told, name
