"""Laws of the load report: every row is accounted for, every note and question is in it, and it is plain JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core import pipeline
from core.errors import DataProblem, NoVariation, UnreadableFile
from core.model import Choice, Note, Outcome, Question, Source

CELLS = st.sampled_from(["", "1", "2.5", "1,5", "a", "Smith, J", '"x"', '"', "2024-01-05", "03/04/2024", "€ 5", "NA", "yes",
                         "Total", "#", "id", "ü", "\t", "12 %", "007"])  # fmt: skip
LINES = st.lists(st.lists(CELLS, max_size=5), max_size=12)


def loaded(tmp_path_factory, text: str):
    path = tmp_path_factory.mktemp("report") / "any.csv"
    path.write_text(text, encoding="utf-8")
    return pipeline.load(path, "any.csv", {})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\n", "\r\n", "\r"]))
@example([["id", "spend"], ["1", "2"], ["Total", "2"], [], ["3"]], ",", "\n")
def test_rows_in_the_file_are_loaded_set_aside_or_skipped(tmp_path_factory, lines, mark, end):
    """Whatever the text: a table whose sum adds up, or a problem in words."""
    try:
        table = loaded(tmp_path_factory, end.join(mark.join(cells) for cells in lines))
    except DataProblem as problem:
        assert str(problem) and problem.hint and problem.code == problem.code.upper()
        return
    report = pipeline.report(table)
    assert report.rows_in_file == report.loaded + report.aside + sum(report.skips.values())
    assert report.loaded == len(table.raw) == len(table.frame) and report.aside == len(table.quarantine)
    assert sum(item.count for item in report.items if item.outcome is Outcome.ASIDE) == report.aside
    assert all(count > 0 for count in report.skips.values())


@pytest.fixture
def table(tmp_path_factory):
    return loaded(tmp_path_factory, "id,spend\n" + "".join(f"c{i},{i * 7 % 11}.5\n" for i in range(30)))


@pytest.mark.parametrize(("text", "told"), [
    ("1 lines above the table were skipped.", "1 line above the table was skipped."),
    ("1 rows did not fit the columns and were put right.", "1 row did not fit the columns and was put right."),
    ("1 lines belong to another table of the file and were left out.",
     "1 line belongs to another table of the file and was left out."),
    ("1 rows of the sheet 'S' are hidden; they are included.", "1 row of the sheet 'S' is hidden; it is included."),
    ("1 rows repeat an earlier row in every cell.", "1 row repeats an earlier row in every cell."),
    ("11 lines are blank.", "11 lines are blank."), ("In 1 lines, 2 cells were empty.", "In 1 lines, 2 cells were empty."),
])  # fmt: skip
def test_a_note_of_one_is_told_as_of_one(table, text, told):
    """Where a note begins with its count; anything else stays as it was said."""
    assert pipeline.report(replace(table, notes=(Note("X", text, count=1),))).items[1].text == told


def test_a_table_of_one_row_and_one_column_is_told_as_such(tmp_path_factory):
    """"1 rows" would be read as a mistake of more than grammar."""
    texts = [item.text for item in pipeline.report(loaded(tmp_path_factory, "a\n1\n")).items]
    assert texts[0].startswith("1 row and 1 column (") and "a: 1 cell is filled; the column is left out." in texts


def test_everything_noticed_asked_and_set_aside_is_an_item(table):
    """With its place, its examples and its way back; one item for each reason of lines set aside."""
    note = Note("X", "Noted.", "spend", 3, ("a",), 7, "Do this.", Choice("header", ("no", "yes"), "yes"))
    question = Question("date:id", "UNCLEAR_DATE", "Which?", ("day", "month"), "day", "id", 4, ("b",), 2)
    aside = pd.DataFrame({"line": [9, 4, 12], "text": ["p", "q", "r"], "reason": ["short", "long", "short"]})
    report = pipeline.report(replace(table, notes=(note,), questions=(question,), quarantine=aside,
                                     source=Source("a.csv", "excel", sheet="S", rows_in_file=33)))  # fmt: skip
    noted, asked, short, long = report.items[1:]
    assert (noted.outcome, noted.code, noted.line, noted.column, noted.count) == (Outcome.NOTED, "X", 7, "spend", 3)
    assert (noted.hint, noted.choice, noted.sheet) == ("Do this.", note.choice, "S")
    assert (asked.outcome, asked.choice) == (Outcome.ASKED, Choice("date:id", ("day", "month"), "day"))
    assert [(one.count, one.line, one.examples) for one in (short, long)] == [(2, 9, ("p", "r")), (1, 4, ("q",))]


@pytest.mark.parametrize(("parts", "outcome"), [
    ({}, Outcome.UNDERSTOOD),
    ({"notes"}, Outcome.NOTED),
    ({"notes", "quarantine"}, Outcome.ASIDE),
    ({"notes", "quarantine", "questions"}, Outcome.ASKED),
])  # fmt: skip
def test_the_whole_comes_out_as_its_gravest_part(table, parts, outcome):
    """An open choice before lines set aside before notes."""
    given = {
        "notes": (Note("X", "Noted."),),
        "quarantine": pd.DataFrame({"line": [1], "text": ["x"], "reason": ["short"]}),
        "questions": (Question("k", "C", "Which?", ("a", "b"), "a"),),
    }
    plain = replace(table, notes=(), questions=())
    assert pipeline.report(replace(plain, **{name: given[name] for name in parts})).outcome is outcome


@pytest.mark.parametrize("problem", [UnreadableFile("TRUNCATED", "It ends.", "Again.", 7, "S"), NoVariation(4)])
def test_a_refusal_says_what_where_and_what_next(problem):
    """In the same shape, for every problem of the data."""
    report = pipeline.refusal(problem, "x.csv")
    (item,) = report.items
    assert report.outcome is item.outcome is Outcome.REFUSED and report.file == "x.csv"
    assert (item.code, item.text, item.hint) == (problem.code, str(problem), problem.hint)
    assert (item.line, item.sheet) == ((7, "S") if isinstance(problem, UnreadableFile) else (0, ""))


def test_the_report_is_plain_json_with_its_version(table):
    """Names of codes and outcomes as text, nothing that only Python reads."""
    body = json.loads(pipeline.report(table).to_json())
    assert body["version"] >= 1 and body["outcome"] == pipeline.report(table).outcome.value
    assert body["columns"] == {column.name: column.kind.value for column in table.columns}
    assert {item["outcome"] for item in body["items"]} <= {one.value for one in Outcome}
