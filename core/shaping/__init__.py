"""What a person makes of a segmentation: edits applied to labels, the best split, edits carried to another fit."""

from core.shaping.applied import Shaped, shaped
from core.shaping.carried import carried
from core.shaping.halves import halves

__all__ = ["Shaped", "carried", "halves", "shaped"]
