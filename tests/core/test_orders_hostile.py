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
