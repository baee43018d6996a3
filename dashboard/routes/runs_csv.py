"""The list of runs, and what is told of runs side by side, as CSV at full precision."""

from __future__ import annotations

import pandas as pd
from flask import Blueprint, Response, request

from dashboard.components.runs_asked import Past
from dashboard.components.runs_differences import agreements, differing, scores, sizes
from dashboard.components.runs_words import made_words, plan_words, state_words, took, when
from dashboard.history import history, side_by_side
from dashboard.routes.atlas_csv import as_text
from dashboard.routes.sending import send_csv
from dashboard.store import NotFound

blueprint = Blueprint("runs_csv", __name__)
PARTS = {"parameters": differing, "scores": scores, "sizes": sizes, "agreement": agreements}
MOST = 5


@blueprint.get("/runs-numbers/list.csv")
def everything() -> Response:
    """Every comparison of this session, the newest first."""
    return send_csv(as_text(pd.DataFrame([_row(past) for past in history()], dtype=object)), "runs.csv")


@blueprint.get("/runs-numbers/<what>.csv")
def download(what: str) -> Response:
    """``what`` is parameters, scores, sizes or agreement of the runs ``picks``, the candidates ``choices`` standing for them,
    both joined by dots; fewer than two runs of this session are not found."""
    picks = request.args.get("picks", "").split(".")[:MOST]
    choices = dict(zip(picks, request.args.get("choices", "").split("."), strict=False))
    runs = side_by_side(tuple(dict.fromkeys(picks)), choices)
    if what not in PARTS or len(runs) < 2:
        raise NotFound("download")
    return send_csv(as_text(PARTS[what](runs)), f"runs-{what}.csv")


def _row(past: Past) -> dict[str, object]:
    told = past.summary
    return {
        "run": past.run.id, "started_utc": when(past.run.created), "file": past.file, "plan": plan_words(past.run.plan),
        "state": state_words(past.run), "seconds": took(past.run), "customers": told.rows if told else None,
        "best": told.label if told else "", "segments": told.segments if told and told.key else None,
        "silhouette": told.silhouette if told else None, "stability": told.stability if told else None,
        "share_placed": told.placed if told else None, "smallest_share": told.smallest if told else None,
        "verdict": told.verdict if told else "", "favourite": past.remark.favourite, "note": past.remark.note,
        "made": made_words(past.made, past.versions), "tracking": past.tracking,
    }  # fmt: skip
