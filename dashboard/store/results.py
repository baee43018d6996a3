"""What each kind of run leaves, and how it is read back: checked byte by byte, then decoded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core import codec
from core.errors import BadRequest
from core.model import (
    Comparison,
    Document,
    Examination,
    Explanation,
    Explored,
    Migration,
    Model,
    Ordered,
    Scored,
    Segmentation,
    Split,
    Uplift,
    Why,
)
from dashboard.store import artefacts
from dashboard.store.records import Damaged, Outdated

NOUNS = {
    "explore": (Explored, "look at the file"),
    "examine": (Examination, "examination of the order lines"),
    "customers": (Ordered, "account of the customers"),
    "compare": (Comparison, "comparison"),
    "importance": (Explanation, "explanation"),
    "portray": (Segmentation, "account of the segments"),
    "split": (Split, "proposed split"),
    "why": (Why, "account of the customer"),
    "train": (Model, "model"),
    "score": (Scored, "list of placed customers"),
    "migrate": (Migration, "comparison of segmentations"),
    "publish": (Document, "document"),
    "uplift": (Uplift, "account of the campaign"),
}
"""By kind of run the noun that it leaves, and what people call it."""


def read_noun(noun: type, word: str, directory: Path, digest: str) -> Any:
    """The noun in a directory; raises :class:`Damaged` for other bytes than were written, :class:`Outdated` for bytes that are
    whole but cannot be understood."""
    try:
        artefacts.check(directory, digest)
    except artefacts.Broken as problem:
        raise Damaged(word) from problem
    try:
        return codec.read(noun, directory)
    except (BadRequest, ValueError, TypeError, KeyError, IndexError) as problem:
        raise Outdated(word) from problem
