"""Laws of the note on a loaded file: every row is accounted for, every assumption can be undone, nothing names the data."""

from __future__ import annotations

import dash_bootstrap_components as dbc
import pandas as pd
import pytest
from dash import html

from core.model import Choice, Note, Question, Source
from core.tables.reporting import report
from dashboard.components import loaded
from tests.dashboard import made

ASIDE = pd.DataFrame({"line": [3, 9, 12], "text": ["x", "y", "z"], "reason": ["too short", "too long", "too short"]})


def card(**changes):
    table = made.table(**changes)
    return loaded.report_card(table, report(table), "D")


def test_the_sum_of_rows_is_shown_and_adds_up():
    """In the file = loaded + set aside + skipped, each kind of skip by name."""
    source = Source("s.csv", "text", "utf-8", ";", rows_in_file=18, skips={"BLANK_LINES": 2, "PREAMBLE": 1})
    shown = made.words(card(source=source, quarantine=ASIDE))
    assert "18 in the file = 12 loaded + 3 set aside + 3 skipped (2 blank lines, 1 line above the table)" in shown
    assert "read as text table, semicolon between the cells, UTF-8" in shown


def test_lines_set_aside_are_told_by_reason_with_the_first_line_and_can_be_downloaded():
    """The commonest reason first."""
    shown = card(quarantine=ASIDE)
    told = made.words(shown)
    assert told.index("2 lines were set aside: too short.") < told.index("1 line was set aside: too long.")
    assert "Line 3." in told and "Line 9." in told
    assert [link.href for link in made.of(shown, html.A)] == ["/lines/D/aside"]


def test_lines_put_right_can_be_downloaded():
    """Whoever doubts a repair can look at each."""
    repairs = pd.DataFrame({"line": [4], "text": ["a,b"], "cells": ['["a","b"]'], "reason": ["split"]})
    shown = card(repairs=repairs)
    assert [link.href for link in made.of(shown, html.A)] == ["/lines/D/repaired"]
    assert "Download 1 line put right" in made.words(shown)


def test_a_note_with_one_other_way_is_undone_by_one_click():
    """The button says what will be instead; its id holds the place of the item, no name."""
    note = Note("REPAIRED", "3 lines were put right.", choice=Choice("repairs", ("yes", "no"), "yes"))
    shown = card(notes=(Note("X", "Something."), note))
    (button,) = made.of(shown, html.Button)
    assert button.children == "Set these lines aside"
    assert button.id["type"] == "undo" and report(made.table(notes=(Note("X", "Something."), note))).items[
        button.id["index"]].choice == note.choice


def test_a_note_with_several_other_ways_offers_a_list_with_what_was_taken_picked():
    """An encoding, a sheet."""
    note = Note("ENCODING", "Read as cp1252.", choice=Choice("encoding", ("cp1252", "mac_roman", "cp1251"), "cp1252"))
    (control,) = made.of(card(notes=(note,)), dbc.Select)
    assert control.value == "cp1252" and [one["value"] for one in control.options] == ["cp1252", "mac_roman", "cp1251"]


@pytest.mark.parametrize(("count", "told"), [(0, None), (6, None), (7, "Show 1 more note"),
                                             (9, "Show 3 more notes")])  # fmt: skip
def test_no_note_is_lost(count, told):
    """Six stand open, the others can be unfolded."""
    notes = tuple(Note("N", f"Note {n}.", examples=("a", "b", "c", "the fourth")) for n in range(count))
    shown = card(notes=notes)
    assert sum(f"Note {n}." in made.words(shown) for n in range(count)) == count
    assert [one.children for one in made.of(shown, html.Summary)] == ([told] if told else [])
    assert "a, b, c." in made.words(shown) or not count
    assert "the fourth" not in made.words(shown)


def test_notes_about_columns_stand_together():
    """Apart from those about the file, counted with their columns."""
    notes = (Note("A", "One.", "age"), Note("B", "Two.", "age"), Note("C", "Three.", "income"), Note("D", "Whole."))
    shown = card(notes=notes)
    assert [one.children for one in made.of(shown, html.Summary)] == ["3 notes about 2 columns"]


def test_each_question_has_its_options_in_words_with_the_proposal_picked():
    """The id holds the place of the question: a column's name is in no id."""
    ask = Question("comma:spend", "UNCLEAR_COMMA", "What is 1,200?", ("thousands", "decimal"), "decimal", "spend")
    (shown,) = loaded.questions((made.QUESTION, ask))
    first, second = made.of(shown, dbc.Select)
    assert first.id == {"type": "answer", "index": 0} and first.value == "day"
    assert second.value == "decimal" and [one["value"] for one in second.options] == ["thousands", "decimal"]
    assert [one["label"] for one in second.options] == ["It groups thousands", "It is the decimal mark"]
    assert "What is 1,200?" in made.words(shown) and "2 things need you" in made.words(shown)
    assert [button.id for button in made.of(shown, html.Button)] == [{"type": "answers", "index": 0}]


def test_without_questions_nobody_is_asked():
    """No card, no button."""
    assert loaded.questions(()) == []


def test_hostile_texts_are_harmless():
    """Of notes, examples and reasons, in texts and in names of controls."""
    note = Note("N", made.HOSTILE, "age", 2, (made.HOSTILE,), choice=Choice("sheet", (made.HOSTILE, "b"), "b"))
    aside = ASIDE.assign(reason=made.HOSTILE, text=made.HOSTILE)
    shown = card(notes=(note,), quarantine=aside)
    told = made.words(shown) + "".join(str(getattr(item, "aria-label", "")) for item in made.walk(shown))
    assert "\u202e" not in told and "\x00" not in told


def test_a_question_about_one_cell_counts_one_cell():
    """And about several, cells."""
    asked = [Question("footer", "FOOTER", "Keep?", ("aside", "keep"), "aside", count=count, line=9) for count in (1, 2)]
    told = made.words(html.Div(loaded.questions(asked)))
    assert "1 cell." in told and "1 cells" not in told and "2 cells." in told


def test_only_notes_about_columns_count_cells():
    """A note about the file counts letters or rows, and says so itself."""
    shown = made.words(card(notes=(Note("M", "74 letters look odd.", count=74), Note("A", "Read.", "age", 12))))
    assert "12 cells." in shown and "74 cells" not in shown
