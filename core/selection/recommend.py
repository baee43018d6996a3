"""The stated rule by which one candidate is recommended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.metrics.neighbours import SAMPLE_ROWS
from core.model import NOISE, Candidate, Limits
from core.selection import wording
from core.selection.nulls import chance_agreement, chance_crossing, chance_level
from core.selection.wording import GIANT, SUBSTANTIAL, Found

NULL_ROWS = 1_000
PLACED = 0.8
SMALLEST_SHARE = 0.01
SMALLEST_ROWS = 5
MODERATE = 0.65  # adjusted Rand: Steinley (2004), doi:10.1037/1082-989X.9.3.386
GOOD = 0.8
CROSSED = 0.05
CLEARLY = 0.5
UNCROSSED = 0.001  # fewer crossings than this are the same


@dataclass(frozen=True)
class Verdict:
    """``key`` of the recommended candidate, None when there is none; ``because`` in plain words.

    ``word`` is the reading of Dolnicar, Gruen & Leisch (2018): "natural" segments
    are separated and, as far as tried, repeat on other customers; "reproducible"
    ones repeat without being separated, with at most half of the disagreement that
    cuts through data without segments have; "constructive" ones are a useful cut only; "none" goes
    with no recommendation.
    """

    key: str | None
    because: str
    structured: bool
    word: str = "none"


def recommend(
    values: np.ndarray,
    candidates: Sequence[Candidate],
    seed: int,
    *,
    limits: Limits | None = None,
    tried: tuple[int, int] | None = None,
) -> Verdict:
    """Pick one candidate over the fitted rows ``values`` (n, d); ``tried`` is the range of numbers of segments.

    1. Candidates that break ``limits`` are never recommended; where all do, none is.
    2. Of the others only those take part that place at least 80 % of customers
       and whose smallest segment holds 1 % of them and 5 (all, where none does so).
    3. Where stability was measured, only measured candidates take part, and of
       these only those that agree with themselves on resamples by at least 0.65
       (mean adjusted Rand index; Steinley 2004), unless none does.
    4. Worth is the silhouette over placed customers times the share placed. Of
       those within one standard error of the best worth, the one with the
       fewest segments wins, then the higher worth, then the order given.
    5. The silhouette favours round segments. A candidate with gaps around all
       its segments takes the place of one whose borders run through crowds: gaps
       are few nearest neighbours across borders, compared with that candidate and
       with cuts through data without gaps (see :func:`_rival`).
    6. Segments are real when gaps surround them all, or when the worth exceeds 0.25
       (Kaufman & Rousseeuw 1990) and the 99 % level that K-means with as many
       segments reaches on data without segments (see
       :func:`core.selection.nulls.null_data`). Where one segment holds over 85 %,
       they must have both: a giant and a tail get a high silhouette anywhere.
    7. Where they are not real and one segment holds over 85 %, the choice is
       made again among candidates without such a giant, if there are any.
    """
    judged = [c for c in candidates if not c.problem and c.score("silhouette").value is not None]
    if not judged:
        return Verdict(None, "No candidate found two segments or more; choose other columns or another rule.", False)
    limits = limits or Limits()
    allowed = [c for c in judged if keeps(c, limits)]
    if not allowed:
        return Verdict(None, wording.broken(judged, limits), False)
    fit = [c for c in allowed if usable(c, len(values))]
    pool = _steady(fit or allowed)
    found = _judge(values, pool, seed)
    balanced = [c for c in pool if largest(c) <= GIANT]
    if not found.structured and balanced and largest(found.candidate) > GIANT:
        found = _judge(values, balanced, seed)
    because = wording.told(found, judged, fit=bool(fit), tried=tried)
    return Verdict(found.candidate.key, because, found.structured, _read(values, found, seed)[0])


def read(values: np.ndarray, candidate: Candidate, seed: int) -> tuple[str, str]:
    """The word of :class:`Verdict` for any one candidate over the fitted rows ``values`` (n, d), and why.

    It is the word that :func:`recommend` gives where nothing else takes part.
    """
    if candidate.score("silhouette").value is None:
        return "none", "There are no two segments to tell apart."
    return _read(values, _judge(values, [candidate], seed), seed)


def leaders(values: np.ndarray, candidates: Sequence[Candidate], seed: int, *, limits: Limits) -> list[str]:
    """Keys whose stability is worth knowing: the best of each algorithm, and what :func:`recommend` picks without it.

    The pick stands first.
    """
    judged = [c for c in candidates if not c.problem and c.score("silhouette").value is not None]
    allowed = [c for c in judged if keeps(c, limits)] or judged
    fit = [c for c in allowed if usable(c, len(values))]
    first = recommend(values, judged, seed, limits=limits).key
    best = []
    for name in dict.fromkeys(c.algorithm for c in judged):
        own = [[c for c in some if c.algorithm == name] for some in (fit, allowed, judged)]
        best.append(_simplest_of_best(next(some for some in own if some)).key)
    return list(dict.fromkeys([*([first] if first else []), *best]))


def keeps(candidate: Candidate, limits: Limits) -> bool:
    """Whether a candidate keeps what the business can work with; customers set aside count."""
    sizes = [n for segment, n in candidate.sizes.items() if segment != NOISE]
    least = max(limits.min_customers, limits.min_share * sum(candidate.sizes.values()))
    return (not limits.max_segments or len(sizes) <= limits.max_segments) and min(sizes, default=0) >= least


def largest(candidate: Candidate) -> float:
    """Share of all customers in the largest segment."""
    return max(n for segment, n in candidate.sizes.items() if segment != NOISE) / sum(candidate.sizes.values())


def _steady(candidates: Sequence[Candidate]) -> Sequence[Candidate]:
    """Those that were measured and repeat at least moderately well, as far as there are any."""
    measured = [c for c in candidates if c.stability]
    return [c for c in measured if np.mean(c.stability) >= MODERATE] or measured or candidates


def _judge(values: np.ndarray, candidates: Sequence[Candidate], seed: int) -> Found:
    """The simplest of the best, or the one with gaps that takes its place, and whether its segments are real."""
    chosen = _simplest_of_best(candidates)
    chance = chance_level(_sample(values, NULL_ROWS, seed), chosen.n_segments, seed=seed)
    rival = _rival(values, candidates, chosen, seed)
    if rival is not None:
        return Found(rival, chance, True, gaps=True)
    real = wording.worth(chosen) > max(SUBSTANTIAL, chance)
    if largest(chosen) > GIANT:
        return Found(chosen, chance, real and _has_gaps(values, chosen, seed), gaps=False)
    gaps = not real and _has_gaps(values, chosen, seed)
    return Found(chosen, chance, real or gaps, gaps=gaps)


def _rival(values: np.ndarray, candidates: Sequence[Candidate], chosen: Candidate, seed: int) -> Candidate | None:
    """The candidate with gaps that takes the place of the ``chosen`` one, None mostly.

    Joining segments always leaves fewer borders to cross: a coarser candidate
    counts only where the chosen one has no gaps.
    """
    as_fine = _clearer([c for c in candidates if c.n_segments >= chosen.n_segments], chosen)
    if as_fine and _has_gaps(values, as_fine[0], seed):
        return as_fine[0]
    coarser = _clearer([c for c in candidates if c.n_segments < chosen.n_segments], chosen)
    if coarser and not _has_gaps(values, chosen, seed) and _has_gaps(values, coarser[0], seed):
        return coarser[0]
    return None


def _clearer(candidates: Sequence[Candidate], chosen: Candidate) -> list[Candidate]:
    """Candidates whose borders are crossed at most half as often as those of the ``chosen`` one, the best first.

    Of those crossed about as little as the least, the best is that of highest
    worth times agreement between resamples. A giant of over 85 % takes no part.
    """
    if _crossed(chosen) <= UNCROSSED:
        return []
    ceiling = min(CROSSED, CLEARLY * _crossed(chosen))
    found = [c for c in candidates if _crossed(c) <= ceiling and largest(c) <= GIANT and c.key != chosen.key]
    if not found:
        return []
    least = max(UNCROSSED, min(map(_crossed, found)) / CLEARLY)
    close = [c for c in found if _crossed(c) <= least]
    return sorted(close, key=lambda c: (-wording.worth(c) * (np.mean(c.stability) if c.stability else 1), c.n_segments))


def _crossed(candidate: Candidate) -> float:
    """The share of nearest neighbours across the border of the worst segment, 0..1."""
    return 1 - (candidate.score("neighbours").value or 0.0)


def _has_gaps(values: np.ndarray, candidate: Candidate, seed: int) -> bool:
    """Whether gaps surround all segments: borders are crossed by at most 5 % of neighbours, and at most half as
    often as cuts through data without gaps.

    Where customers of few values stand on the same points, any cut has gaps: then they tell nothing.
    """
    if _crossed(candidate) > CROSSED:
        return False
    sample = _sample(values, SAMPLE_ROWS, seed)
    level = CLEARLY * chance_crossing(sample, candidate.n_segments, seed=seed)
    return _crossed(candidate) <= level and level > UNCROSSED


def _sample(values: np.ndarray, size: int, seed: int) -> np.ndarray:
    if len(values) <= size:
        return values
    return values[np.sort(np.random.default_rng(seed).choice(len(values), size, replace=False))]


def usable(candidate: Candidate, n_rows: int) -> bool:
    """Whether a candidate places at least 80 % of customers, and no segment is a crumb among ``n_rows`` fitted ones."""
    smallest = candidate.score("smallest_segment").value or 0
    enough = max(SMALLEST_SHARE * n_rows, min(SMALLEST_ROWS, n_rows / 10))
    return (candidate.score("share_placed").value or 0) >= PLACED and smallest >= enough


def _simplest_of_best(candidates: Sequence[Candidate]) -> Candidate:
    best = max(candidates, key=wording.worth)
    floor = wording.worth(best) - best.score("silhouette").error
    close = [c for c in candidates if wording.worth(c) >= floor]
    return min(close, key=lambda c: (c.n_segments, -wording.worth(c)))


def _read(values: np.ndarray, found: Found, seed: int) -> tuple[str, str]:
    """The word for what was found, and why; cuts that repeat are compared with cuts through null data."""
    agreement = found.agreement
    repeats = agreement is None or agreement >= GOOD
    if not found.structured and agreement is not None and repeats:
        level = chance_agreement(_sample(values, NULL_ROWS, seed), found.candidate.n_segments, seed=seed)
        found = replace(found, repeating=level)
        word = "reproducible" if 1 - agreement <= CLEARLY * (1 - level) else "constructive"
    else:
        word = "natural" if found.structured and repeats else "constructive"
    return word, wording.read(word, found)
