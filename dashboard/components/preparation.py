"""How customers are made comparable: the form, the recipe it stands for, and what that touches in rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from core.algorithms import proposed
from core.errors import BadRequest
from core.model import Kind, Plan, Recipe, Table
from core.pipeline import effect
from core.pipeline.estimate import Estimate, estimate
from core.pipeline.machine import Machine
from core.prepare import Effect
from dashboard.components import numbers
from dashboard.components.forms import field, segmented
from dashboard.components.parts import card, explain, more, stat, stats
from dashboard.security.labels import plain

GAPS = {"median": "Fill with the middle value", "mode": "Fill with the commonest", "drop": "Set the row aside"}
OUTLIERS = {"keep": "Keep and mark", "iqr": "Set aside"}
SCALING = {"standard": "Standard", "robust": "Robust", "minmax": "0 to 1", "none": "None"}
ENCODING = {"onehot": "Use categories", "none": "Leave them out"}


def preparation_form(table: Table, recipe: Recipe | None) -> html.Section:
    """The four rules, set to ``recipe`` or to the proposal, above what they touch."""
    at = recipe or Recipe()
    rules = html.Div(
        [
            field("Gaps", segmented(GAPS, at.gaps, id="gaps"), "No value is ever copied from another customer."),
            field(
                "Extreme values (outliers)",
                segmented(OUTLIERS, at.outliers, id="outliers"),
                "Set-aside customers still get a segment.",
            ),
            field("Scaling", segmented(SCALING, at.scaling, id="scaling"), "So that no column wins by its unit alone."),
            field(
                "Categories (one-hot encoding)",
                segmented(ENCODING, at.encoding, id="encoding"),
                "One category column weighs like one number.",
            ),
        ],
        className="sa-fields sa-fields-four",
    )
    words = explain(
        "Extreme values",
        "A value counts as extreme when it lies more than one and a half times the middle "
        "half's width outside that middle half (Tukey's fences).",
        "https://doi.org/10.2307/2683468",
    )
    return card(
        "Preparation",
        rules,
        words,
        html.Div(id="effect", className="sa-effect", **{"aria-live": "polite"}),
        help="The proposed settings suit most files.",
    )


def plan_of(recipe: Recipe) -> Plan:
    """What the Compare page proposes: the main families of algorithms, over the usual numbers of segments."""
    return Plan(recipe=recipe, algorithms=proposed())


def recipe_of(table: Table, form: Mapping[str, Any], answers: Mapping[str, str] | None = None) -> Recipe:
    """The recipe that the form's values stand for; only what differs from the proposal is named in it.

    Raises :class:`core.errors.BadRequest` when the form does not fit the table.
    """
    given_roles, given_units = form.get("roles"), form.get("units")
    if any(not isinstance(given, list) or len(given) != len(table.columns) for given in (given_roles, given_units)):
        raise BadRequest("The page no longer fits the file.", "Reload the page.")
    pairs = list(zip(table.columns, given_roles, given_units, strict=True))
    roles = {column.name: str(role) for column, role, _ in pairs if str(role) != str(column.role)}
    units = {
        column.name: str(unit or "")[:12]
        for column, _, unit in pairs
        if column.kind == Kind.NUMBER and str(unit or "") != column.unit
    }
    rules = {name: str(form.get(name)) for name in ("gaps", "outliers", "scaling", "encoding")}
    return Recipe(roles=roles, units=units, answers=dict(answers or {}), **rules)


def foreseen(table: Table, plan: Plan, machine: Machine | None) -> tuple[Estimate, ...]:
    """What comparing will take, step by step, the whole last; nothing is fitted for it.

    Raises what :func:`core.pipeline.effect` raises.
    """
    return _estimated(effect(table, plan.recipe), plan, machine)


def _estimated(done: Effect, plan: Plan, machine: Machine | None) -> tuple[Estimate, ...]:
    return estimate(done.fitted, len(done.features), plan, machine=machine)


def effect_panel(table: Table, recipe: Recipe, machine: Machine | None = None) -> html.Div:
    """What the recipe will touch, in rows and cells, which columns take part, and what comparing will take."""
    done = effect(table, recipe)
    whole = _estimated(done, plan_of(recipe), machine)[-1]
    filled = sum(done.filled.values())
    columns = dict.fromkeys(feature.column for feature in done.features)
    tiles = stats(
        stat("Customers compared", numbers.whole(done.fitted), base=f"of {numbers.whole(done.rows)} rows"),
        stat("Marked as extreme", numbers.whole(done.outliers), base=numbers.share(done.outliers / max(done.rows, 1))),
        stat(
            "Set aside, then placed",
            numbers.whole(done.aside),
            base="; ".join(f"{plain(why)}: {numbers.whole(n)}" for why, n in list(done.reasons.items())[:2]) or "none",
        ),
        stat(
            "Gaps filled",
            numbers.whole(filled),
            base=f"in {numbers.count(len(done.filled), 'column')}" if filled else "none",
        ),
        stat(
            "Columns used",
            numbers.whole(len(columns)),
            base=", ".join(plain(name) for name in list(columns)[:3]) + (" ..." if len(columns) > 3 else ""),
        ),
        stat("Comparing takes about", numbers.seconds(whole.seconds), base=f"and {numbers.size(whole.bytes)} of memory"),
    )
    left = [html.Li(f"{plain(one.name)}: {one.reason}") for one in done.dropped]
    return html.Div([tiles, more(f"{numbers.count(len(left), 'column')} left out", html.Ul(left))] if left else [tiles])
