"""``segment``: a file of customers becomes a folder of results."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from core import pipeline
from core.bundles import write_model
from core.bundles.capsule import Capsule, capsule_of, sha256_of, write_capsule
from core.cli.asked import NoSegments, none_made, require_file, understood
from core.cli.planned import saved_plan, segment_plan
from core.cli.prepared import recipe_writer, saved_recipe
from core.cli.progress import progress
from core.cli.writing import write_all
from core.errors import BadRequest
from core.exports import EXPORTS
from core.exports.importance_csv import write_importance
from core.exports.told import by_name
from core.memo import no_memo, recalling
from core.model import NOISE, Comparison, Explanation, Plan, Recipe, Segmentation, Table
from core.pipeline import Report
from core.pipeline.portray import RESAMPLES
from core.selection import CAUTION, TRUST_FLOOR, caution

EXPORTED = ("customers_csv", "profiles_csv", "scores_json", "plan_json", "rules_sql", "personas_md")
IMPORTANCE = "importance.csv"
MODEL, CAPSULE = "model.zip", "capsule.zip"
COMPARED, PORTRAYED, EXPLAINED = 60, 85, 95
"""Hundredths of a run after which the candidates are compared, and the chosen one is described and explained."""
Bundles = Mapping[str, Callable[[BinaryIO], None]]


def segment(options: argparse.Namespace) -> None:
    """Load, compare, choose, describe, explain, write. Raises :class:`SegmentationError`; then nothing has been written."""
    require_file(options)
    if options.out.exists() and not options.out.is_dir():
        raise BadRequest(f"{options.out} is a file, not a folder.", "Give --out a folder.")
    with progress() as report:
        report("Reading the file", 0, 1)
        table, plan = _asked(options)
        memo = recalling(no_memo)
        comparison = pipeline.compare(table, plan, _part(report, 0, COMPARED), memo=memo)
        key = _choose(comparison).candidate.key
        chosen = pipeline.portray(
            table, comparison, key, _part(report, COMPARED, PORTRAYED), resamples=_resamples(options, plan), memo=memo
        )
        why = pipeline.importance(table, comparison, key, _part(report, PORTRAYED, EXPLAINED))
        model = pipeline.train(table, comparison, key, _part(report, EXPLAINED, 100), memo=memo)
        bundles = {MODEL: partial(write_model, model, key=None), CAPSULE: partial(write_capsule, _kept(options, chosen))}
        _write(options, table, chosen, why=why, recipe=plan.recipe, bundles=bundles)
        report("Done", 100, 100)
    _tell(options.out, chosen)


def _part(report: Report, start: int, end: int) -> Report:
    """A report of one part of the run, which lies between these hundredths of the whole and never goes back."""
    reached = start

    def told(step: str, done: int, total: int) -> None:
        nonlocal reached
        reached = max(reached, start + int((end - start) * done / max(total, 1)))
        if step != "Done":
            report(step, reached, 100)

    return told


def _resamples(options: argparse.Namespace, plan: Plan) -> int:
    """Resamples for the segments that are chosen: those typed, those of a plan made with others than usual, else 50."""
    if options.resamples is not None:
        return replace(plan, resamples=options.resamples).resamples
    return RESAMPLES if plan.resamples == Plan().resamples else plan.resamples


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


def _kept(options: argparse.Namespace, chosen: Segmentation) -> Capsule:
    return capsule_of(chosen, sha256_of(options.file))


def _write(
    options: argparse.Namespace, table: Table, chosen: Segmentation, *, why: Explanation, recipe: Recipe, bundles: Bundles
) -> None:
    """All files are complete in a folder beside before the first takes its place."""
    exports = [EXPORTS[name] for name in EXPORTED]
    files = {options.out / one.filename: partial(one.write, table, chosen, raw=options.raw) for one in exports}
    files[options.out / IMPORTANCE] = partial(write_importance, why, raw=options.raw)
    files |= {options.out / name: write for name, write in bundles.items()}
    write_all(files | recipe_writer(options, table, recipe))


def _tell(out: Path, chosen: Segmentation) -> None:
    """The result in a few lines on stdout."""
    candidate = chosen.candidate
    sizes = ", ".join(f"{size:,}" for segment, size in candidate.sizes.items() if segment != NOISE)
    unplaced = candidate.sizes.get(NOISE, 0)
    print(f"{candidate.label}: segments of {sizes} customers{f'; {unplaced:,} not placed' if unplaced else ''}.")
    print(chosen.because)
    print(f"Verdict: {chosen.verdict}. {chosen.reason}")
    shaky = [name for name, number in by_name(chosen).items() if caution(candidate.trust.get(number))]
    if shaky:
        print(f"{', '.join(shaky)}: {CAUTION} Fits on other customers give something else (Jaccard under {TRUST_FLOOR:.2f}).")
    files = [EXPORTS[name].filename for name in EXPORTED]
    print(f"Written to {out}: {', '.join([*files, IMPORTANCE, MODEL, CAPSULE])}.")
