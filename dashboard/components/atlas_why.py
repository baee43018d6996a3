"""Why one customer is where it is: what each column speaks for, and the smallest change that would move it."""

from __future__ import annotations

from typing import Any

from dash import html

from core.model import NOISE, Segmentation, Why
from dashboard.components import numbers
from dashboard.components.atlas_cards import badge
from dashboard.components.forms import progress
from dashboard.components.live import step_of
from dashboard.components.parts import icon, more, notice
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
    shown = why.contributions.head(MOST)
    badges = [badge(segmentation, s) for s in (why.segment, why.runner_up) if s]
    against = [html.Span("against", className="sa-muted"), badges[1]] if len(badges) > 1 else []
    count = numbers.count(len(why.contributions), "column")
    strongest = f"the {numbers.whole(len(shown))} strongest of {count}" if len(shown) < len(why.contributions) else count
    head = html.H4(f"What speaks for being here: {strongest}")
    largest = float(shown["pull"].abs().max()) if len(shown) else 0.0
    pulls = [_pull(row, why, largest or 1.0) for row in shown.to_dict("records")]
    return html.Div([html.Div([badges[0], *against], className="sa-row"), head, html.Ul(pulls, className="sa-why-pulls")])


def _pull(row: dict[str, Any], why: Why, largest: float) -> html.Li:
    usuals = [("usual here", row["segment_value"], why.segment != NOISE),
              (f"usual in segment {why.runner_up}", row["runner_up_value"], why.runner_up > 0)]  # fmt: skip
    told = [html.Span(html.Strong(plain(row["own"])))]
    told += [html.Span(f"{words} {plain(str(value))}") for words, value, known in usuals if known and value]
    head = html.Div([html.Span(plain(row["column"]), className="sa-why-column"), *_bar(float(row["pull"]), largest)], className="sa-pull-row")
    return html.Li([head, html.Div(told, className="sa-why-cells")])


def _bar(pull: float, largest: float) -> list[html.Span]:
    """From the middle to the right for being here, to the left against it, the largest of all half the width; the number
    beside it says the same."""
    fill = html.Span(style={"width": f"{min(abs(pull) / largest, 1) * 50:.1f}%"}, className=f"sa-pull-{'for' if pull >= 0 else 'against'}")
    number = f"{round(pull, 2) + 0.0:+.2f}".replace("-", "\N{MINUS SIGN}")
    return [html.Span(fill, className="sa-pull", **{"aria-hidden": "true"}), html.Span(number, className="sa-num sa-pull-number")]


def _changes(why: Why, segmentation: Segmentation) -> html.Div | None:
    """What would move it, column by column."""
    if not len(why.changes):
        return None
    listed = [
        html.Li([html.Strong(plain(one["column"])), f" {plain(one['then'])} instead of {plain(one['now'])} ",
                 html.Span(f"({one['distance']:.2f} sd) ", className="sa-muted"),
                 badge(segmentation, int(one["segment"]))])
        for one in why.changes.head(MOST).to_dict("records")
    ]  # fmt: skip
    help_ = "The smallest of each column alone, in standard deviations (sd) of everyone; each was tried with the algorithm itself."
    return html.Div([html.H4("What would move this customer"), html.P(help_, className="sa-small sa-muted"),
                     html.Ol(listed, className="sa-why-changes")])  # fmt: skip
