"""Text of order lines compared in the same way on every engine: small letters, whole texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis
    from ibis.expr.types import BooleanValue, StringValue


def matches(text: StringValue, pattern: str) -> BooleanValue:
    """Whether the whole text, in small letters, matches a pattern (only what RE2 and Java understand alike)."""
    return text.lower().re_search(f"^(?:{pattern})$")


def mostly(lines: ibis.Table, sign: BooleanValue, among: BooleanValue) -> BooleanValue:
    """One answer for the whole file: whether at least half of the lines ``among`` bear the sign."""
    counts = lines.aggregate(hits=(sign & among).cast("int64").sum(), all=among.cast("int64").sum())
    return counts.select(mostly=(counts.hits * 2 >= counts.all) & (counts.hits > 0)).as_scalar()
