"""Atlas: one segmentation on one screen - cards, a map, the segment in focus against everyone, and what to make of it.

The page is a folder as its callbacks are many: ``slots`` draws each part of the screen from what is looked at, the other
modules hold the callbacks of one part each. Every part is drawn anew when ``atlas-state`` changes.
"""

from __future__ import annotations

from dash import dcc, html, register_page

from dashboard.address import Address
from dashboard.atlas import look
from dashboard.components import nothing_yet
from dashboard.current import Current, current
from pages.atlas import choosing, contrasting, customers, focus, following, mapping, shaping, slots  # noqa: F401  each registers its callbacks


def layout(**params: str) -> html.Div:
    here = current(Address.of(params))
    looked = look(here)
    if looked is None:
        return html.Div(_waiting(here), className="sa-page")
    address = here.address
    state = following.state_of(looked, looked.focus(address.focus))
    return html.Div(
        [
            dcc.Store(id="atlas-state", data=state),
            dcc.Store(id="atlas-enter", data=True),
            html.Div(slots.head(looked), id="atlas-head", className="sa-stack-page"),
            html.Div(slots.chooser(looked), id="atlas-chooser"),
            html.Div(
                [
                    html.Div(
                        [
                            shaping.above(looked),
                            html.Div(slots.cards(looked, state["focus"]), id="atlas-cards"),
                            *shaping.below(looked, state["focus"]),
                        ],
                        className="sa-atlas-left",
                    ),
                    html.Div(
                        [
                            html.Div(slots.map_card(looked, address), id="atlas-map"),
                            html.Div(slots.contrast(looked, state["focus"]), id="atlas-contrast"),
                        ],
                        className="sa-atlas-middle",
                    ),
                    slots.panel(looked, state["focus"], address.tab),
                ],
                className="sa-atlas",
            ),
            slots.overview(looked, address.view),
        ],
        className="sa-page",
        **{"data-shown-choice": looked.key},
    )


def _waiting(here: Current) -> list:
    path, text = ("/compare", "Go to Compare") if here.loaded else ("/", "Go to Data")
    go = dcc.Link(text, href=here.address.to(path), className="btn btn-primary")
    return nothing_yet(
        "Atlas",
        "No segmentation yet",
        "Compare segmentations of a customer file first; then the chosen one is mapped here.",
        go=go,
        icon_name="atlas",
    )


register_page(
    __name__,
    path="/atlas",
    order=2,
    name="Atlas",
    title="Atlas - Segment Atlas",
    icon="atlas",
    needs="choice",
    layout=layout,
)
