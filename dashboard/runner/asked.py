"""What a job may be asked for: every request is checked here, once, before it is queued."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.errors import BadRequest
from core.model import ORDERS, OrderPlan, Plan, Shape, of_lines
from dashboard.store import KINDS, Store

_WHOLE = {
    "portray": (("resamples", 10, 200, 50),),
    "split": (("segment", 1, 2**15, None),),
    "why": (("row", 0, 2**40, None),),
}
"""The whole numbers that a request about a candidate holds: name, lowest, highest, and what is meant by none."""
LONGEST = 200
OPTIONS = 20
FARTHEST = 2**53
"""From zero, of a number among the options: JSON has no other that every reader takes for the same."""


def checked_request(store: Store, owner: str, kind: str, *, dataset: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """The request in its plain form; raises :class:`BadRequest` for one that does not fit, NotFound for another's ids."""
    if kind not in KINDS or not isinstance(request, Mapping):
        raise BadRequest("This is not a job that can be asked for.", "Reload the page and try again.")
    return _CHECKS.get(kind, _about_candidate)(_Asked(store, owner, kind, dataset, request))


def as_examined(plan: OrderPlan) -> OrderPlan:
    """What of a plan the doctor looks at: plans that differ only in what comes after share one examination."""
    return replace(plan, treatments={}, cuts={}, rfm=OrderPlan().rfm, horizon_days=OrderPlan().horizon_days, seed=0)


@dataclass(frozen=True)
class _Asked:
    store: Store
    owner: str
    kind: str
    dataset: str
    request: Mapping[str, Any]


def _reading(asked: _Asked) -> dict[str, Any]:
    answers = _texts("answers", asked.request.get("answers", {}))
    if (ORDERS in answers) != (asked.kind == "customers") and asked.kind != "explore":
        raise BadRequest("These answers do not fit this job.", "Reload the page and try again.")
    lines = of_lines(answers)
    if ORDERS in answers:
        return {"answers": {**lines, ORDERS: _orders(asked, lines, answers[ORDERS]).to_json()}}
    if asked.kind != "examine":
        return {"answers": answers}
    return {"answers": lines, "plan": as_examined(_orders(asked, lines, asked.request.get("plan", ""))).to_json()}


def _orders(asked: _Asked, lines: Mapping[str, str], text: Any) -> OrderPlan:
    """The plan, if every column that it names is one of the file where that is read already."""
    plan = OrderPlan.from_json(text)
    if asked.store.table_ready(asked.owner, asked.dataset, lines):
        table = asked.store.table(asked.owner, asked.dataset, lines)
        for column in filter(None, plan.mapping.values()):
            table.column(column)
    return plan


def _compare(asked: _Asked) -> dict[str, Any]:
    return {"plan": Plan.from_json(asked.request.get("plan", "")).to_json()}


def _about_candidate(asked: _Asked) -> dict[str, Any]:
    checked = _candidate(asked, asked.request, asked.dataset)
    for name, low, high, default in _WHOLE.get(asked.kind, ()):
        checked[name] = _whole(name, asked.request.get(name, default), low, high)
    return checked


def _candidate(asked: _Asked, named: Mapping[str, Any], dataset: str | None) -> dict[str, Any]:
    """A candidate with segments and its shape; of ``dataset`` where that is given."""
    base = asked.store.run(asked.owner, str(named.get("run", "")))
    if dataset is not None and base.dataset != dataset:
        raise BadRequest("This run belongs to another dataset.", "Open the run again from the Compare page.")
    candidate = asked.store.comparison(asked.owner, base.id).candidate(str(named.get("candidate", "")))
    if candidate.problem:
        raise BadRequest(f"{candidate.label} gave no segments: {candidate.problem}", "Pick another candidate.")
    return {"run": base.id, "candidate": candidate.key, "shape": Shape.from_json(named.get("shape", "")).to_json()}


def _score(asked: _Asked) -> dict[str, Any]:
    request = asked.request
    model = asked.store.models.saved(asked.owner, str(request.get("model", "")))
    answers, mapping = _texts("answers", request.get("answers", {})), _texts("mapping", request.get("mapping", {}))
    return {"model": model.id, "trained": model.run, "answers": answers, "mapping": mapping}


def _migrate(asked: _Asked) -> dict[str, Any]:
    before = asked.request.get("before", {})
    if not isinstance(before, Mapping):
        raise BadRequest("Name the segmentation to compare with.", "Choose one on the Runs page.")
    key = asked.request.get("key", "")
    if not isinstance(key, str) or len(key) > LONGEST:
        raise BadRequest("The key is the name of a column.", "Choose one of the list.")
    return {**_candidate(asked, asked.request, asked.dataset), "before": _candidate(asked, before, None), "key": key}


def _publish(asked: _Asked) -> dict[str, Any]:
    what = asked.request.get("what", "")
    if not isinstance(what, str) or len(what) > LONGEST:
        raise BadRequest("This is no document that can be made.", "Choose one on the Export page.")
    return {**_about_candidate(asked), "what": what, "options": _options(asked.request)}


def _uplift(asked: _Asked) -> dict[str, Any]:
    results = asked.store.dataset(asked.owner, str(asked.request.get("results", "")))
    return {**_about_candidate(asked), "results": results.id, "options": _options(asked.request)}


def _options(request: Mapping[str, Any]) -> dict[str, Any]:
    """At most twenty plain values by name."""
    options = request.get("options", {})
    if not isinstance(options, Mapping) or len(options) > OPTIONS:
        raise BadRequest("Options map names to values.", "Reload the page and try again.")
    for name, value in options.items():
        if not isinstance(name, str) or not (value is None or isinstance(value, (bool, int, float, str))):
            raise BadRequest("Options map names to plain values.", "Reload the page and try again.")
        if isinstance(value, str) and len(value) > LONGEST:
            raise BadRequest(f"An option has at most {LONGEST} characters.", "Shorten it.")
        if isinstance(value, (int, float)) and not abs(value) <= FARTHEST:  # of NaN, too
            raise BadRequest("An option is a number that makes no sense.", "Change it and try again.")
    return dict(options)


def _texts(name: str, given: Any) -> dict[str, str]:
    if not isinstance(given, Mapping) or not all(isinstance(v, str) for kv in given.items() for v in kv):
        raise BadRequest(f"The {name} must map names to text.", "Reload the page and try again.")
    return dict(given)


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadRequest(f"{name} must be a whole number from {low} to {high:,}.", "Reload the page and try again.")
    return value


_CHECKS: dict[str, Callable[[_Asked], dict[str, Any]]] = {
    "load": _reading, "explore": _reading, "examine": _reading, "customers": _reading, "compare": _compare,
    "score": _score, "migrate": _migrate, "publish": _publish, "uplift": _uplift,
}  # fmt: skip
