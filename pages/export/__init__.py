"""Export: take the labelled customers, the profiles and the plan away."""

from __future__ import annotations

from dash import Input, Output, State, callback, dcc, html, no_update, register_page

from core.errors import SegmentationError
from core.model import NOISE
from core.selection import CAUTION, caution
from dashboard import jobs
from dashboard.address import Address
from dashboard.atlas import Looked, describe, look
from dashboard.components import head, intake, nothing_yet, notice, numbers, stat, stats
from dashboard.components.export_cards import GROUPS, capsule, download, group, raw
from dashboard.current import Current, current
from dashboard.security.labels import plain
from pages.export import booking, campaigning, report, sharing, uplifting


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    looked = look(here)
    if looked is None:
        return html.Div(_waiting(here), className="sa-page")
    body = html.Div(_exports(looked), id="export-body", className="sa-stack-page")
    return html.Div([dcc.Store(id="export-told", data=_told(looked)), body], className="sa-page")


def _told(looked: Looked) -> list[str]:
    """What has to change for the page to be drawn anew: the version, and what became of the job that describes it."""
    return [looked.key, str(looked.shaping.now), looked.run.state if looked.run else ""]


@callback(
    Output("portray-request", "data", allow_duplicate=True),
    Output("said", "children", allow_duplicate=True),
    Input("export-told", "data"),
    State("url", "search"),
    prevent_initial_call="initial_duplicate",
)
def ask(_told: object, search: str) -> tuple:
    """Have the segments described that are to be taken away, where nobody has described them as they are now."""
    looked = look(current(Address.parse(search)))
    if looked is None or looked.run is not None:
        return no_update, no_update
    try:
        return describe(looked).id, no_update
    except SegmentationError as problem:
        return no_update, notice("bad", str(problem), hint=problem.hint)


@callback(
    Output("export-told", "data"),
    Output("export-body", "children"),
    Input("jobs-state", "data"),
    State("url", "search"),
    State("url", "pathname"),
    State("export-told", "data"),
    prevent_initial_call=True,
)
def follow(_jobs: object, search: str, pathname: str, before: object) -> tuple:
    """Draw the page anew when a job has told more."""
    looked = look(current(Address.parse(search))) if pathname == "/export" else None
    if looked is None or _told(looked) == before:
        return no_update, no_update
    return _told(looked), _exports(looked)


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


def _exports(looked: Looked) -> list:
    here, choice = looked.here, looked.key
    return [
        head(
            f"Take {looked.comparison.candidate(choice).label} away",
            "Cells that a spreadsheet would run as a formula are made harmless by a leading apostrophe.",
        ),
        *_state(looked),
        html.Section(_counted(looked), className="sa-card"),
        *_groups(looked),
        intake.delete_card(here.dataset),
    ]


def _groups(looked: Looked) -> list:
    """What can be taken away, by whom it is for."""
    base, rows = f"/download/{looked.here.run.id}/{looked.key}", len(looked.comparison.outlier)
    listed, machines = ([download(base, name, rows) for name in GROUPS[one][2]] for one in ("list", "machines"))
    again = capsule(f"/capsule/{looked.here.run.id}/{looked.key}.zip")
    boss = [booking.card(looked, base), download(base, "personas_md", rows)]
    return [
        group("list", *listed),
        group("boss", *boss, more_below=(report.section(looked), sharing.section(looked))),
        group("campaigns", *campaigning.sections(looked), uplifting.section(looked)),
        group("machines", *machines, again, more_below=(raw(base),)),
    ]


def _state(looked: Looked) -> list:
    """What to know before anything is taken away: that it is being worked out, and which segments are shaky."""
    if not looked.present and looked.run is not None and not looked.waiting:
        return [notice("bad", "These segments could not be described.", hint="Open them in the Atlas and try again there.")]
    if not looked.present:
        text = "Stability, rules and personas follow in some seconds; segments that were changed can be downloaded then."
        return [notice("info", "These segments are being described.", text)]
    candidate = looked.segmentation.candidate
    shaky = [candidate.names.get(one, f"Segment {one}") for one in looked.segments if caution(candidate.trust.get(one))]
    if not shaky:
        return []
    text = "Fits on other customers give something else in their place (Jaccard under 0.60 of at most 1); every file says so."
    return [notice("warn", f"{', '.join(map(plain, shaky))}: {CAUTION}", text)]


def _counted(looked: Looked) -> list:
    comparison, candidate = looked.comparison, looked.segmentation.candidate
    return stats(
        stat("Customers", numbers.whole(len(comparison.outlier)), base="every row of your file, in its order"),
        stat("Segments", numbers.whole(candidate.n_segments), base=comparison.candidate(looked.key).label),
        stat("Not placed", numbers.whole(candidate.sizes.get(NOISE, 0)), base="segment -1 in the file"),
        stat("Marked as extreme", numbers.whole(int(comparison.outlier.sum())), base="column outlier in the file"),
    )


callback(Output("publish-finished", "data"), Input("publish-request", "data"), background=True, prevent_initial_call=True)(
    jobs.publish
)
register_page(
    __name__,
    path="/export",
    order=7,
    name="Export",
    title="Export - Segment Atlas",
    icon="export",
    needs="choice",
    layout=layout,
)
