"""``features``: order lines become customers whose money reconciles; every end has its status and its report."""

from __future__ import annotations

import csv
import io
import json
import math
import random
from pathlib import Path

import pandas as pd
import pytest

from core.cli import main

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "orders"
HEADER = "client,invoice,day,product,qty,price\n"
FIGURES = ("lines", "orders", "customers", "revenue")


def shop(seed: int = 0, *, customers: int = 24, name: str = "C{:03}") -> str:
    """Orders of one to three lines over a year; some are cancelled, some lines have no client."""
    draw, rows = random.Random(seed), []
    for number in range(120):
        client = "" if number % 17 == 3 else name.format(draw.randrange(customers))
        day = f"2025-{1 + draw.randrange(12):02}-{13 + draw.randrange(16):02}"
        cancelled = number % 11 == 5
        for _ in range(1 + draw.randrange(3)):
            quantity = -1 if cancelled else 1 + draw.randrange(5)
            order = f"{'C' if cancelled else ''}{5000 + number}"
            rows.append(f"{client},{order},{day},P{draw.randrange(30):02},{quantity},{draw.randrange(1, 9999) / 100:.2f}")
    return HEADER + "\n".join(rows) + "\n"


@pytest.fixture
def run(tmp_path, capsys):
    """Features of a text; exit status, customers (None without a file), report and what was said."""
    out, report = tmp_path / "out" / "customers.csv", tmp_path / "out" / "report.json"

    def make(text: str, *arguments: str):
        source = tmp_path / "orders.csv"
        source.write_text(text, encoding="utf-8")
        for old in (out, report):
            old.unlink(missing_ok=True)
        status = main(["features", str(source), "--out", str(out), "--report", str(report), *arguments])
        told = capsys.readouterr()
        said = told.out + "\n".join(line for line in told.err.splitlines() if not line.startswith("{"))
        customers = list(csv.DictReader(io.StringIO(out.read_text("utf-8"), newline=""))) if out.exists() else None
        return status, customers, json.loads(report.read_text("utf-8")) if report.exists() else None, said

    return make


def reconciles(report: dict) -> bool:
    """Kept + set aside = uploaded; the money kept is purchases and returns; reasons are all that was set aside."""
    effect = report["effect"]
    whole = all(effect["uploaded"][one] == effect["kept"][one] + effect["aside"][one] for one in FIGURES[:3])
    money = math.isclose(effect["uploaded"]["revenue"], effect["kept"]["revenue"] + effect["aside"]["revenue"], abs_tol=5e-5)
    net = math.isclose(effect["kept"]["revenue"], effect["purchases"]["revenue"] + effect["returns"]["revenue"], abs_tol=5e-5)
    return whole and money and net and sum(one["lines"] for one in effect["reasons"].values()) == effect["aside"]["lines"]


def by_hand(text: str) -> pd.DataFrame:
    """Recency, frequency and monetary counted apart from the project, in cents."""
    lines = pd.read_csv(io.StringIO(text), dtype={"client": str, "invoice": str})
    lines = lines[lines["client"].notna()]
    lines["cents"] = (lines["qty"] * (lines["price"] * 100).round()).astype("int64")
    bought = lines[~lines["invoice"].str.startswith("C")]
    end = pd.to_datetime(lines["day"]).max() + pd.Timedelta(days=1)
    return pd.DataFrame({
        "monetary": lines.groupby("client")["cents"].sum() / 100,
        "frequency": bought.groupby("client")["invoice"].nunique(),
        "recency": (end - pd.to_datetime(bought["day"]).groupby(bought["client"]).max()).dt.days,
    })  # fmt: skip


def test_customers_are_those_counted_by_hand_and_the_report_tells_how(run):
    """Money net of returns; cancellations are no orders; lines without a client are set aside."""
    text = shop()
    status, customers, report, said = run(text)
    expected = by_hand(text)
    assert status == 0 and list(customers[0])[0] == "customer_id"
    assert [one["customer_id"] for one in customers] == sorted(expected.index)
    for one in customers:
        told = expected.loc[one["customer_id"]]
        assert float(one["monetary"]) == pytest.approx(told["monetary"], abs=5e-5)
        assert (int(one["frequency"]), int(one["recency"])) == (told["frequency"], told["recency"])
    assert reconciles(report) and report["outcome"] == "made" and report["customers"] == len(customers)
    assert f"{report['effect']['uploaded']['lines']:,} lines" in said and "set aside" in said
    assert "Columns taken: customer = client, order = invoice," in said and all(one in said for one in report["warnings"])
    check_told(report, customers)


def check_told(report: dict, customers: list[dict]) -> None:
    """What was understood, what was done about it, and what was made, each with its reason."""
    parts = {one["part"]: one for one in report["understood"]["parts"]}
    mapped = {part: one["column"] for part, one in parts.items() if one["column"]}
    assert mapped == {"customer": "client", "order": "invoice", "date": "day", "product": "product", "quantity": "qty", "price": "price"}
    assert all(parts[part]["reason"] for part in mapped)
    found = {one["ailment"]: one for one in report["findings"]}
    assert found["missing_customer"]["treatment"] == "aside" and found["cancelled"]["treatment"] == "net"
    features = {one["name"]: one for one in report["features"]}
    assert features["monetary"]["unit"] == "money" and all(one["formula"] and one["why"] for one in features.values())
    assert set(features) <= set(customers[0]) and report["rfm"]["cuts"].keys() == {"recency", "frequency", "monetary"}
    assert report["groups"][-1]["customers"] == len(customers) and report["value"]["method"] == "none" and report["value"]["because"]
    assert report["plan"]["as_of"] == report["as_of"] and report["cohorts"]["rows"]


def test_a_report_repeats_itself_as_a_plan(run, tmp_path):
    """The same customers from a whole report; choices typed beside it are refused, and so is anything else."""
    choices = ("--treat", "returned=aside,cancelled=keep", "--as-of", "2026-02-01", "--horizon-days", "90", "--seed", "7")
    _, customers, report, _ = run(shop(), *choices)
    kept = tmp_path / "plan.json"
    kept.write_text(json.dumps(report))
    status, again, same, _ = run(shop(), "--plan", str(kept))
    assert status == 0 and again == customers and same["plan"] == report["plan"] and same["effect"] == report["effect"]
    assert [one["column"] for one in same["understood"]["parts"]] == [one["column"] for one in report["understood"]["parts"]]
    kept.write_text(json.dumps(report["plan"]))
    assert run(shop(), "--plan", str(kept), "--horizon-days", "30")[0] == 2
    kept.write_text("[1]")
    assert run(shop(), "--plan", str(kept))[0] == 2


def test_a_map_corrects_the_guess(run):
    """A name with a comma, and a part left without a column."""
    text = shop().replace("client,", '"who, then",').replace("product", "client")
    status, _, report, _ = run(text, "--map", "customer=who, then,order=invoice,product=")
    mapping = report["plan"]["mapping"]
    assert status == 0 and mapping["customer"] == "who, then" and mapping["order"] == "invoice" and "product" not in mapping


def test_treatments_move_lines_and_money_and_the_lines_set_aside_are_listed(run, tmp_path):
    """A line set aside for two reasons counts for the first."""
    text = shop()
    status, _, report, _ = run(text, "--treat", "cancelled=aside", "--treat", "missing_customer=aside",
                               "--aside", str(tmp_path / "aside.csv"))  # fmt: skip
    effect = report["effect"]
    assert status == 0 and reconciles(report) and effect["returns"]["lines"] == 0
    rows = dict(enumerate(text.splitlines()[1:], 1))
    expected = {at: "missing_customer" if row.startswith(",") else "cancelled" for at, row in rows.items() if row[0] == "," or ",C" in row}
    listed = pd.read_csv(tmp_path / "aside.csv")
    assert dict(zip(listed["line"], listed["reason"], strict=True)) == expected and listed["line"].is_monotonic_increasing
    assert {name: one["lines"] for name, one in effect["reasons"].items()} == listed["reason"].value_counts().to_dict()


def test_scores_by_fixed_break_points(run):
    cuts = {"recency": "30,90,180,300", "frequency": "1,2,3,4", "monetary": "50,100,200,400"}
    typed = [part for name, points in cuts.items() for part in ("--cuts", f"{name}={points}")]
    status, customers, report, _ = run(shop(), "--rfm", "fixed", *typed)
    assert status == 0 and report["rfm"] == {"rule": "fixed", "cuts": {name: [float(p) for p in t.split(",")] for name, t in cuts.items()}}
    for one in customers:
        if int(one["frequency"]):
            assert int(one["monetary_score"]) == 1 + sum(float(one["monetary"]) > p for p in (50, 100, 200, 400))
    assert run(shop(), *typed)[0] == 2


def test_several_currencies_need_a_choice(run):
    """Exit 3 with the choice and its lines in the report; a treatment or --defaults decides."""
    rows = shop().splitlines()
    text = "\n".join([f"{rows[0]},currency", *(f"{row},{'USD' if at % 5 == 0 else 'EUR'}" for at, row in enumerate(rows[1:]))])
    status, customers, report, said = run(text)
    assert (status, customers, report["outcome"]) == (3, None, "asked") and "--treat other_currency=" in said
    question = report["questions"][0]
    assert question["count"] == len(range(0, len(rows) - 1, 5)) and question["proposed"] == "aside" and reconciles(report)
    status, _, report, _ = run(text, "--treat", "other_currency=keep")
    assert status == 0 and "other_currency" not in report["effect"]["reasons"]
    status, _, report, _ = run(text, "--defaults")
    assert status == 0 and report["currency"] == "EUR" and report["plan"]["treatments"]["other_currency"] == "aside"


def test_an_open_question_about_the_file_needs_a_choice(run):
    """Dates that could be either way; once answered, the doctor marks them."""
    rows = [f"c{i % 9},0{i % 9 + 1}/0{i % 7 + 1}/2025,{i * 7}.50" for i in range(60)]
    text = "client,day,amount\n" + "\n".join(rows) + "\n"
    status, customers, report, _ = run(text)
    assert (status, customers, report["questions"][0]["key"]) == (3, None, "date:day")
    status, _, report, _ = run(text, "--set", "UNCLEAR_DATE=month")
    assert status == 0 and report["answers"] == {"date:day": "month"} and report["plan"]["unclear_dates"]
    assert "unclear_date" in {one["ailment"] for one in report["findings"]}


def test_a_column_that_lacks_is_named(run):
    """Exit 4; the report names the parts and what was understood of the others."""
    text = "\n".join(",".join(row.split(",")[:4]) for row in shop().splitlines()) + "\n"
    status, customers, report, said = run(text)
    assert (status, customers, report["outcome"]) == (4, None, "refused") and "amount (or quantity and price)" in said
    assert report["problem"]["code"] == "MISSING_COLUMNS" and report["understood"]["missing"] == ["amount"]


def test_amounts_in_several_currencies_lack_an_amount(run):
    """Unless somebody says that they are one; the message says how."""
    rows = [f"c{i % 9},2025-0{i % 9 + 1}-{i % 7 + 11},{i * 7}.50 {'EUR' if i % 2 else 'USD'}" for i in range(60)]
    status, _, report, said = run("client,day,amount\n" + "\n".join(rows) + "\n", "--defaults")
    assert (status, report["understood"]["missing"]) == (4, ["amount"]) and "currency:amount=same" in said


def test_customers_are_no_order_lines(run):
    """Every client has one line: refused, unless somebody says that these are clients."""
    text = "client,since,spent\n" + "".join(f"C{i:03},2025-0{i % 9 + 1}-{i % 17 + 10},{i * 3.5}\n" for i in range(60))
    status, customers, report, said = run(text)
    assert (status, customers, report["problem"]["code"]) == (4, None, "NOT_ORDERS") and "60 different values in 60 lines" in said
    assert run(text, "--map", "customer=client")[0] == 0


@pytest.mark.parametrize("wrong", [
    ("--map", "buyer=client"), ("--map", "customer"), ("--map", "customer=nobody"), ("--treat", "sick=keep"),
    ("--treat", "missing_customer=keep"), ("--treat", "cancelled"), ("--treat", "cancelled=keep,cancelled=net"), ("--as-of", "soon"), ("--horizon-days", "0"),
    ("--rfm", "best"), ("--cuts", "recency=a"), ("--set", "nothing=1"), ("--plan", "/nowhere.json")])  # fmt: skip
def test_wrong_use_ends_with_2_and_writes_nothing(run, tmp_path, wrong):
    status, customers, report, said = run(shop(), *wrong)
    assert (status, customers, report) == (2, None, None) and said


def test_ids_like_formulas_are_made_harmless(run):
    text = shop(name="=C{:03}")
    assert all(one["customer_id"].startswith("'=C") for one in run(text)[1])
    assert all(one["customer_id"].startswith("=C") for one in run(text, "--raw")[1])


REAL = {
    "online_retail.parquet": {"lines": 541_909, "kept": 406_829, "aside": 135_080, "customers": 4_372, "revenue": 8_300_065.814,
                              "uploaded": 9_747_747.934},
    "rfm_data_orders.csv": {"lines": 4_906, "kept": 4_906, "aside": 0, "customers": 995, "revenue": 464_158.0, "uploaded": 464_158.0},
    "cdnowElog.csv": {"lines": 6_919, "kept": 6_919, "aside": 0, "customers": 2_357, "revenue": 244_091.94, "uploaded": 244_091.94},
    "Sample - Superstore.xls": {"lines": 9_994, "kept": 9_994, "aside": 0, "customers": 793, "revenue": 2_297_200.8603,
                                "uploaded": 2_297_200.8603},
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", REAL)
def test_real_files_give_known_figures(name, tmp_path):
    """Lines, customers and money as counted apart from the project (see the shared reference figures)."""
    if not (SHARED / name).exists():
        pytest.skip("the shared data are not here")
    out, told = tmp_path / "customers.csv", tmp_path / "report.json"
    assert main(["features", str(SHARED / name), "--out", str(out), "--report", str(told)]) == 0
    report, customers, expected = json.loads(told.read_text()), pd.read_csv(out, dtype={"customer_id": str}), REAL[name]
    effect = report["effect"]
    assert [effect[part]["lines"] for part in ("uploaded", "kept", "aside")] == [expected[part] for part in ("lines", "kept", "aside")]
    assert effect["uploaded"]["revenue"] == pytest.approx(expected["uploaded"], abs=0.005)
    assert effect["kept"]["revenue"] == pytest.approx(expected["revenue"], abs=0.005)
    assert customers["monetary"].sum() == pytest.approx(expected["revenue"], abs=0.005)
    assert len(customers) == expected["customers"] and customers["customer_id"].is_unique and reconciles(report)
