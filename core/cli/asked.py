"""What a command starts from: a file that is there, understood with every open question answered."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from core import codec, pipeline
from core.errors import BadRequest, ChoiceNeeded, DataProblem
from core.fenced import Limits
from core.model import Comparison, Table

HANDED_OVER = 1_000_000
"""Bytes of the largest file that another process reads for ``segment`` and ``compare``: a fifth of a second more at most."""
MOST = Limits(memory=16_000_000_000, seconds=3_600, cpu=3_600, file=64_000_000_000)
"""What reading may use here: it is one's own machine, and never more than four fifths of the memory that is free."""


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
    table = read_apart(options.file, answers)
    while open_questions := tuple(q for q in table.questions if q.key not in answers):
        if not options.defaults:
            raise ChoiceNeeded(open_questions)
        answers |= {q.key: q.proposed for q in open_questions}
        table = read_apart(options.file, answers)
    return table, answers


def read_apart(path: Path, answers: Mapping[str, str]) -> Table:
    """The file as understood in a process that can be lost; a large one here, as handing it over takes too long.

    What is crafted to bring a reader down is small: it unfolds while it is read.
    """
    if path.stat().st_size > HANDED_OVER:
        return pipeline.load(path, path.name, answers)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        keep = partial(codec.write, directory=place)
        pipeline.load_apart(path, path.name, answers, keep=keep, fence=pipeline.Fence(MOST))
        return codec.read(Table, place)


def none_made(comparison: Comparison) -> NoSegments:
    """That no candidate has segments, with the first reasons."""
    problems = [f"{c.label}: {c.problem}" for c in comparison.candidates if c.problem]
    return NoSegments(f"No segments were found. {' '.join(problems[:2])}".rstrip())
