"""How good the segments are, for machines."""

from __future__ import annotations

import json

from core.exports.entry import Export, Segmentation, Stream, Table
from core.model import NOISE


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """algorithm, n_segments, sizes (largest first), share_placed (0..1), scores by metric name, because."""
    candidate = segmentation.candidate
    placed = [size for segment, size in sorted(candidate.sizes.items()) if segment != NOISE]
    body = {
        "algorithm": candidate.algorithm,
        "n_segments": candidate.n_segments,
        "sizes": sorted((int(size) for size in placed), reverse=True),
        "share_placed": sum(placed) / len(table) if len(table) else 0.0,
        "scores": {score.metric: score.value for score in candidate.scores},
        "because": segmentation.because,
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
