"""Rows and headers of invented tables, polluted in every way of the Pollock benchmark: right, or set aside, never wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from core.formats import Reading
from core.formats.text import TEXT
from tests.core.polluting import Rows, customers, orders, polluted, polluted_rows

TABLES = (customers, orders)


def load(folder: Path, text: str, **answers: str) -> Reading:
    path = folder / "file.csv"
    path.write_bytes(text.encode("utf-8"))
    return TEXT.read(path, path.name, answers)


@pytest.mark.parametrize("make", TABLES)
def test_pollutions_of_the_file_change_nothing(tmp_path: Path, make: Callable[[], Rows]) -> None:
    """Delimiters, quotes, escapes, line ends, preamble, further tables: names and cells come out as they were."""
    for name, text, header, body in polluted(make()):
        reading = load(tmp_path, text)
        assert reading.raw.to_numpy().tolist() == body, name
        assert not header or list(reading.raw.columns) == header, name
        assert bool(reading.source.header_rows) == bool(header), name


@pytest.mark.parametrize("make", TABLES)
@pytest.mark.parametrize("at", [1, 9, 24])
def test_pollutions_of_a_row_are_put_right_or_set_aside(tmp_path: Path, make: Callable[[], Rows], at: int) -> None:
    """No other row is touched, no repaired row differs from the truth, and most are put right."""
    table = make()
    fates: Counter[str] = Counter()
    for name, text, wanted in polluted_rows(table, at):
        reading = load(tmp_path, text)
        assert list(reading.raw.columns) == table[0], name
        found = reading.raw.to_numpy().tolist()
        if len(reading.quarantine):
            assert (found, reading.quarantine["line"].tolist()) == ([*wanted[1:at], *wanted[at + 1:]], [at + 1]), name
        else:
            assert found == wanted[1:], name
        fates["aside" if len(reading.quarantine) else "right"] += 1
    assert fates["right"] >= 0.7 * fates.total()


@pytest.mark.parametrize("make", TABLES)
def test_refused_repairs_set_the_rows_aside(tmp_path: Path, make: Callable[[], Rows]) -> None:
    """With the answer no, whatever was repaired is in the quarantine, and nothing else changes."""
    table = make()
    for name, text, _ in polluted_rows(table, 5):
        accepted, refused = load(tmp_path, text), load(tmp_path, text, repairs="no")
        lines = sorted([*accepted.quarantine["line"], *accepted.repairs["line"]])
        assert refused.quarantine["line"].tolist() == lines, name
        assert len(refused.repairs) == 0
        assert len(refused.raw) == len(accepted.raw) - len(accepted.repairs)


@pytest.mark.parametrize("make", TABLES)
def test_a_polluted_header_names_every_column_right_or_asks(tmp_path: Path, make: Callable[[], Rows]) -> None:
    """An empty name too many, another separator, two names run together; a quote too many stays in its name."""
    table = make()
    for name, text, wanted in polluted_rows(table, 0):
        reading = load(tmp_path, text)
        assert reading.raw.to_numpy().tolist() == table[1:], name
        asked = any(question.key == "header_gap" for question in reading.questions)
        assert asked or list(reading.raw.columns) == wanted[0], name


def test_row_names_without_a_name_are_a_first_column(tmp_path: Path) -> None:
    """As R writes them: the header is one name short."""
    body = "".join(f"{at},{at * 2.5},{at % 3},x{at % 2}\n" for at in range(1, 30))
    reading = load(tmp_path, f"mpg,cyl,kind\n{body}")
    assert list(reading.raw.columns) == ["column_1", "mpg", "cyl", "kind"]
    assert "ROW_NAMES" in {note.code for note in reading.notes}


def test_several_ways_of_reading_a_row_are_not_guessed_between(tmp_path: Path) -> None:
    """Digits run together over two columns of numbers could be cut anywhere."""
    body = "".join(f"{at * 37 % 1000},{at * 91 % 5000},a{at}\n" for at in range(60))
    reading = load(tmp_path, f"first,second,key\n{body}123456,a99\n")
    assert (len(reading.raw), reading.quarantine["text"].tolist()) == (60, ["123456,a99"])
