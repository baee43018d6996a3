"""How a table becomes a matrix, as plain JSON; and such a recipe with what it was made for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from core.errors import BadRequest
from core.model.checks import require_option
from core.model.table import Kind, Role

RECIPE_VERSION = 1
MOST_NEIGHBOURS = 50


@dataclass(frozen=True)
class Recipe:
    """How a table becomes a matrix; plain JSON. Only what differs from the proposal is listed in the mappings.

    ``roles``/``units`` by column name; ``answers`` by question key (they belong to the
    reading of the file). ``duplicates`` keep | exact (rows equal in every cell) | key (rows
    with the same customer id): the first row is kept, the others are set aside.

    ``gaps`` median | mode | constant (``fills`` by column, the median elsewhere) | knn (mean
    of the ``neighbours`` most alike, 1..50) | drop (the row is set aside); ``gap_flags`` yes
    adds a 0/1 feature for each column with gaps. ``outliers`` keep | iqr | mad | forest sets
    rows aside by that rule; under keep they are only marked, by the rule ``marks``.
    ``skew`` none | log | yeojohnson for every number, ``skews`` by column instead.
    ``scaling`` standard | robust | minmax | none. ``encoding`` of categories onehot | ordinal
    (``orders``: levels from low to high by column) | none; ``weights`` balanced lets the one-hot
    columns of a category weigh like one number together. ``money`` is the column in which
    effects are told, None for the one proposed, "" for none.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    gaps: str = "median"
    outliers: str = "keep"
    scaling: str = "standard"
    encoding: str = "onehot"
    duplicates: str = "keep"
    fills: Mapping[str, str] = field(default_factory=dict)
    neighbours: int = 5
    gap_flags: str = "no"
    marks: str = "iqr"
    skew: str = "none"
    skews: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weights: str = "balanced"
    money: str | None = None

    OPTIONS = {
        "gaps": ("median", "mode", "constant", "knn", "drop"),
        "outliers": ("keep", "iqr", "mad", "forest"),
        "scaling": ("standard", "robust", "minmax", "none"),
        "encoding": ("onehot", "ordinal", "none"),
        "duplicates": ("keep", "exact", "key"),
        "gap_flags": ("no", "yes"),
        "marks": ("iqr", "mad", "forest"),
        "skew": ("none", "log", "yeojohnson"),
        "weights": ("balanced", "none"),
    }

    def __post_init__(self) -> None:
        for name, options in self.OPTIONS.items():
            require_option(name, getattr(self, name), options)
        for mapping in (self.roles, self.units, self.answers, self.fills, self.skews):
            if not isinstance(mapping, Mapping) or not all(isinstance(v, str) for kv in mapping.items() for v in kv):
                raise BadRequest("roles, units, answers, fills and skews map names to text.")
        for role in self.roles.values():
            if role not in tuple(Role):
                raise BadRequest(f"{role!r} is not a role.", f"Roles: {', '.join(Role)}.")
        for rule in self.skews.values():
            require_option("skews", rule, self.OPTIONS["skew"])
        count = self.neighbours
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_NEIGHBOURS:
            raise BadRequest(f"The number of neighbours must be a whole number from 1 to {MOST_NEIGHBOURS}, not {count!r}.")
        if self.money is not None and not isinstance(self.money, str):
            raise BadRequest("money names a column.")
        object.__setattr__(self, "orders", _orders(self.orders))

    def skew_of(self, column: str) -> str:
        """The rule against skew for a number."""
        return self.skews.get(column, self.skew)


@dataclass(frozen=True)
class SavedRecipe:
    """A recipe with what it was made for, so that another file can be compared with that.

    ``kinds`` and ``roles`` of every column by name, ``levels`` of each category that shaped the segments.
    """

    recipe: Recipe
    kinds: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mapping, options in ((self.kinds, tuple(Kind)), (self.roles, tuple(Role))):
            if not isinstance(mapping, Mapping) or not all(isinstance(name, str) for name in mapping):
                raise BadRequest("kinds and roles map names to text.")
            for value in mapping.values():
                require_option("A kind or role", value, options)
        object.__setattr__(self, "levels", _orders(self.levels))

    def to_json(self) -> str:
        """Plain JSON, keys sorted."""
        return json.dumps(asdict(self) | {"version": RECIPE_VERSION}, sort_keys=True, ensure_ascii=False, indent=2)

    @classmethod
    def from_json(cls, text: str) -> SavedRecipe:
        """What :meth:`to_json` wrote; anything else raises :class:`BadRequest`."""
        try:
            body: dict[str, Any] = json.loads(text)
            if body.pop("version") != RECIPE_VERSION:
                raise BadRequest("This recipe was written by another version.", "Save the recipe anew with this version.")
            saved = cls(recipe=Recipe(**body.pop("recipe")), **body)
            saved.to_json().encode()  # halves of characters can be read, but never written
            return saved
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
            raise BadRequest(
                "This is not a recipe of this program.", "Choose a recipe.json that was saved on the Data page."
            ) from problem


def _orders(given: Any) -> dict[str, tuple[str, ...]]:
    """Levels by column as tuples, whether they came from Python or from JSON."""
    if not isinstance(given, Mapping):
        raise BadRequest("Levels are listed by column.")
    orders = {}
    for name, levels in given.items():
        if not isinstance(name, str) or not isinstance(levels, (list, tuple)):
            raise BadRequest("Levels are listed by column.")
        if not all(isinstance(level, str) for level in levels) or len(set(levels)) != len(levels):
            raise BadRequest(f"The levels of {name} must be text, each listed once.")
        orders[name] = tuple(levels)
    return orders
