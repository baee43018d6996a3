"""Order lines as shops really export them: no money is lost, nobody is split in silence, and every refusal is a problem with a status."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from core.cli import main

HEADER = "client,invoice,day,qty,price\n"


@pytest.fixture
def run(tmp_path, capsys):
    """The exit status of ``features`` for a text, its customers by id (empty without any), the report and what was said."""
    source, out, report = tmp_path / "orders.csv", tmp_path / "customers.csv", tmp_path / "report.json"

    def make(text: str, *arguments: str):
        source.write_text(text, encoding="utf-8")
        for old in (out, report):
            old.unlink(missing_ok=True)
        status = main(["features", str(source), "--out", str(out), "--report", str(report), *arguments])
        told = capsys.readouterr()
        rows = csv.DictReader(out.read_text("utf-8").splitlines()) if out.exists() else ()
        return status, {row["customer_id"]: row for row in rows}, _body(report), told.out + told.err

    return make


def _body(report: Path) -> dict:
    return json.loads(report.read_text("utf-8")) if report.exists() else {}


def lines(*, price: str = "2.50", qty: str = "2", header: str = HEADER, more: str = "") -> str:
    """Three orders of each of eight clients over a year."""
    rows = (f"C{n % 8},{9000 + n},2025-{n % 12 + 1:02}-{13 + n % 9:02},{qty},{price}{more}" for n in range(24))
    return header + "\n".join(rows) + "\n"


@pytest.mark.parametrize("text, arguments, why", [
    (lines(), ("--as-of", "2001-01-01"), "After the reference date: 24"),
    (lines().replace("2025-", "2099-"), (), "After the reference date: 24"),
])
def test_lines_that_are_all_set_aside_are_a_problem_of_the_data(run, text, arguments, why):
    status, customers, report, said = run(text, *arguments)
    assert (status, customers, report["outcome"], report["problem"]["code"]) == (4, {}, "refused", "NOTHING_KEPT")
    assert f"all 24 order lines are set aside ({why})" in said


@pytest.mark.parametrize("name, yes, no, ailment", [
    ("Is Cancelled", "TRUE", "FALSE", "cancelled"),
    ("storniert", "ja", "nein", "cancelled"),
    ("returned", "1", "0", "returned"),
    ("Returned", "Yes", "", "returned"),
])
def test_a_column_that_says_yes_where_a_line_was_called_off_takes_its_money_away(run, name, yes, no, ailment):
    text = lines(header=f"client,invoice,day,qty,price,{name}\n", more=f",{no}").replace(f",{no}\nC0,", f",{yes}\nC0,")
    status, customers, report, _ = run(text)
    assert status == 0 and {part["part"]: part["column"] for part in report["understood"]["parts"]}["status"] == name
    assert [(one["ailment"], one["lines"], one["revenue"], one["treatment"]) for one in report["findings"]] == [(ailment, 2, 10.0, "net")]
    assert customers["C7"]["monetary"] == "5" and customers["C7"]["frequency"] == "1" and customers["C6"]["monetary"] == "15"


@pytest.mark.parametrize("name", ["not_cancelled", "status"])
def test_a_yes_that_may_mean_anything_is_no_status(run, name):
    text = lines(header=f"client,invoice,day,qty,price,{name}\n", more=",yes").replace(",yes\nC0,", ",no\nC0,")
    status, customers, report, _ = run(text)
    assert status == 0 and report["findings"] == [] and customers["C7"]["monetary"] == "15"


def test_prices_with_more_decimals_than_money_is_counted_in_make_the_amount_they_say(run):
    _, customers, _, _ = run(lines(price="0.0123456", qty="10000"))
    assert customers["C0"]["monetary"] == "370.368"
    _, customers, report, _ = run(lines(price="0.00004", qty="100000"))
    assert customers["C0"]["monetary"] == "12" and report["findings"] == []


def test_ids_that_were_numbers_with_gaps_lose_their_decimals_and_no_others(run):
    _, customers, report, _ = run(lines().replace("\nC0,", "\n,").replace("\nC7,", "\n17857,").replace("\nC", "\n1785").replace("1,9", "1.0,9"))
    assert set(customers) == {f"1785{n}" for n in range(1, 8)} and report["findings"][0]["ailment"] == "missing_customer"
    _, customers, _, _ = run(lines().replace("\nC1,", "\nv1.0,"))
    assert "v1.0" in customers


def test_customers_whose_ids_differ_in_capitals_or_blanks_alone_are_told(run):
    text = lines().replace("\nC0,", "\nann@shop.org,").replace("\nC1,", "\nAnn@Shop.org,").replace("\nC2,", "\nJo  Ng,").replace("\nC3,", "\nJO NG,")
    _, customers, report, _ = run(text)
    assert len(customers) == 8
    told = [one for one in report["warnings"] if "capital letters" in one]
    assert len(told) == 1 and told[0].startswith("4 customer ids") and "Ann@Shop.org = ann@shop.org" in told[0]
    assert not [one for one in run(lines())[2]["warnings"] if "capital" in one]


def shop(status: str, other: str = "", *, every: int = 1) -> str:
    """Twenty orders of three lines of 5.00; every tenth has ``status``, the others paid, on one line of the order."""
    rows = []
    for order in range(20):
        told = status if order % 10 == 0 else "paid" if order % every == 0 else ""
        for line in range(3):
            rows.append(f"C{order % 5},{9000 + order},2025-{order % 12 + 1:02}-14,{line + 1},5.00,{told if line == 0 else other}")
    return "client,invoice,day,sku,amount,Financial Status\n" + "\n".join(rows) + "\n"


def test_a_status_that_stands_once_for_each_order_holds_for_all_its_lines(run):
    _, customers, report, _ = run(shop("refunded"))
    (found,) = report["findings"]
    assert (found["ailment"], found["lines"], found["orders"], found["revenue"]) == ("returned", 6, 2, 30.0)
    assert customers["C0"]["monetary"] == "30" and customers["C1"]["monetary"] == "60"
    (status,) = [part for part in report["understood"]["parts"] if part["part"] == "status"]
    assert status["reason"].endswith("Lines without one take that of their order.")


@pytest.mark.parametrize("text, touched", [(shop("refunded", "paid"), 2), (shop("refunded", every=3), 2)])
def test_a_status_of_lines_is_that_of_no_other_line(run, text, touched):
    _, _, report, _ = run(text)
    assert [(one["ailment"], one["lines"]) for one in report["findings"]] == [("returned", touched)]


def test_a_currency_that_stands_once_for_each_order_holds_for_all_its_lines(run):
    text = shop("USD").replace("Financial Status", "Currency").replace("paid", "EUR")
    _, _, report, _ = run(text, "--treat", "other_currency=aside")
    assert [(one["ailment"], one["lines"]) for one in report["findings"]] == [("other_currency", 6)]
    assert report["currency"] == "EUR" and report["effect"]["kept"]["revenue"] == 270.0


def test_what_was_sold_less_refunds_is_the_quantity_and_a_refund_no_amount(run):
    text = "client,order number,order date,Quantity (- Refund),Item Cost,Order Line Total,Refund Amount\n"
    text += "".join(f"C{n % 5},{7000 + n},2025-{n % 12 + 1:02}-14,{n % 3 + 1},{n + 2},{(n % 3 + 1) * (n + 2)},0\n" for n in range(40))
    _, _, report, _ = run(text)
    parts = {part["part"]: part["column"] for part in report["understood"]["parts"] if part["column"]}
    assert (parts["quantity"], parts["amount"]) == ("Quantity (- Refund)", "Order Line Total")


@pytest.mark.parametrize("nobody", ["guest", "N/A"])
def test_nobody_in_particular_is_no_customer(run, nobody):
    _, customers, report, _ = run(lines().replace("\nC0,", f"\n{nobody},"))
    assert set(customers) == {f"C{n}" for n in range(1, 8)}
    assert [(one["ailment"], one["lines"], one["revenue"]) for one in report["findings"]] == [("missing_customer", 3, 15.0)]


def test_the_first_day_of_a_calendar_is_no_date_unless_others_are_near(run):
    _, customers, report, _ = run(lines().replace("2025-01-13", "1899-12-30").replace("2025-01-16", "1900-01-01"))
    assert [(one["ailment"], one["lines"]) for one in report["findings"]] == [("missing_date", 2)]
    assert customers["C0"]["first_purchase"] == "2025-05-20"
    near = HEADER + "".join(f"C{n % 3},{n},19{69 + n % 3}-0{n % 3 + 1}-01,1,2\n" for n in range(12))
    assert run(near.replace("1970-02-01", "1970-01-01"))[2]["findings"] == []
