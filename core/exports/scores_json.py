"""How good the segments are, for machines."""

from __future__ import annotations

import json

from core.exports.entry import Export, Segmentation, Stream, Table
from core.exports.told import by_name, cautions
from core.model import NOISE
from core.selection import trust_words


def write(table: Table, segmentation: Segmentation, stream: Stream, *, raw: bool = False) -> None:
    """algorithm, label, params, n_segments, sizes (largest first, without noise), noise, share_placed (0..1), scores by metric.

    A metric without a value stands under does_not_apply with the reason. verdict is natural, reproducible, constructive
    or none, verdict_because why; stability (0..1, null where unknown) is the mean Jaccard similarity of each segment
    over so many resamples, trust the same in words, caution what to beware of and descriptions what a person wrote; all
    four by the name of the segment, the latter two only where there is something.
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
        "verdict": segmentation.verdict,
        "verdict_because": segmentation.reason,
        "resamples": segmentation.resamples,
        **_by_name(segmentation),
        "notes": list(candidate.notes),
        "seed": segmentation.plan.seed,
    }
    stream.write((json.dumps(body, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode())


def _by_name(segmentation: Segmentation) -> dict[str, dict[str, object]]:
    """What is told of each segment, by its name."""
    names, trust = by_name(segmentation), segmentation.candidate.trust
    beware, described = cautions(segmentation), segmentation.descriptions
    return {
        "stability": {name: float(trust[one]) if one in trust else None for name, one in names.items()},
        "trust": {name: trust_words(trust.get(one)) for name, one in names.items()},
        "caution": {name: beware[one] for name, one in names.items() if beware[one]},
        "descriptions": {name: described[one] for name, one in names.items() if described.get(one)},
    }


SCORES_JSON = Export(
    "scores_json",
    "Scores (JSON)",
    "scores.json",
    "application/json",
    write,
    help="The scores, the verdict, the stability of each segment and the reason for the recommendation, for machines.",
)
