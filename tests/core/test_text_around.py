"""Where tables, headers and rows begin: what stands around them is never taken for them, nor they for it."""

from __future__ import annotations

from pathlib import Path

from core.formats import Reading
from core.formats.layout import lay_out
from core.formats.text import TEXT
from tests.core.polluting import Rows, written

PEOPLE: Rows = [["id", "name", "city", "vip"]] + [
    [str(at), ("Anna", "Bo", "Chen")[at % 3], ("Oslo", "Wien", "Paris")[at // 2 % 3], "YN"[at % 2]] for at in range(1, 41)]
PRICES: Rows = [["Kunde", "Betrag", "Datum"]] + [[f"K{at % 4}", f"{at},50", f"{at % 27 + 1}. Nov 2024"] for at in range(12)]
WORDS: Rows = [["Name", "Work", "Country"]] + [
    [f"{('Anna', 'Bo', 'Chen')[at % 3]} {'abcdefg'[at % 7]}", ("nurse", "teacher")[at % 2], ("Norway", "Peru", "Japan")[at // 3 % 3]]
    for at in range(36)]


def load(folder: Path, data: str | bytes, **answers: str) -> Reading:
    path = folder / "file.csv"
    path.write_bytes(data.encode("utf-8") if isinstance(data, str) else data)
    return TEXT.read(path, path.name, answers)


def cells(reading: Reading) -> Rows:
    return [list(reading.raw.columns), *reading.raw.to_numpy().tolist()]


def test_a_wider_table_below_is_no_text_with_a_comma_in_it(tmp_path: Path) -> None:
    """Its rows used to be squeezed into the columns of the first table, their last two cells as one."""
    for table in (PEOPLE, WORDS, PRICES):
        wider = [[*row, f"x{at}"] for at, row in enumerate(table)]
        reading = load(tmp_path, written(table) + written(wider[:13]))
        assert cells(reading) == table
        assert reading.source.skips == {"OTHER_TABLE": 13}
        assert [one.key for one in reading.questions] == ["table"]


def test_a_row_too_long_is_not_squeezed_into_a_column_of_few_values(tmp_path: Path) -> None:
    reading = load(tmp_path, written(PEOPLE) + "41,Bo,Oslo,N,x1\r\n")
    assert cells(reading) == PEOPLE
    assert reading.quarantine["text"].tolist() == ["41,Bo,Oslo,N,x1"]


def test_a_first_row_with_blanks_is_no_header_separated_by_them(tmp_path: Path) -> None:
    """Blanks in "12. Nov 2024" made three cells of the first line of a file without header."""
    reading = load(tmp_path, written(PRICES[1:]))
    assert reading.source.header_rows == 0
    assert reading.raw.to_numpy().tolist() == PRICES[1:]


def test_a_line_above_that_is_one_cell_short_is_no_header(tmp_path: Path) -> None:
    for above in ("Report of May\r\nBy: someone, sales\r\n\r\n", "By: someone, sales\r\n"):
        reading = load(tmp_path, above + written(PRICES))
        assert cells(reading) == PRICES
        assert sum(reading.source.skips.values()) == above.count("\r\n")


def test_a_first_row_cut_at_the_wrong_places_is_no_second_header(tmp_path: Path) -> None:
    text = written(PRICES).replace('"0,50",0', '"0,50"0').replace('K0,"0,50",', 'K0"0,50",', 1)
    reading = load(tmp_path, text)
    assert list(reading.raw.columns) == PRICES[0]
    assert reading.raw.to_numpy().tolist()[-11:] == PRICES[2:]


def test_names_that_may_be_shifted_are_asked_about(tmp_path: Path) -> None:
    """A header one name short over a first column that does not count: whose name is missing, only the owner knows."""
    body = "".join(f"{at * 7919 % 99991:x},{at % 24:02}:10,/p{at},{['ios', 'web'][at % 2]}\n" for at in range(30))
    reading = load(tmp_path, f"sessionstart,page,device\n{body}")
    assert [one.key for one in reading.questions] == ["header_gap"]
    assert "ROW_NAMES" not in {note.code for note in reading.notes}


def test_two_separators_in_a_row_are_an_empty_cell(tmp_path: Path) -> None:
    reading = load(tmp_path, "a,b,c,,\n1,,3,,\n,,4,,\n2,,5,,\n")
    assert cells(reading) == [["a", "b", "c"], ["1", "", "3"], ["", "", "4"], ["2", "", "5"]]


def test_times_of_day_are_not_cut_at_their_colons(tmp_path: Path) -> None:
    reading = load(tmp_path, "".join(f"shop {at} 1971-01-01 4:14:{at:02}\n" for at in range(10, 30)))
    assert reading.raw.shape[1] != 3


def test_remarks_between_rows_do_not_hide_the_separator(tmp_path: Path) -> None:
    assert cells(load(tmp_path, "test1,test2\n#testing comment\n1,2\n\n")) == [["test1", "test2"], ["1", "2"]]


def test_one_nul_makes_no_utf_16(tmp_path: Path) -> None:
    reading = load(tmp_path, b"a,b,c\n\0,2,3\n")
    assert (reading.source.encoding, cells(reading)) == ("utf-8", [["a", "b", "c"], ["", "2", "3"]])


def test_words_here_and_there_above_a_sheet_are_no_table() -> None:
    """As in workbooks in which people wrote notes around their table."""
    above = [["Lots of people", "", "", "", ""], ["simply cannot resist writing", "", "", "", "notes"],
             ["at", "the", "", "top", ""], ["or", "merging", "", "", ""]]
    table = [["Name", "Work", "Age", "Born", "Kids"], *([f"P {at}", "actor", 60 + at, f"1950-01-{at:02}", at % 3] for at in range(1, 12))]
    layout = lay_out([*above, *table], {})
    assert layout.names == table[0]
    assert layout.rows == list(range(5, 16))
    assert layout.skips == {"PREAMBLE": 4}


def test_a_header_of_words_separated_otherwise_names_the_columns(tmp_path: Path) -> None:
    """No column of words says by itself that the line above its rows is none of them."""
    text = ";".join(WORDS[0]) + "\r\n" + written(WORDS[1:])
    reading = load(tmp_path, text)
    assert cells(reading) == WORDS
    assert "HEADER_REPAIRED" in {note.code for note in reading.notes}
    assert cells(load(tmp_path, "A report\r\n" + written(WORDS))) == WORDS
