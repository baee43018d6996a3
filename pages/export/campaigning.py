"""Lists for campaigns on the Export page: the control group, and the audience files."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
from dash import Input, Output, State, callback, html, no_update

from core.campaigns.control import MOST_SEED
from core.errors import SegmentationError
from core.exports.audience import PLATFORMS, Contacts, audience, proposed
from core.exports.campaign_list import promised
from core.model import NOISE, Table
from dashboard.address import Address
from dashboard.atlas import Looked, look
from dashboard.components import notice
from dashboard.components.export_campaign import CONTACTS, audiences, control, found, promise
from dashboard.current import current
from dashboard.security.labels import plain

SHARE, SEED, BASE = 10, 1, 5
LOOKED_AT = 3_000


def sections(looked: Looked) -> list[html.Div]:
    """Both cards as they are before anything is chosen."""
    listed = control(SHARE, SEED, BASE, _promise(looked, SHARE, SEED, BASE))
    table = looked.table()
    cards = [listed] if table is None else [listed, _audiences(looked, table)]
    return [html.Div(one, className="sa-col-12") for one in cards]


@callback(
    Output("control-shown", "children"),
    Input("control-share", "value"),
    Input("control-seed", "value"),
    Input("control-base", "value"),
    State("url", "search"),
    prevent_initial_call=True,
)
def draw(share: object, seed: object, base: object, search: str) -> object:
    """How large the groups are and what they can show."""
    looked = look(current(Address.parse(search)))
    if looked is None:
        return no_update
    if not (_whole(share, 1, 50) and _whole(seed, 0, MOST_SEED) and _whole(base, 0, 99)):
        return notice("warn", "Share is 1 to 50 %, the seed a whole number from 0, the expected rate 0 to 99 %.")
    return _promise(looked, int(share), int(seed), int(base))


@callback(
    Output("audience-shown", "children"),
    Input("audience-platform", "value"),
    Input("audience-segment", "value"),
    Input("audience-land", "value"),
    *(Input(f"audience-{what}", "value") for what in CONTACTS),
    State("url", "search"),
    prevent_initial_call=True,
)
def preview(platform: object, segment: object, country: object, *chosen: object) -> object:
    """How many customers of the segment the platform could find by these columns."""
    looked = look(current(Address.parse(chosen[-1])))
    table = looked.table() if looked is not None else None
    if table is None or platform not in PLATFORMS or not isinstance(country, str):
        return no_update
    places = {what: str(place) for what, place in zip(CONTACTS, chosen[:-1], strict=True) if _is_place(place, table)}
    return _found(looked, table, places, platform=str(platform), segment=looked.focus(segment), country=country)


def _promise(looked: Looked, share: int, seed: int, base: int) -> list:
    frame = promised(looked.segmentation, share=share / 100, base=base / 100)
    href = f"/campaign/{looked.here.run.id}/{looked.key}/list.csv?{urlencode({'share': share, 'seed': seed})}"
    return promise(frame, href, base / 100)


def _audiences(looked: Looked, table: Table) -> html.Section:
    places = {column.name: str(place) for place, column in enumerate(table.columns)}
    chosen = {what: places[name] for what, name in proposed(table).items() if what in CONTACTS}
    names = looked.segmentation.candidate.names
    segments = {str(one): f"{one}. {plain(names.get(one, ''))}" for one in looked.segments}
    columns = {place: plain(name) for name, place in places.items()}
    shown = _found(looked, table, chosen, platform="meta", segment=looked.segments[0], country="DE")
    return audiences(segments, columns, chosen, shown)


def _found(looked: Looked, table: Table, places: dict[str, str], *, platform: str, segment: int, country: str) -> list:
    """The preview over at most 3,000 customers of the segment, spread over the file."""
    mapping = {what: table.columns[int(place)].name for what, place in places.items()}
    labels = looked.segmentation.candidate.labels
    rows = np.flatnonzero(labels == segment)
    some = rows[:: -(-len(rows) // LOOKED_AT)] if len(rows) else rows
    part = np.full_like(labels, NOISE)
    part[some] = segment
    try:
        seen = replace(looked.segmentation, candidate=replace(looked.segmentation.candidate, labels=part))
        made = audience(table, seen, PLATFORMS[platform], segment=segment, contacts=Contacts(mapping, country))
    except SegmentationError as problem:
        return [notice("info", str(problem), hint=problem.hint)]
    asked = urlencode({**places, "country_code": country})
    href = f"/audience/{looked.here.run.id}/{looked.key}/{segment}/{platform}.csv?{asked}"
    return found(made, PLATFORMS[platform], len(some), len(rows), href)


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_place(place: object, table: Table) -> bool:
    return isinstance(place, str) and place.isdecimal() and len(place) < 6 and int(place) < len(table.columns)
