"""Lists for campaigns: audience files of platforms, and lists with a control group."""

from __future__ import annotations

import pandas as pd
from flask import Blueprint, Response, request

from core.errors import BadRequest
from core.exports.csv_text import write_csv
from core.model import Table
from core.neutral import neutral_column
from dashboard.atlas import Looked, named, present
from dashboard.routes.sending import file_name, send, send_csv
from dashboard.services import owner, services
from dashboard.store import NotFound

blueprint = Blueprint("audiences", __name__)


@blueprint.get("/audience/<run>/<candidate>/<int:segment>/<platform>.csv")
def audience_file(run: str, candidate: str, segment: int, platform: str) -> Response:
    """One segment for one platform: ``?country_code=DE&email=3&phone=4`` names the place of the column of each kind of contact.

    Hashes are of what the platform asks for, so nothing needs to be made harmless in them; plain cells are.
    """
    from core.exports.audience import PLATFORMS, Contacts, audience

    looked, table = _looked(run, candidate)
    if platform not in PLATFORMS or segment not in looked.segments:
        raise NotFound("audience")
    wanted, contacts = PLATFORMS[platform], Contacts(mapping_of(table), request.args.get("country_code", ""))
    found = audience(table, looked.segmentation, wanted, segment=segment, contacts=contacts)
    name = file_name(looked.here.dataset.name, f"segment-{segment}", f"{platform}.csv")
    # a platform reads no apostrophe before a plus; E.164 alone may begin with one, and is digits
    plus = [field.header for field in wanted.fields if field.what == "phone" and not field.hashed]
    return send(lambda stream: write_csv(_guarded(found.frame, plus), stream, raw=True), name)


@blueprint.get("/campaign/<run>/<candidate>/list.csv")
def campaign_file(run: str, candidate: str) -> Response:
    """Every customer in a segment with the group drawn: ``?share=10&seed=1``, share in per cent."""
    from core.exports.campaign_list import campaign_list

    looked, table = _looked(run, candidate)
    share, seed = whole("share", 10), whole("seed", 1)
    frame = campaign_list(table, looked.segmentation, share=share / 100, seed=seed)
    return send_csv(frame, file_name(looked.here.dataset.name, candidate, f"campaign-{share}-percent-seed-{seed}.csv"))


@blueprint.get("/uplift-numbers/<run>.csv")
def uplift_numbers(run: str) -> Response:
    """What one reading of results found; another's run, one of another kind and an unfinished one are not found."""
    from dashboard.routes.atlas_csv import as_text

    store = services().store
    found = store.result(owner(), run, "uplift")
    return send_csv(as_text(found.frame), file_name(store.dataset(owner(), store.run(owner(), run).dataset).name, "", "uplift.csv"))


def mapping_of(table: Table) -> dict[str, str]:
    """The column of each kind of contact that the address names by its place, from 0."""
    from core.personal import WORDS

    found = {}
    for what in WORDS:
        place = request.args.get(what, "")
        if place.isdecimal() and len(place) < 6 and int(place) < len(table.columns):
            found[what] = table.columns[int(place)].name
    return found


def whole(name: str, default: int) -> int:
    """A whole number of the address; raises :class:`BadRequest` for anything else."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdecimal()) or len(text) > 10:
        raise BadRequest(f"The {name} is a whole number.", "Go back to the Export page and try again.")
    return int(text)


def _guarded(frame: pd.DataFrame, plus: list[str]) -> pd.DataFrame:
    return frame.assign(**{name: neutral_column(frame[name]) for name in frame.columns if name not in plus})


def _looked(run: str, candidate: str) -> tuple[Looked, Table]:
    """What the owner made of a candidate, and its customers."""
    looked = named(run, candidate)
    present(looked)  # no list of segments that are still described
    table = looked.table()
    if table is None:
        raise NotFound("table")
    return looked, table
