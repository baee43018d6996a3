"""Laws of the Score page: it offers what comes next, computes nothing but single customers, and leaves a person's typing alone."""

from __future__ import annotations

import dash_bootstrap_components as dbc
import pytest
from dash import Patch, dcc, html, no_update
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import pipeline, scoring
from core.model import Plan
from dashboard.store import NotFound
from tests.dashboard import made, made_models, made_orders
from tests.pages.states import links, state_of, stop

ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), st.lists, max_leaves=6)


def compared(desk):
    """A session that looks at three segments of 60 customers: the parameters of its address."""
    dataset = desk.add()
    desk.load(dataset, made_models.table())
    run = desk.end(desk.compare(dataset, Plan(algorithms=("kmeans", "dbscan"), segments=(3, 3), resamples=2)), made_models.comparison())
    return {"dataset": dataset, "run": run.id, "choice": "kmeans-3"}


def query(params):
    return "?" + "&".join(f"{name}={value}" for name, value in params.items())


def trained(desk):
    """The same with a model of these segments: (parameters, the model's id)."""
    params = compared(desk)
    request = {"run": params["run"], "candidate": "kmeans-3", "shape": ""}
    run = desk.end(desk.jobs.request(desk.owner, "train", params["dataset"], request), made_models.model())
    return params, desk.store.models.add(desk.owner, made_models.model(), run=run.id, dataset=params["dataset"])


def stores(shown):
    return {one.id: one.data for one in made.of(shown, dcc.Store) if hasattr(one, "data")}


def buttons(shown):
    return [one.id for one in made.of(shown, html.Button) if getattr(one, "id", None)]


def test_with_nothing_to_place_by_the_page_says_where_to_go(desk, page):
    with desk.request():
        shown = page("score")
        assert "/" in links(shown) and "model-make" not in buttons(shown) and "No model yet" in made.words(shown)
        assert made.of(shown, dcc.Graph) == []
        read = page("score", **state_of(desk, "read"))
    assert any(link.startswith("/compare") for link in links(read))


def test_segments_without_a_model_have_one_primary_button(desk, page):
    """It makes the model; no form is shown for what is not there."""
    with desk.request():
        shown = page("score", **compared(desk))
    assert [one.id for one in made.of(shown, html.Button) if "btn-primary" in (one.className or "")] == ["model-make"]
    assert made.of(shown, dbc.Input) == [] and stores(shown)["score-model"] == ""


def test_making_a_model_asks_for_the_segments_as_a_person_shaped_them(desk, pages):
    """Names and colours go with it; another shape is another model."""
    from core.model import Edit, Shape

    params = compared(desk)
    with desk.request():
        run, said, href = pages.score.keeping.make(1, query(params))
        assert said is None and href.startswith("/score?") and "choice=kmeans-3" in href
        first = desk.store.run(desk.owner, run)
        assert first.kind == "train" and first.request == {"run": params["run"], "candidate": "kmeans-3", "shape": Shape().to_json()}
        shape = Shape((Edit("rename", 1, text="Regulars"),))
        desk.store.reshape(desk.owner, params["run"], "kmeans-3", shape, after=0)
        second = desk.store.run(desk.owner, pages.score.keeping.make(1, query(params))[0])
        assert second.request["shape"] == shape.to_json()
        assert pages.score.keeping.make(None, query(params)) == (no_update,) * 3 == pages.score.keeping.make(1, "")


def test_a_model_that_is_being_made_shows_how_far_it_is(desk, page, pages):
    """No second button; when the job fails, it can be run again."""
    params = compared(desk)
    with desk.request():
        run = pages.score.keeping.make(1, query(params))[0]
        shown = page("score", **params)
        assert "model-make" not in buttons(shown) and {"type": "cancel", "index": run} in buttons(shown)
        stop(desk, desk.store.run(desk.owner, run), "failed")
        assert "did not work" in made.words(page("score", **params))


def test_the_model_of_the_segments_is_shown_as_soon_as_it_is_made(desk, pages):
    """And the page is left alone when nothing changed."""
    params, model = trained(desk)
    with desk.request():
        drawn = pages.score.keeping.follow(None, 0, None, query(params), "/score", [[], "", []])
        assert drawn[-1] == model and len(made.of(drawn[2], dbc.Input)) == 2 and made.of(drawn[2], dcc.Graph)
        assert pages.score.keeping.follow(None, 0, None, query(params), "/score", drawn[-2]) == (no_update,) * 7
        assert pages.score.keeping.follow(None, 0, None, query(params), "/atlas", None) == (no_update,) * 7


def test_typing_is_left_alone_while_the_model_stays(desk, pages):
    """A second model changes the list, not the form."""
    params, model = trained(desk)
    with desk.request():
        stage = pages.score.keeping.seen(query(params)).stage
        desk.store.models.add(desk.owner, made_models.model())
        drawn = pages.score.keeping.follow(None, 0, None, query(params), "/score", stage)
    assert drawn[1:4] == (no_update,) * 3 and drawn[-1] == model and drawn[4] is not no_update


def test_the_address_names_the_model_and_a_foreign_id_is_not_there(desk, page):
    """Another session's model is the same as an unknown one."""
    params, model = trained(desk)
    second, foreign = (desk.store.models.add(one, made_models.model()) for one in (desk.owner, "o" * 22))
    with desk.request():
        shown = {one: stores(page("score", **params, model=one))["score-model"] for one in (second, foreign, "A" * 22, "<x>")}
        alone = stores(page("score"))["score-model"]
    assert shown == {second: second, foreign: model, "A" * 22: model, "<x>": model} and alone == second


def values_of(pages, changes=None):
    """What the form's controls hold at first, with changes by column."""
    from dashboard.components.score_form import form

    fields = scoring.fields(made_models.model())
    drawn = form(fields)
    controls = sorted((one for kind in (dbc.Input, dbc.Select) for one in made.of(drawn, kind)), key=lambda one: one.id["index"])
    known = {one.name: control.value for one, control in zip(fields, controls, strict=True)}
    return list({**known, **(changes or {})}.values())


def test_one_customer_is_placed_by_every_change(desk, pages):
    """Where the page puts it is where scoring puts it; the figure moves one mark alone."""
    _, model = trained(desk)
    values = values_of(pages, {"income": 100, "score": 15})
    with desk.request():
        told, figure = pages.score.forming.place(values, "flat", model)
    alone = pages.score.placed.Alone.filled(made_models.model(), values)
    frame, _ = scoring.typed_records(made_models.model(), [{**dict(zip(made_models.model().columns, values, strict=True)),
                                                            "region": scoring.fields(made_models.model())[2].levels[int(values[2])]}])  # fmt: skip
    expected = scoring.score(made_models.model(), frame).frame["segment"][0]
    assert alone.segment == expected and f"sa-seg-{expected}" in str(told)
    assert isinstance(figure, Patch) and {"x", "y", "marker"} == {step["location"][-1] for step in figure.to_plotly_json()["operations"]}


def test_a_customer_unlike_anyone_is_flagged_at_once(desk, pages):
    """Ten times the highest income."""
    _, model = trained(desk)
    with desk.request():
        told, _ = pages.score.forming.place(values_of(pages, {"income": 1000}), "solid", model)
        usual, _ = pages.score.forming.place(values_of(pages), "solid", model)
    assert "Unlike anyone" in made.words(told) and "Unlike anyone" not in made.words(usual)


def test_the_map_turns_with_the_same_customer(desk, pages):
    _, model = trained(desk)
    with desk.request():
        kinds = {way: made.of(pages.score.forming.turn(way, values_of(pages), model), dcc.Graph)[0].figure.data[-1].type for way in ("flat", "solid", "<x>")}
    assert kinds == {"flat": "scatter", "solid": "scatter3d", "<x>": "scatter"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=ANYTHING, way=ANYTHING)
def test_callbacks_of_the_form_take_anything(desk, pages, values, way):
    """Somebody else's values are no defect, and no model is no result."""
    model = next((one.id for one in desk.store.models.listed(desk.owner)), None) or desk.store.models.add(desk.owner, made_models.model())
    with desk.request():
        assert pages.score.forming.place([values], way, "A" * 22) == (no_update, no_update)
        assert pages.score.forming.place([values], way, values) == (no_update, no_update)
        told, _ = pages.score.forming.place([values] * 4, way, model)
        assert made.words(told)
        assert pages.score.forming.turn(way, values, "A" * 22) is no_update
        asked, said = pages.score.filing.go(1, values, values, values, "")
        assert asked is no_update and "no longer there" in made.words(said)
        assert pages.score.filing.choose(values, way)[1] is no_update
        assert pages.score.filing.uploaded(values) == (no_update,) * 3
        assert pages.score.keeping.open_saved(values, "") is no_update


def test_a_model_is_deleted_by_a_click_of_its_owner(desk, pages):
    """A button that is only drawn deletes nothing; another's id neither."""
    _, model = trained(desk)
    foreign = desk.store.models.add("o" * 22, made_models.model())
    with desk.request(triggered={"type": "model-delete", "index": model}, value=None):
        assert pages.score.keeping.delete([None]) is no_update
    with desk.request(triggered={"type": "model-delete", "index": foreign}):
        assert pages.score.keeping.delete([1]) is no_update
    with desk.request(triggered={"type": "model-delete", "index": model}):
        assert pages.score.keeping.delete([1]) == model
    assert desk.store.models.listed(desk.owner) == () and desk.store.models.saved("o" * 22, foreign)


def test_a_deleted_model_can_be_made_again(desk, pages):
    """The job is done and is joined; its model is kept once more."""
    params, model = trained(desk)
    desk.store.models.delete(desk.owner, model)
    with desk.request():
        assert pages.score.keeping.seen(query(params)).wanted
        pages.score.keeping.make(1, query(params))
        assert pages.score.keeping.seen(query(params)).shown is not None
    assert len(desk.store.models.listed(desk.owner)) == 1 and len(desk.store.runs(desk.owner, kind="train")) == 1


def test_a_key_is_made_and_revoked_on_the_page(desk, pages):
    """Shown in the answer to the click and in no other."""
    params, model = trained(desk)
    change = pages.score.keeping.change_key
    with desk.request(triggered="model-key-make", value=None):
        assert change(None, None, query(params), model) == (no_update,) * 3
    with desk.request(triggered="model-key-make"):
        shown, _, _ = change(1, None, query(params), model)
        (key,) = [one.children for one in made.of(shown, html.Code) if getattr(one, "className", "") == "sa-score-key"]
        assert desk.store.models.by_key(key) == (desk.owner, model)
        assert key not in str(pages.score.layout(**params))
        assert change(1, None, query(params), "A" * 22) == (no_update,) * 3
    with desk.request(triggered="model-key-void"):
        change(1, 1, query(params), model)
    with pytest.raises(NotFound):
        desk.store.models.by_key(key)


def test_a_chosen_file_that_nobody_has_read_is_read(desk, pages):
    """One that is read already asks for no job; another session's is none."""
    trained(desk)
    fresh, known, foreign = desk.add(), desk.store.datasets(desk.owner)[-1].id, desk.add(owner="o" * 22)
    with desk.request():
        dataset, run, said = pages.score.filing.choose(fresh, "")
        assert dataset == fresh and desk.store.run(desk.owner, run).kind == "load" and said is None
        assert pages.score.filing.choose(known, "") == (known, no_update, no_update)
        assert pages.score.filing.choose(foreign, "")[0] is no_update
        assert pages.score.filing.choose("none", known) == ("", no_update, no_update)
        assert pages.score.filing.choose(known, known) == (no_update,) * 3
        assert pages.score.filing.uploaded({"dataset": fresh})[0] == fresh


def file_of(desk, text=None, **answers):
    dataset = desk.add("next.csv")
    desk.load(dataset, made_models.read(text or made_models.FILE), **answers)
    return dataset


def test_a_file_is_placed_once_every_column_is_found(desk, pages):
    """What is missing is named and nothing is asked; what a person chose goes into the request."""
    params, model = trained(desk)
    dataset = file_of(desk, made_models.FILE.replace("income", "Einkommen"))
    with desk.request():
        here = pages.score.filing.placed_of(query(params), model, dataset)
        shown = pages.score.slots.whole_file(here)
        values = [one.value for one in made.of(shown, dbc.Select) if isinstance(one.id, dict)]
        none, said = pages.score.filing.go(1, values, dataset, model, query(params))
        assert none is no_update and "income" in made.words(said)
        run, said = pages.score.filing.go(1, ["c1", *values[1:]], dataset, model, query(params))
    request = desk.store.run(desk.owner, run).request
    assert said is None and request["model"] == model and request["mapping"]["income"] == "Einkommen"


def test_the_placed_file_is_drawn_when_the_job_is_done(desk, pages):
    """Progress before, result after; then the page rests."""
    params, model = trained(desk)
    dataset = file_of(desk)
    follow = pages.score.filing.follow
    with desk.request():
        shown, stage = follow(None, 0, dataset, model, query(params), "/score", [])
        assert stage[1] == "ready" and "score-go" in buttons(shown)
        assert follow(None, 0, dataset, model, query(params), "/score", stage) == (no_update, no_update)
        mapping = {name: name for name in made_models.model().columns}
        asked = desk.jobs.request(desk.owner, "score", dataset, {"model": model, "answers": {}, "mapping": mapping})
        shown, stage = follow(None, 0, dataset, model, query(params), "/score", stage)
        assert stage[1] == "placing" and {"type": "cancel", "index": asked.id} in buttons(shown)
        desk.end(asked, pipeline.score(made_models.model(), made_models.table(), {}))
        shown, stage = follow(None, 0, dataset, model, query(params), "/score", stage)
        assert stage[1] == "placed" and f"/scored/{asked.id}.csv" in links(shown) and "60 customers placed." in made.words(shown)
        assert follow(None, 0, dataset, model, query(params), "/atlas", []) == (no_update, no_update)
        desk.store.models.delete(desk.owner, model)
        assert follow(None, 0, dataset, model, query(params), "/score", stage) == ([], [])


def test_order_lines_and_open_questions_are_settled_elsewhere_first(desk, pages):
    """With the way there; the job cannot be asked for."""
    params, model = trained(desk)
    lines, asked = desk.add("orders.csv"), desk.add()
    desk.load(lines, made_orders.lines())
    desk.load(asked, made.table(questions=(made.QUESTION,)))
    with desk.request():
        for dataset, path, word in ((lines, "/orders", "order lines"), (asked, "/", "question")):
            shown = pages.score.slots.whole_file(pages.score.filing.placed_of(query(params), model, dataset))
            assert any(link.startswith(f"{path}?") for link in links(shown)) and word in made.words(shown)
            assert pages.score.filing.go(1, ["c1"] * 4, dataset, model, query(params)) == (no_update, no_update)


@pytest.mark.parametrize("end", ["failed", "cancelled", "interrupted"])
def test_a_file_that_was_not_placed_says_why(desk, pages, end):
    params, model = trained(desk)
    dataset = file_of(desk)
    stop(desk, desk.jobs.request(desk.owner, "score", dataset, {"model": model, "answers": {}, "mapping": {}}), end)
    with desk.request():
        shown = pages.score.slots.whole_file(pages.score.filing.placed_of(query(params), model, dataset))
    assert any(isinstance(one, dict) and one.get("type") == "again" for one in buttons(shown))


def test_the_page_holds_no_customers_name(desk, page):
    """Ids of the file's customers are not in a model, and so not in what a browser gets."""
    params, _ = trained(desk)
    with desk.request():
        shown = str(page("score", **params).to_plotly_json())
    assert "North" in shown and not any(f"'c{n}'" in shown for n in range(60))
