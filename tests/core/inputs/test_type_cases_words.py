"""What dates, flags, words and native cells mean, case by case: right, noted with a way back, or asked."""

from __future__ import annotations

import datetime as dt
import decimal

import pytest

from core.model import Kind, Role
from tests.core.inputs.typed import cells, column, days, native, note, question, table, undone

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
