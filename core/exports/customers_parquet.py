"""The labelled customers as Parquet, typed."""

from __future__ import annotations

from core.exports.entry import Export, Segmentation, Stream, Table
from core.exports.labelled import labelled
from core.exports.typed import text_array, typed


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """The columns of customers.csv as numbers, dates, flags and texts; ``raw``: every cell as the text it was read as.

    Parquet is read by programs, which run no cells: nothing is made harmless.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = labelled(table, segmentation)
    arrays = {name: text_array(texts[name]) for name in texts.columns} if raw else typed(table, segmentation)
    found = pa.table(list(arrays.values()), names=[_written(name) for name in arrays])
    pq.write_table(found, stream, compression="zstd", write_page_checksum=True)


def _written(name: str) -> str:
    return str(name).encode("utf-8", "backslashreplace").decode()


CUSTOMERS_PARQUET = Export(
    "customers_parquet",
    "Customers with their segment (Parquet)",
    "customers.parquet",
    "application/vnd.apache.parquet",
    write,
    help="The same list with typed columns - numbers, dates, yes and no - for pandas, DuckDB, Spark and other programs.",
)
