"""Personas: every number, name and judging word of a sentence stands on a cell, and the rules about actions are kept."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadRequest
from core.model import NOISE, Kind, Plan, Recipe, Role, Segmentation
from core.personas import Cell, Claim, Label, check, persona, personas
from core.personas.facts import Facts
from core.personas.rules import RULES
from core.personas.said import Said, say
from core.selection import CAUTION
from tests.core.personified import segmentation_of, simple, table_of

NAMES = ["Income (k$)", "Q4 2023", "x", "<b>1</b>", "spent", "A_b C", "recency", "größe", "high", "12"]
UNITS = ["", "EUR", "m2", "years"]


@st.composite
def segmentations(draw) -> Segmentation:
    """A random table of numbers, flags and categories, with gaps, under random labels with and without noise."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, k = draw(st.integers(4, 80)), draw(st.integers(1, 4))
    labels = np.concatenate([np.arange(1, k + 1), rng.integers(1, k + 1, n)]).astype(np.int16)
    if draw(st.booleans()):
        labels[rng.random(len(labels)) < 0.2] = NOISE
        labels[:k] = np.arange(1, k + 1)
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    cells, kinds, units = {}, {}, {}
    for name in names:
        kinds[name] = draw(st.sampled_from([Kind.NUMBER, Kind.FLAG, Kind.CATEGORY]))
        units[name] = draw(st.sampled_from(UNITS)) if kinds[name] is Kind.NUMBER else ""
        cells[name] = column(rng, kinds[name], labels * draw(st.sampled_from([0.0, 0.5, 3.0])))
    roles = {name: draw(st.sampled_from([Role.FEATURE, Role.FEATURE, Role.PROFILE, Role.OUTCOME])) for name in names}
    trust = {int(one): float(rng.random()) for one in np.unique(labels) if one > 0} if draw(st.booleans()) else {}
    table = table_of(pd.DataFrame(cells), kinds, units, roles)
    recipe = Recipe(money=draw(st.sampled_from([None, "", names[0]])))
    verdict = draw(st.sampled_from(["", "natural", "reproducible", "constructive", "none"]))
    return segmentation_of(table, labels, trust=trust, resamples=draw(st.sampled_from([0, 50])), verdict=verdict,
                           plan=Plan(recipe=recipe))  # fmt: skip


def column(rng: np.random.Generator, kind: Kind, shift: np.ndarray) -> pd.Series:
    """Cells of a kind that depend on the segment as far as ``shift`` does; a tenth of them empty."""
    empty = rng.random(len(shift)) < 0.1
    if kind is Kind.CATEGORY:
        values = [f"level {int(one)}" for one in shift + rng.integers(0, 2, len(shift))]
        return pd.Series([None if gap else value for gap, value in zip(empty, values, strict=True)], dtype=object)
    values = rng.normal(size=len(shift)) + shift
    values = (values > 1).astype(float) if kind is Kind.FLAG else values * 10.0 ** rng.integers(-3, 7)
    return pd.Series(np.where(empty, np.nan, values))


@settings(max_examples=40, deadline=None)
@given(segmentations())
def test_every_number_of_a_persona_is_a_cell(made: Segmentation) -> None:
    """The checker, which reads the text and looks everything up anew, finds nothing; there are always three sentences."""
    told = personas(made)
    assert [one.segment for one in told] == sorted(one for one in made.candidate.sizes if one != NOISE)
    for one in told:
        assert check(one, made) == ()
        assert len(one.sentences) == 3
        assert 1 <= len(one.actions) <= 2
        assert {word for word, _ in one.actions} <= {"retain", "grow", "win back", "thank", "test"}
    names = [one.name for one in told]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 60 for name in names)


@settings(max_examples=40, deadline=None)
@given(segmentations(), st.integers(0, 10**6), st.integers(1, 9))
def test_a_tampered_digit_never_passes(made: Segmentation, pick: int, more: int) -> None:
    """One digit of one declared number is changed, wherever it stands: the checker says so."""
    one = personas(made)[0]
    places = [(at, q.start + i) for at, said in enumerate(one.sentences) for q in said.quotes if isinstance(q.of, Cell)
              for i, mark in enumerate(said.text[q.start : q.stop]) if mark.isdigit()]  # fmt: skip
    at, place = places[pick % len(places)]
    said = one.sentences[at]
    other = str((int(said.text[place]) + more) % 10)
    tampered = replace(said, text=said.text[:place] + other + said.text[place + 1 :])
    sentences = (*one.sentences[:at], tampered, *one.sentences[at + 1 :])
    assert check(replace(one, sentences=sentences), made)


def test_a_number_that_is_not_declared_is_found() -> None:
    """Digits, and adjectives, that stand on nothing are named; so is a name the data do not know."""
    made = simple()
    one = persona(made, 1)
    for text, found in (("They are 7 feet tall.", "'7'"), ("They are far above the others.", "far above"), ("Half are ½.", "½")):
        problems = check(replace(one, sentences=(Said(text),)), made)
        assert len(problems) == 1 and found in problems[0]
    stranger = say(str, "They like ", Label("unicorns 7"), ".")
    assert "no name in the data" in check(replace(one, sentences=(stranger,)), made)[0]
    assert "cut short" not in check(one, made)


@pytest.mark.parametrize("cell", [
    Cell("profile", 1, "Spent (EUR)", "nonsense"), Cell("profile", 9, "Spent (EUR)", "mean"), Cell("contrasts", 1, "nobody", "own"),
    Cell("elsewhere", 1, "", "size"), Cell("rules", 0, "no such rule", "value"), Cell("orders", 1, "", "revenue"),
])  # fmt: skip
def test_a_cell_that_there_is_not_founds_nothing(cell: Cell) -> None:
    """A number declared for an unknown frame, segment, column or figure is wrong, whatever it says."""
    made = simple()
    said = say(lambda _cell: "12", "There are ", cell, " of them.")
    assert "has no cell" in check(replace(persona(made, 1), sentences=(said,)), made)[0]


def test_a_right_number_for_the_wrong_segment_is_found() -> None:
    """The size of the other segment, written as this one's, does not pass."""
    made = simple()
    said = say(lambda _cell: "150", "There are ", Cell("candidate", 1, "", "size", "whole"), ".")
    assert "should be '50'" in check(replace(persona(made, 1), sentences=(said,)), made)[0]


def test_a_swapped_name_is_found() -> None:
    """A suggested name whose words belong to another segment's contrasts does not pass."""
    made = simple()
    first, second = personas(made)
    wrong = tuple(Claim(claim.word, 2, claim.caption) for claim in first.named_for)
    assert wrong
    assert len(check(replace(second, named_for=wrong), made)) == len(wrong)


def test_what_is_not_steady_is_not_told() -> None:
    """A large difference that comes out in eight resamples of ten is in no sentence and no name."""
    made = simple()
    shaky = made.contrasts.assign(steady=np.where(made.contrasts["column"] == "Spent (EUR)", 0.8, made.contrasts["steady"]))
    told = persona(replace(made, contrasts=shaky), 1)
    assert "others in Spent" not in " ".join(said.text for said in told.sentences)
    assert "spent" not in told.name.lower()
    assert "others in Spent" in " ".join(said.text for said in persona(made, 1).sentences)


def test_the_sentences_of_a_plain_segment() -> None:
    """Fifty of two hundred customers, 1,004 against 329 EUR on average: (50 x 1004 + 150 x 104) / 200 = 329."""
    told = persona(simple(), 1)
    who, beside, trust = (said.text for said in told.sentences)
    assert who.startswith("50 of 200 customers (25%) with 76.3% of all Spent (EUR); ")
    assert "they are far above the others in Spent (EUR): 1,004 EUR on average, 329 over all customers" in f"{who} {beside}"
    assert "city is Rome far more often than for the others: for 100% of them, 25% of all customers" in f"{who} {beside}".replace("City", "city")
    assert "noise" not in f"{who} {beside}"
    assert trust == "How far to trust this segment has not been measured yet."


def test_a_segment_that_is_like_everyone_says_so() -> None:
    """Where nothing differs no adjective is used, and the name says that it is close to average."""
    labels = np.tile(np.array([1, 2], dtype=np.int16), 40)
    frame = pd.DataFrame({"a": np.repeat(np.arange(40.0), 2)})
    made = segmentation_of(table_of(frame, {"a": Kind.NUMBER}, {}, {}), labels)
    first, second = personas(made)
    assert first.name == "Close to average"
    assert second.name == "Close to average (2)" or second.name.startswith("Close to average (")
    assert "in no column do they differ" in first.sentences[0].text
    assert first.sentences[1].text.startswith("No column tells them apart by 0.2 standard deviations")
    assert [word for word, _ in first.actions] == ["test"]


def test_trust_is_told_in_words_and_warned_of() -> None:
    """Hennig's words; under 0.60 every persona carries the caution, and a test comes before anything else."""
    made = simple(trust={1: 0.59, 2: 0.9}, resamples=50)
    weak, strong = personas(made)
    assert weak.warning == CAUTION and strong.warning == ""
    assert weak.sentences[2].text.endswith("(bootstrap Jaccard 0.59 of at most 1, over 50 resamples): do not target on this alone.")
    assert weak.actions[0][0] == "test"
    assert "0.59" in weak.actions[0][1].text
    assert weak.cautions[0].text.startswith("Do not target on this alone")
    assert "very stable (bootstrap Jaccard 0.9 of at most 1, over 50 resamples)" in strong.sentences[2].text
    assert check(weak, made) == check(strong, made) == ()


def test_the_words_of_trust_must_be_the_measured_ones() -> None:
    """A persona written under a trust of 0.9 does not pass once 0.7 is measured."""
    told = persona(simple(trust={1: 0.9, 2: 0.9}), 1)
    problems = check(told, simple(trust={1: 0.7, 2: 0.9}))
    assert any("how stable" in one for one in problems)
    assert any("should be '0.7'" in one for one in problems)


def test_cautions_name_what_is_not_to_be_concluded() -> None:
    """Few customers, what is like everyone, what columns cannot prove, and the span behind an average."""
    made = simple(80)
    texts = " ".join(said.text for said in persona(made, 1).cautions)
    assert "there are 20 customers, and under 30" in texts
    assert "the columns that made the segments differ between them in any data" in texts
    assert "Spent (EUR) runs from 1,000 to 1,008 EUR" in texts
    assert "Do not read anything into" in texts and "noise" in texts
    assert "under 30" not in " ".join(said.text for said in persona(simple(400), 1).cautions)


def test_outcomes_that_do_not_differ_are_named() -> None:
    """Only outcomes are, not columns of the profile, and not those that differ."""
    outcomes = pd.DataFrame({"column": ["bought", "left", "age"], "role": ["outcome", "outcome", "profile"],
                             "differs": [False, True, False]})  # fmt: skip
    made = simple(outcomes=outcomes)
    told = persona(made, 1)
    said = next(one.text for one in told.cautions if one.text.startswith("Do not pick a segment for"))
    assert "bought" in said and "left" not in said and "age" not in said
    assert check(told, made) == ()


def test_a_stored_run_without_differences_still_has_personas() -> None:
    """Nothing judges where nothing was measured, and the sentences still come."""
    made = replace(simple(), contrasts=pd.DataFrame())
    for one in personas(made):
        assert check(one, made) == ()
        assert not one.named_for
        assert len(one.sentences) == 3


def test_names_can_be_taken_as_they_are() -> None:
    """No suggestion is the present name of another segment, else it could not be taken."""
    made = simple()
    first = persona(made, 1).name
    taken = replace(made, candidate=replace(made.candidate, names={1: "One", 2: first}))
    assert persona(taken, 1).name != first
    assert persona(taken, 1).name.startswith(first[:20])


@pytest.mark.parametrize("segment", [0, 3, NOISE, -7])
def test_there_is_no_persona_of_nobody(segment: int) -> None:
    with pytest.raises(BadRequest):
        persona(simple(), segment)


def test_facts_are_the_cells_of_the_frames() -> None:
    """Facts, which build sentences, and the frames agree on every figure of every contrast."""
    made = simple()
    facts = Facts(made)
    for row in made.contrasts.to_dict("records"):
        for figure in ("own", "everyone", "effect"):
            assert facts.value(Cell("contrasts", row["segment"], row["caption"], figure)) == pytest.approx(row[figure])
    sizes = [facts.value(Cell("candidate", one, "", "size")) for one in (0, 1, 2)]
    assert sizes == [200, 50, 150]
    assert facts.value(Cell("rules", 0, "small difference", "value")) == RULES["small difference"]


@settings(max_examples=30, deadline=None)
@given(segmentations())
def test_quotes_lie_in_order_and_apart(made: Segmentation) -> None:
    """A page that marks them never marks a place twice."""
    for said in personas(made)[0].said:
        places = [(quote.start, quote.stop) for quote in said.quotes]
        assert all(before[1] <= after[0] for before, after in pairwise(places))
        assert all(0 <= start < stop <= len(said.text) for start, stop in places)
        assert re.fullmatch(r"[^\n]+[.]", said.text)
