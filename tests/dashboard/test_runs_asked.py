"""Laws of the list of runs: every order is one of all rows, filters keep what fits, nonsense counts as not said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.model import Plan, Recipe
from dashboard import ids
from dashboard.components import runs_words
from dashboard.components.runs_asked import COLUMNS, Asked, Past, found, value
from dashboard.store import Remark, Run
from dashboard.store.summaries import Summary


def run(place=0, state="done", **changes):
    known = {"id": ids.new_id(), "kind": "compare", "dataset": ids.new_id(), "request": {"plan": Plan(seed=place).to_json()}, "key": "k",
             "state": state, "step": "", "done": 0, "total": 0, "created": 1000.0 + place, "started": 1.0, "ended": 3.0 + place, "place": 0,
             "problem": None}  # fmt: skip
    return Run(**(known | changes))


def past(place=0, file="shop.csv", silhouette=0.5, **changes):
    told = Summary(100 + place, 3, 4, "kmeans-2", "K-means, 2 segments", "kmeans", 2, silhouette, None, 1.0, 0.4)
    return Past(**({"run": run(place), "file": file, "summary": told} | changes))


NONE = past(9, "none.csv", summary=None, run=run(9, "failed", ended=None))
PASTS = [past(0, "b.csv", 0.9), NONE, past(2, "A.csv", None), past(1, "c.csv", -0.1, remark=Remark(True, "For the Board"))]


@pytest.mark.parametrize("by", COLUMNS)
@pytest.mark.parametrize("falling", [True, False])
def test_each_order_holds_every_run_with_unknown_values_last(by, falling):
    """Sorted either way; what has no value never stands first."""
    rows = found(PASTS, Asked(by=by, falling=falling))
    values = [value(one, by) for one in rows]
    known = [one for one in values if one is not None]
    assert len(rows) == len(PASTS) and values == [*sorted(known, reverse=falling), *[None] * (len(values) - len(known))]


def test_filters_keep_what_fits():
    """By file, favourite, algorithm and words in file, note, plan and state, whatever their case; all together."""
    assert found(PASTS, Asked(favourite=True)) == [PASTS[3]]
    assert found(PASTS, Asked(dataset=PASTS[0].run.dataset)) == [PASTS[0]]
    assert found(PASTS, Asked(find="BOARD c.CSV")) == [PASTS[3]] and found(PASTS, Asked(find="board b.csv")) == []
    assert found(PASTS, Asked(find="did not work")) == [NONE] and len(found(PASTS, Asked(find="ward"))) == 4
    assert len(found(PASTS, Asked(algorithm="gmm"))) == 4 and found(PASTS, Asked(algorithm="spectral")) == []


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.dictionaries(
    st.sampled_from([*Asked.__dataclass_fields__, "x"]), inner) | st.lists(inner), max_leaves=8))  # fmt: skip
def test_any_state_is_read_and_read_again_the_same(state):
    """Whatever was sent; what was read is plain, within bounds, and says itself."""
    asked = Asked.of(state)
    assert Asked.of(asked.state()) == asked and asked.by in COLUMNS and asked.page >= 0
    assert len(found(PASTS, Asked(by=asked.by, falling=asked.falling))) == 4


def test_pressing_a_heading_twice_turns_the_order():
    """Numbers begin with the highest, words with A."""
    assert Asked().sorted_by("silhouette") == Asked(by="silhouette", falling=True)
    assert Asked().sorted_by("file") == Asked(by="file", falling=False)
    assert Asked(by="file", falling=False, page=3).sorted_by("file") == Asked(by="file", falling=True)
    assert Asked(page=2).sorted_by("nonsense").by == "created"


def test_a_plan_in_words_tells_what_is_not_usual():
    """Algorithms, span, preparation and seed; an earlier version's plan is named as such."""
    assert runs_words.plan_words(Plan(algorithms=("kmeans",), segments=(3, 3))) == "K-means; 3 segments"
    told = runs_words.plan_words(Plan(recipe=Recipe(outliers="iqr", scaling="robust"), seed=7))
    assert told.endswith("2 to 10 segments; outliers by iqr; robust scaling; seed 7")
    assert "and 2 others" in runs_words.plan_words(Plan(algorithms=("kmeans", "gmm", "ward", "dbscan", "genie")))
    assert "earlier version" in runs_words.plan_words(None)


def test_words_of_time_state_and_what_was_made():
    """Dates in UTC; a run that never began took no time; one and several are told apart."""
    assert runs_words.when(0) == "1 Jan 1970, 00:00"
    assert runs_words.took(run(ended=None)) is None and runs_words.took(run(4)) == 6.0
    assert runs_words.made_words({"train": 1, "score": 2, "portray": 1}, 3) == "3 versions, 1 description, 1 model, 2 lists of placed customers"
    assert runs_words.made_words({}, 0) == "" and runs_words.made_words({"why": 2}, 0) == ""
    assert runs_words.state_words(run(partial=True)) == "Done in part" and runs_words.state_words(run(state="running", stopping=1.0)) == "Stopping"
