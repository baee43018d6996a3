"""Notes of columns show the cells that are their reason."""

from __future__ import annotations

from pathlib import Path

from core.formats.text import TEXT
from core.model import Note, Table
from core.tables import understand


def loaded(folder: Path, text: str) -> Table:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return understand(TEXT.read(path, path.name, {}), {})


def note(table: Table, code: str, column: str) -> Note:
    return next(one for one in table.notes if (one.code, one.column) == (code, column))


def test_codes_with_zeros_in_front_show_those_and_their_number(tmp_path: Path) -> None:
    """Of 40 postal codes 2 begin with a zero: 42420 was shown as an example of them."""
    codes = [str(42_420 + at) for at in range(38)] + ["05408", "01040"]
    table = loaded(tmp_path, "code,n\n" + "".join(f"{code},{at}\n" for at, code in enumerate(codes)))
    told = note(table, "KEPT_AS_TEXT", "code")
    assert (told.count, told.examples) == (40, ("05408", "01040"))
    assert told.text == "code: 40 cells are kept as texts (zeros in front of 2)."
    assert table.frame["code"].tolist() == codes


def test_invoices_some_of_which_have_a_letter_keep_all_of_theirs(tmp_path: Path) -> None:
    """As 536365 and C536379 in the UCI data set "Online Retail": credit notes are no gaps."""
    numbers = [f"{'C' if at % 50 == 7 else ''}{536_365 + at}" for at in range(400)]
    table = loaded(tmp_path, "InvoiceNo,n\n" + "".join(f"{one},{at}\n" for at, one in enumerate(numbers)))
    column = next(one for one in table.columns if one.name == "InvoiceNo")
    assert str(column.kind) != "number"
    assert column.gaps == 0
    assert table.frame["InvoiceNo"].tolist() == numbers


def test_the_last_of_a_few_numbers_may_be_and_more(tmp_path: Path) -> None:
    """Children "3+" in 8 % of the rows are no gap; asked for numbers, they are, and it is told."""
    kids = ["3+" if at % 12 == 5 else str(at % 3) for at in range(120)]
    text = "kids,n\n" + "".join(f"{one},{at}\n" for at, one in enumerate(kids))
    table = loaded(tmp_path, text)
    assert table.frame["kids"].tolist() == kids
    assert note(table, "MIXED_KINDS", "kids").choice.options[-1] == "number"
    wanted = understand(TEXT.read(tmp_path / "file.csv", "file.csv", {}), {"kind:kids": "number"})
    assert int(wanted.frame["kids"].isna().sum()) == kids.count("3+")


def test_numbers_of_orders_are_no_amounts(tmp_path: Path) -> None:
    text = "ORDERNUMBER,orders\n" + "".join(f"{10_100 + at // 3},{at % 9}\n" for at in range(300))
    kinds = {one.name: str(one.kind) for one in loaded(tmp_path, text).columns}
    assert kinds == {"ORDERNUMBER": "key", "orders": "number"}
