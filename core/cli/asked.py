"""What a command starts from: a file that is there, understood with every open question answered."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from core import pipeline
from core.errors import BadRequest, ChoiceNeeded, DataProblem
from core.model import Comparison, Table


class NoSegments(DataProblem):
    """``NoSegments(why)``: no candidate has the segments asked for."""

    code = "NO_SEGMENTS"
    hint = "Ask for another number of segments, another algorithm or other columns."


def is_file(path: Path) -> bool:
    """True for a regular file; no file has a name that no disk takes."""
    try:
        return path.is_file()
    except OSError:
        return False


def require_file(options: argparse.Namespace) -> None:
    """Raise :class:`BadRequest` where FILE does not exist."""
    if not is_file(options.file):
        raise BadRequest(f"There is no file {options.file}.", "Check the path.")


def understood(options: argparse.Namespace, given: Mapping[str, str]) -> tuple[Table, dict[str, str]]:
    """The table and all answers; questions are answered by ``given``, by --defaults, or raise :class:`ChoiceNeeded`."""
    answers = dict(given)
    table = pipeline.load(options.file, options.file.name, answers)
    while open_questions := tuple(q for q in table.questions if q.key not in answers):
        if not options.defaults:
            raise ChoiceNeeded(open_questions)
        answers |= {q.key: q.proposed for q in open_questions}
        table = pipeline.load(options.file, options.file.name, answers)
    return table, answers


def none_made(comparison: Comparison) -> NoSegments:
    """That no candidate has segments, with the first reasons."""
    problems = [f"{c.label}: {c.problem}" for c in comparison.candidates if c.problem]
    return NoSegments(f"No segments were found. {' '.join(problems[:2])}".rstrip())
