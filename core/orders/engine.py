"""Where expressions over order lines run: DuckDB in this process, or Spark by one word.

Expressions are written once, with Ibis; :class:`Session` turns them into the engine's own SQL, so that no SQL is ever
put together from what a person typed, and no column name of a file reaches an engine: lines have canonical names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from core.errors import BadRequest
from core.orders.lines import TYPES, arrow_type

if TYPE_CHECKING:
    import ibis
    import pandas as pd
    import pyarrow as pa

ENGINES = ("duckdb", "spark")


class Session:
    """An engine that is open: tables of order lines in, small frames out.

    ``engine`` is its name in ``ENGINES``. Sessions are made by :func:`session` and end with its block.
    """

    def __init__(
        self,
        engine: str,
        view: Callable[[str, Path], object],
        run: Callable[[str], pa.Table],
        hold: Callable[[str, str], object],
        write: Callable[[str, Path], object],
        folder: Path,
    ) -> None:
        self.engine = engine
        self._view = view
        self._run = run
        self._hold = hold
        self._write = write
        self._folder = folder
        self._answers: dict[object, object] = {}
        self._numbers = count(1)

    def lines(self, path: Path) -> ibis.Table:
        """The canonical order lines written to ``path`` by :func:`core.orders.lines.write_lines`."""
        import ibis

        name = f"lines_{next(self._numbers)}"
        self._view(name, Path(path).absolute())
        return ibis.table(TYPES, name=name)

    def held(self, expression: ibis.Table) -> ibis.Table:
        """The rows of an expression, worked out once and kept by the engine until the session ends."""
        import ibis

        name = f"held_{next(self._numbers)}"
        self._hold(name, self._sql(expression))
        return ibis.table(expression.schema(), name=name)

    def stored(self, expression: ibis.Table) -> ibis.Table:
        """As :meth:`held`, as Parquet on disk: for about as many rows as there are lines."""
        import ibis

        name = f"stored_{next(self._numbers)}"
        self._write(self._sql(expression), self._folder / name)
        self._view(name, self._folder / name)
        return ibis.table(expression.schema(), name=name)

    def frame(self, expression: ibis.Table) -> pd.DataFrame:
        """The rows of an expression with the types it declares; their order is settled only by its ``order_by``."""
        return self.arrow(expression).to_pandas()

    def arrow(self, expression: ibis.Table) -> pa.Table:
        """As :meth:`frame`, as an Arrow table."""
        import pyarrow as pa

        found = self._run(self._sql(expression))
        declared = expression.schema()
        types = [arrow_type(str(declared[name]).lstrip("!")) or found.schema.field(name).type for name in declared]
        return found.cast(pa.schema(zip(declared, types, strict=True)))

    def _sql(self, expression: ibis.Table) -> str:
        import ibis

        dialect = "pyspark" if self.engine == "spark" else self.engine
        return str(ibis.to_sql(self._answered(expression), dialect=dialect))

    def _answered(self, expression: ibis.Table) -> ibis.Table:
        """The expression with each single figure of a whole table (is most of it ...?) worked out once and put in:
        engines would count it anew wherever it stands."""
        import ibis
        from ibis.expr.operations import ScalarSubquery

        for node in expression.op().find(ScalarSubquery):
            if node not in self._answers:
                found = self.arrow(node.rel.to_expr()).column(0).to_pylist()
                self._answers[node] = ibis.literal(found[0] if found else None, type=node.dtype).op()
        return expression.op().replace(self._answers).to_expr()


@contextmanager
def session(
    engine: str = "duckdb", *, folder: Path, threads: int = 2, memory_mb: int = 2000
) -> Iterator[Session]:
    """Open ``engine`` for Parquet files in ``folder`` (it must exist), and close it afterwards.

    DuckDB can reach nothing but ``folder``, where it also puts what does not fit into ``memory_mb`` megabytes; it can
    neither load extensions nor be set otherwise afterwards. Raises :class:`BadRequest` for an unknown engine, and for
    Spark where pyspark or a Java runtime is missing.
    """
    if engine not in ENGINES:
        raise BadRequest(f"Unknown engine: {engine!r}.", f"Known: {', '.join(ENGINES)}.")
    opened = _duckdb if engine == "duckdb" else _spark
    with (
        TemporaryDirectory(dir=Path(folder).absolute(), prefix="engine-", ignore_cleanup_errors=True) as own,
        opened(Path(folder).absolute(), Path(own), threads, memory_mb) as ready,
    ):
        yield ready


@contextmanager
def _duckdb(folder: Path, own: Path, threads: int, memory_mb: int) -> Iterator[Session]:
    import duckdb

    connection = duckdb.connect(":memory:", config={
        "threads": threads,
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": str(own / "spill"),
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
        "allow_persistent_secrets": False,
        "python_enable_replacements": False,
        "preserve_insertion_order": False,
    })
    try:
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET allowed_directories = $1", [[str(folder)]])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield Session(
            "duckdb",
            lambda name, path: connection.read_parquet(str(path)).create_view(name),
            lambda sql: connection.sql(sql).to_arrow_table(),
            lambda name, sql: connection.sql(sql).create(name),
            lambda sql, path: connection.sql(sql).write_parquet(str(path), compression="snappy"),
            own,
        )
    finally:
        connection.close()


@contextmanager
def _spark(folder: Path, own: Path, threads: int, memory_mb: int) -> Iterator[Session]:
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise BadRequest(
            "Spark is not installed here.", "Install requirements-spark.txt, or take the engine duckdb."
        ) from None
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.shuffle.partitions": str(threads),
        "spark.sql.warehouse.dir": str(own / "spark"),
        "spark.local.dir": str(own / "spill"),
        "spark.driver.memory": f"{memory_mb}m",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    builder = SparkSession.builder.master(f"local[{threads}]").appName("Segment Atlas")
    _let_ibis_write_for_spark()
    try:
        spark = builder.config(map=settings).getOrCreate()
    except (PySparkException, OSError, RuntimeError):
        raise BadRequest(
            "Spark could not be started.", "Install a Java runtime (17 or later), or take the engine duckdb."
        ) from None
    try:
        yield Session(
            "spark",
            lambda name, path: spark.read.parquet(str(path)).createOrReplaceTempView(name),
            lambda sql: spark.sql(sql).toArrow(),
            lambda name, sql: spark.sql(sql).persist().createOrReplaceTempView(name),
            lambda sql, path: spark.sql(sql).write.parquet(str(path)),
            own,
        )
    finally:
        spark.stop()


def _let_ibis_write_for_spark() -> None:
    """Set the one option that Ibis' writer of Spark's SQL asks for; loading its whole backend needs libraries that we
    do not use, and functions of Spark that warn of this pandas."""
    import ibis
    from ibis.config import Config

    class Spark(Config):
        treat_nan_as_null: bool = False

    if ibis.options.pyspark is None:
        ibis.options.pyspark = Spark()
