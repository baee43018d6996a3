"""Nouns made by hand, whose every figure can be checked in the head, and a store that holds them without any job.

Twelve customers: rows 0 to 5 are the first segment, 6 to 9 the second, 10 and 11 lie far from both.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from dash._callback_context import context_value
from dash._utils import AttributeDict
from flask import session

from core import profiles
from core.model import (
    NOISE,
    Candidate,
    Column,
    Comparison,
    Explanation,
    Feature,
    Kind,
    Plan,
    Question,
    Recipe,
    Role,
    Score,
    Source,
    Table,
)
from dashboard import ids
from dashboard.app import services_of
from dashboard.services import EXTENSION
from dashboard.store import Run
from tests.dashboard.argued import evidence

HOSTILE = "a\u202eb\x00<a href='https://x'>%{y}</a>"
SIX, FOUR, TWO = [1] * 6, [2] * 4, [3] * 2
QUESTION = Question(
    "date:joined", "UNCLEAR_DATE", "In joined, does the day come first?", ("day", "month"), "day", "joined"
)
COLUMNS = (
    Column("customer", Kind.KEY, Role.ID, distinct=12, left_out="it names customers"),
    Column("age", Kind.NUMBER, Role.FEATURE, unit="years", distinct=3, bars=(("30", 6), ("50", 4), ("80", 2))),
    Column(
        "income", Kind.NUMBER, Role.FEATURE, unit="EUR", gaps=3, outliers=1, distinct=2, bars=(("1000", 8), ("4000", 4))
    ),
    Column("member", Kind.FLAG, Role.PROFILE, distinct=2, bars=(("no", 9), ("yes", 3))),
    Column("region", Kind.CATEGORY, Role.PROFILE, distinct=2, bars=(("North", 9), ("South", 3))),
    Column("joined", Kind.DATE, Role.PROFILE, distinct=12),
)


def table(**changes: Any) -> Table:
    """Mean age 45, mean income 2,000; one in four is a member, one in four lives in the South."""
    frame = pd.DataFrame(
        {
            "customer": pd.Series([f"c{i}" for i in range(12)], dtype=object),
            "age": [30.0] * 6 + [50.0] * 4 + [80.0] * 2,
            "income": [1000.0] * 6 + [4000.0] * 4 + [1000.0] * 2,
            "member": [1.0] * 3 + [0.0] * 9,
            "region": pd.Series(["North"] * 6 + ["South"] * 3 + ["North"] * 3, dtype=object),
            "joined": pd.date_range("2024-01-01", periods=12),
        }
    )
    source = Source("shop.csv", "csv", "utf-8", ",", rows_in_file=12)
    return replace(Table(frame.astype(str), frame, COLUMNS, source, "f" * 64), **changes)


def candidate(key: str, labels: list[int], silhouette: float | None = None, **changes: Any) -> Candidate:
    """A candidate with these labels, the share of them that is placed as a score; so is ``inertia`` among the changes."""
    algorithm = key.partition("-")[0]
    found = np.array(labels, dtype=np.int16)
    scores = [Score("silhouette", silhouette, "" if silhouette is not None else "does not apply, because of a test")]
    scores.append(Score("share_placed", float((found != NOISE).mean())))
    inertia = changes.pop("inertia", None)
    scores += [] if inertia is None else [Score("inertia", inertia)]
    sizes = profiles.sizes(found)
    names = {segment: f"Group {segment}" for segment in sizes if segment > 0}
    label = f"{algorithm.title()}, {len(names)} segments"
    made = Candidate(key, algorithm, label, {"n_segments": len(names)}, found, sizes, names, tuple(scores), 1.5)
    return replace(made, **changes)


def comparison(**changes: Any) -> Comparison:
    """Five candidates; the recommended one is not the best separated, and "gmm-2" gave no segments.

    Other candidates bring their own profiles and evidence.
    """
    if "candidates" in changes:
        changes.setdefault("profiles", profile(changes["candidates"]))
        changes.setdefault("evidence", evidence(changes["candidates"]))
    return replace(_comparison(), **changes)


@cache
def _comparison() -> Comparison:
    candidates = (
        candidate("gmm-2", [0] * 12, sizes={}, names={}, problem="It did not settle."),
        candidate("dbscan-1", SIX + FOUR + [-1] * 2, facts={"eps": 0.5}),
        candidate("ward-2", SIX + [2] * 6, 0.6),
        candidate("kmeans-3", SIX + FOUR + TWO, 0.7, inertia=40.0, stability=(0.4, 0.6), trust={1: 0.9, 2: 0.6, 3: 0.3}),
        candidate("kmeans-2", [1] * 8 + [2] * 4, 0.5, inertia=100.0, stability=(0.8, 1.0), trust={1: 0.95, 2: 0.85}),
    )
    return Comparison(
        fingerprint="f" * 64,
        plan=Plan(segments=(2, 4)),
        features=(Feature("age", "age", unit="years"), Feature("income", "income", unit="EUR")),
        dropped=(),
        candidates=candidates,
        coordinates=np.linspace(0, 1, 24, dtype=np.float32).reshape(12, 2),
        explained=(0.6, 0.3),
        outlier=np.array([False] * 11 + [True]),
        aside={},
        profiles=profile(candidates),
        recommended="kmeans-2",
        because="It is simple.",
        structured=True,
        evidence=evidence(candidates),
    )


def profile(candidates: tuple[Candidate, ...], of: Table | None = None, **more: Any) -> pd.DataFrame:
    """The real tidy profile of candidates made by hand."""
    of = table() if of is None else of
    roles = {column.name: column.role for column in of.columns}
    parts = [
        profiles.profile(of, roles, one.labels, names=one.names, **more).assign(candidate=one.key)
        for one in candidates
        if not one.problem
    ]
    empty = pd.DataFrame(columns=[*profiles.COLUMNS, "candidate"])
    return pd.concat(parts, ignore_index=True) if parts else empty


def explanation(**changes: Any) -> Explanation:
    """Income decides, age follows."""
    frame = pd.DataFrame({"column": ["income", "age"], "importance": [0.4, 0.1], "low": [0.3, 0.0], "high": [0.5, 0.2]})
    return replace(Explanation("permutation", "kmeans-2", frame, 0.9, 12), **changes)


class Desk:
    """One session on a store whose jobs never start by themselves: each run stands where a test puts it."""

    def __init__(self, app: Any, settings: Any, monkeypatch: Any) -> None:
        self.app, self.parts, self.owner = app, services_of(settings), ids.new_id()
        monkeypatch.setitem(app.extensions, EXTENSION, self.parts)
        self.store, self.jobs = self.parts.store, self.parts.jobs
        # nothing here must outlive a power cut, and waiting for the disk is most of the time otherwise
        monkeypatch.setattr(os, "fsync", lambda _handle: None)
        self.store.database.row("PRAGMA synchronous = OFF")

    def add(self, name: str = "shop.csv", owner: str = "") -> str:
        """A file among the session's own; no two are equal."""
        with tempfile.NamedTemporaryFile(dir=self.parts.settings.data_dir, delete=False) as file:
            file.write(f"a,b\n1,{ids.new_id()}\n".encode())
        return self.store.add_dataset(owner or self.owner, name, Path(file.name)).id

    def load(self, dataset: str, read: Table | None = None, **answers: str) -> Run:
        """The load run of these answers, done; the table made by hand is what it read."""
        run = self.jobs.request(self.owner, "load", dataset, {"answers": answers})
        return self.end(run, read or table())

    def compare(self, dataset: str, plan: Plan | None = None) -> Run:
        """A queued comparison."""
        return self.jobs.request(self.owner, "compare", dataset, {"plan": (plan or Plan()).to_json()})

    def begin(self, run: Run) -> int:
        """Let the run be under way."""
        return self.store.ledger.claim(run.id, host="here", pid=os.getpid(), birth=0)

    def end(self, run: Run, noun: Any, read: Table | None = None) -> Run:
        """Let the run be done with this result, and with this table beside it."""
        token = self.begin(run)
        self.store.ledger.saving(run.id, token)
        if read is not None:
            self.store.save_table(self.owner, run.dataset, read, answers=run.request["answers"], run=run.id)
        if isinstance(noun, Table):
            answers = run.request["answers"]
            digest = self.store.save_table(self.owner, run.dataset, noun, answers=answers, run=run.id)
        else:
            digest = self.store.save_result(run.id, token, noun)
        self.store.ledger.finish(run.id, token, digest)
        return self.store.run(self.owner, run.id)

    def finished(self, noun: Comparison | None = None, recipe: Recipe | None = None) -> tuple[str, str]:
        """(dataset, compare run) of a file that is read and compared."""
        dataset = self.add()
        self.load(dataset)
        run = self.compare(dataset, Plan(recipe=recipe or Recipe(), segments=(2, 4)))
        return dataset, self.end(run, noun or comparison()).id

    @contextmanager
    def request(
        self, triggered: Any = None, prop: str = "n_clicks", value: Any = 1, outputs: Any = (), **cookies: str
    ) -> Iterator[None]:
        """Inside: a request of this session, its callback triggered by this value of the component with this id.

        ``outputs`` are the components that a pattern of the callback's output matches.
        """
        header = "; ".join(f"{name.replace('_', '-')}={value}" for name, value in cookies.items())
        with self.app.test_request_context("/", headers={"Cookie": header} if header else {}):
            session["owner"] = self.owner
            inputs = [] if triggered is None else [{"prop_id": f"{_written(triggered)}.{prop}", "value": value}]
            token = context_value.set(AttributeDict(triggered_inputs=inputs, outputs_list=list(outputs)))
            try:
                yield
            finally:
                context_value.reset(token)


def _written(component_id: Any) -> str:
    from dashboard.components.forms import dom_id

    return dom_id(component_id)


def walk(component: Any) -> Iterator[Any]:
    """Every component of a tree or a list, depth first, text included."""
    if isinstance(component, list | tuple):
        for one in component:
            yield from walk(one)
    elif component is not None:
        yield component
        yield from walk(getattr(component, "children", None))


def of(component: Any, kind: type) -> list[Any]:
    return [item for item in walk(component) if isinstance(item, kind)]


def words(component: Any) -> str:
    """All text of a tree on one line."""
    return " ".join(str(item) for item in walk(component) if isinstance(item, str | int | float))


def known(component: Any) -> list[Any]:
    """The ids of a tree, as Dash writes them."""
    return [_written(item.id) for item in walk(component) if getattr(item, "id", None) is not None]
