"""Laws of the tab Rule: a rule with its worth and its base, in words and as SQL that can be copied."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dash import html

from core.explainers.rules import NO_RULE, rules
from dashboard.components.atlas_rule import f1, tab, visible
from tests.dashboard import made, made_atlas


def whole(**changes):
    """The twelve customers with the rules of their segments; ``changes`` are those of the first rule."""
    bare = made_atlas.segmentation()
    frame = rules(made.table(), {}, bare.candidate.labels, seed=0)
    for name, value in changes.items():
        frame.loc[0, name] = value
    return replace(bare, rules=frame, whole=True)


def test_a_rule_is_told_with_its_worth_and_its_base():
    """Words, a chip for each condition, coverage and precision with their base, and how many it finds."""
    of = whole(coverage=0.912, precision=0.25, held_out=600)
    shown = tab(made_atlas.looked(of), 1)
    words = made.words(shown)
    assert of.rules["words"][0] in words and "91.2%" in words and "25%" in words
    assert "600 customers held out" in words and "the segment has 6" in words
    chips = [one for one in made.of(shown, html.Li) if one.className == "sa-chip"]
    assert len(chips) >= 1 and len(made.of(shown, html.Strong)) >= 3


def test_the_sql_can_be_copied_by_keyboard_and_downloaded():
    """A real button that names the text, the text reachable by keyboard, and the file of all rules."""
    of = whole()
    shown = tab(made_atlas.looked(of), 2)
    (button,), (code,), (box,) = made.of(shown, html.Button), made.of(shown, html.Code), made.of(shown, html.Pre)
    told = button.to_plotly_json()["props"]
    assert told["data-sa-copy"] == code.id == "rule-sql-2" and told["type"] == "button"
    assert code.children == of.rules.set_index("segment").loc[2, "sql"] and box.tabIndex == 0
    hrefs = [one.href for one in made.of(shown, html.A)]
    assert f"/download/{made_atlas.RUN}/{made_atlas.KEY}/rules_sql" in hrefs


@pytest.mark.parametrize(("coverage", "precision", "poor"), [(0.5, 0.5, True), (0.6, 0.6, False), (0.0, 0.0, True), (1.0, 0.42, True)])
def test_a_poor_rule_says_so(coverage, precision, poor):
    """F1 under 0.6, on customers held out."""
    shown = made.words(tab(made_atlas.looked(whole(coverage=coverage, precision=precision)), 1))
    assert ("describes the segment poorly" in shown) == poor
    assert f1({"coverage": 1.0, "precision": 0.5}) == pytest.approx(2 / 3)


def test_a_segment_that_does_not_hold_carries_its_warning():
    """Wherever it appears; the third of the twelve has a stability of 0.3."""
    looked = made_atlas.looked(whole())
    assert "Do not target on this alone." in made.words(tab(looked, 3))
    assert "Do not target" not in made.words(tab(looked, 1))


def test_without_rules_the_tab_waits_or_says_that_there_is_none():
    """A skeleton while a job works, words where none does, and a sentence where no column tells anything."""
    assert "worked out" in made.words(tab(made_atlas.looked(waiting=True), 1))
    assert "no rule" in made.words(tab(made_atlas.looked(), 1))
    nothing = whole(words=NO_RULE, conditions="[]", sql="SELECT * FROM customers\nWHERE 1 = 0;")
    words = made.words(tab(made_atlas.looked(nothing), 1))
    assert NO_RULE in words and "Coverage" not in words and "1 = 0" in words


def test_every_kind_of_condition_is_a_short_chip():
    """Ranges, lists and gaps; names from the data lose what would turn them round."""
    conditions = (
        '[{"column": "x\u202e", "op": "between", "values": [1, 2.5]}, {"column": "y", "op": "not in", "values": ["a", "b"]}, '
        '{"column": "z", "op": "is null", "values": []}, {"column": "w", "op": "<", "values": ["2024-01-01"]}, '
        '{"column": "v", "op": ">=", "values": [12000]}, {"column": "u", "op": "in", "values": ["c"]}]'
    )
    shown = tab(made_atlas.looked(whole(conditions=conditions)), 1)
    chips = [one.children for one in made.of(shown, html.Li) if one.className == "sa-chip"]
    assert chips == ["1 ≤ x < 2.5", "y ≠ a, b", "z empty", "w < 2024-01-01", "v ≥ 12,000", "u = c"]


def test_sql_with_characters_that_do_not_show_is_not_offered_for_copying():
    """What is shown is safe, what is copied would be wrong: the file has it."""
    sql = 'SELECT * FROM customers\nWHERE "a\u202eb" = 1\n  AND "c  d" = 2;'
    assert visible(sql) == 'SELECT * FROM customers\nWHERE "a b" = 1\n  AND "c  d" = 2;'
    shown = tab(made_atlas.looked(whole(sql=sql)), 1)
    assert made.of(shown, html.Button) == [] and "do not show" in made.words(shown)
    assert np.all([one.href for one in made.of(shown, html.A)])
