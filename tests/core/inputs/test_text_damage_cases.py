"""Bad inputs of delimited text, each with its right outcome: quotes, ragged rows, tables, names (B22 to B35, B73 to B108)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.inputs.loading import BODY, TABLE, asked, is_the_table, load, noted, refused


def test_b022_an_unclosed_quote_costs_one_row(tmp_path: Path) -> None:
    """The rest of the file is recovered, with and without other quotes in it."""
    for other in ("Name 20,", '"Twenty, Name",'):
        reading = load(tmp_path, TABLE.replace("Name 7,", '"Name 7,').replace("Name 20,", other))
        assert (len(reading.raw), reading.quarantine["line"].tolist()) == (29, [8])
        assert "never closed" in reading.quarantine["reason"][0]


def test_b023_a_stray_quote_is_text(tmp_path: Path) -> None:
    """Inches within a cell, quoted or not."""
    reading = load(tmp_path, TABLE.replace("Name 7,", '6" pipe,').replace("Name 8,", '"an 8" pipe",'))
    assert reading.raw["name"].tolist()[6:8] == ['6" pipe', 'an 8" pipe']
    assert len(reading.raw) == 30


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_b024_a_line_break_within_quotes_is_text(tmp_path: Path, end: str) -> None:
    """Line ends of both kinds stay as they are."""
    text = TABLE.replace("\n", end).replace("Name 7,", f'"two{end}lines, here",')
    reading = load(tmp_path, text)
    assert (reading.raw["name"][6], len(reading.raw), len(reading.quarantine)) == (f"two{end}lines, here", 30, 0)


def test_b025_line_ends_of_any_kind_and_mixed(tmp_path: Path) -> None:
    """CR alone, CR LF, and both in one file."""
    lines = TABLE.splitlines()
    assert is_the_table(load(tmp_path, "\r".join(lines) + "\r"))
    assert is_the_table(load(tmp_path, "\n".join(lines[:10]) + "\r" + "\r\n".join(lines[10:]) + "\r\n"))


def test_b026_no_last_newline_and_many_blank_lines(tmp_path: Path) -> None:
    """Blank lines are counted."""
    assert is_the_table(load(tmp_path, TABLE.rstrip("\n")))
    reading = load(tmp_path, TABLE.replace("\nC-009", "\n\n\nC-009") + "\n\n\n")
    assert is_the_table(reading)
    assert reading.source.skips == {"BLANK_LINES": 5}


def test_b027_a_row_too_short_is_put_right_where_there_is_one_way(tmp_path: Path) -> None:
    """Two cells run together are cut at the seam of their types; what cannot be known is set aside."""
    reading = load(tmp_path, TABLE.replace("Name 7,10.50,2025-01-08", "Name 7,10.502025-01-08"))
    assert is_the_table(reading)
    assert reading.repairs["text"].tolist() == ["C-007,Name 7,10.502025-01-08"]
    short = load(tmp_path, TABLE.replace("C-007,Name 7,10.50,2025-01-08", "C-007,Name 7,2025-01-08"))
    assert (len(short.raw), short.quarantine["line"].tolist()) == (29, [8])


def test_b028_an_unquoted_comma_in_a_name_is_put_right(tmp_path: Path) -> None:
    """"Smith, John" is one cell again; no column is shifted; refused, the line is set aside."""
    text = TABLE.replace("Name 7,", "Smith, John,")
    reading = load(tmp_path, text)
    assert reading.raw.loc[6].tolist() == ["C-007", "Smith, John", "10.50", "2025-01-08"]
    assert len(load(tmp_path, text, repairs="no").quarantine) == 1


def test_b028_an_empty_cell_too_many_is_left_out(tmp_path: Path) -> None:
    """The types say which."""
    assert is_the_table(load(tmp_path, TABLE.replace("Name 7,10.50,", "Name 7,,10.50,")))


def test_b028_too_many_cells_without_one_explanation_are_set_aside(tmp_path: Path) -> None:
    """Between two texts a comma could belong to either."""
    body = "".join(f"{at},some words {at},other words {at}\n" for at in range(30))
    reading = load(tmp_path, f"id,first,second\n{body}99,a word,in between,of two\n")
    assert (len(reading.raw), len(reading.quarantine)) == (30, 1)


@pytest.mark.parametrize("header", ["id,name,spend,joined", "id,name,spend,joined,"])
def test_b029_a_delimiter_at_the_end_of_all_rows_shifts_nothing(tmp_path: Path, header: str) -> None:
    """The empty column is dropped with a note."""
    reading = load(tmp_path, header + "\n" + BODY.replace("\n", ",\n"))
    assert is_the_table(reading)
    assert noted(reading, "EMPTY_COLUMNS").count == 1


@pytest.mark.parametrize("between", ["", "\n", "\nTable 2: regions\n"])
def test_b030_of_two_tables_one_is_asked_for(tmp_path: Path, between: str) -> None:
    """The first is proposed; the other can be had."""
    text = TABLE + between + "region,manager,target\nNorth,Ann,400\nSouth,Bob,300\nWest,Cy,200\n"
    reading = load(tmp_path, text)
    assert is_the_table(reading)
    assert (asked(reading, "table").options, asked(reading, "table").proposed) == (("1", "2"), "1")
    other = load(tmp_path, text, table="2")
    assert (list(other.raw.columns), len(other.raw)) == (["region", "manager", "target"], 3)
    assert other.source.skips["OTHER_TABLE"] == 31


def test_b031_repeated_headers_are_removed_and_counted(tmp_path: Path) -> None:
    """Three exports put together; keep keeps them."""
    reading = load(tmp_path, TABLE + TABLE + TABLE)
    assert (len(reading.raw), reading.source.skips) == (90, {"REPEATED_HEADER": 2})
    assert len(load(tmp_path, TABLE + TABLE + TABLE, repeated_headers="keep").raw) == 92


def test_b032_equal_names_are_numbered(tmp_path: Path) -> None:
    """x, x (2)."""
    reading = load(tmp_path, TABLE.replace("spend", "id"))
    assert list(reading.raw.columns) == ["id", "name", "id (2)", "joined"]
    assert noted(reading, "REPEATED_NAME").column == "id (2)"


def test_b033_names_equal_after_trim_case_and_normalisation_are_told_apart(tmp_path: Path) -> None:
    """Trimmed, folded, composed."""
    reading = load(tmp_path, "Größe,GRÖSSE , Gro\u0308ße,x\n" + BODY)
    assert list(reading.raw.columns) == ["Größe", "GRÖSSE (2)", "Größe (3)", "x"]
    assert {note.code for note in reading.notes} >= {"SIMILAR_NAMES", "REPEATED_NAME"}


def test_b034_a_blank_name_is_numbered(tmp_path: Path) -> None:
    """column_3."""
    reading = load(tmp_path, TABLE.replace("id,name,spend,", "id,name, ,"))
    assert list(reading.raw.columns) == ["id", "name", "column_3", "joined"]
    assert noted(reading, "UNNAMED_COLUMN").column == "column_3"


def test_b035_names_of_any_kind_load(tmp_path: Path) -> None:
    """Reserved words, markup, line breaks, long names and text that runs from right to left stay as they are."""
    names = ["__proto__", "a.b{c}", "<b>bold</b>", "x" * 500, "\u202eevil", "two\nlines"]
    header = ",".join(f'"{name}"' if "\n" in name else name for name in names)
    body = "".join(f"{at},{at}.5,a{at},b,c,d\n" for at in range(20))
    assert list(load(tmp_path, f"{header}\n{body}").raw.columns) == names


def test_b073_long_texts_load_and_endless_ones_are_set_aside(tmp_path: Path) -> None:
    """Commas and line breaks within quotes; a cell of more than a million characters costs its row."""
    long = "word, more\n" * 50_000
    reading = load(tmp_path, TABLE.replace("Name 7,", f'"{long}",'))
    assert (len(reading.raw), reading.raw["name"][6]) == (30, long)
    reading = load(tmp_path, TABLE.replace("Name 7,", "y" * 1_100_000 + ","))
    assert (len(reading.raw), len(reading.quarantine)) == (29, 1)
    assert "longer than" in reading.quarantine["reason"][0]


def test_b074_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    """With the limit."""
    row = ",".join(map(str, range(10_000)))
    problem = refused(tmp_path, ",".join(f"c{at}" for at in range(10_000)) + f"\n{row}\n{row}\n")
    assert problem.code == "TOO_MANY_COLUMNS"
    assert "10,000" in str(problem)


@pytest.mark.parametrize("rows", [["Smith, John", "Li; Chen", "Bob Jones", "Ann, Lee"], ["12", "7", "30", "4"],
                                  ["a@example.com", "b@example.org", "c@example.com", "d@example.com"]])
def test_b075_one_column_stays_one_column(tmp_path: Path, rows: list[str]) -> None:
    """No delimiter is invented."""
    reading = load(tmp_path, "customer\n" + "\n".join(rows) + "\n")
    assert (list(reading.raw.columns), reading.raw["customer"].tolist()) == (["customer"], rows)


def test_b077_letters_of_every_kind_load_unchanged(tmp_path: Path) -> None:
    """Emoji, combining marks, right to left, zero width, four bytes."""
    names = ["👩‍👩‍👧 family", "e\u0301 combining", "שלום", "zero\u200bwidth", "𝒳 four", "\u202eRTL"]
    text = TABLE
    for at, name in enumerate(names, start=1):
        text = text.replace(f"Name {at},", f"{name},")
    assert load(tmp_path, text).raw["name"].tolist()[:6] == names


def test_b108_what_stands_in_the_first_rows_only_does_not_decide(tmp_path: Path) -> None:
    """Ten thousand tidy rows, then quotes, line breaks, short rows and texts among numbers: no row is lost."""
    tidy = "".join(f"{at},name {at},{at}.5\n" for at in range(10_000))
    ugly = "".join(f'{at},"name, {at}\nmore",n/a\n' for at in range(10_000, 10_200)) + "10200,short\n"
    reading = load(tmp_path, f"id,name,spend\n{tidy}{ugly}")
    assert (len(reading.raw), len(reading.quarantine)) == (10_200, 1)
    assert reading.raw["name"][10_000] == "name, 10000\nmore"


def test_b108_a_delimiter_that_only_fits_the_beginning_is_not_taken(tmp_path: Path) -> None:
    """Commas in the first hundred lines of a file with semicolons."""
    text = "id;a\n" + "1,5;2\n" * 100 + "".join(f"{at};{at}\n" for at in range(2_000))
    assert load(tmp_path, text).source.delimiter == ";"


def test_b073_a_file_of_one_endless_cell_is_refused_for_what_it_is(tmp_path: Path) -> None:
    """It is not empty: the reason and the line are told."""
    problem = refused(tmp_path, "a" * 1_000_001)
    assert problem.code == "NO_ROWS_FIT" and problem.line == 1 and "1,000,000 characters" in str(problem)
