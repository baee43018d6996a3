"""Laws of the Data page before columns are looked at: one way in, one's own files, questions never answered silently."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from dash import dcc, html

from dashboard.components import intake
from dashboard.samples import SAMPLES
from tests.dashboard import made


@dataclass(frozen=True)
class File:
    id: str
    name: str
    bytes: int


def test_the_drop_zone_has_the_parts_its_script_fills_and_says_the_limit():
    """assets/upload.js finds three ids; the limit is that of the settings."""
    shown = intake.drop_zone(1234)
    assert set(made.known(shown)) == {"drop", "drop-progress", "drop-said"}
    assert "up to 1,234 MB" in made.words(shown)


def test_each_sample_has_one_button_with_its_name():
    """Two buttons "Open sample" would sound alike: each says which."""
    buttons = made.of(intake.sample_cards(SAMPLES), html.Button)
    assert [one.id for one in buttons] == [{"type": "sample", "index": sample.name} for sample in SAMPLES]
    assert [getattr(one, "aria-label") for one in buttons] == [f"Open sample: {s.title}" for s in SAMPLES]  # noqa: B009


def test_files_are_listed_with_size_link_and_their_own_delete_button():
    """The order is that of the store; the last button deletes everything and is named so."""
    (shown,) = intake.recent([File("A", "a.csv", 48_200), File("B", "b.csv", 12)], 30)
    assert [(link.children, link.href) for link in made.of(shown, dcc.Link)] == [
        ("a.csv", "/?dataset=A"), ("b.csv", "/?dataset=B")
    ]  # fmt: skip
    assert "48.2 kB" in made.words(shown) and "12 bytes" in made.words(shown)
    ids = {button.id["index"]: made.words(button) for button in made.of(shown, html.Button)}
    assert ids == {"A": "Delete", "B": "Delete", "all": "Delete all my data"}


def test_no_files_is_no_card():
    """An empty list under a heading would only be noise."""
    assert intake.recent([], 30) == []


def test_deleting_one_file_names_that_file():
    """The button of the page deletes what the page shows."""
    (button,) = made.of(intake.delete_card(File("A", "a.csv", 1)), html.Button)
    assert button.id == {"type": "delete", "index": "A"}


def test_hostile_file_names_are_harmless():
    """In the link and in the name of the button for screen readers."""
    (shown,) = intake.recent([File("A", made.HOSTILE, 1)], 30)
    told = made.words(shown) + "".join(str(getattr(item, "aria-label", "")) for item in made.walk(shown))
    assert "\u202e" not in told and "\x00" not in told


@pytest.mark.parametrize(("rows", "shown_rows"), [(0, 0), (1, 1), (8, 8), (9, 8)])
def test_the_first_rows_are_counted_from_one_and_say_of_how_many(rows, shown_rows):
    """Never more than eight, and never without saying so."""
    raw = pd.DataFrame({"a": [f"x{n}" for n in range(rows)]}, dtype=object)
    shown = intake.first_rows(made.table(raw=raw, frame=raw))
    body = made.of(made.of(shown, html.Tbody), html.Tr)
    assert [row.children[0].children for row in body] == [str(n + 1) for n in range(shown_rows)]
    assert f"First {shown_rows} of {rows} rows" in made.words(shown)


def test_cells_are_shown_as_they_stand_in_the_file():
    """Leading zeros, decimals and words stay; a gap is a dash; a number of a spreadsheet is not rounded."""
    raw = pd.DataFrame({"a": ["007", None], "b": [0.1 + 0.2, np.nan], "c": [12345678.0, 1.0], "d": [True, False]})
    shown = intake.first_rows(made.table(raw=raw, frame=raw))
    first, second = made.of(made.of(shown, html.Tbody), html.Tr)
    assert [cell.children for cell in first.children] == ["1", "007", "0.30000000000000004", "12345678.0", "True"]
    assert [cell.children for cell in second.children] == ["2", "–", "–", "1.0", "False"]


def test_a_column_of_the_file_named_row_is_kept_beside_the_count():
    """Two columns of one name are two columns; forty at most are shown."""
    raw = pd.DataFrame([["x"] * 50], columns=["Row", *map(str, range(49))])
    heads = made.of(made.of(intake.first_rows(made.table(raw=raw, frame=raw)), html.Thead), html.Th)
    assert [one.children for one in heads][:3] == ["Row", "Row", "0"]
    assert len(heads) == intake.SHOWN_COLUMNS + 1
