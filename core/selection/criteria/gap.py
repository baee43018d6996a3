"""How much tighter segments are than in data without any."""

from __future__ import annotations

from core.selection.criteria.entry import Arguments, Criterion, Vote


def vote(arguments: Arguments) -> Vote:
    """The smallest k with gap(k) >= gap(k + 1) - s(k + 1); 1 says that there are no segments.

    Source: Tibshirani, Walther & Hastie (2001), doi:10.1111/1467-9868.00293.
    """
    ks, gap, error = (arguments.gap[name].to_numpy() for name in ("k", "gap", "error"))
    for at in range(len(ks) - 1):
        if gap[at] >= gap[at + 1] - error[at + 1]:
            return Vote(int(ks[at]), "one more segment gains no more than it would in data without segments")
    return Vote(None, "up to the largest number tried, each segment gains more than in data without segments")


GAP = Criterion(name="gap", label="Gap to data without segments", vote=vote)
