"""Which runs a list shows and in which order: read from what a browser sent, resolved over what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from dashboard import ids
from dashboard.components.runs_words import algorithm_names, plan_words, state_words, took
from dashboard.store import Remark, Run
from dashboard.store.summaries import Summary

PAGE = 25
MOST_PAGES = 10_000
FIND = 100
ANY = "any"
COLUMNS = {
    "created": "Started (UTC)", "file": "File", "rows": "Customers", "best": "Best candidate", "segments": "Segments",
    "silhouette": "Separation", "stability": "Stability", "seconds": "Took", "state": "State",
}  # fmt: skip
"""What the list can be sorted by."""


@dataclass(frozen=True)
class Past:
    """A comparison as listed: the ``file``'s name, its summary where one is known, what its owner noted, how many
    ``versions`` by hand and results by kind were ``made`` of it, and where MLflow stands (``tracking``, "" unknown)."""

    run: Run
    file: str
    summary: Summary | None = None
    remark: Remark = Remark()
    versions: int = 0
    made: Mapping[str, int] = field(default_factory=dict)
    tracking: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked of the list: a column to sort ``by``, ``falling``, text to ``find``, a ``dataset``, an ``algorithm``,
    ``favourite`` ones alone, the ``page`` from 0; ``noting`` is the run whose note is being written."""

    by: str = "created"
    falling: bool = True
    find: str = ""
    dataset: str = ""
    algorithm: str = ""
    favourite: bool = False
    page: int = 0
    noting: str = ""

    @classmethod
    def of(cls, state: Any) -> Asked:
        """Read what a browser sent; anything that makes no sense counts as not said."""
        said = state if isinstance(state, dict) else {}
        page, find, algorithm = said.get("page"), said.get("find"), said.get("algorithm")
        whole = isinstance(page, int) and not isinstance(page, bool) and 0 <= page < MOST_PAGES
        return cls(
            by=said["by"] if isinstance(said.get("by"), str) and said["by"] in COLUMNS else cls.by,
            falling=said.get("falling") is not False,
            find=find[:FIND] if isinstance(find, str) else "",
            dataset=_id(said.get("dataset")),
            algorithm=algorithm[:FIND] if isinstance(algorithm, str) and algorithm != ANY else "",
            favourite=said.get("favourite") is True,
            page=page if whole else 0,
            noting=_id(said.get("noting")),
        )

    def state(self) -> dict[str, Any]:
        return asdict(self)

    def sorted_by(self, by: str) -> Asked:
        """Sorted by a column, or the other way round where it is already; from the first page."""
        falling = not self.falling if self.by == by else by not in ("file", "best", "state")
        return Asked.of(replace(self, by=by, falling=falling, page=0, noting="").state())


def found(pasts: Sequence[Past], asked: Asked) -> list[Past]:
    """The runs that are asked for, in order; those without a value last, equal ones newest first."""
    kept = [past for past in pasts if _fits(past, asked)]
    kept.sort(key=lambda past: (-past.run.created, past.run.id))
    known = [past for past in kept if value(past, asked.by) is not None]
    unknown = [past for past in kept if value(past, asked.by) is None]
    return sorted(known, key=lambda past: value(past, asked.by), reverse=asked.falling) + unknown


def value(past: Past, by: str) -> Any:
    """What a run has in a column; None where nothing is known."""
    told = past.summary
    own = {"created": past.run.created, "file": past.file.casefold(), "seconds": took(past.run), "state": state_words(past.run)}
    if by in own:
        return own[by]
    if told is None or not told.key and by != "rows":
        return None
    return {"rows": told.rows, "best": told.label.casefold(), "segments": told.segments, "silhouette": told.silhouette,
            "stability": told.stability}[by]  # fmt: skip


def _fits(past: Past, asked: Asked) -> bool:
    if asked.favourite and not past.remark.favourite or asked.dataset and past.run.dataset != asked.dataset:
        return False
    if not asked.algorithm and not asked.find:
        return True
    plan = past.run.plan
    if asked.algorithm and (plan is None or asked.algorithm not in plan.algorithms):
        return False
    names = [plan_words(plan), *(algorithm_names(plan) if plan else [])]
    text = " ".join([past.file, past.remark.note, past.summary.label if past.summary else "", *names, state_words(past.run)])
    return all(word in text.casefold() for word in asked.find.casefold().split())


def _id(said: Any) -> str:
    return said if isinstance(said, str) and ids.is_id(said) else ""
