"""Rows that repeat an earlier one: equal in every cell, or with the same customer id."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.model import Recipe, Role, Table

EXACT, KEY = "equal to an earlier row", "same {} as an earlier row"


def repeated(table: Table, recipe: Recipe) -> tuple[np.ndarray, str]:
    """Mask (n,) of the rows set aside under ``recipe.duplicates``, and the reason; the first of equal rows is never among them."""
    if recipe.duplicates == "exact":
        return _exact(table), EXACT
    name = key_column(table, recipe)
    if recipe.duplicates == "key" and name:
        return repeated_keys(table, name), KEY.format(name)
    return np.zeros(len(table), dtype=bool), ""


def key_column(table: Table, recipe: Recipe) -> str:
    """The first column that names customers, "" where there is none."""
    roles = {column.name: recipe.roles.get(column.name, column.role) for column in table.columns}
    return next((name for name, role in roles.items() if role == Role.ID), "")


def repeated_keys(table: Table, name: str) -> np.ndarray:
    """Mask (n,) of rows whose id an earlier row has; rows without an id repeat nobody."""
    ids = table.frame[name]
    return (ids.duplicated() & ids.notna()).to_numpy()


def _exact(table: Table) -> np.ndarray:
    mask = np.zeros(len(table), dtype=bool)
    if not table.duplicates:
        return mask
    # Rows that differ in a number or date as read are not compared cell by cell.
    plain = table.frame.select_dtypes(include=["number", "datetime"])
    hashes = pd.util.hash_pandas_object(plain, index=False) if plain.shape[1] else pd.Series(np.zeros(len(table)))
    alike = np.flatnonzero(hashes.duplicated(keep=False).to_numpy())
    mask[alike] = table.raw.iloc[alike].duplicated().to_numpy()
    return mask
