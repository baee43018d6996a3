"""What a run was asked for, when, and what became of it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from core.algorithms import ALGORITHMS
from core.model import Plan, Recipe
from dashboard.components import numbers
from dashboard.store import LIVE, Run

STATES = {
    "queued": "Waiting", "running": "Running", "saving": "Saving", "done": "Done", "failed": "Did not work",
    "cancelled": "Cancelled", "interrupted": "Interrupted",
}  # fmt: skip
TRACKED = {
    "waiting": "Not yet sent to MLflow", "sent": "Sent to MLflow", "failed": "MLflow could not be told",
}  # fmt: skip
_MADE = {
    "portray": "description", "importance": "measurement of importance", "train": "model", "score": "list of placed customers",
    "migrate": "comparison with earlier segments", "publish": "document", "uplift": "campaign read",
}  # fmt: skip
_PLAIN = Recipe()
_PREPARED = {
    "outliers": "outliers by {}", "gaps": "gaps by {}", "scaling": "{} scaling", "encoding": "{} encoding", "skew": "{} against skew",
    "duplicates": "duplicates by {}",
}  # fmt: skip


def algorithm_names(plan: Plan) -> list[str]:
    """The algorithms of a plan as people call them."""
    return [ALGORITHMS[name].label if name in ALGORITHMS else name for name in plan.algorithms]


def plan_words(plan: Plan | None) -> str:
    """A plan on one line: algorithms, numbers of segments, what of the preparation is not the usual, the seed."""
    if plan is None:
        return "Planned by an earlier version of this program"
    names = algorithm_names(plan)
    told = ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} others"
    low, high = plan.segments
    span = f"{low} segments" if low == high else f"{low} to {high} segments"
    return "; ".join([told, span, *prepared_words(plan.recipe), *([f"seed {plan.seed}"] if plan.seed else [])])


def prepared_words(recipe: Recipe) -> list[str]:
    """What of a preparation is not the usual one."""
    told = [form.format(value) for name, form in _PREPARED.items() if (value := getattr(recipe, name)) != getattr(_PLAIN, name)]
    return told + ([f"{numbers.count(len(recipe.roles), 'role')} changed"] if recipe.roles else [])


def when(seconds: float) -> str:
    """A moment, UTC: ``21 Nov 2026, 14:02``."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %b %Y, %H:%M").lstrip("0")


def took(run: Run) -> float | None:
    """Seconds from its start to its end; None for a run that never began or has not ended."""
    return max(0.0, run.ended - run.started) if run.started is not None and run.ended is not None else None


def made_words(made: Mapping[str, int], versions: int) -> str:
    """What was made of a comparison: versions by hand and results by kind; "" for nothing."""
    told = [numbers.count(versions, "version")] if versions else []
    for kind, noun in _MADE.items():
        if made.get(kind):
            told.append(_plural(made[kind], noun))
    return ", ".join(told)


def state_words(run: Run) -> str:
    """What became of a run; of one that was stopped, that it is not whole."""
    if run.state in LIVE and run.stopping:
        return "Stopping"
    return "Done in part" if run.state == "done" and run.partial else STATES[run.state]


def _plural(count: int, noun: str) -> str:
    """``2 lists of placed customers``: the s belongs to the first word of a noun of several."""
    first, _, rest = noun.partition(" ")
    return numbers.whole(count, f"{first}{'' if count == 1 else 's'} {rest}".strip())
