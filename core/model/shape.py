"""What a person does to a segmentation: named, merged, split, moved; plain JSON both ways, applied in order."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from core.errors import BadRequest
from core.model.checks import require_option

SHAPE_VERSION = 1
NAME, TEXT, MOST_ROWS, MOST_EDITS = 60, 2_000, 50_000, 500
MOST_MOVED = 200_000
"""Customers whom all edits together may move: every page reads them anew."""
FARTHEST_ROW = 2**31
EDITS = ("rename", "describe", "colour", "lock", "unlock", "merge", "split", "move")


@dataclass(frozen=True)
class Edit:
    """One thing done to the segment numbered ``segment`` (from 1).

    ``rename`` (``text``, at most 60 characters), ``describe`` (``text``, at most 2,000), ``colour`` (``number`` 1..16 of
    the palette), ``lock`` and ``unlock``, ``merge`` (the customers of segment ``number`` join it; that number is not
    used again), ``split`` (the second half becomes a segment of the next free number), ``move`` (the customers at table
    positions ``rows``, at most 50,000, join it). ``at`` is when (ISO, UTC), ``reason`` why, in the person's words.
    """

    kind: str
    segment: int
    number: int = 0
    text: str = ""
    rows: tuple[int, ...] = ()
    at: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        require_option("An edit", self.kind, EDITS)
        for name, least in (("segment", 1), ("number", 1 if self.kind in ("merge", "colour") else 0)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**15:
                raise BadRequest(f"{name} of an edit is a whole number from {least}, not {value!r}.")
        for name, most in (("text", NAME if self.kind == "rename" else TEXT), ("at", 40), ("reason", TEXT)):
            value = getattr(self, name)
            if not isinstance(value, str) or len(value) > most:
                raise BadRequest(f"The {name} of an edit has at most {most:,} characters.")
            require_writable(name, value)
        if self.kind == "rename" and not self.text.strip():
            raise BadRequest("A name has at least one character.", "Undo the change to have the proposed name again.")
        rows = self.rows if isinstance(self.rows, (tuple, list)) else ("",)
        if any(isinstance(row, bool) or not isinstance(row, int) or not 0 <= row < FARTHEST_ROW for row in rows):
            raise BadRequest("Customers are named by their places in the table, from 0.")
        if len(rows) > MOST_ROWS:
            raise BadRequest(f"At most {MOST_ROWS:,} customers move at once, not {len(rows):,}.", "Choose fewer.")
        object.__setattr__(self, "rows", tuple(rows))


def require_writable(name: str, text: str) -> None:
    """Raise :class:`BadRequest` for halves of characters: they can be read from JSON, but never written to a file."""
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        raise BadRequest(f"The {name} of an edit holds a character that cannot be written.", "Type it anew.") from problem


@dataclass(frozen=True)
class Shape:
    """All edits of one segmentation, the oldest first; equal shapes of equal segmentations give equal labels."""

    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        if len(self.edits) > MOST_EDITS:
            raise BadRequest(f"A segmentation takes at most {MOST_EDITS} changes.", "Export it and compare anew.")
        if sum(len(edit.rows) for edit in self.edits) > MOST_MOVED:
            raise BadRequest(f"At most {MOST_MOVED:,} customers are moved by hand in all.", "Export the segments and compare anew.")

    def with_edit(self, edit: Edit) -> Shape:
        """This shape with one more edit."""
        return replace(self, edits=(*self.edits, edit))

    def to_json(self) -> str:
        """Plain JSON on one line, "" without edits: equal shapes give equal text."""
        if not self.edits:
            return ""
        body = {"version": SHAPE_VERSION, "edits": [vars(edit) for edit in self.edits]}
        return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Shape:
        """The shape written by :meth:`to_json`; anything else raises :class:`BadRequest`."""
        if text == "":
            return cls()
        try:
            body: dict[str, Any] = json.loads(text)
            if body.pop("version") != SHAPE_VERSION:
                raise BadRequest("These changes were written by another version.", "Make them anew in the Atlas.")
            return cls(tuple(Edit(**edit) for edit in body.pop("edits")))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
            raise BadRequest("These are no changes of a segmentation.", "Make them anew in the Atlas.") from problem


@dataclass(frozen=True)
class Split:
    """The best binary split of one segment, before it is made.

    ``sizes`` and ``trust`` (bootstrap Jaccard, 0..1, over ``resamples``) of the half that keeps the number and of the
    new one; ``separation`` the mean silhouette (-1..1) of the halves within the segment; ``chance`` what a cut of data
    without groups reaches. ``contrasts`` is tidy as in :class:`core.model.Segmentation`, segment 1 the half that stays,
    2 the new one. ``because`` says in words whether the halves are worth having.
    """

    segment: int
    sizes: tuple[int, int]
    trust: tuple[float, float]
    resamples: int
    separation: float
    chance: float
    because: str
    contrasts: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Why:
    """Why one customer is in its segment and not in the ``runner_up`` (0 where there is none).

    ``contributions``, one row per column, the strongest first: column, own (the customer's cell as text), segment_value,
    runner_up_value (what is usual there), pull (above 0: speaks for the segment; parts of all pulls, -1..1).
    ``changes``: column, now, then, distance (in standard deviations of everyone), segment: the smallest change of each
    column alone that moves the customer, the smallest first; empty where none does. ``told`` is one sentence.
    """

    row: int
    segment: int
    runner_up: int
    told: str
    contributions: pd.DataFrame
    changes: pd.DataFrame
