"""Parquet: every value exact, whatever way it is stored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import UnreadableFile
from core.formats import parquet as module
from tests.core.crafted import dictionary_bomb
from tests.core.formatted import load, parquet

COLUMNS = st.sampled_from([
    (pa.int64(), st.integers(-2**63, 2**63 - 1)), (pa.uint64(), st.integers(0, 2**64 - 1)), (pa.int8(), st.integers(-128, 127)),
    (pa.string(), st.text(st.characters(exclude_categories=("Cs",)), max_size=9)), (pa.bool_(), st.booleans()),
    (pa.large_string(), st.text(st.characters(exclude_categories=("Cs",)), max_size=9)),
    (pa.decimal128(30, 4), st.decimals(-10**20, 10**20, places=4)), (pa.float64(), st.floats(allow_nan=False)),
    (pa.timestamp("us"), st.datetimes()), (pa.date32(), st.dates()),
])


def _same(cell: object, value: object) -> bool:
    if value is None:
        return cell is None or cell != cell
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)
    return cell == value


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.booleans(), st.sampled_from(["none", "snappy", "zstd"]))
def test_what_is_written_is_read_back_exactly(tmp_path: Path, data: st.DataObject, dictionary: bool, packing: str) -> None:
    """Kinds with gaps, in any packing, as dictionary or not (pyarrow's writer is the other side)."""
    kind, values = data.draw(COLUMNS)
    cells = data.draw(st.lists(st.one_of(st.none(), values), min_size=1, max_size=8))
    content = parquet(pa.table({"x": pa.array(cells, kind), "list": [[1]] * len(cells)}), use_dictionary=dictionary, compression=packing)
    reading = load(tmp_path, content)
    assert list(reading.raw.columns) == ["x"]
    assert all(map(_same, reading.raw["x"].tolist(), cells))


@pytest.mark.parametrize("options", [
    {}, {"use_dictionary": False}, {"use_dictionary": False, "column_encoding": {"s": "DELTA_BYTE_ARRAY"}},
    {"use_dictionary": False, "column_encoding": {"s": "DELTA_LENGTH_BYTE_ARRAY"}}, {"row_group_size": 700},
    {"dictionary_pagesize_limit": 500}, {"write_page_checksum": True}, {"data_page_version": "2.0"},
])
def test_texts_that_might_grow_are_looked_at_and_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict) -> None:
    """The careful way and the quick way give the same texts, gaps included, in every encoding."""
    table = pa.table({"tags": [[1]] * 3_000, "s": [None if i % 7 == 0 else f"customer {i % 900}" for i in range(3_000)],
                      "record": [{"a": 1, "b": {"c": [1]}}] * 3_000, "n": np.arange(3_000)})
    content = parquet(table, **options)
    quick = load(tmp_path, content)
    monkeypatch.setattr(module, "_SUSPICIOUS", 0)
    careful = load(tmp_path, content)
    assert quick.raw.equals(careful.raw) and quick.notes == careful.notes
    assert careful.raw["s"].iloc[1] == "customer 1" and careful.raw["n"].tolist() == list(range(3_000))
    monkeypatch.setattr(module, "MAX_BYTES", 30_000)
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, content)
    assert caught.value.code == "UNPACKED_TOO_LARGE"


def test_a_small_file_is_refused_that_grows_a_thousandfold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is written out; the same text a hundred thousand times is an honest column until that is much."""
    content = dictionary_bomb(100_000, 40)
    assert set(load(tmp_path, content).raw["s"]) == {"x" * 40}
    monkeypatch.setattr(module, "_SUSPICIOUS", 0)
    assert len(load(tmp_path, content).raw) == 100_000
    monkeypatch.setattr(module, "HARMLESS", 1_000_000)
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, content)
    assert caught.value.code == "UNPACKED_TOO_LARGE" and len(content) * 1_000 < 4_000_000


def test_times_bytes_and_columns_of_nothing(tmp_path: Path) -> None:
    """Times of day and bytes become text that says what they are; a column of nulls is one of gaps."""
    table = pa.table({"time": pa.array([dt.time(9, 30), None]), "bytes": pa.array([b"\xff\0", None]), "none": pa.nulls(2),
                      "fixed": pa.array([b"ab", None], pa.binary(2)), "amount": pa.array([Decimal("0.10"), None])})
    reading = load(tmp_path, parquet(table))
    assert reading.raw.iloc[0].tolist() == ["09:30:00", "0xff00", None, "0x6162", Decimal("0.10")]
    assert reading.raw.iloc[1].isna().all()
    assert {note.column for note in reading.notes if note.code == "BINARY"} == {"bytes", "fixed"}


def test_a_file_of_nothing_but_records_is_refused(tmp_path: Path) -> None:
    """By what is in it, with what to do."""
    with pytest.raises(UnreadableFile) as caught:
        load(tmp_path, parquet(pa.table({"a": [[1], [2]]})))
    assert (caught.value.code, bool(caught.value.hint)) == ("NOT_A_TABLE", True)


def test_no_rows_and_too_many_columns(tmp_path: Path) -> None:
    """The columns found are shown; the number of columns is."""
    with pytest.raises(UnreadableFile, match="customer") as caught:
        load(tmp_path, parquet(pa.table({"customer": pa.array([], pa.int64())})))
    assert caught.value.code == "NO_ROWS"
    with pytest.raises(UnreadableFile, match="2,001"):
        load(tmp_path, parquet(pa.table({f"c{i}": [1] for i in range(2_001)})))


def test_sound_files_raise_no_doubts(tmp_path: Path) -> None:
    """Statistics with gaps, NaN, negative zero and several row groups fit their own values."""
    table = pa.table({"f": [np.nan, -0.0, 1.5, None] * 50, "i": [None, 3, -2, 7] * 50, "u": pa.array([2**64 - 1, 0, None, 5] * 50, pa.uint64())})
    reading = load(tmp_path, parquet(table, row_group_size=30))
    assert not [note for note in reading.notes if note.code == "DOUBTFUL_COLUMN"]
