"""A recipe kept for next month's file, and what of it no longer fits there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.model import Kind, Note, Recipe, Role, SavedRecipe, Table
from core.prepare.screen import roles

MOST_LEVELS = 200
_SOURCE_ANSWERS = {"encoding": "encoding", "delimiter": "delimiter", "sheet": "sheet", "member": "packed"}


def saved(table: Table, recipe: Recipe) -> SavedRecipe:
    """``recipe`` with what ``table`` looked like: kinds and roles of all columns, levels of the categories used."""
    chosen = roles(table, recipe)
    return SavedRecipe(
        recipe=recipe,
        kinds={column.name: str(column.kind) for column in table.columns},
        roles={name: str(role) for name, role in chosen.items()},
        levels={
            column.name: tuple(_levels(table, column.name))
            for column in table.columns
            if column.kind is Kind.CATEGORY and chosen[column.name] is Role.FEATURE and column.distinct <= MOST_LEVELS
        },
    )


def replayed(table: Table, kept: SavedRecipe) -> Recipe:
    """The recipe that prepares ``table`` as ``kept`` prepared its own file, without what no longer fits.

    Columns have the role they had there; one that is new and proposed as a feature only
    describes, so that the same columns shape the segments. What is left away, :func:`fits` names.
    """
    recipe = kept.recipe
    kinds = {column.name: column.kind for column in table.columns}
    same = {name for name, kind in kinds.items() if kept.kinds.get(name, kind) == kind}
    given = {c.name: _role(kept, c.name, proposed=c.role, same=c.name in same) for c in table.columns}
    proposed = {column.name: column.role for column in table.columns}
    return replace(
        recipe,
        roles={name: role for name, role in given.items() if role != proposed[name]},
        units={name: unit for name, unit in recipe.units.items() if kinds.get(name) is Kind.NUMBER},
        answers={key: value for key, value in recipe.answers.items() if not _unused(table, key)},
        fills={name: value for name, value in recipe.fills.items() if name in same and name in kinds},
        skews={name: rule for name, rule in recipe.skews.items() if kinds.get(name) is Kind.NUMBER},
        orders={name: order for name, order in recipe.orders.items() if kinds.get(name) is Kind.CATEGORY},
        money=recipe.money if not recipe.money or kinds.get(recipe.money) is Kind.NUMBER else None,
    )


def fits(table: Table, kept: SavedRecipe) -> tuple[Note, ...]:
    """What of ``kept`` no longer fits ``table``; empty where all of it does.

    Codes: COLUMN_GONE, KIND_CHANGED, COLUMN_NEW, NEW_LEVELS, ANSWER_UNUSED.
    """
    return (*_gone(table, kept), *_changed(table, kept), *_new(table, kept), *_new_levels(table, kept), *_answers(table, kept))


def _role(kept: SavedRecipe, name: str, *, proposed: Role, same: bool) -> str:
    if name not in kept.roles and kept.roles:
        return str(Role.PROFILE if proposed is Role.FEATURE else proposed)
    if not same:
        return str(proposed)
    return kept.roles.get(name, kept.recipe.roles.get(name, str(proposed)))


def _gone(table: Table, kept: SavedRecipe) -> Iterable[Note]:
    there = {column.name for column in table.columns}
    recipe = kept.recipe
    named = [*kept.kinds, *recipe.roles, *recipe.units, *recipe.fills, *recipe.skews, *recipe.orders, recipe.money or ""]
    for name in dict.fromkeys(named):
        if not name or name in there:
            continue
        used = kept.roles.get(name, recipe.roles.get(name, "")) == Role.FEATURE
        what = "It shaped the segments; they are built without it." if used else "What the recipe says of it is left away."
        hint = "If it was renamed, give the column its old name in the file."
        yield Note("COLUMN_GONE", f"There is no column {name} any more. {what}", column=name, hint=hint)


def _changed(table: Table, kept: SavedRecipe) -> Iterable[Note]:
    for column in table.columns:
        before = kept.kinds.get(column.name, str(column.kind))
        if before != column.kind:
            text = f"{column.name} was read as {before} and is {column.kind} now; it has its proposed role."
            hint = "Look at its cells: a single odd value can change what a column is."
            yield Note("KIND_CHANGED", text, column=column.name, hint=hint)


def _new(table: Table, kept: SavedRecipe) -> Iterable[Note]:
    for column in table.columns:
        if kept.kinds and column.name not in kept.kinds:
            only = " It only describes the segments." if column.role is Role.FEATURE else ""
            hint = "Give it another use under Columns if it should shape them." if only else ""
            yield Note("COLUMN_NEW", f"{column.name} is new.{only}", column=column.name, hint=hint)


def _new_levels(table: Table, kept: SavedRecipe) -> Iterable[Note]:
    known: Mapping[str, tuple[str, ...]] = {**kept.levels, **kept.recipe.orders}
    for column in table.columns:
        if column.name not in known or column.kind is not Kind.CATEGORY:
            continue
        fresh = [level for level in _levels(table, column.name) if level not in known[column.name]]
        if not fresh:
            continue
        rows = int(table.frame[column.name].isin(fresh).sum())
        ordered = kept.recipe.encoding == "ordinal" and column.name in kept.recipe.orders
        what = "have no place in the given order and count as gaps" if ordered else "are encoded like the others"
        text = f"{column.name} has {len(fresh):,} level{'' if len(fresh) == 1 else 's'} that the recipe never saw; they {what}."
        yield Note("NEW_LEVELS", text, column=column.name, count=rows, examples=tuple(fresh[:3]))


def _answers(table: Table, kept: SavedRecipe) -> Iterable[Note]:
    for key, value in kept.recipe.answers.items():
        if _unused(table, key):
            yield Note("ANSWER_UNUSED", f"The answer {key} = {value} applies to nothing in this file.", examples=(key,))


def _unused(table: Table, key: str) -> bool:
    """Whether an answer is about a column that is not there, or a thing that this format does not have."""
    _, mark, name = key.partition(":")
    if mark:
        return name not in {column.name for column in table.columns}
    return key in _SOURCE_ANSWERS and not getattr(table.source, _SOURCE_ANSWERS[key])


def _levels(table: Table, name: str) -> list[str]:
    return sorted(str(level) for level in table.frame[name].dropna().unique())
