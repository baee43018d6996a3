"""What an unknown address shows."""

from dash import html, register_page

from dashboard.components import empty


def layout(**_params: str) -> html.Div:
    way_back = html.A("Go to Data", href="/", className="btn btn-primary")
    return html.Div(
        empty("There is no page here", "The address may be mistyped or from an older version.", way_back),
        className="sa-page sa-card",
    )


register_page(__name__, title="Not found - Segment Atlas", layout=layout)
