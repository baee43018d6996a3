"""Amounts and dates written in any style come back equal; what is text stays the same text."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.formats.reading import Reading
from core.model import Kind, Source, Table
from core.tables import understand

QUIET = settings(deadline=None, max_examples=60)
LONG = settings(deadline=None, max_examples=2_000)
# decimal mark, thousands mark
LOCALES = ((".", ","), (",", "."), (",", " "), (",", "\u00a0"), (",", "\u202f"), (".", "'"), (".", "’"), (",", ""), (".", ""))
DRESSES = ("{}", "€{}", "{} €", "$ {}", "CHF {}", "{} kr", "R$ {}", "EUR {}", "'{}")
NEGATIVE = ("-{}", "({})", "{}-", "−{}")
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९")
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M:%S")
MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%Y %I:%M %p")
PLAIN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %B %Y", "%d-%b-%Y", "%B %d, %Y", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
         "%a, %d %b %Y %H:%M:%S", "%Y%m%d")


def table(cells: list[str], answers: dict[str, str] | None = None) -> Table:
    raw = pd.DataFrame({"x": pd.Series(cells, dtype="str")})
    return understand(Reading(raw, Source("t", "text", delimiter="\t")), answers or {}, today=dt.date(2100, 1, 1))


def grouped(whole: str, mark: str, sizes: tuple[int, int]) -> str:
    """Digits in groups: the last of three, those before of ``sizes[1]``."""
    parts, first = [whole[-sizes[0]:]], whole[: -sizes[0]]
    while first:
        parts.insert(0, first[-sizes[1]:])
        first = first[: -sizes[1]]
    return mark.join(parts)


@st.composite
def amounts(draw: st.DrawFn) -> tuple[list[str], list[float]]:
    """Texts of one style, and the numbers they were written from; the first proves the style."""
    decimal, thousands = draw(st.sampled_from(LOCALES))
    indian = decimal == "." and thousands == "," and draw(st.booleans())
    dress, negative, script = (draw(st.sampled_from(some)) for some in (DRESSES, NEGATIVE, SCRIPTS))
    cents = draw(st.lists(st.integers(-10**11, 10**11), min_size=2, max_size=12))
    texts = []
    for value in (cents := [123_456_789, *cents]):
        digits = str(abs(value)).rjust(3, "0")
        text = grouped(digits[:-2], thousands, (3, 2 if indian else 3)) + decimal + digits[-2:]
        texts.append(dress.format(negative.format(text) if value < 0 else text))
    translated = [text.translate(str.maketrans(SCRIPTS[0], script)) for text in texts]
    return translated, [float(f"{value // 100 if value >= 0 else -(-value // 100)}.{abs(value) % 100:02d}")
                        if abs(value) >= 100 or value >= 0 else -float(f"0.{abs(value):02d}") for value in cents]


def check_amounts(made: tuple[list[str], list[float]]) -> None:
    texts, numbers = made
    found = table(texts)
    assert found.column("x").kind is Kind.NUMBER
    assert found.frame["x"].tolist() == numbers
    assert not [one for one in found.questions if one.code in ("UNCLEAR_COMMA", "UNCLEAR_DOT")]
    assert found.raw["x"].tolist() == texts


@given(made=amounts())
@QUIET
def test_amounts_of_any_locale_come_back_equal(made: tuple[list[str], list[float]]) -> None:
    """Decimal and thousands marks, currencies, negatives and digits of any script change no value."""
    check_amounts(made)


@pytest.mark.long
@given(made=amounts())
@LONG
def test_many_amounts_of_any_locale_come_back_equal(made: tuple[list[str], list[float]]) -> None:
    """The same, two thousand times."""
    check_amounts(made)


@st.composite
def moments(draw: st.DrawFn) -> tuple[list[str], list[dt.datetime]]:
    """Texts in one way of writing dates, and what they were written from; a day above twelve proves the order."""
    form = draw(st.sampled_from(DAY_FIRST + MONTH_FIRST + PLAIN))
    times = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2099, 12, 31)).map(lambda t: t.replace(microsecond=0))
    chosen = [dt.datetime(2025, 3, 23, 14, 5, 6), *draw(st.lists(times, min_size=2, max_size=12))]
    texts = [one.strftime(form) for one in chosen]
    return texts, [dt.datetime.strptime(text, form) for text in texts]


@given(made=moments())
@QUIET
def test_dates_of_any_form_come_back_equal(made: tuple[list[str], list[dt.datetime]]) -> None:
    """What Python's strftime writes is read as what Python's strptime reads."""
    texts, times = made
    found = table(texts)
    assert found.column("x").kind is Kind.DATE
    assert found.frame["x"].tolist() == times
    assert not found.questions


@given(made=moments(), other=moments())
@QUIET
def test_dates_of_two_forms_in_one_column_come_back_equal_or_are_asked(
    made: tuple[list[str], list[dt.datetime]], other: tuple[list[str], list[dt.datetime]]
) -> None:
    """Each by its own form; where both orders are proven, those that could be either are asked about."""
    texts, times = made[0] + other[0], made[1] + other[1]
    assume(not (made[0][0].isdigit() or other[0][0].isdigit()))
    found = table(texts)
    differs = [i for i, time in enumerate(times) if found.frame["x"].iloc[i] != time]
    if differs:
        asked = [one for one in found.questions if one.code == "UNCLEAR_DATE"]
        assert asked and len(differs) <= asked[0].count
        assert all(times[i].day <= 12 for i in differs)


@given(cells=st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12), min_size=1,
                      max_size=30))
@QUIET
def test_chosen_text_is_the_text_of_the_file(cells: list[str]) -> None:
    """With ``kind`` = text every cell is exactly what stood there; only empty ones are gaps."""
    found = table(cells, {"kind:x": "text"})
    assert [cell for cell in found.frame["x"]] == [cell if cell.strip() else None for cell in cells]


@given(cells=st.lists(st.text(max_size=12), min_size=1, max_size=40), kind=st.sampled_from([*Kind, None]))
@QUIET
def test_no_text_is_too_odd(cells: list[str], kind: Kind | None) -> None:
    """Any text in any kind gives a table of as many rows, whose raw cells are those of the file, the same twice."""
    cells = [cell.encode("utf-8", "replace").decode() for cell in cells]
    answers = {"kind:x": kind.value} if kind else {}
    one, two = table(cells, answers), table(cells, answers)
    assert one.raw["x"].tolist() == cells and len(one.frame) == len(cells)
    pd.testing.assert_frame_equal(one.frame, two.frame)
    assert (one.notes, one.questions, one.columns) == (two.notes, two.questions, two.columns)
    assert all(note.count > 0 for note in one.notes)
