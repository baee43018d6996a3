"""Laws of the edits themselves: what one can hold, whatever it is read from."""

from __future__ import annotations

import pytest

from core.errors import BadRequest
from core.model import Edit, Shape
from core.model.shape import MOST_MOVED, MOST_ROWS


@pytest.mark.parametrize("name", ["=cmd|'/C calc'!A0", "<img src=x onerror=alert(1)>", "%{x}", "\u202eevil", "\U0001f600" * 60,
                                  "'; DROP TABLE runs; --", "a\r\nb", "\x00", "__proto__"])  # fmt: skip
def test_any_name_is_read_back_as_it_was_typed(name):
    shape = Shape((Edit("rename", 1, text=name, reason=name[:40]), Edit("describe", 1, text=name)))
    assert Shape.from_json(shape.to_json()) == shape


@pytest.mark.parametrize("part", ["text", "reason", "at"])
def test_halves_of_characters_are_refused_where_they_are_typed(part):
    """A browser can send them, and nothing can write them."""
    with pytest.raises(BadRequest, match="cannot be written"):
        Edit("describe", 1, **{part: "a\ud800"})


def test_rows_beyond_any_table_are_refused():
    """Before an array of them overflows in a job."""
    for row in (2**31, 2**63, 10**30):
        with pytest.raises(BadRequest, match="from 0"):
            Edit("move", 1, rows=(row,))
    assert Edit("move", 1, rows=(2**31 - 1,)).rows


def test_all_edits_together_move_a_bounded_number_of_customers():
    """Every page reads them; five hundred moves of 50,000 would be 25 million."""
    one = Edit("move", 1, rows=tuple(range(MOST_ROWS)))
    shape = Shape((one,) * (MOST_MOVED // MOST_ROWS))
    with pytest.raises(BadRequest, match="200,000 customers"):
        shape.with_edit(Edit("move", 1, rows=(0,)))
    assert len(shape.with_edit(Edit("lock", 1)).edits) == 5


@pytest.mark.parametrize("text", ["{}", "[]", "null", "1", '{"version":1}', '{"version":1,"edits":[[]]}',
                                  '{"version":1,"edits":[{"kind":[],"segment":1}]}', '{"version":1,"edits":[{"kind":"move","segment":1,"rows":{"a":1}}]}',
                                  '{"version":1,"edits":[{"kind":"rename","segment":1,"text":"\\ud800"}]}', "[" * 100_000, "\x00", None, 5, b"{}"])  # fmt: skip
def test_what_is_no_shape_is_refused_in_words(text):
    with pytest.raises(BadRequest):
        Shape.from_json(text)
