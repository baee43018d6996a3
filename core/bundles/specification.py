"""A :class:`core.model.Model` as plain JSON that names its arrays, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from core.bundles.archive import refused
from core.bundles.schema import require
from core.errors import BadRequest
from core.model import Feature, Kind, LearnedColumn, Model, ModelSegment, Plan, Preparation
from core.model.trained import MODEL_VERSION

FORMAT = "segment-atlas-model"
OWN = ("segment_of", "references", "reference_segments", "centres", "axes", "middle")
"""Arrays of the model itself, under these names; those of the preparation and of the algorithm have a prefix."""
PLACING, DONORS = "place_", "donors"


def packed(model: Model) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """The specification, and the arrays by name."""
    plain = {name: getattr(model, name) for name in _plain_fields()}
    body = plain | {
        "format": FORMAT,
        "version": MODEL_VERSION,
        "versions": dict(model.versions),
        "params": dict(model.params),
        "plan": json.loads(model.plan.to_json()),
        "preparation": _preparation(model.preparation),
        "segments": [vars(segment) for segment in model.segments],
    }
    arrays = {name: getattr(model, name) for name in OWN} | {DONORS: model.preparation.donors}
    return body, arrays | {PLACING + name: np.asarray(array) for name, array in model.arrays.items()}


def unpacked(body: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Model:
    """The model; raises :class:`BadRequest` where the specification is none."""
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise refused("it is no model of Segment Atlas")
    if body.get("version") != MODEL_VERSION:
        raise refused("the model was written by another version, and this one cannot read it")
    require(body, "model")
    missing = [name for name in (*OWN, DONORS) if name not in arrays]
    if missing:
        raise refused(f"it lacks the array {missing[0]}")
    try:
        kept = {name: _tuples(body[name]) for name in _plain_fields() if name in body}
        own = {name: arrays[name] for name in OWN}
        placing = {name.removeprefix(PLACING): array for name, array in arrays.items() if name.startswith(PLACING)}
        return Model(
            **kept | own,
            versions=body["versions"],
            params=body["params"],
            plan=Plan.from_json(json.dumps(body["plan"])),
            preparation=_prepared(body["preparation"], arrays[DONORS]),
            segments=tuple(ModelSegment(**segment) for segment in body["segments"]),
            arrays=placing,
        )
    except BadRequest:
        raise
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise refused("its specification is none of a model") from problem


def _plain_fields() -> tuple[str, ...]:
    """Fields of a model that are JSON as they are."""
    apart = {"versions", "params", "plan", "preparation", "segments", "arrays", *OWN}
    return tuple(field.name for field in fields(Model) if field.name not in apart)


def _preparation(made: Preparation) -> dict[str, Any]:
    return {
        "columns": [vars(column) | {"kind": str(column.kind)} for column in made.columns],
        "features": [vars(feature) for feature in made.features],
        "neighbours": made.neighbours,
    }


def _prepared(body: Mapping[str, Any], donors: np.ndarray) -> Preparation:
    return Preparation(
        columns=tuple(_column(one) for one in body["columns"]),
        features=tuple(Feature(**one) for one in body["features"]),
        neighbours=body["neighbours"],
        donors=donors,
    )


def _column(body: Mapping[str, Any]) -> LearnedColumn:
    return LearnedColumn(**{name: _tuples(value) for name, value in body.items()} | {"kind": Kind(body["kind"])})


def _tuples(value: Any) -> Any:
    """Lists as the tuples that nouns hold."""
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
