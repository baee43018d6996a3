"""How good the segments are, for machines."""

from __future__ import annotations

import json

from core.exports.entry import Export, Segmentation, Stream, Table
from core.model import NOISE


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """algorithm, label, params, n_segments, sizes (largest first, without noise), noise, share_placed (0..1), scores by metric.

    A metric without a value stands under does_not_apply with the reason.
    """
    candidate = segmentation.candidate
    placed = [size for segment, size in sorted(candidate.sizes.items()) if segment != NOISE]
    body = {
        "algorithm": candidate.algorithm,
        "label": candidate.label,
        "params": dict(candidate.params),
        "n_segments": candidate.n_segments,
        "sizes": sorted((int(size) for size in placed), reverse=True),
        "noise": int(candidate.sizes.get(NOISE, 0)),
        "share_placed": sum(placed) / len(table) if len(table) else 0.0,
        "scores": {score.metric: score.value for score in candidate.scores},
        "does_not_apply": {score.metric: score.because for score in candidate.scores if score.value is None},
        "because": segmentation.because,
        "notes": list(candidate.notes),
        "seed": segmentation.plan.seed,
    }
    stream.write((json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode())


SCORES_JSON = Export(
    "scores_json",
    "Scores (JSON)",
    "scores.json",
    "application/json",
    write,
    help="The scores of this segmentation and the reason for the recommendation, for machines.",
)
