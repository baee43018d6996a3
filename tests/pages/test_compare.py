"""Laws of the Compare page: the finding first, reasons where there is none, and a form that starts what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dash import dcc, html, no_update

from core.model import Limits, Plan, Recipe
from dashboard.components.preparation import plan_of
from tests.dashboard import made
from tests.dashboard.test_setup import form_of
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
    """The heading is the finding; charts, every candidate, links that keep run and choice."""
    params = state_of(desk, "compared")
    with desk.request():
        shown = page("compare", **params)
    assert heading(shown) == "Kmeans, 2 segments is recommended"
    graphs = [one.id for one in made.of(shown, dcc.Graph) if isinstance(one.id, str)]
    assert {"silhouette-curve", "stability-boxes", "gap-curve", "widths", "linked-maps", "agreement"} <= set(graphs)
    assert f"/atlas?dataset={params['dataset']}&run={params['run']}&choice=kmeans-2" in links(shown)


def test_data_without_structure_is_not_praised(desk, page):
    """The best available cut is called just that."""
    dataset, run = desk.finished(made.comparison(structured=False))
    with desk.request():
        assert heading(page("compare", dataset=dataset, run=run)).startswith("No real segments here")


@pytest.mark.parametrize("usable", [True, False])
def test_a_stopped_run_says_how_far_it_came_and_goes_on_from_there(desk, page, usable):
    """Right below the finding, whether or not anything usable was finished; one button computes the rest."""
    some = {} if usable else {"candidates": made.comparison().candidates[:1], "recommended": None}
    dataset, run = desk.finished(made.comparison(stopped="14 of 37 candidates were finished.", **some))
    with desk.request():
        shown = page("compare", dataset=dataset, run=run)
    (said,) = [one for one in made.of(shown, html.Div) if "sa-notice-info" in str(getattr(one, "className", ""))][:1]
    assert "14 of 37 candidates were finished." in made.words(said)
    assert [one.id for one in made.of(said, html.Button)] == [{"type": "again", "index": run}]


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


REACH = {"type": "reach-go", "index": 0}


def sent(plan=None, **changes):
    """The form as the browser sends it: every setting's id and value apart."""
    form = form_of(plan or proposal(), **changes)
    settings = form.pop("settings")
    return form | {"ids": [{"type": "setting", "index": name} for name, _ in settings], "values": [value for _, value in settings]}


def proposal(**more):
    return plan_of(Recipe(**more))


def asked(desk, run):
    return Plan.from_json(desk.store.run(desk.owner, run).request["plan"])


def press(pages, dataset, *, clicks=1, reached=(), reach=(), form=None, run=""):
    search = f"?dataset={dataset}" + (f"&run={run}" if run else "")
    return pages.compare.compare_now(clicks, list(reached), list(reach), sent() if form is None else form, search)


def test_compare_now_takes_the_proposal_and_the_answers_of_the_reading(desk, pages):
    """What a person answered about the file holds for the comparison as well."""
    dataset = desk.add()
    desk.load(dataset, header="yes")
    with desk.request(triggered="compare-now"):
        run, href, said = press(pages, dataset)
    assert asked(desk, run) == proposal(answers={"header": "yes"})
    assert (href, said) == (f"/compare?dataset={dataset}&run={run}", None)


def test_compare_now_takes_what_the_form_says(desk, pages):
    """Algorithms, range, limits, resamples and settings, all of them."""
    dataset = state_of(desk, "read")["dataset"]
    form = sent(algorithms=["ward", "dbscan"], low=3, high="5", most=4, fewest=10, share=2.5, resamples="50",
                settings=[("dbscan.min_samples", 9), ("gmm.covariance", "full")])  # fmt: skip
    with desk.request(triggered="compare-now"):
        run, *_ = press(pages, dataset, form=form)
    assert asked(desk, run) == Plan(
        algorithms=("ward", "dbscan"), segments=(3, 5), limits=Limits(4, 10, 0.025), resamples=50,
        settings={"dbscan": {"min_samples": 9}},
    )  # fmt: skip


def test_comparing_again_keeps_the_recipe_and_the_seed_of_the_run(desk, pages):
    """The form under a result changes what is run, never how its customers were prepared."""
    recipe = Recipe(gaps="drop", roles={"age": "ignore"})
    dataset = desk.add()
    desk.load(dataset)
    before = Plan(recipe=recipe, segments=(2, 4), seed=7)
    run = desk.end(desk.compare(dataset, before), made.comparison(plan=before)).id
    with desk.request(triggered="compare-now"):
        again, *_ = press(pages, dataset, run=run, form=sent(before, high=6))
    assert asked(desk, again) == Plan(recipe=recipe, segments=(2, 6), seed=7)


def test_a_form_that_was_not_touched_finds_the_run_it_stands_under(desk, pages):
    """Equal requests are joined: nothing is computed again."""
    dataset, run = desk.finished()
    with desk.request(triggered="compare-now"):
        again, *_ = press(pages, dataset, run=run, form=sent(Plan(segments=(2, 4))))
    assert again == run


def test_a_typed_or_dragged_reach_is_run_beside_everything_else(desk, pages):
    """settings.dbscan.eps is set, the recipe and all else of the run stay."""
    recipe = Recipe(scaling="robust")
    dataset, run = desk.finished(recipe=recipe)
    before = asked(desk, run)
    with desk.request(triggered=REACH):
        again, href, said = press(pages, dataset, run=run, clicks=None, reached=[1], reach=[0.42], form=sent(before))
    assert asked(desk, again) == replace(before, settings={"dbscan": {"eps": 0.42}}) and before.recipe == recipe
    assert (href, said) == (f"/compare?dataset={dataset}&run={again}", None)


@pytest.mark.parametrize("reach", [[-1], ["x"], [float("nan")], [[1]], [{}], [1e30]])
def test_an_impossible_reach_starts_nothing(desk, pages, reach):
    """It is said on the page."""
    dataset, run = desk.finished()
    runs = len(desk.store.runs(desk.owner))
    with desk.request(triggered=REACH):
        again, href, said = press(pages, dataset, run=run, clicks=None, reached=[1], reach=reach)
    assert again is href is no_update and said.role == "alert"
    assert len(desk.store.runs(desk.owner)) == runs


@pytest.mark.parametrize(("clicks", "state"), [(None, "read"), (0, "read"), (1, "nothing"), (1, "unread")])
def test_compare_now_needs_a_click_and_a_table(desk, pages, clicks, state):
    """Nothing is queued otherwise; a form that was only drawn has no clicks."""
    dataset = state_of(desk, state).get("dataset", "x")
    with desk.request():
        assert press(pages, dataset, clicks=clicks, reached=[None]) == (no_update,) * 3


def test_compare_now_never_guesses_an_answer(desk, pages):
    """With a question open, it leads to the question instead."""
    dataset = state_of(desk, "asked")["dataset"]
    with desk.request():
        run, href, said = press(pages, dataset)
    assert run is no_update and href == f"/?dataset={dataset}" and said is not None
    assert {one.kind for one in desk.store.runs(desk.owner)} == {"load"}


def test_a_full_queue_is_said(desk, pages):
    """The button is never silent."""
    dataset = state_of(desk, "read")["dataset"]
    for seed in range(1, 5):
        desk.compare(dataset, Plan(seed=seed))
    with desk.request():
        for told in (press(pages, dataset), pages.data.start_compare(1, FORM, f"?dataset={dataset}")):
            assert told[:2] == (no_update, no_update) and "4 jobs of yours" in made.words(told[2])


HOSTILE_FORMS = {
    "empty": {},
    "settings without names": {"algorithms": ["ward"], "ids": [], "values": [1, 2]},
    "a setting of nobody": {"algorithms": ["ward"], "ids": [{"index": "x.y"}], "values": [1]},
    "a setting without a name": {"algorithms": ["ward"], "ids": [{}], "values": [1]},
    "nulls": {"algorithms": ["ward"], "ids": None, "values": None, "low": "x"},
    "nonsense": {"algorithms": ["ward"], "low": [1], "high": {}, "share": "NaN", "ids": [], "values": []},
    "not a number": {"algorithms": ["ward"], "low": float("nan"), "ids": [], "values": []},
}


@pytest.mark.parametrize("form", HOSTILE_FORMS.values(), ids=HOSTILE_FORMS)
def test_a_hostile_form_is_answered_in_words(desk, pages, form):
    """By the button and by the estimate beside it; nothing is queued."""
    dataset = state_of(desk, "read")["dataset"]
    with desk.request():
        run, href, said = press(pages, dataset, form=form)
        told = pages.compare.tell_estimate(form, f"?dataset={dataset}")
    assert run is href is no_update and said.role == "alert"
    assert isinstance(told, str) and told.strip()
    assert {one.kind for one in desk.store.runs(desk.owner)} == {"load"}


def test_the_estimate_follows_the_form(desk, pages):
    """A line for each ticked algorithm; without a table nothing is said."""
    dataset = state_of(desk, "read")["dataset"]
    with desk.request():
        few = pages.compare.tell_estimate(sent(algorithms=["ward"]), f"?dataset={dataset}")
        many = pages.compare.tell_estimate(sent(algorithms=["ward", "kmeans"]), f"?dataset={dataset}")
        assert pages.compare.tell_estimate(sent(), "?dataset=x") is no_update
    assert len(made.of(many, html.Tr)) == len(made.of(few, html.Tr)) + 1
