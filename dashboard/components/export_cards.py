"""What can be taken away, grouped by whom it is for: one card each with a sentence, its format and about how much it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from core.exports import EXPORTS
from dashboard.components import numbers
from dashboard.components.parts import card, more

GROUPS = {
    "list": ("For the list", "Every customer with the segment, for those who write to them.",
             ("customers_csv", "customers_xlsx", "customers_parquet")),
    "boss": ("For the boss", "What the segments are and what to do, to be read and printed.", ("workbook_xlsx", "personas_md")),
    "machines": ("For machines", "Numbers, rules and the plan, for programs and colleagues who check.",
                 ("profiles_csv", "scores_json", "rules_sql", "plan_json")),
}  # fmt: skip
FORMATS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet", "json": "JSON", "md": "Markdown", "sql": "SQL"}
RAW = ("customers_csv", "customers_parquet", "profiles_csv")


def group(name: str, *cards: Any, more_below: tuple = ()) -> html.Section:
    """A group under its heading; ``more_below`` stands under its cards at full width."""
    title, help, _ = GROUPS.get(name, ("For campaigns", "Who to write to, whom to leave alone, and what it brought.", ()))
    title_id = f"export-group-{name}"
    return html.Section(
        [
            html.Div([html.H2(title, id=title_id), html.P(help, className="sa-help")], className="sa-export-head"),
            html.Div(list(cards), className="sa-grid"),
            *more_below,
        ],
        className="sa-export-group",
        **{"aria-labelledby": title_id},
    )


def download(base: str, name: str, rows: int) -> html.Div:
    """One export in half the width; ``base`` is the address of the candidate's files."""
    return html.Div(_card(base, name, rows), className="sa-col-6")


def _card(base: str, name: str, rows: int, *, action: Any = None, state: str = "") -> html.Section:
    """``action`` stands in place of the link, ``state`` below."""
    export = EXPORTS[name]
    link = action if action is not None else anchor(f"{base}/{name}", "Download", f"Download {export.label} ({export.filename})")
    fact = f"{FORMATS[export.filename.rpartition('.')[2]]} · {export.filename} · {_size(name, rows)}"
    body = [html.P(fact, className="sa-muted sa-small"), *([html.P(state, className="sa-small", role="status")] if state else [])]
    return card(export.label, *body, actions=link, help=export.help, id=f"export-{name}")


def capsule(href: str) -> html.Div:
    """The run as a file that makes it again, in half the width."""
    link = anchor(href, "Download", "Download the capsule of this run (capsule.zip)")
    shown = card("Capsule to replay this run", html.P("ZIP · capsule.zip · plan, versions and labels, without your data", className="sa-muted sa-small"),
                 actions=link, help="python -m core replay CAPSULE --data FILE makes the segments again and names what differs.", id="export-capsule")  # fmt: skip
    return html.Div(shown, className="sa-col-6")


def raw(base: str) -> html.Section:
    """The same files as they were read, behind their warning."""
    links = [html.Li(html.A(f"{EXPORTS[name].label}, raw", href=f"{base}/{name}?raw=1", download="")) for name in RAW]
    warning = "Do not open the CSV files in a spreadsheet if others can write into your data. Raw Parquet is text, as read."
    return html.Section(
        more("For machines: without the leading apostrophes", html.Ul(links), html.P(warning, className="sa-muted")), className="sa-card"
    )


def anchor(href: str, text: str, label: str, *, primary: bool = True) -> html.A:
    """A link that saves a file and looks like a button."""
    look = "btn-primary" if primary else "btn-secondary"
    return html.A(text, href=href, download="", className=f"btn {look}", **{"aria-label": label})


def book(base: str, rows: int, *, state: str, action: Any) -> html.Section:
    """The workbook: made at once for few customers, by a job for many; ``state`` says how far that is."""
    return _card(base, "workbook_xlsx", rows, action=action, state=state)


def _size(name: str, rows: int) -> str:
    known: Mapping[str, str] = {
        "workbook_xlsx": f"{numbers.count(rows, 'customer')}, one sheet for each segment",
        "personas_md": "about a page for each segment", "profiles_csv": "a row for each segment and column",
        "scores_json": "some kB", "rules_sql": "one SELECT for each segment", "plan_json": "some kB",
    }  # fmt: skip
    return known.get(name, numbers.count(rows, "row"))
