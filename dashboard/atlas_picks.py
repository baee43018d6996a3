"""Customers chosen on the flat map: the browser sends what was drawn, and here it is asked of every customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.errors import BadRequest
from core.model import NOISE
from dashboard.atlas import Looked
from dashboard.figures.axes import NONE, axis_options, axis_values

MOST_CORNERS = 80
FARTHEST = 1e30
BLOCK = 65_536
"""Customers looked at a time, so that a million need little memory."""
_AGAIN = "Draw around the customers once more."


@dataclass(frozen=True)
class Area:
    """A part of the flat map: ``corners`` (k, 2) of a closed line in the units of the two ``axes``, and the segments
    that were hidden (``without``), whose customers are not chosen. A ``box`` is two opposite corners."""

    axes: tuple[str, str]
    kind: str
    corners: tuple[tuple[float, float], ...]
    without: tuple[int, ...] = ()

    @classmethod
    def of(cls, selection: object) -> Area:
        """Read what the browser keeps in ``atlas-picked``; raises :class:`BadRequest` for anything else."""
        body = selection if isinstance(selection, dict) else {}
        kind = "polygon" if "polygon" in body else "box"
        axes, found, without = body.get("axes"), body.get(kind), body.get("without", [])
        if not (_listed(axes, 2) and all(isinstance(axis, str) and len(axis) <= 8 for axis in axes)):
            raise BadRequest("Two axes are needed to choose customers on the map.", _AGAIN)
        if not _listed(found) or not all(_listed(one, 2) and all(map(_number, one)) for one in found):
            raise BadRequest("This is no part of the map.", _AGAIN)
        if not (_listed(without) and len(without) <= 100 and all(type(one) is int for one in without)):
            raise BadRequest("These are no segments.", _AGAIN)
        corners = [(float(x), float(y)) for x, y in found]
        if len(corners) < (3 if kind == "polygon" else 2) or (kind == "box" and len(corners) > 2):
            raise BadRequest("A line around customers has at least three corners, a box two.", _AGAIN)
        return cls((axes[0], axes[1]), kind, _fewer(corners), tuple(without))

    @classmethod
    def parse(cls, said: dict[str, str]) -> Area:
        """Read the query part that :meth:`query` wrote; raises :class:`BadRequest` for anything else."""
        try:
            values = [float(one) for one in said.get("at", "")[:4000].split("_")]
            without = [int(one) for one in said.get("without", "").split("_") if one][:100]
        except ValueError as problem:
            raise BadRequest("This is no part of the map.", _AGAIN) from problem
        pairs = [list(pair) for pair in zip(values[::2], values[1::2], strict=False)]
        kind = "polygon" if said.get("kind") == "polygon" else "box"
        return cls.of({"axes": said.get("axes", "").split("."), kind: pairs, "without": without})

    def parts(self) -> dict[str, str]:
        """The area as parts of an address."""
        at = "_".join(f"{value:.6g}".replace("+", "") for one in self.corners for value in one)
        return {"axes": ".".join(self.axes), "kind": self.kind, "at": at, "without": "_".join(map(str, self.without))}

    def kept(self) -> dict[str, Any]:
        """The area as the browser keeps it."""
        return {"axes": list(self.axes), self.kind: [list(one) for one in self.corners], "without": list(self.without)}


def picked_rows(looked: Looked, selection: object) -> np.ndarray:
    """Sorted positions in the table of all customers in a part of the map, drawn there as a point or not.

    ``selection`` is what ``atlas-picked`` holds: {"axes": two of :mod:`dashboard.figures.axes`, "polygon": corners or
    "box": [[least x, least y], [greatest x, greatest y]], "without": hidden segments}. A customer on the line of a
    polygon may be in or out, one on the edge of a box is in; one without a value on an axis is out. Raises
    :class:`BadRequest` where it is none of that.
    """
    area = selection if isinstance(selection, Area) else Area.of(selection)
    table = looked.table()
    if table is None or not set(area.axes) <= set(axis_options(table, looked.comparison)) - {NONE}:
        raise BadRequest("These are no axes of this map.", _AGAIN)
    points = axis_values(table, looked.comparison, list(area.axes))
    inside = inside_box(points, area.corners) if area.kind == "box" else inside_polygon(points, area.corners)
    return np.flatnonzero(inside & ~np.isin(looked.segmentation.candidate.labels, area.without))


def inside_box(points: np.ndarray, corners: tuple[tuple[float, float], ...]) -> np.ndarray:
    """(n,) which of ``points`` (n, 2) lie between two opposite corners, the edges included; never a gap."""
    first, second = np.array(corners, dtype=np.float32)
    low, high = np.minimum(first, second), np.maximum(first, second)
    return ((points >= low) & (points <= high)).all(axis=1)


def inside_polygon(points: np.ndarray, corners: tuple[tuple[float, float], ...]) -> np.ndarray:
    """(n,) which of ``points`` (n, 2) a closed line goes around an odd number of times (even-odd rule); never a gap."""
    line = np.array(corners, dtype=np.float64)
    near = np.flatnonzero(inside_box(points, (tuple(line.min(axis=0)), tuple(line.max(axis=0)))))
    out = np.zeros(len(points), dtype=bool)
    for start in range(0, len(near), BLOCK):
        rows = near[start : start + BLOCK]
        out[rows] = _around(points[rows].astype(np.float64), line)
    return out


def _around(points: np.ndarray, line: np.ndarray) -> np.ndarray:
    x, y = points.T
    inside = np.zeros(len(points), dtype=bool)
    for (x0, y0), (x1, y1) in zip(line, np.roll(line, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        inside ^= crosses & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
    return inside


def by_segment(looked: Looked, rows: np.ndarray) -> dict[int, int]:
    """How many of these customers are of which segment, those not placed last."""
    found, counts = np.unique(looked.segmentation.candidate.labels[rows], return_counts=True)
    pairs = sorted(zip(found.tolist(), counts.tolist(), strict=True), key=lambda one: (one[0] == NOISE, -one[1], one[0]))
    return dict(pairs)


def _fewer(corners: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """At most :data:`MOST_CORNERS` of a line drawn by hand, at even steps, with six digits: an address holds them."""
    if len(corners) > MOST_CORNERS:
        steps = np.linspace(0, len(corners) - 1, MOST_CORNERS).round().astype(int)
        corners = [corners[at] for at in steps]
    return tuple((float(f"{x:.6g}"), float(f"{y:.6g}")) for x, y in corners)


def _listed(value: object, length: int | None = None) -> bool:
    return isinstance(value, list | tuple) and len(value) <= 10_000 and length in (None, len(value))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= FARTHEST
