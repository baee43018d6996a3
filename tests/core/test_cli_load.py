"""``load``: what is written reads back as what was loaded; every end has its status and its report."""

from __future__ import annotations

import csv
import io
import json
import math
import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import formats, pipeline
from core.cli import main
from core.exports.table_csv import write_rows, write_table
from core.model import Kind
from tests.core.crafted import xlsx

SHOP = (
    "id,name,signup,spend,ok,note\n"
    + "".join(f'00{i},"Smith, {i}",2024-0{i % 9 + 1}-{i + 10},{i * 1000.25},{"yes" if i % 2 else "no"},"say ""hi""\"\n' for i in range(1, 18))
    + "0099,NoDate,,,,\n"
)
UNCLEAR = "id,when,other,spend\n" + "".join(f"c{i},0{i % 9 + 1}/0{i % 7 + 1}/2024,0{i % 7 + 1}/0{i % 5 + 1}/2023,{i * 7}\n" for i in range(30))


@pytest.fixture
def run(tmp_path, capsys):
    """Load text; exit status, rows written (None without a file), report and what was said."""

    def load(text: str | bytes, *arguments: str, name: str = "shop.csv"):
        source, out, report = tmp_path / name, tmp_path / "out" / "table.csv", tmp_path / "out" / "report.json"
        source.write_bytes(text if isinstance(text, bytes) else text.encode())
        for old in (out, report):
            old.unlink(missing_ok=True)
        status = main(["load", str(source), "--out", str(out), "--report", str(report), *arguments])
        told = capsys.readouterr()
        rows = list(csv.reader(io.StringIO(out.read_bytes().decode(), newline=""))) if out.exists() else None
        said = [line for line in told.err.splitlines() if not line.startswith("{")]
        return status, rows, json.loads(report.read_text()) if report.exists() else None, told.out + "".join(said)

    return load


def balanced(report: dict) -> bool:
    return report["rows_in_file"] == report["loaded"] + report["aside"] + sum(report["skips"].values())


def test_values_are_written_for_machines(run):
    """Numbers with a point, dates as ISO days, flags as 1 and 0, gaps empty, ids as they stand; CRLF and quotes by need."""
    status, rows, report, told = run(SHOP)
    assert status == 0 and rows[0] == ["id", "name", "signup", "spend", "ok", "note"]
    assert rows[3] == ["003", "Smith, 3", "2024-04-13", "3000.75", "1", 'say "hi"']
    assert rows[-1] == ["0099", "NoDate", "", "", "", ""]
    assert report["loaded"] == 18 and balanced(report) and "18 loaded" in told


def test_as_text_gives_back_every_cell(run):
    """What stood in the file after unquoting, whatever it was taken for."""
    rows = run(SHOP, "--as-text")[1]
    assert rows == list(csv.reader(io.StringIO(SHOP)))


def test_an_open_choice_ends_with_3_and_the_list(run, tmp_path):
    """The report names choices and defaults; no table is there."""
    status, rows, report, told = run(UNCLEAR)
    assert (status, rows, report["outcome"]) == (3, None, "asked") and balanced(report)
    asked = [item for item in report["items"] if item["outcome"] == "asked"]
    assert {item["choice"]["key"] for item in asked} == {"date:when", "date:other"}
    assert all(item["choice"]["taken"] in item["choice"]["options"] for item in asked)
    assert "day, month" in told and [path.name for path in (tmp_path / "out").iterdir()] == ["report.json"]


def test_a_choice_by_key_or_by_code_decides(run):
    """One column, all columns of a code, or the defaults; what a default decided is in the report with its way back."""
    day = run(UNCLEAR, "--set", "UNCLEAR_DATE=day")
    month = run(UNCLEAR, "--set", "date:when=month", "--set", "date:other=day")
    both = run(UNCLEAR, "--defaults")
    assert (day[0], month[0], both[0]) == (0, 0, 0)
    assert day[1][3][1] == "2024-03-03" and day[1][2][1] == "2024-02-02" and day[1][8][1:3] == ["2024-01-08", "2023-03-01"]
    assert month[1][8][1:3] == ["2024-08-01", "2023-03-01"]
    taken = {item["choice"]["key"] for item in both[2]["items"] if item["choice"]}
    assert {"date:when", "date:other"} <= taken and both[2]["outcome"] != "asked"


@pytest.mark.parametrize("pair", ["nothing=x", "header", "=x", "header=perhaps", "date:nobody=day", "UNCLEAR_DATE=year", "kind:id=colour", "preamble=two"])
def test_what_cannot_be_set_is_wrong_use_and_says_what_can(run, pair):
    """Status 2, nothing written."""
    status, rows, _, told = run(UNCLEAR, "--set", pair, "--defaults")
    assert (status, rows) == (2, None)
    assert "Every file takes" in told or "Choose one of" in told or "Write for example" in told


@pytest.mark.parametrize("pair", ["sheet=March", "table=2", "member=march.csv"])
def test_a_part_that_the_file_does_not_have_is_wrong_use(run, pair):
    """Another part is never read in its place: not another sheet, nor a text that has none."""
    status, rows, _, told = run(SHOP, "--set", pair)
    assert (status, rows) == (2, None) and pair.partition("=")[0] in told
    assert run(SHOP, "--set", "table=1")[0] == 0


def test_a_workbook_of_one_sheet_is_read_by_that_name_alone(run):
    """The name of the sheet there is comes with the refusal."""
    assert run(xlsx(), "--sheet", "S")[:2] == (0, [["id", "spend"], ["1", "10"], ["2", "20"]])
    status, rows, _, told = run(xlsx(), "--sheet", "March")
    assert (status, rows) == (2, None) and "'March'" in told and "S" in told.partition("Choose one of: ")[2]


def test_a_refusal_ends_with_4_and_a_report(run):
    """Code, cause and next step in one item; an earlier table stays as it was."""
    status, rows, report, told = run(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    (item,) = report["items"]
    assert (status, rows, report["outcome"], item["code"]) == (4, None, "refused", "NOT_A_TABLE")
    assert item["text"] in told and item["hint"] in told


@pytest.mark.parametrize(("death", "code"), [(os.abort, "DAMAGED"), (lambda: bytearray(10**13), "TOO_LARGE_TO_READ")])
def test_a_reader_that_dies_is_a_refusal(run, monkeypatch, death, code):
    """No traceback, a report all the same."""
    monkeypatch.setattr(formats, "read", lambda *_: death())
    status, rows, report, told = run(SHOP)
    assert (status, rows, report["items"][0]["code"]) == (4, None, code)
    assert "Traceback" not in told


def test_lines_set_aside_are_written_where_asked_for(run, tmp_path):
    """Line number, text and reason; together with the rows they are all there is."""
    broken = SHOP + "a,b\n" + "x,y,z,1,2,3,4,5,6,7\n"
    status, rows, report, _ = run(broken, "--no-repairs", "--quarantine", str(tmp_path / "q.csv"))
    lines = list(csv.DictReader(io.StringIO((tmp_path / "q.csv").read_bytes().decode(), newline="")))
    assert status == 0 and balanced(report) and len(lines) == report["aside"]
    assert all(one["reason"] and one["line"].isdigit() for one in lines)
    assert len(rows) - 1 + len(lines) == 20


def test_targets_are_files_of_their_own(run, tmp_path):
    """Neither the input nor another target nor a folder is overwritten."""
    assert run(SHOP, "--quarantine", str(tmp_path / "shop.csv"))[0] == 2
    assert run(SHOP, "--quarantine", str(tmp_path))[0] == 2


def test_the_same_call_writes_the_same_bytes(run, tmp_path):
    """Determinism of table and report."""
    run(UNCLEAR, "--defaults")
    first = [(tmp_path / "out" / name).read_bytes() for name in ("table.csv", "report.json")]
    run(UNCLEAR, "--defaults")
    assert first == [(tmp_path / "out" / name).read_bytes() for name in ("table.csv", "report.json")]


# writing

CELLS = st.one_of(st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12))
NUMBERS = st.one_of(st.just(math.nan), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**6), 10**6).map(float))


def parsed(frame: pd.DataFrame, kinds: dict[str, Kind]) -> list[list[str]]:
    stream = io.BytesIO()
    write_rows(frame, kinds, stream)
    return list(csv.reader(io.StringIO(stream.getvalue().decode(), newline="")))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(CELLS, NUMBERS, CELLS), max_size=12))
def test_python_reads_back_what_was_written(rows):
    """An independent reader finds every text and every double exactly."""
    frame = pd.DataFrame({"a, \"b\"": pd.Series([r[0] for r in rows], dtype=object),
                          "n": pd.Series([r[1] for r in rows], dtype="float64"),
                          "t": pd.Series([r[2] for r in rows], dtype=object)})  # fmt: skip
    header, *found = parsed(frame, {"a, \"b\"": Kind.TEXT, "n": Kind.NUMBER, "t": Kind.CATEGORY})
    assert header == list(frame.columns) and len(found) == len(rows)
    for (first, number, last), got in zip(rows, found, strict=True):
        assert got[0] == (first or "") and got[2] == (last or "")
        assert got[1] == "" if math.isnan(number) else float(got[1]) == number


@pytest.mark.parametrize(("values", "expected"), [
    (["2024-01-05", None, "0001-12-31"], ["2024-01-05", "", "0001-12-31"]),
    (["2024-01-05T13:45:00", None], ["2024-01-05T13:45:00", ""]),
    (["2024-01-05T13:45:00.250", "2024-01-05"], ["2024-01-05T13:45:00.250", "2024-01-05T00:00:00.000"]),
    (["2024-01-05T13:45:00.000001"], ["2024-01-05T13:45:00.000001"]),
])  # fmt: skip
def test_dates_are_iso_in_the_coarsest_unit_that_loses_nothing(values, expected):
    """Days alone where all are midnight."""
    frame = pd.DataFrame({"d": pd.Series(np.array(values, dtype="datetime64[us]")), "x": "1"})
    rows = parsed(frame, {"d": Kind.DATE, "x": Kind.TEXT})
    assert [row[0] for row in rows[1:]] == expected


def test_a_table_of_one_column_keeps_its_gaps():
    """An empty line would be no row."""
    frame = pd.DataFrame({"a": pd.Series(["x", None, "y"], dtype=object)})
    assert parsed(frame, {"a": Kind.TEXT}) == [["a"], ["x"], [""], ["y"]]


def test_half_a_character_is_written_as_its_code():
    """UTF-8 cannot hold it, and a mark of interrogation would be another value."""
    frame = pd.DataFrame({"a": pd.Series(["x\ud800", None], dtype=object), "b": "1"})
    assert parsed(frame, {"a": Kind.TEXT, "b": Kind.TEXT})[1] == ["x\\ud800", "1"]


def test_what_is_written_loads_as_the_same_values(tmp_path):
    """Round trip through our own reader: kinds and values."""
    (tmp_path / "a.csv").write_text(SHOP)
    table = pipeline.load(tmp_path / "a.csv", "a.csv", {})
    with (tmp_path / "b.csv").open("wb") as stream:
        write_table(table, stream)
    again = pipeline.load(tmp_path / "b.csv", "b.csv", {})
    assert [(c.name, c.kind) for c in again.columns] == [(c.name, c.kind) for c in table.columns]
    pd.testing.assert_frame_equal(again.frame, table.frame)


@pytest.mark.parametrize("command", ["segment", "compare"])
def test_no_command_dies_of_a_file(tmp_path, capsys, monkeypatch, command):
    """A reader that crashes is one message and status 4, and nothing is written."""
    monkeypatch.setattr(formats, "read", lambda *_: os.abort())
    (tmp_path / "a.csv").write_text(SHOP)
    assert main([command, str(tmp_path / "a.csv"), "--out", str(tmp_path / "out")]) == 4
    told = capsys.readouterr().err
    assert "damaged" in told and "Traceback" not in told and not (tmp_path / "out").exists()
