"""The plan that the typed choices mean on a table."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from core.algorithms import ALGORITHMS, proposed
from core.cli.arguments import ALL, AUTO
from core.cli.prepared import PREPARING, recipe_for, require_untyped
from core.errors import BadRequest
from core.model import Limits, Plan, Table

RANGE = (2, 10)
FIXED_BY_PLAN = ("algorithm", "segments", "seed", "recipe", *PREPARING)


def saved_plan(options: argparse.Namespace) -> Plan | None:
    """The plan named by --plan, None without one; a choice typed beside it raises :class:`BadRequest`."""
    if options.plan is None:
        return None
    require_untyped(options, "--plan", FIXED_BY_PLAN)
    try:
        return Plan.from_json(options.plan.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadRequest(f"The plan {options.plan} cannot be read.", "Use a plan.json written earlier.") from problem


def segment_plan(options: argparse.Namespace, table: Table, answers: Mapping[str, str]) -> Plan:
    """The plan of ``segment``: one algorithm, or the best of those proposed."""
    chosen = options.algorithm or AUTO
    resamples = {} if options.resamples is None else {"resamples": options.resamples}
    return Plan(
        recipe=recipe_for(options, table, answers),
        algorithms=proposed() if chosen == AUTO else (chosen,),
        segments=_range(options),
        seed=options.seed or 0,
        **resamples,
    )


def compare_plan(options: argparse.Namespace, table: Table, answers: Mapping[str, str]) -> Plan:
    """The plan of ``compare``: several algorithms, within the limits typed."""
    limits = {name: getattr(options, name) for name in ("max_segments", "min_customers", "min_share")}
    resamples = {} if options.resamples is None else {"resamples": options.resamples}
    return Plan(
        recipe=recipe_for(options, table, answers),
        algorithms=named_algorithms(options.algorithms),
        segments=_range(options),
        limits=Limits(**{name: value for name, value in limits.items() if value is not None}),
        seed=options.seed or 0,
        **resamples,
    )


def named_algorithms(text: str | None) -> tuple[str, ...]:
    """Those proposed, all, or those listed; an unknown name raises :class:`BadRequest`."""
    if text is None:
        return proposed()
    if text == ALL:
        return tuple(ALGORITHMS)
    return tuple(ALGORITHMS[name.strip()].name for name in text.split(",") if name.strip())


def _range(options: argparse.Namespace) -> tuple[int, int]:
    return RANGE if options.segments in (None, AUTO) else options.segments
