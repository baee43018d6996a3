"""Laws of unusual customers and of lists: each planted case is found, told with its numbers, and in its kind; order and search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.customers import unusual
from core.customers.listing import in_order, listed, shown_columns, sought
from core.customers.rare import rarities
from core.customers.unusual import KINDS, UNUSUAL
from core.formats.reading import Reading
from core.model import Role, Source, Table
from core.tables import understand
from tests.dashboard import made

VALUABLE, AT_RISK, SUSPICIOUS, OTHER = KINDS


def shop(n: int = 400, seed: int = 0, **planted: dict[int, object]) -> Table:
    """Customers without anything odd, and cells planted by column and row."""
    rng = np.random.default_rng(seed)
    orders = rng.integers(2, 30, n)
    cells = {
        "customer": [f"k{at}" for at in range(n)], "age": rng.integers(20, 70, n), "revenue": np.round(orders * 20 + rng.normal(0, 15, n), 2),
        "orders": orders, "recency": rng.integers(1, 200, n), "return_rate": np.round(rng.uniform(0, 0.3, n), 3),
        "country": rng.choice(["DE", "FR", "AT"], n),
    }  # fmt: skip
    frame = pd.DataFrame(cells).astype(object)
    for column, values in planted.items():
        for row, value in values.items():
            frame.loc[row, column] = value
    return understand(Reading(frame.map(str), Source("x.csv", "text")), {})


def told(table: Table, rows: dict[int, float], **more) -> pd.DataFrame:
    """The unusual ones where only ``rows`` have a score above the average."""
    scores = np.full(len(table), 0.4)
    for row, score in rows.items():
        scores[row] = score
    roles = {column.name: column.role for column in table.columns}
    return unusual(table, roles, np.ones(len(table), dtype=np.int16), scores, **{"money": "revenue", **more}).set_index("row")


@pytest.mark.parametrize(
    ("planted", "kind", "words"),
    [
        ({"revenue": {7: 9000.0}}, VALUABLE, "9,000 EUR"),
        ({"revenue": {7: -250.0}}, SUSPICIOUS, "below 0"),
        ({"age": {7: 140}}, SUSPICIOUS, "no age of a customer"),
        ({"return_rate": {7: 3.5}}, SUSPICIOUS, "more than a whole"),
        ({"recency": {7: 400}, "orders": {7: 2}, "revenue": {7: 40.0}}, AT_RISK, "longer than"),
        ({"country": {7: "Malta"}}, OTHER, "country Malta (so are 0.25% of customers)"),
    ],
)
def test_a_planted_customer_is_of_its_kind_and_told_with_its_numbers(planted, kind, words):
    found = told(shop(**planted), {7: 0.7}, units={"revenue": "EUR"})
    assert list(found.index) == [7] and found.at[7, "kind"] == kind
    assert words in found.at[7, "told"]


def test_many_orders_for_hardly_any_money_is_a_pattern_though_each_is_usual():
    """Revenue follows orders; both planted cells lie within the middle 98 % of their columns."""
    found = told(shop(orders={7: 28}, revenue={7: 60.0}, recency={7: 20}), {7: 0.7})
    assert found.at[7, "kind"] == SUSPICIOUS and "hardly ever occur together" in found.at[7, "told"]
    usual = told(shop(orders={7: 28}, revenue={7: 560.0}, recency={7: 20}), {7: 0.7})
    assert usual.at[7, "kind"] == OTHER


def test_rows_repeated_many_times_are_suspicious_where_repeats_are_rare():
    same = {"age": 33, "revenue": 100.0, "orders": 5, "recency": 9, "return_rate": 0.1, "country": "DE"}
    planted = {name: dict.fromkeys(range(8), value) for name, value in same.items()}
    found = told(shop(**planted), {0: 0.7, 100: 0.6})
    assert found.at[0, "kind"] == SUSPICIOUS and "Equal in every column to 7 other customers" in found.at[0, "told"]
    assert found.at[100, "kind"] != SUSPICIOUS


def test_a_silent_customer_with_many_orders_is_judged_by_its_own_usual_gap():
    """Three times the own gap is at risk; the same silence of one who always waits so long is not."""
    read = shop()
    frame = read.frame.assign(days_between=np.where(np.arange(400) == 7, 20.0, 100.0))
    frame.loc[[7, 8], ["recency", "orders"]] = [[150.0, 28.0], [150.0, 28.0]]
    column = replace(read.column("recency"), name="days_between")
    found = told(replace(read, frame=frame, columns=(*read.columns, column)), {7: 0.7, 8: 0.65})
    assert found.at[7, "kind"] == AT_RISK and "7.5 x its usual gap" in found.at[7, "told"]
    assert found.at[8, "kind"] != AT_RISK


def test_the_columns_named_are_those_that_lie_farthest_out():
    """Robust z counted by scipy: the strongest first, at most three, and nothing below two standard deviations beside."""
    read = shop(revenue={7: 3000.0}, age={7: 69})
    found = told(read, {7: 0.7})
    names = found.at[7, "columns"].split("\n")
    far = {}
    for name in ("age", "revenue", "orders", "recency", "return_rate"):
        values = read.frame[name].to_numpy()
        far[name] = abs(values[7] - np.median(values)) / stats.median_abs_deviation(values, scale="normal")
    ordered = sorted((name for name in far if far[name] >= 2), key=far.get, reverse=True)
    assert names == (ordered[:3] or [max(far, key=far.get)])


def test_rarity_is_a_share_of_everyone_and_a_gap_is_not_far_out():
    read = shop(country={3: "Malta"})
    values = read.frame["revenue"].copy()
    values.iloc[5] = np.nan
    rare = rarities(read.column("revenue"), values, np.array([5, 6]))
    assert rare.far[0] == 0 and rare.middle == pytest.approx(values.median())
    below = (values < values.iloc[6]).mean() * 400 / 399 if rare.far[1] >= 0 else (values > values.iloc[6]).mean() * 400 / 399
    assert rare.share[1] == pytest.approx(below)
    country = rarities(read.column("country"), read.frame["country"], np.array([3]))
    assert country.share[0] == pytest.approx(1 / 400) and country.far[0] == pytest.approx(stats.norm.isf(1 / 800))


def test_at_most_300_and_five_per_cent_the_most_unusual_first_and_nobody_who_is_like_others():
    read = shop(1000)
    scores = np.random.default_rng(0).uniform(0.3, 0.8, 1000)
    roles = {column.name: column.role for column in read.columns}
    found = unusual(read, roles, np.ones(1000, dtype=np.int16), scores, money="")
    assert tuple(found.columns) == UNUSUAL and len(found) == 50
    assert found["row"].tolist() == np.argsort(-scores)[:50].tolist()
    assert len(unusual(read, roles, np.ones(1000, dtype=np.int16), np.full(1000, 0.5), money="")) == 0


def placed(table, **changes):
    """The twelve customers with margins and depths by hand."""
    found = made.comparison().choose("kmeans-2")
    placing = pd.DataFrame({"second": np.repeat([2, 1], [8, 4]).astype(np.int16), "margin": np.linspace(1, 0, 12, dtype=np.float32),
                            "depth": np.linspace(0, 1, 12, dtype=np.float32), "unusual": np.full(12, 0.4, dtype=np.float32)})  # fmt: skip
    odd = pd.DataFrame({"row": [3, 9, 1], "segment": np.int16([1, 2, 1]), "score": [0.7, 0.65, 0.6],
                        "kind": [OTHER, OTHER, VALUABLE], "columns": ["age", "age", "age"], "told": ["A.", "B.", "C."]})  # fmt: skip
    return replace(found, whole=True, placing=placing, unusual=odd, **changes)


def test_each_view_has_its_order():
    """Of the eight of the first segment: depth falling, margin rising, kinds, and the file's own order."""
    found = placed(made.table())
    own = np.flatnonzero(found.candidate.labels == 1).tolist()
    assert listed(found, 1, "typical").tolist() == own[::-1]
    assert listed(found, 1, "border").tolist() == own[::-1]
    assert listed(found, 1, "unusual").tolist() == [1, 3]
    assert listed(found, 1, "all").tolist() == own
    bare = made.comparison().choose("kmeans-2")
    assert listed(bare, 1, "border").tolist() == own and listed(bare, 1, "unusual").tolist() == []


def test_sorting_keeps_gaps_last_and_equals_as_they_are():
    """Against pandas, both ways, for numbers and texts."""
    table, found = made.table(), placed(made.table())
    rows = np.arange(12)
    for column in table.columns:
        for falling in (False, True):
            after = table.frame[column.name].iloc[in_order(table, found, rows, column.name, falling=falling)]
            known = after.dropna()
            assert after.isna().tolist() == sorted(after.isna().tolist())
            assert known.tolist() == sorted(known.tolist(), reverse=falling)
    assert in_order(table, found, rows, "=margin", falling=False).tolist() == list(range(11, -1, -1))


def test_a_search_looks_into_ids_or_counts_rows_where_there_are_none():
    table = made.table()
    ids = [column for column in table.columns if column.role is Role.ID]
    wanted = str(table.raw[ids[0].name].iloc[4])
    assert 4 in sought(table, ids, np.arange(12), f"  {wanted.upper()} ")
    assert sought(table, [], np.arange(12), "5").tolist() == [4]
    assert sought(table, [], np.arange(12), "0").tolist() == sought(table, [], np.arange(12), "x").tolist() == []
    assert sought(table, ids, np.arange(12), " ").tolist() == list(range(12))


def test_columns_shown_are_the_id_and_then_what_tells_the_segment_apart():
    table, found = made.table(), placed(made.table())
    roles = {column.name: column.role for column in table.columns}
    first, *others = shown_columns(table, roles, found, 1, most=2)
    assert roles[first.name] is Role.ID and len(others) == 2 and all(roles[one.name] is not Role.ID for one in others)
    contrasts = pd.DataFrame({"segment": [1, 2, 1], "column": ["region", "age", "age"]})
    assert [one.name for one in shown_columns(table, roles, replace(found, contrasts=contrasts), 1, most=2)][1:] == ["region", "age"]
