"""JSON: records come back as they were written, and a wrong line costs itself."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFile
from core.formats import FORMATS
from core.formats.json_syntax import Document
from tests.core.formatted import codes, load, rows_of

NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=6)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
                    st.text(st.characters(exclude_categories=("Cs",)), max_size=8))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_records_come_back_as_they_were_written(tmp_path: Path, data: st.DataObject) -> None:
    """Any scalars under any names, missing ones as gaps, in three ways of writing them (the json module is the other side)."""
    names = data.draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=lambda name: name.casefold()))
    records = data.draw(st.lists(st.dictionaries(st.sampled_from(names), SCALARS, min_size=1), min_size=1, max_size=6))
    ascii_only = data.draw(st.booleans())
    whole = json.dumps(records, ensure_ascii=ascii_only, indent=data.draw(st.sampled_from([None, 1])))
    lines = "\n".join(json.dumps(record, ensure_ascii=ascii_only) for record in records)
    columns = list(dict.fromkeys(name for record in records for name in record))
    for text in (whole, lines, json.dumps({"n": len(records), "items": records})):
        reading = load(tmp_path, text, "a.json")
        found = reading.raw.to_dict("records")
        assert len(reading.quarantine) == 0 and reading.raw.shape == (len(records), len(columns))
        for row, record in zip(found, records, strict=True):
            cells = [(type(cell), cell) for cell in row.values()]
            assert cells == [(type(record.get(name)), record.get(name)) for name in columns]


def test_a_wrong_line_costs_itself(tmp_path: Path) -> None:
    """The others load; line, text and reason are kept."""
    lines = [json.dumps({"id": i, "city": "Ulm"}) for i in range(9)]
    lines[3], lines[6] = '{"id": 3, "city": "Ul', "[1, 2]"
    reading = load(tmp_path, "\n".join([*lines[:5], "", *lines[5:]]), "a.jsonl")
    assert reading.raw["id"].tolist() == [0, 1, 2, 4, 5, 7, 8]
    assert reading.quarantine["line"].tolist() == [4, 8]
    assert reading.quarantine["text"].tolist() == [lines[3], "[1, 2]"]
    assert reading.source.skips == {"BLANK_LINES": 1}


def test_where_most_lines_are_wrong_the_first_is_named(tmp_path: Path) -> None:
    """Then it is no file of records a line."""
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, '{"a": 1}\n{"b": \n{"c": \n{"d": \n', "a.jsonl")
    assert (caught.value.code, caught.value.line) == ("JSON_SYNTAX", 2)


def test_several_tables_are_asked(tmp_path: Path) -> None:
    """The longest is proposed, the answer takes another, the note can undo it."""
    content = json.dumps({"orders": [{"o": i} for i in range(5)], "customers": [{"c": i} for i in range(3)]})
    reading = load(tmp_path, content, "a.json")
    question = next(one for one in reading.questions if one.key == "table")
    assert (question.options, question.proposed, list(reading.raw.columns)) == (("1", "2"), "1", ["o"])
    other = load(tmp_path, content, "a.json", table="2")
    assert (list(other.raw.columns), len(other.raw), other.questions) == (["c"], 3, ())
    assert next(note for note in other.notes if note.code == "WRAPPED").choice.taken == "2"


def test_the_orientation_of_an_object_of_objects_can_be_turned(tmp_path: Path) -> None:
    """Labels are kept as a column, both ways round."""
    content = json.dumps({"Ann": {"age": 31, "visits": 2}, "Bo": {"age": 42, "visits": 3}, "Cy": {"age": 27, "visits": 4}})
    reading = load(tmp_path, content, "a.json")
    assert rows_of(reading) == [["Ann", 31, 2], ["Bo", 42, 3], ["Cy", 27, 4]]
    choice = next(note for note in reading.notes if note.code == "ORIENTATION").choice
    turned = load(tmp_path, content, "a.json", **{choice.key: "columns"})
    assert rows_of(turned) == [["age", 31, 42, 27], ["visits", 2, 3, 4]]


@pytest.mark.parametrize("written, kept", [
    ("0.1", 0.1), ("1e3", 1000.0), ("0.10000000000000001", 0.1), ("1e400", "1e400"), ("-1E-999", "-1E-999"), ("0.0", 0.0),
    ("123456789.123456789123", "123456789.123456789123"), ("9007199254740993", 9007199254740993), ("-0.0", -0.0),
    ("0.1000000000000000055511151231257827021181583404541015625", 0.1),
])
def test_a_number_is_exact_or_kept_as_it_is_written(tmp_path: Path, written: str, kept: object) -> None:
    """Up to 17 digits are what programs write for a float; more must be its exact value."""
    cell = load(tmp_path, f'[{{"a": {written}}}]', "a.json").raw["a"].iloc[0]
    assert (type(cell), cell) == (type(kept), kept)
    assert not isinstance(kept, float) or math.copysign(1, cell) == math.copysign(1, kept)


def test_a_number_of_five_thousand_digits_is_kept(tmp_path: Path) -> None:
    """Python refuses to compute with it; its text stays."""
    assert load(tmp_path, f'[{{"a": {"7" * 5_000}}}]', "a.json").raw["a"].iloc[0] == "7" * 5_000


@pytest.mark.parametrize("text, kept", [
    (r'"\ud800x"', r"\ud800x"), (r'"\ud83d\ude00"', "😀"), (r'"\\ud800"', r"\ud800"), (r'"\ude00\ud83d"', r"\ude00\ud83d"),
])
def test_half_a_character_stays_as_it_is_written(tmp_path: Path, text: str, kept: str) -> None:
    """No such character can be stored; whole ones are read."""
    reading = load(tmp_path, f'[{{"a": {text}}}]', "a.json")
    assert reading.raw["a"].iloc[0] == kept
    reading.raw["a"].iloc[0].encode()


def test_a_code_page_is_told_and_can_be_chosen(tmp_path: Path) -> None:
    """JSON should be UTF-8; what is not is read as Western European, with its first line and three examples."""
    content = '[\n{"city": "Köln"},\n{"city": "Łódź"}]'.replace("Łódź", "Zürich").encode("cp1252")
    reading = load(tmp_path, content, "a.json")
    note = next(note for note in reading.notes if note.code == "ENCODING")
    assert (reading.raw["city"].tolist(), note.line, set(note.examples)) == (["Köln", "Zürich"], 2, {"Köln", "Zürich"})
    cyrillic = load(tmp_path, content, "a.json", **{note.choice.key: "cp1251"})
    assert cyrillic.raw["city"].iloc[0] == "Kцln"


@pytest.mark.parametrize("text", ["[id],[name]\n1,a\n2,b\n", "{x},n\na,1\n", "[1,2];5\n[3,4];6\n", "a,b\n1,2\n"])
def test_brackets_alone_make_no_json(tmp_path: Path, text: str) -> None:
    """Text tables may begin with a bracket, too."""
    assert not FORMATS["json"].sniff(tmp_path, text.encode())


def test_elements_know_their_lines() -> None:
    """Each value of an array comes with the line that it begins in."""
    document = Document('[\n{"a":\n1},\n\n{"a": 2}, {"a": 3}\n]\n')
    assert [value.line for value in document.elements(0)] == [2, 5, 5]


def test_unequal_lists_leave_gaps(tmp_path: Path) -> None:
    """Columns of different lengths: the short ones end in gaps, and that is told."""
    reading = load(tmp_path, json.dumps({"a": [1, 2, 3], "b": ["x"]}), "a.json")
    assert rows_of(reading) == [[1, "x"], [2, None], [3, None]]
    assert next(note for note in reading.notes if note.code == "RAGGED").count == 2


def test_too_many_names_are_refused_while_reading(tmp_path: Path) -> None:
    """Records with ever new names would fill the memory with gaps."""
    records = [{f"n{row}_{i}": 1 for i in range(50)} for row in range(100)]
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, json.dumps(records), "a.json")
    assert caught.value.code == "TOO_MANY_COLUMNS"


def test_real_files(shared_data: Path, tmp_path: Path) -> None:
    """Those of other tools' tests, against what these tools say."""
    folder = shared_data / "messy" / "csvkit"
    reading = load(tmp_path, (folder / "testjson_nested.json").read_bytes(), "a.json")
    expected = pd.read_csv(folder / "testjson_nested_converted.csv")
    assert reading.raw["text"].tolist() == expected["text"].tolist()
    assert "NESTED_FLATTENED" in codes(reading)
    geo = load(tmp_path, (folder / "test_geojson.json").read_bytes(), "a.json")
    assert (geo.raw.shape[0], "properties.prop0" in geo.raw.columns) == (3, True)
