"""Workbooks: native cells, rows by their numbers, and the laws of what is hidden in the XML."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFile
from core.formats.sheet_facts import ods_facts, xlsx_facts, xlsx_parts
from tests.core import crafted
from tests.core.formatted import book, codes, load, rows_of

CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-2**53 + 1, 2**53 - 1), st.integers(-10**12, 10**12).map(lambda n: n / 1000),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff_"), min_size=1, max_size=9),
    st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2200, 1, 1)).map(lambda day: day.replace(microsecond=0)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=2, max_size=9), top=st.integers(0, 5), left=st.integers(0, 30))
def test_what_is_written_natively_is_read_back_exactly(tmp_path: Path, rows: list, top: int, left: int) -> None:
    """Numbers, texts, flags and days come back as they are, wherever the table stands (xlsxwriter is the other side)."""
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        day = made.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(top, left, ["key", "first", "second", "third"])
        for at, row in enumerate(rows, start=top + 1):
            sheet.write_string(at, left, f"key {at}")
            for place, cell in enumerate(row, start=left + 1):
                if isinstance(cell, str):
                    sheet.write_string(at, place, cell)
                elif isinstance(cell, dt.datetime):
                    sheet.write_datetime(at, place, cell, day)
                elif cell is not None:
                    sheet.write(at, place, cell)

    reading = load(tmp_path, book(fill), header="yes", footer="keep", preamble="0", table="1", repeated_headers="keep")
    names = list(reading.raw.columns)
    for name, column in zip(("first", "second", "third"), zip(*rows, strict=True), strict=True):
        if name in names:
            assert reading.raw[name].tolist() == list(column)
        else:
            assert set(column) == {None}


def test_line_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    """A total in row 13 of the sheet is set aside as row 13, with blank rows above the table counted or not there."""
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_row(2, 1, ["id", "city", "spend"])
        for row in range(3, 12):
            sheet.write_row(row, 1, [f"c{row}", "Ulm", row * 1.5])
        sheet.write_row(12, 1, ["Total", None, 94.5])

    reading = load(tmp_path, book(fill))
    assert reading.quarantine["line"].tolist() == [13]
    assert [question.key for question in reading.questions] == ["footer"]
    assert len(load(tmp_path, book(fill), footer="keep").raw) == len(reading.raw) + 1


@pytest.mark.parametrize("kind", ["laughs", "outside", "ods"])
def test_entities_are_refused_and_nothing_is_read_from_outside(tmp_path: Path, kind: str) -> None:
    """A document type in any part ends reading; the text of the other file is in no message."""
    canary = tmp_path / "canary"
    canary.write_text("secret words")
    content = {"laughs": lambda: crafted.xlsx(prolog=crafted.laughs()), "outside": lambda: crafted.xlsx(prolog=crafted.outside(canary)),
               "ods": lambda: crafted.ods("", prolog=crafted.laughs())}[kind]()
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, content)
    assert caught.value.code == "UNSAFE_XML"
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_entities_in_other_parts_and_encodings_are_refused(tmp_path: Path) -> None:
    """Also in the list of sheets, in a relationship, and as UTF-16."""
    for name, content in (("xl/sharedStrings.xml", crafted.laughs() + "<sst/>"), ("xl/_rels/other.rels", crafted.laughs() + "<a/>"),
                          ("xl/theme.xml", ("\ufeff" + crafted.laughs() + "<a/>").encode("utf-16-le")),
                          ("xl/long.xml", "<!-- " + "x" * 70_000 + " -->" + crafted.laughs() + "<a/>")):
        with pytest.raises(UnreadableFile) as caught:
            load(tmp_path, crafted.xlsx(more={name: content}))
        assert caught.value.code == "UNSAFE_XML", name


def _facts(content: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return xlsx_facts(archive, xlsx_parts(archive)["S"], 30_000_000)


@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=12), quote=st.sampled_from("\"'"))
def test_the_extent_encloses_every_filled_cell(places: list, quote: str) -> None:
    """In any order and with either quote, whatever the rows say of themselves (the generator knows the truth)."""
    import xlsxwriter.utility as names

    cells = "".join(f"<c r={quote}{names.xl_rowcol_to_cell(row - 1, column - 1)}{quote}><v>1</v></c>" for row, column in places)
    facts = _facts(crafted.xlsx(f'<row r="1">{cells}</row>'))
    assert facts.right >= max(column for _, column in places)
    assert facts.bottom >= max(row for row, _ in places)
    assert facts.cells == len(places)


def test_a_row_longer_than_a_piece_is_measured_whole() -> None:
    """Cells on both sides of the border between two pieces of the stream count once."""
    rows = "".join(f'<row r="{i}">' + "".join(f'<c r="{c}{i}"><v>{i}</v></c>' for c in "ABCDEFGH") + "</row>" for i in range(1, 9_001))
    facts = _facts(crafted.xlsx(rows))
    assert (facts.right, facts.bottom, facts.cells) == (8, 9_000, 72_000)


def test_ods_counts_what_is_repeated_merged_hidden_and_unknown() -> None:
    """Repeats widen the extent, spans are merged cells, formulas without a value were never calculated."""
    rows = (f'<table:table-row>{crafted.ods_cell("a", 3)}</table:table-row>'
            '<table:table-row table:number-rows-repeated="4" table:visibility="collapse">'
            f'{crafted.ods_cell("b")}<table:table-cell table:formula="of:=1+1"/></table:table-row>'
            '<table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>m</text:p>'
            "</table:table-cell><table:covered-table-cell/></table:table-row>")
    with zipfile.ZipFile(io.BytesIO(crafted.ods(rows))) as archive:
        facts = ods_facts(archive)["S"]
    assert (facts.right, facts.bottom, facts.cells) == (3, 6, 3 + 4 + 1)
    assert (facts.merged, facts.hidden_rows, facts.unknown) == ([(5, 0, 5, 1)], 1, {1: 1})


def _rounded(row: list) -> list:
    """Numbers to the 15 digits that Excel shows: the older format does not always keep more."""
    return [float(f"{cell:.15g}") if isinstance(cell, float) else cell for cell in row]


def test_every_real_workbook_reads_alike_as_xls_and_xlsx(shared_data: Path, tmp_path: Path) -> None:
    """Pairs of the same content in both formats give the same cells (the other format is the independent side)."""
    folder = shared_data / "messy" / "readxl" / "tests" / "testthat" / "sheets"
    pairs = [(one, folder / f"{one.stem.removesuffix('-xls')}{'-xlsx' if one.stem.endswith('-xls') else ''}.xlsx")
             for one in sorted(folder.glob("*.xls"))]
    compared = 0
    for old, new in pairs:
        if not new.exists() or old.stem in ("geometry", "skipping"):  # whose sheets differ between the two
            continue
        compared += 1
        first, second = rows_of(load(tmp_path, old.read_bytes())), rows_of(load(tmp_path, new.read_bytes()))
        assert list(map(_rounded, first)) == list(map(_rounded, second)), old.name
    assert compared >= 20


def test_invisible_characters_of_old_workbooks_are_removed_and_told(shared_data: Path, tmp_path: Path) -> None:
    """A writer of XLS put NUL between the letters; the names are those without."""
    old = shared_data / "messy" / "readxl" / "tests" / "testthat" / "sheets" / "mtcars.xls"
    reading = load(tmp_path, old.read_bytes())
    assert list(reading.raw.columns)[:3] == ["mpg", "cyl", "disp"]
    assert "NUL_REMOVED" in codes(reading)
