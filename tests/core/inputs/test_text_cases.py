"""Bad inputs of delimited text, each with its right outcome: the cases B2 to B35, B73 to B77 and B108."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import formats
from core.errors import UnreadableFile
from core.formats import Reading

BODY = "".join(f"C-{at:03},Name {at},{at * 1.5:.2f},2025-01-{at % 28 + 1:02}\n" for at in range(1, 31))
TABLE = "id,name,spend,joined\n" + BODY
NAMES = ["id", "name", "spend", "joined"]


def load(folder: Path, content: str | bytes, **answers: str) -> Reading:
    """The reading, with the conservation law checked."""
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    reading = formats.read(path, path.name, answers)
    source = reading.source
    assert source.rows_in_file == len(reading.raw) + len(reading.quarantine) + source.skipped
    return reading


def refused(folder: Path, content: str | bytes) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as problem:
        load(folder, content)
    return problem.value


def noted(reading: Reading, code: str):  # noqa: ANN201  a note
    return next(note for note in reading.notes if note.code == code)


def asked(reading: Reading, key: str):  # noqa: ANN201  a question
    return next(question for question in reading.questions if question.key == key)


def cells(reading: Reading) -> list[list[str]]:
    return reading.raw.to_numpy().tolist()


def is_the_table(reading: Reading) -> bool:
    return list(reading.raw.columns) == NAMES and cells(reading) == [line.split(",") for line in BODY.splitlines()]


@pytest.mark.parametrize("content", [b" \n\t\r\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\r\n", "\n \n".encode("utf-16")])
def test_b002_nothing_but_white_space_is_refused(tmp_path: Path, content: bytes) -> None:
    """White space, line ends and marks are an empty file."""
    assert refused(tmp_path, content).code == "EMPTY_FILE"


def test_b003_a_header_alone_is_refused_with_its_columns(tmp_path: Path) -> None:
    """The columns found are named."""
    problem = refused(tmp_path, "id,name,spend\n")
    assert problem.code == "NO_ROWS"
    assert "id, name, spend" in str(problem)


def test_b005_without_a_header_the_first_line_is_a_customer_and_asked_about(tmp_path: Path) -> None:
    """Names are ours, the row stays; the answer yes makes it a header."""
    reading = load(tmp_path, BODY)
    assert list(reading.raw.columns) == ["column_1", "column_2", "column_3", "column_4"]
    assert len(reading.raw) == 30
    assert reading.source.header_rows == 0
    assert asked(reading, "header").proposed == "no"
    answered = load(tmp_path, BODY, header="yes")
    assert (len(answered.raw), answered.questions) == (29, ())


def test_b006_header_rows_are_joined_and_can_be_undone(tmp_path: Path) -> None:
    """Groups over names become "A / B"; yes takes the first row alone."""
    text = "id,Sales,,since\n,2024,2025,\n" + "".join(f"{at},{at * 2},{at * 3},2025-01-0{at}\n" for at in range(1, 9))
    reading = load(tmp_path, text)
    assert list(reading.raw.columns) == ["id", "Sales / 2024", "Sales / 2025", "since"]
    note = noted(reading, "HEADER_ROWS")
    assert (note.choice.key, note.choice.taken) == ("header", "2")
    assert len(load(tmp_path, text, header="yes").raw) == len(reading.raw) + 1


def test_b006_a_row_of_units_belongs_to_the_header(tmp_path: Path) -> None:
    """Units below the names are joined to them."""
    text = "id,name,spend,when\n,,EUR,UTC\n" + "".join(f"{at},N{at}x,{at}.50,2025-01-0{at}\n" for at in range(1, 9))
    assert list(load(tmp_path, text).raw.columns) == ["id", "name", "spend / EUR", "when / UTC"]


def test_b007_lines_above_the_table_are_skipped_and_shown(tmp_path: Path) -> None:
    """A title and a blank line; 0 undoes it."""
    reading = load(tmp_path, "Report generated 2026-01-02\n\n" + TABLE)
    assert is_the_table(reading)
    note = noted(reading, "PREAMBLE")
    assert (note.count, note.examples, note.choice.taken) == (1, ("Report generated 2026-01-02",), "2")
    assert reading.source.skips == {"BLANK_LINES": 1, "PREAMBLE": 1}
    assert "PREAMBLE" not in load(tmp_path, "Report generated 2026-01-02\n\n" + TABLE, preamble="0").source.skips


def test_b008_a_total_row_is_set_aside_and_asked_about(tmp_path: Path) -> None:
    """By its word, and by its sums alone; keep makes it a row."""
    for total in ("Total,,697.50,\n", ",,697.50,\n"):
        reading = load(tmp_path, TABLE + total)
        assert is_the_table(reading)
        assert reading.quarantine["reason"].tolist() == ["looks like a total"]
        assert (asked(reading, "footer").proposed, asked(reading, "footer").line) == ("aside", 32)
        kept = load(tmp_path, TABLE + total, footer="keep")
        assert (len(kept.raw), len(kept.quarantine), kept.questions) == (31, 0, ())


def test_b008_a_footnote_is_set_aside(tmp_path: Path) -> None:
    """Lines of text below the table."""
    reading = load(tmp_path, TABLE + "\nSource: our shop system\n* without returns\n")
    assert is_the_table(reading)
    assert len(reading.quarantine) == 2


def test_b009_the_sep_line_of_excel_is_no_data(tmp_path: Path) -> None:
    """It names the separator, even where another would look better; lines keep their numbers."""
    reading = load(tmp_path, "sep=;\n" + TABLE.replace(",", ";"))
    assert is_the_table(reading)
    assert reading.source.delimiter == ";"


def test_b010_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path) -> None:
    """UTF-8 with a mark."""
    assert is_the_table(load(tmp_path, TABLE.encode("utf-8-sig")))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_b011_utf_16_and_32_with_and_without_mark(tmp_path: Path, encoding: str) -> None:
    """Also for letters beyond Latin; without a mark it is told."""
    reading = load(tmp_path, TABLE.replace("Name 1,", "Имя Ж,").encode(encoding))
    assert list(reading.raw.columns) == NAMES
    assert reading.raw["name"][0] == "Имя Ж"
    assert any(note.code == "ENCODING" for note in reading.notes) == encoding.endswith("e")


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "Jörg Müßig €"), ("latin-1", "Renée Çelik"), ("mac_roman", "Jürgen Größe")])
def test_b012_western_letters_are_guessed_and_shown(tmp_path: Path, encoding: str, name: str) -> None:
    """The note has the words and a choice of encodings."""
    reading = load(tmp_path, TABLE.replace("Name 1,", f"{name},").encode(encoding))
    assert reading.raw["name"][0] == name
    note = noted(reading, "ENCODING")
    assert any(word in name for word in note.examples)
    assert note.choice.key == "encoding"
    assert "utf-8" in note.choice.options


@pytest.mark.parametrize(("encoding", "names"), [
    ("cp1251", ["Дмитрий Иванов", "Ольга Петрова"]), ("cp932", ["田中太郎", "鈴木はなこ", "サトウ"]),
    ("gb18030", ["王伟", "李娜", "陈明"]), ("big5", ["張小華", "黃國強", "臺北"]), ("cp949", ["김철수", "박영희"]),
])
def test_b013_other_scripts_are_guessed(tmp_path: Path, encoding: str, names: list[str]) -> None:
    """Each by what its words look like."""
    body = "".join(f"{at},{name},{at}.5\n" for at, name in enumerate(names * 5))
    reading = load(tmp_path, f"id,name,spend\n{body}".encode(encoding))
    assert reading.raw["name"].tolist() == names * 5
    assert noted(reading, "ENCODING").choice.taken == encoding


def test_b013_an_answer_overrides_the_guess(tmp_path: Path) -> None:
    """The encoding that was answered is used."""
    data = "id,name\n1,Ж\n2,Щ\n".encode("cp1251")
    assert load(tmp_path, data, encoding="cp1251").raw["name"].tolist() == ["Ж", "Щ"]
    assert load(tmp_path, data, encoding="cp1252").raw["name"].tolist() == ["Æ", "Ù"]


def test_b014_lines_in_another_encoding_are_set_aside(tmp_path: Path) -> None:
    """Exactly those, with their bytes shown; nothing is replaced silently."""
    lines = TABLE.replace("Name 2,", "Zoë,").replace("Name 3,", "Jörg,").encode().splitlines(keepends=True)
    lines[10] = "C-010,José,15.00,2025-01-11\n".encode("latin-1")
    reading = load(tmp_path, b"".join(lines))
    assert (len(reading.raw), reading.quarantine["line"].tolist()) == (29, [11])
    assert "Jos\\xe9" in reading.quarantine["text"][0]
    assert not any("\ufffd" in cell for row in cells(reading) for cell in row)


def test_b015_letters_decoded_wrongly_before_are_told_and_repaired_only_on_demand(tmp_path: Path) -> None:
    """The default leaves them."""
    text = TABLE.replace("Name 2,", "MÃ¼ller,").replace("Name 3,", "JosÃ©,")
    reading = load(tmp_path, text)
    assert reading.raw["name"][1] == "MÃ¼ller"
    note = noted(reading, "MOJIBAKE")
    assert (note.count, note.choice.taken) == (2, "leave")
    assert load(tmp_path, text, mojibake="repair").raw["name"].tolist()[1:3] == ["Müller", "José"]


def test_b016_nul_characters_are_removed_and_shown(tmp_path: Path) -> None:
    """With the number and the cell."""
    reading = load(tmp_path, TABLE.replace("Name 2,", "Na\0me 2,"))
    assert is_the_table(reading)
    assert (noted(reading, "NUL_REMOVED").count, noted(reading, "NUL_REMOVED").examples) == (1, ("Na␀me 2",))


def test_b017_control_characters_stay_and_are_told(tmp_path: Path) -> None:
    """An ANSI colour is shown as a sign."""
    reading = load(tmp_path, TABLE.replace("Name 2,", "\x1b[31mred\x1b[0m,"))
    assert reading.raw["name"][1] == "\x1b[31mred\x1b[0m"
    assert noted(reading, "CONTROL_CHARACTERS").count == 2
    assert "␛[31m" in noted(reading, "CONTROL_CHARACTERS").examples[0]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^", "~", ":", " ", ", ", "||", "; "])
def test_b018_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    """Cells in which it stands are quoted."""
    rows = [[f'"{cell}"' if delimiter.strip(" ") in cell or " " in cell else cell for cell in line.split(",")]
            for line in TABLE.splitlines()]
    reading = load(tmp_path, "\n".join(delimiter.join(row) for row in rows) + "\n")
    assert is_the_table(reading)
    assert reading.source.delimiter == delimiter


def test_b019_a_line_with_another_delimiter_is_put_right_if_its_types_fit(tmp_path: Path) -> None:
    """The repair is listed, and refusing it sets the line aside."""
    text = TABLE.replace("C-007,Name 7,10.50,2025-01-08", "C-007;Name 7;10.50;2025-01-08")
    reading = load(tmp_path, text)
    assert is_the_table(reading)
    assert reading.repairs["line"].tolist() == [8]
    assert noted(reading, "REPAIRED").choice.options == ("yes", "no")
    refused_ = load(tmp_path, text, repairs="no")
    assert (len(refused_.raw), refused_.quarantine["line"].tolist()) == (29, [8])


def test_b019_a_line_that_fits_no_way_is_set_aside(tmp_path: Path) -> None:
    """Nothing is guessed."""
    reading = load(tmp_path, TABLE.replace("C-007,Name 7,10.50,2025-01-08", "see the other list"))
    assert reading.quarantine["text"].tolist() == ["see the other list"]


def test_b020_single_quotes(tmp_path: Path) -> None:
    """Around cells with separators."""
    reading = load(tmp_path, TABLE.replace("Name 7,", "'Seven, Anna',").replace("Name 8,", "'Eight, Bob',").replace("Name 9,", "'N, C',"))
    assert reading.raw["name"].tolist()[6:9] == ["Seven, Anna", "Eight, Bob", "N, C"]
    assert reading.source.quote == "'"


def test_b021_backslash_doubled_or_no_escape(tmp_path: Path) -> None:
    """The three ways to write a quote within a cell."""
    for written, value in (('"a ""b"" c, d"', 'a "b" c, d'), (r'"a \"b\" c, d"', 'a "b" c, d'), ("no quotes", "no quotes")):
        text = TABLE.replace("Name 5,", f"{written},").replace("Name 15,", f"{written},")
        reading = load(tmp_path, text)
        assert (reading.raw["name"][4], reading.raw["name"][14], len(reading.raw)) == (value, value, 30)


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
