"""Edits made on one fit, carried to another fit of the same customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from core.errors import BadRequest
from core.model import NOISE, Edit, Shape
from core.model.shape import MOST_EDITS, MOST_ROWS
from core.shaping.ledger import Ledger, ledger

SAME = 0.5


def carried(
    shape: Shape, before: np.ndarray, after: np.ndarray, *, matching: Mapping[int, int]
) -> tuple[Shape, tuple[str, ...]]:
    """The edits in the numbers of ``after``, and what could not be carried, in words.

    ``before`` and ``after`` (n_table,) are the labels of the two fits, without edits; ``matching`` says which segment of
    ``before`` is which of ``after`` (:func:`core.lineage.matched`). First come merges, splits and moves in their order,
    then names, descriptions and colours, last the locks. A merge joins all segments of which more than half lies in
    what was merged, if they are at least half of it; where the fit has joined them there is nothing to do. A split is
    made anew. A locked segment has the customers that it had.
    """
    carrying = _Carrying(before, after, dict(matching))
    for edit in shape.edits:
        carrying.form(edit)
    carrying.name(shape)
    carrying.lock(shape)
    return Shape(tuple(carrying.edits[:MOST_EDITS])), tuple(carrying.lost)


class _Carrying:
    """Both fits after the edits so far. ``to`` is the new number of an old one; of ``blurred`` old segments, which come

    from a split, it is not known who is in them: a split is computed where the columns are at hand.
    """

    def __init__(self, before: np.ndarray, after: np.ndarray, to: dict[int, int]) -> None:
        self.was, self.now, self.to = before.copy(), after, to
        self.old, self.new = _ledger_of(before), _ledger_of(after)
        self.blurred: set[int] = set()
        self.edits: list[Edit] = []
        self.lost: list[str] = []

    def form(self, edit: Edit) -> None:
        """Carry an edit that changes who is in which segment."""
        known = self.old
        made = {"merge": self._merge, "split": self._split, "move": self._move}.get(edit.kind)
        if made is not None and not made(edit):
            self.lost.append(_told(edit, known))
        self.old = known.after(edit)
        if edit.kind == "merge":
            self.was[self.was == edit.number] = edit.segment
            self.to.pop(edit.number, None)
        elif edit.kind == "move":
            self._empty_old(edit)

    def name(self, shape: Shape) -> None:
        """Carry the last name, description and colour of every segment that there is at the end."""
        latest = {(e.kind, e.segment): e for e in shape.edits if e.kind in ("rename", "describe", "colour")}
        for edit in latest.values():
            if edit.segment in self.old.made_of and not self._emit(edit):
                self.lost.append(_told(edit, self.old))

    def lock(self, shape: Shape) -> None:
        """Give every locked segment the customers that it had, then lock it."""
        last = {e.segment: e for e in shape.edits if e.kind == "lock"}
        for segment in self.old.locked:
            if segment not in self.to:
                self.lost.append(_told(last[segment], self.old))
                continue
            self._keep(last[segment])
        for segment in self.old.locked:
            self._emit(last[segment])

    def _merge(self, edit: Edit) -> bool:
        pair = {edit.segment, edit.number}
        if pair & self.blurred:
            self.blurred.add(edit.segment)
            ours = self.to.get(edit.number)
            return ours is not None and self._emit(edit, number=ours)
        union = np.isin(self.was, list(pair))
        parts, alike = _parts(self.now, union)
        if alike < SAME:
            self.to.pop(edit.segment, None)
            return False
        keep = self.to.get(edit.segment)
        self.to[edit.segment] = keep = keep if keep in parts else parts[0]
        joined = [self._emit(edit, number=part) for part in parts if part != keep]
        return all(joined)

    def _split(self, edit: Edit) -> bool:
        number, born = self.old.free, self.new.free
        self.blurred |= {edit.segment, number}
        if not self._emit(edit):
            return False
        self.to[number] = born
        self.lost.append(f"The split of {_called(self.old, edit.segment)} was made anew: look whether its halves are the same.")
        return True

    def _move(self, edit: Edit) -> bool:
        rows = tuple(row for row in edit.rows if row < len(self.now))
        return bool(rows) and self._emit(edit, rows=rows)

    def _keep(self, edit: Edit) -> None:
        """Move customers of a locked segment back that the fit has put elsewhere."""
        if edit.segment in self.blurred:
            return
        away = np.flatnonzero((self.was == edit.segment) & (self.now != self.to[edit.segment]))
        for start in range(0, len(away), MOST_ROWS):
            rows = tuple(int(row) for row in away[start : start + MOST_ROWS])
            reason = "These customers were in it when it was locked."
            if not self._emit(replace(edit, kind="move", rows=rows, reason=reason)):
                self.lost.append(f"{len(rows):,} customers of the locked {_called(self.old, edit.segment)} are elsewhere now.")
                return

    def _emit(self, edit: Edit, **changes: object) -> bool:
        """Take over an edit of the segment that its segment has become; False where there is none or it is refused."""
        if edit.segment not in self.to:
            return False
        ours, now = replace(edit, segment=self.to[edit.segment], **changes), self.now
        try:
            new = self.new.after(ours)
            if ours.kind == "merge":
                now = np.where(now == ours.number, ours.segment, now)
            elif ours.kind == "move":
                now = now.copy()
                now[list(ours.rows)] = ours.segment
                new = _filled(new, now, {self.to[s] for s in self.blurred if s in self.to})
        except BadRequest:
            return False
        self.new, self.now = new, now
        self.edits.append(ours)
        return True

    def _empty_old(self, edit: Edit) -> None:
        rows = [row for row in edit.rows if row < len(self.was)]
        self.was[rows] = edit.segment
        self.old = _filled(self.old, self.was, self.blurred)


def _parts(labels: np.ndarray, union: np.ndarray) -> tuple[list[int], float]:
    """Segments more than half of which lies in ``union`` (n,) bool, the largest first, and how alike both are (0..1)."""
    segments, counts = np.unique(labels[labels != NOISE], return_counts=True)
    inside = np.array([(union & (labels == segment)).sum() for segment in segments])
    chosen = [at for at in np.argsort(-counts, kind="stable") if 2 * inside[at] > counts[at]]
    both, all_of = sum(int(inside[at]) for at in chosen), sum(int(counts[at]) for at in chosen)
    return [int(segments[at]) for at in chosen], both / max(int(union.sum()) + all_of - both, 1)


def _filled(there: Ledger, labels: np.ndarray, blurred: set[int]) -> Ledger:
    """The ledger without segments that nobody is in any more."""
    left = {*np.unique(labels).tolist(), *blurred}
    for segment in [s for s in there.made_of if s not in left]:
        there = there.without(segment)
    return there


def _ledger_of(labels: np.ndarray) -> Ledger:
    return ledger([int(s) for s in np.unique(labels) if s != NOISE], Shape())


def _called(there: Ledger, segment: int) -> str:
    return f"{there.names[segment]!r}" if segment in there.names else f"segment {segment}"


def _told(edit: Edit, there: Ledger) -> str:
    """That an edit is not carried, in words."""
    named = _called(there, edit.segment)
    what = {
        "rename": f"The name {edit.text!r}", "describe": f"The description of {named}", "colour": f"The colour of {named}",
        "lock": f"The lock of {named}", "split": f"The split of {named}",
        "merge": f"The merge of {named} with {_called(there, edit.number)}",
        "move": f"The move of {len(edit.rows):,} customers to {named}",
    }[edit.kind]  # fmt: skip
    return f"{what} was not carried over: no segment has most of the same customers."
