"""The stated rule by which one candidate is recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.model import NOISE, Candidate
from core.selection.nulls import chance_level

NULL_ROWS = 1_000
PLACED = 0.8
SMALLEST_SHARE = 0.01
SMALLEST_ROWS = 5
SUBSTANTIAL = 0.25  # silhouette: Kaufman & Rousseeuw (1990), Finding Groups in Data, table 2
GIANT = 0.85
WORDS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True)
class Verdict:
    """``key`` of the recommended candidate, None when none has two segments; ``because`` in plain words."""

    key: str | None
    because: str
    structured: bool


def recommend(values: np.ndarray, candidates: Sequence[Candidate], seed: int) -> Verdict:
    """Pick one candidate over the fitted rows ``values`` (n, d).

    1. Only candidates that place at least 80 % of customers and whose smallest
       segment holds 1 % of them and 5 take part (all, where none does so).
    2. Worth is the silhouette over placed customers times the share placed.
    3. Of those within one standard error of the best worth, the one with the
       fewest segments wins, then the higher worth, then the order given.
    4. Segments are real when the worth exceeds 0.25 (Kaufman & Rousseeuw 1990)
       and the 95 % level that K-means with as many segments reaches on data
       without segments (see :func:`core.selection.nulls.null_data`).
    5. Where they are not real and one segment holds over 85 %, the choice is
       made again among candidates without such a giant, if there are any.
    """
    judged = [c for c in candidates if not c.problem and c.score("silhouette").value is not None]
    if not judged:
        return Verdict(None, "No candidate found two segments or more; choose other columns or another rule.", False)
    fit = [c for c in judged if _usable(c, len(values))]
    chosen, chance, structured = _judge(values, fit or judged, seed)
    balanced = [c for c in fit or judged if _largest(c) <= GIANT]
    if not structured and balanced and _largest(chosen) > GIANT:
        chosen, chance, structured = _judge(values, balanced, seed)
    # "best separated" must hold for everything the board shows, those left out of the choice included
    best = len(judged) > 1 and chosen.score("silhouette").value >= max(c.score("silhouette").value for c in judged)
    parts = [_told(chosen, structured, chance, rank="best" if best else "well", compared=len(judged) > 1)]
    if not fit:
        parts.append("Every candidate leaves many customers unplaced or makes a tiny segment.")
    return Verdict(chosen.key, " ".join([*parts, *_giant(chosen)]), structured)


def _judge(values: np.ndarray, candidates: Sequence[Candidate], seed: int) -> tuple[Candidate, float, bool]:
    """The simplest of the best, the separation chance alone reaches, and whether its segments are real."""
    chosen = _simplest_of_best(candidates)
    chance = _chance(values, chosen.n_segments, seed)
    return chosen, chance, _worth(chosen) > max(SUBSTANTIAL, chance)


def _worth(candidate: Candidate) -> float:
    separation = candidate.score("silhouette").value or 0.0
    return round(separation * (candidate.score("share_placed").value or 0.0), 9)


def _usable(candidate: Candidate, n_rows: int) -> bool:
    smallest = candidate.score("smallest_segment").value or 0
    enough = max(SMALLEST_SHARE * n_rows, min(SMALLEST_ROWS, n_rows / 10))
    return (candidate.score("share_placed").value or 0) >= PLACED and smallest >= enough


def _simplest_of_best(candidates: Sequence[Candidate]) -> Candidate:
    best = max(candidates, key=_worth)
    floor = _worth(best) - best.score("silhouette").error
    close = [c for c in candidates if _worth(c) >= floor]
    return min(close, key=lambda c: (c.n_segments, -_worth(c)))


def _chance(values: np.ndarray, n_segments: int, seed: int) -> float:
    random = np.random.default_rng(seed)
    rows = random.choice(len(values), min(NULL_ROWS, len(values)), replace=False)
    return chance_level(values[np.sort(rows)], n_segments, seed=seed)


def _told(candidate: Candidate, structured: bool, chance: float, *, rank: str, compared: bool) -> str:
    separation = round(candidate.score("silhouette").value, 9)
    count = candidate.n_segments
    shown = WORDS[count] if count < len(WORDS) else f"{count}"
    method = candidate.label.split(",")[0]
    if structured:
        return (
            f"{shown} segments by {method} are {rank} separated (silhouette {separation:.2f} of at most 1; "
            f"random data of the same shape reaches {chance:.2f}) and {_placing(candidate)}."
        )
    why, reason = "customers form a continuum", f"below {SUBSTANTIAL} is weak"
    if _worth(candidate) <= chance:
        why, reason = "this much separation arises by chance", f"random data of the same shape reaches {chance:.2f}"
    whole = "" if _worth(candidate) >= separation else f", {_worth(candidate):.2f} counting customers not placed"
    return (
        f"No real segments were found: {why} (silhouette {separation:.2f} of at most 1{whole}; {reason}). "
        f"{'The best available' if compared else 'This'} cut is {shown.lower()} segments by {method}; "
        f"they {_placing(candidate)}."
    )


def _placing(candidate: Candidate) -> str:
    share = candidate.score("share_placed").value or 0.0
    return "place every customer" if share == 1 else f"place {min(share, 0.999):.1%} of customers"


def _largest(candidate: Candidate) -> float:
    """Share of all customers in the largest segment."""
    return max(n for segment, n in candidate.sizes.items() if segment != NOISE) / sum(candidate.sizes.values())


def _giant(candidate: Candidate) -> list[str]:
    share = _largest(candidate)
    if share <= GIANT:
        return []
    return [f"One segment holds {share:.0%} of customers: try setting outliers aside or choosing other columns."]
