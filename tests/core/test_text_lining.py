"""Columns lined up with spaces: runs of them are one separator, and an honest empty cell stays one."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.formats import Reading
from core.formats.text import TEXT

MASTER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "orders" / "CDNOW_master.txt"


def load(folder: Path, text: str, **answers: str) -> Reading:
    path = folder / "file.txt"
    path.write_bytes(text.encode("utf-8"))
    return TEXT.read(path, path.name, answers)


def purchases(rows: int = 40) -> list[list[str]]:
    return [[f"{at:05}", f"199701{at % 28 + 1:02}", str(at % 12 + 1), f"{at * 3.7:.2f}"] for at in range(rows)]


def lined(rows: list[list[str]]) -> str:
    body = "".join(f" {a} {b} {c:>2} {d:>8}\r\n" for a, b, c, d in rows)
    return f" customer_id  date number_of_cds  dollar_value\r\n{body}"


def test_amounts_lined_up_at_their_right_end_make_four_columns(tmp_path: Path) -> None:
    reading = load(tmp_path, lined(purchases()))
    assert list(reading.raw.columns) == ["customer_id", "date", "number_of_cds", "dollar_value"]
    assert reading.raw.to_numpy().tolist() == purchases()
    assert len(reading.quarantine) == len(reading.repairs) == 0
    assert [note.choice.taken for note in reading.notes if note.code == "LINED_UP"] == ["spaces"]


def test_answering_one_space_takes_each_space_as_a_separator(tmp_path: Path) -> None:
    reading = load(tmp_path, lined(purchases()), delimiter=" ")
    assert not [note for note in reading.notes if note.code == "LINED_UP"]
    assert reading.raw.shape[1] > 4


def test_names_with_one_space_stay_whole_where_two_separate(tmp_path: Path) -> None:
    rows = [("Anna Maria Schmidt", "Berlin", "12.50"), ("Bo Li", "New York", "3.00"), ("Chen", "Den Haag", "118.25"),
            ("Dora de la Cruz", "Wien", "7.10")]
    text = "".join(f"{a:<22}{b:<14}{c:>8}\n" for a, b, c in [("name", "city", "spent"), *rows])
    reading = load(tmp_path, text)
    assert list(reading.raw.columns) == ["name", "city", "spent"]
    assert [tuple(row) for row in reading.raw.to_numpy()] == rows


def test_a_line_that_does_not_fit_is_set_aside_and_never_guessed_at(tmp_path: Path) -> None:
    rows = purchases()
    text = lined(rows).replace(" 00005 ", " 00005 extra ")
    reading = load(tmp_path, text)
    assert reading.raw.to_numpy().tolist() == [*rows[:5], *rows[6:]]
    assert reading.quarantine["line"].tolist() == [7]


def test_an_empty_cell_between_two_single_spaces_stays_empty(tmp_path: Path) -> None:
    rows = [[str(at), "" if at % 3 == 0 else "gold", f"2024-01-{at + 1:02}" + " 08:00", str(at * 7)] for at in range(20)]
    text = "id level since spent\n" + "".join(f'{a} {b} "{c}" {d}\n' for a, b, c, d in rows)
    assert load(tmp_path, text).raw.to_numpy().tolist() == rows


@pytest.mark.parametrize("text", ["name\nAnna  Schmidt\nBo  Li\nChen  Wang\n", "a,b\n 1,  2\n 3,  4\n 5,  6\n"])
def test_blanks_alone_make_no_columns(tmp_path: Path, text: str) -> None:
    reading = load(tmp_path, text)
    assert list(reading.raw.columns) == text.split("\n")[0].split(",")


@pytest.mark.skipif(not MASTER.exists(), reason="the purchases of CDNOW lie beside the project only")
def test_the_purchases_of_cdnow_come_out_whole() -> None:
    """Fader and Hardie's master file: 69,659 purchases of 23,570 customers, as published."""
    reading = TEXT.read(MASTER, MASTER.name, {})
    assert (len(reading.raw), reading.raw["customer_id"].nunique(), len(reading.quarantine)) == (69_659, 23_570, 0)
