"""Laws of the board: the recommended first, every candidate told, no score without a reason, links that keep the run."""

from __future__ import annotations

from dataclasses import replace

import dash_bootstrap_components as dbc
import pytest
from dash import dcc, html

from core.algorithms import ALGORITHMS
from core.metrics import METRICS
from core.model import Limits, Score
from dashboard.address import Address
from dashboard.components.board import (
    ANY,
    RANK,
    best_at,
    board,
    choices_for_k,
    curve_frame,
    leaders,
    ordered,
    ranked,
    words,
)
from tests.dashboard import made

HERE = Address("d", "r")
SCORES = slice(3, 3 + len(METRICS))


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
    assert frame["name"].tolist() == [ALGORITHMS[name].label for name in frame["algorithm"]]


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
    assert frame.empty and list(frame.columns) == ["algorithm", "name", "k", *METRICS]


def test_the_strip_has_every_number_of_the_plan_and_its_best_candidate():
    """2 is the recommended one, 3 the only one, 4 has none and leads nowhere."""
    comparison = made.comparison()
    two, three, four = choices_for_k(comparison, chosen=comparison.candidate("kmeans-3"))
    assert (two.k, two.value, two.note, two.press) == (2, 0.5, ALGORITHMS["kmeans"].label, True)
    assert (three.k, three.value, three.press) == (3, 0.7, True)
    assert (four.k, four.value, four.note, four.press) == (4, None, "none", False)
    assert [place.best for place in (two, three, four)] == [True, False, False]
    assert [place.chosen for place in (two, three, four)] == [False, True, False]


def test_the_strip_of_one_algorithm_has_its_own_best_only():
    """Ward has two segments; nothing is borrowed from another algorithm for the others."""
    places = choices_for_k(made.comparison(), algorithm="ward")
    assert [(place.k, place.value, place.press) for place in places] == [(2, 0.6, True), (3, None, False), (4, None, False)]
    assert not any(place.best or place.chosen for place in places)


def test_without_the_recommended_the_best_separated_stands_for_its_number():
    """Ward with 0.6 beats K-means with 0.5 at two segments once nothing is recommended."""
    two = choices_for_k(made.comparison(recommended=None))[0]
    assert (two.note, two.value, two.best) == (ALGORITHMS["ward"].label, 0.6, False)


def test_a_candidate_that_leaves_many_out_is_not_ranked_by_the_rest():
    """Separated at 0.9, but with half the customers placed it is worth 0.45: less than 0.5 of everyone."""
    picky = made.candidate("dbscan-1", [1] * 3 + [2] * 3 + [-1] * 6, 0.9)
    whole = made.candidate("ward-2", made.SIX + [2] * 6, 0.5)
    assert keys(ranked(made.comparison(candidates=(picky, whole), recommended=None))) == ["ward-2", "dbscan-1"]


def test_a_giant_with_crumbs_stands_for_no_number_that_others_fill():
    """Better separated, it leads the board's ranking; the strip and the leaders take the one without crumbs."""
    giant = made.candidate("ward-2", [1] * 199 + [2], 0.9)
    filled = made.candidate("kmeans-2", [1] * 100 + [2] * 100, 0.4)
    comparison = made.comparison(candidates=(_measured(giant), _measured(filled)), recommended=None)
    assert keys(ranked(comparison)) == ["ward-2", "kmeans-2"]
    assert best_at(comparison, k=2).key == "kmeans-2"
    assert keys(leaders(comparison)) == ["kmeans-2", "ward-2"]


def test_what_breaks_the_limits_of_the_business_stands_for_no_number():
    """Four of twelve are too few where a segment needs five."""
    limited = replace(made.comparison().plan, limits=Limits(min_customers=5))
    uneven = made.candidate("kmeans-2", [1] * 8 + [2] * 4, 0.9)
    even = made.candidate("ward-2", made.SIX + [2] * 6, 0.4)
    comparison = made.comparison(candidates=(_measured(uneven), _measured(even)), recommended=None, plan=limited)
    assert best_at(comparison, k=2).key == "ward-2"


def _measured(one):
    """With the size of its smallest segment as a score."""
    return replace(one, scores=(*one.scores, Score("smallest_segment", float(min(one.sizes.values())))))


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ({}, "kmeans-2"),
        ({"k": 2}, "kmeans-2"),
        ({"k": 3}, "kmeans-3"),
        ({"algorithm": "ward"}, "ward-2"),
        ({"algorithm": "kmeans", "k": 3}, "kmeans-3"),
        ({"algorithm": "ward", "k": 3}, None),
        ({"algorithm": "gmm"}, None),
        ({"algorithm": "nobody"}, None),
        ({"k": -1}, None),
        ({"k": 99}, None),
    ],
)
def test_the_best_of_what_is_asked_for_or_none(asked, key):
    """The first in rank that has segments and fits; never another one instead."""
    found = best_at(made.comparison(), **asked)
    assert (found.key if found else None) == key


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
    assert width == len(METRICS) + 5
    for row in made.of(made.of(made_board, html.Tbody), html.Tr):
        assert sum(int(getattr(cell, "colSpan", 1) or 1) for cell in row.children) == width
    assert "It did not settle." in made.words(made_board)


def test_a_score_that_does_not_apply_says_why():
    """A dash alone explains nothing; the reason is on the cell, and no score of any candidate lacks one."""
    rows = made.of(made.of(board(made.comparison(), HERE), html.Tbody), html.Tr)
    for row in rows[:4]:
        for cell in row.children[SCORES]:
            assert (cell.children == "–") == bool(getattr(cell, "title", "")), cell
    assert "because of a test" in rows[3].children[SCORES][list(METRICS).index("silhouette")].title


def test_scores_are_written_in_the_form_of_their_metric():
    """The format belongs to the catalogue, the board adds nothing."""
    full = tuple(Score(name, 0.5) for name in METRICS)
    one = replace(made.candidate("kmeans-2", made.SIX + [2] * 6), scores=full)
    (row,) = made.of(made.of(board(made.comparison(candidates=(one,)), HERE), html.Tbody), html.Tr)
    assert [cell.children for cell in row.children[SCORES]] == [format(0.5, metric.format) for metric in METRICS.values()]


def test_every_metric_is_explained():
    """A head of the board that nobody understands is no help."""
    asked = [one.children for one in made.of(words(), html.Summary)]
    assert asked == [*(f"{metric.label}?" for metric in METRICS.values()), "Stability?"]


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
    drawn = frame["algorithm"].tolist()
    assert sorted(drawn) == sorted(ALGORITHMS)
    assert drawn[: len(made.comparison().plan.algorithms)] == list(made.comparison().plan.algorithms)


def value(one, column):
    """What the board shows of a candidate in this column, read without the board."""
    own = {"segments": len([s for s in one.sizes if s > 0]), "seconds": one.seconds,
           "stability": sum(one.stability) / len(one.stability) if one.stability else None}  # fmt: skip
    found = own[column] if column in own else one.score(column).value
    return None if one.problem else found


@pytest.mark.parametrize("falling", [True, False])
@pytest.mark.parametrize("column", ["segments", "stability", "seconds", *METRICS])
def test_the_board_sorts_by_every_column_both_ways(column, falling):
    """Values in order, candidates without one after them, nothing lost; equal ones keep the order of rank."""
    comparison = made.comparison()
    by_rank = keys(ranked(comparison))
    found = ordered(comparison, order=column, falling=falling)
    assert sorted(keys(found)) == sorted(by_rank)
    values = [value(one, column) for one in found]
    known = [one for one in values if one is not None]
    assert values[: len(known)] == sorted(known, reverse=falling)
    for first, second in zip(found, found[1:], strict=False):
        if value(first, column) == value(second, column):
            assert by_rank.index(first.key) < by_rank.index(second.key)


@pytest.mark.parametrize("order", [RANK, "", "nobody", "__class__", "score"])
def test_an_unknown_column_sorts_by_rank(order):
    """Whatever is asked for, there is a board."""
    assert keys(ordered(made.comparison(), order=order, falling=False)) == keys(ranked(made.comparison()))


def test_the_sorted_column_says_so_to_a_screen_reader_and_to_the_eye():
    """One head has a direction; all others have none; each is a button of its own."""
    for falling, word, mark in ((True, "descending", "\u2193"), (False, "ascending", "\u2191")):
        heads = made.of(made.of(board(made.comparison(), HERE, order="silhouette", falling=falling), html.Thead), html.Th)
        said = {one.children.id["index"]: getattr(one, "aria-sort") for one in heads[2:]}  # noqa: B009
        assert said.pop("silhouette") == word and set(said.values()) == {"none"}
        assert mark in made.words(heads)


def ticks(shown):
    return {one.id["index"]: one.value for one in made.of(shown, dbc.Checkbox)}


def test_candidates_with_segments_can_be_ticked_and_those_picked_are():
    """A tick carries the candidate's key and its name for a screen reader."""
    shown = board(made.comparison(), HERE, picks=("ward-2", "kmeans-3", "gmm-2", "nobody"))
    assert ticks(shown) == {"kmeans-2": False, "kmeans-3": True, "ward-2": True, "dbscan-1": False}
    assert all(one.label for one in made.of(shown, dbc.Checkbox))


def test_one_algorithm_can_be_shown_alone():
    """The others are left out, the order among the shown stays; an unknown one shows an empty board."""
    shown = board(made.comparison(), HERE, algorithm="kmeans", order="segments", falling=True)
    assert list(ticks(shown)) == ["kmeans-3", "kmeans-2"]
    assert ticks(board(made.comparison(), HERE, algorithm=ANY)) == ticks(board(made.comparison(), HERE))
    assert ticks(board(made.comparison(), HERE, algorithm="nobody")) == {}


def test_stability_is_told_with_its_spread_or_with_the_reason_why_not():
    """The mean of 0.8 and 1.0 with both ends; where none was measured a dash with words."""
    rows = made.of(made.of(board(made.comparison(), HERE), html.Tbody), html.Tr)
    told = {made.words(row.children[1]).split(",")[0] + str(at): row.children[-2] for at, row in enumerate(rows[:4])}
    assert (told["Kmeans0"].children, told["Kmeans0"].title) == ("0.90", "0.80 to 1.00 over 2 resamples")
    assert told["Ward2"].children == "–" and "best of each algorithm" in told["Ward2"].title
