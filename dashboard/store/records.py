"""What the store hands out about data and runs, and the two ways in which it says no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import BadRequest, SegmentationError
from core.model import ORDERS, OrderPlan, Plan

WAITING = ("queued",)
ACTIVE = ("running", "saving")
LIVE = WAITING + ACTIVE
ENDED = ("done", "failed", "cancelled", "interrupted")
KINDS = ("load", "explore", "examine", "customers", "compare", "importance", "portray", "split", "why", "train", "score", "migrate",
         "publish", "uplift")  # fmt: skip
READINGS = ("load", "customers")
"""Runs that leave a table: the file as read, or the customers made of it."""
FITTING = "Fitting"
"""How the steps begin in which candidates are fitted."""
STOPPABLE = (FITTING, "Checking stability")
"""How the steps begin in which a comparison that was asked to stop has something to leave out."""


class NotFound(SegmentationError):
    """Unknown, or another session's: the two are never told apart."""

    code = "NOT_FOUND"
    hint = "It may have been deleted, or the link belongs to another session. Start again on the Data page."

    def __init__(self, what: str = "item") -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"This {self.what} does not exist here."


class Damaged(SegmentationError):
    """``Damaged(what)``: a stored result whose bytes are no longer those that were written."""

    code = "DAMAGED"
    hint = "Run it again: your data is still here and gives the same result."

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"The stored {self.what} is damaged on disk and is not shown."


class Outdated(Damaged):
    """``Outdated(what)``: a stored result that is whole, but in the form of another version of this program."""

    code = "OUTDATED"

    def __str__(self) -> str:
        return f"The stored {self.what} was made by an earlier version of this program and is not shown."


class Superseded(Exception):
    """The job no longer owns its run: it was cancelled, deleted, or ended by somebody else."""


@dataclass(frozen=True)
class Dataset:
    """One uploaded file; ``created`` in UTC seconds, ``bytes`` its size."""

    id: str
    name: str
    created: float
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Problem:
    """Why a run ended without a result; ``reference`` leads to the log when it was a defect."""

    code: str
    text: str
    hint: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Run:
    """One job as it stands: times in UTC seconds or None, ``place`` in the queue from 1 (0 when not waiting).

    ``stopping`` is when its owner asked it to stop and keep what is finished, 0
    when nobody did; ``partial`` is True for a result that was stopped before its
    end. ``finished`` are the candidates of an open comparison so far, the newest
    first: label, algorithm, segments, smallest, largest (customers), placed
    (0..1), seconds and problem of each.
    """

    id: str
    kind: str
    dataset: str
    request: Mapping[str, Any]
    key: str
    state: str
    step: str
    done: int
    total: int
    created: float
    started: float | None
    ended: float | None
    place: int
    problem: Problem | None
    stopping: float = 0.0
    partial: bool = False
    finished: tuple[Mapping[str, Any], ...] = ()

    @property
    def plan(self) -> Plan | None:
        """What a compare run was asked for; None for other runs and for a plan that another version wrote."""
        try:
            return Plan.from_json(self.request["plan"])
        except (BadRequest, KeyError):
            return None

    @property
    def order_plan(self) -> OrderPlan | None:
        """How an examine or customers run was to take the order lines; None for other runs and other versions' plans."""
        try:
            text = self.request["plan"] if self.kind == "examine" else self.request["answers"][ORDERS]
            return OrderPlan.from_json(text)
        except (BadRequest, KeyError):
            return None

    @property
    def kept(self) -> int:
        """Finished candidates that have segments: what a stopped comparison keeps."""
        return sum(1 for one in self.finished if not one["problem"])

    @property
    def open(self) -> bool:
        """True while something may still happen."""
        return self.state in LIVE
