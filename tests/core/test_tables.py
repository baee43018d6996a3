"""Understanding columns: kinds by vote, roles with reasons, nothing changed silently."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core.formats import read
from core.formats.reading import Reading
from core.model import Kind, Role, Source, Table
from core.tables import understand


def table(answers: dict[str, str] | None = None, *, delimiter: str = ",", **columns: list) -> Table:
    raw = pd.DataFrame({name: pd.Series(cells, dtype="str") for name, cells in columns.items()})
    return understand(Reading(raw, Source("t", "text", delimiter=delimiter)), answers or {})


def numbers(cells: list[str], **more: object) -> list[float]:
    found = table(x=cells, **more)
    assert found.column("x").kind is Kind.NUMBER
    return found.frame["x"].tolist()


WRITTEN = {
    "decimal comma": (["1,5", "2,25", "1.234,5"], [1.5, 2.25, 1234.5]),
    "thousands": (["1,234.50", "2,000", "3"], [1234.5, 2000, 3]),
    "european thousands": (["1.234,50", "2.000", "3"], [1234.5, 2000, 3]),
    "spaces": (["1 234,50", "2\u00a0000", "3\u202f000"], [1234.5, 2000, 3000]),
    "apostrophes": (["1'234.50", "2’000", "3"], [1234.5, 2000, 3]),
    "currency": (["€ 12", "13 €", "€14.5"], [12, 13, 14.5]),
    "negatives": (["(12.50)", "12.5-", "−3", "-4"], [-12.5, -12.5, -3, -4]),
    "percent": (["12%", "7.5 %", "100%"], [0.12, 0.075, 1.0]),
    "exponents": (["1e3", "2.5E-1", "7"], [1000, 0.25, 7]),
    "indian": (["1,23,456", "2,00,000.5", "3"], [123456, 200000.5, 3]),
    "plain": (["1.234", "2.5", "-0.0"], [1.234, 2.5, -0.0]),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_numbers_are_read_as_written(case: str) -> None:
    """Every common way of writing a number gives its value; a rewriting is listed with examples."""
    cells, expected = WRITTEN[case]
    assert numbers(cells) == pytest.approx(expected)
    noted = any(note.code == "CONVERTED" and note.count and note.examples for note in table(x=cells).notes)
    assert noted == (case not in ("plain", "exponents"))


def test_an_unclear_comma_is_asked_and_the_answer_holds() -> None:
    """"1,234" alone proves neither; the proposal follows the file's separator."""
    cells = ["1,234", "5,678", "9,100"]
    asked = table(x=cells)
    assert asked.questions[0].key == "comma:x"
    assert asked.questions[0].proposed == "thousands"
    assert asked.frame["x"].tolist() == [1234, 5678, 9100]
    assert table(x=cells, delimiter=";").frame["x"].tolist() == [1.234, 5.678, 9.1]
    answered = table({"comma:x": "decimal"}, x=cells)
    assert answered.frame["x"].tolist() == [1.234, 5.678, 9.1]
    assert not answered.questions


def test_mixed_currencies_are_never_added_up() -> None:
    """Two currencies in a column keep it out until the owner says they are the same."""
    cells = ["€1", "$2", "€3", "$4"]
    mixed = table(x=cells)
    assert mixed.questions[0].key == "currency:x"
    assert mixed.column("x").role is Role.IGNORE
    assert table({"currency:x": "same"}, x=cells).column("x").role is Role.FEATURE
    assert not table({"currency:x": "apart"}, x=cells).questions


def test_missing_tokens_count_only_in_numbers() -> None:
    """"NA" is a gap beside numbers and a word beside words."""
    found = table(spend=["1", "NA", "-", "#N/A", "5.5", "6"], country=["NA", "DE", "NA", "FR", "DE", "DE"])
    assert found.column("spend").gaps == 3
    assert found.column("country").gaps == 0
    assert any(note.code == "MISSING_TOKENS" and note.count == 3 for note in found.notes)


def test_infinite_values_are_gaps_with_a_note() -> None:
    """No infinity reaches the frame."""
    found = table(x=["1", "inf", "1e400", "2", "-Infinity", "3"])
    assert np.isfinite(found.frame["x"].dropna()).all()
    assert found.column("x").gaps == 3
    assert any(note.code == "NOT_FINITE" and note.count == 3 for note in found.notes)


def test_numbers_too_large_to_be_squared_are_gaps_with_a_note() -> None:
    """Means and squares of what remains are finite, whatever stands in the file."""
    found = table(x=["1e308", "-1.7e308", "1e101", "1e99", "2", "3", "4"])
    assert found.frame["x"].notna().sum() == 4
    assert any(note.code == "NOT_FINITE" and note.count == 3 for note in found.notes)
    assert np.isfinite((found.frame["x"].dropna() ** 2).sum())


@pytest.mark.parametrize("pair", [("yes", "no"), ("True", "False"), ("1", "0"), ("ja", "nein"), ("Y", "N")])
def test_two_opposites_are_a_flag(pair: tuple[str, str]) -> None:
    """The affirmative is 1.0, its opposite 0.0, a gap NaN."""
    found = table(x=[*pair, pair[0], ""])
    assert found.column("x").kind is Kind.FLAG
    np.testing.assert_array_equal(found.frame["x"], [1.0, 0.0, 1.0, np.nan])


def test_ids_stay_text_exactly() -> None:
    """Leading zeros and long whole numbers survive."""
    found = table(code=["00123", "00007", "12345"], long=["12345678901234567890", "12345678901234567891", "1" * 20])
    assert found.frame["code"].tolist() == ["00123", "00007", "12345"]
    assert {c.kind for c in found.columns} == {Kind.KEY}


def test_dates_are_proven_by_the_column_or_asked() -> None:
    """A day above 12 proves the order; otherwise the owner is asked."""
    proven = table(x=["03/02/2026", "13/02/2026", "05/06/2026"])
    assert (proven.frame["x"].dt.month.tolist(), proven.questions) == ([2, 2, 6], ())
    assert table(x=["02/13/2026", "02/03/2026", "06/05/2026"]).frame["x"].dt.month.tolist() == [2, 2, 6]
    unclear = table(x=["03/02/2026", "04/05/2026"])
    assert unclear.questions[0].key == "date:x"
    assert table({"date:x": "month"}, x=["03/02/2026", "04/05/2026"]).frame["x"].dt.month.tolist() == [3, 4]
    assert table(x=["2026-02-30", *(f"2026-05-{day}" for day in range(10, 30))]).column("x").gaps == 1


def test_roles_say_why_in_plain_words() -> None:
    """Ids, constants, empty and free-text columns are left out with a reason; measures are not."""
    rng = np.random.default_rng(0)
    n = 200
    found = table(
        customer_id=[str(1000 + 7 * i) for i in range(n)],
        row=[str(i + 1) for i in range(n)],
        same=["3"] * n,
        empty=[""] * n,
        remark=[f"note {i} on this" for i in range(n)],
        city=[f"city {i % 50}" for i in range(n)] ,
        spend=[f"{v:.4f}" for v in rng.normal(50, 9, n)],
        balance=[str(v) for v in rng.choice(100_000, n, replace=False)],
        channel=[str(1 + i % 2) for i in range(n)],
        kids=[str(i % 3) for i in range(n)],
    )
    roles = {c.name: c.role for c in found.columns}
    assert roles == {
        "customer_id": Role.ID, "row": Role.ID, "same": Role.IGNORE, "empty": Role.IGNORE, "remark": Role.IGNORE,
        "city": Role.PROFILE, "spend": Role.FEATURE, "balance": Role.FEATURE, "channel": Role.FEATURE,
        "kids": Role.FEATURE,
    }
    assert found.column("customer_id").left_out == "left out: looks like an id (200 different values in 200 rows)"
    assert found.column("channel").kind is Kind.CATEGORY
    assert found.column("kids").kind is Kind.NUMBER
    for column in found.columns:
        assert (column.left_out == "") == (column.role is Role.FEATURE)


UNITS = {"Annual Income (k$)": "k$", "price_eur": "EUR", "Age": "years", "spend (£)": "GBP", "visits": "",
         "Recency": "days"}


@pytest.mark.parametrize("name", UNITS)
def test_units_are_guessed_from_names(name: str) -> None:
    """A currency or unit in the name is found."""
    assert table(**{name: ["1.5", "2.5", "9"]}).column(name).unit == UNITS[name]


def test_a_currency_in_the_cells_is_the_unit() -> None:
    """£ cells make GBP."""
    assert table(x=["£1.50", "£2", "£7"]).column("x").unit == "GBP"


def test_bars_gaps_and_duplicates_add_up() -> None:
    """Bars count every filled cell once, in at most twelve bars."""
    rng = np.random.default_rng(0)
    values = [f"{v:.3f}" for v in rng.lognormal(3, 1, 300)] + [""] * 5
    found = table(x=values, y=[str(i % 40) + "k" for i in range(305)])
    for column in found.columns:
        assert len(column.bars) <= 12
        assert sum(count for _, count in column.bars) + column.gaps == 305
    assert table(x=["1", "2", "1"], y=["a", "b", "a"]).duplicates == 1


def test_outliers_are_beyond_tukeys_fences() -> None:
    """Hand-counted: quartiles of 1..8 and 100 are 3 and 7, the fence is 13."""
    assert table(x=["1", "2", "3", "4", "5", "6", "7", "8", "100.5"]).column("x").outliers == 1
    assert table(x=["0"] * 20 + ["5.5"]).column("x").outliers == 0


def test_fingerprint_follows_content_and_answers() -> None:
    """Same cells and answers: same fingerprint; either changed: another."""
    one, two = table(x=["1", "2"]), table(x=["1", "2"])
    assert one.fingerprint == two.fingerprint
    assert one.fingerprint != table(x=["1", "3"]).fingerprint
    assert one.fingerprint != table({"header": "yes"}, x=["1", "2"]).fingerprint


def test_mall_customers_is_understood_as_a_person_would(shared_data: Path) -> None:
    """Id out, gender a category, three measures with units."""
    path = shared_data / "customers" / "Mall_Customers.csv"
    found = understand(read(path, path.name, {}), {})
    assert [c.kind.value for c in found.columns] == ["key", "category", "number", "number", "number"]
    assert [c.role.value for c in found.columns] == ["id", "feature", "feature", "feature", "feature"]
    assert [c.unit for c in found.columns] == ["", "", "years", "k$", ""]


def test_real_files_keep_their_measures(shared_data: Path) -> None:
    """Known columns of public files get the role a person would give."""
    expected = {
        "CC GENERAL.csv": {"CUST_ID": "id", "BALANCE": "feature", "TENURE": "feature"},
        "Wholesale customers data.csv": {"Channel": "feature", "Fresh": "feature"},
        "marketing_campaign_TAB.csv": {"ID": "id", "Z_CostContact": "ignore", "Dt_Customer": "profile",
                                       "Income": "feature"},
    }
    for name, wanted in expected.items():
        found = understand(read(shared_data / "customers" / name, name, {}), {})
        assert {c: found.column(c).role.value for c in wanted} == wanted
        assert not found.questions


@pytest.mark.long
def test_two_hundred_thousand_rows_take_seconds(tmp_path: Path) -> None:
    """Reading and understanding 200,000 rows stays under ten seconds on one core."""
    rng = np.random.default_rng(0)
    n = 200_000
    frame = pd.DataFrame({"id": range(n), "spend": rng.lognormal(3, 1, n).round(4), "visits": rng.poisson(4, n),
                          "city": rng.choice(["a", "b", "c"], n), "day": rng.choice(["2026-01-01", "2026-05-09"], n)})
    path = tmp_path / "big.csv"
    frame.to_csv(path, index=False)
    started = time.perf_counter()
    understand(read(path, "big.csv", {}), {})
    assert time.perf_counter() - started < 10
