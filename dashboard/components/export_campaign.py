"""Control groups and audience files on the Export page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html

from core.exports.audience import PLATFORMS, Audience, Platform
from core.personal import WORDS
from core.personal.dialling import COUNTRIES
from dashboard.components import numbers
from dashboard.components.export_cards import anchor
from dashboard.components.forms import field, fields, select
from dashboard.components.parts import card, explain, notice
from dashboard.components.tables import table
from dashboard.security.labels import plain

CONTACTS = ("email", "phone", "first_name", "last_name", "postcode", "city", "country")
DEBOUNCE_MS = 250
"""How long nothing is typed until it counts. Were it to count on leaving the field, a click on the list would bring the former one."""
NONE = {"none": "not in this file"}
FORMULA = "https://doi.org/10.1002/0471445428"
CONSENT = (
    "Upload only customers who agreed to it: who gave you an address for an order did not thereby agree to advertising on "
    "another company's platform. Hashes of addresses are still personal data."
)


def control(share: int, seed: int, base: int, shown: Any) -> html.Section:
    """The share left alone, the seed, the rate expected anyway, and ``shown`` below."""
    body = fields(
        field("Left alone (% of each segment)", _number("control-share", share, 1, 50)),
        field("Seed", _number("control-seed", seed, 0, 2**31 - 1), help="The same seed gives the same groups again."),
        field("Buy without the campaign (%)", _number("control-base", base, 0, 99)),
    )
    why = explain(
        "Why a control group",
        "Some customers buy anyway. Only a random group that gets nothing shows what the campaign added. Small groups show only "
        "large effects: the smallest uplift stated is found in four of five such campaigns (power 0.8, two-sided 0.05).",
        FORMULA,
    )
    return card("A list with a random control group", body, html.Div(shown, id="control-shown"), why,
                help="Customers are drawn by their id and the seed, not by their place in the file.", id="control")  # fmt: skip


def promise(frame: pd.DataFrame, href: str, base: float) -> list:
    """What :func:`core.exports.campaign_list.promised` gives, and the way to the list."""
    shown = pd.DataFrame(
        {
            "Segment": frame["segment_name"],
            "Gets the campaign": frame["treated"],
            "Left alone": frame["control"],
            "Smallest uplift shown": frame["detectable"].astype(float),
        }
    )
    caption = f"The smallest uplift that such a campaign shows where {numbers.share(base)} buy anyway, in percentage points."
    return [table(shown, caption=caption, formats={"Smallest uplift shown": _points}), html.Div([anchor(href, "Download the list", "Download the campaign list (CSV)"), _kept()], className="sa-actions")]


def _kept() -> html.Span:
    return html.Span("Its column group says who gets nothing. Keep it: with it the results are read without share and seed.", className="sa-muted sa-small")


def audiences(segments: Mapping[str, str], columns: Mapping[str, str], chosen: Mapping[str, str], shown: Any) -> html.Section:
    """Platform, segment, country, and the column of each kind of contact (``columns`` by their place, ``chosen`` proposed)."""
    first = fields(
        field("Platform", select({one.name: one.label for one in PLATFORMS.values()}, "meta", id="audience-platform")),
        field("Segment", select(segments, next(iter(segments), None), id="audience-segment")),
        field("Country of your customers", select({code: land.name for code, land in COUNTRIES.items()}, "DE", id="audience-land"),
              help="For telephone numbers without a country code."),
    )  # fmt: skip
    mapping = fields(*(field(WORDS[what].capitalize(), select({**NONE, **columns}, chosen.get(what, "none"), id=f"audience-{what}"))
                       for what in CONTACTS))  # fmt: skip
    return card("Audience files", first, html.H3("Which column is which?"), mapping, html.Div(shown, id="audience-shown"),
                help="In the columns that each platform reads, with SHA-256 where it asks for it. Nothing is sent from here.", id="audience")  # fmt: skip


def found(audience: Audience, platform: Platform, looked_at: int, of: int, href: str) -> list:
    """How many of a segment can be found, what is left out, the warning and the file."""
    base = f"of {numbers.whole(looked_at)} customers" + (f" looked at; the segment has {numbers.whole(of)}" if looked_at < of else "")
    told = [
        html.Li(f"{numbers.whole(len(audience.frame))} rows for {platform.label}, {base}."),
        html.Li(f"{numbers.whole(audience.left_out)} left out: no usable e-mail address, telephone number or whole postal address."),
    ]
    if audience.twice:
        told.append(html.Li(f"{numbers.whole(audience.twice)} are there once already."))
    parts: list[Any] = [html.Ul(told)]
    if audience.warning and looked_at == of:
        parts.append(notice("warn", "This may be too few people.", audience.warning))
    parts.append(notice("info", "Have these customers agreed?", CONSENT))
    columns = ", ".join(plain(name) for name in audience.frame.columns)
    parts.append(html.P(["Columns: ", html.Span(columns, className="sa-mono")], className="sa-small"))
    parts.append(html.Div(anchor(href, "Download", f"Download the audience for {platform.label} (CSV)"), className="sa-actions"))
    return parts


def _number(name: str, value: int, low: int, high: int) -> dbc.Input:
    return dbc.Input(id=name, type="number", value=value, min=low, max=high, step=1, debounce=DEBOUNCE_MS)


def _points(value: float) -> str:
    return numbers.NOTHING if value != value else f"{100 * value:.1f} points"
