"""The plan that makes these segments again."""

from __future__ import annotations

from core.exports.entry import Export, Segmentation, Stream, Table


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """The resolved plan as JSON: replaying it on the same file gives the same labels."""
    stream.write((segmentation.plan.to_json() + "\n").encode())


PLAN_JSON = Export(
    "plan_json",
    "Plan to repeat this run (JSON)",
    "plan.json",
    "application/json",
    write,
    help="Every choice that was made; run it again on the command line and get the same segments.",
)
