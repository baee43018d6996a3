"""A recipe on next month's file: the same matrix where nothing changed, and a name for all that no longer fits."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from core.cli import main
from core.errors import BadRequest
from core.formats.reading import Reading
from core.model import Plan, Recipe, SavedRecipe, Source, Table
from core.prepare import effect, fits, prepare, replayed, saved
from core.tables import understand

RICH = Recipe(
    gaps="knn", neighbours=3, gap_flags="yes", duplicates="exact", outliers="mad", skew="log", skews={"visits": "none"},
    encoding="ordinal", orders={"tier": ("one", "two", "three")}, roles={"visits": "feature"}, units={"spend": "EUR"},
)  # fmt: skip


def month(seed: int = 1, n: int = 80, **changes: object) -> Table:
    rng = np.random.default_rng(seed)
    spend = rng.lognormal(3, 1, n)
    spend[:5] = np.nan
    cells = {"customer": [f"c{at}" for at in range(n)], "spend": spend, "visits": rng.uniform(1, 9, n),
             "tier": rng.choice(["one", "two", "three"], n), "city": rng.choice(["x", "y"], n)}  # fmt: skip
    left = {name: values for name, values in (cells | changes).items() if values is not None}
    return understand(Reading(pd.DataFrame(left), Source("t", "frame")), {})


def test_a_recipe_survives_its_file_and_makes_the_same_matrix() -> None:
    """JSON there and back, on the same table and on one with the same columns: nothing is left away."""
    kept = SavedRecipe.from_json(saved(month(), RICH).to_json())
    assert fits(month(), kept) == () == fits(month(), saved(month(), Recipe()))
    again = replayed(month(), kept)
    np.testing.assert_array_equal(prepare(month(), again).values, prepare(month(), RICH).values)
    assert fits(month(2), kept) == ()
    assert prepare(month(2), replayed(month(2), kept)).features == prepare(month(2), RICH).features


def test_b106_all_that_no_longer_fits_next_months_file_is_named() -> None:
    """A column gone, one of another kind, a new one, a new level, an answer for nothing: one note each."""
    recipe = Recipe(answers={"date:joined": "day", "sheet": "May", "comma:spend": "decimal"}, fills={"spend": "1"})
    kept = saved(month(), recipe)
    n = 80
    other = month(2, visits=None, spend=["much", "little"] * 40, city=["x", "y", "z", "x"] * 20, fresh=np.arange(n) * 1.5)
    notes = fits(other, kept)
    assert [(one.code, one.column) for one in notes] == [
        ("COLUMN_GONE", "visits"), ("KIND_CHANGED", "spend"), ("COLUMN_NEW", "fresh"), ("NEW_LEVELS", "city"),
        ("ANSWER_UNUSED", ""), ("ANSWER_UNUSED", ""),
    ]  # fmt: skip
    assert "shaped the segments" in notes[0].text and notes[3].examples == ("z",) and notes[3].count == 20
    made = replayed(other, kept)
    assert made.answers == {"comma:spend": "decimal"} and made.fills == {} and made.roles["fresh"] == "profile"
    effect(other, made)


def test_the_same_columns_shape_the_segments_whatever_is_proposed_now() -> None:
    """This month a feature is constant and would not be proposed; its role stays, and preparing says why it is not used."""
    kept = saved(month(), Recipe())
    flat = month(3, visits=[4.0] * 80)
    assert flat.column("visits").role != "feature"
    assert prepare(flat, replayed(flat, kept)).dropped[0].name == "visits"


@pytest.mark.parametrize(
    "change",
    [{"version": 9}, {"recipe": {"gaps": "ffill"}}, {"recipe": {"orders": {"a": ["x", "x"]}}}, {"kinds": {"a": "king"}},
     {"recipe": {"fills": {"a": 1}}}, {"recipe": {"neighbours": True}}, {"recipe": {"money": 3}}, {"recipe": []},
     {"levels": {"a": "xy"}}, {"roles": ["id"]}, {"kinds": {"\ud800": "text"}}, {"more": 1}, {"recipe": {"skews": {"a": "cube"}}}],
)  # fmt: skip
def test_what_is_no_recipe_is_refused(change: dict) -> None:
    """A file that anybody may have changed is never trusted."""
    body = json.loads(saved(month(), Recipe()).to_json()) | change
    with pytest.raises(BadRequest):
        SavedRecipe.from_json(json.dumps(body))
    for text in ("", "[1]", "null", "{" * 50_000, '"x"'):
        with pytest.raises(BadRequest):
            SavedRecipe.from_json(text)


def test_plans_of_before_still_load_and_mean_the_same() -> None:
    """A plan of version 2 that knows only the first four rules: the others keep what was done before them."""
    body = json.loads(Plan().to_json())
    body["recipe"] = {name: body["recipe"][name] for name in
                      ("roles", "units", "answers", "gaps", "outliers", "scaling", "encoding")}  # fmt: skip
    assert body["version"] == 2
    assert Plan.from_json(json.dumps(body)) == Plan()


def test_steps_stand_in_the_order_applied_with_rows_and_money() -> None:
    """By hand: one repeat of 10 EUR, two gaps of 30 EUR, one stranger of 1,000 EUR, of 1,190 EUR in all."""
    spend = [10.0] * 14 + [20.0, 1_000.0, 10.0]
    rank = [*range(14), None, 5.5, 0.0]
    noise = [*(at * 1.5 for at in range(13)), None, 3.0, 2.0, 0.0]
    table = month(n=17, customer=None, spend=spend, visits=rank, tier=None, city=None, noise=noise)
    assert table.duplicates == 1
    recipe = Recipe(duplicates="exact", gaps="drop", outliers="iqr", scaling="robust", money="spend",
                    roles={"spend": "feature", "visits": "feature", "noise": "feature"})  # fmt: skip
    steps = effect(table, recipe).steps
    assert [one.step for one in steps] == ["Repeated customers", "Gaps", "Extreme values", "Scaling"]
    whole = sum(spend)
    assert [(one.rows, one.money) for one in steps[:2]] == [(1, 10.0), (2, 30.0)]
    assert steps[0].share == pytest.approx(10 / whole)
    assert effect(table, Recipe(money="", roles=recipe.roles)).steps[0].money is None
    assert steps[3].rows == effect(table, recipe).fitted == len(prepare(table, recipe).rows)


@pytest.fixture()
def files(tmp_path):
    for at in (1, 2):
        month(at).raw.to_csv(tmp_path / f"{at}.csv", index=False)
    month(3, visits=None).raw.to_csv(tmp_path / "3.csv", index=False)
    return tmp_path


def command(capsys, *arguments) -> tuple[int, str]:
    status = main([*map(str, arguments)])
    return status, capsys.readouterr().err


def test_the_command_line_saves_a_recipe_and_prepares_by_it(files, capsys) -> None:
    """The plan of the second month is that of the first; what is gone in the third is told on stderr."""
    typed = ["--gaps", "constant", "--fill", "spend=12.5", "--skew", "log", "--transform", "visits=none", "--encode", "ordinal",
             "--order", "tier=one<two<three", "--duplicates", "exact", "--gap-flags", "yes"]  # fmt: skip
    few = ["--algorithm", "kmeans", "--segments", "2", "--defaults"]
    kept = files / "recipe.json"
    first = command(capsys, "segment", files / "1.csv", "--out", files / "one", *typed, *few, "--save-recipe", kept)
    assert first[0] == 0, first[1]
    second = command(capsys, "segment", files / "2.csv", "--out", files / "two", "--recipe", kept, *few)
    assert second[0] == 0 and "note:" not in second[1]
    plans = [json.loads((files / name / "plan.json").read_text())["recipe"] for name in ("one", "two")]
    assert plans[0] == plans[1] and plans[0]["fills"] == {"spend": "12.5"} and plans[0]["orders"] == {"tier": ["one", "two", "three"]}
    third = command(capsys, "compare", files / "3.csv", "--out", files / "board.csv", "--recipe", kept, "--algorithms", "kmeans",
                    "--segments", "2", "--resamples", "0", "--defaults")  # fmt: skip
    assert third[0] == 0 and "note: There is no column visits any more." in third[1]


def test_the_command_line_refuses_what_contradicts_a_recipe(files, capsys) -> None:
    """A choice beside --recipe, a file that is none, a pair without a column, the input as the target."""
    kept = files / "recipe.json"
    kept.write_text(saved(month(), Recipe()).to_json(), encoding="utf-8")
    base = ["segment", files / "1.csv", "--out", files / "out", "--defaults", "--segments", "2"]
    for wrong in (["--recipe", kept, "--gaps", "mode"], ["--recipe", files / "1.csv"], ["--recipe", files / "no.json"],
                  ["--fill", "nobody=1"], ["--transform", "spend=cube"], ["--neighbours", "0"],
                  ["--algorithm", "kmeans", "--save-recipe", files / "1.csv"]):  # fmt: skip
        status, err = command(capsys, *base, *wrong)
        assert status in (2, 4) and err, wrong
    assert not (files / "out").exists()
    pd.testing.assert_frame_equal(pd.read_csv(files / "1.csv"), month(1).raw)
