"""Parquet: native columns, exact; what would grow beyond all measure is refused from the metadata and the dictionaries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from core.errors import UnreadableFile
from core.formats.header import column_names
from core.formats.parquet_cells import cells, damaged_text, told_of
from core.formats.reading import Format, Reading, no_rows, refuse_too_large, refuse_too_wide, truncated
from core.formats.safety import of_the_machine
from core.model import Note, Source

_MAGIC = b"PAR1"
_ENCRYPTED = b"PARE"
_INDEX = "__index_level_"
MAX_BYTES = 2_000_000_000
MAX_GROWTH, HARMLESS = 1_000, 256_000_000
"""Texts may become so many times as large as the file when each row gets its own; up to so many bytes in any case."""
_SUSPICIOUS = 200_000_000
_BATCH_BYTES = 64_000_000
_BATCH_ROWS = 1 << 20
_FEWEST_ROWS = 1_000
_PREFIXES = "DELTA_BYTE_ARRAY"


def sniff(path: Path, head: bytes) -> bool:
    return head.startswith((_MAGIC, _ENCRYPTED))


def read(path: Path, name: str, answers: Mapping[str, str]) -> Reading:
    """Native cells; nested columns are left away with a note each; whole numbers with gaps stay whole.

    Page checksums are verified where the file has them. Raises :class:`UnreadableFile`: TRUNCATED, ENCRYPTED,
    UNPACKED_TOO_LARGE, SHEET_TOO_LARGE, TOO_MANY_COLUMNS, NO_ROWS, NOT_A_TABLE.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            _refuse_declared(file.metadata)
            flat = [i for i, field in enumerate(file.schema_arrow) if not pa.types.is_nested(field.type)]
            table = _columns(path, file, flat) if flat else None
            nested = [file.schema_arrow[i].name for i in range(len(file.schema_arrow)) if i not in set(flat)]
            doubts = list(_doubts(file, table, flat)) if table is not None else []
    except (pa.ArrowException, OSError, UnicodeDecodeError, OverflowError) as problem:
        if of_the_machine(problem):
            raise
        raise _damaged(str(problem)) from None
    notes = [Note("NESTED_COLUMN", f"{column} holds lists or records and was left away.", column, 1,
                  hint="Export the column as text, or take it apart before.") for column in nested]
    if table is None:
        raise UnreadableFile("NOT_A_TABLE", "Every column of the file holds lists or records.",
                             "Take the records apart into columns of single values, and export again.")
    called = ["index" if field.name.startswith(_INDEX) else field.name for field in table.schema]
    names, named = column_names(called)
    if not table.num_rows:
        raise no_rows(names)
    notes += [Note("INDEX_COLUMN", "The index of the table is kept as a column.", names[i], 1)
              for i, field in enumerate(table.schema) if field.name.startswith(_INDEX)]
    for i, column in enumerate(names):
        notes += told_of(table.column(i), column)
    raw = pd.DataFrame({column: cells(table.column(i)) for i, column in enumerate(names)})
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    source = Source(name=name, format="parquet", rows_in_file=len(raw))
    return Reading(raw, source, (*notes, *named, *doubts), digest=digest)


def _damaged(said: str) -> UnreadableFile:
    if "encrypt" in said.lower() or "decrypt" in said.lower():
        return UnreadableFile("ENCRYPTED", "The Parquet file is encrypted.", "Export it again without encryption.")
    if "CRC" in said or "checksum" in said.lower():
        return truncated("The Parquet file is damaged: its checksums do not fit its content.")
    return truncated("The Parquet file is damaged or incomplete.")


def _refuse_declared(metadata: Any) -> None:
    """What the file itself says about its size."""
    refuse_too_wide(metadata.num_columns)
    refuse_too_large(metadata.num_rows * metadata.num_columns, "The file")
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    if unpacked > MAX_BYTES:
        raise _too_large(unpacked)
    if sum(group.num_rows for group in groups) != metadata.num_rows:
        raise truncated("The Parquet file is damaged: its parts do not add up to the rows it declares.")


def _too_large(unpacked: int) -> UnreadableFile:
    what = f"The file reads to at least {unpacked:,} bytes; {MAX_BYTES:,} can be read, and no more than {MAX_GROWTH:,} " \
           "times the size of the upload."
    return UnreadableFile("UNPACKED_TOO_LARGE", what, "Leave long texts away, or upload a smaller part of the table.")


def _columns(path: Path, file: Any, flat: list[int]) -> Any:
    """The flat columns. Texts that are few and may be long are looked at before they are written out row by row."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    leaves = _leaves(file)
    risky = [i for i in flat if _may_grow(file, leaves[i])]
    if not risky:
        return file.reader.read_all(column_indices=[leaves[i] for i in flat])
    paths = [file.metadata.schema.column(leaves[i]).path for i in risky if not _has_prefixes(file, leaves[i])]
    total, most = 0, min(MAX_BYTES, max(HARMLESS, MAX_GROWTH * path.stat().st_size))
    with pq.ParquetFile(path, page_checksum_verification=True, read_dictionary=paths) as packed:
        for i in risky:
            total += _size(packed, leaves[i])
            if total > most:
                raise _too_large(total)
        table = packed.reader.read_all(column_indices=[leaves[i] for i in flat])
    return pa.table([column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
                     for column in table.columns], names=table.schema.names)


def _leaves(file: Any) -> dict[int, int]:
    """The place of each flat column among the leaves of the file."""
    import pyarrow as pa

    places, leaf = {}, 0
    for i, field in enumerate(file.schema_arrow):
        places[i] = leaf
        leaf += _leaf_count(field.type) if pa.types.is_nested(field.type) else 1
    return places


def _leaf_count(kind: Any) -> int:
    import pyarrow as pa

    if pa.types.is_map(kind):
        return _leaf_count(kind.key_type) + _leaf_count(kind.item_type)
    if not pa.types.is_nested(kind):
        return 1
    return sum(_leaf_count(kind.field(i).type) for i in range(kind.num_fields))


def _may_grow(file: Any, leaf: int) -> bool:
    """Could the texts of the column take far more room than the file says? Its longest may be as long as its chunk."""
    if file.metadata.schema.column(leaf).physical_type not in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"):
        return False
    chunks = [file.metadata.row_group(i).column(leaf) for i in range(file.metadata.num_row_groups)]
    growing = [chunk for chunk in chunks if any("DICTIONARY" in one or one == _PREFIXES for one in chunk.encodings)]
    return sum(chunk.num_values * chunk.total_uncompressed_size for chunk in growing) > _SUSPICIOUS


def _has_prefixes(file: Any, leaf: int) -> bool:
    """Texts written otherwise than plainly or by a dictionary: as what differs from the one before, a few bytes can stand
    for a long text. They cannot be read as a dictionary."""
    return any("DELTA" in encoding for i in range(file.metadata.num_row_groups)
               for encoding in file.metadata.row_group(i).column(leaf).encodings)


def _size(file: Any, leaf: int) -> int:
    """Bytes of all texts of a column that is read by its dictionary; stops early where it is far too much."""
    import pyarrow as pa
    import pyarrow.compute as pc

    chunks = [file.metadata.row_group(i).column(leaf) for i in range(file.metadata.num_row_groups)]
    longest = max(chunk.total_uncompressed_size for chunk in chunks)
    rows = max(_FEWEST_ROWS, min(_BATCH_ROWS, _BATCH_BYTES // max(longest, 1))) if _has_prefixes(file, leaf) else _BATCH_ROWS
    total = 0
    for batch in file.reader.iter_batches(rows, list(range(file.metadata.num_row_groups)), column_indices=[leaf]):
        column = batch.column(0)
        if pa.types.is_dictionary(column.type):
            lengths = pc.binary_length(column.dictionary.cast(pa.large_binary()))
            total += pc.sum(pc.take(lengths, column.indices)).as_py() or 0
        else:
            total += column.nbytes
        if total > MAX_BYTES:
            break
    return total


def _doubts(file: Any, table: Any, flat: list[int]) -> Iterator[Note]:
    """Columns whose values are not those that the file's own statistics tell of: a sign of damage without checksums."""
    leaves = _leaves(file)
    for at, i in enumerate(flat):
        column, name = table.column(at), file.schema_arrow[i].name
        text = damaged_text(column)
        if not text and _contradicts(file, leaves[i], column):
            text = f"Values of {name} lie outside the range that the file declares for them."
        if text:
            yield Note("DOUBTFUL_COLUMN", f"{text} The file may be damaged.", name, 1,
                       hint="Export the file again, and compare some of its values.")


def _contradicts(file: Any, leaf: int, column: Any) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)) or pa.types.is_float16(column.type):
        return False
    stats = [file.metadata.row_group(i).column(leaf).statistics for i in range(file.metadata.num_row_groups)]
    if not stats or not all(one is not None and one.has_min_max for one in stats):
        return False
    found = pc.min_max(column).as_py()
    if found["min"] is None or found["min"] != found["min"] or found["max"] != found["max"]:
        return False
    return found["min"] < min(one.min for one in stats) or found["max"] > max(one.max for one in stats)


PARQUET = Format("parquet", "Parquet", (".parquet", ".pq"), sniff, read)
