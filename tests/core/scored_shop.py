"""A small shop whose customers are in three planted crowds, with a flag, a category, an order and gaps; and a model of it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from core import pipeline
from core.formats.reading import Reading
from core.model import Comparison, Edit, Model, Plan, Recipe, Shape, Source, Table
from core.tables import understand

ROLES = {name: "feature" for name in ("spend", "visits", "age", "tier", "city", "news")}
RECIPE = Recipe(roles=ROLES, encoding="ordinal", gap_flags="yes", skew="log")


def table(**columns: object) -> Table:
    """Columns of text as a file would have them, understood."""
    raw = pd.DataFrame(columns).astype(object)
    raw = raw.where(raw.notna(), None).map(lambda cell: None if cell is None else str(cell))
    return understand(Reading(raw, Source("x.csv", "text")), {})


def shop(n: int = 300, *, seed: int = 0) -> Table:
    """Three crowds of equal size in spend and visits; 5 % gaps in spend and city."""
    random = np.random.default_rng(seed)
    crowd = np.arange(n) % 3
    spend = np.round(np.array([20.0, 200.0, 2_000.0])[crowd] * random.lognormal(0, 0.2, n), 2).astype(object)
    spend[random.random(n) < 0.05] = None
    city = np.where(random.random(n) < 0.05, None, random.choice(["Ulm", "Bonn", "Jena", "Trier"], n, p=[0.5, 0.3, 0.195, 0.005]))
    return table(
        id=[f"c{at}" for at in range(n)], spend=spend, visits=np.array([30, 9, 1])[crowd] + random.integers(0, 4, n),
        age=random.integers(18, 80, n), tier=np.array(["low", "medium", "high"])[(crowd + (random.random(n) < 0.1)) % 3],
        city=city, news=random.choice(["yes", "no"], n),
    )  # fmt: skip


def compared(read: Table, *algorithms: str, recipe: Recipe = RECIPE, segments: tuple[int, int] = (3, 3)) -> Comparison:
    """A comparison without resamples."""
    return pipeline.compare(read, Plan(recipe=recipe, algorithms=algorithms or ("kmeans",), segments=segments, resamples=0))


@lru_cache
def trained(*edits: Edit) -> tuple[Table, Comparison, Model]:
    """The shop, its K-means with three segments, and the model of that after ``edits``."""
    read = shop()
    found = compared(read)
    return read, found, pipeline.train(read, found, "kmeans-3", shape=Shape(edits))
