"""What a person makes of a segmentation: edits applied to labels, the best split, edits carried to another fit."""

from core.shaping.applied import Shaped, moved, shaped
from core.shaping.carried import carried
from core.shaping.dressing import dressed
from core.shaping.halves import cut, halves, nearer_second
from core.shaping.ledger import Ledger, formed, ledger, spoken, told_apart

__all__ = [
    "Ledger", "Shaped", "carried", "cut", "dressed", "formed", "halves", "ledger", "moved", "nearer_second", "shaped",
    "spoken", "told_apart",
]  # fmt: skip
