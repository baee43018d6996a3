"""The recipe that the typed choices, or a saved one, mean on a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from core.errors import BadRequest
from core.model import Recipe, Role, SavedRecipe, Table
from core.prepare import fits, replayed, saved

TYPED = {
    "gaps": "gaps", "outliers": "outliers", "scale": "scaling", "duplicates": "duplicates", "skew": "skew",
    "encode": "encoding", "marks": "marks", "weights": "weights", "gap_flags": "gap_flags", "neighbours": "neighbours",
    "money": "money",
}  # fmt: skip
PAIRS = {"fill": "fills", "transform": "skews", "order": "orders"}
PREPARING = ("features", *TYPED, *PAIRS)
LARGEST = 2**18


def saved_recipe(options: argparse.Namespace) -> SavedRecipe | None:
    """The recipe named by --recipe, None without one; a choice typed beside it raises :class:`BadRequest`."""
    if options.recipe is None:
        return None
    require_untyped(options, "--recipe", PREPARING)
    try:
        with options.recipe.open("rb") as stream:
            return SavedRecipe.from_json(stream.read(LARGEST).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BadRequest(f"The recipe {options.recipe} cannot be read.", "Use a recipe.json saved earlier.") from problem


def require_untyped(options: argparse.Namespace, file: str, names: Iterable[str]) -> None:
    """Raise :class:`BadRequest` where one of the choices ``names``, which ``file`` fixes, is typed beside it."""
    typed = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name) is not None]
    if typed:
        raise BadRequest(f"{file} already fixes what {', '.join(typed)} would choose.", "Leave one of them away.")


def recipe_for(options: argparse.Namespace, table: Table, answers: Mapping[str, str]) -> Recipe:
    """What --recipe or the typed choices mean on ``table``; what of a recipe no longer fits is told on stderr."""
    kept = saved_recipe(options)
    if kept is None:
        recipe = _typed(options, table, answers)
    else:
        for note in fits(table, kept):
            print(f"note: {note.text} {note.hint}".rstrip(), file=sys.stderr)
        recipe = replace(replayed(table, kept), answers=dict(answers))
    return recipe


def recipe_writer(options: argparse.Namespace, table: Table, recipe: Recipe) -> dict[Path, Callable[[BinaryIO], object]]:
    """What writes the file of --save-recipe, by its path; empty without one. The input is never written over."""
    target = options.save_recipe
    if target is None:
        return {}
    if target.resolve() == options.file.resolve() or target.is_dir():
        raise BadRequest(f"{target} is the input or a folder.", "Give --save-recipe a file of its own.")
    text = saved(table, recipe).to_json()
    return {target: lambda stream: stream.write(text.encode("utf-8"))}


def _typed(options: argparse.Namespace, table: Table, answers: Mapping[str, str]) -> Recipe:
    rules = {field: getattr(options, name) for name, field in TYPED.items() if getattr(options, name) is not None}
    pairs = {field: _pairs(options, name, table) for name, field in PAIRS.items()}
    pairs["orders"] = {name: tuple(level.strip() for level in text.split("<")) for name, text in pairs["orders"].items()}
    roles = _roles(options.features, table) if options.features is not None else {}
    return Recipe(roles=roles, answers=dict(answers), **rules, **pairs)


def _pairs(options: argparse.Namespace, name: str, table: Table) -> dict[str, str]:
    """``NAME=VALUE`` as typed, by column; the longest column name before an equals sign is meant."""
    found = {}
    for text in getattr(options, name) or ():
        parts = text.split("=")
        splits = (("=".join(parts[:at]), "=".join(parts[at:])) for at in range(len(parts) - 1, 0, -1))
        known = {column.name for column in table.columns}
        pair = next(((column, value) for column, value in splits if column in known), None)
        if pair is None:
            raise BadRequest(f"--{name} {text!r} names no column.", f"Write NAME=VALUE with one of: {', '.join(sorted(known))}.")
        found[pair[0]] = pair[1]
    return found


def _roles(features: str, table: Table) -> dict[str, str]:
    """The named columns as features; what would be one otherwise only describes."""
    known = [column.name for column in table.columns]
    wanted = [features] if features in known else [name.strip() for name in features.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        missing = ", ".join(map(repr, unknown))
        what = f"There is no column named {missing}." if unknown else "--features names no column."
        raise BadRequest(what, f"Columns: {', '.join(known)}.")
    others = {c.name: Role.PROFILE for c in table.columns if c.role is Role.FEATURE and c.name not in wanted}
    return {name: str(role) for name, role in ({name: Role.FEATURE for name in wanted} | others).items()}
