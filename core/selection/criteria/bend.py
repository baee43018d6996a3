"""The bend in the spread within segments."""

from __future__ import annotations

from core.selection.criteria.entry import Arguments, Criterion, Vote


def vote(arguments: Arguments) -> Vote:
    """The knee of the inertia of K-means over the number of segments.

    Source: Satopaa, Albrecht, Irwin & Raghavan (2011), doi:10.1109/ICDCSW.2011.20.
    """
    from kneed import KneeLocator

    series = arguments.series("inertia", "kmeans")
    if len(series) < 4:
        return Vote(None, "it needs K-means with at least four numbers of segments")
    ks = sorted(series)
    knee = KneeLocator(ks, [series[k] for k in ks], curve="convex", direction="decreasing").knee
    if knee is None:
        return Vote(None, "the spread falls evenly, without a bend")
    return Vote(int(knee), "beyond it the spread within segments falls more slowly")


BEND = Criterion(name="bend", label="Bend in the spread (elbow)", vote=vote)
