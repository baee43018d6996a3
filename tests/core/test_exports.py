"""Exports: every row and cell comes out again, no cell becomes a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.exports import EXPORTS, workbook_summary
from core.exports.customers_sheet import customer_columns
from core.exports.order_columns import exported_profile
from core.exports.sheets import Shown, number_format, workbook
from core.exports.told import by_name, segments
from core.exports.workbook_facts import book_facts
from core.formats.reading import Reading
from core.model import Candidate, Plan, Score, Segmentation, Source, Table
from core.neutral import is_dangerous, neutral, restored
from core.tables import understand

EVIL = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "|calc", "%x", "＝1", "  =1", "'=1", '"=1', "\r=1",
        "=HYPERLINK(\"x\")"]


def table(**columns: list) -> Table:
    raw = pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})
    return understand(Reading(raw, Source("t.csv", "text")), {})


def segmentation(n: int) -> Segmentation:
    labels = np.array([1 + i % 2 for i in range(n)], dtype=np.int16)
    labels[-1] = -1
    sizes = {int(k): int((labels == k).sum()) for k in np.unique(labels)}
    candidate = Candidate("kmeans-2", "kmeans", "K-means", {"n_segments": 2}, labels, sizes, {1: "=evil", 2: "calm"},
                          (Score("silhouette", 0.5),), 0.1, trust={1: 0.9, 2: 0.59})
    profile = pd.DataFrame({"segment": [0, 1], "segment_name": ["Everyone", "=evil"], "mean": [1.5, np.nan]})
    return Segmentation("f" * 64, Plan(), candidate, profile, np.arange(n) == 0, {1: "gap in x"}, "because of =1",
                        verdict="natural", reason="=why", resamples=50, descriptions={1: "@SUM(A1) of a person"})


def written(name: str, found: Table, *, raw: bool = False) -> bytes:
    stream = io.BytesIO()
    EXPORTS[name].write(found, segmentation(len(found)), stream, raw=raw)
    return stream.getvalue()


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def test_customers_hold_every_row_and_cell_in_order() -> None:
    """Cells come out as they stood in the file, then our five columns; who is in a shaky segment is told so."""
    found = table(id=["00123", "00007", "5"], x=["1,5", "", "2,5"], Segment=["a, b", 'say "x"', "two\nlines"])
    out = rows(written("customers_csv", found))
    assert out[0] == ["id", "x", "Segment", "segment_2", "segment_name", "outlier", "set_aside", "caution"]
    assert out[1] == ["00123", "1,5", "a, b", "1", "'=evil", "yes", "", ""]
    assert out[2] == ["00007", "", 'say "x"', "2", "calm", "no", "gap in x", "Do not target on this alone."]
    assert out[3] == ["5", "2,5", "two\nlines", "-1", "not placed", "no", "", ""]


@pytest.mark.parametrize("cell", EVIL)
def test_formula_like_cells_and_names_are_neutralised(cell: str) -> None:
    """Each known way of starting a formula gets an apostrophe, in headers too, unless raw."""
    found = table(**{cell: [cell, "x", "y"]})
    out = rows(written("customers_csv", found))
    assert out[0][0] == "'" + cell
    assert out[1][0] == "'" + cell
    assert rows(written("customers_csv", found, raw=True))[1][0] == cell


@pytest.mark.parametrize("cell", ["-5", "+3.2", "-1,234.5", "1e-5", "-12%", "plain", "", "a=b", "00123"])
def test_numbers_and_plain_text_stay(cell: str) -> None:
    """A valid number is no formula."""
    assert neutral(cell) == cell


@settings(max_examples=1_000, deadline=None)
@given(st.one_of(st.text(max_size=12), st.text("=+-@'\" \t\r\n\0|%1e.＝", max_size=6)))
def test_neutralising_can_be_undone_exactly(cell: str) -> None:
    """Un-prefixing gives back the input, and nothing dangerous is left."""
    assert restored(neutral(cell)) == cell
    safe = neutral(cell)
    assert safe == cell or safe.startswith("'")
    assert is_dangerous(cell) == (safe != cell)


texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=10)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.one_of(texts, st.sampled_from(EVIL)), texts), min_size=2, max_size=8))
def test_any_table_comes_back_from_csv_and_holds_no_formula_in_excel(cells: list[tuple[str, str]]) -> None:
    """CSV read by Python's reader gives the input after un-prefixing; the sheets' XML has no formula, no link."""
    left, right = zip(*cells, strict=True)
    found = table(left=list(left), right=list(right))
    back = [[restored(cell) for cell in row[:2]] for row in rows(written("customers_csv", found))[1:]]
    assert back == [list(pair) for pair in cells]
    with zipfile.ZipFile(io.BytesIO(written("workbook_xlsx", found))) as book:
        for name in book.namelist():
            if "worksheets" in name:
                assert not re.search(rb"<f[ >]|<hyperlink", book.read(name))


def test_the_workbook_has_its_sheets_with_numbers_as_numbers() -> None:
    """Read back by an independent reader."""
    found = table(id=["00123", "00007", "00008"], spend=["€1,234.50", "", "€2,000.25"])
    content = io.BytesIO(written("workbook_xlsx", found))
    sheets = pd.read_excel(content, sheet_name=None, engine="calamine")
    assert list(sheets) == ["Summary", "1 =evil", "2 calm", "Customers", "Segments", "Profiles"]
    assert sheets["Customers"]["spend"].tolist()[::2] == [1234.5, 2000.25]
    assert sheets["Customers"]["segment"].tolist() == [1, 2, -1]
    assert len(sheets["Profiles"]) == 1, "segments of one customer are not told about"
    assert sheets["Segments"]["caution"].fillna("").tolist() == ["", "Do not target on this alone."]
    assert sheets["Segments"]["stability"].tolist() == [0.9, 0.59]


def test_numbers_stand_under_their_header_and_texts_keep_away_from_them() -> None:
    """By what Excel is told: the style of each cell of a sheet, header and first row."""
    stream = io.BytesIO()
    with workbook(stream) as book:
        book.table(book.sheet("one")[0], [Shown("number", [None, 1.5]), Shown("text", ["", "a"]), Shown("flag", [True, False])])
    with zipfile.ZipFile(stream) as parts:
        styles, sheet = (parts.read(f"xl/{name}.xml").decode() for name in ("styles", "worksheets/sheet1"))
    forms = re.findall(r"<xf [^>]*?/>|<xf .*?</xf>", re.search(r"<cellXfs.*?</cellXfs>", styles)[0])
    style = {cell: forms[int(place)] for cell, place in re.findall(r'<c r="(\w\d)" s="(\d+)"', sheet)}
    assert 'horizontal="right"' in style["A1"] and 'horizontal="left" ' in style["B1"] and 'horizontal="right"' not in style["C1"]
    assert 'indent="1"' in style["B1"] and 'indent="1"' in style["B3"] and "A3" not in style


def test_whole_numbers_are_shown_without_decimals() -> None:
    """Ages and incomes in thousands are typed so; a mean of them, or one price with cents, is not."""
    assert [number_format(unit, whole=True) for unit in ("years", "k$", "%", "")] == ['#,##0 "years"', '#,##0 "k$"', '0"%"', ""]
    assert number_format("k$") == '#,##0.00 "k$"'
    found = table(paid=["€1", "€2", "€3"], price=["€1.50", "", "€3"], none=["", "", ""])
    shown = {one.name: one.format for one in customer_columns(found, segmentation(3))}
    assert (shown["paid"], shown["price"]) == (number_format("EUR", whole=True), number_format("EUR"))


def test_no_header_of_the_summary_is_wider_than_its_column() -> None:
    """Wrapped headers lie over the first row where a program does not make room."""
    found = table(age=["19", "21", "33"], city=["Ulm", "Bonn", "Ulm"])
    names = [one.name for one in workbook_summary._columns(book_facts(found, segmentation(3), personal=False))]
    assert all(len(name) < width for name, width in zip(names, workbook_summary._WIDTHS, strict=True))


def test_plan_and_scores_are_json() -> None:
    """The plan replays; the scores name sizes largest first and the share placed."""
    found = table(x=["1", "2", "3", "4.5"])
    assert Plan.from_json(written("plan_json", found).decode()) == Plan()
    scores = json.loads(written("scores_json", found))
    assert scores["sizes"] == [2, 1]
    assert scores["share_placed"] == 0.75
    assert scores["scores"] == {"silhouette": 0.5}


def test_what_a_person_wrote_and_what_to_beware_of_is_in_every_file() -> None:
    """Names and descriptions, made harmless where a spreadsheet reads them; the caution of a segment under 0.60."""
    found = table(x=["1", "2", "3"])
    profile = rows(written("profiles_csv", found))
    lines = [dict(zip(profile[0], row, strict=True)) for row in profile[1:]]
    assert [line["segment_name"] for line in lines] == ["Everyone", "'=evil"]
    assert (lines[1]["description"], lines[1]["stability"], lines[1]["caution"]) == ("'@SUM(A1) of a person", "0.9", "")
    assert (lines[0]["stability"], lines[0]["trust"], lines[1]["trust"]) == ("", "", "very stable")
    scores = json.loads(written("scores_json", found))
    assert scores["verdict"] == "natural" and scores["resamples"] == 50 and scores["verdict_because"] == "=why"
    assert scores["stability"] == {"=evil": 0.9, "calm": 0.59} and scores["caution"] == {"calm": "Do not target on this alone."}
    assert scores["trust"] == {"=evil": "very stable", "calm": "do not trust"}
    assert scores["descriptions"] == {"=evil": "@SUM(A1) of a person"}
    book = zipfile.ZipFile(io.BytesIO(written("workbook_xlsx", found)))
    assert b"Do not target on this alone." in b"".join(book.read(name) for name in book.namelist())


def test_a_name_given_later_replaces_the_proposed_one() -> None:
    """The profile was made with the proposed names; what is exported has those of the person, also two of one name."""
    found = replace(segmentation(3), candidate=replace(segmentation(3).candidate, names={1: "Regulars", 2: "Regulars"}))
    assert exported_profile(found)["segment_name"].tolist() == ["Everyone", "Regulars"]
    assert by_name(found) == {"Regulars (segment 1)": 1, "Regulars (segment 2)": 2}


def test_stability_nobody_measured_is_unknown_not_low() -> None:
    """Without resamples no segment is called shaky, and none is called stable."""
    found = replace(segmentation(3), candidate=replace(segmentation(3).candidate, trust={}))
    told = segments(found)
    assert told["stability"].isna().all() and set(told["trust"]) == set(told["caution"]) == {""}


def test_native_cells_come_out_plainly() -> None:
    """Whole numbers without a point, times in ISO form, gaps empty."""
    days = [pd.Timestamp("2026-01-02"), pd.NaT, pd.Timestamp("2026-01-02 03:04:05")]
    raw = pd.DataFrame({"n": [1.0, 2.5, np.nan], "d": days})
    out = rows(written("customers_csv", understand(Reading(raw, Source("t", "parquet")), {})))
    assert [row[:2] for row in out[1:]] == [["1", "2026-01-02"], ["2.5", ""], ["", "2026-01-02 03:04:05"]]
