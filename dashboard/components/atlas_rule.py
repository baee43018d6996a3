"""The tab rule of the Atlas: at most three conditions that find a segment, how well they do, and their SQL."""

from __future__ import annotations

import json
from typing import Any

from dash import html

from core.explainers.rules import NO_RULE, POOR
from core.model import Segmentation
from core.personas.words import in_words
from core.selection.wording import CAUTION, caution, trust_words
from dashboard.components import numbers
from dashboard.components.parts import explain, icon, notice, skeleton
from dashboard.components.segments import share_bar
from dashboard.security.labels import plain

LONGEST = 20_000
PAPER = "https://doi.org/10.1023/A:1008894516817"


def tab(looked: Any, focus: int) -> list:
    """What the tab shows of the segment ``focus``: skeletons while a job looks for rules."""
    segmentation: Segmentation = looked.segmentation
    found = segmentation.rules
    rows = [] if found.empty else found[found["segment"] == focus].to_dict("records")
    if not rows:
        return [_waiting(looked)]
    (rule,) = rows
    address = f"/download/{looked.here.run.id}/{looked.key}/rules_sql"
    conditions = json.loads(rule["conditions"])
    told = rule["words"] if segmentation.orders.empty else in_words(rule["words"])
    parts = [*_warning(segmentation, focus), _words(told, conditions)]
    if conditions:
        parts += [_figures(rule, segmentation.candidate.sizes.get(focus, 0)), *_doubt(rule)]
    return [html.Div([*parts, _sql(rule["sql"], focus, address), _about()], className="sa-rule")]


def f1(rule: dict) -> float:
    """The harmonic mean of coverage and precision (0..1)."""
    whole = rule["coverage"] + rule["precision"]
    return 2 * rule["coverage"] * rule["precision"] / whole if whole else 0.0


def _waiting(looked: Any) -> html.Div:
    if looked.waiting:
        return skeleton(320, "The rule is being worked out")
    return html.Div(html.P("There is no rule for this segment yet.", className="sa-help"), className="sa-rule")


def _warning(segmentation: Segmentation, focus: int) -> list:
    """What a segment that does not hold carries wherever it appears."""
    trust = segmentation.candidate.trust.get(focus)
    if not caution(trust):
        return []
    known = f"Stability {numbers.number(trust)} of at most 1 (bootstrap Jaccard): {trust_words(trust)}."
    return [notice("warn", CAUTION, known)]


def _words(words: str, conditions: list[dict]) -> html.Div:
    """The rule as a sentence, and each of its conditions as a chip."""
    if not conditions:
        return html.Div(notice("info", NO_RULE, "Every column that SQL can read was tried."))
    chips = [html.Li(_condition(one), className="sa-chip") for one in conditions]
    sentence = html.P(["A customer is found where ", html.Strong(plain(words, limit=600)), "."], className="sa-rule-words")
    return html.Div([sentence, html.Ul(chips, className="sa-rule-chips", **{"aria-label": "Conditions"})])


def _condition(one: dict) -> str:
    """A condition as short as it can be said: "income ≥ 4,200"."""
    name, values = plain(one["column"], limit=40), [_value(value) for value in one["values"]]
    if one["op"] == "is null":
        return f"{name} empty"
    if one["op"] == "between":
        return f"{values[0]} ≤ {name} < {values[1]}"
    if one["op"] in ("in", "not in"):
        return f"{name} {'=' if one['op'] == 'in' else '≠'} {', '.join(values)}"
    return f"{name} {'≥' if one['op'] == '>=' else '<'} {values[0]}"


def _value(value: object) -> str:
    if isinstance(value, (int, float)):
        return f"{int(value):,}" if float(value).is_integer() and abs(value) < 1e15 else f"{float(value):,}"
    return plain(str(value), limit=40)


def _figures(rule: dict, size: int) -> html.Div:
    """Coverage and precision as bars with their base, and how many customers the rule finds."""
    held = numbers.count(rule["held_out"], "customer")
    told = (
        ("Coverage", rule["coverage"], "of the segment's customers are found"),
        ("Precision", rule["precision"], "of the customers found are of the segment"),
    )
    rows = [
        html.Div([html.Dt([name, html.Small(words)]), html.Dd([html.Strong(numbers.share(value)), share_bar(value)])])
        for name, value, words in told
    ]
    found = f"It finds {numbers.count(int(rule['covered']), 'customer')}; the segment has {numbers.whole(size)}."
    base = f"Both measured on {held} held out of learning (all segments)."
    return html.Div([html.Dl(rows, className="sa-rule-figures"), html.P(f"{base} {found}", className="sa-help")])


def _doubt(rule: dict) -> list:
    value = f1(rule)
    if value >= POOR:
        return []
    title = "This rule describes the segment poorly."
    return [notice("warn", title, f"F1 {numbers.number(value)} of at most 1, below {POOR:.2f}: the segment is not a matter of "
                   "three conditions. Use the list of its customers instead.")]  # fmt: skip


def _sql(sql: str, focus: int, address: str) -> html.Div:
    """The SELECT, a button that copies it, and all of them as a file."""
    code = f"rule-sql-{int(focus)}"
    copy = html.Button(
        "Copy SQL", type="button", className="btn btn-secondary btn-sm", **{"data-sa-copy": code, "data-sa-copied": "Copied"}
    )
    load = html.A([icon("download", small=True), "All rules (rules.sql)"], href=address, download="", className="sa-text-button")
    region = {"role": "region", "aria-label": "SQL of the rule"}
    shown = visible(sql)
    box = html.Pre(html.Code(shown, id=code), tabIndex=0, className="sa-rule-sql", **region)
    hidden = "A name holds characters that do not show: take the SQL from the file." if shown != sql else ""
    said = html.Span(className="sa-visually-hidden", role="status")
    row = html.Div([*([copy] if shown == sql else []), load, said], className="sa-row")
    return html.Div([html.H3("As SQL"), box, *([html.P(hidden, className="sa-help")] if hidden else []), row], className="sa-rule-code")


def visible(sql: str) -> str:
    """The SQL as it may be shown: lines with control or bidirectional characters as :func:`plain` shows them."""
    return "\n".join(line if _shows(line) else plain(line, limit=LONGEST) for line in sql.split("\n"))


def _shows(line: str) -> bool:
    return plain(line, limit=LONGEST) == " ".join(line.split())


def _about() -> html.Details:
    return explain(
        "What is this rule",
        "At most three conditions on the columns that shape the segments, found on 70 % of a sample of customers and judged "
        "on the others. The SELECT runs on customers.csv imported as a table named customers, every column as text: "
        "empty cells match only where the rule says so.",
        PAPER,
    )
