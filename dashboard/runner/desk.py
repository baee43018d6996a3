"""Where pages ask for jobs: checks the request, joins equal ones, keeps the queue fair."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.errors import BadRequest
from core.model import Plan, Recipe
from dashboard.runner.asked import checked_request
from dashboard.runner.loop import Runner
from dashboard.settings import ROOT
from dashboard.store import READINGS, Damaged, Run, Store

TWO_CLICKS_SECONDS = 1.0
"""Two wishes to cancel that lie closer together are one, clicked twice."""


class Jobs:
    """``request`` and friends take the owner first; an id of somebody else raises ``store.NotFound``."""

    def __init__(self, store: Store, runner: Runner, cap: int) -> None:
        self._store = store
        self._runner = runner
        self._cap = cap

    def request(self, owner: str, kind: str, dataset: str, request: Mapping[str, Any]) -> Run:
        """The run for this request: one that waits, runs or is done already, else a new one in the queue.

        ``request``: load and explore {"answers": {...}}; compare {"plan": Plan.to_json()};
        importance, portray, split, why {"run": compare run id, "candidate": key, "shape": Shape.to_json() or ""}, and
        portray "resamples" (10..200), split "segment", why "row" (of the table); examine {"answers": of the order lines, "plan":
        OrderPlan.to_json()}; customers {"answers": the same and, under ``ORDERS``, the plan}; train {"run", "candidate",
        "shape"}; score {"model": id, "answers": of the file to place, "mapping": column of the file by column of the model};
        migrate {"run", "candidate", "shape", "before": {the same three}, "key": column}; publish {"run", "candidate", "shape",
        "what", "options"}; uplift {"run", "candidate", "shape", "results": dataset, "options"}. A request that does not fit, or one too many in the queue, raises :class:`BadRequest`.
        """
        return self._queue(owner, kind, dataset, request, reuse_done=True)

    def again(self, owner: str, run: str) -> Run:
        """Run the same request once more; an equal one that is still waiting or running is joined.

        A plan that an earlier version wrote keeps its preparation; the rest is today's proposal.
        """
        old = self._store.run(owner, run)
        request = old.request
        if old.kind == "compare" and old.plan is None:
            request = {"plan": _renewed(request.get("plan")).to_json()}
        return self._queue(owner, old.kind, old.dataset, request, reuse_done=False)

    def cancel(self, owner: str, run: str) -> Run:
        """End an open run. A run that has ended stays as it ended.

        A comparison that has finished candidates is asked to stop and then ends
        with these; asked a second time it ends at once and keeps nothing.
        """
        self._store.run(owner, run)
        if not self._store.ledger.stop(run):
            asked = self._store.run(owner, run).stopping
            if abs(time.time() - asked) > TWO_CLICKS_SECONDS:
                self._store.ledger.cancel(run)
        self.wake()
        return self._store.run(owner, run)

    def start(self) -> None:
        """Begin to start and watch jobs; once in each web process."""
        self._runner.start()

    def stop(self) -> None:
        self._runner.stop()

    def wake(self) -> None:
        self._runner.wake()

    def alive(self) -> bool:
        return self._runner.alive()

    def _queue(self, owner: str, kind: str, dataset: str, request: Mapping[str, Any], *, reuse_done: bool) -> Run:
        fingerprint = self._store.dataset(owner, dataset).sha256
        checked = checked_request(self._store, owner, kind, dataset=dataset, request=request)
        key = run_key(owner, fingerprint, kind, checked)
        run, new = self._store.ledger.queue(
            owner, dataset, kind, request=checked, key=key, cap=self._cap, reuse_done=reuse_done
        )
        if not run:
            raise BadRequest(
                f"{self._cap} jobs of yours are waiting or running already.",
                "Wait for one to finish, or cancel one in the corner of the page.",
            )
        if new:
            self.wake()
            return self._store.run(owner, run)
        return self._joined(owner, run, reuse_done)

    def _joined(self, owner: str, run: str, reuse_done: bool) -> Run:
        found = self._store.run(owner, run)
        if reuse_done and found.state == "done" and not self._readable(owner, found):
            return self.again(owner, run)
        if found.kind in READINGS and found.state == "done":
            self._store.choose_reading(owner, found.dataset, found.request["answers"])
        if found.kind in ("examine", "customers"):
            self._store.ledger.recall(run)
        return found

    def _readable(self, owner: str, run: Run) -> bool:
        try:
            if run.kind in READINGS and not self._store.table_ready(owner, run.dataset, run.request["answers"]):
                return False
            if run.kind == "load":
                return True
            self._store.result(owner, run.id, run.kind)
        except Damaged:
            return False
        return True


def _renewed(text: Any) -> Plan:
    try:
        return Plan(recipe=Recipe(**json.loads(text)["recipe"]))
    except (BadRequest, ValueError, TypeError, KeyError):
        return Plan()


def run_key(owner: str, fingerprint: str, kind: str, request: Mapping[str, Any]) -> str:
    """Equal for equal work of one owner with one version of the code; nothing is ever shared between owners."""
    parts = [owner, fingerprint, kind, json.dumps(request, sort_keys=True), code_version()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@lru_cache(maxsize=1)
def code_version() -> str:
    """Changes with any line of ``core``: results of other code are never taken for results of this one."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "core").rglob("*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
