"""Order lines in canonical form, and an engine that reaches nothing else."""

from decimal import ROUND_HALF_UP, Decimal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadRequest, MissingColumns
from core.model import Column, Kind, OrderPlan, Role, Source, Table
from core.orders.engine import session
from core.orders.lines import LARGEST, SCHEMA, TYPES, arrow_type, write_lines

MAPPING = {"customer": "who", "date": "when", "amount": "paid"}


def table(frame: pd.DataFrame, **kinds: Kind) -> Table:
    """A table of this frame, numbers and dates by their types, all else text unless told."""
    def kind(name: str) -> Kind:
        dtype = frame[name].dtype
        return kinds.get(name) or (
            Kind.NUMBER if dtype.kind in "fi" else Kind.DATE if dtype.kind == "M" else Kind.TEXT
        )

    columns = tuple(Column(name, kind(name), Role.FEATURE) for name in frame)
    return Table(raw=frame, frame=frame, columns=columns, source=Source("lines.csv", "csv"), fingerprint="f")


def simple(**columns) -> Table:
    rows = len(next(iter(columns.values()))) if columns else 2
    basic = {"who": ["a"] * rows, "when": pd.to_datetime(["2024-01-31"] * rows), "paid": [1.0] * rows}
    return table(pd.DataFrame(basic | columns))


def written(given_table: Table, plan: OrderPlan, folder) -> pd.DataFrame:
    write_lines(given_table, plan, folder / "lines.parquet")
    return pq.read_table(folder / "lines.parquet").to_pandas()


def test_every_canonical_column_exists_with_its_type(tmp_path):
    write_lines(simple(), OrderPlan(MAPPING), tmp_path / "lines.parquet")
    schema = pq.read_schema(tmp_path / "lines.parquet")
    assert tuple(schema.names) == SCHEMA
    for name, kind in TYPES.items():
        found = schema.field(name).type
        assert (found.value_type if pa.types.is_dictionary(found) else found) == arrow_type(kind), name


def test_ids_are_as_in_the_file_without_decimals_and_blanks(tmp_path):
    lines = written(table(pd.DataFrame({
        "who": [17850.0, np.nan, 2.5], "no": [" C1 ", "", None], "when": pd.to_datetime(["2024-01-31"] * 3),
        "paid": [1.0, 2.0, 3.0],
    })), OrderPlan(MAPPING | {"order": "no"}), tmp_path)
    assert lines["customer"].to_list()[::2] == ["17850", "2.5"] and pd.isna(lines["customer"][1])
    assert lines["order"][0] == "C1" and lines["order"].isna().to_list() == [False, True, True]
    assert lines["line"].to_list() == [1, 2, 3]


def test_texts_that_differ_by_blanks_alone_are_one(tmp_path):
    lines = written(simple(who=["b ", "b", " a", "  "]), OrderPlan(MAPPING), tmp_path)
    assert lines["customer"].to_list()[:3] == ["b", "b", "a"] and pd.isna(lines["customer"][3])


def test_orders_without_a_column_are_lines_or_days(tmp_path):
    dated = simple(who=["a", "a", None], when=pd.to_datetime(["2024-01-31 10:00", "2024-01-31 11:00", "2024-02-01 00:00"]))
    assert written(dated, OrderPlan(MAPPING), tmp_path)["order"].to_list() == ["1", "2", "3"]
    days = written(dated, OrderPlan(MAPPING, orders_are="days"), tmp_path)["order"]
    assert days[0] == days[1] == "a 2024-01-31" and pd.isna(days[2])


def test_dates_are_counted_in_days_hours_and_days_until_shipped(tmp_path):
    when = pd.to_datetime(["1969-12-31 23:30", "2024-03-01 00:00", None])
    lines = written(simple(when=when, sent=pd.to_datetime(["1970-01-02", "2024-02-28", "2024-02-28"])),
                    OrderPlan(MAPPING | {"shipped": "sent"}), tmp_path)
    assert lines["day"].to_list()[:2] == [-1, 19783] and lines["hour"].to_list()[:2] == [23, 0]
    assert lines["shipping_days"].to_list()[:2] == [2, -2]
    assert lines[["day", "hour", "shipping_days"]].iloc[2].isna().all()
    assert written(simple(), OrderPlan(MAPPING), tmp_path)["hour"].isna().all()  # no time of day anywhere


MONEY = st.decimals(-10_000, 10_000, places=2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.decimals(-999, 999, places=3), MONEY), min_size=1, max_size=20))
def test_amounts_are_products_to_the_ten_thousandth(tmp_path_factory, pairs):
    many, each = ([float(one) for one in column] for column in zip(*pairs, strict=True))
    lines = written(simple(many=many, each=each), OrderPlan(
        {"customer": "who", "date": "when", "quantity": "many", "price": "each"}), tmp_path_factory.mktemp("lines"))
    expected = [int((q * p * 10_000).quantize(Decimal(1), ROUND_HALF_UP)) for q, p in pairs]
    assert lines["amount"].to_list() == expected


def test_profit_is_mapped_or_amount_less_cost_and_discounts_above_zero_count(tmp_path):
    rich = simple(paid=[10.0, 5.5, np.nan], cost=[4.0, np.nan, 1.0], won=[1.0, 2.0, 3.0], off=[0.1, 0.0, np.nan])
    plan = OrderPlan(MAPPING | {"cost": "cost", "discount": "off"})
    lines = written(rich, plan, tmp_path)
    assert lines["profit"][0] == 60_000 and lines["profit"].isna().to_list() == [False, True, True]
    assert lines["discounted"].to_list() == [True, False, None]
    both = OrderPlan(dict(plan.mapping) | {"profit": "won"})
    assert written(rich, both, tmp_path)["profit"].to_list() == [10_000, 20_000, 30_000]


def test_numbers_without_a_whole_are_missing(tmp_path):
    lines = written(simple(paid=[np.inf, -np.inf, LARGEST, np.nan, LARGEST / 10_000]), OrderPlan(MAPPING), tmp_path)
    assert lines["amount"].isna().to_list() == [True, True, True, True, False]


def test_money_that_cannot_be_added_exactly_is_refused(tmp_path):
    with pytest.raises(BadRequest, match="'paid' adds up to more"):
        write_lines(simple(paid=[LARGEST / 10_000] * 6_000), OrderPlan(MAPPING), tmp_path / "lines.parquet")


@pytest.mark.parametrize(("mapping", "missing"), [
    ({"date": "when", "amount": "paid"}, ("customer",)),
    ({"customer": "who", "amount": "paid", "date": ""}, ("date",)),
    ({"customer": "who", "date": "when", "price": "paid"}, ("amount",)),
    ({}, ("customer", "date", "amount")),
])
def test_missing_parts_are_named(tmp_path, mapping, missing):
    with pytest.raises(MissingColumns) as problem:
        write_lines(simple(), OrderPlan(mapping), tmp_path / "lines.parquet")
    assert problem.value.parts == missing and problem.value.columns == ("who", "when", "paid")


@pytest.mark.parametrize(("changed", "told"), [
    ({"customer": "nobody"}, "no column named 'nobody'"),
    ({"amount": "who"}, "'who' cannot be the amount: it holds text, not numbers"),
    ({"date": "paid"}, "'paid' cannot be the date: it holds number, not dates"),
])
def test_unfit_columns_are_refused_by_name(tmp_path, changed, told):
    with pytest.raises(BadRequest, match=told):
        write_lines(simple(), OrderPlan(MAPPING | changed), tmp_path / "lines.parquet")


@pytest.fixture
def locked(tmp_path):
    folder = tmp_path / "it's here"
    folder.mkdir()
    write_lines(simple(), OrderPlan(MAPPING), folder / "lines.parquet")
    write_lines(simple(), OrderPlan(MAPPING), tmp_path / "outside.parquet")
    with session(folder=folder, threads=1, memory_mb=200) as opened:
        yield opened, folder


def test_sessions_read_lines_with_the_declared_types(locked):
    opened, folder = locked
    lines = opened.lines(folder / "lines.parquet")
    frame = opened.frame(lines.agg(rows=lines.count(), money=lines.amount.sum(), last=lines.date.max()))
    assert frame.to_dict("records") == [{"rows": 2, "money": 20_000, "last": pd.Timestamp("2024-01-31")}]
    assert list(frame.dtypes.astype(str)) == ["int64", "int64", "datetime64[us]"]


@pytest.mark.parametrize("forbidden", [
    "SELECT * FROM '{outside}/outside.parquet'",
    "SELECT * FROM read_parquet('{folder}/../outside.parquet')",
    "SELECT * FROM read_csv('/etc/hostname')",
    "COPY (SELECT 1) TO '{outside}/stolen.csv'",
    "ATTACH '{outside}/other.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 7",
    "SET enable_external_access = true",
    "SET allowed_directories = ['/']",
    "RESET lock_configuration",
])
def test_the_engine_is_locked_down(locked, forbidden):
    opened, folder = locked
    statement = forbidden.format(folder=str(folder).replace("'", "''"), outside=folder.parent)
    with pytest.raises(duckdb.Error):
        opened._run(statement)
    assert not (folder.parent / "stolen.csv").exists() and not (folder.parent / "other.db").exists()


def test_other_engines_are_refused(tmp_path):
    with pytest.raises(BadRequest, match="Unknown engine"), session("mysql", folder=tmp_path):
        pass
