"""Where pages ask for jobs: checks the request, joins equal ones, keeps the queue fair."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from core.errors import BadRequest
from core.model import ORDERS, OrderPlan, Plan, Recipe, Shape, of_lines
from dashboard.runner.loop import Runner
from dashboard.settings import ROOT
from dashboard.store import KINDS, READINGS, Damaged, Run, Store

_WHOLE = {
    "portray": (("resamples", 10, 200, 50),),
    "split": (("segment", 1, 2**15, None),),
    "why": (("row", 0, 2**40, None),),
}
"""The whole numbers that a request about a candidate holds: name, lowest, highest, and what is meant by none."""
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
        OrderPlan.to_json()}; customers {"answers": the same and, under ``ORDERS``, the plan}. A request that
        does not fit, or one too many in the queue, raises :class:`BadRequest`.
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
        checked = self._checked(owner, kind, dataset, request)
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
            store = self._store
            if run.kind in READINGS and not store.table_ready(owner, run.dataset, run.request["answers"]):
                return False
            if run.kind == "load":
                return True
            results = {"explore": store.explored, "compare": store.comparison, "importance": store.explanation,
                       "examine": store.examination, "customers": store.ordered, "portray": store.segmentation,
                       "split": store.split, "why": store.why}  # fmt: skip
            results[run.kind](owner, run.id)
        except Damaged:
            return False
        return True

    def _checked(self, owner: str, kind: str, dataset: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if kind not in KINDS or not isinstance(request, Mapping):
            raise BadRequest("This is not a job that can be asked for.", "Reload the page and try again.")
        if kind in ("load", "explore", "examine", "customers"):
            return self._checked_reading(owner, kind, dataset, request)
        if kind == "compare":
            return {"plan": Plan.from_json(request.get("plan", "")).to_json()}
        base = self._store.run(owner, str(request.get("run", "")))
        if base.dataset != dataset:
            raise BadRequest("This run belongs to another dataset.", "Open the run again from the Compare page.")
        candidate = self._store.comparison(owner, base.id).candidate(str(request.get("candidate", "")))
        if candidate.problem:
            raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
        shape = Shape.from_json(request.get("shape", ""))
        asked = {"run": base.id, "candidate": candidate.key, "shape": shape.to_json()}
        for name, low, high, default in _WHOLE.get(kind, ()):
            asked[name] = _whole(name, request.get(name, default), low, high)
        return asked

    def _checked_reading(self, owner: str, kind: str, dataset: str, request: Mapping[str, Any]) -> dict[str, Any]:
        answers = request.get("answers", {})
        if not isinstance(answers, Mapping) or not all(isinstance(v, str) for kv in answers.items() for v in kv):
            raise BadRequest("The answers must map questions to text.", "Answer again on the Data page.")
        answers = dict(answers)
        if (ORDERS in answers) != (kind == "customers") and kind != "explore":
            raise BadRequest("These answers do not fit this job.", "Reload the page and try again.")
        lines = of_lines(answers)
        if ORDERS in answers:
            plan = self._checked_orders(owner, dataset, lines, answers[ORDERS])
            return {"answers": {**lines, ORDERS: plan.to_json()}}
        if kind != "examine":
            return {"answers": answers}
        plan = self._checked_orders(owner, dataset, lines, request.get("plan", ""))
        return {"answers": lines, "plan": as_examined(plan).to_json()}

    def _checked_orders(self, owner: str, dataset: str, lines: Mapping[str, str], text: Any) -> OrderPlan:
        """The plan, if every column that it names is one of the file where that is read already."""
        plan = OrderPlan.from_json(text)
        if self._store.table_ready(owner, dataset, lines):
            table = self._store.table(owner, dataset, lines)
            for column in filter(None, plan.mapping.values()):
                table.column(column)
        return plan


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadRequest(f"{name} must be a whole number from {low} to {high:,}.", "Reload the page and try again.")
    return value


def as_examined(plan: OrderPlan) -> OrderPlan:
    """What of a plan the doctor looks at: plans that differ only in what comes after share one examination."""
    return replace(plan, treatments={}, cuts={}, rfm=OrderPlan().rfm, horizon_days=OrderPlan().horizon_days, seed=0)


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
