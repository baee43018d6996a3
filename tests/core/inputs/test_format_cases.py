"""Bad inputs that are workbooks, Parquet or packed: the cases B1, B4, B76 and B80 to B95."""

from __future__ import annotations

import datetime as dt
import gzip
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xlsxwriter

from tests.core import crafted
from tests.core.formatted import book, codes, load, merged, parquet, refused, rows_of, three_sheets


def test_b001_an_empty_file_is_refused(tmp_path: Path) -> None:
    """0 bytes, packed or not, whatever the name."""
    for content, name in ((b"", "a.csv"), (b"", "a.xlsx"), (b"", "a.parquet"), (b"", "a.json"), (gzip.compress(b""), "a.csv.gz"),
                          (crafted.zipped({"a.csv": b""}), "a.zip"), (crafted.zipped({}), "a.zip")):
        assert refused(tmp_path, content, name).code == "EMPTY_FILE", name


def test_b004_one_row_loads_in_every_format(tmp_path: Path) -> None:
    """It is there to be looked at."""
    frame = pd.DataFrame({"id": ["c1"], "spend": [1.5]})
    made = {"xlsx": crafted.xlsx(crafted.GOOD_ROWS.split('<row r="3">')[0]), "parquet": parquet(pa.Table.from_pandas(frame)),
            "json": frame.to_json(orient="records"), "ndjson": frame.to_json(orient="records", lines=True)}
    for name, content in made.items():
        assert len(load(tmp_path, content, f"a.{name}").raw) == 1, name


def test_b076_no_row_is_sampled_away_and_too_many_are_refused_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows of a large file are there; one that cannot be held is refused from what it declares."""
    content = parquet(pa.table({"n": np.arange(1_200_000)}))
    assert len(load(tmp_path, content).raw) == 1_200_000
    monkeypatch.setattr("core.formats.reading.MAX_CELLS", 1_000_000)
    told = refused(tmp_path, content)
    assert (told.code, "1,200,000" in str(told)) == ("SHEET_TOO_LARGE", True)


def test_b080_formulas_that_were_never_calculated_are_told_by_column(tmp_path: Path) -> None:
    """The column is empty, the note says why and what to do."""
    rows = crafted.GOOD_ROWS.replace("<v>10</v>", "<f>A2*10</f><v></v>").replace("<v>20</v>", "<f>A3*10</f>")
    reading = load(tmp_path, crafted.xlsx(rows))
    note = next(note for note in reading.notes if note.code == "NOT_CALCULATED")
    assert (note.column, note.count, "save" in note.hint) == ("spend", 2, True)
    assert reading.raw["spend"].tolist() == [None, None]


def test_b080_calculated_formulas_give_their_values(tmp_path: Path) -> None:
    """A cached value is a value, and no note is made of it."""
    reading = load(tmp_path, crafted.xlsx(crafted.GOOD_ROWS.replace("<v>10</v>", "<f>A2*10</f><v>10</v>")))
    assert (reading.raw["spend"].tolist(), codes(reading)) == ([10, 20], set())


def test_b081_error_cells_are_missing_and_counted(tmp_path: Path) -> None:
    """#N/A and #DIV/0! are no values; their number and their words are told for the column."""
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["id", "ratio"])
        for row, (formula, value) in enumerate([("=NA()", "#N/A"), ("=1/0", "#DIV/0!"), ("=1+1", 2), ("=2+2", 4)], start=1):
            sheet.write(row, 0, f"c{row}")
            sheet.write_formula(row, 1, formula, None, value)

    reading = load(tmp_path, book(fill))
    assert reading.raw["ratio"].tolist() == [None, None, 2, 4]
    note = next(note for note in reading.notes if note.code == "ERROR_CELLS")
    assert (note.column, note.count, set(note.examples)) == ("ratio", 2, {"#N/A", "#DIV/0!"})


def test_b082_the_largest_sheet_is_taken_and_another_can_be(tmp_path: Path) -> None:
    """The note lists the others with sizes; its choice names all, and answering it reads another."""
    content = book(three_sheets)
    reading = load(tmp_path, content)
    note = next(note for note in reading.notes if note.code == "SHEET")
    assert (reading.source.sheet, len(reading.raw)) == ("Large", 9)
    assert (note.choice.key, set(note.choice.options), note.choice.taken) == ("sheet", {"Small", "Large", "Middle"}, "Large")
    assert any("Small" in example and "3 rows" in example for example in note.examples)
    other = load(tmp_path, content, sheet="Small")
    assert (other.source.sheet, other.raw["id"].tolist()) == ("Small", ["Small 1", "Small 2"])


def test_b083_merged_names_are_filled_and_merged_rows_are_asked(tmp_path: Path) -> None:
    """Both answers about the rows do what they say; the names are told."""
    content = book(merged)
    reading = load(tmp_path, content)
    assert list(reading.raw.columns) == ["id", "Spend", "Spend (2)", "region"]
    assert "MERGED_HEADER" in codes(reading)
    question = next(one for one in reading.questions if one.key == "merged")
    assert (question.options, question.proposed) == (("fill", "leave"), "fill")
    filled, left = load(tmp_path, content, merged="fill"), load(tmp_path, content, merged="leave")
    assert filled.raw["region"].tolist() == ["North"] * 3 + ["South"] * 3 == reading.raw["region"].tolist()
    assert left.raw["region"].tolist() == ["North", None, None, "South", None, None]
    assert not {one.key for one in (*filled.questions, *left.questions)} & {"merged"}


def test_b084_what_is_hidden_is_read_and_said_aloud(tmp_path: Path) -> None:
    """Hidden rows, columns and sheets, and filters, each with a note."""
    def fill(made: xlsxwriter.Workbook) -> None:
        three_sheets(made)
        made.get_worksheet_by_name("Middle").hide()
        sheet = made.get_worksheet_by_name("Large")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.autofilter(0, 0, 9, 1)

    reading = load(tmp_path, book(fill))
    assert {"HIDDEN_ROWS", "HIDDEN_COLUMNS", "HIDDEN_SHEET"} <= codes(reading)
    assert len(reading.raw) == 9 and list(reading.raw.columns) == ["id", "spend"]


def test_b085_a_password_is_refused_with_the_way_to_remove_it(tmp_path: Path) -> None:
    """An encrypted workbook is an OLE file with an EncryptedPackage."""
    told = refused(tmp_path, crafted.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "a.xlsx")
    assert (told.code, "remove" in told.hint) == ("ENCRYPTED", True)


def test_b086_each_kind_of_workbook(tmp_path: Path, shared_data: Path) -> None:
    """XLS and ODS load as XLSX does, macros are not run and told, XLSB is refused with what can be read."""
    folder = shared_data / "messy" / "tabulator"
    expected = [[1, "english"], [2, "中国人"]]
    for name in ("table.xls", "table.ods", "table.xlsx"):
        assert rows_of(load(tmp_path, (folder / name).read_bytes(), name)) == expected, name
    told = load(tmp_path, crafted.xlsx(more={"xl/vbaProject.bin": b"x"}), "a.xlsm")
    assert ("MACROS" in codes(told), len(told.raw)) == (True, 2)
    binary = refused(tmp_path, crafted.zipped({"xl/workbook.bin": b"x"}), "a.xlsb")
    assert (binary.code, ".ods" in binary.hint) == ("NOT_A_TABLE", True)


def test_b087_a_far_cell_is_refused_and_an_empty_or_declared_one_is_not_there(tmp_path: Path) -> None:
    """What is filled counts, not what is declared or styled; in ODS not what is repeated and empty, but what is repeated."""
    far = '<row r="1048576"><c r="XFD1048576"{}</row>'
    told = refused(tmp_path, crafted.xlsx(crafted.GOOD_ROWS + far.format("><v>1</v></c>")))
    assert (told.code, told.sheet) == ("SHEET_TOO_LARGE", "S")
    styled = load(tmp_path, crafted.xlsx(crafted.GOOD_ROWS + far.format(' s="0"/>')))
    declared = load(tmp_path, crafted.xlsx(before='<dimension ref="A1:XFD1048576"/>'))
    assert rows_of(styled) == rows_of(declared) == [[1, 10], [2, 20]]
    row = "<table:table-row{}>{}</table:table-row>"
    names = row.format("", crafted.ods_cell("id") + crafted.ods_cell("city"))
    body = row.format("", crafted.ods_cell("a") + crafted.ods_cell("b")) * 3
    empty = row.format(' table:number-rows-repeated="1048570"', '<table:table-cell table:number-columns-repeated="16384"/>')
    assert len(load(tmp_path, crafted.ods(names + body + empty)).raw) == 3
    repeated = row.format(' table:number-rows-repeated="1048570"', crafted.ods_cell("x", 16_384))
    assert refused(tmp_path, crafted.ods(names + repeated)).code == "SHEET_TOO_LARGE"


BOMBS = {
    "gzip": lambda: crafted.gzip_of_zeros(120),
    "zip": lambda: crafted.zipped({"a.csv": b"0" * 60_000_000}),
    "workbook": lambda: crafted.xlsx(more={"xl/styles.xml": b"<a>" + b" " * 60_000_000}),
    "shared text": lambda: crafted.shared_text_bomb(70_000, 30_000),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_b088_bombs_are_refused_with_what_they_declare(tmp_path: Path, kind: str) -> None:
    """Before they are unpacked, or as soon as it is too much."""
    told = refused(tmp_path, BOMBS[kind]())
    assert told.code == "UNPACKED_TOO_LARGE"
    assert any(digit.isdigit() for digit in str(told))


def test_b089_packed_tables_load_and_several_members_are_asked(tmp_path: Path) -> None:
    """gzip and zip give what is in them; with more than one member the owner says which."""
    body = b"id,city\n1,Ulm\n2,Bonn\n3,Kiel\n"
    expected = [["1", "Ulm"], ["2", "Bonn"], ["3", "Kiel"]]
    packed = load(tmp_path, gzip.compress(body), "a.csv.gz")
    single = load(tmp_path, crafted.zipped({"a.csv": body, "__MACOSX/._a.csv": b"x"}), "a.zip")
    assert rows_of(packed) == rows_of(single) == expected
    assert (packed.source.packed, single.source.packed, packed.questions, single.questions) == ("a.csv", "a.csv", (), ())
    content = crafted.zipped({"a.csv": body, "b.csv": b"x,y\n5,6\n", "read me.txt": b"hello " * 99})
    asked = load(tmp_path, content, "a.zip")
    question = next(one for one in asked.questions if one.key == "member")
    assert set(question.options) == {"a.csv", "b.csv", "read me.txt"}
    chosen = load(tmp_path, content, "a.zip", member="b.csv")
    assert (list(chosen.raw.columns), "member" in {one.key for one in chosen.questions}) == (["x", "y"], False)
    assert refused(tmp_path, crafted.encrypted_zip(), "a.zip").code == "ENCRYPTED"


UNSAFE = {
    "up": lambda: crafted.zipped({"../a.csv": b"a,b\n1,2\n"}),
    "absolute": lambda: crafted.zipped({"/etc/a.csv": b"a,b\n1,2\n"}),
    "drive": lambda: crafted.zipped({"C:\\a.csv": b"a,b\n1,2\n"}),
    "link": crafted.linked_zip,
    "nested": lambda: crafted.zipped({"a.zip": crafted.zipped({"a.csv": b"a,b\n1,2\n"})}),
    "twice": lambda: crafted.twice_gzipped(b"a,b\n1,2\n"),
    "overlap": lambda: crafted.overlapping_zip(50, 100_000),
    "many": lambda: crafted.zipped({f"{i}.csv": b"" for i in range(2_500)}),
}


@pytest.mark.parametrize("kind", UNSAFE)
def test_b090_archives_with_ways_out_are_refused(tmp_path: Path, kind: str) -> None:
    """Nothing is ever written under a name of theirs; the refusal says so all the same."""
    assert refused(tmp_path, UNSAFE[kind](), "a.zip").code == "UNSAFE_ARCHIVE"


def test_b091_what_was_cut_says_upload_again(tmp_path: Path) -> None:
    """At every quarter of the file, packed or not."""
    frame = pd.DataFrame({"id": range(900), "name": [f"customer {i * 7919 % 900}" for i in range(900)]})
    body = frame.to_csv(index=False).encode()
    for whole in (parquet(pa.Table.from_pandas(frame)), book(three_sheets), gzip.compress(body), crafted.zipped({"a.csv": body})):
        for quarter in (1, 2, 3):
            told = refused(tmp_path, whole[: len(whole) * quarter // 4])
            assert (told.code, "upload" in told.hint) == ("TRUNCATED", True)


def test_b092_flipped_bits_are_found_by_checksums_or_by_what_they_break(tmp_path: Path) -> None:
    """With checksums every flip in the data is refused; without, text that is none and values out of range are told."""
    table = pa.table({"name": [f"customer {i}" for i in range(4_000)], "n": np.arange(4_000)})
    for at in range(1_000, 30_000, 2_900):
        summed = bytearray(parquet(table, write_page_checksum=True, compression="none", use_dictionary=False))
        summed[at] ^= 4
        assert refused(tmp_path, bytes(summed)).code == "TRUNCATED"
    plain = bytearray(parquet(table, compression="none", use_dictionary=False))
    plain[plain.find(b"customer 777") + 3] = 0xFF
    plain[plain.find(np.int64(1_234).tobytes()) + 5] = 0x10
    doubted = load(tmp_path, bytes(plain))
    assert {note.column for note in doubted.notes if note.code == "DOUBTFUL_COLUMN"} == {"name", "n"}


def test_b093_parquet_bombs_are_refused_before_they_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By declared rows, by a dictionary of one long text (543 bytes to 2.4 GB), and by texts like the one before."""
    monkeypatch.setattr("core.formats.reading.MAX_CELLS", 5_000_000)
    assert refused(tmp_path, crafted.rows_bomb(6_000_000)).code == "SHEET_TOO_LARGE"
    content = crafted.dictionary_bomb(1_200, 2_000_000)
    told = refused(tmp_path, content)
    assert len(content) < 1_000 and (told.code, "2,400,000,000" in str(told)) == ("UNPACKED_TOO_LARGE", True)
    monkeypatch.setattr("core.formats.parquet.MAX_BYTES", 100_000_000)
    assert refused(tmp_path, crafted.prefix_bomb(3_000, 100_000)).code == "UNPACKED_TOO_LARGE"


def test_b094_each_kind_of_parquet_column_is_exact_or_left_away_by_name(tmp_path: Path) -> None:
    """Decimals, long whole numbers, categories, zones, durations, half floats; lists and records by their names."""
    table = pa.table({
        "dec": pa.array([Decimal("12345678901234567890.12"), None]), "cat": pa.array(["a", None]).dictionary_encode(),
        "u64": pa.array([2**64 - 1, None], pa.uint64()), "i64": pa.array([2**60 + 1, None]),
        "zone": pa.array([dt.datetime(2024, 7, 1, 10), None], pa.timestamp("us", "Europe/Berlin")),
        "dur": pa.array([dt.timedelta(hours=30), None]), "half": pa.array(np.array([0.5, np.nan], np.float16)),
        "day": pa.array([dt.date(2024, 2, 29), None]), "list": [[1], [2]], "record": [{"a": 1, "b": [2]}, None],
        "map": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int64())), "last": ["x", "y"]})
    reading = load(tmp_path, parquet(table))
    first = reading.raw.iloc[0]
    assert list(reading.raw.columns) == ["dec", "cat", "u64", "i64", "zone", "dur", "half", "day", "last"]
    assert (first["dec"], first["cat"], first["u64"], first["i64"]) == (Decimal("12345678901234567890.12"), "a", 2**64 - 1, 2**60 + 1)
    assert (first["zone"], first["dur"], first["half"]) == (pd.Timestamp(2024, 7, 1, 10), "1 day, 6:00:00", 0.5)
    assert first["day"] == pd.Timestamp(2024, 2, 29) and reading.raw["last"].tolist() == ["x", "y"]
    assert {note.column for note in reading.notes if note.code == "NESTED_COLUMN"} == {"list", "record", "map"}
    assert {"TIME_ZONE", "DURATION"} <= codes(reading)


def test_b095_the_index_is_a_column_and_equal_names_differ(tmp_path: Path) -> None:
    """Named and unnamed index of pandas; two columns of one name keep their own cells."""
    for name, called in (("customer", "customer"), (None, "index")):
        frame = pd.DataFrame({"spend": [1.5, 2.5]}, index=pd.Index(["c1", "c2"], name=name))
        reading = load(tmp_path, parquet(pa.Table.from_pandas(frame)))
        assert reading.raw[called].tolist() == ["c1", "c2"]
    twice = load(tmp_path, parquet(pa.table([pa.array([1, 2]), pa.array(["a", "b"])], names=["x", "x"])))
    assert (list(twice.raw.columns), rows_of(twice)) == (["x", "x (2)"], [[1, "a"], [2, "b"]])
