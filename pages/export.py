"""Export: take the labelled customers, the profiles and the plan away."""

from __future__ import annotations

from dash import dcc, html, register_page

from core.exports import EXPORTS
from core.model import NOISE
from dashboard.address import Address
from dashboard.components import card, head, intake, more, nothing_yet, numbers, stat, stats
from dashboard.current import Current, current


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    comparison = here.comparison()
    choice = here.choice(comparison) if comparison else None
    return html.Div(_exports(here, comparison, choice) if choice else _waiting(here), className="sa-page")


def _waiting(here: Current) -> list:
    path, text = ("/compare", "Go to Compare") if here.loaded else ("/", "Go to Data")
    go = dcc.Link(text, href=here.address.to(path), className="btn btn-primary")
    return nothing_yet(
        "Export",
        "Nothing to take away yet",
        "Compare segmentations first; then lists and profiles can be downloaded here.",
        go=go,
        icon_name="export",
    )


def _exports(here: Current, comparison, choice: str) -> list:
    candidate = comparison.candidate(choice)
    rows = len(comparison.outlier)
    tiles = stats(
        stat("Customers", numbers.whole(rows), base="every row of your file, in its order"),
        stat("Segments", numbers.whole(candidate.n_segments), base=candidate.label),
        stat("Not placed", numbers.whole(candidate.sizes.get(NOISE, 0)), base="segment -1 in the file"),
        stat("Marked as extreme", numbers.whole(int(comparison.outlier.sum())), base="column outlier in the file"),
    )
    cards = [_download(here, choice, export) for export in EXPORTS.values()]
    raw = [
        html.Li(
            html.A(f"{export.label}, raw", href=f"/download/{here.run.id}/{choice}/{export.name}?raw=1", download="")
        )
        for export in EXPORTS.values()
        if export.name == "customers_csv"
    ]
    return [
        head(
            f"Take {candidate.label} away",
            "Cells that a spreadsheet would run as a formula are made harmless by a leading apostrophe.",
        ),
        html.Section(tiles, className="sa-card"),
        html.Div(cards, className="sa-grid"),
        html.Section(
            more(
                "For machines: without the leading apostrophes",
                html.Ul(raw),
                html.P(
                    "Do not open this one in a spreadsheet if others can write into your data.", className="sa-muted"
                ),
            ),
            className="sa-card",
        ),
        intake.delete_card(here.dataset),
    ]


def _download(here: Current, choice: str, export) -> html.Div:
    link = html.A(
        "Download",
        href=f"/download/{here.run.id}/{choice}/{export.name}",
        download="",
        className="btn btn-primary",
        **{"aria-label": f"Download {export.label} ({export.filename})"},
    )
    return html.Div(
        card(
            export.label, html.P(export.filename, className="sa-muted sa-small sa-mono"), actions=link, help=export.help
        ),
        className="sa-col-6",
    )


register_page(
    __name__,
    path="/export",
    order=4,
    name="Export",
    title="Export - Segment Atlas",
    icon="export",
    needs="choice",
    layout=layout,
)
