"""Reading files: no row is lost, no column shifts, content decides."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFile
from core.formats import read
from core.formats.reading import Reading

BODY = "name;age;city\nAnn;31;Köln\nBo;42;Bonn\nCy;27;Ulm\n"


def load(folder: Path, content: bytes | str, name: str = "file.csv", **answers: str) -> Reading:
    path = folder / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    reading = read(path, name, answers)
    assert reading.source.rows_in_file == len(reading.raw) + len(reading.quarantine) + reading.source.skipped
    return reading


def codes(reading: Reading) -> set[str]:
    return {note.code for note in reading.notes}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_delimiter_gives_the_same_table(tmp_path: Path, delimiter: str) -> None:
    """The separator changes nothing about the cells."""
    reading = load(tmp_path, BODY.replace(";", delimiter))
    assert reading.raw.to_numpy().tolist() == [["Ann", "31", "Köln"], ["Bo", "42", "Bonn"], ["Cy", "27", "Ulm"]]
    assert reading.source.delimiter == delimiter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_each_encoding_gives_the_same_table(tmp_path: Path, encoding: str) -> None:
    """The encoding changes nothing about the cells; a guess is told."""
    text = BODY * 1 if encoding != "utf-16-le" else BODY + "Di;30;Berlin\n" * 20
    reading = load(tmp_path, text.encode(encoding))
    assert list(reading.raw.columns) == ["name", "age", "city"]
    assert reading.raw["city"].iloc[0] == "Köln"
    assert ("ENCODING" in codes(reading)) == (encoding in ("cp1252", "utf-16-le", "utf-16-be"))


def test_a_decimal_comma_does_not_separate(tmp_path: Path) -> None:
    """The semicolon wins where commas sit inside numbers in every row."""
    reading = load(tmp_path, "id;spend\n1;2,5\n2;3,5\n3;9,75\n")
    assert reading.source.delimiter == ";"


def test_the_whole_file_decides_on_the_delimiter(tmp_path: Path) -> None:
    """A beginning that fits the comma does not mislead when the rest does not."""
    tidy = "a;b\n" + "x,1;2\n" * 5 + "".join(f"y{i};{i}\n" for i in range(500))
    assert load(tmp_path, tidy).source.delimiter == ";"


def test_rows_that_do_not_fit_are_kept_apart_with_line_text_and_reason(tmp_path: Path) -> None:
    """Too long and too short rows go to the quarantine; the others keep their columns."""
    reading = load(tmp_path, "a,b,c\n1,2,3\nSmith, John,2,3\n4,5\n6,7,8\n")
    assert reading.raw.to_numpy().tolist() == [["1", "2", "3"], ["6", "7", "8"]]
    assert reading.quarantine["line"].tolist() == [3, 4]
    assert reading.quarantine["text"].tolist() == ["Smith, John,2,3", "4,5"]
    assert "4 cells where 3" in reading.quarantine["reason"].iloc[0]


def test_an_unclosed_quote_never_swallows_the_file(tmp_path: Path) -> None:
    """Only its own line is kept apart."""
    rows = "".join(f"{i},x{i}\n" for i in range(50))
    reading = load(tmp_path, f'id,name\n{rows}99,"open\n{rows}')
    assert len(reading.raw) == 100
    assert reading.quarantine["line"].tolist() == [52]


def test_quoted_line_breaks_and_stray_quotes_stay_in_their_cell(tmp_path: Path) -> None:
    """A line break inside quotes and an inch mark are text."""
    reading = load(tmp_path, 'id,what\n1,"two\nlines"\n2,6" pipe\n3,"say ""hi"""\n')
    assert reading.raw["what"].tolist() == ["two\nlines", '6" pipe', 'say "hi"']


def test_blank_lines_titles_and_repeated_headers_are_counted(tmp_path: Path) -> None:
    """Each line that is no row is declared."""
    reading = load(tmp_path, "Report of May\n\na,b,c\n1,2,x\n\na,b,c\n3,4,y\n")
    assert len(reading.raw) == 2
    assert reading.source.skipped == 4
    assert {"BLANK_LINES", "PREAMBLE", "REPEATED_HEADER"} <= codes(reading)


def test_trailing_separators_do_not_shift(tmp_path: Path) -> None:
    """An empty unnamed last column goes away with a note."""
    reading = load(tmp_path, "a,b,\n1,2,\n3,4,\n")
    assert list(reading.raw.columns) == ["a", "b"]
    assert "EMPTY_COLUMNS" in codes(reading)
    assert load(tmp_path, "a,b\n1,2,\n3,4,\n").raw.to_numpy().tolist() == [["1", "2"], ["3", "4"]]


def test_names_are_present_and_different(tmp_path: Path) -> None:
    """Blank and repeated names are mended, with a note for each."""
    reading = load(tmp_path, "x,x,,X\n1,2,3,4\n5,6,7,8\n")
    assert list(reading.raw.columns) == ["x", "x (2)", "column_3", "X (3)"]
    assert {"REPEATED_NAME", "UNNAMED_COLUMN"} <= codes(reading)


def test_a_missing_header_is_asked(tmp_path: Path) -> None:
    """No names over numbers: the first row stays data until the owner says otherwise."""
    content = "1,20.5,north\n2,30.5,south\n3,10.5,north\n4,11.5,south\n"
    reading = load(tmp_path, content)
    assert (reading.questions[0].key, reading.questions[0].proposed) == ("header", "no")
    assert list(reading.raw.columns) == ["column_1", "column_2", "column_3"]
    assert len(reading.raw) == 4
    answered = load(tmp_path, content, header="yes")
    assert (len(answered.raw), answered.questions) == (3, ())


def test_excel_hint_one_column_and_gzip(tmp_path: Path) -> None:
    """``sep=`` is obeyed, a single column invents no separator, a packed file reads like its content."""
    assert load(tmp_path, "sep=|\na|b\n1,5|2\n").raw.to_numpy().tolist() == [["1,5", "2"]]
    assert load(tmp_path, "age\n20\n30\n").raw["age"].tolist() == ["20", "30"]
    assert len(load(tmp_path, gzip.compress(BODY.encode()), "a.csv.gz").raw) == 3


def archive(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, text in members.items():
            out.writestr(name, text)
    return buffer.getvalue()


def workbook(*sheets: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="xlsxwriter") as writer:
        for number, sheet in enumerate(sheets):
            sheet.to_excel(writer, sheet_name=f"S{number}", index=False)
    return buffer.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FAR = {"xl/workbook.xml": "<w/>", "xl/worksheets/s.xml": '<c r="XFD1048576" t="n">'}
SMALL = pd.DataFrame({"id": [1, 2, 3], "name": ["a", "b", None], "spend": [1.5, None, 3.0]})
REFUSED = {
    "zero bytes": (b"", "EMPTY_FILE"),
    "white space": (b" \r\n\t\n", "EMPTY_FILE"),
    "mark only": (codecs.BOM_UTF8, "EMPTY_FILE"),
    "header only": (b"name,address\n", "NO_ROWS"),
    "pdf": (b"%PDF-1.7 blah blah", "NOT_A_TABLE"),
    "program": (b"MZ\x90\x00\x03" + bytes(200), "NOT_A_TABLE"),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(50), "NOT_A_TABLE"),
    "web page": (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table></html>", "NOT_A_TABLE"),
    "noise": (random.Random(1).randbytes(5_000), "NOT_A_TABLE"),
    "encrypted": (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "ENCRYPTED"),
    "half a workbook": (workbook(SMALL)[:2_000], "TRUNCATED"),
    "half a parquet": (parquet(SMALL)[:-20], "TRUNCATED"),
    "half a gzip": (gzip.compress(BODY.encode() * 50)[:-10], "TRUNCATED"),
    "far cell": (archive(**FAR), "SHEET_TOO_LARGE"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_by_its_code(tmp_path: Path, case: str) -> None:
    """Each refusal has its code and says what to do next, whatever the file is called."""
    content, code = REFUSED[case]
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, content, "customers.csv")
    assert caught.value.code == code
    assert caught.value.hint


def test_a_workbook_gives_its_largest_sheet_natively(tmp_path: Path) -> None:
    """Numbers stay numbers, gaps are None, the choice of sheet is noted and can be changed."""
    content = workbook(SMALL.head(1), SMALL)
    reading = load(tmp_path, content, "b.xlsx")
    assert reading.source.sheet == "S1"
    assert reading.raw["id"].tolist() == [1, 2, 3]
    assert reading.raw["name"].tolist() == ["a", "b", None]
    assert "SHEET" in codes(reading)
    assert len(load(tmp_path, content, sheet="S0").raw) == 1


def test_parquet_keeps_long_numbers_exact(tmp_path: Path) -> None:
    """A long whole number beside a gap does not become a float; lists are left away and told."""
    frame = pd.DataFrame({"id": pd.array([2**60 + 1, None], dtype="Int64"), "tags": [[1], [2]]})
    reading = load(tmp_path, parquet(frame), "p.parquet")
    assert reading.raw["id"].iloc[0] == 2**60 + 1
    assert list(reading.raw.columns) == ["id"]
    assert "NESTED_COLUMN" in codes(reading)


def test_content_wins_over_the_name(tmp_path: Path) -> None:
    """A workbook called .csv is read as a workbook, with a note."""
    reading = load(tmp_path, workbook(SMALL), "data.csv")
    assert (reading.source.format, len(reading.raw)) == ("excel", 3)
    assert "EXTENSION" in codes(reading)


cells = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029"), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.integers(0, 999), cells, cells), min_size=4, max_size=12),
       delimiter=st.sampled_from(",;\t|"))
def test_what_a_csv_writer_writes_is_read_back_exactly(tmp_path: Path, rows: list, delimiter: str) -> None:
    """Quoted text of any kind comes back cell by cell (Python's csv writer is the independent side)."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("number", "left", "right"), *rows])
    reading = load(tmp_path, buffer.getvalue(), delimiter=delimiter)
    assert reading.raw.to_numpy().tolist() == [[str(n), a, b] for n, a, b in rows]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(flips=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=8))
def test_damaged_bytes_are_read_or_refused_never_a_crash(tmp_path: Path, flips: list) -> None:
    """Whatever bytes change, the answer is a table that conserves rows or an UnreadableFile."""
    data = bytearray(("a,b,c\n" + '1,"x",2\n' * 30).encode())
    for position, value in flips:
        data[position] = value
    try:
        load(tmp_path, bytes(data))
    except UnreadableFile as refusal:
        assert refusal.hint


def test_real_files_load_whole(shared_data: Path) -> None:
    """Every plain customer file loads without a quarantined line."""
    for path in sorted((shared_data / "customers").glob("*.csv")):
        reading = read(path, path.name, {})
        assert len(reading.quarantine) == 0, path.name
        assert not reading.questions, path.name
