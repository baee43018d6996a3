"""``segment``: a file of customers becomes four files of results."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from core import pipeline
from core.cli.asked import NoSegments, none_made, require_file, understood
from core.cli.planned import saved_plan, segment_plan
from core.cli.prepared import recipe_writer, saved_recipe
from core.cli.progress import progress
from core.cli.writing import write_all
from core.errors import BadRequest
from core.exports import EXPORTS
from core.model import NOISE, Comparison, Plan, Recipe, Segmentation, Table

EXPORTED = ("customers_csv", "profiles_csv", "scores_json", "plan_json")


def segment(options: argparse.Namespace) -> None:
    """Load, compare, choose, write. Raises :class:`SegmentationError`; then nothing has been written."""
    require_file(options)
    if options.out.exists() and not options.out.is_dir():
        raise BadRequest(f"{options.out} is a file, not a folder.", "Give --out a folder.")
    with progress() as report:
        report("Reading the file", 0, 1)
        table, plan = _asked(options)
        comparison = pipeline.compare(table, plan, report)
        chosen = _choose(comparison)
        _write(options, table, chosen, recipe=plan.recipe)
    _tell(options.out, chosen)


def _asked(options: argparse.Namespace) -> tuple[Table, Plan]:
    saved = saved_plan(options)
    kept = saved or saved_recipe(options)
    table, answers = understood(options, kept.recipe.answers if kept else {})
    return table, saved or segment_plan(options, table, answers)


def _choose(comparison: Comparison) -> Segmentation:
    """The recommended candidate; the only one where a plan fixes it."""
    made = [c for c in comparison.candidates if not c.problem]
    if comparison.recommended is not None:
        return comparison.choose(comparison.recommended)
    if len(comparison.candidates) == 1 and made:
        return comparison.choose(made[0].key)
    if not made:
        raise none_made(comparison)
    found = sorted({c.n_segments for c in made})
    low, high = comparison.plan.segments
    asked = f"{low}" if low == high else f"{low} to {high}"
    if any(low <= count <= high for count in found):
        rows = len(comparison.outlier)
        raise NoSegments(f"No segmentation of {rows:,} rows could be judged: its segments are single customers.")
    raise NoSegments(f"No candidate has {asked} segments; found were {', '.join(map(str, found))}.")


def _write(options: argparse.Namespace, table: Table, chosen: Segmentation, *, recipe: Recipe) -> None:
    """All files are complete in a folder beside before the first takes its place."""
    exports = [EXPORTS[name] for name in EXPORTED]
    files = {options.out / one.filename: partial(one.write, table, chosen, raw=options.raw) for one in exports}
    write_all(files | recipe_writer(options, table, recipe))


def _tell(out: Path, chosen: Segmentation) -> None:
    """The result in three lines on stdout."""
    candidate = chosen.candidate
    sizes = ", ".join(f"{size:,}" for segment, size in candidate.sizes.items() if segment != NOISE)
    unplaced = candidate.sizes.get(NOISE, 0)
    print(f"{candidate.label}: segments of {sizes} customers{f'; {unplaced:,} not placed' if unplaced else ''}.")
    print(chosen.because)
    print(f"Written to {out}: customers.csv, profiles.csv, scores.json, plan.json.")
