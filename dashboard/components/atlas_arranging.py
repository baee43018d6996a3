"""In which order all segments and all columns are shown: what can be asked for, and what follows from it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from dashboard.components.atlas_signals import alike, distinct, grid, known, telling
from dashboard.components.contrast_words import caption
from dashboard.security.labels import plain

VIEWS = {"heat": "Heat map", "lines": "Lines", "widths": "Silhouettes"}
MOST_ROWS = 24
WAYS = {"down": "Highest first", "up": "Lowest first"}


class Asked(NamedTuple):
    """The view, the order of the columns of the data and of the segments, and whether the highest come first."""

    view: str = "heat"
    rows: str = "telling"
    across: str = "size"
    way: str = "down"

    @classmethod
    def of(cls, view: object, rows: object, across: object, way: object) -> Asked:
        """Whatever a callback was sent; the default for anything unknown."""
        said = [one if isinstance(one, str) else "" for one in (view, rows, across, way)]
        return cls(said[0] if said[0] in VIEWS else "heat", said[1], said[2], "up" if said[3] == "up" else "down")

    def among(self, rows: list[dict[str, str]], across: list[dict[str, str]]) -> Asked:
        """The same with the first order in place of one that is not among those offered."""
        there = [said if any(said == one["value"] for one in offered) else offered[0]["value"]
                 for said, offered in ((self.rows, rows), (self.across, across))]  # fmt: skip
        return self._replace(rows=there[0], across=there[1])


def orders(looked: Any) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The orders of columns and of segments that can be asked for, as options of lists; places, never names."""
    names = looked.segmentation.candidate.names
    rows = {"telling": "Differing most first", "file": "As in the file", "alike": "Alike together (clustered)"}
    rows |= {f"s{s}": f"By segment {s} {plain(names.get(s, ''), limit=40)}".strip() for s in looked.segments}
    across = {"size": "Largest first", "number": "By number", "alike": "Alike together (clustered)"}
    facts = distinct(known(looked.segmentation.contrasts))
    words = facts.drop_duplicates("caption").set_index("caption")
    for place, name in enumerate(telling(facts, MOST_ROWS)):
        across[f"c{place}"] = f"By {caption(words.loc[name])}"
    return _options(rows), _options(across)


def arranged(looked: Any, facts: pd.DataFrame, asked: Asked, *, most: int, value: str) -> pd.DataFrame:
    """``value`` by caption and segment, in the order that is asked for."""
    kept = telling(facts, most)
    values = grid(facts, kept, value)
    return values.loc[_down(looked, facts, values, asked), _across(looked, facts, values, asked)]


def _down(looked: Any, facts: pd.DataFrame, values: pd.DataFrame, asked: Asked) -> list:
    if asked.rows == "alike":
        return alike(values)
    if asked.rows == "file":
        place = {name: at for at, name in enumerate(looked.segmentation.profile.get("column", pd.Series(dtype=object)).unique())}
        columns = facts.drop_duplicates("caption").set_index("caption")["column"]
        return sorted(values.index, key=lambda name: (place.get(columns[name], len(place)), name))
    segment = next((s for s in values.columns if asked.rows == f"s{s}"), None)
    return list(values.index) if segment is None else list(_sorted(values[segment], asked).index)


def _across(looked: Any, facts: pd.DataFrame, values: pd.DataFrame, asked: Asked) -> list:
    by_size = [s for s in looked.segments if s in values.columns]
    if asked.across == "alike":
        return alike(values.T)
    if asked.across == "number":
        return sorted(by_size)
    name = next((name for at, name in enumerate(telling(facts, MOST_ROWS)) if asked.across == f"c{at}"), None)
    if name is None:
        return by_size
    return [s for s in _sorted(grid(facts, [name]).loc[name, by_size], asked).index]


def _sorted(values: pd.Series, asked: Asked) -> pd.Series:
    return values.sort_values(ascending=asked.way == "up", kind="stable", na_position="last")


def _options(words: dict[str, str]) -> list[dict[str, str]]:
    return [{"value": value, "label": label} for value, label in words.items()]
