"""Rules against planted truth, against SQLite and DuckDB on the exported table, and against lots."""

from __future__ import annotations

import csv
import io
import json
import sqlite3

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import pipeline, prepare
from core.explainers.rules import NO_RULE, RULES, matches, roundest, rules
from core.exports.csv_text import write_csv
from core.model import NOISE, Column, Kind, Recipe, Role, Source, Table
from core.neutral import as_text


def table(**columns: tuple[Kind, list, list]) -> Table:
    """A table of columns given as (kind, texts as in the file, what was read from them)."""
    raw = pd.DataFrame({name: pd.Series(texts, dtype="str") for name, (_, texts, _) in columns.items()})
    frame = pd.DataFrame({name: pd.Series(cells, dtype=_dtype(kind)) for name, (kind, _, cells) in columns.items()})
    known = tuple(Column(name, kind, Role.FEATURE) for name, (kind, _, _) in columns.items())
    return Table(raw, frame, known, Source("made by hand", "text"), "f")


def _dtype(kind: Kind) -> str:
    return {Kind.NUMBER: "float64", Kind.FLAG: "float64", Kind.DATE: "datetime64[ns]"}.get(kind, "object")


def exported(of: Table) -> list[list[str]]:
    """The rows of customers.csv, its header first, as a reader of CSV sees them."""
    stream = io.BytesIO()
    write_csv(pd.DataFrame({name: as_text(of.raw[name]) for name in of.raw.columns}), stream, raw=False)
    return list(csv.reader(io.StringIO(stream.getvalue().decode(), newline="")))


def found_by(connection, of: Table, sql: str) -> set[int]:
    """The positions of the rows that a SELECT on the exported table returns; every column is text, as from a plain import."""
    header, *rows = exported(of)
    names = ", ".join('"' + name.replace('"', '""') + '" VARCHAR' for name in header)
    connection.execute(f"CREATE TABLE customers (place_of_row INTEGER, {names})")
    marks = ", ".join("?" * (len(header) + 1))
    connection.executemany(f"INSERT INTO customers VALUES ({marks})", [(at, *(row or [""])) for at, row in enumerate(rows)])
    found = {row[0] for row in connection.execute(sql).fetchall()}
    connection.execute("DROP TABLE customers")
    return found


def assert_same_rows(of: Table, ruled: pd.DataFrame, connection=None) -> None:
    """Each SELECT returns exactly the rows that the rule claims, and as many as it says."""
    connection = connection or sqlite3.connect(":memory:")
    for rule in ruled.itertuples():
        claimed = set(np.flatnonzero(matches(of, rule.conditions)).tolist())
        assert found_by(connection, of, rule.sql) == claimed, rule.sql
        assert len(claimed) == rule.covered


def planted(n: int = 2_000) -> tuple[Table, np.ndarray]:
    """Segment 1: income of at least 50 and living in Paris; 2: the others below 20 years; 3: everyone else."""
    random = np.random.default_rng(0)
    income, age = random.uniform(0, 100, n).round(2), random.integers(10, 80, n).astype(float)
    city = random.choice(np.array(["Paris", "Rome", "Oslo", "Bonn"], dtype=object), n)
    made = table(income=(Kind.NUMBER, [f"{x:.2f}" for x in income], income), city=(Kind.CATEGORY, city, city),
                 age=(Kind.NUMBER, [f"{x:.0f}" for x in age], age))  # fmt: skip
    labels = np.where((income >= 50) & (city == "Paris"), 1, np.where(age < 20, 2, 3))
    return made, labels.astype(np.int16)


def test_planted_rules_are_found_and_judged():
    """A rule that made a segment is found again, in its own round numbers, and holds on customers not learned from."""
    made, labels = planted()
    ruled = rules(made, {}, labels, seed=0).set_index("segment")
    assert list(ruled.reset_index().columns) == list(RULES) and ruled.index.tolist() == [1, 2, 3]
    assert {one["column"]: one["values"] for one in json.loads(ruled.loc[1, "conditions"])}["city"] == ["Paris"]
    assert ruled.loc[1, "coverage"] > 0.97 and ruled.loc[1, "precision"] > 0.97
    assert "age is below 20" in ruled.loc[2, "words"] and "city is Paris" in ruled.loc[1, "words"]
    assert ruled["held_out"].eq(600).all() and all(len(json.loads(c)) <= 3 for c in ruled["conditions"])
    assert_same_rows(made, ruled.reset_index())


def test_coverage_and_precision_are_those_of_the_rows_held_out():
    """On all rows, which hold those held out, the same shares are near; and a rule for everyone's third is no better
    than a lot where labels were drawn by lot."""
    made, labels = planted()
    lots = np.random.default_rng(3).permutation(labels)
    for rule in rules(made, {}, labels, seed=0).itertuples():
        found, own = matches(made, rule.conditions), labels == rule.segment
        assert rule.coverage == pytest.approx(found[own].mean(), abs=0.05)
        assert rule.precision == pytest.approx(own[found].mean(), abs=0.05)
    for rule in rules(made, {}, lots, seed=0).itertuples():
        share = (lots == rule.segment).mean()
        assert rule.precision == pytest.approx(share, abs=max(0.1, 2.5 / np.sqrt(max(1, rule.covered * 0.3))))


def test_rules_hang_neither_on_the_order_of_rows_nor_on_that_of_columns():
    """The lot that holds rows out is made of their content."""
    made, labels = planted(600)
    order = np.random.default_rng(5).permutation(600)
    other = table(**{
        name: (made.column(name).kind, made.raw[name].iloc[order].tolist(), made.frame[name].iloc[order].tolist())
        for name in ("age", "income", "city")
    })  # fmt: skip
    ours = [name for name in RULES if name not in ("sql", "words", "conditions")]
    one, two = rules(made, {}, labels, seed=1), rules(other, {}, labels[order], seed=1)
    pd.testing.assert_frame_equal(one[ours], two[ours])
    assert one["words"].tolist() == two["words"].tolist()


WRITTEN = {
    "plain": (lambda x: f"{x:.2f}", True),
    "signed": (lambda x: f"{x:+.2f}", True),
    "thousands": (lambda x: f"{x:,.2f}", True),
    "decimal comma": (lambda x: f"{x:,.2f}".translate(str.maketrans(",.", ".,")), True),
    "apostrophes": (lambda x: f"{x:,.2f}".replace(",", "'"), True),
    "currency": (lambda x: f"-${-x:,.2f}" if x < 0 else f"${x:,.2f}", True),
    "unit": (lambda x: f"{x:.2f} kg", True),
    "spaces": (lambda x: f" {x:.2f}", True),
    "power": (lambda x: f"{x:.3e}", True),
    "brackets": (lambda x: f"({-x:.2f})" if x < 0 else f"{x:.2f}", False),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_numbers_are_found_however_they_are_written(how):
    """SQL reads what was read of the file, or the column takes part in no rule."""
    write, readable = WRITTEN[how]
    values = np.round(np.random.default_rng(1).normal(scale=3_000, size=400), 2)
    texts = [write(x) for x in values]
    values = np.array([float(f"{x:.3e}") for x in values]) if how == "power" else values
    labels = np.where(values >= 100, 1, 2).astype(np.int16)
    ruled = rules(table(x=(Kind.NUMBER, texts, values)), {}, labels, seed=0)
    assert_same_rows(table(x=(Kind.NUMBER, texts, values)), ruled)
    assert (ruled["words"] != NO_RULE).all() == readable
    if readable:
        assert ruled["coverage"].min() > 0.97


def test_percents_are_shares():
    """12% was read as 0.12, and so does SQL."""
    values = np.arange(200) / 100
    made = table(x=(Kind.NUMBER, [f"{round(v * 100)}%" for v in values], values))
    ruled = rules(made, {}, np.where(values < 0.5, 1, 2).astype(np.int16), seed=0)
    assert "x is below 0.4" in ruled["words"][0] and "/ 100" in ruled["sql"][0]
    assert_same_rows(made, ruled)


def test_gaps_match_only_where_the_rule_asks_for_them():
    """Empty cells and words for them meet no range and no list; a segment of gaps is found by IS NULL."""
    texts = ["", "NA", *(str(x) for x in range(100)), "", "NA"] * 3
    values = [np.nan, np.nan, *map(float, range(100)), np.nan, np.nan] * 3
    made = table(x=(Kind.NUMBER, texts, values))
    gaps = np.isnan(values)
    below = rules(made, {}, np.where(np.nan_to_num(values, nan=99) < 50, 1, 2).astype(np.int16), seed=0)
    asked = rules(made, {}, np.where(gaps, 1, 2).astype(np.int16), seed=0)
    assert below["words"][0] == "x is below 50" and below["covered"][0] == 150
    assert asked["words"][0] == "x is empty" and asked["covered"][0] == gaps.sum()
    for ruled in (below, asked):
        assert_same_rows(made, ruled)


def test_lists_leave_gaps_out_and_say_so():
    """NOT IN would match an empty text; the rule says "known", and so does its SQL."""
    random = np.random.default_rng(2)
    levels = np.array([*"ABCDEFGH", None], dtype=object)
    cells = random.choice(levels, 900)
    made = table(x=(Kind.CATEGORY, ["" if c is None else c for c in cells], cells))
    labels = np.where((cells == "A") | (cells == None), 2, 1).astype(np.int16)  # noqa: E711  cell by cell
    ruled = rules(made, {}, labels, seed=0)
    assert ruled["words"][0] == "x is known and not A" and ruled["covered"][0] == (labels == 1).sum()
    assert_same_rows(made, ruled)
    gone = np.where(cells == None, 1, 2).astype(np.int16)  # noqa: E711
    empty = rules(made, {}, gone, seed=0)
    assert empty["words"][0] == "x is empty"
    assert_same_rows(made, empty)


def test_days_and_flags_read_as_people_say_them():
    """ISO dates are compared as days; a flag is yes or no, however the file writes it."""
    days = pd.date_range("2024-01-01", periods=300)
    flag = np.arange(300) % 2
    made = table(joined=(Kind.DATE, [str(d.date()) for d in days], days),
                 member=(Kind.FLAG, np.where(flag, "True", "False").tolist(), flag.astype(float)))  # fmt: skip
    dated = rules(made, {}, np.where(days >= "2024-05-01", 1, 2).astype(np.int16), seed=0)
    flagged = rules(made, {}, np.where(flag, 1, 2).astype(np.int16), seed=0)
    assert dated["words"][0].startswith("joined is 2024-0") and dated["words"][0].endswith("or later")
    assert flagged["words"].tolist() == ["member is yes", "member is no"]
    assert dated["coverage"][0] > 0.95 and "'1'" in flagged["sql"][0]
    for ruled in (dated, flagged):
        assert_same_rows(made, ruled)


def test_days_in_another_form_take_part_in_no_rule():
    """31.12.2024 cannot be compared as text."""
    days = pd.date_range("2024-01-01", periods=300)
    made = table(joined=(Kind.DATE, [f"{d:%d.%m.%Y}" for d in days], days))
    ruled = rules(made, {}, np.where(days >= "2024-05-01", 1, 2).astype(np.int16), seed=0)
    assert ruled["words"].tolist() == [NO_RULE, NO_RULE] and ruled["covered"].tolist() == [0, 0]
    assert_same_rows(made, ruled)


def test_what_cannot_be_told_apart_has_a_select_that_finds_nobody():
    """One segment has no rest; a single customer has nobody to be judged by."""
    made, labels = planted(60)
    alone = rules(made, {}, np.ones(60, dtype=np.int16), seed=0)
    assert alone["words"].tolist() == [NO_RULE] and alone["covered"].tolist() == [0]
    assert_same_rows(made, alone)
    labels[:] = 2
    labels[7], labels[8:20] = 1, NOISE
    assert_same_rows(made, rules(made, {}, labels, seed=0))


def test_names_that_databases_take_for_one_are_left_out():
    """Names that differ in case alone cannot stand in one table."""
    made, labels = planted(400)
    twice = table(**{name: (made.column(name).kind, made.raw[name].tolist(), made.frame[name].tolist())
                     for name in ("income", "city")}, City=(Kind.CATEGORY, ["a"] * 400, ["a"] * 400))  # fmt: skip
    assert not rules(twice, {}, labels, seed=0)["sql"].str.contains("city").any()


def test_duckdb_finds_the_same():
    """The same SELECT in the other engine, gaps, commas and dates included."""
    import duckdb

    made, labels = planted(500)
    amounts = [f"{x * 100:,.2f}" for x in made.frame["income"]]
    values = [float(text.replace(",", "")) for text in amounts]
    amounts[3], values[3] = "n/a", np.nan
    days = pd.date_range("2024-01-01", periods=500)
    joined = (Kind.DATE, [str(d.date()) for d in days], days)
    city = (Kind.CATEGORY, made.raw["city"].tolist(), made.frame["city"].tolist())
    more = table(amount=(Kind.NUMBER, amounts, values), joined=joined, city=city)
    for wanted in (labels, np.where(days >= "2024-05-01", 1, 2).astype(np.int16)):
        ruled = rules(more, {}, wanted, seed=0)
        assert_same_rows(more, ruled, duckdb.connect())
        assert_same_rows(more, ruled)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=6)
NAMES = st.one_of(TEXTS, st.sampled_from(['a"b', "o'clock", "=1+1", "group by", "ä ö", "x;--", "segment", "[a]", "`b`", "%s"]))
NUMBERS = st.one_of(st.none(), st.integers(-(10**6), 10**6).map(float),
                    st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False))  # fmt: skip
LEVELS = st.one_of(st.none(), st.sampled_from(["it's", '"x"', "-5 apples", "=sum", "", "%", "_", "Ä", "NULL"]), TEXTS)


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_sqlite_returns_exactly_what_each_rule_claims(data):
    """Any names, numbers, levels and gaps: the exported SQL on the exported table and ``matches`` agree."""
    count = data.draw(st.integers(6, 40))
    names = data.draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    columns = {}
    for name in names:
        if data.draw(st.booleans()):
            cells = data.draw(st.lists(NUMBERS, min_size=count, max_size=count))
            texts = ["" if x is None else str(int(x)) if x.is_integer() else repr(x) for x in cells]
            columns[name] = (Kind.NUMBER, texts, cells)
        else:
            few = data.draw(st.lists(LEVELS, min_size=1, max_size=5))
            cells = [c or None for c in data.draw(st.lists(st.sampled_from(few), min_size=count, max_size=count))]
            columns[name] = (Kind.CATEGORY, [c or "" for c in cells], cells)
    made = table(**columns)
    header = exported(made)[0]
    if len({name.casefold() for name in header}) < len(header):
        return
    labels = np.array(data.draw(st.lists(st.integers(1, 3), min_size=count, max_size=count)), dtype=np.int16)
    assert_same_rows(made, rules(made, {}, labels, seed=0))


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.booleans())
def test_the_roundest_number_parts_the_same_values(lower, width, whole):
    """Between the two, or the upper one where nothing is between: ``x >= it`` never moves a value."""
    lower = float(np.floor(lower)) if whole else lower
    upper = float(lower + np.ceil(width)) if whole else lower + width
    if upper <= lower:
        return
    found = roundest(lower, upper, whole=whole)
    assert lower < found <= upper and (not whole or found.is_integer())


@pytest.mark.parametrize(("lower", "upper", "whole", "expected"), [
    (3, 1000, True, 500), (39, 40, True, 40), (39.2, 40.1, False, 40), (-5, 20, True, 0), (0.11, 0.12, False, 0.115),
    (-20.0, -5.0, False, -10), (4187.31, 4213.9, False, 4200),
])  # fmt: skip
def test_thresholds_are_round(lower, upper, whole, expected):
    """As few digits as part the values."""
    assert roundest(lower, upper, whole=whole) == expected


@pytest.mark.parametrize("name", ["Mall_Customers.csv", "CC GENERAL.csv", "IncomeESL.csv", "marketing_campaign_TAB.csv"])
def test_rules_of_real_files_return_their_rows(shared_data, name):
    """K-means segments of real customers: each SELECT finds what its rule claims, most rules describe their segment."""
    from sklearn.cluster import KMeans

    path = shared_data / "customers" / name
    real = pipeline.load(path, name, {})
    matrix = prepare.prepare(real, Recipe())
    labels = np.full(len(real), NOISE, dtype=np.int16)
    labels[matrix.rows] = KMeans(5, n_init=1, random_state=0).fit_predict(matrix.values) + 1
    ruled = rules(real, prepare.roles(real, Recipe()), labels, seed=0)
    assert_same_rows(real, ruled)
    f1 = 2 * ruled["coverage"] * ruled["precision"] / (ruled["coverage"] + ruled["precision"])
    assert f1.median() > 0.7
