"""Tables written in random dialects load back equal, and the quick path for long files gives what the careful one gives."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from core.formats import fast, text
from core.formats.text import TEXT
from tests.core.polluting import customers, written

_WORDS = ("Anna", "Berlin", "red", "north side", "O'Neill", "a, b", "x; y", 'say "hi"', "50%", "tab\there", "pipe | cut",
          "two\nlines", "Müller", "half", "open", "new", "C:\\dir")
_NAMES = ("id", "Name", "E-Mail", "City", "joined", "Orders", "spend", "Note", "Größe", "first name")


@dataclass(frozen=True)
class Made:
    """A table and how it is written."""

    rows: list[list[str]]
    delimiter: str
    quote: str
    escape: str
    end: str
    encoding: str
    title: str
    quoted: bool

    def data(self) -> bytes:
        body = self.end.join(self.delimiter.join(map(self.cell, row)) for row in self.rows) + self.end
        return (self.title.replace("\n", self.end) + body).encode(self.encoding)

    def cell(self, cell: str) -> str:
        needs = self.quoted or any(mark in cell for mark in (self.delimiter, self.delimiter[0], self.quote, "\n", "\r"))
        if not needs and not (self.escape and self.escape in cell):
            return cell
        inner = cell.replace(self.escape, self.escape * 2) if self.escape else cell
        return self.quote + inner.replace(self.quote, (self.escape or self.quote) + self.quote) + self.quote


def make(seed: int) -> Made:
    """Names over 5 to 25 rows of ids, amounts, days and texts."""
    random_ = random.Random(seed)
    kinds = ["id", "amount", *random_.choices(["amount", "day", "text", "word", "sparse"], k=random_.randint(1, 5))]
    names = random_.sample(_NAMES, len(kinds))
    rows = [names, *([_value(kind, at, random_) for kind in kinds] for at in range(random_.randint(5, 25)))]
    quote, escape = random_.choice([('"', ""), ('"', ""), ("'", ""), ('"', "\\")])
    if not any(quote in cell for row in rows for cell in row):
        escape = ""  # Nobody could see it: a doubled backslash is what it is where no quote is escaped.
    return Made(rows, random_.choice([",", ";", "\t", "|", ", ", "~", "^"]), quote, escape, random_.choice(["\n", "\r\n"]),
                random_.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
                random_.choice(["", "", "", "Customers of May\n\n"]), random_.random() < 0.2)


def _value(kind: str, at: int, random_: random.Random) -> str:
    return {
        "id": f"K{1_000 + at}", "amount": f"{random_.uniform(0, 900):.2f}", "word": random_.choice(_WORDS[:3]),
        "day": f"2025-{random_.randrange(1, 13):02}-{random_.randrange(1, 29):02}",
        "text": random_.choice(_WORDS), "sparse": random_.choice(["", "", "", "yes please"]),
    }[kind]


def loads_back_equal(folder: Path, table: Made) -> None:
    path = folder / "made.csv"
    path.write_bytes(table.data())
    reading = TEXT.read(path, path.name, {})
    told = (table, reading.source, [note.code for note in reading.notes])
    assert list(reading.raw.columns) == table.rows[0], told
    assert reading.raw.to_numpy().tolist() == table.rows[1:], told
    assert reading.source.rows_in_file == len(reading.raw) + reading.source.skipped, told


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_a_table_in_any_dialect_loads_back_equal(tmp_path: Path, seed: int) -> None:
    """Delimiter, quote, escape, line end, encoding and title are found; names and cells are those written."""
    loads_back_equal(tmp_path, make(seed))


@pytest.mark.long
@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_two_thousand_tables_in_any_dialect_load_back_equal(tmp_path: Path, seed: int) -> None:
    """The same law, for many."""
    loads_back_equal(tmp_path, make(seed))


def soiled(seed: int, rows: int = 6_000) -> str:
    """A long table with slips here and there."""
    random_ = random.Random(seed)
    lines = written(customers(rows, seed), end="\n").splitlines(keepends=True)
    for at in random_.sample(range(100, rows), 60):
        slip = random_.choice(["short", "empty", "quote", "blank", "header", "lines", "comma", "remark", "text", "inch"])
        line = lines[at]
        lines[at] = {
            "short": line.replace(",", "", 1), "empty": line.replace(",", ",,", 1), "quote": line.replace(",", ',"', 1),
            "blank": line + "\n", "header": line + lines[0], "lines": line.replace("\n", '') + "\n" + line.replace("Note", "x"),
            "comma": line.replace("yes", "yes, indeed"), "remark": "# checked by hand\n" + line, "text": "illegible\n",
            "inch": line.replace(",", ',"two\nlines",', 1).replace("@", '"@', 1) if random_.random() < 0.5 else line.replace("@", ' 6"@', 1),
        }[slip]
    return "".join(lines) + random_.choice(["", "Total,,,,,,99.5,,\n", "\nSource: the shop\n"])


@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.long), pytest.param(4, marks=pytest.mark.long),
                                  pytest.param(5, marks=pytest.mark.long), pytest.param(6, marks=pytest.mark.long)])
def test_the_quick_path_gives_what_the_careful_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Rows, quarantine, repairs, notes and counts are the same, line by line."""
    path = tmp_path / "long.csv"
    path.write_text(soiled(seed), encoding="utf-8", newline="")
    monkeypatch.setattr(text, "SMALLEST", 1)
    monkeypatch.setattr(fast, "SMALLEST", 1)
    taken: list[bool] = []
    through = fast.read_fast
    monkeypatch.setattr(text, "read_fast", lambda *a, **k: taken.append((found := through(*a, **k)) is not None) or found)
    quick = TEXT.read(path, path.name, {})
    assert taken == [True]
    monkeypatch.setattr(text, "SMALLEST", 10**12)
    careful = TEXT.read(path, path.name, {})
    assert (quick.source, quick.questions) == (careful.source, careful.questions)
    assert_frame_equal(quick.quarantine, careful.quarantine)
    assert_frame_equal(quick.repairs, careful.repairs)
    assert_frame_equal(quick.raw, careful.raw)
    assert quick.notes == careful.notes
