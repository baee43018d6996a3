"""Laws of recipes on the Data page: what is saved is the form, what is loaded is judged anew and shown with its misfits."""

from __future__ import annotations

import json

import dash_bootstrap_components as dbc
from dash import no_update

from core.model import Recipe, SavedRecipe
from core.prepare import saved
from tests.dashboard import made
from tests.pages.states import FORM, state_of


def test_what_is_saved_is_the_form_with_the_answers(desk, pages):
    """As a file; nothing without a click, words where the form does not fit."""
    dataset = desk.add()
    desk.load(dataset, header="yes")
    search = f"?dataset={dataset}"
    with desk.request():
        assert pages.data.save_recipe(None, FORM, search) == (no_update, no_update)
        file, said = pages.data.save_recipe(1, FORM | {"gaps": "knn", "neighbours": 7}, search)
        assert pages.data.save_recipe(1, FORM | {"roles": []}, search)[0] is no_update
    kept = SavedRecipe.from_json(file["content"])
    assert (file["filename"], said) == ("recipe.json", None)
    assert kept.recipe == Recipe(gaps="knn", neighbours=7, answers={"header": "yes"})


def loaded(dataset, recipe, **changes):
    body = json.loads(saved(made.table(), recipe).to_json()) | changes
    return {"dataset": dataset, "text": json.dumps(body)}


def test_a_loaded_recipe_is_what_the_form_shows(desk, pages):
    """With what no longer fits; one for another file or none at all changes nothing, a broken one is told in words."""
    search = f"?dataset={(dataset := state_of(desk, 'read')['dataset'])}"
    with desk.request():
        run, _, body, stage, said = pages.data.load_recipe(loaded(dataset, Recipe(gaps="drop")), search)
        assert (run, stage, said) == (no_update, "ready", None)
        assert {one.id: one.value for one in made.of(body, dbc.RadioItems)}["gaps"] == "drop"
        assert "all of it fits this file" in made.words(body)
        gone = loaded(dataset, Recipe(), kinds={"loyalty": "number"})
        assert "no column loyalty any more" in made.words(pages.data.load_recipe(gone, search)[2])
        for nothing in (None, {}, "x", loaded("y" * 32, Recipe())):
            assert pages.data.load_recipe(nothing, search) == (no_update,) * 5
        assert pages.data.load_recipe(loaded(dataset, Recipe(), version=9), search)[4].role == "alert"
        assert pages.data.load_recipe(loaded(dataset, Recipe()), "?dataset=x") == (no_update,) * 5


def test_a_recipe_with_other_answers_reads_the_file_again_and_stays(desk, pages):
    """The run is queued with the answers; once it is read, the form shows the recipe."""
    dataset = state_of(desk, "read")["dataset"]
    search = f"?dataset={dataset}"
    kept = loaded(dataset, Recipe(outliers="mad", answers={"date:joined": "month"}))
    with desk.request():
        run, *_, stage, _ = pages.data.load_recipe(kept, search)
        assert desk.store.run(desk.owner, run).request == {"answers": {"date:joined": "month"}}
        desk.end(desk.store.run(desk.owner, run), made.table())
        body, stage = pages.data.follow(None, 0, search, "/", "queued", kept)
        assert stage == "ready"
        assert {one.id: one.value for one in made.of(body, dbc.RadioItems)}["outliers"] == "mad"
        assert pages.data.load_recipe(kept, search)[0] is no_update


def test_a_recipe_does_not_read_the_file_of_an_open_comparison_otherwise(desk, pages):
    """The comparison belongs to its reading; the words say how to go on."""
    dataset, run = desk.finished()
    kept = loaded(dataset, Recipe(answers={"date:joined": "month"}))
    with desk.request():
        found = pages.data.load_recipe(kept, f"?dataset={dataset}&run={run}")
    assert found[:4] == (no_update,) * 4 and "Open the file anew" in made.words(found[4])
