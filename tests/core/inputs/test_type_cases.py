"""What digits and amounts mean, case by case: right, noted with a way back, or asked; never silently another value."""

from __future__ import annotations

import numpy as np
import pytest

from core import neutral
from core.model import Kind, Role
from tests.core.inputs.typed import cells, column, native, note, question, table, undone

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
