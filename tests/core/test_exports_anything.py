"""Any table, exported in any form: nothing in it runs, and our own loader reads back what was there."""

from __future__ import annotations

import io
import random
import re
import zipfile

import numpy as np
import pandas as pd
import pytest

from core.exports import EXPORTS
from core.exports.sheets import MOST_NAME, sheet_name
from core.formats.reading import Reading
from core.model import Candidate, Plan, Segmentation, Source
from core.neutral import is_dangerous, restored
from core.pipeline import load
from core.tables import understand

HOSTILE = [
    "=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "|calc", "%x", "＝1", "  =1", "'=1", '"=1', "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0",
    "<r><t>x</t></r>", "<r></t></is></c><c r=\"B9\"><f>1+1</f></c></r>", "_x0041_", "_x005F_x0041_", "<r>_x005F_x0041_</r>", "_x00", "41_", "]]>", "&amp;", "<f>1</f>",
    "http://x.y", "mailto:a@b.c", "internal:Sheet1!A1", "external:c:\\x", "file://x", "#REF!", "TRUE", "00123", "1e5", "'", "''", "a,b", 'say "x"',
    "two\nlines", "one\rtwo", "one\r\ntwo", "a;b", "x\ty", "é", "精", "🙂", "\u202eevil", "<script>alert(1)</script>", "NaN", "null", "-", "1,5", "3.14",
]  # fmt: skip
PLAIN = ["red", "blue", "Anna", "x y", "K-1", "12.5", "7", "2024-01-05", "yes"]
FEW, MANY = 30, 10_000


def some_table(seed: int):
    """2 to 5 columns of 3 to 6 cells, a third of them hostile; the last column keeps rows from being empty."""
    rng = random.Random(seed)
    rows, width = rng.randint(3, 6), rng.randint(1, 4)
    cells = {f"c{at} {rng.choice(HOSTILE) if rng.random() < 0.2 else ''}".strip() if at else rng.choice(["name", "=evil", "<r>x</r>"]):
             [_cell(rng) for _ in range(rows)] for at in range(width)}  # fmt: skip
    cells["last"] = [f"row{at}" for at in range(rows)]
    raw = pd.DataFrame({name: pd.Series(column, dtype="str") for name, column in cells.items()})
    return understand(Reading(raw, Source("t.csv", "text")), {})


def _cell(rng: random.Random) -> str:
    pool = HOSTILE if rng.random() < 0.34 else PLAIN
    one = rng.choice(pool)
    return one if rng.random() < 0.8 else one + rng.choice(HOSTILE)


def segmentation(n: int, name: str) -> Segmentation:
    labels = np.array([1 + i % 2 for i in range(n)], dtype=np.int16)
    sizes = {1: int((labels == 1).sum()), 2: int((labels == 2).sum())}
    candidate = Candidate("kmeans-2", "kmeans", name, {}, labels, sizes, {1: name, 2: f"{name} "}, (), 0.1, trust={1: 0.9, 2: 0.3})
    profile = pd.DataFrame({"segment": [0, 1, 2], "segment_name": ["Everyone", name, name], "mean": [1.0, 2.0, 3.0]})
    return Segmentation("f" * 64, Plan(), candidate, profile, np.zeros(n, dtype=bool), {}, name, reason=name, descriptions={1: name})


def written(export: str, table, name: str, **more) -> bytes:
    stream = io.BytesIO()
    EXPORTS[export].write(table, segmentation(len(table), name), stream, **more)
    return stream.getvalue()


def _runs(book: bytes) -> list[str]:
    """The parts of a workbook that hold a formula in a cell, or a link."""
    found = []
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for part in archive.namelist():
            content = archive.read(part)
            if re.search(rb"<hyperlink|TargetMode=.External", content) or "worksheets/" in part and re.search(rb"<f[ >/]", content):
                found.append(part)
    return found


def _check(seed: int) -> None:
    table, name = some_table(seed), random.Random(-seed).choice(HOSTILE)
    raw = {str(title): table.raw[title].fillna("").tolist() for title in table.raw.columns}
    for export in ("customers_xlsx", "workbook_xlsx"):
        content = written(export, table, name, **({"personal": True} if export == "workbook_xlsx" else {}))
        assert not _runs(content), (seed, export)
        back = pd.read_excel(io.BytesIO(content), sheet_name="Customers", engine="calamine", dtype=str, keep_default_na=False, header=None)
        for at, (title, cells) in enumerate(raw.items()):
            assert _as_written(back.iloc[0, at], title), (seed, title)
            for cell, found, understood in zip(cells, back.iloc[1:, at], table.frame[title], strict=True):
                assert _came_back(found, cell, understood, str(table.columns[at].kind)), (seed, export, cell, found)
    lines = pd.read_csv(io.BytesIO(written("customers_csv", table, name)), dtype=str, keep_default_na=False, header=None, skip_blank_lines=False)
    assert not any(is_dangerous(cell) and not cell.startswith("'") for column in lines for cell in lines[column]), seed
    assert [[restored(cell) for cell in lines.iloc[1:, at]] for at in range(len(raw))] == list(raw.values()), seed
    import pyarrow.parquet as pq

    parquet = pq.read_table(io.BytesIO(written("customers_parquet", table, name, raw=True)))
    assert [[cell or "" for cell in column.to_pylist()] for column in parquet.columns[: len(raw)]] == list(raw.values()), seed


def _came_back(found: str, cell: str, understood: object, kind: str) -> bool:
    """What was understood as a number or a date has its value, anything else its text."""
    if kind not in ("number", "date") or pd.isna(understood):
        return _as_written(found, cell)
    return float(found) == understood if kind == "number" else pd.Timestamp(found) == understood


def _as_written(found: str, cell: str) -> bool:
    """The same text; where XlsxWriter needs it in pieces, lines end in one sign."""
    pieces = cell.startswith("<r>") and cell.endswith("</r>") or re.search("_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_", cell)
    return found == (re.sub("\r\n?", "\n", cell) if pieces else cell)


@pytest.mark.parametrize("block", range(3))
def test_nothing_in_an_export_runs_and_every_cell_comes_back(block):
    """30 tables each: no formula in a cell, no link; the texts read back are those of the table."""
    for seed in range(block * FEW // 3, (block + 1) * FEW // 3):
        _check(seed)


@pytest.mark.long
@pytest.mark.parametrize("block", range(10))
def test_nothing_runs_in_ten_thousand_tables(block):
    """1,000 tables each."""
    for seed in range(FEW + block * MANY // 10, FEW + (block + 1) * MANY // 10):
        _check(seed)


@pytest.mark.parametrize("export", ["customers_csv", "customers_xlsx", "customers_parquet"])
def test_our_own_loader_reads_back_the_same_table(export, tmp_path):
    """Typed cells, kinds and hostile texts of a real-looking table, exported and loaded again."""
    n = 40
    raw = pd.DataFrame({
        "customer_id": [f"K-{i:04}" for i in range(n)], "age": [str(20 + i) for i in range(n)], "spent": [f"{i}.25" for i in range(n)],
        "joined": [f"2024-03-{1 + i % 28:02}" for i in range(n)], "member": ["yes", "no"] * (n // 2),
        "remark": [HOSTILE[i % 13] + f" {i}" for i in range(n)],
    }, dtype="str")  # fmt: skip
    table = understand(Reading(raw, Source("t.csv", "text")), {})
    path = tmp_path / EXPORTS[export].filename
    path.write_bytes(written(export, table, "calm"))
    back = load(path, path.name, {})
    for name in raw.columns:
        assert back.column(name).kind == table.column(name).kind, name
        if str(table.column(name).kind) in ("number", "date", "flag"):
            assert back.frame[name].tolist() == table.frame[name].tolist(), name
        else:
            # the apostrophe of our CSV is taken off by the loader, so that a text which began with one has it again
            before = raw[name] if export == "customers_csv" else table.frame[name]
            assert [cell.strip() for cell in back.frame[name]] == [cell.strip() for cell in before], name


@pytest.mark.parametrize(
    ("name", "final"),
    [("a[b]:c*d?e/f\\g", "a b c d e f g"), ("'quoted'", "quoted"), ("", "Sheet"), ("History", "History of"), ("x" * 40, "x" * 31),
     ("🙂" * 20, "🙂" * 15), ("\x00\x07", "Sheet"), ("Taken", "Taken (2)"), ("t" * 40, "t" * 27 + " (2)")],
)  # fmt: skip
def test_sheets_have_names_that_excel_takes(name, final):
    """31 signs as Excel counts them, none of its forbidden ones, apostrophes at no end, no name twice."""
    found = sheet_name(name, {"taken", "t" * 31})
    assert found == final and len(found.encode("utf-16-le")) <= 2 * MOST_NAME


def test_parquet_columns_have_types():
    """Whole numbers, fractions, days, yes and no; what was not understood is null, the segment a number."""
    import pyarrow.parquet as pq

    raw = pd.DataFrame({"whole": ["1", "2", ""], "part": ["1.5", "2", "3"], "day": ["2024-01-05", "2024-02-06", ""], "ok": ["yes", "no", "yes"]}, dtype="str")
    table = understand(Reading(raw, Source("t.csv", "text")), {})
    found = pq.read_table(io.BytesIO(written("customers_parquet", table, "calm")))
    assert {one: str(found.schema.field(one).type) for one in ("whole", "part", "day", "ok", "segment", "outlier")} == {
        "whole": "int64", "part": "double", "day": "date32[day]", "ok": "bool", "segment": "int64", "outlier": "bool"}  # fmt: skip
    assert found["whole"].to_pylist() == [1, 2, None] and found["day"].null_count == 1
