"""Score: other customers placed in the segments of a model - one by a form, a whole file, or by programs.

``seen`` is what the page looks at, ``slots`` draws its parts, the other modules hold the callbacks of one part each.
"""

from __future__ import annotations

from dash import dcc, html, register_page

from dashboard.address import Address
from pages.score import filing, forming, keeping, slots  # noqa: F401  each registers its callbacks
from pages.score.seen import placing, seen


def layout(**params: str) -> html.Div:
    shown = seen(Address.of(params))
    here = placing(shown.shown, None) if shown.model is not None else None
    return html.Div(
        [
            dcc.Store(id="score-model", data=shown.shown.id if here else ""),
            dcc.Store(id="score-stage", data=shown.stage),
            dcc.Store(id="score-placed", data=here.dataset.id if here and here.dataset else ""),
            dcc.Store(id="score-file-stage", data=here.stage if here else []),
            dcc.Store(id="score-uploaded"),
            dcc.Store(id="model-opened"),
            dcc.Store(id="score-poke"),
            html.Div(slots.head(shown), id="score-head", className="sa-stack-page"),
            html.Div(slots.about_model(shown), id="score-about"),
            html.Div(slots.one(shown), id="score-one", className="sa-stack-page"),
            html.Div(slots.whole_file(here) if here else [], id="score-file"),
            html.Div(slots.for_machines(shown), id="score-machines"),
            html.Div(slots.models(shown), id="score-models"),
        ],
        className="sa-page",
    )


register_page(
    __name__,
    path="/score",
    order=5,
    name="Score",
    title="Score - Segment Atlas",
    icon="score",
    needs="",
    layout=layout,
)
