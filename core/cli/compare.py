"""``compare``: a file of customers becomes a board of candidates, and the labels of each."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import BinaryIO

from core import pipeline
from core.cli.asked import none_made, require_file, understood
from core.cli.planned import compare_plan
from core.cli.prepared import recipe_writer, saved_recipe
from core.cli.progress import progress
from core.cli.targets import check_targets
from core.cli.writing import write_all
from core.exports.board import board
from core.exports.csv_text import write_csv
from core.exports.labelled import as_text
from core.model import Comparison, Role, Table


def compare(options: argparse.Namespace) -> None:
    """Load, compare, write. Raises :class:`SegmentationError`; then nothing has been written."""
    require_file(options)
    check_targets(options.file, {"--out": options.out, "--labels": options.labels})
    with progress() as report:
        report("Reading the file", 0, 1)
        kept = saved_recipe(options)
        table, answers = understood(options, kept.recipe.answers if kept else {})
        comparison = pipeline.compare(table, compare_plan(options, table, answers), report)
        if all(one.problem for one in comparison.candidates):
            raise none_made(comparison)
        writers = {options.out: partial(write_csv, board(comparison), raw=False)}
        if options.labels is not None:
            writers[options.labels] = partial(write_labels, table, comparison)
        write_all(writers | recipe_writer(options, table, comparison.plan.recipe))
    _tell(writers, comparison)


def write_labels(table: Table, comparison: Comparison, stream: BinaryIO) -> None:
    """Parquet: the id column of the file, else ``row`` from 1, then one int16 column per candidate key.

    Candidates stand in the order of the board; -1 is not placed, 0 throughout a candidate that could not be made.
    """
    import pyarrow as pa
    from pyarrow import parquet

    keys = [one.key for one in comparison.candidates]
    name, cells = _who(table, comparison)
    while name in keys:
        name += "_"
    arrays = [cells, *(pa.array(one.labels, pa.int16()) for one in comparison.candidates)]
    parquet.write_table(pa.Table.from_arrays(arrays, names=[name, *keys]), stream)


def _who(table: Table, comparison: Comparison):  # noqa: ANN202  a pyarrow array, which is imported late
    import pyarrow as pa

    roles = {column.name: str(column.role) for column in table.columns} | dict(comparison.plan.recipe.roles)
    name = next((column for column, role in roles.items() if role == Role.ID), None)
    if name is None:
        return "row", pa.array(range(1, len(table) + 1), pa.int64())
    return name, pa.array(as_text(table.raw[name]), pa.string())


def _tell(writers: dict[Path, partial], comparison: Comparison) -> None:
    """What was compared, recommended and could not be made, on stdout."""
    count, algorithms = len(comparison.candidates), len(comparison.plan.algorithms)
    print(f"{count} candidates of {algorithms} algorithm{'' if algorithms == 1 else 's'}.")
    print(comparison.because)
    for one in comparison.candidates:
        if one.problem:
            print(f"{one.label} gave no segments: {one.problem}")
    print(f"Written: {', '.join(map(str, writers))}.")
