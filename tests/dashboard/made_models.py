"""A model of 60 customers of whom everything is known: income 20 to 100 and score 15 to 81 stand in a grid, and a region."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path

from core import pipeline
from core.model import Comparison, Model, Plan, Recipe, Table

ROWS = [(20 + i % 5 * 20, 15 + i % 4 * 22, ("North", "South", "East")[i % 3], "yes" if i % 2 else "no") for i in range(60)]
HEAD = "customer,income,score,region,member\n"
FILE = HEAD + "".join(f"c{i},{income},{score},{region},{member}\n" for i, (income, score, region, member) in enumerate(ROWS))


def read(text: str, name: str = "shop.csv") -> Table:
    """The table of a small file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        return pipeline.load(path, name, {})


@cache
def table() -> Table:
    return read(FILE)


@cache
def comparison() -> Comparison:
    return pipeline.compare(table(), Plan(recipe=Recipe(), algorithms=("kmeans",), segments=(3, 3), resamples=2))


@cache
def model() -> Model:
    """Three segments of :func:`table`."""
    return pipeline.train(table(), comparison(), "kmeans-3")


def records(count: int = 3) -> list[dict]:
    """The first customers of the file as a machine sends them."""
    names = ("income", "score", "region", "member")
    return [dict(zip(names, row, strict=True)) for row in ROWS[:count]]


def zipped(key: bytes | None = None) -> bytes:
    """The model as a file."""
    from core.bundles import write_model

    stream = io.BytesIO()
    write_model(model(), stream, key=key)
    return stream.getvalue()
