"""Each part of the Score page as a function of what is seen."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from flask import request

from dashboard.address import Address
from dashboard.components import card, field, graph, notice, segment_key, segmented
from dashboard.components import head as page_head
from dashboard.components.live import job_panel, problem_panel
from dashboard.components.numbers import count
from dashboard.components.score_file import choosing, mapping_form, outcome
from dashboard.components.score_form import form
from dashboard.components.score_models import about, listing, machines
from dashboard.current import mode
from dashboard.figures.score_map import names_of, placed_map
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import LIVE
from pages.score.placed import Alone
from pages.score.seen import Placing, Seen

WAYS = {"flat": "2D", "solid": "3D"}
MAP_HEIGHT = 420


def head(seen: Seen) -> list:
    """What the page is for now, with the one button that comes next."""
    run, make = seen.training, None
    if seen.wanted and (run is None or run.state not in LIVE):
        make = html.Button("Make a model of these segments", id="model-make", className="btn btn-primary")
    if seen.model is not None:
        title = f"Place new customers in {count(len(seen.model.segments), 'segment')}"
        help = f"By the model {plain(seen.shown.name)}: one by a form, a whole file, or by a program."
        parts: list[Any] = [page_head(title, help, make)]
    else:
        help = (f"{plain(seen.looked.segmentation.candidate.label)}. A model keeps what is needed to place other customers in these segments."
                if seen.looked else "Compare segmentations first and make a model of one, or open a model that was saved.")
        parts = [page_head("Place new customers in your segments", help, make)]
    if seen.wanted and run is not None and run.state in LIVE:
        parts.append(job_panel(run))
    elif seen.wanted and run is not None and run.state != "done":
        parts.append(problem_panel(run))
    if seen.looked is None and not seen.models:
        address = seen.here.address
        path, text = ("/compare", "Go to Compare") if seen.here.loaded else ("/", "Go to Data")
        parts.append(html.P(dcc.Link(text, href=address.to(path), className="btn btn-primary")))
    return parts


def about_model(seen: Seen) -> list:
    """The numbers of the model that is shown."""
    return [about(seen.shown)] if seen.model is not None else []


def for_machines(seen: Seen, key: str = "") -> list:
    """The key of the model for programs; ``key`` itself where it was just made."""
    return [machines(seen.shown, key, host=request.host_url)] if seen.model is not None else []


def models(seen: Seen) -> html.Section:
    return listing(seen.models, seen.shown.id if seen.shown else "")


def one(seen: Seen) -> list:
    """The form with what it gives at once; nothing without a model."""
    if seen.model is None:
        return []
    from core.scoring import fields

    alone = Alone.usual(seen.model)
    asked = html.Div(form(fields(seen.model)), className="sa-score-form")
    result = html.Div(alone.told(), id="score-result", className="sa-score-result", **{"aria-live": "polite"})
    return [
        card(
            "One customer", html.Div([asked, result], className="sa-score-pair"),
            help="Filled in with what is usual. Under each number is the range of the model's customers; leave empty what is not known.",
        ),
        html.Section([field("Map", segmented(WAYS, "flat", id="score-way")), html.Div(drawn(alone, "flat"), id="score-map")], className="sa-card sa-stack"),
    ]  # fmt: skip


def drawn(alone: Alone, way: str) -> html.Figure:
    """The map with the customer among those the model knows."""
    model = alone.model
    figure = placed_map(model, alone.point, alone.segment, solid=way == "solid", mode=mode())
    sentence = f"Faint: {len(model.references):,} of the {model.rows:,} customers the model was made with, drawn at random."
    return graph(figure, id="score-figure", title="Where this customer lies", sentence=sentence, height=MAP_HEIGHT,
                 key=segment_key(names_of(model)))  # fmt: skip


def whole_file(placing: Placing) -> html.Section:
    """A file of many customers: chosen, read, its columns found, placed."""
    files = {one.id: one.name for one in services().store.datasets(owner())}
    chosen = placing.dataset.id if placing.dataset else ""
    limit = services().settings.max_upload_mb
    return card(
        "A whole file", choosing(files, chosen, limit), html.Div(_file(placing), className="sa-stack sa-score-file"),
        help="Every row and column comes back, with segment, name, confidence, runner-up and whether it is unlike anyone.",
    )  # fmt: skip


def _file(placing: Placing) -> list:
    """What comes next for the chosen file."""
    state = placing.state
    if state in ("reading", "placing"):
        return [job_panel(placing.reading if state == "reading" else placing.placing)]
    if state == "unreadable":
        return [problem_panel(placing.reading)]
    if state == "unread":
        return [html.Button("Read this file", id="score-read", className="btn btn-secondary btn-sm")]
    if state in ("asks", "orders"):
        return [_elsewhere(placing)]
    parts = _mapped(placing) if placing.table is not None else []
    scored = placing.scored()
    if scored is not None:
        parts += outcome(placing.kept.model, scored, placing.table, csv=f"/scored/{placing.placing.id}.csv")
    elif state in ("unplaced", "placed"):
        parts.append(problem_panel(placing.placing))
    return parts


def _elsewhere(placing: Placing) -> html.Div:
    """A file of which something must be settled on another page first."""
    orders = placing.state == "orders"
    path, text = ("/orders", "Make customers of them") if orders else ("/", "Answer on the Data page")
    go = dcc.Link(text, href=Address(placing.dataset.id).to(path), className="btn btn-primary btn-sm")
    if orders:
        return notice("info", "This file holds order lines, one row per purchase.", "A model places customers: make one row for each first.", action=go)
    return notice("info", "This file was not understood without a doubt.", "A question about it must be answered first.", action=go)


def _mapped(placing: Placing) -> list:
    from core.scoring import proposed_mapping

    model, table = placing.kept.model, placing.table
    known = placing.placing.request["mapping"] if placing.placing else {}
    proposed = {**proposed_mapping(model, [one.name for one in table.columns]), **known}
    first = placing.placing is None
    go = html.Button(f"Place {len(table):,} customers{'' if first else ' again'}", id="score-go", className=f"btn btn-{'primary' if first else 'secondary'}")
    found = f"Columns: {sum(bool(proposed.get(name)) for name in model.columns)} of {len(model.columns)} found"
    open = first or any(not proposed.get(name) for name in model.columns)
    return [
        html.Details([html.Summary(found), html.Div(mapping_form(model, table, proposed), className="sa-stack")], className="sa-more", open=open),
        html.Div(go, className="sa-actions"),
    ]
