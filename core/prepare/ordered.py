"""Levels of a category that have an order: given, or one that everybody knows."""

from __future__ import annotations

import re

import pandas as pd

from core.model import Column, Kind, Recipe, Table

SCALES = (
    ("very low", "low", "medium", "high", "very high"),
    ("lowest", "low", "mid", "high", "highest"),
    ("low", "middle", "high"),
    ("low", "moderate", "high", "critical"),
    ("sehr niedrig", "niedrig", "mittel", "hoch", "sehr hoch"),
    ("faible", "moyen", "élevé"),
    ("bajo", "medio", "alto"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl"),
    ("tiny", "small", "medium", "large", "huge"),
    ("klein", "mittel", "groß"),
    ("bronze", "silver", "gold", "platinum", "diamond"),
    ("bronze", "silber", "gold", "platin", "diamant"),
    ("never", "rarely", "sometimes", "often", "always"),
    ("nie", "selten", "manchmal", "oft", "immer"),
    ("very poor", "poor", "fair", "good", "very good", "excellent"),
    ("strongly disagree", "disagree", "neutral", "agree", "strongly agree"),
    ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
    ("none", "basic", "standard", "premium"),
    ("free", "basic", "standard", "plus", "premium"),
    ("primary", "secondary", "tertiary"),
    ("beginner", "intermediate", "advanced", "expert"),
)
_NUMBER = r"\d+(?:[.,]\d+)*"
_UNIT = r"\s*[^\d\s<>+–—-]{0,4}\s*"
_RANGE = re.compile(rf"^\D*?({_NUMBER}){_UNIT}(?:-|–|—|to|bis|\.\.)\s*\D*?({_NUMBER})\D*$")
_BELOW = re.compile(rf"^(?:<=?|under|below|up to|less than|unter|bis)\s*\D*?({_NUMBER})\D*$")
_OVER = re.compile(rf"^(?:>=?|over|above|more than|über|ab)\s*\D*?({_NUMBER})\D*$")
_PLUS = re.compile(rf"^\D*?({_NUMBER}){_UNIT}(?:\+|and over|and more|or more|plus)$")
_COUNTED = re.compile(r"^(\D*?)\s*(\d+)\s*$|^(\d+)\s*[-.:)]\s*\D+$")


def natural(levels: list[str]) -> tuple[str, ...] | None:
    """``levels`` from low to high where their order is beyond doubt, else None.

    Beyond doubt are known scales (low < medium < high, S < M < L, bronze < silver < gold),
    ranges of numbers (18-24 < 25-34 < 65+) and numbered levels (Level 1 < Level 2). An order
    is never made up from how frequent levels are.
    """
    if len(levels) < 2:
        return None
    words = {level: " ".join(level.casefold().replace("_", " ").split()) for level in levels}
    if len(set(words.values())) < len(levels):
        return None
    for scale in SCALES:
        if set(words.values()) <= set(scale):
            return tuple(sorted(levels, key=lambda level: scale.index(words[level])))
    for place in (_counted, _ranged):
        places = {level: place(word) for level, word in words.items()}
        if all(at is not None for at in places.values()) and _apart(places):
            return tuple(sorted(levels, key=lambda level: places[level][1]))
    return None


def _apart(places: dict[str, tuple[str, float]]) -> bool:
    """All on one scale, no two at the same place."""
    return len({kind for kind, _ in places.values()}) == 1 and len({at for _, at in places.values()}) == len(places)


def _counted(word: str) -> tuple[str, float] | None:
    found = _COUNTED.match(word)
    if not found:
        return None
    return (found[1].strip(" -:#"), float(found[2])) if found[2] else ("", float(found[3]))


def _ranged(word: str) -> tuple[str, float] | None:
    if found := _BELOW.match(word):
        return "range", _value(found[1]) - 0.5
    if found := _OVER.match(word) or _PLUS.match(word):
        return "range", _value(found[1]) + 0.25
    if found := _RANGE.match(word):
        low, high = _value(found[1]), _value(found[2])
        return ("range", low) if low < high else None
    return None


def _value(text: str) -> float:
    """A bound: marks between digits part thousands where three digits follow, else decimals."""
    plain = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text)
    return float(plain.replace(",", ".")) if plain.count(",") + plain.count(".") < 2 else float(re.sub(r"\D", "", plain))


def order_of(column: Column, cells: pd.Series, recipe: Recipe) -> tuple[str, ...] | None:
    """The levels of ``column`` from low to high under ``recipe``; None where it becomes 0/1 columns."""
    if column.kind is not Kind.CATEGORY or recipe.encoding != "ordinal":
        return None
    return recipe.orders.get(column.name) or natural([str(level) for level in cells.dropna().unique()])


def cells_of(table: Table, column: Column, recipe: Recipe) -> pd.Series:
    """The cells (n,) of ``column`` as they are used: a level that a given order does not list is a gap."""
    cells = table.frame[column.name]
    given = recipe.orders.get(column.name)
    if column.kind is not Kind.CATEGORY or recipe.encoding != "ordinal" or not given:
        return cells
    return cells.where(cells.isin(given), None)
