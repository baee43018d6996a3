"""Judging words and what they need; how numbers and names are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.orders.features import FEATURES
from core.orders.modelled import MODELLED
from core.personas.said import label
from core.personas.words import CALLED, WORDS, in_words
from core.personas.written import written


def test_words_need_an_effect_and_steadiness() -> None:
    """Every judging word needs at least 0.2 standard deviations and nine resamples in ten; opposites need opposite signs."""
    for word, need in WORDS.items():
        assert abs(need.effect) >= 0.2, word
        assert need.steady >= 0.9, word
        own = min(max(0.5, need.least), need.most)
        assert need.met(effect=need.effect, steady=1.0, own=own)
        assert not need.met(effect=0.99 * need.effect, steady=1.0, own=own)
        assert not need.met(effect=-need.effect, steady=1.0, own=own)
        assert not need.met(effect=need.effect, steady=0.89, own=own)
        assert need.met(effect=need.effect, steady=float("nan"), own=own)


@pytest.mark.parametrize(("word", "own", "met"), [("only", 1.0, True), ("only", 0.99, False), ("mostly", 0.5, True),
                                                 ("mostly", 0.49, False), ("buying more than before", -0.1, False)])  # fmt: skip
def test_some_words_need_a_share_of_the_segment_itself(word: str, own: float, met: bool) -> None:
    """"Only Rome" is all of them, "mostly" at least half, and who buys less than before does not buy more."""
    assert WORDS[word].met(effect=3.0, steady=1.0, own=own) is met


@pytest.mark.parametrize(("value", "form", "text"), [
    (1234, "number", "1,234"), (0.5544, "number", "0.554"), (2_345_678, "number", "2.35 m"), (-3.0, "number", "−3"),
    (999_499, "number", "999,499"), (999_500, "number", "1 m"), (1.5e9, "number", "1.5 bn"), (1e15, "number", "1.0e+15"),
    (0, "number", "0"), (1e-5, "number", "1.0e-05"), (-1e-320, "number", "−1.0e-320"), (12.6, "whole", "13"), (0.405, "share", "40.5%"),
    (0.0004, "share", "under 0.1%"), (0.9999, "share", "over 99.9%"), (1, "share", "100%"), (2.345, "times", "2.3"), (12.6, "times", "13"),
])  # fmt: skip
def test_numbers_are_written_as_stated(value: float, form: str, text: str) -> None:
    assert written(value, form) == text


@given(st.floats(-1e14, 1e14, allow_nan=False), st.sampled_from(["number", "times"]))
def test_what_is_written_is_the_number_rounded(value: float, form: str) -> None:
    """Read back, a written number is within half a unit of its last digit of the value."""
    text = written(abs(value), form)
    factor = {"m": 1e6, "bn": 1e9}.get(text.partition(" ")[2], 1.0)
    back = float(text.partition(" ")[0].replace(",", "")) * factor
    assert back == pytest.approx(abs(value), rel=0.06 if form == "times" or abs(value) < 1e-4 else 0.006, abs=1e-300)


def test_labels_hide_nothing_and_are_short() -> None:
    """One line, no characters of direction or control, at most sixty characters."""
    assert label("a\u202eb\x00c\n d") == "a b c d"
    assert len(label("x" * 500)) == 60


def test_customers_made_of_orders_are_told_of_without_the_names_of_columns() -> None:
    """Every column that orders give has words of its own; values in quotes and longer names stay as they are."""
    assert {*FEATURES, *MODELLED} <= set(CALLED) and not any("_" in words for words in CALLED.values())
    told = in_words('afternoon_share is at least 40% and country is "products" and my_recency below 3')
    assert told == 'part of orders in the afternoon is at least 40% and country is "products" and my_recency below 3'
