"""What is told: nothing from the data, nothing about few, every figure as the comparison has it."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import asdict, replace

import pytest

from core.model import Plan, Recipe
from dashboard.tracking import entries
from dashboard.tracking.entries import FEWEST, Entry
from tests.core.hand_made_model import hand_made
from tests.dashboard import made
from tests.dashboard.made_tracked import CANARIES, poisoned


def whole(entry: Entry) -> str:
    """All that an entry holds, as one text."""
    return repr(asdict(entry)).lower()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_nothing_from_the_data_is_told():
    """Names, levels, notes, problems and answers are full of canaries; none is in the entry."""
    noun = poisoned()
    assert all(word.lower() in repr(noun).lower() for word in CANARIES[:2])  # the trap is set
    told = whole(entries.of_comparison(noun, seconds=3.0))
    assert not [word for word in CANARIES if word.lower() in told]


def test_a_child_for_each_candidate_with_its_own_figures():
    """Children stand in the order of the run; scores and shares are those of the candidate."""
    noun = made.comparison()
    entry = entries.of_comparison(noun, seconds=3.0)
    assert [child.name for child in entry.children] == [one.key for one in noun.candidates]
    for child, one in zip(entry.children, noun.candidates, strict=True):
        value = one.score("silhouette").value
        assert child.metrics.get("silhouette") == (None if one.problem else value)
        assert child.tags["made"] == ("no" if one.problem else "yes")
    assert entry.tags["recommended"] == noun.recommended
    assert entry.metrics["customers"] == 12 and entry.metrics["seconds"] == 3.0


def test_segments_of_few_customers_have_no_share():
    """The sizes of ward-2 and its like: 5 and more are told as shares of 12, fewer are not."""
    noun = made.comparison()
    for child, one in zip(entries.of_comparison(noun, seconds=1).children, noun.candidates, strict=True):
        if one.problem:
            continue
        shares = {name: value for name, value in child.metrics.items() if name.startswith("share_") and name != "share_placed"}
        assert shares == {f"share_{n}": size / 12 for n, size in one.sizes.items() if n != -1 and size >= FEWEST}


def test_the_profile_tells_means_of_enough_customers_and_no_extremes():
    """Each line rests on five customers or more whose cell is known, and equals the profile's mean."""
    noun = made.comparison()
    content = entries.of_comparison(noun, seconds=1).files["profiles.csv"]
    found = rows(content)
    assert found and set(found[0]) == {"segment", "column", "kind", "customers", "mean", "median"}
    assert all(int(row["customers"]) >= FEWEST for row in found)
    frame = noun.profiles[noun.profiles["candidate"] == noun.recommended]
    told = sorted(float(row["mean"]) for row in found)
    known = frame[frame["kind"].isin(["number", "flag"]) & (frame["customers"] - frame["gaps"] >= FEWEST)]
    assert told == pytest.approx(sorted(known["mean"].astype(float)))


def test_gaps_count_against_a_cell():
    """A segment of six with two cells known tells nothing of that column."""
    noun = made.comparison()
    frame = noun.profiles.copy()
    frame["gaps"] = frame["customers"] - 4
    assert rows(entries.of_comparison(replace(noun, profiles=frame), seconds=1).files["profiles.csv"]) == []


def test_only_parameters_of_the_catalogue_are_told():
    """Unknown names and texts that the catalogue does not offer stay here."""
    plan = Plan(algorithms=("kmeans",), settings={"kmeans": {"n_segments": 4, "who": "ada@example.com", "n_init": "ada"}})
    told = entries.of_plan(plan)
    assert told["kmeans.n_segments"] == "4"
    assert "ada" not in repr(told)


def test_a_plan_tells_choices_and_counts():
    """What names columns is counted."""
    told = entries.of_plan(Plan(recipe=Recipe(scaling="robust", units={"a": "EUR", "b": "m"}), seed=7))
    assert (told["scaling"], told["units_given"], told["seed"]) == ("robust", "2", "7")


def test_metrics_are_finite():
    """MLflow's SQL store refuses nothing, but its page cannot draw what is no number."""
    noun = made.comparison()
    bad = replace(noun.candidates[-1], seconds=math.nan)
    entry = entries.of_comparison(replace(noun, candidates=(*noun.candidates[:-1], bad)), seconds=math.inf)
    assert all(math.isfinite(value) for one in (entry, *entry.children) for value in one.metrics.values())


def test_nothing_recommended_is_told_as_such():
    """Without a recommendation there is no profile, and the tags say none."""
    entry = entries.of_comparison(replace(made.comparison(), recommended=None, verdict="none"), seconds=1)
    assert entry.tags["recommended"] == "none" and "profiles.csv" not in entry.files
    assert json.loads(entry.files["verdict.json"])["verdict"] == "none"


def test_the_board_has_a_row_per_candidate():
    noun = made.comparison()
    found = rows(entries.of_comparison(noun, seconds=1).files["board.csv"])
    assert [row["candidate"] for row in found] == [one.key for one in noun.candidates]
    assert [row["candidate"] for row in found if row["recommended"] == "yes"] == [noun.recommended]


def test_a_model_is_told_by_its_numbers():
    """No column, level, segment name or reference customer of a model is told, unless the whole file is asked for."""
    model = hand_made()
    entry = entries.of_model(model)
    assert set(entry.files) == {"model.json"}
    told = json.loads(entry.files["model.json"])
    assert told["references_included"] is False and entry.metrics["agreement"] == model.agreement
    assert sum(told["columns_by_kind"].values()) == len(model.columns)
    levels = {level for column in model.preparation.columns for level in (*column.levels, *column.known)}
    words = {*model.columns, *(one.name for one in model.segments), *levels}
    assert not [word for word in words if len(word) > 3 and word.lower() in whole(entry)]
    assert entries.of_model(model, b"zip").files["model.zip"] == b"zip"
