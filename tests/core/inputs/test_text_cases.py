"""Bad inputs of delimited text, each with its right outcome: encoding, dialect, header and footer (B2 to B21)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.inputs.loading import BODY, NAMES, TABLE, asked, cells, is_the_table, load, noted, refused


@pytest.mark.parametrize("content", [b" \n\t\r\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n\r\n", "\n \n".encode("utf-16"),
                                     b"," * 5_000_000, b";;;\n" * 50_000])
def test_b002_nothing_but_white_space_is_refused(tmp_path: Path, content: bytes) -> None:
    """White space, line ends, marks and separators are an empty file; millions of them are no work."""
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
