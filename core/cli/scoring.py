"""``score``: the customers of a file, placed by a model that was saved."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from core import pipeline
from core.bundles import read_model
from core.cli.asked import is_file, read_apart, require_file
from core.cli.progress import progress
from core.cli.settable import open_questions, typed
from core.cli.targets import check_targets
from core.cli.writing import write_all
from core.errors import BadRequest, ChoiceNeeded
from core.exports.placed_rows import told, write_placed_csv, write_placed_parquet
from core.model import NOISE, Model, Scored, Table

PARQUET = (".parquet", ".pq")
THREADS = os.cpu_count() or 1


def score(options: argparse.Namespace) -> None:
    """Read the model and the file, place every row, write. Raises :class:`SegmentationError`; then nothing has been written."""
    require_file(options)
    if not is_file(options.model):
        raise BadRequest(f"There is no model {options.model}.", "Check the path.")
    check_targets(options.file, {"MODEL": options.model, "--out": options.out})
    model, _ = read_model(options.model)
    mapping = typed_mapping(options.map or (), model.columns)
    with progress() as report:
        report("Reading the file", 0, 100)
        table = _understood(options, model)
        scored = pipeline.score(model, table, mapping, report, threads=THREADS)
        report("Writing", 100, 100)
        write_all({options.out: _writer(options, table, scored)})
    _tell(options.out, model, table, scored)


def typed_mapping(texts: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """The column of the file by column of the model, from ``model column=file column``; the longest name of one of
    ``columns`` before an equals sign is meant. Raises :class:`BadRequest` for anything else, and for a column named twice."""
    found: dict[str, str] = {}
    for text in texts:
        parts = text.split("=")
        splits = (("=".join(parts[:at]), "=".join(parts[at:])) for at in range(len(parts) - 1, 0, -1))
        pair = next(((column, name) for column, name in splits if column in columns), None)
        if pair is None:
            raise BadRequest(f"--map {text!r} names no column of the model.", f"Write MODEL COLUMN=FILE COLUMN with one of: {', '.join(columns)}.")
        if pair[0] in found:
            raise BadRequest(f"--map takes {pair[0]!r} from two columns.", "Leave one of them away.")
        found[pair[0]] = pair[1]
    return found


def _understood(options: argparse.Namespace, model: Model) -> Table:
    """The file as typed choices say; what is open is answered as when the model was made, by --defaults, or not at all."""
    given, earlier = typed(options.set or ()), model.plan.recipe.answers
    while True:
        table = read_apart(options.file, given.answers)
        more = given.meet(table)
        still = open_questions(table, given.answers)
        if not more:
            more = {one.key: earlier[one.key] for one in still if earlier.get(one.key) in one.options}
        if not more and options.defaults:
            more = {one.key: one.proposed for one in still}
        if not more:
            given.check(table)
            if still:
                raise ChoiceNeeded(still)
            return table
        given.answers |= more


def _writer(options: argparse.Namespace, table: Table, scored: Scored) -> Callable[[BinaryIO], None]:
    if options.out.suffix.lower() in PARQUET:
        return partial(write_placed_parquet, table, scored)
    return partial(write_placed_csv, table, scored, raw=options.raw)


def _tell(out: Path, model: Model, table: Table, scored: Scored) -> None:
    """The result on stdout, what was assumed on stderr."""
    frame = scored.frame
    counts = frame["segment"].value_counts()
    placed = ", ".join(f"{counts.get(one.number, 0):,} in {one.name}" for one in model.segments)
    rest = int(counts.get(NOISE, 0))
    print(f"{len(table):,} customers: {placed}{f'; {rest:,} not placed' if rest else ''}.")
    print(f"{int(frame['unlike_anyone'].sum()):,} are unlike anyone the model was made with. "
          f"It puts {model.agreement:.1%} of {model.compared:,} of those where they were.")  # fmt: skip
    print(f"Written to {out}.")
    if len(table.quarantine):
        print(f"note: {len(table.quarantine):,} lines are no rows and are left out; `load` tells which and why.", file=sys.stderr)
    for sentence in told(scored):
        print(f"note: {sentence}", file=sys.stderr)
