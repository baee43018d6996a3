"""The numbers behind the charts of the Explore page as CSV, at full precision."""

from __future__ import annotations

import pandas as pd
from flask import Blueprint, Response, request

from core import explore
from core.model import Explored
from dashboard.routes.sending import file_name, send_csv
from dashboard.services import owner, services
from dashboard.store import NotFound

blueprint = Blueprint("explored", __name__)
MOST_PLACES = 8


@blueprint.get("/explored/<run>/<part>.csv")
def download(run: str, part: str) -> Response:
    """``part`` is distribution (``?column=c7``), distributions, relations, gaps, patterns or points (``?columns=c1.c2``).

    Cells that a spreadsheet would run are made harmless.
    """
    store = services().store
    explored = store.explored(owner(), run)
    dataset = store.dataset(owner(), store.run(owner(), run).dataset)
    return send_csv(_frame(explored, part), file_name(dataset.name, "", f"{part}.csv"))


def _frame(explored: Explored, part: str) -> pd.DataFrame:
    if part == "distribution":
        return explore.spreads_frame(explored, _places(explored, request.args.get("column", "")))
    if part == "points":
        return explore.points_frame(explored, _places(explored, request.args.get("columns", "")))
    made = {"relations": explore.relations_frame, "gaps": explore.gaps_frame, "patterns": explore.patterns_frame}
    if part == "distributions":
        return explore.spreads_frame(explored, range(len(explored.spreads)))
    if part not in made:
        raise NotFound("download")
    return made[part](explored)


def _places(explored: Explored, said: str) -> list[int]:
    """The places in "c1.c2", each once; an unknown column is answered like an unknown address."""
    known = {f"c{spread.place}": spread.place for spread in explored.spreads}
    asked = list(dict.fromkeys(said[:100].split(".")))[:MOST_PLACES]
    if not all(one in known for one in asked):
        raise NotFound("column")
    return [known[one] for one in asked]
