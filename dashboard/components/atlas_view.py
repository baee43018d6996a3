"""How a person looks at the map of the Atlas: read from an address or from the page, which may say anything."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.model import Comparison, Kind, Role, Segmentation, Table
from dashboard.address import Address
from dashboard.figures.atlas_map import PARTS
from dashboard.figures.axes import AXES, NONE, axis_options, default_axes

WAYS = {"3d": "3D", "2d": "2D"}
ALWAYS = ("middles", "noise")
FAR = {"eye": {"x": 1.9, "y": 1.9, "z": 1.0}, "center": {"x": 0, "y": 0, "z": -0.18}}
"""Where a map is looked at from on a screen as wide as a phone, so that the titles of its axes stay inside."""
FEW_VALUES = 10
"""Values of a column below which customers fall on a few lines of a map: such columns come last."""


@dataclass(frozen=True)
class View:
    """How a person looks at the map: ``way`` of :data:`WAYS`, three ``axes``, the ``parts`` shown, the segments
    ``hidden``, and the segment in ``focus``."""

    way: str
    axes: tuple[str, str, str]
    parts: frozenset[str] = frozenset(ALWAYS)
    hidden: frozenset[int] = frozenset()
    focus: int = 0

    @property
    def drawn(self) -> tuple[str, ...]:
        """The axes that are drawn: three in 3D, else at most the first two; none is named twice for nothing."""
        known = tuple(axis for axis in self.axes if axis != NONE)
        return known if self.way == "3d" and len(known) == len(AXES) else known[:2]

    @property
    def solid(self) -> bool:
        """Whether three axes are drawn."""
        return len(self.drawn) == len(AXES)


def view_of(table: Table, looked: Any, said: Mapping[str, Any]) -> View:
    """The view that ``said`` asks for (way, x, y, z, shown, hidden, focus: anything), mended where it cannot be."""
    options = axis_options(table, looked.comparison)
    usual = separating_axes(table, looked.comparison, looked.segmentation)
    asked = {name: value for name, value in said.items() if isinstance(value, str)}
    axes = tuple(asked[axis] if asked.get(axis) in options else usual[at] for at, axis in enumerate(AXES))
    if all(axis == NONE for axis in axes):
        axes = usual
    way = asked["way"] if asked.get("way") in WAYS else "3d"
    shown, hidden, focus = said.get("shown"), said.get("hidden"), said.get("focus")
    parts = frozenset(ALWAYS if shown is None else (one for one in _list(shown) if one in PARTS))
    away = frozenset(one for one in _list(hidden) if type(one) is int)
    return View(way, (axes[0], axes[1], axes[2]), parts, away, focus if type(focus) is int else 0)


def of_address(address: Address) -> dict[str, Any]:
    """What an address says of the view."""
    shown = address.shown.split(".") if address.shown else None
    return {"way": address.map, "shown": shown, **{axis: getattr(address, axis) for axis in AXES}}


def separating_axes(table: Table, comparison: Comparison, segmentation: Segmentation) -> tuple[str, str, str]:
    """The three number columns that shape the segments and lie farthest apart in them: the largest sum of absolute effects.

    Columns of few values come last. Where at most three columns shape the segments these are taken, and principal
    components where effects are unknown or fewer than two number columns have one.
    """
    usual = default_axes(table, comparison)
    used = {feature.column for feature in comparison.features}
    places = {c.name: n for n, c in enumerate(table.columns) if c.kind == Kind.NUMBER and c.name in used}
    if len(used) <= len(AXES) or segmentation.contrasts.empty:
        return usual
    frame = segmentation.contrasts
    frame = frame[frame["column"].isin(list(places)) & (frame["role"] == str(Role.FEATURE))]
    sums = frame.assign(effect=frame["effect"].abs()).groupby("column", observed=True)["effect"].sum()
    order = sorted(sums.index, key=lambda name: (table.columns[places[name]].distinct <= FEW_VALUES, -sums[name], places[name]))
    found = [f"c{places[name]}" for name in order]
    return (*found, NONE, NONE)[:3] if len(found) > 1 else usual


def drawn_key(looked: Any, view: View) -> str:
    """The candidate, and a number that is equal for equal maps. Looking at another segment changes none."""
    segmentation = looked.segmentation
    candidate = segmentation.candidate
    names = sorted(candidate.names.items()), sorted(segmentation.colours.items())
    fades = view.focus if "focus" in view.parts else 0
    said = repr((looked.key, names, view.drawn, sorted(view.parts), fades))
    return f"{looked.key} {zlib.crc32(candidate.labels.tobytes(), zlib.crc32(said.encode())):08x}"


def camera_of(said: str) -> dict[str, dict[str, float]] | None:
    """The camera that an address holds: nine numbers in thousandths; None for anything else."""
    parts = said.split(".")
    if len(parts) != 9 or not all(part.removeprefix("-").isdecimal() and len(part) <= 7 for part in parts):
        return None
    values = [int(part) / 1000 for part in parts]
    return {name: dict(zip("xyz", values[at : at + 3], strict=True)) for name, at in (("eye", 0), ("center", 3), ("up", 6))}


def _list(value: object) -> list:
    return [one for one in value if isinstance(one, int | str)] if isinstance(value, list | tuple) else []
