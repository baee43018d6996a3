"""Facts of segments in the order in which a person wants to read them.

Works on ``Segmentation.contrasts`` (:mod:`core.profiles.differences`): a signal is a number, a flag or one value of a
category; its caption is unique. Effects are standardised differences (Cohen's d) of a segment from everyone else.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

SHAPING = "feature"
CUT = 20.0  # where core.profiles.differences ends effects
COLUMNS = ("all", "shaping", "other")
_WORDS = ["column", "level", "caption", "kind", "role", "unit"]
_FIGURES = ["own", "rest", "everyone", "effect", "delta", "steady", "filled"]


def known(contrasts: pd.DataFrame, columns: str = "all") -> pd.DataFrame:
    """The facts of the columns asked for: "all", those "shaping" the segments, or the "other" ones; never a gap in words."""
    facts = contrasts.reindex(columns=["segment", *_WORDS, *_FIGURES])
    facts = facts.assign(**{name: facts[name].astype(object).fillna("") for name in _WORDS})
    facts = facts.astype({"segment": "int64"} | dict.fromkeys(_FIGURES, "float64"))
    shapes = facts["role"] == SHAPING
    return facts if columns not in COLUMNS[1:] else facts[shapes if columns == "shaping" else ~shapes]


def distinct(facts: pd.DataFrame) -> pd.DataFrame:
    """``facts`` without the second value of a category that has but two: it says the same the other way round."""
    levels = facts[facts["level"] != ""].drop_duplicates("caption")
    two = levels.groupby("column")["everyone"].agg(["size", "sum"])
    mirrored = two.index[(two["size"] == 2) & (two["sum"] > 1 - 1e-6)]
    second = levels[levels["column"].isin(mirrored)].sort_values("caption").drop_duplicates("column", keep="last")
    return facts[~facts["caption"].isin(second["caption"])]


def strongest(facts: pd.DataFrame, segment: int) -> pd.DataFrame:
    """The strongest signal of each column for one segment, the strongest first; of equal ones what it has more of."""
    return _by_strength(facts[facts["segment"] == segment])


def between(facts: pd.DataFrame, segment: int, other: int) -> pd.DataFrame:
    """The same for a segment against another one, whose figures stand in ``rest``; ``steady`` and ``delta`` are not known.

    ``effect`` is the difference of both averages in standard deviations: of two shares in their own pooled one, of
    numbers in the root mean square of the pooled ones behind the stored effects of both.
    """
    own, its = (facts[facts["segment"] == one].set_index("caption") for one in (segment, other))
    own = own[own.index.isin(its.index)]
    its = its.loc[own.index]
    away = own["own"] - its["own"]
    spread = _spread_between(own, its)
    effect = (away / spread.where(spread > 0)).where(away != 0, 0.0).clip(-CUT, CUT)
    changed = own.assign(rest=its["own"], effect=effect, steady=np.nan, delta=np.nan).reset_index()
    return _by_strength(changed[list(facts.columns)])


def _spread_between(own: pd.DataFrame, its: pd.DataFrame) -> pd.Series:
    """The standard deviation in which two segments are told apart, by caption; NaN where none is known."""
    squares = []
    for one in (own, its):
        effect = one["effect"]
        away = (one["own"] - one["rest"]).abs()
        squares.append((away / effect.abs().where(effect.abs() > 1e-9)) ** 2)
    numbers = pd.concat(squares, axis=1).mean(axis=1)
    parts = [one["own"] * (1 - one["own"]) for one in (own, its)]
    counts = [one["filled"] for one in (own, its)]
    shares = (parts[0] * counts[0] + parts[1] * counts[1]) / (counts[0] + counts[1] - 2).clip(lower=1)
    return np.sqrt(shares.where(own["kind"] != "number", numbers))


def _by_strength(facts: pd.DataFrame) -> pd.DataFrame:
    strength = facts["effect"].abs().fillna(-1.0)
    # of the two values of a column the one that the segment has more of is easier to read
    keys = {"_strength": strength.round(9), "_fewer": facts["effect"] < 0}
    ordered = facts.assign(**keys).sort_values(["_strength", "_fewer", "caption"], ascending=[False, True, True], kind="stable")
    return ordered.drop_duplicates("column").drop(columns=list(keys)).reset_index(drop=True)


def common_order(facts: pd.DataFrame) -> list[str]:
    """The columns, those first in which segments differ most: the root mean square of their effects, ties by name."""
    strength = _strength(facts, "caption").groupby(facts.drop_duplicates("caption").set_index("caption")["column"]).max()
    return [str(name) for name in strength.sort_index().sort_values(ascending=False, kind="stable").index]


def in_order(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """``rows`` in the order of ``columns``."""
    place = {name: at for at, name in enumerate(columns)}
    return rows.assign(_at=rows["column"].map(place)).sort_values("_at", kind="stable").drop(columns="_at").reset_index(drop=True)


def _strength(facts: pd.DataFrame, by: str) -> pd.Series:
    squares = facts["effect"].fillna(0.0) ** 2
    return np.sqrt(squares.groupby(facts[by]).mean())


def telling(facts: pd.DataFrame, most: int) -> list[str]:
    """At most ``most`` captions, those first in which segments differ most; ties by caption."""
    found = _strength(facts, "caption").sort_index().sort_values(ascending=False, kind="stable")
    return [str(caption) for caption in found.index[:most]]


def grid(facts: pd.DataFrame, captions: Sequence[str], value: str = "effect") -> pd.DataFrame:
    """``value`` by caption (down) and segment (across), NaN where unknown."""
    part = facts[facts["caption"].isin(list(captions))].drop_duplicates(["caption", "segment"])
    return part.pivot(index="caption", columns="segment", values=value).reindex(list(captions))


def standardised(facts: pd.DataFrame) -> pd.DataFrame:
    """``facts`` with ``away``: a segment's average above everyone's, in standard deviations of everyone.

    The spread of everyone follows from one effect: the pooled variance within plus the variance between a segment and
    the rest. It is taken from the segment that lies farthest out, where it is known best, unless its effect was cut.
    """
    effect = facts["effect"].where(facts["effect"].abs() < CUT)
    apart = facts["own"] - facts["rest"]
    share = ((facts["everyone"] - facts["rest"]) / apart.where(apart != 0)).clip(0, 1)
    total = facts["filled"] / share.where(share > 0)
    within = (apart / effect.where(effect.abs() > 1e-9)) ** 2 * ((total - 2) / total).clip(0, 1)
    spread = np.sqrt(within + share * (1 - share) * apart**2)
    farthest = effect.abs()[spread.notna()].groupby(facts["caption"]).idxmax()
    known_spread = facts["caption"].map(pd.Series(spread.loc[farthest].to_numpy(), index=farthest.index))
    away = facts["own"] - facts["everyone"]
    return facts.assign(away=(away / known_spread.where(known_spread > 0)).where(away != 0, 0.0))


def alike(values: pd.DataFrame) -> list:
    """The index of ``values`` (n, m) so that rows which are alike lie side by side.

    Leaves of the average-linkage tree over Euclidean distances, neighbours turned to be as near as possible
    (Bar-Joseph, Gifford & Jaakkola 2001, doi:10.1093/bioinformatics/17.suppl_1.S22); gaps count as 0.
    """
    if len(values) < 3:
        return list(values.index)
    from scipy.cluster.hierarchy import leaves_list, linkage

    tree = linkage(values.fillna(0.0).to_numpy(), "average", optimal_ordering=True)
    return [values.index[at] for at in leaves_list(tree)]
