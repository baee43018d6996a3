"""The same line of steps from the command line; every subcommand keeps the same exit statuses."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.cli.arguments import parser
from core.cli.compare import compare
from core.cli.features import features
from core.cli.load import load
from core.cli.replaying import replay
from core.cli.scoring import score
from core.cli.segment import segment
from core.errors import BadRequest, ChoiceNeeded, SegmentationError

COMMANDS = {"load": load, "segment": segment, "compare": compare, "features": features, "score": score, "replay": replay}
DONE, USAGE, CHOICE, PROBLEM, INTERRUPTED = 0, 2, 3, 4, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit status.

    0 done, 2 the request does not fit, 3 a choice is needed, 4 a problem with
    the data. Problems are one message on stderr; anything else that is raised is a defect.
    """
    try:
        options = parser().parse_args(arguments)
    except SystemExit as left:  # argparse has told why
        return int(left.code or 0)
    try:
        COMMANDS[options.command](options)
    except SegmentationError as problem:
        print(f"error: {problem} {problem.hint}".rstrip(), file=sys.stderr)
        return status(problem)
    except KeyboardInterrupt:
        print("error: Stopped; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    return DONE


def status(problem: SegmentationError) -> int:
    """Exit status of a problem a person can act on."""
    if isinstance(problem, BadRequest):
        return USAGE
    return CHOICE if isinstance(problem, ChoiceNeeded) else PROBLEM
