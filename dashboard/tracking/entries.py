"""What MLflow is told of a run: parameters, scores and small aggregates; no row, no name and no text from the data.

Names of columns, levels, segments and files are left out as well: any of them can say who somebody is. Columns are told
by their place and kind. What is told of fewer than :data:`FEWEST` customers is left out.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.algorithms import ALGORITHMS
from core.model import NOISE, Candidate, Comparison, Model, Plan, Recipe
from core.params import Choice

FEWEST = 5
CHARACTERS = 500
_BOARD = ("silhouette", "calinski_harabasz", "davies_bouldin")
_NUMBERS = ("number", "flag")


@dataclass(frozen=True)
class Entry:
    """One run as MLflow has it: ``params`` and ``tags`` text by name, finite ``metrics``, ``files`` bytes by name."""

    name: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    children: tuple[Entry, ...] = ()


def of_comparison(comparison: Comparison, *, seconds: float, partial: bool = False) -> Entry:
    """A comparison with a child for each candidate; ``seconds`` is how long the run took."""
    chosen = next((one for one in comparison.candidates if one.key == comparison.recommended), None)
    customers = len(comparison.outlier)
    metrics = {
        "seconds": seconds, "customers": customers, "features": len(comparison.features),
        "columns_left_out": len(comparison.dropped), "set_aside": len(comparison.aside), "candidates": len(comparison.candidates),
        **(_metrics(chosen, customers) if chosen else {}),
    }  # fmt: skip
    tags = {
        "data_fingerprint": comparison.fingerprint, "verdict": comparison.verdict or "unknown",
        "recommended": chosen.key if chosen else "none", "partial": "yes" if partial else "no",
    }  # fmt: skip
    verdict = {"verdict": comparison.verdict, "structured": comparison.structured, "recommended": comparison.recommended}
    files = {"board.csv": board(comparison), "verdict.json": json.dumps(verdict, indent=2).encode()}
    if chosen:
        files["profiles.csv"] = profiles(comparison, chosen)
    return Entry(
        "Comparison", {**of_plan(comparison.plan), **_feature_counts(comparison)}, _finite(metrics), tags, files,
        tuple(_child(one, customers) for one in comparison.candidates),
    )  # fmt: skip


def of_model(model: Model, whole: bytes | None = None) -> Entry:
    """A model by its numbers; ``whole``, the model file itself, only where this server was told to send it."""
    kinds = Counter(str(column.kind) for column in model.preparation.columns)
    params = {"candidate": model.candidate, **_params(model.algorithm, model.params), **of_plan(model.plan)}
    shares = [one.customers / model.rows for one in model.segments if one.customers >= FEWEST and model.rows]
    metrics = {"agreement": model.agreement, "compared": model.compared, "segments": len(model.segments), "customers": model.rows}
    told = {
        "algorithm": model.algorithm, "params": _params(model.algorithm, model.params), "versions": dict(model.versions),
        "columns_by_kind": dict(sorted(kinds.items())), "features": len(model.preparation.features),
        "shares": shares, "agreement": model.agreement, "unlike": model.unlike, "references_included": whole is not None,
    }  # fmt: skip
    files = {"model.json": json.dumps(told, indent=2, sort_keys=True).encode()}
    if whole is not None:
        files["model.zip"] = whole
    return Entry("Model", params, _finite(metrics), {"data_fingerprint": model.fingerprint}, files)


def of_plan(plan: Plan) -> dict[str, str]:
    """What was asked for. Of what names columns or quotes cells only the count is told."""
    recipe = plan.recipe
    told: dict[str, Any] = {name: getattr(recipe, name) for name in Recipe.OPTIONS}
    told["neighbours"] = recipe.neighbours
    for name in ("roles", "units", "answers", "fills", "skews", "orders"):
        told[f"{name}_given"] = len(getattr(recipe, name))
    told |= {
        "algorithms": ",".join(name for name in plan.algorithms if name in ALGORITHMS), "segments_low": plan.segments[0], "segments_high": plan.segments[1],
        "resamples": plan.resamples, "seed": plan.seed, "limit_segments": plan.limits.max_segments,
        "limit_customers": plan.limits.min_customers, "limit_share": plan.limits.min_share,
    }  # fmt: skip
    for algorithm, params in plan.settings.items():
        told |= {f"{algorithm}.{name}": value for name, value in _params(algorithm, params).items()}
    return {name: str(value)[:CHARACTERS] for name, value in told.items()}


def board(comparison: Comparison) -> bytes:
    """A row per candidate, in the order of the run; shares of all customers, seconds, scores at full precision."""
    head = ("candidate", "algorithm", "segments", *_BOARD, "share_placed", "seconds", "made", "recommended")
    rows = []
    for one in comparison.candidates:
        found = _metrics(one, len(comparison.outlier))
        rows.append((
            one.key, one.algorithm, one.n_segments, *(found.get(name, "") for name in _BOARD), found.get("share_placed", ""),
            one.seconds, "no" if one.problem else "yes", "yes" if one.key == comparison.recommended else "no",
        ))  # fmt: skip
    return _csv(head, rows)


def profiles(comparison: Comparison, chosen: Candidate) -> bytes:
    """Mean and median of the numbers of each segment, columns by their place in the file's profile from 1.

    Extremes are single customers, so they are left out, as is what rests on fewer than :data:`FEWEST` customers.
    """
    frame = comparison.profiles
    if frame.empty:
        return _csv(("segment", "column", "kind", "customers", "mean", "median"), [])
    frame = frame[frame["candidate"] == chosen.key]
    places = {name: number for number, name in enumerate(dict.fromkeys(frame["column"]), start=1)}
    rows = []
    for row in frame.to_dict("records"):
        known = int(row["customers"]) - int(row["gaps"] or 0)
        if str(row["kind"]) in _NUMBERS and known >= FEWEST:
            rows.append((row["segment"], places[row["column"]], row["kind"], known, row["mean"], row["median"]))
    return _csv(("segment", "column", "kind", "customers", "mean", "median"), rows)


def _child(one: Candidate, customers: int) -> Entry:
    params = {"algorithm": one.algorithm, **_params(one.algorithm, one.params)}
    tags = {"candidate": one.key, "made": "no" if one.problem else "yes"}
    return Entry(one.key, params, _finite({"seconds": one.seconds, **_metrics(one, customers)}), tags)


def _metrics(one: Candidate, customers: int) -> dict[str, float]:
    if one.problem or not customers:
        return {}
    found = {score.metric: score.value for score in one.scores if score.value is not None}
    found |= {"segments": one.n_segments, "share_placed": 1 - one.sizes.get(NOISE, 0) / customers}
    found |= {f"share_{n}": size / customers for n, size in one.sizes.items() if n != NOISE and size >= FEWEST}
    if one.stability:
        found["stability"] = sum(one.stability) / len(one.stability)
    return _finite(found)


def _params(algorithm: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Declared parameters alone, and of texts only those that the catalogue offers: no other text is ours."""
    declared = {one.name: one for one in ALGORITHMS[algorithm].params} if algorithm in ALGORITHMS else {}
    told = {}
    for name, value in given.items():
        offered = [option for option, _ in declared[name].options] if isinstance(declared.get(name), Choice) else []
        if isinstance(value, (bool, int, float)) and (name in declared or name == "n_segments") or value in offered:
            told[name] = str(value)
    return told


def _feature_counts(comparison: Comparison) -> dict[str, str]:
    shaped = {feature.column for feature in comparison.features}
    return {"columns_used": str(len(shaped)), "categories_used": str(len({f.column for f in comparison.features if f.level}))}


def _finite(given: Mapping[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in given.items() if value is not None and math.isfinite(value)}


def _csv(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()
