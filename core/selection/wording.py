"""The recommendation in plain words: what was chosen, why, how it repeats, and what to try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.model import NOISE, Candidate, Limits

SUBSTANTIAL = 0.25  # silhouette: Kaufman & Rousseeuw (1990), Finding Groups in Data, table 2
GIANT = 0.85
WORDS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
# Adjusted Rand index: Steinley (2004), doi:10.1037/1082-989X.9.3.386.
REPEATS = ((0.9, "almost the same segments"), (0.8, "much the same segments"), (0.65, "roughly the same segments"))

CAUTION = "Do not target on this alone."
TRUST_FLOOR = 0.60
# Jaccard similarity over bootstrap resamples: Hennig (2007), doi:10.1016/j.csda.2006.11.025, and fpc's clusterboot.
TRUST = ((0.85, "very stable"), (0.75, "stable"), (TRUST_FLOOR, "pattern only"))


@dataclass(frozen=True)
class Found:
    """The chosen candidate; the separation that ``chance`` alone reaches; whether its segments are real, and by gaps.

    ``repeating`` is the agreement of resamples that data without segments reach, None where nobody had to ask.
    """

    candidate: Candidate
    chance: float
    structured: bool
    gaps: bool
    repeating: float | None = None

    @property
    def agreement(self) -> float | None:
        """Mean agreement of the resamples, None where there were none."""
        return float(np.mean(self.candidate.stability)) if self.candidate.stability else None


def trust_words(value: float | None) -> str:
    """How far a segment of this bootstrap Jaccard (0..1) can be trusted; "" where it is not known (None or NaN)."""
    if value is None or value != value:
        return ""
    return next((words for floor, words in TRUST if value >= floor), "do not trust")


def caution(value: float | None) -> str:
    """What a segment of this bootstrap Jaccard (0..1) carries wherever it appears: :data:`CAUTION`, or ""."""
    return CAUTION if value is not None and value < TRUST_FLOOR else ""


def worth(candidate: Candidate) -> float:
    """Silhouette over placed customers times the share placed."""
    separation = candidate.score("silhouette").value or 0.0
    return round(separation * (candidate.score("share_placed").value or 0.0), 9)


def told(found: Found, judged: Sequence[Candidate], *, fit: bool, tried: tuple[int, int] | None) -> str:
    """All sentences about a choice among ``judged`` (everything the board shows); ``fit`` is False where none was usable."""
    parts = [_gaps(found, judged) if found.gaps else _real(found, judged) if found.structured else _cut(found, judged)]
    if not fit:
        parts.append("Every candidate leaves many customers unplaced or makes a tiny segment.")
    return " ".join([*parts, *_repeats(found.candidate), *_giant(found.candidate), *_edge(found.candidate, tried)])


def broken(judged: Sequence[Candidate], limits: Limits) -> str:
    """That no candidate keeps the limits, and which one comes nearest by its smallest segment."""
    asked = []
    if limits.max_segments:
        asked.append(f"at most {limits.max_segments} segments")
    if limits.min_customers:
        asked.append(f"no segment under {limits.min_customers:,} customers")
    if limits.min_share:
        asked.append(f"no segment under {100 * limits.min_share:.3g}% of all customers")
    few = [c for c in judged if not limits.max_segments or c.n_segments <= limits.max_segments] or judged
    nearest = max(few, key=_smallest)
    return (
        f"No candidate keeps your limits ({', '.join(asked)}), so none is recommended. Nearest comes {nearest.label}: "
        f"{nearest.n_segments} segments, the smallest of {_smallest(nearest):,} customers. "
        "Loosen the limits or choose other columns."
    )


def _smallest(candidate: Candidate) -> int:
    return min((n for segment, n in candidate.sizes.items() if segment != NOISE), default=0)


def _real(found: Found, judged: Sequence[Candidate]) -> str:
    # "best separated" must hold for everything the board shows, those left out of the choice included
    value = found.candidate.score("silhouette").value
    best = len(judged) > 1 and value >= max(c.score("silhouette").value for c in judged)
    return (
        f"{_count(found.candidate)} segments by {_method(found.candidate)} are {'best' if best else 'well'} separated "
        f"(silhouette {value:.2f} of at most 1; random data of the same shape reaches {found.chance:.2f}) "
        f"and {_placing(found.candidate)}."
    )


def _gaps(found: Found, judged: Sequence[Candidate]) -> str:
    candidate, value = found.candidate, found.candidate.score("silhouette").value
    rounder = (
        f"Rounder segments get a higher silhouette than theirs ({value:.2f}) only by cutting through crowds. "
        if any(one.score("silhouette").value > value for one in judged)
        else f"Their silhouette is {value:.2f} of at most 1, as they are not round. "
    )
    return (
        f"{_count(candidate)} segments by {_method(candidate)} are separated by clear gaps: "
        f"{_together(candidate)} or more of the customers most alike stay together in each. {rounder}"
        f"They {_placing(candidate)}."
    )


def read(word: str, found: Found) -> str:
    """Why a candidate is said to be ``word`` (natural, reproducible, constructive), in one sentence with the numbers."""
    value = found.candidate.score("silhouette").value
    reached = f"silhouette {value:.2f} of at most 1; data without segments reach {found.chance:.2f}"
    if found.gaps:
        reached = f"{_together(found.candidate)} or more of the customers most alike stay together in each"
    if found.structured:
        apart = f"These segments are separated ({reached})"
        return f"{apart} {'and' if word == 'natural' else 'but'} {_again(found)}."
    apart = f"Nothing separates these segments ({reached})"
    if word == "reproducible":
        return f"{apart}, but {_again(found)}: a cut that can be made again, not groups that are there by themselves."
    return f"{apart} and {_again(found)}: a cut for a purpose, others would be as good."


def _again(found: Found) -> str:
    if found.agreement is None:
        return "whether other customers give the same ones was not measured"
    without = "" if found.repeating is None else f"; cuts through data without segments reach {found.repeating:.2f}"
    return f"fits on other customers give {_same(found.agreement)} (agreement {found.agreement:.2f} of at most 1{without})"


def _together(candidate: Candidate) -> str:
    return f"{min(candidate.score('neighbours').value, 0.999):.1%}"


def _cut(found: Found, judged: Sequence[Candidate]) -> str:
    separation = round(found.candidate.score("silhouette").value, 9)
    why, reason = "customers form a continuum", f"below {SUBSTANTIAL} is weak"
    if worth(found.candidate) <= found.chance:
        why, reason = "this much separation arises by chance", f"random data of the same shape reaches {found.chance:.2f}"
    counted = worth(found.candidate)
    whole = "" if counted >= separation else f", {counted:.2f} counting customers not placed"
    return (
        f"No real segments were found: {why} (silhouette {separation:.2f} of at most 1{whole}; {reason}). "
        f"{'The best available' if len(judged) > 1 else 'This'} cut is {_count(found.candidate).lower()} segments by "
        f"{_method(found.candidate)}; they {_placing(found.candidate)}."
    )


def _repeats(candidate: Candidate) -> list[str]:
    """How far other customers lead to the same segments, where that was tried."""
    if not candidate.stability:
        return []
    mean = float(np.mean(candidate.stability))
    return [f"Other customers drawn from the same data give {_same(mean)} (agreement {mean:.2f} of at most 1)."]


def _same(agreement: float) -> str:
    return next((words for floor, words in REPEATS if agreement >= floor), "often different segments")


def _giant(candidate: Candidate) -> list[str]:
    placed = [n for segment, n in candidate.sizes.items() if segment != NOISE]
    share = max(placed) / sum(candidate.sizes.values())
    if share <= GIANT:
        return []
    return [f"One segment holds {share:.0%} of customers: try setting outliers aside or choosing other columns."]


def _edge(candidate: Candidate, tried: tuple[int, int] | None) -> list[str]:
    """That the best number lies at an end of those tried, so that a better one may lie beyond."""
    if tried is None or tried[0] == tried[1] or "n_segments" not in candidate.params:
        return []
    if candidate.n_segments == tried[1]:
        return [f"{_count(candidate)} is the largest number tried; try more."]
    return [f"{_count(candidate)} is the smallest number tried; try fewer."] if 2 < candidate.n_segments == tried[0] else []


def _count(candidate: Candidate) -> str:
    count = candidate.n_segments
    return WORDS[count] if count < len(WORDS) else f"{count}"


def _method(candidate: Candidate) -> str:
    return candidate.label.split(",")[0]


def _placing(candidate: Candidate) -> str:
    share = candidate.score("share_placed").value or 0.0
    return "place every customer" if share == 1 else f"place {min(share, 0.999):.1%} of customers"
