"""What a list of runs tells of a finished comparison, kept beside it, so that the list decodes none."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import fmean

from core.model import NOISE, Comparison
from dashboard.store.database import Database


@dataclass(frozen=True)
class Summary:
    """A comparison in a few words: ``rows`` customers of the table, ``candidates`` with segments of ``tried``.

    ``key``, ``label`` and ``algorithm`` are those of the recommended candidate, "" where nothing is recommended; so are
    its ``segments``, ``silhouette`` (-1..1), ``stability`` (mean adjusted Rand index), ``placed`` and ``smallest`` (shares of
    all customers, 0..1), None where not known. ``verdict`` and ``structured`` as in :class:`core.model.Comparison`.
    """

    rows: int
    candidates: int
    tried: int
    key: str = ""
    label: str = ""
    algorithm: str = ""
    segments: int = 0
    silhouette: float | None = None
    stability: float | None = None
    placed: float | None = None
    smallest: float | None = None
    verdict: str = ""
    structured: bool = False


def summary(comparison: Comparison) -> Summary:
    """The summary of a comparison; reads what is there, computes no score."""
    rows = len(comparison.coordinates)
    usable = sum(1 for one in comparison.candidates if not one.problem)
    told = Summary(rows, usable, len(comparison.candidates))
    if comparison.recommended is None:
        return told
    best = comparison.candidate(comparison.recommended)
    sizes = [int(size) for segment, size in best.sizes.items() if segment != NOISE]
    return Summary(
        rows, usable, len(comparison.candidates), best.key, best.label, best.algorithm, best.n_segments,
        best.score("silhouette").value, fmean(best.stability) if best.stability else None,
        sum(sizes) / rows if rows else None, min(sizes, default=0) / rows if rows else None,
        comparison.verdict, comparison.structured,
    )  # fmt: skip


class Summaries:
    """By run; whose a run is, :class:`dashboard.store.Store` has checked."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, run: str, told: Summary) -> None:
        """Keep the summary of a run; of one that was deleted meanwhile nothing is kept."""
        text = json.dumps(_finite(asdict(told)), ensure_ascii=False)
        self._db.change("INSERT OR REPLACE INTO summaries SELECT id, ? FROM runs WHERE id = ?", text, run)

    def of(self, owner: str) -> dict[str, Summary]:
        """Those of all runs of this owner; one that another version wrote is left out."""
        rows = self._db.rows("SELECT run, told FROM summaries JOIN kept ON kept.id = run WHERE owner = ?", owner)
        read = {row["run"]: _read(row["told"]) for row in rows}
        return {run: told for run, told in read.items() if told is not None}


def _finite(told: Mapping[str, object]) -> dict[str, object]:
    return {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in told.items()}


def _read(text: str) -> Summary | None:
    try:
        return Summary(**json.loads(text))
    except (ValueError, TypeError):
        return None
