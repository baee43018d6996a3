"""Laws of the measures of importance: each is drawn with its base, or the reason why not stands in its place."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from dash import dcc

from dashboard.components.importance_measures import MEASURES, drawn, measured, side_by_side
from tests.dashboard import made

FIGURES = {"importance": [0.4, 0.1], "low": [0.3, 0.0], "high": [0.5, 0.2]}


def found(**changes):
    """Two columns that go together, two segments, and what the algorithm does."""
    groups = pd.DataFrame({"group": [1], "columns": [json.dumps(["income", "age"])], "importance": [0.6], "low": [0.5], "high": [0.7]})
    segments = pd.DataFrame({"segment": [1, 2], "column": ["income", "age"], **FIGURES})
    direct = pd.DataFrame({"column": ["age", "income"], "changed": [0.25, 0.1], "low": [0.2, 0.0], "high": [0.3, 0.2]})
    return made.explanation(**{"groups": groups, "segments": segments, "direct": direct} | changes)


@pytest.mark.parametrize(("measure", "charts", "title"), [
    ("columns", 1, "income matters most"), ("groups", 1, "income + age matter most"),
    ("segments", 2, "Second: age matters most"), ("direct", 1, "Shuffling age moves 25% of customers"),
])  # fmt: skip
def test_each_measure_is_drawn_with_its_finding(measure, charts, title):
    """The finding is the title; each chart says what its whiskers are."""
    shown = drawn(found(), measure, {1: "First", 2: "Second"}, mode="light", csv="/x.csv")
    words = made.words(shown)
    assert title in words and len(made.of(shown, dcc.Graph)) == charts and words.count("95% interval") == charts


@pytest.mark.parametrize("measure", MEASURES)
def test_a_chart_without_trust_is_hidden_but_what_the_algorithm_does_is_not(measure):
    """The direct measure asks no forest."""
    shown = drawn(found(because="Only 60% are recovered."), measure, {}, mode="dark")
    assert (made.of(shown, dcc.Graph) == []) == (measure != "direct")
    assert ("Only 60% are recovered." in made.words(shown)) == (measure != "direct")


def test_what_is_missing_says_why():
    """No direct measure after changes by hand; no groups and no segments from an earlier version."""
    bare = made.explanation(notes=("The segments were changed by hand, so there is no algorithm to ask.",))
    assert "changed by hand" in made.words(drawn(bare, "direct", {}, mode="light"))
    assert all("Not measured yet" in made.words(drawn(bare, one, {}, mode="light")) for one in ("groups", "segments"))
    single = found(groups=found().groups.assign(columns=[json.dumps(["income"])]))
    assert "No two columns go together" in made.words(drawn(single, "groups", {}, mode="light"))


def test_side_by_side_needs_two_that_can_be_read():
    """Ranks and drops of every column in each; one that cannot be trusted is left out."""
    other = found(frame=made.explanation().frame.iloc[::-1].assign(importance=[0.3, 0.2]))
    assert side_by_side([("A", found())]) is None
    assert side_by_side([("A", found()), ("B", found(because="No."))]) is None
    words = made.words(side_by_side([("A", found()), ("A", other)]))
    assert "1. 0.4" in words and "2. 0.2" in words and "A (2)" in words
    assert measured("columns", "direct") == "direct" and measured("columns", ["x"] and "x") == "columns"
