"""Laws of the arguments for a number of segments: each is drawn where there is one, none invents a vote."""

from __future__ import annotations

from dataclasses import replace

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
import pytest
from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.metrics import METRICS
from core.model import Score
from dashboard.components.choosing import choosing, reach_card, tree_card, voted
from dashboard.components.forms import dom_id
from tests.dashboard import argued, made


def graphs(shown):
    return {dom_id(one.id): one for one in made.of(shown, dcc.Graph)}


def notes(graph):
    return " ".join(note.text for note in graph.figure.layout.annotations)


def test_every_argument_there_is_is_drawn():
    """Separation, stability, gap and elbow in front; every metric with a direction that somebody has, folded away."""
    shown = graphs(choosing(made.comparison(), mode="light"))
    assert {"silhouette-curve", "stability-boxes", "gap-curve", "elbow"} <= set(shown)
    assert "information-curve" not in shown


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_figure_has_a_table_of_its_numbers(mode):
    """Whoever cannot see it can read it."""
    shown = choosing(made.comparison(), mode=mode)
    figures = made.of(shown, html.Figure)
    assert len(figures) >= 4
    assert all(len(made.of(one, html.Tbody)) == 1 and made.of(one, html.Td) for one in figures)


def test_an_older_comparison_without_evidence_still_draws():
    """Before evidence was kept there were scores alone: what follows from them is drawn, nothing else."""
    plain = tuple(replace(one, stability=(), trust={}) for one in made.comparison().candidates)
    shown = choosing(made.comparison(candidates=plain, evidence={}), mode="light")
    assert {"silhouette-curve", "elbow"} <= set(graphs(shown))
    assert not {"gap-curve", "stability-boxes"} & set(graphs(shown)) and "Votes" not in made.words(shown)


def test_empty_evidence_draws_nothing_of_its_own():
    """A frame without rows is no argument."""
    none = {name: frame.iloc[:0] for name, frame in made.comparison().evidence.items()}
    comparison = made.comparison(evidence=none)
    shown = choosing(comparison, mode="light")
    assert "gap-curve" not in graphs(shown) and "Votes" not in made.words(shown)
    chosen = comparison.candidate("kmeans-2")
    assert tree_card(comparison, chosen, mode="light") == reach_card(comparison, chosen, mode="light") == []


def test_without_a_recommendation_nothing_is_marked_as_recommended():
    """The limits allow none: the arguments are still there to judge by."""
    shown = graphs(choosing(made.comparison(recommended=None), mode="light"))
    assert "silhouette-curve" in shown
    assert not any("recommended" in notes(one) for one in shown.values())
    marked = graphs(choosing(made.comparison(), mode="light"))
    assert "recommended" in notes(marked["silhouette-curve"]) and "recommended" in notes(marked["stability-boxes"])


def votes_of(shown):
    """Row heading to the numbers that carry a mark; the sums under "Votes"."""
    (table,) = [one for one in made.of(shown, html.Table) if "sa-votes" in one.className]
    numbers = [made.words(one) for one in made.of(made.of(table, html.Thead), html.Th)[1:-1]]
    rows = {made.words(row.children[0]): row.children[1:-1] for row in made.of(made.of(table, html.Tbody), html.Tr)}
    total = made.of(made.of(table, html.Tfoot), html.Td)[:-1]
    marked = {head: [k for k, cell in zip(numbers, cells, strict=True) if made.of(cell, html.Span)] for head, cells in rows.items()}
    return marked, dict(zip(numbers, (made.words(one) for one in total), strict=True))


def test_votes_stand_where_they_were_given_and_are_counted():
    """Two for 3, one for 2, none for 4; who does not vote has no mark, yet a row with a reason."""
    marked, total = votes_of(choosing(made.comparison(), mode="light"))
    assert marked == {
        "Bend of the spread": ["3"],
        "Separation": ["2"],
        "Gap statistic": ["3"],
        "Largest jump in the tree": [],
    }
    assert total == {"2": "1", "3": "2", "4": "0"}
    assert "no jump stands out" in made.words(choosing(made.comparison(), mode="light"))


def test_a_vote_outside_the_tried_range_is_told_but_not_marked():
    """A gap may vote for one segment; the table has no such column."""
    votes = argued.votes().assign(k=[1.0, 30.0, np.nan, np.nan])
    marked, total = votes_of(choosing(made.comparison(evidence={"votes": votes}), mode="light"))
    assert not any(marked.values()) and set(total.values()) == {"0"}


@pytest.mark.parametrize(("criterion", "k"), [("bend", 3), ("silhouette", 2), ("tree", None), ("nobody", None)])
def test_the_vote_of_a_criterion(criterion, k):
    """None where it has none, is not there, or no votes were counted."""
    assert voted(made.comparison(), criterion) == k
    assert voted(made.comparison(evidence={}), criterion) is None


def test_every_metric_with_a_direction_is_drawn_with_its_vote():
    """All but those drawn in front; a metric that nobody has is left out."""
    scored = tuple(
        replace(one, scores=one.scores + tuple(Score(m, 1.0) for m in METRICS if one.score(m).value is None))
        for one in made.comparison().candidates
    )
    shown = graphs(choosing(made.comparison(candidates=scored), mode="light"))
    kinds = {dom_id({"type": "criterion", "index": m.name}) for m in METRICS.values()
             if m.better and m.name not in ("silhouette", "share_placed")}  # fmt: skip
    assert kinds <= set(shown)
    none = set(graphs(choosing(made.comparison(), mode="light")))
    assert {one for one in none if "criterion" in one} < kinds


def test_information_criteria_are_drawn_where_a_fit_knows_them():
    """BIC and AIC of each number of segments, one line each."""
    facts = ({"bic": 10.0, "aic": 8.0}, {"bic": 12.0, "aic": 9.0})
    two = tuple(
        made.candidate(f"gmm-{k}", labels, 0.5, facts=fact)
        for k, labels, fact in zip((2, 3), (made.SIX + [2] * 6, made.SIX + made.FOUR + made.TWO), facts, strict=True)
    )
    drawn = graphs(choosing(made.comparison(candidates=two, recommended="gmm-2"), mode="light"))["information-curve"]
    assert sorted(sorted(trace.y) for trace in drawn.figure.data if trace.mode != "markers")[:2] == [[8.0, 9.0], [10.0, 12.0]]


@pytest.mark.parametrize("key", ["kmeans-2", "kmeans-3", "ward-2", "dbscan-1"])
def test_the_tree_is_cut_where_the_looked_at_candidate_has_its_segments(key):
    """Its number of segments on the line, in the heading and in the field."""
    comparison = made.comparison()
    one = comparison.candidate(key)
    shown = tree_card(comparison, one, mode="light")
    (cut,) = made.of(shown, dbc.Input)
    assert (cut.value, cut.min, cut.max) == (one.n_segments, 2, 3)
    assert f"cut at {one.n_segments} segments" in made.words(shown)
    (graph,) = made.of(shown, dcc.Graph)
    (line,) = graph.figure.layout.shapes[:1]
    assert {2: 2.0, 3: 0.5}[one.n_segments] == pytest.approx((line.y0 + line.y1) / 2)
    assert graph.config["edits"] == {"shapePosition": True}


def test_more_segments_than_branches_cut_every_branch():
    """The tree shows 30 branches at most; a candidate with more does not break it."""
    comparison = made.comparison()
    many = made.candidate("kmeans-12", list(range(1, 13)))
    (cut,) = made.of(tree_card(comparison, many, mode="light"), dbc.Input)
    assert cut.value == cut.max == 3


def test_the_reach_stands_at_what_was_used_else_at_the_bend():
    """DBSCAN's own eps when it is known; the line, the field and the words agree."""
    comparison = made.comparison()
    for one, eps in ((comparison.candidate("dbscan-1"), 0.5), (comparison.candidate("ward-2"), argued.KNEE)):
        shown = reach_card(comparison, one, mode="light")
        (field,) = made.of(shown, dbc.Input)
        (graph,) = made.of(shown, dcc.Graph)
        line = graph.figure.layout.shapes[0]
        assert field.value == eps == pytest.approx((line.y0 + line.y1) / 2)
        assert f"{argued.KNEE:.4g}" in made.words(shown)


def test_hostile_words_in_votes_are_harmless():
    """Labels and reasons pass through the label function."""
    votes = pd.DataFrame({"criterion": ["x"], "label": [made.HOSTILE], "k": [2.0], "because": [made.HOSTILE]})
    told = made.words(choosing(made.comparison(evidence={"votes": votes}), mode="light"))
    assert "\u202e" not in told and "\x00" not in told


def test_any_algorithm_alone_can_be_argued_about():
    """One line, one vote, no error, whichever it is."""
    for name in ALGORITHMS:
        alone = made.candidate(f"{name}-2", made.SIX + [2] * 6, 0.5, stability=(0.5,))
        comparison = made.comparison(candidates=(alone,), recommended=alone.key)
        assert {"silhouette-curve", "stability-boxes"} <= set(graphs(choosing(comparison, mode="light")))
