"""The comparisons of a session as they are listed and compared, read from the store."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from dashboard.components.runs_asked import Past
from dashboard.components.runs_differences import Beside
from dashboard.services import owner, services
from dashboard.store import Damaged, NotFound, Run, Store
from dashboard.store.remarks import Remark
from dashboard.store.summaries import Summary, summary

READING_SECONDS = 0.5
"""How long one look may read comparisons that have no summary yet: those of an earlier version."""


def history() -> tuple[Past, ...]:
    """The comparisons of this session, whatever became of them, the newest first."""
    store, mine = services().store, owner()
    every = store.runs(mine)
    compared = [run for run in every if run.kind == "compare"]
    names = {one.id: one.name for one in store.datasets(mine)}
    told, remarks, versions = _summaries(store, mine, compared), store.remarks.all(mine), store.versions.counts(mine)
    made: defaultdict[str, Counter] = defaultdict(Counter)
    for run in every:
        if run.state == "done" and run.kind != "compare":
            made[str(run.request.get("run", ""))][run.kind] += 1
    return tuple(
        Past(run, names.get(run.dataset, ""), told.get(run.id), remarks.get(run.id, Remark()), versions.get(run.id, 0),
             dict(made.get(run.id, {})), tracking(run.id))
        for run in compared
    )  # fmt: skip


def side_by_side(picks: Sequence[str], choices: Mapping[str, str]) -> tuple[Beside, ...]:
    """These runs, each with the candidate that ``choices`` names for it, else the recommended one.

    Runs without a result and those of others are left out.
    """
    store, mine = services().store, owner()
    names = {one.id: one.name for one in store.datasets(mine)}
    found = []
    for place, run_id in enumerate(picks):
        try:
            run, comparison = store.run(mine, run_id), store.comparison(mine, run_id)
        except (Damaged, NotFound):
            continue
        usable = [one.key for one in comparison.candidates if not one.problem]
        key = choices.get(run_id) if choices.get(run_id) in usable else comparison.recommended
        if key is not None:
            found.append(Beside(chr(ord("A") + place), run, names.get(run.dataset, ""), comparison, key))
    return tuple(found)


def tracking(run: str) -> str:
    """Where the entry of a run in MLflow stands: "", waiting, sent or failed."""
    return services().store.outbox.state(run)


def _summaries(store: Store, mine: str, runs: list[Run]) -> dict[str, Summary]:
    """Those that are kept; of some finished comparisons without one it is made now."""
    told = store.summaries.of(mine)
    until = time.monotonic() + READING_SECONDS
    for run in runs:
        if run.state != "done" or run.id in told or time.monotonic() > until:
            continue
        try:
            told[run.id] = summary(store.comparison(mine, run.id))
        except (Damaged, NotFound):
            continue
        store.summaries.keep(run.id, told[run.id])
    return told
