"""Laws of runs side by side: only differences, sizes that sum, agreement where it can be measured."""

from __future__ import annotations

import numpy as np
import pytest
from dash import html

from core.model import ORDERS, Limits, OrderPlan, Plan, Recipe
from core.selection.agreement import agreement
from dashboard.components import numbers
from dashboard.components.runs_beside import beside
from dashboard.components.runs_differences import Beside, agreements, differing, scores, sizes
from dashboard.figures.runs_sizes import size_bars, size_bars_height
from dashboard.store.summaries import summary
from tests.dashboard import made
from tests.dashboard.test_runs_asked import run


def one(letter="A", key="kmeans-2", file="shop.csv", **changes):
    return Beside(letter, run(), file, made.comparison(**changes), key)


def test_equal_runs_differ_in_nothing():
    """However their mappings are ordered."""
    first, second = Recipe(units={"a": "1", "b": "2"}), Recipe(units={"b": "2", "a": "1"})
    assert differing([one(plan=Plan(recipe=first)), one("B", plan=Plan(recipe=second))]).empty


@pytest.mark.parametrize(("plan", "group", "parameter"), [
    (Plan(seed=3), "Seed", "seed"),
    (Plan(recipe=Recipe(outliers="iqr")), "Preparation", "outliers"),
    (Plan(recipe=Recipe(roles={"age": "ignore"})), "Columns", "roles changed"),
    (Plan(recipe=Recipe(answers={"x": "y"})), "File", "answers about reading"),
    (Plan(algorithms=("kmeans",)), "Algorithms", "algorithms"),
    (Plan(limits=Limits(max_segments=5)), "Algorithms", "limits"),
    (Plan(settings={"dbscan": {"eps": 1}}), "Algorithms", "settings by hand"),
    (Plan(resamples=3), "Algorithms", "resamples"),
])  # fmt: skip
def test_what_differs_is_listed_alone_in_its_group(plan, group, parameter):
    """One parameter changed, one row."""
    frame = differing([one(plan=Plan()), one("B", plan=plan)])
    assert frame[["group", "parameter"]].to_numpy().tolist() == [[group, parameter]]
    assert frame["A"].iloc[0] != frame["B"].iloc[0]


def test_how_order_lines_became_customers_is_told_decision_by_decision():
    """One row for each, in words: no plan as it is stored."""
    year, month = (OrderPlan(mapping={"customer": "who"}, horizon_days=days) for days in (365, 30))
    runs = [one(letter, plan=Plan(recipe=Recipe(answers={ORDERS: plan.to_json()}))) for letter, plan in (("A", year), ("B", month))]
    frame = differing(runs)
    assert frame[["group", "parameter", "A", "B"]].to_numpy().tolist() == [["File", "orders: horizon days", "365", "30"]]
    frame = differing([one(plan=Plan()), one("B", plan=runs[0].comparison.plan)])
    assert {"made of order lines", "orders: column of customer"} <= set(frame["parameter"])
    assert not frame[["A", "B"]].map(lambda cell: "{" in cell).to_numpy().any()


def test_sizes_sum_to_all_customers_of_each_run():
    """Those not placed included, and last."""
    frame = sizes([one(), one("B", "dbscan-1")])
    assert frame.groupby("run")["customers"].sum().tolist() == [12, 12]
    np.testing.assert_allclose(frame.groupby("run")["share"].sum(), 1)
    assert frame["segment"].tolist()[-1] == -1 and frame["name"].iloc[-1] == "Not placed"


def test_scores_are_those_of_the_candidates():
    """A score that does not apply is nothing, not 0."""
    frame = scores([one(), one("B", "dbscan-1")]).set_index("measure")
    assert frame.at["Separation (silhouette)", "A"] == 0.5 and np.isnan(frame.at["Separation (silhouette)", "B"])
    assert frame.at["Stability", "A"] == pytest.approx(0.9) and frame.at["Segments", "B"] == 2


def test_agreement_equals_published_and_counted_values():
    """Hubert & Arabie: 1 for renamed segments; 0.24242... for the example of scikit-learn's guide; AMI by its definition there."""
    assert agreement(np.array([1, 1, 2, 2]), np.array([2, 2, 1, 1])) == agreement(np.array([1, 2]), np.array([1, 2]))
    found = agreement(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2]))
    assert found.rand == pytest.approx(0.242424242) and found.information == pytest.approx(0.298792458)


def test_agreement_is_measured_on_the_same_rows_alone():
    """Another table says why not, in words; every pair stands once."""
    frame = agreements([one(), one("B", "kmeans-3"), one("C", fingerprint="0" * 64)])
    assert frame[["first", "second"]].to_numpy().tolist() == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert frame["because"].eq("").tolist() == [True, False, False]
    assert frame["adjusted_rand"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_bars_of_a_run_lie_end_to_end(mode):
    """Each starts where the one before ends; a hostile name stays text."""
    frame = sizes([one(), one("B", "dbscan-1")]).assign(name="<a href=x>y</a>")
    figure = size_bars(frame, {"A": "A", "B": made.HOSTILE}, mode=mode)
    for row in (0, 1):
        parts = [trace for trace in figure.data if trace.y[0] == row]
        ends = np.cumsum([trace.x[0] for trace in parts])
        np.testing.assert_allclose([trace.base[0] for trace in parts], [0, *ends[:-1]])
        assert ends[-1] == pytest.approx(1)
    assert "<a" not in figure.to_json() and size_bars_height(5) >= 280
    assert len(size_bars(frame.iloc[:0], {}, mode=mode).data) <= 1


def test_the_page_part_needs_two_runs_and_bears_hostile_files():
    """Nothing for one; for two every id once, and no control mark in the words."""
    assert beside([one()], mode="light", narrow=False) == []
    drawn = beside([one(file=made.HOSTILE), one("B", "kmeans-3")], mode="dark", narrow=True)
    assert "\u202e" not in made.words(drawn) and len(made.known(drawn)) == len(set(made.known(drawn)))


def test_what_a_run_has_not_is_a_dash_and_more_than_three_runs_have_the_whole_width():
    """An empty cell looks as if it had not been looked at; five columns of scores have no room in half a page."""
    lines = Plan(recipe=Recipe(answers={ORDERS: OrderPlan(mapping={"customer": "who"}).to_json()}))
    for letters, room in (("AB", "sa-col-6"), ("ABCDE", "sa-col-12")):
        drawn = beside([one(letter, plan=Plan() if letter == "A" else lines) for letter in letters], mode="light", narrow=False)
        cells = [made.words(cell) for cell in made.of(drawn, html.Td) if "sa-wrap" in str(cell.className)]
        assert numbers.NOTHING in cells and "" not in cells
        assert [getattr(part, "className", "") for part in drawn[1].children][1:3] == [room, room]


def test_a_summary_is_what_the_comparison_says():
    """Of the recommended candidate; without one, of none."""
    told = summary(made.comparison())
    assert (told.key, told.segments, told.silhouette, told.rows, told.candidates, told.tried) == ("kmeans-2", 2, 0.5, 12, 4, 5)
    assert told.stability == pytest.approx(0.9) and told.smallest == pytest.approx(4 / 12) and told.placed == 1.0
    assert summary(made.comparison(recommended=None)).key == ""
