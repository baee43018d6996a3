"""``segment``: a file of customers becomes four files of results."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from core import pipeline
from core.cli.arguments import saved_plan, typed_plan
from core.cli.progress import progress
from core.errors import BadRequest, ChoiceNeeded, DataProblem
from core.exports import EXPORTS
from core.model import NOISE, Comparison, Plan, Segmentation, Table

EXPORTED = ("customers_csv", "profiles_csv", "scores_json", "plan_json")


class NoSegments(DataProblem):
    """``NoSegments(why)``: no candidate has the segments asked for."""

    code = "NO_SEGMENTS"
    hint = "Ask for another number of segments, another algorithm or other columns."


def segment(options: argparse.Namespace) -> None:
    """Load, compare, choose, write. Raises :class:`SegmentationError`; then nothing has been written."""
    if not options.file.is_file():
        raise BadRequest(f"There is no file {options.file}.", "Check the path.")
    if options.out.exists() and not options.out.is_dir():
        raise BadRequest(f"{options.out} is a file, not a folder.", "Give --out a folder.")
    with progress() as report:
        report("Reading the file", 0, 1)
        table, plan = _understood(options)
        comparison = pipeline.compare(table, plan, report)
        chosen = _choose(comparison)
        _write(options.out, table, chosen, raw=options.raw)
    _tell(options.out, chosen)


def _understood(options: argparse.Namespace) -> tuple[Table, Plan]:
    """The table and the plan for it; questions are answered by the plan, by --defaults, or not at all."""
    saved = saved_plan(options)
    answers = dict(saved.recipe.answers) if saved else {}
    table = pipeline.load(options.file, options.file.name, answers)
    while open_questions := tuple(q for q in table.questions if q.key not in answers):
        if not options.defaults:
            raise ChoiceNeeded(open_questions)
        answers |= {q.key: q.proposed for q in open_questions}
        table = pipeline.load(options.file, options.file.name, answers)
    return table, saved or typed_plan(options, table, answers)


def _choose(comparison: Comparison) -> Segmentation:
    """The recommended candidate; the only one where a plan fixes it."""
    made = [c for c in comparison.candidates if not c.problem]
    if comparison.recommended is not None:
        return comparison.choose(comparison.recommended)
    if len(comparison.candidates) == 1 and made:
        return comparison.choose(made[0].key)
    problems = [f"{c.label}: {c.problem}" for c in comparison.candidates if c.problem]
    found = sorted({c.n_segments for c in made})
    low, high = comparison.plan.segments
    asked = f"{low}" if low == high else f"{low} to {high}"
    if any(low <= count <= high for count in found):
        rows = len(comparison.outlier)
        raise NoSegments(f"No segmentation of {rows:,} rows could be judged: its segments are single customers.")
    if found:
        raise NoSegments(f"No candidate has {asked} segments; found were {', '.join(map(str, found))}.")
    raise NoSegments(f"No segments were found. {' '.join(problems[:2])}")


def _write(out: Path, table: Table, chosen: Segmentation, *, raw: bool) -> None:
    """All four files are complete in a folder beside before the first takes its place."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix=".writing-") as folder:
            for export in (EXPORTS[name] for name in EXPORTED):
                with (Path(folder) / export.filename).open("wb") as stream:
                    export.write(table, chosen, stream, raw=raw)
            for path in sorted(Path(folder).iterdir()):
                path.replace(out / path.name)
    except OSError as problem:
        raise BadRequest(f"{out} cannot be written: {problem.strerror}.", "Give --out another folder.") from problem


def _tell(out: Path, chosen: Segmentation) -> None:
    """The result in three lines on stdout."""
    candidate = chosen.candidate
    sizes = ", ".join(f"{size:,}" for segment, size in candidate.sizes.items() if segment != NOISE)
    unplaced = candidate.sizes.get(NOISE, 0)
    print(f"{candidate.label}: segments of {sizes} customers{f'; {unplaced:,} not placed' if unplaced else ''}.")
    print(chosen.because)
    print(f"Written to {out}: customers.csv, profiles.csv, scores.json, plan.json.")
