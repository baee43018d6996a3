"""Scores of the board as votes: each the best over the numbers of segments of K-means, or of what is recommended."""

from __future__ import annotations

from collections.abc import Callable

from core.selection.criteria.entry import Arguments, Criterion, Vote, extreme


def best_of(metric: str, *, highest: bool, told: str) -> Callable[[Arguments], Vote]:
    """A vote for the best score of the recommended algorithm, of K-means where that finds its own number."""

    def vote(arguments: Arguments) -> Vote:
        own = arguments.series(metric, arguments.algorithm)
        if len(own) > 1:
            return extreme(own, highest=highest, told=f"{told} of the recommended algorithm")
        return extreme(arguments.series(metric, "kmeans"), highest=highest, told=f"{told} of K-means")

    return vote


SEPARATION = Criterion(
    name="silhouette",
    label="Separation (silhouette)",
    vote=best_of("silhouette", highest=True, told="silhouette"),
)
CONTRAST = Criterion(
    name="calinski_harabasz",
    label="Contrast (Calinski-Harabasz)",
    vote=best_of("calinski_harabasz", highest=True, told="contrast between segments"),
)
OVERLAP = Criterion(
    name="davies_bouldin",
    label="Overlap (Davies-Bouldin)",
    vote=best_of("davies_bouldin", highest=False, told="overlap of neighbouring segments"),
)
