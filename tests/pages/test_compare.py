"""Laws of the Compare page: the finding first, reasons where there is none, and answers that hold."""

from __future__ import annotations

import pytest
from dash import dcc, no_update

from core.model import Plan, Recipe
from tests.dashboard import made
from tests.pages.states import ENDS, FORM, heading, links, state_of, stop


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
    run = stop(desk, desk.compare(dataset), end)
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
