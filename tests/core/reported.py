"""Customers whose segments, small cells and canaries are known: two clear groups of thirty, and what must never leave."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from core import pipeline
from core.model import Comparison, Edit, Plan, Recipe, Segmentation, Shape, Table

CANARIES = ("canary-", "birdhouse", "Rareville", "Nightingale")
HOSTILE = "</title><script>alert(1)</script><a href='https://evil.example'>x</a><img src=x onerror=alert(1)>$x^2$\u202e"
NAMES = ("Ann Nightingale", "Bob Nightingale", "Cid Nightingale")


def text() -> str:
    """Sixty customers: e-mail addresses, one for each; a mailbox shared by many; a town of three."""
    rows = ["customer,email,mailbox,contact name,town,income,visits,=1+1<b>"]
    for i in range(60):
        rich = i % 2
        town = "Rareville" if i in (1, 3, 5) else ("Northtown" if rich else "Southtown")
        box = f"{'east' if rich else 'west'}@birdhouse.example"
        rows.append(f"{i},canary-{i}@mail.example,{box},{NAMES[i % 3]},{town},{90 + i % 7 if rich else 20 + i % 5},"
                    f"{3 + i % 4 if rich else 15 + i % 6},{i % 2}")  # fmt: skip
    return "\n".join(rows) + "\n"


@cache
def nouns() -> tuple[Table, Comparison, Segmentation]:
    """Read, compared and portrayed for real, with all columns in use; segment 1 was renamed to something hostile."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "shop.csv"
        path.write_text(text(), encoding="utf-8")
        table = pipeline.load(path, f"{HOSTILE}.csv", {})
    used = {"income": "feature", "visits": "feature", "mailbox": "feature", "town": "profile", "contact name": "profile"}
    plan = Plan(recipe=Recipe(roles=used), algorithms=("kmeans",), segments=(2, 3), resamples=2)
    comparison = pipeline.compare(table, plan)
    shape = Shape((Edit("rename", 1, text=HOSTILE[:60]), Edit("describe", 1, text=HOSTILE)))
    return table, comparison, pipeline.portray(table, comparison, "kmeans-2", shape=shape, resamples=10)
