"""What can be typed, and the plan it means."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from core.algorithms import ALGORITHMS
from core.errors import BadRequest
from core.model import Plan, Recipe, Role, Table

AUTO = "auto"
RANGE = (2, 10)
FIXED_BY_PLAN = ("features", "algorithm", "segments", "scale", "outliers", "gaps", "seed")


def parser() -> argparse.ArgumentParser:
    """The command line. Choices default to None so that those typed beside --plan are recognised."""
    top = argparse.ArgumentParser(prog="python -m core", description="Customer segments from a file of customers.")
    command = top.add_subparsers(dest="command", required=True).add_parser(
        "segment",
        help="form segments and write customers.csv, profiles.csv, scores.json and plan.json",
        epilog="Exit status: 0 done, 2 wrong use, 3 a choice is needed, 4 a problem with the data.",
    )
    add = command.add_argument
    add("file", type=Path, metavar="FILE", help="customers: CSV, TSV, XLSX or Parquet")
    add("--out", type=Path, required=True, metavar="DIR", help="folder to write to; made if it does not exist")
    add("--features", metavar="A,B", help="columns that shape the segments (default: all that are fit for it)")
    add("--algorithm", choices=(*ALGORITHMS, AUTO), help="default: auto, the best of all")
    add("--segments", type=_segments, metavar="N|auto", help="number of segments, 2 to 30 (default: auto, 2 to 10)")
    add("--scale", choices=Recipe.OPTIONS["scaling"], help="default: standard")
    add("--outliers", choices=Recipe.OPTIONS["outliers"], help="keep and mark, or set aside (default: keep)")
    add("--gaps", choices=Recipe.OPTIONS["gaps"], help="how empty cells are filled, or drop (default: median)")
    add("--seed", type=int, metavar="N", help="start of all random choices (default: 0)")
    add("--plan", type=Path, metavar="PLAN", help="repeat a plan.json exactly")
    add("--defaults", action="store_true", help="take the proposed answer wherever a choice is needed")
    add("--raw", action="store_true", help="write formula-like cells as they are")
    return top


def _segments(text: str) -> tuple[int, int] | str:
    if text == AUTO:
        return AUTO
    try:
        return int(text), int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number nor auto") from None


def saved_plan(options: argparse.Namespace) -> Plan | None:
    """The plan named by --plan, None without one; a choice typed beside it raises :class:`BadRequest`."""
    if options.plan is None:
        return None
    typed = [f"--{name}" for name in FIXED_BY_PLAN if getattr(options, name) is not None]
    if typed:
        raise BadRequest(f"--plan already fixes what {', '.join(typed)} would choose.", "Leave one of them away.")
    try:
        return Plan.from_json(options.plan.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadRequest(f"The plan {options.plan} cannot be read.", "Use a plan.json written earlier.") from problem


def typed_plan(options: argparse.Namespace, table: Table, answers: Mapping[str, str]) -> Plan:
    """The plan that the typed choices mean on this table."""
    recipe = Recipe(
        roles=_roles(options.features, table) if options.features is not None else {},
        answers=dict(answers),
        gaps=options.gaps or "median",
        outliers=options.outliers or "keep",
        scaling=options.scale or "standard",
    )
    algorithm = options.algorithm or AUTO
    return Plan(
        recipe=recipe,
        algorithms=tuple(ALGORITHMS) if algorithm == AUTO else (algorithm,),
        segments=RANGE if options.segments in (None, AUTO) else options.segments,
        seed=options.seed or 0,
    )


def _roles(features: str, table: Table) -> dict[str, str]:
    """The named columns as features; what would be one otherwise only describes."""
    known = [column.name for column in table.columns]
    wanted = [features] if features in known else [name.strip() for name in features.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        missing = ", ".join(map(repr, unknown))
        what = f"There is no column named {missing}." if unknown else "--features names no column."
        raise BadRequest(what, f"Columns: {', '.join(known)}.")
    others = {c.name: Role.PROFILE for c in table.columns if c.role is Role.FEATURE and c.name not in wanted}
    return {name: str(role) for name, role in ({name: Role.FEATURE for name in wanted} | others).items()}
