"""What can be typed for each command."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.algorithms import ALGORITHMS
from core.model import Recipe, RfmRule
from core.model.orders import Part

AUTO = "auto"
ALL = "all"
STATUSES = "Exit status: 0 done, 2 wrong use, 3 a choice is needed, 4 a problem with the data."


def parser() -> argparse.ArgumentParser:
    """The command line. Choices default to None so that those typed beside --plan are recognised."""
    top = argparse.ArgumentParser(prog="python -m core", description="Customer segments from a file of customers.")
    commands = top.add_subparsers(dest="command", required=True)
    _load(commands.add_parser("load", help="read a file as clean text, and report what became of it", epilog=STATUSES))
    _segment(
        commands.add_parser(
            "segment",
            help="form segments and write them with their profiles, scores, rules, importance and personas",
            epilog=STATUSES,
        )
    )
    _compare(
        commands.add_parser(
            "compare",
            help="compare algorithms and numbers of segments, and write one row for each",
            epilog=STATUSES,
        )
    )
    _features(
        commands.add_parser(
            "features",
            help="make one row per customer of order lines: figures, RFM scores and groups, expected value",
            epilog=STATUSES,
        )
    )
    _score(
        commands.add_parser("score", help="place the customers of a file by a model that was saved", epilog=STATUSES)
    )
    _replay(
        commands.add_parser(
            "replay", help="make the segments of a capsule again, and tell whether they are the same", epilog=STATUSES
        )
    )
    return top


def _load(command: argparse.ArgumentParser) -> None:
    _add_file(command)
    add = command.add_argument
    add("--out", type=Path, required=True, metavar="TABLE", help="CSV to write, the loaded rows")
    add("--report", type=Path, metavar="REPORT", help="JSON to write, also when nothing could be loaded")
    add("--quarantine", type=Path, metavar="LINES", help="CSV to write, the lines set aside with their reasons")
    add("--as-text", action="store_true", help="write every cell as the text that stood in the file")
    add("--no-repairs", action="store_true", help="set lines aside that would be put right")
    add("--sheet", metavar="NAME", help="the sheet of a workbook (default: the largest)")
    add("--set", action="append", default=[], metavar="KEY=CHOICE",
        help="answer a question or undo an assumption: header=no, date:signup=day, or UNCLEAR_DATE=day for all of a code")
    add("--defaults", action="store_true", help="take the proposed answer wherever a choice is needed")


def _segment(command: argparse.ArgumentParser) -> None:
    _add_file(command)
    add = command.add_argument
    add("--out", type=Path, required=True, metavar="DIR", help="folder to write to; made if it does not exist")
    _add_preparation(command)
    add("--algorithm", choices=(*ALGORITHMS, AUTO), help="default: auto, the best of those proposed")
    _add_search(command)
    add("--resamples", type=int, metavar="N",
        help="how often the chosen algorithm is fitted again for the stability of each segment, 0 to 100 (default: 50)")
    add("--plan", type=Path, metavar="PLAN", help="repeat a plan.json exactly")
    add("--raw", action="store_true", help="write formula-like cells as they are")


def _compare(command: argparse.ArgumentParser) -> None:
    _add_file(command)
    add = command.add_argument
    add("--out", type=Path, required=True, metavar="BOARD", help="CSV to write, one row per candidate")
    add("--labels", type=Path, metavar="LABELS", help="Parquet to write, the segment of every customer per candidate")
    _add_preparation(command)
    add("--algorithms", metavar="all|A,B", help="default: those proposed; all is the whole catalogue")
    _add_search(command)
    add("--max-segments", type=int, metavar="N", help="recommend at most N segments")
    add("--min-customers", type=int, metavar="N", help="recommend no segment of fewer than N customers")
    add("--min-share", type=float, metavar="X", help="recommend no segment below this share of customers, 0 to 0.5")
    add("--resamples", type=int, metavar="N", help="how often the best are fitted again for stability (default: 10)")


def _features(command: argparse.ArgumentParser) -> None:
    _add_file(command, "order lines")
    add = command.add_argument
    add("--out", type=Path, required=True, metavar="CUSTOMERS", help="CSV to write, one row per customer")
    add("--report", type=Path, metavar="REPORT", help="JSON to write, also when a choice is needed or columns lack")
    add("--aside", type=Path, metavar="LINES", help="CSV to write, the lines set aside with their reasons")
    add("--map", action="append", metavar="PART=COLUMN,...",
        help=f"columns, where the guess is wrong (nothing behind = for none); parts: {', '.join(Part)}")
    add("--orders-are", choices=("lines", "days"), help="what an order is where no column numbers them (default: by the lines)")
    add("--treat", action="append", metavar="AILMENT=CHOICE,...", help="keep, net or aside, where not as proposed")
    add("--as-of", metavar="DATE", help="reference date such as 2026-11-30 (default: the day after the latest order)")
    add("--horizon-days", type=int, metavar="N", help="how far ahead purchases and value are expected, 1 to 3650 (default: 365)")
    add("--rfm", choices=tuple(map(str, RfmRule)), help="rule of the scores 1 to 5 (default: quantile)")
    add("--cuts", action="append", metavar="FIGURE=A,B,C,D", help="break points of recency, frequency or monetary under --rfm fixed")
    add("--engine", choices=("duckdb", "spark"), default="duckdb", help="what aggregates the lines (default: duckdb)")
    add("--seed", type=int, metavar="N", help="start of all random choices (default: 0)")
    add("--plan", type=Path, metavar="PLAN", help="repeat the plan of an earlier report.json")
    add("--set", action="append", metavar="KEY=CHOICE", help="answer a question about the file, as for load")
    add("--defaults", action="store_true", help="take the proposed answer wherever a choice is needed")
    add("--raw", action="store_true", help="write formula-like cells as they are")


def _score(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("model", type=Path, metavar="MODEL", help="a model.zip")
    _add_file(command)
    add("--out", type=Path, required=True, metavar="SCORED", help="file to write: Parquet where it ends in .parquet, else CSV")
    add("--map", action="append", metavar="MODEL COLUMN=FILE COLUMN", help="a column that has another name in the file")
    add("--set", action="append", metavar="KEY=CHOICE", help="answer a question about the file, as for load")
    add("--defaults", action="store_true", help="take the proposed answer wherever a choice is needed")
    add("--raw", action="store_true", help="write formula-like cells as they are (a Parquet file has them so anyway)")


def _replay(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("capsule", type=Path, metavar="CAPSULE", help="a capsule.zip")
    add("--data", type=Path, required=True, dest="file", metavar="FILE", help="the file the segments were made of")
    add("--out", type=Path, metavar="LABELS", help="CSV to write: the number of each row and its segment, then and now")


def _add_file(command: argparse.ArgumentParser, what: str = "customers") -> None:
    command.add_argument("file", type=Path, metavar="FILE", help=f"{what}: text table, workbook, Parquet or JSON, packed or not")


def _add_preparation(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--features", metavar="A,B", help="columns that shape the segments (default: all that are fit for it)")
    add("--scale", choices=Recipe.OPTIONS["scaling"], help="default: standard")
    add("--outliers", choices=Recipe.OPTIONS["outliers"], help="keep and mark, or set aside by a rule (default: keep)")
    add("--marks", choices=Recipe.OPTIONS["marks"], help="rule that marks outliers that are kept (default: iqr)")
    add("--gaps", choices=Recipe.OPTIONS["gaps"], help="how empty cells are filled, or drop (default: median)")
    add("--fill", action="append", metavar="NAME=VALUE", help="value for gaps of a column under --gaps constant")
    add("--neighbours", type=int, metavar="K", help="customers averaged under --gaps knn, 1 to 50 (default: 5)")
    add("--gap-flags", choices=Recipe.OPTIONS["gap_flags"], help="a 0/1 feature for each column with gaps (default: no)")
    add("--duplicates", choices=Recipe.OPTIONS["duplicates"], help="set later rows aside that repeat one (default: keep)")
    add("--skew", choices=Recipe.OPTIONS["skew"], help="transform of all numbers (default: none)")
    add("--transform", action="append", metavar="NAME=RULE", help="none, log or yeojohnson for one column")
    add("--encode", choices=Recipe.OPTIONS["encoding"], help="how categories become numbers (default: onehot)")
    add("--order", action="append", metavar="NAME=A<B<C", help="levels from low to high under --encode ordinal")
    add("--weights", choices=Recipe.OPTIONS["weights"], help="weight of one-hot columns (default: balanced)")
    add("--money", metavar="NAME", help="column in which effects are told")
    add("--recipe", type=Path, metavar="RECIPE", help="prepare as a recipe.json saved earlier says")
    add("--save-recipe", type=Path, metavar="RECIPE", help="write the recipe for the next file")
    add("--defaults", action="store_true", help="take the proposed answer wherever a choice is needed")


def _add_search(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--segments", type=_segments, metavar="N|N-M|auto", help="numbers of segments, 2 to 30 (default: auto, 2-10)")
    add("--seed", type=int, metavar="N", help="start of all random choices (default: 0)")


def _segments(text: str) -> tuple[int, int] | str:
    if text == AUTO:
        return AUTO
    low, dash, high = text.partition("-")
    try:
        return int(low), int(high if dash else low)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is neither a whole number, a range nor auto") from None
