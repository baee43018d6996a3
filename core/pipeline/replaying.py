"""Replay: a run that was kept as a capsule, made again from the file, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core import prepare, shaping
from core.algorithms import ALGORITHMS, one_thread
from core.bundles.capsule import Capsule, sha256_of, versions
from core.errors import BadRequest, DataProblem
from core.memo import no_memo, recalling
from core.model import Candidate, Plan, Table
from core.pipeline.compare import Report, in_range, matrix_key, nothing
from core.pipeline.feasible import within_reach
from core.pipeline.fitting import Bench, fit_all

SHOWN = 5


@dataclass(frozen=True)
class Replayed:
    """``labels`` (n,) as they come out now; ``differences`` in words, none where these are the labels of the capsule.

    ``remarks`` are differences that changed no label: other bytes of the file, other versions.
    """

    labels: np.ndarray
    differences: tuple[str, ...]
    remarks: tuple[str, ...]

    @property
    def same(self) -> bool:
        return not self.differences


def replay(kept: Capsule, path: Path, table: Table, report: Report = nothing) -> Replayed:
    """The segments of ``kept`` once more, from ``table`` as read from ``path`` with the answers of the plan.

    Raises :class:`DataProblem` where the file has another number of rows or cannot be segmented as planned.
    """
    remarks = (*_bytes_differ(kept, path, table), *_versions_differ(kept))
    if len(table) != kept.rows:
        why = f"The file has {len(table):,} rows; the capsule is of {kept.rows:,}."
        raise DataProblem(" ".join((why, *remarks)))
    report("Preparing the columns", 0, 100)
    labels = _labels(kept, table, report)
    report("Done", 100, 100)
    different = np.flatnonzero(labels != kept.labels)
    if not len(different):
        return Replayed(labels, (), remarks)
    rows = ", ".join(f"{row + 1:,} ({kept.labels[row]} then, {labels[row]} now)" for row in different[:SHOWN])
    more = " and so on" if len(different) > SHOWN else ""
    told = f"{len(different):,} of {kept.rows:,} rows are in another segment: {rows}{more}."
    return Replayed(labels, (told, *_in_another_order(kept, labels), *remarks), ())


def _in_another_order(kept: Capsule, labels: np.ndarray) -> tuple[str, ...]:
    """What explains most where every segment is as large as it was."""
    if not np.array_equal(np.sort(labels), np.sort(kept.labels)):
        return ()
    return ("Every segment has as many rows as then: the rows may stand in another order.",)


def _labels(kept: Capsule, table: Table, report: Report) -> np.ndarray:
    """The labels (n,) that plan and changes give on ``table``."""
    plan = in_range(kept.plan)
    matrix = prepare.prepare(table, plan.recipe)
    bench = Bench(matrix, matrix_key(table, plan), within_reach(plan, len(matrix.values)), recalling(no_memo))
    with one_thread():
        candidate = _candidate(bench, plan, kept.candidate, report)
        return shaping.shaped(candidate, matrix, kept.shape, seed=plan.seed).labels


def _candidate(bench: Bench, plan: Plan, key: str, report: Report) -> Candidate:
    """The candidate of the plan; there is one, whatever number it had among others."""
    algorithms = [ALGORITHMS[name] for name in plan.algorithms]
    made = list(fit_all(bench, algorithms, threads=1, report=lambda step, done, total: report(step, 10, 100)))
    found = made if len(made) == 1 else [one for one in made if one.key == key]
    if not found:
        raise BadRequest(f"The plan of the capsule does not make {key!r}.", "Use a capsule that Segment Atlas wrote.")
    if found[0].problem:
        raise DataProblem(f"{found[0].label} gives no segments on this file: {found[0].problem}")
    return found[0]


def _bytes_differ(kept: Capsule, path: Path, table: Table) -> tuple[str, ...]:
    if kept.sha256 and sha256_of(path) != kept.sha256:
        return ("The file has other bytes than the one the capsule was made of.",)
    if not kept.sha256 and table.fingerprint != kept.fingerprint:
        return ("The file, or how it was read, is not what the capsule was made of.",)
    return ()


def _versions_differ(kept: Capsule) -> tuple[str, ...]:
    now = versions()
    names = [name for name in {**kept.versions, **now} if kept.versions.get(name) != now.get(name)]
    if not names:
        return ()
    told = ", ".join(f"{name} {kept.versions.get(name, 'not there')} then, {now.get(name, 'not there')} now" for name in names)
    return (f"Other versions: {told}.",)
