"""``replay``: the segments of a capsule, made again from the file."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import BinaryIO

import pandas as pd

from core.bundles.capsule import Capsule, read_capsule
from core.cli.asked import is_file, read_apart, require_file
from core.cli.progress import progress
from core.cli.targets import check_targets
from core.cli.writing import write_all
from core.errors import BadRequest, ChoiceNeeded, DataProblem
from core.exports.csv_text import write_csv
from core.pipeline.replaying import Replayed
from core.pipeline.replaying import replay as made_again


def replay(options: argparse.Namespace) -> None:
    """Make the segments again and say so; raises :class:`DataProblem`, naming the difference, where they are others."""
    require_file(options)
    if not is_file(options.capsule):
        raise BadRequest(f"There is no capsule {options.capsule}.", "Check the path.")
    check_targets(options.file, {"CAPSULE": options.capsule, "--out": options.out})
    kept = read_capsule(options.capsule)
    with progress() as report:
        report("Reading the file", 0, 100)
        table = read_apart(options.file, kept.plan.recipe.answers)
        still = tuple(one for one in table.questions if one.key not in kept.plan.recipe.answers)
        if still and table.fingerprint != kept.fingerprint:
            raise ChoiceNeeded(still)
        found = made_again(kept, options.file, table, report)
    if options.out is not None:
        write_all({options.out: partial(_write, kept, found)})
    for remark in found.remarks:
        print(f"note: {remark} No label differs for it.", file=sys.stderr)
    if not found.same:
        raise DataProblem(" ".join(found.differences))
    print(f"{kept.label}: all {kept.rows:,} rows are in the segment they were in.")


def _write(kept: Capsule, found: Replayed, stream: BinaryIO) -> None:
    """Row (from 1, below the header), then, now."""
    told = {"row": range(1, kept.rows + 1), "segment_then": kept.labels, "segment": found.labels}
    write_csv(pd.DataFrame(told).astype(str), stream, raw=True)
