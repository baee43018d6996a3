"""Laws that every entry of the catalogue of ailments keeps."""

from __future__ import annotations

import pytest

from core.model import OrderPlan, Part, Treatment
from core.orders.ailments import AILMENTS, treatments
from core.orders.engine import session
from core.orders.lines import TYPES
from tests.core.dirty_orders import write_rows

BY_NAME = pytest.mark.parametrize("ailment", AILMENTS.values(), ids=list(AILMENTS))
PLAN = OrderPlan(mapping={part: part.title() for part in Part}, as_of="2026-01-01", unclear_dates=True)
ROWS = {
    "no lines": [],
    "one line of nothing": [{}],
    "lines of nothing": [{}, {}, {}],
    "one line": [{"customer": "a", "order": "1", "amount": 5, "day": 20_000}],
    "texts without numbers": [{name: "x" for name, kind in TYPES.items() if kind == "string"}] * 2,
    "numbers without texts": [{name: 1 for name, kind in TYPES.items() if kind == "int64"}] * 2,
    "the far ends": [dict.fromkeys(("quantity", "price", "amount"), sign * 9 * 10**14) for sign in (-1, 1)],
    "strange texts": [dict.fromkeys(("customer", "order", "status", "product", "description", "currency"), text)
                      for text in ("", "\n", "a\nb", "(", "é" * 300, "𝔸", "İ", "%_", "'; drop table lines; --")],
}  # fmt: skip


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    """Canonical lines by name in an open session."""
    folder = tmp_path_factory.mktemp("lines")
    with session(folder=folder, threads=1) as running:
        found = {}
        for name, rows in ROWS.items():
            write_rows(rows, folder / f"{name}.parquet")
            found[name] = running.lines(folder / f"{name}.parquet")
        yield running, found


@BY_NAME
@pytest.mark.parametrize("name", ROWS)
def test_every_line_is_flagged_or_not(lines, ailment, name):
    """One answer for every line, and never an unknown one, whatever is missing."""
    running, found = lines
    table = found[name]
    flags = running.arrow(table.select("line", flag=ailment.flag(table, PLAN)))
    assert str(flags.schema.field("flag").type) == "bool"
    assert flags.num_rows == len(ROWS[name])
    assert flags["flag"].null_count == 0


@BY_NAME
def test_the_entry_is_told_in_full(ailment):
    """A person can read what was found, what is proposed and why."""
    assert ailment.name == ailment.name.lower().replace(" ", "_")
    assert ailment.proposed in ailment.options
    assert len(set(ailment.options)) == len(ailment.options) >= 1
    assert ailment.summary.endswith(".") and ailment.summary.count(".") == 1
    assert ailment.advice.endswith(".") and ailment.label[0].isupper()
    assert ailment.treatment(OrderPlan()) is ailment.proposed


def test_only_cancellations_returns_and_lines_that_cannot_count_are_acted_upon():
    """What the proposals do to money is settled: everything else is only flagged."""
    acted = {name: one for name, one in treatments(OrderPlan()).items() if one is not Treatment.KEEP}
    assert {name for name, one in acted.items() if one is Treatment.NET} == {"cancelled", "returned"}
    assert {name for name, one in acted.items() if one is Treatment.ASIDE} == {
        "missing_customer", "missing_date", "missing_amount", "future_date", "other_currency",
    }  # fmt: skip
    assert [name for name, one in AILMENTS.items() if one.asks] == ["other_currency"]


@pytest.mark.parametrize("bits", [len(AILMENTS)])
def test_masks_have_room(bits):
    """Bits 61 and 62 are taken."""
    assert bits <= 61


SAYS = [
    ("service_line", "description", "POSTAGE"), ("service_line", "description", "Frais de port"),
    ("service_line", "description", "Versandkosten 4,90 €"), ("service_line", "description", "Shipping & Handling"),
    ("service_line", "description", "Bank charges"), ("service_line", "description", "Gift voucher £20"),
    ("service_line", "product", "DOT"), ("service_line", "product", "gift_0001_20"),
    ("test_account", "customer", "TEST"), ("test_account", "customer", "test@test.com"),
    ("test_account", "customer", "demo-12"), ("test_account", "customer", "Testkunde"),
    ("test_account", "order", "test order 3"), ("test_account", "product", "TEST001"),
    ("test_account", "description", "This is a test product."),
    ("cancelled", "status", "CANCELED_BY_CUSTOMER"), ("cancelled", "status", "Order cancelled"),
    ("cancelled", "status", "Cancelled (out of stock)"), ("cancelled", "status", "Storniert"),
    ("cancelled", "status", "已取消"), ("returned", "status", "Refunded"), ("returned", "status", "Zurückgesendet"),
]  # fmt: skip
SILENT = [
    ("service_line", "description", "Postage stamp album"), ("service_line", "description", "Delivery bag"),
    ("service_line", "description", "Sample book of fabrics"), ("service_line", "description", "Manual coffee grinder"),
    ("service_line", "description", "Gift voucher holder box"), ("service_line", "description", "Carriage clock"),
    ("service_line", "description", "Portobello mushroom"), ("service_line", "description", "Versandtasche C4"),
    ("service_line", "product", "POST-IT"), ("service_line", "product", "C20"),
    ("test_account", "customer", "Testarossa"), ("test_account", "customer", "Contest winner"),
    ("test_account", "customer", "Tester Equipment Ltd"), ("test_account", "customer", "anna@contest.com"),
    ("test_account", "customer", "Demosthenes"), ("test_account", "description", "Test tube"),
    ("test_account", "description", "Pregnancy test"), ("test_account", "product", "TESTER-RED"),
    ("cancelled", "status", "Cancellation declined"), ("cancelled", "status", "Canceled_Reversal"),
    ("cancelled", "status", "Not cancelled"), ("cancelled", "status", "Uncancelled"),
    ("cancelled", "status", "Avoid delay"), ("returned", "status", "Partially refunded"),
    ("returned", "status", "Return declined"), ("returned", "status", "Returning customer"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "expected"), [(SAYS, True), (SILENT, False)], ids=["says so", "honest"])
@pytest.mark.parametrize("name", ["service_line", "test_account", "cancelled", "returned"])
def test_words_are_understood_and_honest_names_are_left_alone(tmp_path, name, texts, expected):
    """What says so is found in several languages; names that only contain such a word are not."""
    told = [(part, text) for ailment, part, text in texts if ailment == name]
    write_rows([{"quantity": 1, "amount": 1, part: text} for part, text in told], tmp_path / "texts.parquet")
    with session(folder=tmp_path, threads=1) as running:
        table = running.lines(tmp_path / "texts.parquet")
        flags = running.frame(table.select("line", flag=AILMENTS[name].flag(table, PLAN)).order_by("line"))["flag"]
    assert dict(zip(told, flags, strict=True)) == dict.fromkeys(told, expected)
