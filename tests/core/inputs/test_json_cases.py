"""Bad inputs that are JSON, are called by the wrong name, or are no table at all: the cases B96 to B102."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xlsxwriter

from tests.core import crafted
from tests.core.formatted import FRAME, book, codes, load, parquet, refused, rows_of

RECORDS = [{"id": 1, "city": "Köln", "spend": 1.5}, {"id": 2, "city": None, "spend": 2.5}]
SHAPES = {
    "array": json.dumps(RECORDS), "pretty": json.dumps(RECORDS, indent=2), "lines": "\n".join(map(json.dumps, RECORDS)),
    "one after another": "\n".join(json.dumps(one, indent=1) for one in RECORDS), "under a key": json.dumps({"data": RECORDS}),
    "deep under a key": json.dumps({"ok": True, "result": {"data": RECORDS}}),
    "columns": json.dumps({name: [one[name] for one in RECORDS] for name in RECORDS[0]}),
    "labelled columns": pd.DataFrame(RECORDS).to_json(force_ascii=False),
    "split": pd.DataFrame(RECORDS).to_json(orient="split"), "index": pd.DataFrame(RECORDS).to_json(orient="index"),
    "rows": json.dumps([list(RECORDS[0]), *(list(one.values()) for one in RECORDS)]),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("shape", SHAPES)
def test_b096_each_shape_of_json_is_the_same_table(tmp_path: Path, shape: str, encoding: str) -> None:
    """Names, cells and gaps are those of the records, whatever the shape and the encoding."""
    reading = load(tmp_path, SHAPES[shape].encode(encoding), "a.json")
    assert list(reading.raw.columns) == ["id", "city", "spend"]
    assert rows_of(reading) == [[1, "Köln", 1.5], [2, None, 2.5]]
    assert len(reading.quarantine) == 0 and reading.source.format == "json"


def test_b097_missing_names_are_gaps_and_records_inside_are_taken_apart(tmp_path: Path) -> None:
    """By one level, with a note that undoes it; deeper ones stay as JSON text."""
    content = json.dumps([{"id": 1, "address": {"city": "Ulm", "geo": {"lat": 1}}}, {"id": 2, "tags": ["a"]}, {"id": 3}])
    reading = load(tmp_path, content, "a.json")
    assert list(reading.raw.columns) == ["id", "address.city", "address.geo", "tags"]
    assert rows_of(reading) == [[1, "Ulm", '{"lat":1}', None], [2, None, None, '["a"]'], [3, None, None, None]]
    note = next(note for note in reading.notes if note.code == "NESTED_FLATTENED")
    assert next(note for note in reading.notes if note.code == "RAGGED").count == 6
    whole = load(tmp_path, content, "a.json", **{note.choice.key: "text"})
    assert json.loads(whole.raw["address"].iloc[0]) == {"city": "Ulm", "geo": {"lat": 1}}


def test_b098_what_json_does_not_allow_is_noted_or_refused_with_its_line(tmp_path: Path) -> None:
    """NaN is a gap, both of two equal keys are kept, long numbers are exact; commas and comments are refused in place."""
    long = 12345678901234567890123456789
    reading = load(tmp_path, f'[{{"a": NaN, "b": {long}, "b": 2, "c": 0.12345678901234567890123}}]', "a.json")
    assert rows_of(reading)[0][1:] == [long, 2, "0.12345678901234567890123"] and np.isnan(reading.raw["a"].iloc[0])
    assert list(reading.raw.columns) == ["a", "b", "b (2)", "c"]
    assert {"NOT_FINITE", "REPEATED_KEYS", "LONG_NUMBERS"} <= codes(reading)
    for wrong, line in (('[\n{"a": 1},\n]', 3), ('[\n{"a": 1,}\n]', 2), ('[\n{"a": 1} // x\n]', 2), ("[\n{'a': 1}]", 2),
                        ('// by us\n[{"a": 1}]', 1), ('[{"a": 1}]\nx', 2), ('{"a": [1, 2,]}', 1)):
        told = refused(tmp_path, wrong, "a.json")
        assert (told.code, told.line) == ("JSON_SYNTAX", line), wrong
    assert refused(tmp_path, '[{"a": 1}, {"a"', "a.json").code == "TRUNCATED"


@pytest.mark.parametrize("begin, end", [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
@pytest.mark.parametrize("depth", [150, 950, 200_000])
def test_b099_deep_json_is_refused(tmp_path: Path, begin: str, end: str, depth: int) -> None:
    """Closed or not, at any depth beyond the limit, and never a crash."""
    for content in (begin * depth + "1" + end * depth, '[{"x":' + begin * depth + "1" + end * depth + "}]"):
        assert refused(tmp_path, content, "a.json").code == "TOO_DEEP"


@pytest.mark.parametrize("content", ["null", "42", '"text"', "true", "[]", "{}", "[1, 2, 3]", "[null, null]", '["a"]', "-1.5"])
def test_b100_a_single_value_or_nothing_is_refused(tmp_path: Path, content: str) -> None:
    """No table is made up from it."""
    assert refused(tmp_path, content, "a.json").code in ("NOT_A_TABLE", "NO_ROWS")


CONTENTS = {
    "text": lambda: FRAME.to_csv(index=False).encode(), "excel": lambda: book(_frame_sheet),
    "parquet": lambda: parquet(pa.Table.from_pandas(FRAME)), "json": lambda: FRAME.to_json(orient="records").encode(),
    "ndjson": lambda: FRAME.to_json(orient="records", lines=True).encode(),
    "ods": lambda: crafted.ods("".join(
        f"<table:table-row>{''.join(crafted.ods_cell(str(cell)) for cell in row)}</table:table-row>"
        for row in [list(FRAME.columns), *FRAME.to_numpy().tolist()])),
}
OWN = {"text": (".csv",), "excel": (".xlsx", ".ods"), "parquet": (".parquet",), "json": (".json",), "ndjson": (".json",),
       "ods": (".xlsx", ".ods")}


def _frame_sheet(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet()
    for at, row in enumerate([list(FRAME.columns), *FRAME.to_numpy().tolist()]):
        sheet.write_row(at, 0, row)


@pytest.mark.parametrize("extension", [".csv", ".xlsx", ".ods", ".parquet", ".json", ".csv.gz"])
@pytest.mark.parametrize("kind", CONTENTS)
def test_b101_content_decides_and_a_wrong_extension_is_told(tmp_path: Path, kind: str, extension: str) -> None:
    """Six formats by six extensions: the same table, and a note exactly where the name is wrong."""
    reading = load(tmp_path, CONTENTS[kind](), f"customers{extension}")
    assert [[str(cell) for cell in row] for row in rows_of(reading)] == [["1", "Ulm", "1.5"], ["2", "Bonn", "2.5"], ["3", "Kiel", "3.5"]]
    assert ("EXTENSION" in codes(reading)) == (extension not in OWN[kind])


def test_b101_a_web_page_called_xls_is_refused_with_a_hint(tmp_path: Path) -> None:
    """So are the XML of old Excels and a table cut out of a page."""
    for page in ("<html><table><tr><td>1</td></tr></table></html>", "\n<!DOCTYPE html><p>1,2", "<table><tr><td>a</td></tr></table>",
                 '<?xml version="1.0"?><Workbook><Worksheet/></Workbook>'):
        told = refused(tmp_path, page, "export.xls")
        assert (told.code, ".xlsx" in told.hint) == ("NOT_A_TABLE", True)


FOREIGN = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj", "program": b"MZ\x90\0\3" + bytes(200), "elf": b"\x7fELF\2\1\1" + bytes(200),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(90), "jpeg": b"\xff\xd8\xff\xe0" + bytes(90), "sqlite": b"SQLite format 3\0" + bytes(90),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(90), "zst": b"\x28\xb5\x2f\xfd" + bytes(90), "rar": b"Rar!\x1a\7\1\0" + bytes(90),
    "noise": random.Random(5).randbytes(20_000), "zeros": bytes(5_000), "word": crafted.zipped({"word/document.xml": "<d/>"}),
    "ole": crafted.OLE + bytes(2_000),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_b102_what_is_no_table_is_refused(tmp_path: Path, kind: str) -> None:
    """Whatever it is called."""
    for name in ("a.csv", "a.xlsx", "a.json"):
        assert refused(tmp_path, FOREIGN[kind], name).code == "NOT_A_TABLE", name


def test_b102_a_column_that_begins_like_a_program_is_text(tmp_path: Path) -> None:
    """MZ, Obj and Rar! are words, too."""
    for word in ("MZ", "GIF8", "RIFF", "ORC"):
        assert list(load(tmp_path, f"{word};n\na;1\nb;2\nc;3\n", "a.csv").raw.columns) == [word, "n"]
