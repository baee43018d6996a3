"""``load``: a file becomes clean text for machines, and a report of what became of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from core import pipeline
from core.cli.asked import MOST, require_file
from core.cli.progress import progress
from core.cli.settable import Typed, open_questions, typed
from core.cli.targets import check_targets
from core.cli.writing import staged, write_all
from core.errors import ChoiceNeeded, DataProblem
from core.exports.table_csv import write_rows, write_table
from core.fenced import Step, fenced, limits_for
from core.model import Choice, Item, Kind, LoadReport, Outcome, Question, Table

_LINES = {"line": Kind.TEXT, "text": Kind.TEXT, "reason": Kind.TEXT}


@dataclass(frozen=True)
class _Wanted:
    """What the other process is to do: read with these choices, and write into ``parts`` by name."""

    file: Path
    set: Typed
    defaults: bool
    as_text: bool
    parts: Mapping[str, Path]


def load(options: argparse.Namespace) -> None:
    """Read, write, tell. Raises :class:`SegmentationError`; then nothing but the report has been written."""
    require_file(options)
    targets = {"out": options.out, "report": options.report, "quarantine": options.quarantine}
    check_targets(options.file, {f"--{name}": path for name, path in targets.items()})
    given = typed(options.set)
    given.answers |= ({"repairs": "no"} if options.no_repairs else {})
    given.answers |= {"sheet": options.sheet} if options.sheet is not None else {}
    with progress() as step, staged([path for path in targets.values() if path is not None]) as parts:
        named = {name: parts[path] for name, path in targets.items() if path is not None}
        wanted = _Wanted(options.file, given, options.defaults, options.as_text, named)
        try:
            told = fenced(lambda step: _carry_out(wanted, step), limits_for(options.file.stat().st_size, MOST), step=step)
            if told["open"]:
                raise ChoiceNeeded(tuple(_question(one) for one in told["open"]))
        except ChoiceNeeded:
            _report_alone(options.report, told["report"])
            raise
        except DataProblem as problem:
            _report_alone(options.report, pipeline.refusal(problem, options.file.name).to_json())
            raise
    print(told["summary"])


def _report_alone(path: Path | None, text: str) -> None:
    """The report is there whatever became of the file."""
    if path is not None:
        write_all({path: lambda stream: stream.write(text.encode())})


def _carry_out(wanted: _Wanted, step: Step) -> dict[str, Any]:
    """Read and, unless a choice is open, write; runs in a process of its own."""
    table, by_default = _understood(wanted, step)
    still = open_questions(table, wanted.set.answers)
    report = _with_defaults(pipeline.report(table), by_default)
    text = report.to_json()
    if not still:
        step(pipeline.STEPS[2], 2, len(pipeline.STEPS))
        with wanted.parts["out"].open("wb") as stream:
            write_table(table, stream, as_text=wanted.as_text)
        if "quarantine" in wanted.parts:
            with wanted.parts["quarantine"].open("wb") as stream:
                write_rows(table.quarantine.astype({"line": str}), _LINES, stream)
        if "report" in wanted.parts:
            wanted.parts["report"].write_text(text, encoding="utf-8")
    return {"report": text, "summary": _summary(report), "open": [asdict(one) for one in still]}


def _understood(wanted: _Wanted, step: Step) -> tuple[Table, tuple[Question, ...]]:
    """The table with what was typed and, where asked for, with the proposals, and the questions these answer."""
    given, by_default = wanted.set, ()
    while True:
        table = pipeline.load(wanted.file, wanted.file.name, given.answers, step)
        more = given.meet(table)
        if not more and wanted.defaults:
            fresh = open_questions(table, given.answers)
            by_default += fresh
            more = {one.key: one.proposed for one in fresh}
        if not more:
            given.check(table)
            return table, by_default
        given.answers |= more


def _with_defaults(report: LoadReport, answered: tuple[Question, ...]) -> LoadReport:
    """The report, with every question that a default has answered among what was noted."""
    told = {item.choice.key for item in report.items if item.choice is not None}
    noted = tuple(
        Item(Outcome.NOTED, one.code, f"{one.text} Taken: {one.proposed}, the default.", "", one.line, one.column,
             one.count, one.examples, f"Choose otherwise with --set {one.key}=CHOICE.",
             Choice(one.key, one.options, one.proposed))
        for one in answered if one.key not in told
    )  # fmt: skip
    outcome = Outcome.NOTED if noted and report.outcome is Outcome.UNDERSTOOD else report.outcome
    return replace(report, items=(*report.items, *noted), outcome=outcome)


def _summary(report: LoadReport) -> str:
    skipped = sum(report.skips.values())
    rows, columns = report.rows_in_file, len(report.columns)
    return (f"{rows:,} row{'s' * (rows != 1)} in the file: {report.loaded:,} loaded, {report.aside:,} set aside, "
            f"{skipped:,} skipped; {columns:,} column{'s' * (columns != 1)}.")


def _question(plain: Mapping[str, Any]) -> Question:
    plain = json.loads(json.dumps(plain))
    return Question(**{name: tuple(value) if isinstance(value, list) else value for name, value in plain.items()})
