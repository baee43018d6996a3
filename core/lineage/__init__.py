"""Which segments of one fit are those of another: matched by the customers they share."""

from core.lineage.matching import matched, shared

__all__ = ["matched", "shared"]
