"""What every export is: an entry that turns a table and a segmentation into bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from core.model import Segmentation, Table


@dataclass(frozen=True)
class Export:
    """A catalogue entry. ``write(table, segmentation, stream, *, raw=False)`` writes bytes.

    ``help`` is one sentence for the person who picks it; ``raw`` leaves formula-like cells as they are, for machines.
    """

    name: str
    label: str
    filename: str
    mimetype: str
    write: Callable[..., None]
    help: str = ""


Stream = BinaryIO
__all__ = ["Export", "Segmentation", "Stream", "Table"]
