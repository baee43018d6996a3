"""The tab persona: every word of the persona is on it, every number says what it is, and nothing in it is markup."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from dash import html

from core.errors import BadRequest
from core.model import Kind, Segmentation
from core.personas import Cell, persona
from core.selection import CAUTION
from dashboard.components.atlas_persona import cell_words, sentence, sources, tab
from tests.core.personified import ordered, segmentation_of, simple, table_of
from tests.dashboard.made import HOSTILE, of, words


def looked(segmentation: Segmentation, *, waiting: bool = False) -> Any:
    """What the tab needs of :class:`dashboard.atlas.Looked`."""
    return SimpleNamespace(segmentation=segmentation, waiting=waiting)


@pytest.mark.parametrize("made", [simple(trust={1: 0.5, 2: 0.9}, resamples=50), ordered()], ids=["columns", "orders"])
def test_everything_of_the_persona_is_shown(made: Segmentation) -> None:
    """Name, three sentences, each action with its word and reason, each caution: the same text as from the core."""
    for segment in made.candidate.sizes:
        told, drawn = persona(made, segment), tab(looked(made), segment)
        shown = "".join(str(item) for item in _texts(drawn))
        assert told.name in shown
        for said in told.said:
            assert said.text in shown
        for word, _ in told.actions:
            assert word.capitalize() in shown
        assert (CAUTION in shown) is bool(told.warning)


def test_a_number_says_what_it_is() -> None:
    """Each number of a sentence is marked once, in order, with its cell in words as tooltip."""
    said = persona(simple(), 1).sentences[0]
    marked = [span for span in of(sentence(said), html.Span) if span.className == "sa-persona-number"]
    assert [span.children for span in marked] == [text for text, _ in said.numbers]
    assert [span.title for span in marked] == [cell_words(cell) for _, cell in said.numbers]
    assert marked[0].title == "customers"


def test_where_the_numbers_come_from_lists_every_one() -> None:
    """The table holds each number as written, with the frame and segment it is from; none twice."""
    told = persona(ordered(), 1)
    rows = [[words(cell) for cell in row.children] for row in of(sources(told), html.Tr)[1:]]
    assert {row[0] for row in rows} == {text for said in told.said for text, _ in said.numbers}
    assert len({tuple(row) for row in rows}) == len(rows)
    assert any(row[2] == "Money, segment 1" for row in rows)
    assert any(row[2] == "Segments, everyone" for row in rows)


@pytest.mark.parametrize(("cell", "told"), [
    (Cell("candidate", 0, "", "size"), "all customers"),
    (Cell("contrasts", 1, "age", "own"), "age: of this segment"),
    (Cell("contrasts", 1, "age", "own", over=Cell("contrasts", 1, "age", "everyone")), "age: of this segment, divided by age: of all customers"),
    (Cell("rules", 0, "trust floor", "value"), "trust floor: threshold"),
    (Cell("profile", 2, "a\u202eb", "minimum"), "a b: lowest value in the segment"),
])  # fmt: skip
def test_a_cell_in_words(cell: Cell, told: str) -> None:
    assert cell_words(cell) == told


def test_a_name_that_can_be_taken_has_a_button() -> None:
    """The button carries the segment's number and no name; where the segment has the name already there is none."""
    made = simple()
    button = of(tab(looked(made), 1), html.Button)
    told = persona(made, 1).name
    assert [one.id for one in button] == [{"type": "use-name", "index": 1}]
    named = replace(made, candidate=replace(made.candidate, names={**made.candidate.names, 1: told}))
    assert persona(named, 1).name == told
    assert of(tab(looked(named), 1), html.Button) == []


def test_what_a_job_still_tells_is_said() -> None:
    """While a job works on the stability, the tab says so; once it is there, it does not."""
    made = simple()
    assert "being worked out" in words(tab(looked(made, waiting=True), 1))
    assert "being worked out" not in words(tab(looked(replace(made, whole=True), waiting=True), 1))
    assert "being worked out" not in words(tab(looked(made), 1))


def test_names_from_the_data_are_plain() -> None:
    """A hostile column name is shown without hidden characters, and never as markup."""
    labels = np.array([1] * 10 + [2] * 10, dtype=np.int16)
    table = table_of(pd.DataFrame({HOSTILE: np.arange(20.0)}), {HOSTILE: Kind.NUMBER}, {HOSTILE: "<i>\u202e"}, {})
    drawn = tab(looked(segmentation_of(table, labels)), 1)
    shown = words(drawn)
    assert "\u202e" not in shown and "\x00" not in shown
    assert not of(drawn, html.A)


def test_a_segment_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadRequest):
        tab(looked(simple()), 9)


def _texts(component: Any) -> list[str]:
    """The text of a tree without anything between the parts, so that sentences can be found whole."""
    from tests.dashboard.made import walk

    return [item for item in walk(component) if isinstance(item, str)]
