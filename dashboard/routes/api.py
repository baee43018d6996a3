"""Customers placed for machines: ``POST /api/score`` with a model's key, described at ``/api/openapi.json``.

No cookie is read or set, and no value that is sent is logged. Who holds a key may place customers by its model, and do
nothing else.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections import OrderedDict
from typing import Any

import numpy as np
from flask import Blueprint, Response, request

from core.errors import SegmentationError
from core.model import NOISE, Model, Scored
from dashboard.routes.api_description import MOST_CUSTOMERS, description
from dashboard.security.guards import json_body
from dashboard.services import services
from dashboard.store import Damaged, NotFound

PER_MINUTE = 120
"""Requests with one key; a burst of as many is served at once."""
MOST_KEYS = 10_000
MOST_BYTES = 8 * 2**20
"""Of a body: 1,000 customers of a hundred columns with long names fit."""
REALM = "Bearer"
blueprint = Blueprint("api", __name__)


@blueprint.get("/api/openapi.json")
def openapi() -> Response:
    """What this interface takes and gives (OpenAPI 3.1)."""
    return _answer(description(request.host_url), 200)


@blueprint.post("/api/score")
def score() -> Response:
    """Where the customers in the body belong; see :mod:`dashboard.routes.api_description`."""
    store = services().store
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    try:
        owner, model_id = store.models.by_key(key.strip() if scheme.casefold() == "bearer" else "")
    except NotFound:
        return _refused(401, "This key opens no model.", "Make a key on the Score page and send it as: Authorization: Bearer KEY.")
    wait = _pace.wait(model_id)
    if wait:
        return _refused(429, f"More than {PER_MINUTE:,} requests a minute with this key.", "Wait, or send more customers at once.", wait)
    store.touch(owner)
    try:
        model = store.models.model(owner, model_id)
    except (Damaged, NotFound):
        return _refused(410, "The model of this key can no longer be used.", "Make it again on the Score page.")
    request.max_content_length = MOST_BYTES
    if not request.is_json:
        return _refused(415, "The body does not say that it is JSON.", "Send it with the header Content-Type: application/json.")
    body = json_body()
    customers = body.get("customers") if isinstance(body, dict) else None
    if not isinstance(customers, list):
        return _refused(400, "The body is not a JSON object with a list named customers.", 'Send {"customers": [{...}]}.')
    if len(customers) > MOST_CUSTOMERS:
        return _refused(413, f"{len(customers):,} customers are more than the {MOST_CUSTOMERS:,} of one request.", "Send them in parts.")
    return _placed(model, customers)


def _placed(model: Model, customers: list) -> Response:
    from core import scoring

    try:
        frame, notes = scoring.typed_records(model, customers)
        scored = scoring.score(model, frame, notes)
        reasons = scoring.reasons(model, frame) if request.args.get("reasons") == "1" else None
    except SegmentationError as problem:
        return _refused(422, str(problem), problem.hint)
    return _answer({"customers": rows(scored, reasons), "notes": [note.text for note in scored.notes]}, 200)


def rows(scored: Scored, reasons: Any = None) -> list[dict[str, Any]]:
    """One object per customer, in their order; segment and name are null where a customer is in none."""
    columns = {name: scored.frame[name].to_list() for name in ("segment", "segment_name", "confidence", "runner_up", "unlike_anyone")}
    out = [
        {"segment": None if segment == NOISE else segment, "segment_name": None if segment == NOISE else name,
         "confidence": confidence, "runner_up": other if other > 0 else None, "unlike_anyone": bool(unlike)}
        for segment, name, confidence, other, unlike in zip(*columns.values(), strict=True)
    ]  # fmt: skip
    for row, why in zip(out, reasons or (), strict=False):
        row["reasons"] = [{"column": one.column, "cell": one.cell, "here": one.here, "there": one.there, "pull": one.pull} for one in why]
    return out


class Pace:
    """A bucket of :data:`PER_MINUTE` requests for each name, filled again evenly."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / 60
        self._size = float(per_minute)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, name: str, now: float | None = None) -> int:
        """Take one; 0 where there was one, else the whole seconds until there is."""
        now = time.monotonic() if now is None else now
        with self._lock:
            left, since = self._left.pop(name, (self._size, now))
            left = min(self._size, left + (now - since) * self._rate)
            taken = left >= 1
            self._left[name] = (left - taken, now)
            while len(self._left) > MOST_KEYS:
                self._left.popitem(last=False)
        return 0 if taken else max(1, math.ceil((1 - left) / self._rate))


_pace = Pace(PER_MINUTE)


def _answer(body: Any, status: int) -> Response:
    return Response(json.dumps(body, default=_plain, allow_nan=False), status=status, mimetype="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no JSON")


def _refused(status: int, text: str, hint: str, wait: int = 0) -> Response:
    response = _answer({"error": text, "hint": hint}, status)
    if status == 401:
        response.headers["WWW-Authenticate"] = REALM
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response
