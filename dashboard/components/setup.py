"""What is compared: the form for algorithms, numbers of segments, limits and settings, and the plan it stands for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html

from core.algorithms import ALGORITHMS, Algorithm
from core.errors import BadRequest
from core.model import Limits, Plan
from core.params import Choice, Param, Real
from core.pipeline.estimate import Estimate
from dashboard.components import numbers
from dashboard.components.forms import field, fields, select
from dashboard.components.parts import card, explain, more
from dashboard.components.tables import table
from dashboard.security.labels import plain

RESAMPLES = {"0": "None", "10": "10 (quick)", "50": "50", "100": "100 (thorough)"}
BY_RANGE = "n_segments"


def setup_form(plan: Plan, *, opened: bool, action: str) -> html.Section:
    """The form set to ``plan``; ``action`` is the word on its button."""
    limits = plan.limits
    numbers_of = fields(
        field("From", _number("setup-low", plan.segments[0], 2, 30), "Fewest segments tried."),
        field("To", _number("setup-high", plan.segments[1], 2, 30), "Most segments tried."),
        field("Stability", _resamples(plan.resamples), "How often the best are fitted again on other customers."),
    )
    business = fields(
        field("At most", _number("setup-most", limits.max_segments or None, 2, 30), "Segments you can work with."),
        field("None under", _number("setup-fewest", limits.min_customers or None, 0, None), "Customers in a segment."),
        field("None under %", _number("setup-share", _percent(limits.min_share), 0, 50), "Of all customers."),
    )
    go = html.Button(action, id="compare-now", className="btn btn-primary")
    body = [
        html.Fieldset([html.Legend("Algorithms"), _algorithms(plan)], className="sa-stack"),
        html.Fieldset([html.Legend("Numbers of segments"), numbers_of], className="sa-stack"),
        html.Fieldset([html.Legend("Limits of your business"), business], className="sa-stack"),
        more("Settings of each algorithm", *(_settings(one, plan) for one in ALGORITHMS.values() if _own(one))),
        html.Div(id="setup-estimate", className="sa-muted", role="status"),
        html.Div(go, className="sa-actions"),
    ]
    words = html.Div([_about(one) for one in ALGORITHMS.values()], className="sa-explains")
    if opened:
        return card("What is compared", *body, words, help="The proposal suits most files.")
    return html.Section(
        more("Change what is compared", html.Div([*body, words], className="sa-stack")), className="sa-card"
    )


def estimate_lines(estimates: Sequence[Estimate]) -> list:
    """What a run will take, before it runs: one sentence, and a line for each step."""
    whole = estimates[-1]
    said = [f"About {numbers.seconds(whole.seconds)} and {numbers.size(whole.bytes)} of memory on this machine."]
    said += [one.refused for one in estimates if one.refused]
    sampled = [f"{one.label}: {one.method}." for one in estimates if one.method and not one.refused]
    rows = [
        (one.label, numbers.seconds(one.seconds), numbers.size(one.bytes), one.method or "exact") for one in estimates
    ]
    frame = pd.DataFrame(rows, columns=["step", "time on one core", "memory", "method"])
    words = f"{numbers.count(len(sampled), 'step')} will look at a sample." if sampled else "All steps are exact."
    return [html.Span(" ".join([*said, words])), more("What each step takes", table(frame, caption="Estimate"))]


def plan_from(base: Plan, form: Mapping[str, Any]) -> Plan:
    """``base`` with what the form says; what the form lacks stays. Raises :class:`BadRequest` for what does not fit."""
    ticked = form.get("algorithms")
    known = tuple(name for name in ALGORITHMS if isinstance(ticked, list) and name in ticked)
    if not known:
        raise BadRequest("No algorithm is ticked.", "Tick at least one.")
    limits = Limits(
        max_segments=_whole(form.get("most"), 0),
        min_customers=_whole(form.get("fewest"), 0),
        min_share=_number_of(form.get("share"), 0.0) / 100,
    )
    low, high = _whole(form.get("low"), base.segments[0]), _whole(form.get("high"), base.segments[1])
    return replace(
        base,
        algorithms=known,
        segments=(low, high),
        limits=limits,
        resamples=_whole(form.get("resamples"), base.resamples),
        settings=_given(form.get("settings") or (), known),
    )


def with_setting(plan: Plan, algorithm: str, name: str, value: Any) -> Plan:
    """``plan`` with one algorithm, if it lacks it, and one of its parameters set; an empty value takes that away."""
    own = {key: kept for key, kept in plan.settings.get(algorithm, {}).items() if key != name}
    own |= _given([(f"{algorithm}.{name}", value)], (algorithm,)).get(algorithm, {})
    others = {key: kept for key, kept in plan.settings.items() if key != algorithm}
    names = tuple(one for one in ALGORITHMS if one in (*plan.algorithms, algorithm))
    return replace(plan, algorithms=names, settings={**others, algorithm: own} if own else others)


def _given(pairs: Iterable[tuple[str, Any]], algorithms: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Settings by algorithm, without those that equal the default; (name "dbscan.eps", value) pairs come in."""
    settings: dict[str, dict[str, Any]] = {}
    for name, value in pairs:
        algorithm, _, known = name.partition(".")
        param = next((one for one in _own(ALGORITHMS[algorithm]) if one.name == known), None)
        if param is None:
            raise BadRequest(f"{ALGORITHMS[algorithm].label} has no setting {known!r}.", "Reload the page.")
        if algorithm not in algorithms or value in (None, "") or value == param.default:
            continue
        settings.setdefault(algorithm, {})[known] = param.check(value)
    return settings


def _own(algorithm: Algorithm) -> tuple[Param, ...]:
    """The parameters beside the number of segments, which the range sets."""
    return tuple(param for param in algorithm.params if param.name != BY_RANGE)


def _algorithms(plan: Plan) -> html.Div:
    options = [{"value": name, "label": _option(one)} for name, one in ALGORITHMS.items()]
    ticks = dbc.Checklist(
        id="setup-algorithms",
        options=options,
        value=list(plan.algorithms),
        className="sa-ticks",
        inputClassName="sa-tick",
    )
    return html.Div(ticks, role="group", **{"aria-label": "Algorithms"})


def _option(algorithm: Algorithm) -> html.Span:
    return html.Span([html.Strong(algorithm.label), html.Span(algorithm.summary, className="sa-tick-help")])


def _settings(algorithm: Algorithm, plan: Plan) -> html.Div:
    given = plan.settings.get(algorithm.name, {})
    items = [
        field(param.label, _control(algorithm, param, given.get(param.name)), param.help) for param in _own(algorithm)
    ]
    return html.Div([html.H3(algorithm.label), fields(*items)], className="sa-stack")


def _control(algorithm: Algorithm, param: Param, value: Any) -> Any:
    id = {"type": "setting", "index": f"{algorithm.name}.{param.name}"}
    if isinstance(param, Choice):
        return select(dict(param.options), value or param.default, id=id)
    default = param.default
    shown = default if value is None else value
    step = "any" if isinstance(param, Real) else 1
    hint = "found from the data" if default is None else f"{default}"
    return dbc.Input(id=id, type="number", value=shown, min=param.low, max=param.high, step=step, placeholder=hint)


def _number(id: str, value: float | None, low: int, high: int | None) -> dbc.Input:
    bounds = {} if high is None else {"max": high}
    return dbc.Input(id=id, type="number", value=value, min=low, step=1, placeholder="no limit", **bounds)


def _resamples(value: int) -> dbc.Select:
    options = RESAMPLES if str(value) in RESAMPLES else {**RESAMPLES, str(value): str(value)}
    return select(options, str(value), id="setup-resamples")


def _percent(share: float) -> float | None:
    return round(100 * share, 4) or None


def _about(algorithm: Algorithm) -> html.Details:
    text = f"{algorithm.summary} {algorithm.assumes} Good at: {algorithm.good_at} Bad at: {algorithm.bad_at}"
    return explain(algorithm.label, text, algorithm.reference)


def _whole(value: Any, default: int) -> int:
    number = _number_of(value, default)
    if number != int(number):
        raise BadRequest(f"{value} is not a whole number.", "Enter a whole number.")
    return int(number)


def _number_of(value: Any, default: float) -> float:
    if value in (None, ""):
        return default
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise BadRequest(f"{plain(repr(value), limit=40)} is not a number.", "Enter a number.")
    return number
