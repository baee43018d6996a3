"""Laws of the board: the recommended first, every candidate told, no score without a reason, links that keep the run."""

from __future__ import annotations

from dataclasses import replace

import pytest
from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.metrics import METRICS
from core.model import Score
from dashboard.address import Address
from dashboard.components.board import board, choices_for_k, curve_frame, leaders, ranked
from tests.dashboard import made

HERE = Address("d", "r")


def keys(candidates):
    return [one.key for one in candidates]


def test_the_recommended_comes_first_then_the_best_separated_then_those_without_a_score():
    """Those without segments are last; nothing is left away."""
    comparison = made.comparison()
    assert keys(ranked(comparison)) == ["kmeans-2", "kmeans-3", "ward-2", "dbscan-1", "gmm-2"]


def test_a_negative_separation_ranks_below_zero_and_above_none():
    """-0.2 is a measured value, no value is not; zero is neither missing nor best."""
    three = (
        made.candidate("dbscan-1", made.SIX + made.FOUR + [-1] * 2),
        made.candidate("ward-2", made.SIX + [2] * 6, -0.2),
        made.candidate("kmeans-2", made.SIX + [2] * 6, 0.0),
    )
    assert keys(ranked(made.comparison(candidates=three, recommended=None))) == ["kmeans-2", "ward-2", "dbscan-1"]


def test_equal_candidates_keep_their_order():
    """Ranking is stable, so that the same comparison always reads the same."""
    twins = tuple(made.candidate(key, made.SIX + [2] * 6, 0.5) for key in ("ward-2", "kmeans-2", "gmm-2"))
    assert keys(ranked(made.comparison(candidates=twins, recommended=None))) == ["ward-2", "kmeans-2", "gmm-2"]


def test_each_algorithm_has_one_leader_and_the_recommended_leads_its_own():
    """K-means with 3 is better separated, yet the recommended K-means with 2 stands for it; gmm has no segments."""
    assert keys(leaders(made.comparison())) == ["kmeans-2", "ward-2", "dbscan-1"]


def test_one_segment_is_no_segmentation_to_lead_with():
    """A single crowd says nothing about groups."""
    alone = made.candidate("dbscan-1", [1] * 12)
    assert leaders(made.comparison(candidates=(alone,), recommended=None)) == []


def test_curves_have_a_point_for_each_candidate_with_segments():
    """In the order of the plan's algorithms, then by number of segments; scores as they are."""
    frame = curve_frame(made.comparison())
    assert list(zip(frame["algorithm"], frame["k"], strict=True)) == [
        ("kmeans", 2), ("kmeans", 3), ("ward", 2), ("dbscan", 2)
    ]  # fmt: skip
    assert frame["silhouette"].tolist()[:3] == [0.5, 0.7, 0.6] and frame["silhouette"].isna().tolist()[3]
    assert frame["inertia"].tolist()[:2] == [100.0, 40.0]
    assert frame["name"].tolist() == ["Kmeans", "Kmeans", "Ward", "Dbscan"]


@pytest.mark.parametrize("scores", [(0.1, 0.3, None), (None, 0.3, 0.1), (0.3, None, 0.1)])
def test_of_equal_algorithm_and_number_the_better_is_drawn(scores):
    """DBSCAN may find two segments with several settings: one point, the best one."""
    several = tuple(
        made.candidate(f"dbscan-{n}", made.SIX + made.FOUR + [-1] * 2, score) for n, score in enumerate(scores)
    )
    frame = curve_frame(made.comparison(candidates=several, recommended=None))
    assert frame["silhouette"].tolist() == [0.3]


def test_curves_of_nothing_are_an_empty_frame_with_its_columns():
    """No candidate with segments draws an empty chart, not an error."""
    frame = curve_frame(made.comparison(candidates=made.comparison().candidates[:1], recommended=None))
    assert frame.empty and list(frame.columns) == ["algorithm", "name", "k", "silhouette", "inertia"]


def test_the_strip_has_every_number_of_the_plan_and_its_best_candidate():
    """2 is the recommended one, 3 the only one, 4 has none and leads nowhere."""
    two, three, four = choices_for_k(made.comparison(), HERE)
    assert (two.k, two.value, two.best) == (2, 0.5, True)
    assert two.href == "/atlas?dataset=d&run=r&choice=kmeans-2"
    assert (three.k, three.value, three.note, three.best) == (3, 0.7, "Kmeans", False)
    assert (four.k, four.value, four.note, four.href) == (4, None, "none", "")


def test_without_the_recommended_the_best_separated_stands_for_its_number():
    """Ward with 0.6 beats K-means with 0.5 at two segments once nothing is recommended."""
    two = choices_for_k(made.comparison(recommended=None), HERE)[0]
    assert (two.note, two.value, two.best) == ("Ward", 0.6, False)


def test_every_candidate_has_a_row_and_only_those_with_segments_a_link():
    """Nobody opens a map of nothing; the links keep dataset and run."""
    made_board = board(made.comparison(), HERE)
    rows = made.of(made.of(made_board, html.Tbody), html.Tr)
    assert len(rows) == 5
    links = [link.href for link in made.of(made_board, dcc.Link)]
    assert links == [f"/atlas?dataset=d&run=r&choice={key}" for key in ("kmeans-2", "kmeans-3", "ward-2", "dbscan-1")]
    assert [row.className for row in rows if getattr(row, "className", "")] == ["is-chosen"]
    assert "Recommended" in made.words(rows[0]) and "Recommended" not in made.words(rows[1:])


def test_every_row_is_as_wide_as_the_head():
    """A candidate without segments says so across the whole row."""
    made_board = board(made.comparison(), HERE)
    width = len(made.of(made.of(made_board, html.Thead), html.Th))
    assert width == len(METRICS) + 3
    for row in made.of(made.of(made_board, html.Tbody), html.Tr):
        assert sum(int(getattr(cell, "colSpan", 1) or 1) for cell in row.children) == width
    assert "It did not settle." in made.words(made_board)


def test_a_score_that_does_not_apply_says_why():
    """A dash alone explains nothing; the reason is on the cell, and no score of any candidate lacks one."""
    rows = made.of(made.of(board(made.comparison(), HERE), html.Tbody), html.Tr)
    for row in rows[:4]:
        for cell in row.children[2:-1]:
            assert (cell.children == "–") == bool(getattr(cell, "title", "")), cell
    assert "because of a test" in rows[3].children[2].title


def test_scores_are_written_in_the_form_of_their_metric():
    """The format belongs to the catalogue, the board adds nothing."""
    full = tuple(Score(name, 0.5) for name in METRICS)
    one = replace(made.candidate("kmeans-2", made.SIX + [2] * 6), scores=full)
    (row,) = made.of(made.of(board(made.comparison(candidates=(one,)), HERE), html.Tbody), html.Tr)
    assert [cell.children for cell in row.children[2:-1]] == [format(0.5, metric.format) for metric in METRICS.values()]


def test_every_metric_is_explained():
    """A head of the board that nobody understands is no help."""
    asked = made.of(board(made.comparison(), HERE), html.Summary)
    assert [one.children for one in asked] == [f"{metric.label}?" for metric in METRICS.values()]


def test_hostile_words_are_harmless():
    """Labels, problems and reasons pass through the label function."""
    bad = (
        replace(made.candidate("kmeans-2", made.SIX + [2] * 6), label=made.HOSTILE,
                scores=(Score("silhouette", None, made.HOSTILE),)),
        replace(made.comparison().candidates[0], label=made.HOSTILE, problem=made.HOSTILE),
    )  # fmt: skip
    shown = board(made.comparison(candidates=bad), HERE)
    told = made.words(shown) + "".join(str(getattr(item, "title", "")) for item in made.walk(shown))
    assert "\u202e" not in told and "\x00" not in told


def test_the_plan_of_every_algorithm_there_is_can_be_drawn():
    """The order of curves knows each name of the catalogue."""
    several = tuple(made.candidate(f"{name}-2", made.SIX + [2] * 6, 0.5) for name in ALGORITHMS)
    frame = curve_frame(made.comparison(candidates=several[::-1], recommended=None))
    assert frame["algorithm"].tolist() == list(made.comparison().plan.algorithms)
