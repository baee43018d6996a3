"""The table in a grid of cells: every row has one fate, whatever stands around the table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.formats.layout import Layout, lay_out

_ROWS = st.lists(st.lists(st.sampled_from(["", "a", "id", "12", "3.5", "2025-01-02", "Total", "# x", "a@example.com", None, 7]), max_size=5),
                 max_size=14)


def adds_up(rows: list, found: Layout) -> bool:
    places = [*found.rows, *found.aside]
    return len(set(places)) == len(places) and len(rows) == len(places) + found.header_rows + sum(found.skips.values())


@settings(max_examples=150, deadline=None)
@given(rows=_ROWS, header=st.sampled_from(["", "no", "yes", "2", "3"]), table=st.sampled_from(["", "1", "2", "9"]))
def test_every_row_has_one_fate(rows: list[list[object]], header: str, table: str) -> None:
    """Rows = header + data + aside + skips, for any grid and any answers."""
    answers = {key: value for key, value in (("header", header), ("table", table)) if value}
    found = lay_out(rows, answers)
    assert adds_up(rows, found)
    assert not set(answers) & {question.key for question in found.questions}
    assert len(set(map(str.casefold, found.names))) == len(found.names)


def test_native_cells_are_laid_out_like_text() -> None:
    """Numbers and None of a sheet."""
    rows = [["Report", None, None], [None, None, None], ["id", "name", "spend"], *([at, f"N {at}", at * 1.5] for at in range(9)),
            ["Total", None, 54.0]]
    found = lay_out(rows, {}, lines=range(11, 24))
    assert (found.names, found.rows) == (["id", "name", "spend"], list(range(3, 12)))
    assert found.aside == {12: "looks like a total"}
    assert found.skips == {"BLANK_LINES": 1, "PREAMBLE": 1}
    assert next(note for note in found.notes if note.code == "PREAMBLE").line == 11


def test_remarks_are_skipped_and_a_name_may_begin_with_a_hash() -> None:
    """Only lines that are no rows of the table."""
    rows = [["# made by hand"], ["#id", "name", "spend"], ["1", "a", "2"], ["# checked"], ["2", "b", "3"], ["3", "c", "4"]]
    found = lay_out(rows, {})
    assert (found.names, found.rows, found.skips) == (["#id", "name", "spend"], [2, 4, 5], {"COMMENTS": 2})


def test_a_small_table_above_the_large_one_is_not_the_main_one() -> None:
    """Ten times the rows decide."""
    small = [["key", "value"], ["rows", "100"], ["files", "2"], ["days", "30"], []]
    large = [["id", "name", "spend"], *([str(at), f"N {at}", f"{at}.5"] for at in range(100))]
    found = lay_out([*small, *large], {})
    assert found.names == ["id", "name", "spend"]
    assert found.questions[0].proposed == "2"


@pytest.mark.parametrize("key", ["first", "Ärger"])
def test_a_group_of_one_row_is_no_second_table(key: str) -> None:
    """A text among the data, with a blank row before."""
    rows = [["id", "name", "spend"], *([str(at), f"N {at}", f"{at}.5"] for at in range(9)), [], [key, "", ""], ["10", "x", "2"]]
    assert lay_out(rows, {}).questions == ()
