"""Reading quickly changes nothing: shortcuts over whole columns and lines equal the careful way, cell by cell."""

from __future__ import annotations

import csv
import datetime as dt
import gc
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import tables
from core.errors import UnreadableFile
from core.formats import read
from core.formats.reading import Reading
from core.formats.rows import Dialect, Record, records
from core.model import Source, Table
from core.tables import cells as careful
from core.tables import dates
from core.tables.direct import direct
from core.tables.kinds import Asked

QUIET = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
WAYS = {
    "decimal": lambda r: f"{r.lognormal(3, 1):.2f}",
    "whole": lambda r: str(r.integers(-500, 5_000)),
    "whole written .0": lambda r: f"{r.integers(-500, 5_000)}.0",
    "negative zero": lambda r: f"{-0.0 if r.random() < 0.3 else r.normal():.1f}",
    "exponent": lambda r: f"{r.normal():.3e}",
    "long decimal": lambda r: repr(r.normal() * 1e13),
    "dotted thousand": lambda r: f"{r.integers(1, 999)}.{r.integers(100, 999)}",
    "thousands": lambda r: f"{r.integers(0, 99_999):,}",
    "decimal comma": lambda r: f"{r.normal():.2f}".replace(".", ","),
    "currency": lambda r: f"€{r.integers(0, 999)}",
    "percent": lambda r: f"{r.integers(0, 999)} %",
    "date": lambda r: f"2024{r.integers(10, 13)}{r.integers(10, 29)}",
    "day first": lambda r: f"{r.integers(1, 29):02d}/{r.integers(1, 13):02d}/2024",
    "padded": lambda r: f"{r.integers(0, 99_999):06d}",
    "account": lambda r: str(r.integers(10**15, 10**17)),
    "id": lambda r: str(r.integers(1, 10**6)),
    "flag": lambda r: ("Yes", "NO")[r.integers(2)],
    "few": lambda r: str(r.integers(1, 4)),
    "spaced": lambda r: f" {r.normal():.2f}\u00a0",
    "word": lambda r: f"w{r.integers(0, 60)}",
}
ODD = ("", "NA", "n/a", "-", "nan", "NaN", "inf", "-Infinity", "1e400", "1e101", "007", "-007", "+5", "5.", ".5", "-.5e-3",
       "0x10", "1_000", "1d5", "(12)", "12-", "−3", "٣", "true", "1.2.3", "  ", "9" * 20, "0" * 17, "1e-400", "é", "\x00")
NAMES = ("spend", "n_orders", "customer_id", "zip", "region")


def careful_cells(raw: pd.Series) -> careful.Cells:
    """Every cell becomes a text, and texts are told apart before and after stripping: the plain definition."""
    texts = raw if isinstance(raw.dtype, pd.StringDtype) else pd.Series(map(careful.native_text, raw), dtype="str")
    codes, distinct = pd.factorize(texts.fillna("").str.strip())
    stripped, counts = pd.Series(distinct, dtype="str"), np.bincount(codes, minlength=len(distinct))
    quick = careful.distinct_cells(raw)
    return careful.Cells(stripped, codes, counts, careful._numeric(raw, stripped), quick.moments, quick.padded, quick.spaced)


def both(raw: pd.DataFrame, answers: dict[str, str], delimiter: str = ",") -> tuple[Table, Table]:
    """The table by shortcuts, and without any."""
    reading = Reading(raw, Source("t", "text", delimiter=delimiter))
    quick = tables.understand(reading, answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "direct", lambda *_: None)
        patch.setattr(tables, "distinct_cells", careful_cells)
        patch.setattr(tables, "different", lambda values: pd.Series(values).nunique())
        patch.setattr(tables, "repeated_rows", lambda raw, _: int(raw.duplicated().sum()))
        return quick, tables.understand(reading, answers)


def assert_same(one: Table, two: Table) -> None:
    """Equal to the last bit: a zero keeps its sign, a column its type."""
    pd.testing.assert_frame_equal(one.raw, two.raw, check_exact=True)
    pd.testing.assert_frame_equal(one.frame, two.frame, check_exact=True)
    for name in one.frame.select_dtypes("float64"):
        np.testing.assert_array_equal(np.signbit(one.frame[name].fillna(0)), np.signbit(two.frame[name].fillna(0)))
    for part in ("columns", "notes", "questions", "fingerprint", "duplicates", "source"):
        assert getattr(one, part) == getattr(two, part)


@st.composite
def written(draw: st.DrawFn) -> list[str]:
    """Text cells: mostly one way of writing, some of another, odd ones strewn in."""
    way, other = (WAYS[draw(st.sampled_from(sorted(WAYS)))] for _ in range(2))
    share, odd = draw(st.sampled_from((0, 0, 0.05, 0.5))), draw(st.lists(st.sampled_from(ODD), max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    cells = [other(rng) if rng.random() < share else way(rng) for _ in range(90)]
    for cell in odd:
        for at in rng.integers(0, 90, draw(st.sampled_from((1, 5)))):
            cells[at] = cell
    return cells


@given(columns=st.lists(written(), min_size=1, max_size=3), name=st.sampled_from(NAMES),
       comma=st.sampled_from(("", "decimal", "thousands")), delimiter=st.sampled_from(",;"), repeats=st.integers(0, 9))
@QUIET
def test_text_columns_are_understood_as_by_the_careful_way(
    columns: list[list[str]], name: str, comma: str, delimiter: str, repeats: int
) -> None:
    """Frame, columns, notes, questions and fingerprint are those found by looking at every distinct text."""
    raw = pd.DataFrame({name if i == 0 else f"c{i}": pd.Series(cells + cells[:repeats], dtype="str")
                        for i, cells in enumerate(columns)})
    assert_same(*both(raw, {f"comma:{name}": comma} if comma else {}, delimiter))


FIXED = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M")


@given(times=st.lists(st.datetimes(dt.datetime(2, 1, 1), dt.datetime(8999, 12, 31)), min_size=1, max_size=30),
       form=st.sampled_from(FIXED), odd=st.sampled_from(("", "2026-02-30", "9999-12-31", "2026-01-31 25:00", "2026-01-31 24:00")))
@QUIET
def test_dates_of_one_form_are_read_together_as_one_by_one(times: list[dt.datetime], form: str, odd: str) -> None:
    """Values, forms and what is noted are those found by taking each text apart."""
    texts = pd.Series(list(dict.fromkeys([*(one.strftime(form).zfill(len(dt.datetime(2000, 1, 1).strftime(form))) for one in times),
                                          *([odd] if odd else [])])), dtype="str")
    quick = dates.parse_dates(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dates, "_iso", lambda _: None)
        slow = dates.parse_dates(texts)
    np.testing.assert_array_equal(quick.values, slow.values)
    assert quick.forms.tolist() == slow.forms.tolist() and quick.notable.keys() == slow.notable.keys()


NATIVE = {
    "float": lambda r, n: r.normal(size=n),
    "float32": lambda r, n: r.normal(size=n).astype("float32"),
    "float16": lambda r, n: r.normal(size=n).astype("float16"),
    "rounded": lambda r, n: np.round(r.normal(size=n), 1),
    "negative zero": lambda r, n: np.where(r.random(n) < 0.3, -0.0, np.round(r.normal(size=n), 1)),
    "whole floats": lambda r, n: r.integers(-99, 99, n).astype(float),
    "large": lambda r, n: r.normal(size=n) * 10.0 ** r.integers(90, 110, n),
    "int": lambda r, n: r.integers(-500, 5_000, n),
    "int8": lambda r, n: r.integers(-100, 100, n).astype("int8"),
    "uint64": lambda r, n: r.integers(0, 2**64 - 1, n, dtype="uint64"),
    "account": lambda r, n: r.integers(10**14, 10**16, n),
    "eight digits": lambda r, n: r.integers(9_000_000, 40_000_000, n),
    "dates as numbers": lambda r, n: 20240000 + 100 * r.integers(10, 13, n) + r.integers(10, 29, n),
    "running number": lambda r, n: np.arange(1, n + 1),
    "codes": lambda r, n: r.integers(1, 9, n),
    "flag": lambda r, n: r.integers(0, 2, n).astype(float),
    "bool": lambda r, n: r.random(n) < 0.5,
    "time": lambda r, n: (np.datetime64("2024-01-01") + r.integers(0, 10**6, n)).astype("datetime64[s]"),
    "moment": lambda r, n: pd.to_datetime("2024-01-01").as_unit("ns") + pd.to_timedelta(r.integers(0, 2, n), unit="ns"),
    "duration": lambda r, n: pd.to_timedelta(r.integers(0, 99, n), unit="s"),
    "whole with gaps": lambda r, n: np.array([None if v < 0 else int(v) for v in r.integers(-9, 99, n)], dtype=object),
    "huge": lambda r, n: np.array([10**400 + int(v) for v in r.integers(0, 99, n)], dtype=object),
    "mixed": lambda r, n: np.array([(1, True, 1.0, None, "1", dt.date(2024, 1, 1))[v] for v in r.integers(0, 6, n)],
                                   dtype=object),
    "whole and missing": lambda r, n: np.array([pd.NA if v < 0 else int(v) for v in r.integers(-9, 99, n)],
                                               dtype=object),
}
STREWN = (np.nan, np.inf, -np.inf, 1e100, 1e101, -0.0, 2.0**53, 1e15, 20240131.0)


@given(ways=st.lists(st.sampled_from(sorted(NATIVE)), min_size=1, max_size=3), name=st.sampled_from(NAMES),
       seed=st.integers(0, 2**20), strewn=st.lists(st.sampled_from(STREWN), max_size=4), repeats=st.integers(0, 9),
       comma=st.sampled_from(("", "decimal")))
@QUIET
def test_native_columns_are_understood_as_by_the_careful_way(
    ways: list[str], name: str, seed: int, strewn: list[float], repeats: int, comma: str
) -> None:
    """A native cell is worth exactly what its text would be worth."""
    rng = np.random.default_rng(seed)
    columns = {name if i == 0 else f"c{i}": pd.Series(NATIVE[way](rng, 90)) for i, way in enumerate(ways)}
    for column in columns.values():
        for value in strewn if column.dtype == np.float64 else ():
            column[rng.integers(90)] = value
    raw = pd.DataFrame(columns)
    raw = pd.concat([raw, raw.iloc[:repeats]], ignore_index=True)
    assert_same(*both(raw, {f"comma:{name}": comma} if comma else {}))


@pytest.mark.parametrize("column", [
    pd.Series(np.arange(90) / 7), pd.Series(np.arange(90) / 7, dtype="float32"), pd.Series(np.arange(90)),
    pd.Series([None, *range(89)], dtype=object), pd.Series([f"{v / 7:.3f}" for v in range(90)], dtype="str"),
    pd.Series(["", "NA", " 3 ", *map(str, range(87))], dtype="str"),
], ids=["float64", "float32", "int64", "int with gaps", "text", "text with gaps"])
def test_plain_numbers_take_the_short_way(column: pd.Series) -> None:
    """The comparisons above are about something: amounts never become texts one by one."""
    assert direct(column, Asked("spend", {})) is not None


def test_an_answered_decimal_comma_reaches_plain_numbers() -> None:
    """Beside decimal commas "1.234" is a thousand and some; the answer holds on the short way, too."""
    quick, slow = both(pd.DataFrame({"x": pd.Series([f"{v}.500" for v in range(1, 90)], dtype="str")}),
                       {"comma:x": "decimal"})
    assert_same(quick, slow)
    assert quick.frame["x"].tolist() == [1000 * v + 500 for v in range(1, 90)]


def test_gaps_of_any_kind_equal_each_other_in_repeated_rows() -> None:
    """Rows that differ only in the bits of a NaN or the sign of a zero repeat each other, as pandas counts."""
    odd = np.array([0x7FF8000000000001, 0x7FF8000000000002], dtype=np.uint64).view(np.float64)
    many = np.arange(40) / 7
    raw = pd.DataFrame({"a": np.concatenate([odd, [0.0, -0.0], many]),
                        "b": pd.Series(["x", "x", "y", "y", *["z"] * 40], dtype="str")})
    assert direct(raw["a"], Asked("a", {})) is not None
    quick, slow = both(raw, {})
    assert quick.duplicates == slow.duplicates == 2


LINES = st.lists(st.text(alphabet='a1,;"\u2028', max_size=12).map(lambda s: s + "\n"), max_size=12)


@given(lines=LINES, delimiter=st.sampled_from(",;\t"))
@QUIET
def test_lines_without_quotes_are_split_as_the_csv_reader_would(lines: list[str], delimiter: str) -> None:
    """Where nothing is wrong with the quotes, records are those of Python's csv reader on all lines together."""
    try:
        expected = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return
    found = list(records(lines, Dialect(delimiter)))
    assert [record.cells for record in found] == expected
    assert all(one.end == two.line for one, two in zip(found, found[1:], strict=False))


def test_records_know_their_lines_around_quotes() -> None:
    """Plain lines before and after a record over two lines are counted as lines of the file."""
    found = list(records(["a,b\r\n", '"x\n', 'y",1\n', "\n", "c,d"], Dialect(",")))
    assert found == [Record(["a", "b"], 1, 2), Record(["x\ny", "1"], 2, 4), Record([], 4, 5), Record(["c", "d"], 5, 6)]


def test_a_line_longer_than_any_cell_is_a_problem() -> None:
    """A cell of more than ten million characters is refused, with or without quotes."""
    assert [bool(record.problem) for record in records(["a,b\n", "x" * 10_000_001, "c,d\n"], Dialect(","))] == [False, True, False]


def test_reading_leaves_the_search_for_cycles_as_it_was(tmp_path: Path) -> None:
    """Python still looks for cycles after a file that was read, and after one that was refused."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    read(path, "t.csv", {})
    assert gc.isenabled()
    path.write_text("a,b\n")
    with pytest.raises(UnreadableFile):
        read(path, "t.csv", {})
    assert gc.isenabled()


def test_real_files_are_understood_as_by_the_careful_way(shared_data: Path) -> None:
    """Every public file at hand."""
    for path in sorted((shared_data / "customers").glob("*.csv*")):
        reading = read(path, path.name, {})
        assert_same(*both(reading.raw, {}, reading.source.delimiter))


def test_parquet_is_understood_as_by_the_careful_way(tmp_path: Path) -> None:
    """Gaps, whole numbers with gaps, dates and texts of a Parquet file."""
    rng = np.random.default_rng(3)
    amounts = [None if v < -1 else float(v) for v in rng.normal(size=200)]
    table = pa.table({
        "amount": amounts, "orders": pa.array([None if i % 7 == 0 else i for i in range(200)], pa.int32()),
        "since": pa.array([dt.date(2024, 1, 1 + i % 28) for i in range(200)]), "city": ["a", " a", None, "b"] * 50,
    })
    pq.write_table(table, tmp_path / "t.parquet")
    raw = read(tmp_path / "t.parquet", "t.parquet", {}).raw
    quick, slow = both(raw, {})
    assert_same(quick, slow)
    np.testing.assert_array_equal(quick.frame["amount"], np.array(amounts, dtype=float))
