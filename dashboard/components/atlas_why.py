"""Why one customer is where it is: what each column speaks for, and the smallest change that would move it."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from core.model import NOISE, Segmentation, Why
from dashboard.components import numbers
from dashboard.components.forms import progress
from dashboard.components.live import step_of
from dashboard.components.parts import icon, more, notice
from dashboard.components.segments import segment_badge
from dashboard.components.tables import table
from dashboard.security.labels import plain

MOST = 8
NOTE = (
    "A pull is the part of a column in how much nearer the customer is to the middle of its own segment than to that of the "
    "other, in the prepared columns: above 0 it speaks for being here, below 0 against it; the sizes of all add up to 1."
)


def panel(title: str, *inside: Any) -> html.Section:
    """The frame around what is told of one customer; the page moves the focus to its heading, Escape closes it."""
    close = html.Button(icon("close"), id={"type": "why-close", "index": 0}, className="sa-close", type="button",
                        **{"aria-label": "Close"})  # fmt: skip
    head = html.Div([html.H3(title, tabIndex=-1, id="atlas-why-title"), close], className="sa-why-head")
    return html.Section([head, *inside], className="sa-why", **{"aria-labelledby": "atlas-why-title"})


def waiting(title: str, run: Any) -> html.Section:
    """While the job looks."""
    return panel(title, progress(run.done, run.total, step_of(run)), html.P("The list stays usable meanwhile.", className="sa-muted sa-small"))


def failed(title: str, run: Any) -> html.Section:
    """Where the job came to nothing."""
    again = html.Button("Try again", id={"type": "again", "index": run.id}, className="btn btn-secondary btn-sm")
    problem = run.problem
    words = plain(f"{problem.text} {problem.hint}", limit=300) if problem is not None else "It was stopped before it was done."
    return panel(title, notice("warn", "Why this customer is here could not be told.", words, action=again))


def account(title: str, why: Why, segmentation: Segmentation) -> html.Section:
    """The finished account."""
    return panel(title, html.P(plain(why.told, limit=600), className="sa-why-told"), _pulls(why, segmentation), _changes(why, segmentation),
                 more("How this is worked out", html.P(NOTE, className="sa-small sa-muted")))  # fmt: skip


def _pulls(why: Why, segmentation: Segmentation) -> html.Div:
    """The strongest columns with what the customer has, what is usual here and there, and a bar from the middle."""
    names, shown = segmentation.candidate.names, why.contributions.head(MOST)
    here = "Usual here" if why.segment != NOISE else ""
    there = f"Usual in segment {why.runner_up}" if why.runner_up else ""
    heads = ["Column", "This customer", *([here] if here else []), *([there] if there else []), "Speaks for here"]
    body = [_pull(row, here=bool(here), there=bool(there)) for row in shown.to_dict("records")]
    caption = f"The {numbers.whole(len(shown))} strongest of {numbers.count(len(why.contributions), 'column')}"
    drawn = html.Table([html.Caption(caption), html.Thead(html.Tr([html.Th(one, scope="col") for one in heads])), html.Tbody(body)],
                       className="sa-table sa-why-table")  # fmt: skip
    badges = [segment_badge(s, names.get(s, "")) for s in (why.segment, why.runner_up) if s]
    key = html.Div([badges[0], *([html.Span("against", className="sa-muted"), badges[1]] if len(badges) > 1 else [])], className="sa-row")
    box = html.Div(drawn, className="sa-table-box", tabIndex=0, role="region", **{"aria-label": caption})
    return html.Div([key, box], className="sa-stack")


def _pull(row: dict[str, Any], *, here: bool, there: bool) -> html.Tr:
    cells = [row["own"], *([row["segment_value"]] if here else []), *([row["runner_up_value"]] if there else [])]
    return html.Tr([html.Th(plain(row["column"]), scope="row"), *(html.Td(plain(str(one))) for one in cells), html.Td(_bar(float(row["pull"])))])


def _bar(pull: float) -> html.Div:
    side = "for" if pull >= 0 else "against"
    fill = html.Span(style={"width": f"{min(abs(pull), 1) * 50:.1f}%"}, className=f"sa-pull-{side}")
    number = f"{pull:+.2f}".replace("-", "\N{MINUS SIGN}")
    return html.Div([html.Span(fill, className="sa-pull", **{"aria-hidden": "true"}), html.Span(number, className="sa-num")], className="sa-pull-row")


def _changes(why: Why, segmentation: Segmentation) -> html.Div | None:
    """What would move it, column by column."""
    if not len(why.changes):
        return None
    names = segmentation.candidate.names
    frame = pd.DataFrame({
        "Column": why.changes["column"], "Now": why.changes["now"], "Would have to be": why.changes["then"],
        "Distance": [f"{value:.2f} sd" for value in why.changes["distance"]],
        "Then in": [int(one) for one in why.changes["segment"]],
    })  # fmt: skip
    formats = {"Then in": lambda segment: segment_badge(segment, names.get(segment, ""))}
    return table(frame, caption="The smallest change of one column alone that would move this customer, in standard deviations (sd) of "
                 "everyone; each was tried with the algorithm itself", formats=formats)  # fmt: skip
