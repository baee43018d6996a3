"""A segmentation fit to leave the house: without columns that tell who somebody is, and without small cells.

Everything that a report and a workbook say is made from what these functions leave, so that no part can tell more, and
both leave out the same.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from core.model import Kind, Segmentation, Table
from core.model.result import no_rows
from core.personal.small import FEWEST, complemented, withheld

FEWER, WITHHELD = f"fewer than {FEWEST}", "not told"


def small_segments(segmentation: Segmentation) -> frozenset[int]:
    """Segments of fewer than five customers, and one more where totals would give these away (NOISE may be among them);
    nothing but their existence is told."""
    return withheld(segmentation.candidate.sizes)


def fit_to_show(segmentation: Segmentation, personal: Collection[str]) -> Segmentation:
    """``segmentation`` without rows about ``personal`` columns, about small segments or small cells, about single
    customers, and without the extremes of a column, which are somebody's. What everyone's figure less those of the other
    segments would give away is left out like what it gives away."""
    small = small_segments(segmentation)
    drop = frozenset(personal)
    few = _few_contrasts(segmentation.contrasts, segmentation, small)
    return replace(
        segmentation,
        profile=_of_others(_profile(segmentation.profile, small, _levels(segmentation.contrasts[few])), drop, small),
        contrasts=_of_others(segmentation.contrasts[~few], drop, small),
        outcomes=_of_others(segmentation.outcomes, drop, frozenset()),
        rules=_rules(_of_others(segmentation.rules, frozenset(), small), drop),
        orders=_of_others(segmentation.orders, frozenset(), small),
        overlays=no_rows(),
        widths=no_rows(),
        placing=no_rows(),
        unusual=no_rows(),
    )


def _of_others(frame: pd.DataFrame, columns: frozenset[str], segments: frozenset[int]) -> pd.DataFrame:
    """The rows about neither of these."""
    if "column" in frame and columns:
        frame = frame[~frame["column"].isin(columns)]
    if "segment" in frame and segments:
        frame = frame[~frame["segment"].isin(segments)]
    return frame.reset_index(drop=True)


def _profile(frame: pd.DataFrame, small: frozenset[int], left_out: frozenset[tuple]) -> pd.DataFrame:
    """Without extremes; the most common value of a category only where five customers or more have it, and where it is not
    ``left_out`` (segment, column, level) of the contrasts."""
    if not {"minimum", "maximum", "most_common", "most_common_share", "kind"} <= set(frame.columns):
        return frame
    filled = frame["customers"].astype(float) - frame["gaps"].astype(float)
    having = (filled * frame["most_common_share"].astype(float)).round()
    flag = frame["kind"] == str(Kind.FLAG)
    yes = (filled * frame["mean"].astype(float)).round()
    keys = zip(frame["segment"], frame["column"], frame["most_common"].where(~flag, ""), strict=True)
    told = np.array([key in left_out for key in keys], dtype=bool)
    hidden = having.between(1, FEWEST - 1) | (frame["kind"] == str(Kind.DATE)) | (filled < FEWEST) | told
    unsure = (filled < FEWEST) | (flag & yes.between(1, FEWEST - 1)) | (flag & told)
    groups = [frame["column"], frame["segment"] == 0]
    hidden = _with_others([*groups, frame["most_common"]], having, hidden | frame["segment"].isin(small))
    unsure = _with_others(groups, yes.where(flag, filled), unsure | frame["segment"].isin(small))
    return frame.assign(
        minimum=np.nan,
        maximum=np.nan,
        most_common=frame["most_common"].where(~hidden, ""),
        most_common_share=frame["most_common_share"].where(~hidden, np.nan),
        mean=frame["mean"].where(~unsure, np.nan),
        median=frame["median"].where(~unsure, np.nan),
    )


def _few_contrasts(frame: pd.DataFrame, segmentation: Segmentation, small: frozenset[int]) -> pd.Series:
    """The rows (n,) with averages over, or with shares that stand for, one to four customers, and those that give these away."""
    if not {"own", "filled", "kind", "everyone"} <= set(frame.columns):
        return pd.Series(False, index=frame.index)
    filled = frame["filled"].astype(float)
    having = (filled * frame["own"].astype(float)).round()
    total = (float(sum(segmentation.candidate.sizes.values())) * frame["everyone"].astype(float)).round()
    counted = frame["kind"] != str(Kind.NUMBER)
    few = (filled < FEWEST) | (counted & (having.between(1, FEWEST - 1) | total.between(1, FEWEST - 1)))
    return _with_others([frame[name] for name in ("column", "level") if name in frame], having.where(counted, filled), few | frame["segment"].isin(small))


def _levels(contrasts: pd.DataFrame) -> frozenset[tuple]:
    """Segment, column and level of each."""
    names = ["segment", "column", "level"]
    return frozenset(contrasts[names].itertuples(index=False, name=None)) if set(names) <= set(contrasts) else frozenset()


def _with_others(groups: list[pd.Series], counts: pd.Series, hidden: pd.Series) -> pd.Series:
    """The cells ``hidden`` (n,) and, in each of the groups, those that would give them away."""
    out = hidden.to_numpy(dtype=bool, copy=True)
    keys = pd.concat([one.reset_index(drop=True) for one in groups], axis=1, keys=range(len(groups)))
    for rows in keys.groupby(list(keys), dropna=False, sort=False).indices.values():
        if out[rows].any():
            out[rows] = complemented(counts.to_numpy(dtype=float)[rows], out[rows])
    return pd.Series(out, index=hidden.index)


def _rules(frame: pd.DataFrame, columns: frozenset[str]) -> pd.DataFrame:
    """Without rules that ask for a personal column, or that fewer than five customers keep."""
    if not {"words", "sql", "covered"} <= set(frame.columns):
        return frame
    told = [any(name in f"{words} {sql}" for name in columns) for words, sql in zip(frame["words"], frame["sql"], strict=True)]
    few = frame["covered"].astype(float).between(1, FEWEST - 1)
    return frame[~(np.array(told, dtype=bool) | few)].reset_index(drop=True)


def names_to_show(table: Table, segmentation: Segmentation, hidden: Collection[str]) -> dict[int, str]:
    """Names by segment; a name that holds a column of ``hidden`` or one of its values gives way to the number."""
    words = {name.casefold() for name in hidden}
    for column in table.columns:
        if column.name in hidden and column.kind is Kind.CATEGORY:
            words |= {str(cell).casefold() for cell in np.unique(table.frame[column.name].dropna().astype(str))}
    words = {word for word in words if len(word) > 2}
    names = segmentation.candidate.names
    return {one: f"Segment {one}" if any(word in name.casefold() for word in words) else name for one, name in names.items()}
