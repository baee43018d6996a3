"""Order lines are recognised by names in four languages and by what the cells say; customers' tables are not."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import pipeline
from core.errors import BadRequest
from core.model import Column, Kind, Role, Source, Table
from core.model.orders import Part
from core.orders.clues import CLUES, named
from core.orders.guessing import guess, plan_for
from core.orders.words import meanings

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
SAMPLES = Path(__file__).parents[2] / "data" / "samples"
RETAIL = {"customer": "CustomerID", "date": "InvoiceDate", "order": "InvoiceNo", "quantity": "Quantity", "price": "UnitPrice",
          "product": "StockCode", "description": "Description", "country": "Country"}  # fmt: skip
SALES = {"customer": "CUSTOMERNAME", "date": "ORDERDATE", "order": "ORDERNUMBER", "quantity": "QUANTITYORDERED",
         "price": "PRICEEACH", "amount": "SALES", "category": "PRODUCTLINE", "product": "PRODUCTCODE", "country": "COUNTRY",
         "status": "STATUS"}  # fmt: skip
REAL = {
    "DataCoSupplyChainDataset_raw_6000.csv": {
        "customer": "Customer Id", "date": "order date (DateOrders)", "order": "Order Id", "quantity": "Order Item Quantity",
        "price": "Product Price", "discount": "Order Item Discount", "amount": "Order Item Total",
        "shipped": "shipping date (DateOrders)", "profit": "Benefit per order", "category": "Category Name",
        "product": "Order Item Cardprod Id", "description": "Product Name", "country": "Customer Country", "status": "Order Status"},
    "Sample - Superstore.xls": {
        "customer": "Customer ID", "date": "Order Date", "order": "Order ID", "quantity": "Quantity", "discount": "Discount",
        "amount": "Sales", "shipped": "Ship Date", "profit": "Profit", "category": "Category", "product": "Product ID",
        "description": "Product Name", "country": "Country"},
    "CDNOW_master.txt": {"customer": "customer_id", "date": "date", "quantity": "number_of_cds", "amount": "dollar_value"},
    "cdnowElog.csv": {"customer": "masterid", "date": "date", "quantity": "cds", "amount": "sales"},
    "sales_data_sample.csv": SALES,
    "sales_data_sample_v2.csv": SALES,
    "completejourney_transactions.csv": {
        "customer": "household_id", "date": "transaction_timestamp", "order": "basket_id", "quantity": "quantity",
        "discount": "retail_disc", "amount": "sales_value", "product": "product_id"},
    "rfm_data_orders.csv": {"customer": "customer_id", "date": "order_date", "amount": "revenue"},
    "online_retail_by_day/2010-12-01.csv": RETAIL,
    "online_retail_by_day/2011-12-09.csv": RETAIL,
}  # fmt: skip
LACKING = {
    "orders/example_transactions.csv": ("amount",),
    "orders/Sample - Superstore_A.csv": ("customer", "date"),
    "orders/completejourney_demographics.csv": ("date", "amount"),
}
LARGE = ("Sample - Superstore.xls", "CDNOW_master.txt", "completejourney_transactions.csv", "sales_data_sample.csv",
         "bank.csv", "bank-full.csv", "beMTPL97.csv.gz", "online_shoppers_intention.csv", "CC GENERAL.csv", "IncomeESL.csv")  # fmt: skip


def long_if_large(name: str):
    return [pytest.mark.long] if name in LARGE else []


def read(path: Path, answers: dict[str, str] | None = None):
    if not path.exists():
        pytest.skip("the shared data are not here")
    table = pipeline.load(path, path.name, answers or {})
    if table.questions and answers is None:
        return read(path, {question.key: question.proposed for question in table.questions})
    return table


@pytest.fixture
def of(tmp_path):
    """A table of rows of text below a line of names."""

    def load(header: str, rows: list[tuple], answers: dict[str, str] | None = None):
        path = tmp_path / "lines.csv"
        path.write_text("\n".join([header, *(";".join(map(str, row)) for row in rows)]), encoding="utf-8")
        return read(path, answers)

    return load


def lines(seed: int = 0, *, count: int = 240, customers: int = 40) -> list[dict]:
    """Order lines with everything consistent: orders of 1 to 4 lines, each of one customer and moment."""
    draw, found, number = random.Random(seed), [], 70_000
    while len(found) < count:
        number += 1
        customer, day = draw.randrange(customers), draw.randrange(1, 29)
        for _ in range(draw.randrange(1, 5)):
            quantity, price = draw.randrange(1, 9), draw.randrange(99, 9900) / 100
            found.append({
                "customer": f"C{customer:04}", "order": f"{number}", "date": f"2025-{1 + number % 12:02}-{day:02}",
                "shipped": f"2025-{1 + number % 12:02}-{day:02}", "quantity": quantity, "price": f"{price:.2f}",
                "amount": f"{quantity * price:.2f}", "product": f"P-{draw.randrange(60)}", "country": draw.choice(["DE", "FR", "ES"]),
                "category": draw.choice(["Garden", "Kitchen", "Travel"]), "unit_cost": f"{price * draw.uniform(.6, .7):.2f}",
            })  # fmt: skip
    return found[:count]


def cells(found: list[dict], *parts: str) -> list[tuple]:
    return [tuple(line[part] for part in parts) for line in found]


@pytest.mark.parametrize("name", [pytest.param(name, marks=long_if_large(name)) for name in REAL])
def test_real_order_files_are_understood_without_help(name):
    """Every mapped part, and no other; every part has a reason."""
    found = guess(read(SHARED / "orders" / name))
    assert found.mapping == REAL[name] and found.is_orders and not found.missing
    assert all(found.reasons[part] for part in found.mapping)
    assert found.orders_are == "lines"


@pytest.mark.long
def test_online_retail_is_understood_without_help():
    found = guess(read(SHARED / "orders" / "online_retail.parquet"))
    assert found.mapping == RETAIL and found.is_orders


def test_the_sample_of_orders_is_understood_and_says_that_the_discount_stays():
    found = guess(read(SAMPLES / "orders.csv"))
    assert found.is_orders and found.mapping == {
        "customer": "customer_id", "date": "order_date", "order": "order_id", "quantity": "quantity", "price": "unit_price_eur",
        "discount": "discount_share", "category": "product_group"}  # fmt: skip
    assert found.reasons["amount"] == "No column holds it: quantity x price. The discount is not taken off."


@pytest.mark.parametrize("name", LACKING)
def test_what_lacks_is_named(name):
    found = guess(read(SHARED / name))
    assert found.missing == LACKING[name] and not found.is_orders


CUSTOMERS = [
    pytest.param(path, marks=long_if_large(path.name))
    for path in (*sorted((SHARED / "customers").glob("*")), *sorted((SHARED / "orders").glob("cdnow_customers_summary*")),
                 SAMPLES / "customers.csv")
]  # fmt: skip


@pytest.mark.parametrize("path", CUSTOMERS, ids=lambda path: path.name)
def test_tables_of_customers_are_no_orders(path):
    assert not guess(read(path)).is_orders


@pytest.mark.parametrize("header", [
    "Kundennummer;Bestellnummer;Bestelldatum;Menge;Einzelpreis;Artikelnummer;Land;Warengruppe",
    "Kd-Nr.;Rechnungs-Nr.;Rechnungsdatum;Stückzahl;Stückpreis;Art.-Nr.;Lieferland;Kategorie",
    "Numéro client;N° facture;Date de commande;Quantité;Prix unitaire;Référence produit;Pays;Famille",
    "ID cliente;Número de pedido;Fecha;Cantidad;Precio unitario;Código artículo;País;Categoría",
    "CUSTID;ORDERNO;ORDERDATE;QTY;UNITPRICE;SKU;COUNTRY;PRODUCTLINE",
    "memberId;invoiceId;createdAt;itemCount;unitPrice;productCode;shippingCountry;productGroup",
])  # fmt: skip
def test_names_in_four_languages(of, header):
    """Accents, umlauts, compounds, capitals and CamelCase alike."""
    parts = ("customer", "order", "date", "quantity", "price", "product", "country", "category")
    found = guess(of(header, cells(lines(), *parts)))
    assert found.is_orders and found.mapping == dict(zip(parts, header.split(";"), strict=True))


def test_the_order_of_the_columns_changes_nothing(of):
    names = {"customer": "Client", "order": "Invoice", "date": "Day", "quantity": "Qty", "price": "Price", "product": "SKU",
             "country": "Country", "category": "Category", "shipped": "Shipped"}  # fmt: skip
    table = of(";".join(names.values()), cells(lines(count=60, customers=10), *names))

    @settings(max_examples=40, deadline=None)
    @given(columns=st.permutations(table.columns))
    def hold(columns):
        shuffled = replace(table, columns=tuple(columns), frame=table.frame[[column.name for column in columns]])
        assert guess(shuffled).mapping == names

    hold()


def test_the_amount_less_the_discount_wins_over_the_gross_one(of):
    """Sales is quantity x price, Total is that less the rebate: what was paid counts."""
    rows = [(line["customer"], line["date"], line["quantity"], line["price"], line["amount"], "5" if at % 3 else "0",
             f"{float(line['amount']) - (5 if at % 3 else 0):.2f}") for at, line in enumerate(lines())]  # fmt: skip
    found = guess(of("client;day;qty;price;sales;rebate;total", rows))
    assert found.mapping["amount"] == "total" and found.reasons["amount"].endswith("It is sales less the discount.")
    assert found.alternatives["amount"] == ("sales",)


def test_the_total_of_an_order_repeated_on_its_lines_is_no_amount_of_a_line(of):
    """Else revenue would count every order once for each of its lines."""
    found = lines()
    totals: dict[str, float] = {}
    for line in found:
        totals[line["order"]] = totals.get(line["order"], 0) + float(line["amount"])
    rows = [(*row, f"{totals[row[1]]:.2f}") for row in cells(found, "customer", "order", "date", "quantity", "price")]
    mapping = guess(of("client;order id;day;qty;price;order total", rows)).mapping
    assert "amount" not in mapping and mapping["price"] == "price"


def test_the_cost_of_a_piece_is_not_that_of_a_line(of):
    """By the name, or by its ratio to the price."""
    rows = cells(lines(), "customer", "date", "quantity", "price", "unit_cost")
    assert "cost" not in guess(of("client;day;qty;price;cost", rows)).mapping
    assert "cost" not in guess(of("client;day;qty;amount;unit cost", rows)).mapping
    whole = [(*row[:4], f"{float(row[4]) * row[2]:.2f}") for row in rows]
    assert guess(of("client;day;qty;price;cost", whole)).mapping["cost"] == "cost"


def test_a_price_without_a_quantity_is_the_amount(of):
    found = guess(of("client;day;price", cells(lines(), "customer", "date", "price")))
    assert found.mapping == {"customer": "client", "date": "day", "amount": "price"} and found.is_orders


def test_an_export_of_a_shop_whose_orders_are_called_name(of):
    """E-mails are customers where nothing better is there; totals stand on the first line of an order only."""
    found, seen, rows = lines(), set(), []
    for line in found:
        first = line["order"] not in seen
        seen.add(line["order"])
        rows.append((f"#{line['order']}", f"{line['customer']}@shop.example", f"{line['date']} 10:00:00 +0100",
                     line["amount"] if first else "", line["quantity"], line["price"], line["product"]))  # fmt: skip
    mapping = guess(of("Name;Email;Created at;Total;Lineitem quantity;Lineitem price;Lineitem sku", rows)).mapping
    assert mapping == {"customer": "Email", "date": "Created at", "order": "Name", "quantity": "Lineitem quantity",
                       "price": "Lineitem price", "product": "Lineitem sku"}  # fmt: skip


def test_lines_of_a_day_are_one_order_where_they_are_a_basket(of):
    """Several products for a customer and day; without them every line stands for itself."""
    rows = cells(lines(), "customer", "date", "amount", "product")
    assert guess(of("client;day;amount;product", rows)).orders_are == "days"
    single = [(f"C{at % 40}", f"2025-{1 + at // 40:02}-{1 + at % 28:02}", 10 + at) for at in range(240)]
    found = guess(of("client;day;amount", [*single, *single[:5]]))
    assert found.orders_are == "lines" and "1.02 lines for each customer and day" in found.reasons["order"]


def test_an_order_number_of_many_customers_is_none(of):
    """Numbers that repeat over customers and days number something else."""
    rows = [(line["customer"], line["date"], line["amount"], at % 7 + 1000) for at, line in enumerate(lines())]
    assert "order" not in guess(of("client;day;amount;order no", rows)).mapping


def test_amounts_in_several_currencies_are_not_added_up(of):
    """Unless somebody says that they are one."""
    rows = [(line["customer"], line["date"], f"{line['amount']} {'EUR' if at % 2 else 'USD'}") for at, line in enumerate(lines())]
    apart = of("client;day;amount", rows)
    found = guess(apart)
    assert found.missing == ("amount",) and "cannot be compared" in found.reasons["amount"]
    with pytest.raises(BadRequest, match="cannot be compared"):
        guess(apart, {"amount": "amount"})
    assert guess(of("client;day;amount", rows, {"currency:amount": "same"})).is_orders


def test_a_choice_by_hand_holds_and_frees_its_column(of):
    """The chosen column serves no other part; "" leaves a part without one."""
    table = of("client;other id;day;amount;qty", [(*row[:1], *row) for row in cells(lines(), "customer", "date", "amount", "quantity")])
    found = guess(table, {"customer": "other id", "quantity": ""})
    assert found.mapping["customer"] == "other id" and found.reasons["customer"] == "Chosen by hand."
    assert "quantity" not in found.mapping
    without = guess(table, {"customer": ""})
    assert without.missing == ("customer",) and not without.is_orders


@pytest.mark.parametrize(("chosen", "told"), [
    ({"buyer": "client"}, "no part"), ({"customer": "nobody"}, "no column"), ({"date": "amount"}, "not read as dates"),
    ({"amount": "client"}, "not read as numbers")])  # fmt: skip
def test_a_choice_that_cannot_be_is_refused(of, chosen, told):
    table = of("client;day;amount", cells(lines(), "customer", "date", "amount"))
    with pytest.raises(BadRequest, match=told):
        guess(table, chosen)


def test_goods_sent_before_they_were_ordered_are_no_shipping_date(of):
    rows = [(line["customer"], line["date"], line["amount"], "2019-03-01") for line in lines()]
    assert "shipped" not in guess(of("client;day;amount;delivered", rows)).mapping


def test_the_plan_takes_the_guess_and_remembers_unclear_dates(of):
    """Answered or still open: both mean that day and month can be swapped."""
    rows = [(line["customer"], f"{1 + at % 9:02}/{1 + at % 11:02}/2025", line["amount"]) for at, line in enumerate(lines())]
    for answers in ({}, {"date:day": "month"}):
        table = of("client;day;amount", rows, answers)
        found = guess(table)
        plan = plan_for(table, found, answers, horizon_days=90, today="2026-01-01")
        assert plan.unclear_dates and plan.mapping == found.mapping and (plan.horizon_days, plan.today) == (90, "2026-01-01")
    clear = of("client;day;amount", cells(lines(), "customer", "date", "amount"))
    assert not plan_for(clear, guess(clear)).unclear_dates


NAMES = ("customer id", "name", "order id", "date", "created at", "ship date", "qty", "price", "amount", "order total", "discount",
         "cost", "profit", "sku", "description", "category", "country", "currency", "status", "cds", "x")  # fmt: skip
CELLS = {
    Kind.NUMBER: st.one_of(st.integers(-3, 9).map(float), st.floats(allow_nan=True, allow_infinity=True)),
    Kind.FLAG: st.sampled_from([0.0, 1.0, math.nan]),
    Kind.DATE: st.one_of(st.none(), st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2030, 1, 1))),
}


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_table_upsets_the_guess(data):
    """Empty and infinite cells, no rows, few rows: a column is one part at most, of a fit kind, or nothing is said."""
    rows = data.draw(st.integers(0, 6))
    frame, columns = {}, []
    for name in data.draw(st.lists(st.sampled_from(NAMES), unique=True)):
        kind = data.draw(st.sampled_from(tuple(Kind)))
        drawn = data.draw(st.lists(CELLS.get(kind, st.one_of(st.none(), st.text(max_size=3))), min_size=rows, max_size=rows))
        numbers = kind in (Kind.NUMBER, Kind.FLAG)
        frame[name] = pd.Series(drawn, dtype="datetime64[us]" if kind is Kind.DATE else float if numbers else object)
        columns.append(Column(name, kind, Role.FEATURE, gaps=int(frame[name].isna().sum()), distinct=frame[name].nunique()))
    table = Table(pd.DataFrame(frame), pd.DataFrame(frame), tuple(columns), Source("f", "text"), "f")
    found = guess(table)
    assert len(set(found.mapping.values())) == len(found.mapping)
    assert all(table.column(name).kind in CLUES[Part(part)].kinds for part, name in found.mapping.items())
    assert found.is_orders <= (not found.missing) and plan_for(table, found).mapping == found.mapping
    assert all(found.mapping.get(part) not in others for part, others in found.alternatives.items())
    assert guess(table, found.mapping | {part: "" for part in Part if part not in found.mapping}).mapping == found.mapping


def test_words_stand_apart_in_camel_case_or_glued():
    assert meanings("InvoiceNo") == meanings("ORDERNUMBER") == meanings("Rechnungs-Nr.") == ("order", "id")
    assert meanings("Kundenkarten") == ("?",) and meanings("Stück-preis") == meanings("UNITPRICE") == ("unit", "price")


def test_every_part_has_words_of_its_own(of):
    """The plain English name of a part is that part before all others."""
    plain = {Part.PRICE: "unit price", Part.SHIPPED: "ship date", Part.ORDER: "order id"}
    kinds = {Part.DATE: "date", Part.SHIPPED: "date", **dict.fromkeys((Part.QUANTITY, Part.PRICE, Part.AMOUNT, Part.COST, Part.PROFIT,
             Part.DISCOUNT), "number")}  # fmt: skip
    for part in Part:
        column = Column(plain.get(part, str(part)), Kind(kinds.get(part, "category")), Role.PROFILE)
        points = {other: named(other, column)[0] for other in Part}
        assert max(points, key=points.get) is part and points[part] >= 8
