"""How customers are made comparable: the form, the recipe it stands for, and what that touches in rows and money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dash import dcc, html

from core.algorithms import proposed
from core.errors import BadRequest
from core.model import Kind, Note, Plan, Recipe, SavedRecipe, Table
from core.pipeline import effect
from core.pipeline.estimate import Estimate, estimate
from core.pipeline.feasible import require_enough
from core.pipeline.machine import Machine
from core.prepare import Effect, Step, fits, money_column, replayed
from dashboard.components import numbers
from dashboard.components.forms import field, segmented, select
from dashboard.components.parts import card, explain, more, notice, stat, stats
from dashboard.components.tuning import PLACED, by_column, column_fields
from dashboard.security.labels import plain

GAPS = {"median": "Middle value", "mode": "Commonest", "constant": "Given value", "knn": "Most alike (KNN)",
        "drop": "Set the row aside"}  # fmt: skip
DUPLICATES = {"keep": "Keep", "exact": "Keep one of equal rows", "key": "Keep one per id"}
OUTLIERS = {"keep": "Keep and mark", "iqr": "Set aside (IQR)", "mad": "Set aside (robust z)", "forest": "Set aside (forest)"}
MARKS = {"iqr": "IQR fences", "mad": "Robust z", "forest": "Isolation forest"}
SKEW = {"none": "As they are", "log": "Logarithm", "yeojohnson": "Yeo-Johnson"}
SCALING = {"standard": "Standard", "robust": "Robust", "minmax": "0 to 1", "none": "None"}
ENCODING = {"onehot": "One-hot", "ordinal": "Ranks", "none": "Leave them out"}
GAP_FLAGS = {"no": "No", "yes": "Yes"}
WEIGHTS = {"balanced": "Like one number", "none": "Each level by itself"}
RULES = {"gaps": GAPS, "duplicates": DUPLICATES, "outliers": OUTLIERS, "marks": MARKS, "skew": SKEW, "scaling": SCALING,
         "encoding": ENCODING, "gap_flags": GAP_FLAGS, "weights": WEIGHTS}  # fmt: skip
LEFT_OUT = 30
NO_MONEY = " "  # no column has this name, as names are trimmed


def preparation_form(table: Table, recipe: Recipe | None, notes: Sequence[Note] | None = None) -> html.Section:
    """The rules, set to ``recipe`` or to the proposal, above what they touch.

    ``notes`` is what of a recipe that was loaded no longer fits, None where none was loaded.
    """
    at = recipe or Recipe()
    rules = html.Div(
        [
            _gaps(table, at),
            _rule("outliers", at, "Extreme values (outliers)", "Set-aside customers still get a segment."),
            _rule("skew", at, "Long tails (skew)", "Spending and counts often have one."),
            _rule("scaling", at, "Scaling", "So that no column wins by its unit alone."),
            _rule("encoding", at, "Categories", "One category column weighs like one number."),
            _repeated(table, at),
        ],
        className="sa-fields sa-fields-four",
    )
    words = explain(
        "Extreme values",
        "IQR: more than one and a half times the middle half's width outside that middle half (Tukey's fences). "
        "Robust z: more than 3.5 typical distances from the median. Isolation forest: few random cuts set the "
        "customer apart from all others, looking at all numbers together.",
        "https://doi.org/10.2307/2683468",
    )
    parts = [
        rules,
        more("More choices", _more(table, at)),
        words,
        html.Div(_loaded(notes), id="recipe-said"),
        html.Div(id="effect", className="sa-effect", **{"aria-live": "polite"}),
        dcc.Download(id="recipe-file"),
    ]
    buttons = [
        html.Button("Save recipe", id="recipe-save", className="btn btn-secondary btn-sm"),
        html.Label("Load recipe", id="recipe-load", className="btn btn-secondary btn-sm sa-file-button"),
    ]
    return card("Preparation", *parts, help="The proposed settings suit most files.", actions=buttons, id="preparation")


def _rule(name: str, at: Recipe, label: str, help: str = "", *extra: Any) -> html.Div:
    shown = field(label, segmented(RULES[name], getattr(at, name), id=name.replace("_", "-")), help)
    shown.children = [*shown.children, *extra]
    return shown


def _gaps(table: Table, at: Recipe) -> html.Div:
    gappy = any(column.gaps for column in table.columns)
    count = dcc.Input(id="neighbours", type="number", value=at.neighbours, min=1, max=50, step=1,
                      className="form-control form-control-sm sa-field-narrow")  # fmt: skip
    help = "Learned from the customers that are compared." if gappy else "This file has none."
    return _rule(
        "gaps",
        at,
        "Gaps",
        help,
        html.Div(field("Customers to take the mean of", count), className="sa-if-knn"),
        html.Div(column_fields(table, "fill", at), className="sa-if-constant"),
    )


def _repeated(table: Table, at: Recipe) -> html.Div:
    """The choice about repeats; hidden where nothing repeats and nothing else was chosen."""
    by_id = [c for c in table.columns if c.role == "id" and c.distinct < len(table) - c.gaps]
    ids = len(table) - by_id[0].gaps - by_id[0].distinct if by_id else 0
    told = []
    if table.duplicates:
        told.append(f"{numbers.count(table.duplicates, 'row')} equal an earlier row in every cell.")
    if ids:
        told.append(f"{numbers.count(ids, 'row')} have the {plain(by_id[0].name)} of an earlier row.")
    shown = _rule("duplicates", at, "Repeated customers", " ".join(told) or "Nothing repeats.")
    shown.hidden = not told and at.duplicates == "keep"
    return shown


def _more(table: Table, at: Recipe) -> html.Div:
    money = money_column(table, at)
    columns = {NO_MONEY: "None"} | {c.name: plain(c.name) for c in table.columns if c.kind is Kind.NUMBER}
    chosen = select(columns, money.name if money else NO_MONEY, id="money", size="sm", className="sa-field-narrow")
    return html.Div(
        [
            _rule("marks", at, "Extreme values are marked by", "Where they are kept."),
            _rule("gap_flags", at, "A yes/no feature for each column with gaps", "Where a gap itself tells something."),
            _rule("weights", at, "Weight of a one-hot category", "Columns of one category together, or each level."),
            field("Effects are told in", chosen, "A column of money."),
            html.Div(column_fields(table, "skew", at), className="sa-stack"),
            html.Div(column_fields(table, "order", at), className="sa-stack sa-if-ordinal"),
        ],
        className="sa-fields sa-fields-four",
    )


def _loaded(notes: Sequence[Note] | None) -> list:
    """That a recipe was loaded, and what of it no longer fits this file."""
    if notes is None:
        return []
    if not notes:
        return [notice("good", "The recipe was loaded; all of it fits this file.")]
    lines = [html.Li([html.Span(plain(one.text, limit=300)), _rest(one)]) for one in notes]
    told = f"The recipe was loaded; {numbers.count(len(notes), 'thing')} in it no longer fit{'s' * (len(notes) == 1)} this file."
    return [notice("warn", told), html.Ul(lines, className="sa-notes")]


def _rest(note: Note) -> str:
    examples = f" For example {', '.join(plain(one) for one in note.examples[:3])}." if note.examples else ""
    return f"{examples} {note.hint}".rstrip()


def recalled(table: Table, loaded: Any, dataset: str) -> tuple[Recipe, tuple[Note, ...]] | None:
    """The recipe that the page has loaded for this file, as it fits, and what of it does not; None where none was loaded.

    ``loaded`` is what the browser holds: its text is judged anew. Raises :class:`core.errors.BadRequest`.
    """
    if not isinstance(loaded, Mapping) or loaded.get("dataset") != dataset:
        return None
    kept = SavedRecipe.from_json(str(loaded.get("text", "")))
    return replayed(table, kept), fits(table, kept)


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
    rules = {name: form.get(name, getattr(Recipe(), name)) for name in (*RULES, "neighbours")}
    lists = {name: by_column(table, name, form) for name in PLACED}
    skew = rules["skew"]
    skews = {name: rule for name, rule in lists.pop("skew").items() if rule != skew}
    made = Recipe(
        roles=roles, units=units, answers=dict(answers or {}), fills=lists["fill"], orders=lists["order"], skews=skews, **rules
    )  # fmt: skip
    return _with_money(table, made, form.get("money"))


def _with_money(table: Table, recipe: Recipe, chosen: Any) -> Recipe:
    """The recipe with the money column of the form, unless that is the proposed one."""
    found = money_column(table, recipe)
    chosen = "" if chosen == NO_MONEY else chosen
    if chosen is None or chosen == (found.name if found else ""):
        return recipe
    if chosen:
        table.column(str(chosen))
    return replace(recipe, money=str(chosen))


def foreseen(table: Table, plan: Plan, machine: Machine | None) -> tuple[Estimate, ...]:
    """What comparing will take, step by step, the whole last; nothing is fitted for it.

    Raises what :func:`core.pipeline.effect` raises, and :class:`core.errors.TooFewRows`
    where the customers do not allow the segments asked for.
    """
    done = effect(table, plan.recipe)
    require_enough(plan, done.fitted, done.distinct)
    return _estimated(done, plan, machine)


def _estimated(done: Effect, plan: Plan, machine: Machine | None) -> tuple[Estimate, ...]:
    return estimate(done.fitted, len(done.features), plan, machine=machine)


def effect_panel(table: Table, recipe: Recipe, machine: Machine | None = None) -> html.Div:
    """What the recipe will touch, in rows and cells, which columns take part, and what comparing will take."""
    done = effect(table, recipe)
    plan = plan_of(recipe)
    require_enough(plan, done.fitted, done.distinct)
    whole = _estimated(done, plan, machine)[-1]
    filled = sum(done.filled.values())
    columns = dict.fromkeys(feature.column for feature in done.features)
    about = "about " if done.about else ""
    tiles = stats(
        stat("Customers compared", about + numbers.whole(done.fitted), base=f"of {numbers.whole(done.rows)} rows"),
        stat("Marked as extreme", about + numbers.whole(done.outliers), base=numbers.share(done.outliers / max(done.rows, 1))),
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
    return html.Div([tiles, *_alone(done), *_advice(done), *_steps(table, recipe, done), *_left_out(done)])


def _alone(done: Effect) -> list:
    """That one feature makes segments along a line, so that nobody takes a map of it for more."""
    if len(done.features) > 1:
        return []
    told = f"Only {plain(done.features[0].name)} can be used: segments will be ranges of it, along one line."
    return [notice("info", told, hint="Give more columns the use 'Shapes the segments' to compare customers in more than one way.")]


def _advice(done: Effect) -> list:
    return [notice("warn", plain(one.text, limit=300), hint=one.hint) for one in done.advice[:2]]


def _steps(table: Table, recipe: Recipe, done: Effect) -> list:
    """What each step does, in the order applied, with customers and money touched."""
    money = money_column(table, recipe)
    unit = "" if money is None else recipe.units.get(money.name, money.unit) or plain(money.name)
    rows = [
        html.Li(
            [
                html.Strong(one.step),
                html.Span(plain(one.text, limit=400)),
                html.Span(_touched(one, unit, done.rows), className="sa-step-touched"),
            ]
        )
        for one in done.steps
    ]
    return [html.Ol(rows, className="sa-effect-steps", **{"aria-label": "Steps in the order they are applied"})] if rows else []


def _touched(step: Step, unit: str, rows: int) -> str:
    """ "23 rows, 1,240 EUR = 3% of 41,333 EUR"."""
    told = "all rows" if step.rows == rows else numbers.count(step.rows, "row")
    if step.money is None or not step.rows or step.rows == rows:
        return told
    told += f", {numbers.number(step.money, plain(unit))}"
    if step.share is None:
        return told
    return f"{told} = {numbers.share(step.share)}" + (f" of {numbers.number(step.money / step.share, plain(unit))}" if step.share else "")


def _left_out(done: Effect) -> list:
    left = [html.Li(f"{plain(one.name)}: {one.reason}") for one in done.dropped[:LEFT_OUT]]
    rest = len(done.dropped) - len(left)
    left += [html.Li(f"and {rest} more")] if rest else []
    return [more(f"{numbers.count(len(done.dropped), 'column')} left out", html.Ul(left))] if left else []


