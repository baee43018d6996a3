"""What cells mean, case by case: right, noted with a way back, or asked; never silently another value."""

from __future__ import annotations

import datetime as dt
import decimal

import numpy as np
import pandas as pd
import pytest

from core import neutral
from core.formats.reading import Reading
from core.model import Column, Kind, Note, Question, Role, Source, Table
from core.tables import understand

TODAY = dt.date(2026, 6, 1)


def table(answers: dict[str, str] | None = None, *, delimiter: str = ",", **columns: list) -> Table:
    raw = pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})
    return understand(Reading(raw, Source("t", "text", delimiter=delimiter)), answers or {}, today=TODAY)


def native(answers: dict[str, str] | None = None, **columns: list) -> Table:
    raw = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    return understand(Reading(raw, Source("t", "json")), answers or {}, today=TODAY)


def column(found: Table, name: str = "x") -> Column:
    return found.column(name)


def cells(found: Table, name: str = "x") -> list:
    return [None if pd.isna(cell) else cell for cell in found.frame[name]]


def days(found: Table, name: str = "x") -> list[str | None]:
    assert column(found, name).kind is Kind.DATE
    return [None if pd.isna(cell) else cell.isoformat(sep=" ").removesuffix(" 00:00:00") for cell in found.frame[name]]


def note(found: Table, code: str, name: str = "x") -> Note:
    """The one note of this code about the column; every one has a count, and examples."""
    notes = [one for one in found.notes if one.code == code and one.column == name]
    assert len(notes) == 1, [one.code for one in found.notes]
    assert notes[0].count > 0 and notes[0].examples
    return notes[0]


def question(found: Table, code: str) -> Question:
    asked = [one for one in found.questions if one.code == code]
    assert len(asked) == 1, found.questions
    assert asked[0].count > 0 and asked[0].examples and asked[0].proposed in asked[0].options
    return asked[0]


def undone(name: str = "x", **columns: list) -> None:
    """``kind:NAME`` = text gives back what stood in the file."""
    back = table({f"kind:{name}": "text"}, **columns)
    assert column(back, name).kind is Kind.TEXT
    assert cells(back, name) == [cell if cell.strip() else None for cell in columns[name]]


# Digits that are names -----------------------------------------------------------------------------------------------


def test_b036_leading_zeros_stay() -> None:
    """A postcode or id keeps its zeros, also beside some without."""
    found = table(x=["00123", "00007", "12345", "00123"], plz=["01067", "80331", "", "04109"])
    assert cells(found) == ["00123", "00007", "12345", "00123"]
    assert cells(found, "plz") == ["01067", "80331", None, "04109"]
    assert column(found).kind is column(found, "plz").kind is Kind.KEY
    assert note(found, "KEPT_AS_TEXT").choice.key == "kind:x"
    assert cells(table({"kind:x": "number"}, x=["00123", "00007"])) == [123, 7]


def test_b037_whole_numbers_beyond_the_mantissa_stay_exact_beside_a_gap() -> None:
    """2**53 + 1 is not 2**53, with or without a missing value, from text and from native cells."""
    texts = [str(2**53 + 1), "", str(2**53 + 3), "5", "17"]
    assert cells(table(x=texts)) == [texts[0], None, texts[2], "5", "17"]
    assert cells(native(x=[2**53 + 1, None, 2**53 + 3, 5, 17])) == [texts[0], None, texts[2], "5", "17"]
    gaps = table(x=["1", "", "3", "900719925474099", "2"])
    assert (column(gaps).kind, cells(gaps)) == (Kind.NUMBER, [1, None, 3, 900719925474099, 2])


def test_b038_whole_numbers_beyond_64_bits_are_text() -> None:
    """No digit is lost however long the number is."""
    texts = [str(2**63 + i) for i in range(5)] + ["9" * 40]
    found = table(x=texts)
    assert (column(found).kind, cells(found)) == (Kind.KEY, texts)


@pytest.mark.parametrize("texts", [["1E5", "2E3", "7E10", "1E5"], ["3-5", "1-2", "10-12"], ["1/2", "3/4", "1/4"],
                                   ["SEPT2", "MAR1", "DEC1"], ["1E5", "123", "77"], ["1-2-3", "4-5-6"], ["2e5", "3e9"]])
def test_b039_ids_that_look_like_numbers_or_dates_stay_text(texts: list[str]) -> None:
    """Gene names, sizes and article codes are not what Excel makes of them."""
    assert cells(table(x=texts)) == texts


def test_b039_article_numbers_with_a_letter_here_and_there_lose_none() -> None:
    """C536379 among 536365 is a cancelled invoice, not a gap; 9+ among counts is one, and told."""
    invoices = [str(536365 + i) for i in range(30)] + ["C536379"]
    found = table(x=invoices)
    assert cells(found) == invoices and note(found, "MIXED_KINDS").examples == ("C536379",)
    counts = table(x=[str(i) for i in range(1, 10)] * 4 + ["9+"])
    assert column(counts).kind is Kind.NUMBER and note(counts, "NOT_NUMBERS").examples == ("9+",)


def test_b040_telephone_numbers_stay_text() -> None:
    """With a plus, with spaces, or by the name of the column."""
    found = table(x=["+4917012345678", "+49 170 123 456", "+1 212 555 123"], phone=["49170123456", "49170123457", "1"])
    assert cells(found) == ["+4917012345678", "+49 170 123 456", "+1 212 555 123"]
    assert cells(found, "phone") == ["49170123456", "49170123457", "1"]


def test_b041_words_for_missing_are_words_among_words_and_gaps_among_numbers() -> None:
    """A country NA and a person called Null stay; in amounts the words are listed, and can be kept."""
    words = ["NA", "None", "null", "nan", "N/A", "-", "#N/A"]
    country = [*words, "DE", "FR", "DE"]
    amounts = [*words, "1.5", "2.5", "3"]
    found = table(country=country, x=amounts)
    assert cells(found, "country") == country
    assert cells(found) == [*[None] * 7, 1.5, 2.5, 3]
    assert note(found, "MISSING_TOKENS").count == 7
    assert note(found, "TOKENS_KEPT", "country").count == 7
    assert cells(table({"missing:x": "text"}, x=amounts)) == amounts
    assert cells(table({"missing:country": "missing"}, country=country), "country") == [*[None] * 7, "DE", "FR", "DE"]


# Numbers in all their dresses ----------------------------------------------------------------------------------------

DRESSED = {
    "b042 decimal comma": (["1,5", "2,25", "10,0", ""], [1.5, 2.25, 10, None]),
    "b043 thousands comma": (["1,234.50", "12,000", "3"], [1234.5, 12000, 3]),
    "b044 european": (["1.234,50", "2.000", "1.234.567"], [1234.5, 2000, 1234567]),
    "b044 space": (["1 234,50", "12 000", "3,5"], [1234.5, 12000, 3.5]),
    "b044 no-break space": (["1\u00a0234,50", "2\u00a0000", "3,5"], [1234.5, 2000, 3.5]),
    "b044 thin space": (["1\u2009234,50", "2\u202f000", "3,5"], [1234.5, 2000, 3.5]),
    "b044 apostrophe": (["1'234.50", "2’000", "3.5"], [1234.5, 2000, 3.5]),
    "b046 sign": (["$1,234.50", "$12", "-$3", "$-4", "($5)"], [1234.5, 12, -3, -4, -5]),
    "b046 suffix": (["1.234,50 €", "12 €", "3,5€"], [1234.5, 12, 3.5]),
    "b046 real": (["R$ 1.234,50", "R$ 12,00"], [1234.5, 12]),
    "b046 franc": (["CHF 1'234.50", "12.05 CHF"], [1234.5, 12.05]),
    "b046 krona": (["1 234,50 kr", "12 kr"], [1234.5, 12]),
    "b047 percent": (["12%", "57 %", "-3.5%", "100%"], [0.12, 0.57, -0.035, 1]),
    "b048 brackets": (["(12.50)", "3", "(1,234.00)"], [-12.5, 3, -1234]),
    "b048 behind": (["12.50-", "3", "7-"], [-12.5, 3, -7]),
    "b048 real minus": (["−12.50", "3", "−7"], [-12.5, 3, -7]),
    "b050 apostrophe in front": (["'123", "'-4.5", "7"], [123, -4.5, 7]),
    "b109 indian": (["1,23,456", "12,34,567.50", "₹ 99"], [123456, 1234567.5, 99]),
    "b109 yen": (["\\1,234", "\\2,000", "¥12,345,678"], [1234, 2000, 12345678]),
    "b110 arabic": (["٣٤", "١٬٢٣٤٫٥", "٧"], [34, 1234.5, 7]),
    "b110 full width": (["１２", "３．５", "７００"], [12, 3.5, 700]),
}


@pytest.mark.parametrize("case", DRESSED)
def test_b042_b043_b044_b046_b047_b048_b050_b109_b110_numbers_are_read_as_written(case: str) -> None:
    """Every way of writing an amount gives its value, is noted with examples, and can be undone."""
    texts, expected = DRESSED[case]
    found = table(x=texts)
    assert column(found).kind is Kind.NUMBER
    assert cells(found) == expected
    notes = [one for one in found.notes if one.code == "CONVERTED"]
    assert notes and all(one.count and one.examples and one.choice.key == "kind:x" for one in notes)
    assert found.raw["x"].tolist() == texts
    undone(x=texts)


@pytest.mark.parametrize("case", ["b042", "b043", "b044", "b048"])
def test_clear_styles_ask_nothing(case: str) -> None:
    """A column that shows its style is not asked about."""
    for name, (texts, _) in DRESSED.items():
        if name.startswith(case):
            assert not [one for one in table(x=texts).questions if one.code in ("UNCLEAR_COMMA", "UNCLEAR_DOT")], name


def test_b045_an_unclear_comma_is_asked_with_a_default_from_the_other_columns() -> None:
    """"1,234" proves nothing: the file's other numbers propose, the owner decides."""
    texts = ["1,234", "5,678", "9,100"]
    alone = table(x=texts)
    assert (question(alone, "UNCLEAR_COMMA").proposed, cells(alone)) == ("thousands", [1234, 5678, 9100])
    beside = table(x=texts, price=["1,5", "2,25", "3,75"])
    assert (question(beside, "UNCLEAR_COMMA").proposed, cells(beside)) == ("decimal", [1.234, 5.678, 9.1])
    english = table(x=texts, price=["1.5", "1,202.25", "3.75"], delimiter=";")
    assert (question(english, "UNCLEAR_COMMA").proposed, cells(english)) == ("thousands", [1234, 5678, 9100])
    for answer, expected in (("thousands", [1234, 5678, 9100]), ("decimal", [1.234, 5.678, 9.1])):
        answered = table({"comma:x": answer}, x=texts)
        assert (cells(answered), answered.questions) == (expected, ())


def test_b045_an_unclear_dot_is_asked_among_decimal_commas_and_told_elsewhere() -> None:
    """"1.234" is a thousand and some in a file of decimal commas, and may be either anywhere."""
    texts = ["1.234", "5.678", "9.100"]
    german = table(x=texts, price=["1,5", "2,25", "3,75"])
    assert (question(german, "UNCLEAR_DOT").proposed, cells(german)) == ("thousands", [1234, 5678, 9100])
    plain = table(x=texts)
    assert (note(plain, "DOTS").choice.taken, cells(plain)) == ("decimal", [1.234, 5.678, 9.1])
    assert cells(table({"dot:x": "thousands"}, x=texts)) == [1234, 5678, 9100]
    assert cells(native(x=[1.234, 5.678, "1,5"])) == [1.234, 5.678, 1.5]


def test_b046_two_currencies_are_asked_and_never_added_up() -> None:
    """The column stays out until the owner says that they are one."""
    texts = ["€1", "$2", "€3", "4 CHF"]
    mixed = table(x=texts)
    assert question(mixed, "MIXED_CURRENCIES").proposed == "apart"
    assert column(mixed).role is Role.IGNORE
    assert column(table({"currency:x": "same"}, x=texts)).role is Role.FEATURE
    assert column(table(x=["€1", "2 EUR", "3 eur"])).unit == "EUR"


def test_b047_a_percentage_is_a_share_and_labelled_so() -> None:
    """57 % is exactly 0.57; cells without the sign among others are pointed out."""
    found = table(x=["12%", "57%", "99%"])
    assert (column(found).unit, cells(found)) == ("share", [0.12, 0.57, 0.99])
    assert note(table(x=["12%", "5", "3%"]), "MIXED_PERCENT").examples == ("5",)


def test_b049_units_are_asked_and_different_ones_stay_text() -> None:
    """One unit can be an amount in it; grams and kilograms together cannot."""
    texts = ["12 kg", "3.5 kg", "1,200 kg"]
    found = table(x=texts)
    assert question(found, "UNITS").key == "kind:x"
    assert (cells(found), column(found).unit) == ([12, 3.5, 1200], "kg")
    assert cells(table({"kind:x": "text"}, x=texts)) == texts
    answered = table({"kind:x": "number"}, x=texts)
    assert (cells(answered), answered.questions) == ([12, 3.5, 1200], ())
    hours = table(x=["3h", "4h", "12h"])
    assert (question(hours, "UNITS").options, cells(hours)) == (("number", "text"), [3, 4, 12])
    mixed = table(x=["12 kg", "500 g", "3 kg"])
    assert cells(mixed) == ["12 kg", "500 g", "3 kg"] and note(mixed, "UNITS_KEPT").count == 3


def test_b050_what_our_export_wrote_comes_back() -> None:
    """The apostrophe that keeps spreadsheets from running a cell is taken off, and only that one."""
    texts = ["=1+1", "@x", "-2+3", "+A1", "'quoted", "it's", "'", "=1+1"]
    found = table(x=[neutral.neutral(text) for text in texts])
    assert cells(found) == texts
    assert note(found, "APOSTROPHES").count == 5
    undone(x=[neutral.neutral(text) for text in texts])


def test_b051_infinite_numbers_are_gaps_and_noted() -> None:
    """No infinity reaches the frame, and squares of what remains are finite."""
    found = table(x=["1", "inf", "-inf", "NaN", "1e400", "1e308", "2.5", "3.5"])
    assert cells(found) == [1, None, None, None, None, None, 2.5, 3.5]
    assert note(found, "NOT_FINITE").count == 4
    assert np.isfinite(np.square(found.frame["x"].dropna()).sum())


def test_b052_zeros_and_noise_are_exact() -> None:
    """The nearest double of every text, denormals included; -0.0 equals 0."""
    texts = ["-0.0", "5e-324", "0.30000000000000004", "0.1", "2.2250738585072014e-308"]
    assert cells(table(x=texts)) == [float(text) for text in texts]


# Dates ---------------------------------------------------------------------------------------------------------------


def test_b053_a_day_above_twelve_proves_the_order() -> None:
    """Day first or month first is what the column itself shows."""
    found = table(x=["03/02/2026", "13/02/2026", "05/06/2026"])
    assert (days(found), found.questions) == (["2026-02-03", "2026-02-13", "2026-06-05"], ())
    assert note(found, "DATES").count == 3
    assert days(table(x=["02/13/2026", "02/03/2026"])) == ["2026-02-13", "2026-02-03"]
    undone(x=["03/02/2026", "13/02/2026"])


def test_b054_day_or_month_is_asked_with_a_default_from_the_other_columns() -> None:
    """Nothing is guessed silently; what other columns prove is proposed."""
    texts = ["03/02/2026", "04/05/2026"]
    assert question(table(x=texts), "UNCLEAR_DATE").proposed == "day"
    american = table(x=texts, born=["02/13/1980", "12/31/1990"])
    assert question(american, "UNCLEAR_DATE").proposed == "month"
    assert days(american) == ["2026-03-02", "2026-04-05"]
    answered = table({"date:x": "month"}, x=texts)
    assert (days(answered), answered.questions) == (["2026-03-02", "2026-04-05"], ())
    assert days(table({"date:x": "day"}, x=texts)) == ["2026-02-03", "2026-05-04"]
    assert not table(x=["03.02.2026", "04.05.2026"]).questions
    both = table(x=["13/02/2026", "02/13/2026", "03/04/2026"])
    assert question(both, "UNCLEAR_DATE").count == 1 and days(both)[:2] == ["2026-02-13", "2026-02-13"]


def test_b055_formats_mixed_in_a_column_are_read_one_by_one() -> None:
    """Each cell by its own form, and those that are no date are gaps that are listed."""
    texts = ["2026-01-31", "31/01/2026", "Jan 5, 2026", "5 März 2026", "1. Februar 2026", "20.12.25", "2026/3/4",
             "2026-01-31", "Fri, 30 Jan 2026 10:00:00", "31-Jan-2026", "soon"]
    found = table(x=texts)
    assert days(found) == ["2026-01-31", "2026-01-31", "2026-01-05", "2026-03-05", "2026-02-01", "2025-12-20", "2026-03-04",
                           "2026-01-31", "2026-01-30 10:00:00", "2026-01-31", None]
    assert note(found, "NOT_DATES").examples == ("soon",)
    assert note(found, "MIXED_DATES").count == 10
    assert note(found, "SHORT_YEARS").count == 1


def test_b056_eight_digits_are_dates_and_serials_are_asked() -> None:
    """YYYYMMDD in a whole column is noted; days of Excel and seconds since 1970 are for the owner to say."""
    compact = table(x=["20260131", "20251224", "20240229"])
    assert days(compact) == ["2026-01-31", "2025-12-24", "2024-02-29"]
    assert note(compact, "DATES").choice.key == "kind:x"
    assert cells(table({"kind:x": "number"}, x=["20260131", "20251224"])) == [20260131, 20251224]
    assert column(table(x=["20260131", "20251324", "12345678"])).kind is Kind.NUMBER
    for texts in (["45321", "45000", "44000"], ["1700000000", "1710000000"], ["1700000000000", "1710000000000"]):
        asked = question(table(x=texts), "MAYBE_DATES")
        assert (asked.key, asked.options) == ("kind:x", ("number", "date"))
        assert question(table(signup_date=texts), "MAYBE_DATES").proposed == "date"
        assert not table({"kind:x": "number"}, x=texts).questions
    assert days(table({"kind:x": "date"}, x=["45321", "1", "59", "61"])) == [
        "2024-01-30", "1900-01-01", "1900-02-28", "1900-03-01"]
    assert days(table({"kind:x": "date"}, x=["1700000000", "1700000000000"])) == ["2023-11-14 22:13:20"] * 2
    many = [str(v) for v in range(40_000, 45_000)]
    assert question(table(x=many), "MAYBE_DATES") and not table(income=many).questions


def test_b057_times_with_a_zone_are_turned_to_utc() -> None:
    """An offset is taken into account and told; 24:00 and leap seconds are the moment that follows."""
    found = table(x=["2026-01-31T10:00:00Z", "2026-01-31 10:00:00+02:00", "2026-03-29T02:30:00+01:00",
                     "2026-01-31 24:00:00", "2016-12-31T23:59:60Z", "2026-01-31 10:00 CET"])
    assert days(found) == ["2026-01-31 10:00:00", "2026-01-31 08:00:00", "2026-03-29 01:30:00", "2026-02-01", "2017-01-01",
                           "2026-01-31 09:00:00"]
    assert note(found, "UTC").count == 5
    assert note(found, "TIME_MOVED").count == 2
    gap = table(x=["2026-03-29 02:30:00", "2026-03-29 03:30:00"])
    assert days(gap) == ["2026-03-29 02:30:00", "2026-03-29 03:30:00"]


def test_b058_dates_that_are_none_and_dates_out_of_range_are_listed() -> None:
    """Zero dates and the year 9999 are gaps; 1850 and tomorrow's orders stand, and are pointed out."""
    found = table(order_date=["0000-00-00", "1900-01-00", "9999-12-31", "0001-01-01", "1850-05-05", "2026-07-01",
                              "2025-01-01"])
    assert days(found, "order_date") == [None, None, None, None, "1850-05-05", "2026-07-01", "2025-01-01"]
    assert note(found, "NO_DATES", "order_date").count == 4
    assert note(found, "ODD_DATES", "order_date").examples == ("1850-05-05",)
    assert note(found, "FUTURE_DATES", "order_date").examples == ("2026-07-01",)
    assert "FUTURE_DATES" not in {one.code for one in table(valid_until=["2027-01-01", "2028-01-01"]).notes}


def test_times_of_day_stay_what_they_are() -> None:
    """08:30 is no date, no number and no share of a day."""
    found = table(x=["08:30", "12:00", "23:59:59", "08:30"])
    assert cells(found) == ["08:30", "12:00", "23:59:59", "08:30"]
    assert note(found, "TIMES").count == 4


# Flags, categories, texts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["yes no", "ja nein", "oui non", "Y N", "1 0", "✓ ✗", "TRUE FALSE", "si no", "tak nie"])
def test_b059_yes_and_no_are_a_flag_in_any_language(words: str) -> None:
    """1.0 is the yes; the words stay in ``raw`` and come back on demand."""
    yes, no = words.split()
    texts = [yes, no, yes.lower(), ""]
    found = table(x=texts)
    assert (column(found).kind, cells(found)) == (Kind.FLAG, [1, 0, 1, None])
    assert found.raw["x"].tolist() == texts
    undone(x=texts)


def test_b059_any_two_words_are_a_flag_when_chosen() -> None:
    """The second of the alphabet is the yes, and the note says so."""
    found = table({"kind:x": "flag"}, x=["paid", "free", "paid", "-"])
    assert cells(found) == [1, 0, 1, None] and "'paid'" in note(found, "FLAG").text
    assert note(table({"kind:x": "flag"}, x=["yes", "no", "maybe"]), "NOT_FLAGS").examples == ("maybe",)


def test_b060_b061_empty_and_constant_columns_are_noted_and_left_out() -> None:
    """They say nothing about customers."""
    found = table(x=["", "", ""], y=["3", "3", ""], z=["a", "b", "a"])
    assert (column(found).role, column(found, "y").role) == (Role.IGNORE, Role.IGNORE)
    assert [one.count for one in found.notes if one.code == "ALL_MISSING"] == [3]
    assert note(found, "CONSTANT", "y").count == 2


def test_b067_one_customer_with_nearly_all_the_spend_is_noted() -> None:
    """The note says the share and what helps."""
    found = table(spend=["1.5"] * 20 + ["2.5"] * 20 + ["8000"])
    told = note(found, "DOMINANT", "spend")
    assert "99%" in told.text and told.examples == ("8000",) and "robust" in told.hint
    assert not [one for one in table(spend=[str(i) for i in range(100)]).notes if one.code == "DOMINANT"]


def test_b068_negative_amounts_and_quantities_of_nothing_are_noted() -> None:
    """Returns and free orders stand as they are."""
    found = table(amount=["12.5", "-3", "0", "7", "-3"], quantity=["1", "0", "-2", "5", "9"], score=["1", "-1", "0", "2", "5"])
    assert cells(found, "amount") == [12.5, -3, 0, 7, -3]
    assert note(found, "NEGATIVE_AMOUNTS", "amount").count == 2
    assert note(found, "ZERO_AMOUNTS", "quantity").count == 1
    assert {one.column for one in found.notes if one.code.endswith("AMOUNTS")} == {"amount", "quantity"}


def test_b071_a_running_number_is_left_out_and_can_be_put_back() -> None:
    """Unique whole numbers under an id's name are a key; the choice makes them a feature."""
    texts = [str(1000 + 7 * i) for i in range(50)]
    found = table(customer_id=texts)
    assert (column(found, "customer_id").role, cells(found, "customer_id")) == (Role.ID, texts)
    assert note(found, "ID_LIKE", "customer_id").choice.options == ("key", "number", "text")
    back = table({"kind:customer_id": "number"}, customer_id=texts)
    assert (column(back, "customer_id").kind, column(back, "customer_id").role) == (Kind.NUMBER, Role.FEATURE)


def test_b071_an_id_that_repeats_is_no_amount() -> None:
    """The customers of orders come again and again, and are numbers of persons all the same."""
    found = table(customer_id=[str(17850 + i % 60) for i in range(2_000)], amount=[f"{i % 97}.5" for i in range(2_000)])
    assert (column(found, "customer_id").kind, column(found, "customer_id").role) == (Kind.KEY, Role.PROFILE)
    assert note(found, "ID_LIKE", "customer_id").choice.key == "kind:customer_id"
    assert column(found, "amount").role is Role.FEATURE


def test_b072_many_different_texts_are_noted_and_left_out() -> None:
    """100,000 different texts shape nothing, and their bars are none."""
    found = table(x=[f"remark {i}" for i in range(100_000)])
    assert (column(found).role, column(found).distinct, column(found).bars) == (Role.IGNORE, 100_000, ())
    assert note(found, "MANY_VALUES").count == 100_000


def test_b077_categories_are_equal_where_unicode_says_so() -> None:
    """é in one code point and in two is one category; emoji and right-to-left texts stay as they are."""
    found = table(x=["caf\u00e9", "cafe\u0301", "tea", "caf\u00e9"], y=["👩‍👩‍👧", "שלום", "👩‍👩‍👧", "𝒳"])
    assert set(cells(found)) == {"caf\u00e9", "tea"} and note(found, "UNICODE").count == 1
    assert found.raw["x"].tolist()[1] == "cafe\u0301"
    assert cells(found, "y") == ["👩‍👩‍👧", "שלום", "👩‍👩‍👧", "𝒳"]


def test_b078_spellings_are_proposed_to_be_merged() -> None:
    """Kept apart unless the owner merges them; the commonest spelling wins."""
    texts = ["Berlin", "berlin", "BERLIN", "Berlin", "New\u00a0York", "New York", "New  York", "New York", "Bonn\u200b", "Bonn",
             "Bonn"]
    found = table(x=texts)
    told = note(found, "SPELLINGS")
    assert (told.choice.key, told.choice.options, told.choice.taken, told.count) == ("spelling:x", ("keep", "merge"), "keep", 5)
    assert cells(found) == texts
    assert set(cells(table({"spelling:x": "merge"}, x=texts))) == {"Berlin", "New York", "Bonn"}
    padded = table(x=["a ", "a", "b", " b"])
    assert cells(padded) == ["a", "a", "b", "b"] and note(padded, "SPACES").count == 2
    undone(x=["a ", "a", "b", " b"])


def test_b079_formulas_are_text() -> None:
    """Nothing is run, nothing is cut."""
    texts = ["=1+1", "@x", "+A1", "-2+3", "=cmd|' /C calc'!A0", "=1+1"]
    found = table(x=texts)
    assert cells(found) == texts and found.raw["x"].tolist() == texts


# Native cells --------------------------------------------------------------------------------------------------------


def test_native_cells_keep_their_exact_values() -> None:
    """Decimals, flags, times and moments of JSON, workbooks and Parquet."""
    moment = dt.datetime(2026, 1, 31, 10, 30)
    found = native(
        d=[decimal.Decimal("1.10"), None, decimal.Decimal("2.345")], b=[True, False, None], m=[moment, None, moment + dt.timedelta(days=1)],
        t=[dt.time(8, 30), None, dt.time(9, 0)], i=[2**53 - 1, None, 3], text=["1,5", 2, 3.25])
    assert cells(found, "d") == [1.1, None, 2.345]
    assert (column(found, "b").kind, cells(found, "b")) == (Kind.FLAG, [1, 0, None])
    assert days(found, "m") == ["2026-01-31 10:30:00", None, "2026-02-01 10:30:00"]
    assert cells(found, "t") == ["08:30:00", None, "09:00:00"]
    assert cells(found, "i") == [2**53 - 1, None, 3]
    assert cells(found, "text") == [1.5, 2, 3.25]
    assert not [one for one in found.notes if one.column == "m"]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_chosen_and_left_again(kind: Kind) -> None:
    """The chosen kind holds, is told with the way back, and asks nothing more about itself."""
    texts = ["1,234", "5,678", "2026-01-31", "yes", ""]
    found = table({"kind:x": kind.value}, x=texts)
    assert column(found).kind is kind
    assert note(found, "KIND_CHOSEN").choice.taken == kind.value
    assert not [one for one in found.questions if one.key == "kind:x"]
    assert len(found.frame) == 5
