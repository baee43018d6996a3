"""Migrate: which segments of an earlier segmentation are which of a later one, and who went where."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from core import lineage, prepare
from core.errors import BadRequest
from core.memo import Memo, no_memo
from core.model import NOISE, Column, Comparison, Migration, Segmentation, Table
from core.pipeline.compare import Report, nothing

Whole = tuple[Table, Comparison, Segmentation]
REFERENCES, LOOKED_AT, NEIGHBOUR, USUAL, NEAR = 2_000, 20_000, 5, 99.5, 0.1


def migrate(
    before: Whole,
    now: Whole,
    report: Report = nothing,
    *,
    key: str = "",
    memo: Memo = no_memo,  # noqa: ARG001  the same for all steps
) -> Migration:
    """Both as (table, comparison, whole segmentation). Customers are followed by column ``key``; "" takes the id column that both have.

    Segments are matched by the customers in both files where at least a tenth of the smaller one is in both, else by their
    centres in the columns of before, prepared as they were then. Raises :class:`BadRequest` where neither can be: no
    customers are shared and columns that shaped the segments are not in the later file.
    """
    report("Following customers", 0, 100)
    followed = lineage.follow(before[0], now[0], key)
    by = "ids" if followed.enough(len(before[0])) else "centres"
    rows = _prepared(before, now[0])
    if by == "centres" and rows is None:
        raise BadRequest("These files share neither customers nor the columns that shaped the segments.", "Choose another earlier run.")
    report("Matching segments", 30, 100)
    sides = _side(before[2]), _side(now[2])
    if by == "ids":
        pairs, fates = _by_customers(before[2], now[2], followed.partner, sides=sides)
        if rows is not None:
            pairs, fates = _kept_by_place(pairs, fates, _centres(rows, before[2], now[2], sides))
    else:
        pairs, fates = _by_centres(before[2], now[2], rows, sides=sides)
    report("Counting who went where", 50, 100)
    flows, money = _flows(before, now, followed, by)
    report("Looking for drift", 70, 100)
    drifted = lineage.drift(before[0].frame, now[0].frame, _shaping(before))
    unlike = _unlike(rows, before[1].plan.seed) if rows is not None else -1.0
    border = _border(before[2]), _border(now[2])
    signs = lineage.Signs(drifted, unlike, border, _elsewhere(fates, "now"), _elsewhere(fates, "before"), _moved(flows, pairs))
    word, reason = lineage.verdict(signs)
    report("Done", 100, 100)
    return Migration(
        by=by, key=followed.key, shared=followed.shared, matched=pairs, fates=fates, flows=flows, drift=drifted, verdict=word,
        reason=reason, unlike=unlike, border=border, notes=followed.notes, **money, **_identity(before[2], pairs),
        placed_before=_labels(before[2]), placed_now=_labels(now[2]), partner=_partner(followed, by),
    )  # fmt: skip


def _side(segmentation: Segmentation) -> lineage.Side:
    candidate = segmentation.candidate
    segments = tuple(sorted(s for s in candidate.sizes if s != NOISE))
    return lineage.Side(segments, candidate.names, candidate.sizes)


def _labels(segmentation: Segmentation) -> np.ndarray:
    return segmentation.candidate.labels.astype(np.int16)


def _partner(followed: lineage.Followed, by: str) -> np.ndarray:
    return followed.partner if by == "ids" else np.full_like(followed.partner, -1)


def _by_customers(
    before: Segmentation, now: Segmentation, partner: np.ndarray, *, sides: tuple[lineage.Side, lineage.Side]
) -> tuple[dict[int, int], pd.DataFrame]:
    """The matched now-segments by before-segment, and the fates, from customers in both files."""
    here = np.flatnonzero(partner >= 0)
    was, became = _labels(before)[partner[here]], _labels(now)[here]
    alike = _spread(*lineage.shared(was, became), sides)
    pairs = lineage.matched(was, became)
    crossed = _crossed(was, became, sides)
    at = {sides[0].segments.index(i): sides[1].segments.index(j) for i, j in pairs.items()}
    fates = lineage.by_customers(crossed[1:, 1:], crossed[1:].sum(axis=1), crossed[:, 1:].sum(axis=0), pairs=at)
    return pairs, lineage.told(fates, *sides, likeness=lambda i, j: float(alike[i, j]), by="ids")


def _crossed(was: np.ndarray, became: np.ndarray, sides: tuple[lineage.Side, lineage.Side]) -> np.ndarray:
    """Customers (1 + k_before, 1 + k_now) by segment, first those not placed."""
    rows, columns = (np.searchsorted((NOISE, *side.segments), labels) for side, labels in zip(sides, (was, became), strict=True))
    shape = tuple(1 + len(side.segments) for side in sides)
    return np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)


def _spread(old: np.ndarray, new: np.ndarray, alike: np.ndarray, sides: tuple[lineage.Side, lineage.Side]) -> np.ndarray:
    """Likeness over all segments: those that nobody in both files is in have none."""
    found = np.zeros((len(sides[0].segments), len(sides[1].segments)))
    rows, columns = ([side.segments.index(int(s)) for s in some] for side, some in zip(sides, (old, new), strict=True))
    found[np.ix_(rows, columns)] = alike
    return found


def _by_centres(
    before: Segmentation, now: Segmentation, rows: tuple[np.ndarray, np.ndarray, int], *, sides: tuple[lineage.Side, lineage.Side]
) -> tuple[dict[int, int], pd.DataFrame]:
    """The same from the centres of both in the columns of before."""
    centres = _centres(rows, before, now, sides)
    sizes = tuple(np.array([side.sizes[s] for s in side.segments]) for side in sides)
    pairs, alike = lineage.matched_centres(*centres)
    fates = lineage.by_centres(*centres, sizes, pairs=pairs)
    frame = lineage.told(fates, *sides, likeness=lambda i, j: float(alike[i, j]), by="centres")
    return {sides[0].segments[i]: sides[1].segments[j] for i, j in pairs.items()}, frame


def _centres(
    rows: tuple[np.ndarray, np.ndarray, int], before: Segmentation, now: Segmentation, sides: tuple[lineage.Side, lineage.Side]
) -> list[np.ndarray]:
    """The mean of each segment, before and now, in the columns of before."""
    return [np.array([values[_labels(one) == s].mean(axis=0) for s in side.segments])
            for values, one, side in zip(rows[:2], (before, now), sides, strict=True)]  # fmt: skip


def _kept_by_place(pairs: dict[int, int], fates: pd.DataFrame, centres: list[np.ndarray]) -> tuple[dict[int, int], pd.DataFrame]:
    """Retired segments that lie where new ones do are the same, held by other customers: people move from month to month."""
    found, alike = fates.copy(), lineage.matched_centres(*centres)[1]
    at = {side: found.index[found["side"] == side].tolist() for side in ("before", "now")}
    lone = [[place for place, row in enumerate(at[side]) if found.loc[row, "fate"] == fate] for side, fate in (("before", "retired"), ("now", "new"))]
    for i, j in lineage.matched_leftovers(alike, *lone).items():
        rows = at["before"][i], at["now"][j]
        for row, other, words in ((rows[0], rows[1], "is {} now"), (rows[1], rows[0], "was {} before")):
            segment, name = int(found.loc[other, "segment"]), found.loc[other, "name"]
            told = f"By where it lies it {words.format(name)}; most of its customers are others."
            found.loc[row, ["fate", "other", "parts", "likeness", "told"]] = ["same", segment, str(segment), float(alike[i, j]), told]
        pairs = {**pairs, int(found.loc[rows[0], "segment"]): int(found.loc[rows[1], "segment"])}
    return pairs, found


def _prepared(before: Whole, now: Table) -> tuple[np.ndarray, np.ndarray, int] | None:
    """The rows of before (n_before, d) in the order of its table and those of now (n_now, d), prepared as before, and how many
    of before were fitted; None where columns are gone or of another kind."""
    table, comparison, _ = before
    kinds = {column.name: column.kind for column in now.columns}
    if any(kinds.get(column.name) is not column.kind for column in _shaping(before)):
        return None
    matrix = prepare.prepare(table, comparison.plan.recipe)
    rows = np.empty((len(table), matrix.values.shape[1]))
    rows[matrix.rows], rows[matrix.aside_rows] = matrix.values, matrix.aside_values
    later = rows if now.fingerprint == table.fingerprint else prepare.learned(table, comparison.plan.recipe)(now.frame)
    return rows, later, len(matrix.rows)


def _shaping(before: Whole) -> list[Column]:
    """The columns that shaped the segments of before."""
    table, comparison, _ = before
    named = dict.fromkeys(feature.column for feature in comparison.features)
    return [table.column(name) for name in named]


def _flows(before: Whole, now: Whole, followed: lineage.Followed, by: str) -> tuple[pd.DataFrame, dict[str, str]]:
    columns = [prepare.money_column(table, comparison.plan.recipe) for table, comparison, _ in (before, now)]
    named = columns[1] or columns[0]
    money = tuple(one[0].frame[named.name].to_numpy(dtype=float) if named and _amount(one[0], named.name) else None for one in (before, now))
    found = lineage.flows(_labels(before[2]), _labels(now[2]), _partner(followed, by), money=money)
    unit = now[1].plan.recipe.units.get(named.name, named.unit) if named else ""
    return found, {"money": named.name if named else "", "unit": unit}


def _moved(flows: pd.DataFrame, pairs: Mapping[int, int]) -> float:
    """The share (0..1) of the customers in both files who are not in the counterpart of their segment, -1 without any."""
    both = flows[(flows["before"] != 0) & (flows["now"] != 0)]
    expected = both["before"].map({NOISE: NOISE, **pairs})
    followed = int(both["customers"].sum())
    return float(both.loc[expected != both["now"], "customers"].sum() / followed) if followed else -1.0


def _amount(table: Table, name: str) -> bool:
    return name in table.frame and pd.api.types.is_numeric_dtype(table.frame[name].dtype)


def _unlike(rows: tuple[np.ndarray, np.ndarray, int], seed: int) -> float:
    """The share (0..1) of customers of now that are farther from those of before than 99.5% of these are from one another.

    Distances go to the fifth nearest of at most 2,000 customers drawn at random, of at most 20,000 customers of now.
    """
    from scipy.spatial import cKDTree

    was, here = (_ordered(part) for part in rows[:2])
    random = np.random.default_rng(seed)
    drawn = random.permutation(len(was))[:REFERENCES]
    tree, near = cKDTree(was[drawn]), min(NEIGHBOUR, len(drawn) - 1)
    asked = random.permutation(len(was))[:LOOKED_AT]
    own = np.isin(asked, drawn)
    far = tree.query(was[asked], k=[near, near + 1])[0]
    limit = np.percentile(np.where(own, far[:, 1], far[:, 0]), USUAL)
    later = here[random.permutation(len(here))[:LOOKED_AT]]
    return float((tree.query(later, k=[near])[0][:, 0] > limit * (1 + 1e-9)).mean())


def _ordered(rows: np.ndarray) -> np.ndarray:
    """The rows in an order that only their content decides."""
    return rows[np.lexsort(rows.T[::-1])]


def _border(segmentation: Segmentation) -> float:
    """The share of placed customers whose margin is below 0.1; -1 where nobody measured it."""
    placed = _labels(segmentation) != NOISE
    if len(segmentation.placing) != len(placed) or not placed.any():
        return -1.0
    return float((segmentation.placing["margin"].to_numpy()[placed] < NEAR).mean())


def _elsewhere(fates: pd.DataFrame, side: str) -> float:
    """The share of the placed customers of one side that are in segments without a counterpart."""
    own = fates[fates["side"] == side]
    return float(own.loc[own["fate"] != "same", "customers"].sum() / max(own["customers"].sum(), 1))


def _identity(before: Segmentation, pairs: Mapping[int, int]) -> dict[str, dict]:
    """What the matched segments were called, in which colour, and how described, by their number now."""
    names, colours = before.candidate.names, before.colours
    return {
        "names": {j: names[i] for i, j in pairs.items() if i in names},
        "colours": {j: colours.get(i, (i - 1) % 16 + 1) for i, j in pairs.items()},
        "descriptions": {j: before.descriptions[i] for i, j in pairs.items() if i in before.descriptions},
    }
