"""Order lines to customers and on to segments: one reading of the file, told in orders and money."""

import io
import json
import shutil
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from core import codec, pipeline
from core.errors import BadRequest, MissingColumns, NothingKept, Stopped
from core.exports import EXPORTS
from core.model import MONEY_UNITS, Comparison, Kind, OrderPlan, Plan, Role, Table
from core.orders.groups import GROUPS, NO_PURCHASE
from core.orders.guessing import plan_for
from core.pipeline import ordering
from core.pipeline.order_facts import COLUMNS, EVERYONE, EXPECTED
from core.pipeline.reading import Fence

MAPPING = {"customer": "client", "order": "invoice", "date": "day", "quantity": "items", "price": "price EUR"}
PLAN = OrderPlan(mapping=MAPPING, today="2026-01-01")

SMALL = """invoice,client,day,items,price EUR
1,a,2025-01-05,2,10.00
1,a,2025-01-05,1,5.50
2,a,2025-03-05,1,20.00
C3,a,2025-03-07,-1,5.50
4,b,2025-02-01,3,1.10
5,b,2025-02-02,-3,1.10
6,,2025-02-03,1,99.99
C7,c,2025-02-04,-1,7.00
"""


def many(customers: int = 150, seed: int = 1) -> str:
    """Order lines of customers who buy at rates of their own until they stop."""
    random = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        rate, left, day = random.gamma(1.2, 0.03), random.exponential(300), random.integers(0, 120)
        while day < min(left + 1, 365):
            rows.append((customer, int(day), int(random.integers(1, 5)), round(random.lognormal(2, 0.5), 2)))
            day += 1 + random.exponential(1 / rate)
    frame = pd.DataFrame(rows, columns=["client", "day", "items", "price EUR"])
    frame["client"] = "k" + frame["client"].astype(str)
    frame["day"] = (pd.Timestamp("2025-01-01") + pd.to_timedelta(frame["day"], unit="D")).dt.strftime("%Y-%m-%d")
    frame.insert(0, "invoice", np.arange(len(frame)) + 1)
    return frame.to_csv(index=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("orders")


def read(folder, text: str, **answers: str) -> Table:
    path = folder / "orders.csv"
    path.write_text(text)
    return pipeline.load(path, path.name, answers)


@pytest.fixture(scope="module")
def small(folder):
    return pipeline.make_customers(read(folder, SMALL), PLAN)


@pytest.fixture(scope="module")
def built(folder):
    return pipeline.make_customers(read(folder, many()), PLAN)


@pytest.fixture(scope="module")
def compared(built) -> Comparison:
    recipe = pipeline.customers_recipe(built.table)
    return pipeline.compare(built.table, Plan(recipe=recipe, algorithms=("kmeans", "dbscan"), segments=(3, 4), resamples=0))


def test_customers_as_counted_by_hand(small):
    table, ordered = small.table, small.ordered
    rows = table.frame.set_index("customer_id")
    assert rows.index.tolist() == ["a", "b", "c"]
    assert rows["monetary"].tolist() == [40.0, 0.0, -7.0]
    assert rows["frequency"].tolist() == [2, 1, 0]
    assert rows["recency"].tolist()[:2] == [3, 35] and np.isnan(rows["recency"]["c"])  # as of 2025-03-08
    assert rows["rfm_group"]["c"] == NO_PURCHASE and rows["rfm_score"]["c"] == "111"
    assert ordered.plan.as_of == table.made.as_of == "2025-03-08" and ordered.without_purchase == 1
    assert (table.made.lines, table.made.orders, table.made.currency) == (7, 6, "EUR")
    assert ordered.aside.to_dict("list") == {"line": [7], "reason": ["missing_customer"]}
    effect = ordered.effect
    assert effect.uploaded.revenue == round(132.99 * MONEY_UNITS) and effect.kept.revenue == 33 * MONEY_UNITS
    notes = {note.code: note.text for note in table.notes}
    assert notes["MADE_OF_ORDERS"] == (
        "3 customers were made of 7 of 8 order lines: 6 orders, 33.00 EUR net of returns, as of 2025-03-08."
    )
    assert "1 order lines (99.99 EUR) were set aside" in notes["ASIDE_MISSING_CUSTOMER"]
    assert "1 of 3 customers" in notes["WITHOUT_PURCHASE"] and notes["EXPECTED_VALUE"] == ordered.value.because != ""


def test_the_table_is_one_that_every_other_step_reads(built):
    table = built.table
    kinds = {Kind.NUMBER: "float64", Kind.DATE: "datetime64[us]"}
    assert [c.name for c in table.columns] == list(table.frame.columns) == list(table.raw.columns)
    assert table.frame.equals(table.raw)
    for column in table.columns:
        values = table.frame[column.name]
        assert str(values.dtype) == kinds.get(column.kind, "object"), column.name
        if column.kind in (Kind.KEY, Kind.CATEGORY, Kind.TEXT):
            assert all(isinstance(cell, str) or cell is None for cell in values)
        assert column.gaps == values.isna().sum() and column.distinct == values.nunique()
        assert (column.left_out == "") == (column.role is Role.FEATURE)
    ticked = [fact.name for fact in built.ordered.features if fact.ticked]
    assert [c.name for c in table.columns if c.role is Role.FEATURE] == ticked and 3 <= len(ticked) <= 7
    assert [c.name for c in table.columns if c.role is Role.ID] == ["customer_id"]
    assert table.column("monetary").unit == table.column("expected_value").unit == "EUR"
    assert table.column("recency").unit == "days"
    assert table.column("average_order_value").bars


def test_a_file_is_read_as_customers_by_an_answer(folder, built):
    answered = read(folder, many(), orders=PLAN.to_json())
    assert answered.fingerprint == built.table.fingerprint and answered.made.value.purchase == built.table.made.value.purchase
    pd.testing.assert_frame_equal(answered.frame, built.table.frame)
    with pytest.raises(BadRequest, match="not a plan"):
        read(folder, SMALL, orders="{}")


def test_what_identifies_customers_is_the_lines_and_the_plan(folder, small):
    lines = read(folder, SMALL)
    other = pipeline.make_customers(lines, replace(PLAN, horizon_days=30)).table
    again = pipeline.make_customers(lines, PLAN).table
    assert again.fingerprint == small.table.fingerprint != other.fingerprint != lines.fingerprint
    pd.testing.assert_frame_equal(again.frame, small.table.frame)


def test_the_order_of_the_lines_changes_no_customer(folder, built):
    head, *lines = many().splitlines()
    turned = pipeline.make_customers(read(folder, "\n".join([head, *lines[::-1]])), PLAN)
    pd.testing.assert_frame_equal(turned.table.frame, built.table.frame)
    pd.testing.assert_frame_equal(turned.ordered.groups, built.ordered.groups)


def test_customers_are_made_behind_a_fence(folder):
    path = folder / "fenced.csv"
    path.write_text(SMALL)
    steps = []
    fence = Fence(step=lambda *step: steps.append(step), scratch=folder)
    made = pipeline.load_apart(path, path.name, {"orders": PLAN.to_json()}, keep=lambda table: table.fingerprint, fence=fence)
    assert made == read(folder, SMALL, orders=PLAN.to_json()).fingerprint
    words = [*pipeline.STEPS[:2], *ordering.STEPS, pipeline.STEPS[2]]
    assert steps == [(word, place, len(words)) for place, word in enumerate(words)]


def test_every_step_is_told_and_nothing_is_left_behind(folder):
    own = folder / "own"
    own.mkdir()
    lines, told = read(folder, SMALL), []
    ordering.make_customers(lines, PLAN, lambda *step: told.append(step), folder=own)
    assert told == [(step, place, len(ordering.STEPS)) for place, step in enumerate(ordering.STEPS)]

    def stop(step: str, done: int, total: int) -> None:
        if done == 2:
            raise Stopped

    with pytest.raises(Stopped):
        ordering.make_customers(lines, PLAN, stop, folder=own)
    assert pipeline.examine(lines, PLAN, folder=own).uploaded.lines == 8
    assert list(own.iterdir()) == []


def test_what_cannot_be_made_is_said(folder):
    lines = read(folder, SMALL)
    with pytest.raises(MissingColumns):
        pipeline.make_customers(lines, replace(PLAN, mapping={"customer": "client"}))
    with pytest.raises(NothingKept, match="all 8 order lines are set aside"):
        pipeline.make_customers(lines, replace(PLAN, as_of="2020-01-01"))
    with pytest.raises(BadRequest, match="none for recency"):
        pipeline.make_customers(lines, replace(PLAN, rfm="fixed"))


def test_the_groups_add_up_to_everyone(built):
    groups = built.ordered.groups
    assert groups["group"].iloc[-1] == EVERYONE and set(groups["group"][:-1]) <= set(GROUPS)
    whole, parts = groups.iloc[-1], groups.iloc[:-1]
    assert parts["group"].tolist() == [name for name in GROUPS if name in set(parts["group"])]
    assert parts["customers"].sum() == whole["customers"] == len(built.table)
    assert parts["orders"].sum() == whole["orders"] == built.table.frame["frequency"].sum()
    assert round(whole["revenue"] * MONEY_UNITS) == built.ordered.effect.kept.revenue
    assert parts["expected_value"].sum() == pytest.approx(whole["expected_value"])
    assert (groups["value_low"] <= groups["value_high"]).all()


def test_facts_of_segments_add_up(built, compared):
    facts = compared.orders
    assert tuple(facts.columns) == COLUMNS
    made = [one for one in compared.candidates if not one.problem]
    assert list(dict.fromkeys(facts["candidate"])) == [one.key for one in made]
    for one in made:
        own = facts[facts["candidate"] == one.key].set_index("segment")
        parts = own.drop(index=0)
        assert parts["customers"].to_dict() == dict(one.sizes)
        for name in ("customers", "orders"):
            assert parts[name].sum() == own.loc[0, name]
        money = np.rint(own["revenue"] * MONEY_UNITS)
        assert money.drop(index=0).sum() == money[0] == built.ordered.effect.kept.revenue
        assert parts["revenue_share"].sum() == pytest.approx(1) and own.loc[0, "orders_share"] == 1
        for segment in (s for s in parts.index if s > 0):
            rows = built.table.frame[one.labels == segment]
            assert parts.loc[segment, "revenue"] == pytest.approx(rows["monetary"].sum())
            assert parts.loc[segment, "orders"] == rows["frequency"].sum()
            assert parts.loc[segment, "expected_value"] == pytest.approx(rows["expected_value"].sum())
        assert own.loc[0, list(EXPECTED)].notna().all()


def test_facts_are_stored_and_older_runs_can_still_be_read(compared, tmp_path):
    codec.write(compared, tmp_path)
    pd.testing.assert_frame_equal(codec.read(Comparison, tmp_path).orders, compared.orders)
    body = json.loads((tmp_path / codec.BODY).read_text())
    del body["noun"]["orders"]
    (tmp_path / codec.BODY).write_text(json.dumps(body))
    older = codec.read(Comparison, tmp_path)
    key = compared.recommended or compared.candidates[0].key
    assert older.orders.empty and older.choose(key).orders.empty


def test_built_customers_are_stored_whole(built, tmp_path):
    for name, noun in (("table", built.table), ("ordered", built.ordered)):
        (tmp_path / name).mkdir()
        codec.write(noun, tmp_path / name)
    table, ordered = codec.read(Table, tmp_path / "table"), codec.read(type(built.ordered), tmp_path / "ordered")
    pd.testing.assert_frame_equal(table.frame, built.table.frame)
    assert table.columns == built.table.columns and table.made.value.horizon_days == 365
    assert ordered.effect == built.ordered.effect and ordered.features == built.ordered.features
    pd.testing.assert_frame_equal(ordered.cohorts, built.ordered.cohorts)


def exported(name: str, table: Table, segmentation) -> bytes:
    stream = io.BytesIO()
    EXPORTS[name].write(table, segmentation, stream)
    return stream.getvalue()


def test_profiles_are_exported_with_the_facts_of_orders(built, compared):
    segmentation = compared.choose("kmeans-3")
    found = pd.read_csv(io.BytesIO(exported("profiles_csv", built.table, segmentation)))
    bare = pd.read_csv(io.BytesIO(exported("profiles_csv", built.table, replace(segmentation, orders=pd.DataFrame()))))
    added = [name for name in COLUMNS if name not in ("candidate", "segment", "customers")]
    assert [name for name in found.columns if name in added] == added
    assert found.columns.drop(added).tolist() == bare.columns.tolist()
    pd.testing.assert_frame_equal(found[bare.columns], bare)
    known = segmentation.orders.set_index("segment")
    first = found.drop_duplicates("segment").set_index("segment")
    pd.testing.assert_frame_equal(first[added], known.loc[first.index, added], check_dtype=False)
    workbook = io.BytesIO(exported("workbook_xlsx", built.table, segmentation))
    sheet = pd.read_excel(workbook, sheet_name="Profiles", engine="calamine")
    assert sheet.columns.tolist() == found.columns.tolist() and sheet["revenue"].tolist() == found["revenue"].tolist()


def test_other_tables_have_no_facts_of_orders(built):
    bare = replace(built.table, made=None)
    plan = Plan(recipe=pipeline.customers_recipe(bare), algorithms=("kmeans",), segments=(2, 2), resamples=0)
    assert pipeline.compare(bare, plan).orders.empty


def test_the_recipe_takes_the_ticked_columns_and_bends_long_tails(built):
    proposed = pipeline.customers_recipe(built.table)
    assert proposed.roles == {} and proposed.money == "monetary" and proposed.answers == {}
    frame = built.table.frame
    for column in built.table.columns:
        if column.role is Role.FEATURE:
            skewness = abs(frame[column.name].skew())
            assert (column.name in proposed.skews) == (skewness >= 1) or skewness == pytest.approx(1, abs=0.05)
    chosen = pipeline.customers_recipe(built.table, ["monetary", "basket_size"])
    taken = {c.name for c in built.table.columns if chosen.roles.get(c.name, c.role) == Role.FEATURE}
    assert taken == {"monetary", "basket_size"} and set(chosen.skews) <= taken
    with pytest.raises(BadRequest, match="no column named"):
        pipeline.customers_recipe(built.table, ["nothing"])


@pytest.mark.parametrize(
    ("values", "rule"),
    [([1, 1, 1, 2, 50], "log"), ([-1, 1, 1, 2, 50], "yeojohnson"), ([-50, 1, 1, 2, 2], "yeojohnson"), ([1, 2, 3, 4], ""),
     ([5, 5, 5], ""), ([np.nan, np.nan], "")],
)  # fmt: skip
def test_a_long_tail_is_bent_by_what_fits_it(values, rule):
    table = Table(pd.DataFrame(), pd.DataFrame({"tenure": np.array(values, dtype=float)}), (), None, "")
    column = replace(_column(), name="tenure")
    assert pipeline.customers_recipe(replace(table, columns=(column,))).skews.get("tenure", "") == rule


def _column():
    from core.model import Column

    return Column("", Kind.NUMBER, Role.FEATURE)


def test_the_report_on_the_file_counts_lines_not_customers(small):
    found = pipeline.report(small.table)
    assert (found.rows_in_file, found.loaded, found.aside) == (8, 8, 0)
    assert found.items[0].text.startswith("8 order lines were read as text; customers made of them have")


SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "orders"
FILES = (
    *("online_retail.parquet", "CDNOW_master.txt", "cdnowElog.csv", "rfm_data_orders.csv", "Sample - Superstore.xls"),
    *("DataCoSupplyChainDataset_raw_6000.csv", "sales_data_sample.csv", "sales_data_sample_v2.csv"),
    "completejourney_transactions.csv",
)


@pytest.mark.long
@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared")
@pytest.mark.parametrize("name", FILES)
def test_real_files_become_customers_without_help(name):
    """What was uploaded is kept or set aside, and cohorts, groups and customers tell the same money."""
    lines = pipeline.load(SHARED / name, name, {})
    guess = pipeline.guess_orders(lines)
    assert guess.is_orders and not guess.missing
    table, ordered = (made := pipeline.make_customers(lines, plan_for(lines, guess, today="2026-01-01"))).table, made.ordered
    effect = ordered.effect
    for figure in ("lines", "orders", "customers", "revenue"):
        assert getattr(effect.uploaded, figure) == getattr(effect.kept, figure) + getattr(effect.aside, figure)
    assert effect.uploaded.lines == len(lines) and len(ordered.aside) == effect.aside.lines
    money = np.rint(table.frame["monetary"] * MONEY_UNITS).astype("int64")
    assert money.sum() == effect.kept.revenue and len(table) == effect.kept.customers
    assert round(ordered.groups["revenue"].iloc[-1] * MONEY_UNITS) == effect.kept.revenue
    bought = table.frame["frequency"] > 0
    assert round(ordered.cohorts["revenue"].sum() * MONEY_UNITS) == money[bought].sum()
    assert 3 <= sum(fact.ticked for fact in ordered.features) <= 7
    recipe = pipeline.customers_recipe(table)
    facts = pipeline.compare(table, Plan(recipe=recipe, algorithms=("kmeans",), segments=(4, 4), resamples=0)).orders
    assert facts["revenue_share"].iloc[1:].sum() == pytest.approx(1)


@pytest.mark.long
@pytest.mark.skipif(not (find_spec("pyspark") and shutil.which("java")), reason="needs requirements-spark.txt and Java")
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_spark_makes_the_same_customers(folder, built):
    made = pipeline.make_customers(read(folder, many()), PLAN, engine="spark")
    pd.testing.assert_frame_equal(made.table.frame, built.table.frame)
    assert made.table.fingerprint == built.table.fingerprint and made.table.columns == built.table.columns
    for name in ("groups", "cohorts", "backtest", "grid", "aside"):
        pd.testing.assert_frame_equal(getattr(made.ordered, name), getattr(built.ordered, name))
