"""A recipe that was saved, looked at before the page takes it: ``POST /recipes/<dataset>`` with its JSON as the body.

Answers ``{"text": the recipe as this program writes it}``; problems answer ``{"error": text}``.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from core.model import SavedRecipe
from dashboard.security.guards import refuse
from dashboard.services import owner, services

LARGEST = 2**18
MARK = "X-Atlas"
blueprint = Blueprint("recipes", __name__)


@blueprint.before_request
def only_our_page() -> Response | None:
    """A header that another site's form or image cannot send."""
    return None if request.headers.get(MARK) == "recipe" else refuse(403, "Load recipes on the Data page.")


@blueprint.post("/recipes/<dataset>")
def check(dataset: str) -> Response:
    """The recipe in this program's own writing; anything that is no recipe is refused in words."""
    services().store.dataset(owner(), dataset)
    request.max_content_length = LARGEST
    try:
        text = request.get_data().decode("utf-8-sig")
    except UnicodeDecodeError:
        return refuse(400, "This is not a recipe of this program. Choose a recipe.json that was saved on the Data page.")
    return jsonify(text=SavedRecipe.from_json(text).to_json())
