"""The customers in a cell of a migration, and its numbers, as CSV; taken from the stored result, nothing is computed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from flask import Blueprint, Response, request

from core.lineage import ABSENT, members
from core.model import NOISE, Migration, Table
from core.neutral import as_text
from dashboard.routes.atlas_csv import as_text as numbers_as_text
from dashboard.routes.sending import file_name, send_csv
from dashboard.services import owner, services
from dashboard.store import NotFound, Run

blueprint = Blueprint("migration", __name__)
SIDES = ("before", "now")


@blueprint.get("/migration-list/<run>.csv")
def customers(run: str) -> Response:
    """Who is in the cell ``?before=2&now=3``; without one of them a whole row or column. Rows count from 1, as they stand in
    the table; a customer who is not in a file has no row there. Another's run and an unknown cell are the same answer."""
    asked, migration = _found(run)
    cell = _cell(migration)
    rows = members(migration.placed_before, migration.placed_now, migration.partner, cell=cell)
    if not len(rows[0]):
        raise NotFound("list of customers")
    frame = listed(migration, rows, _tables(asked))
    stem = "-".join(f"{side}-{_slug(segment)}" for side, segment in zip(SIDES, cell, strict=True))
    return send_csv(frame, file_name(_name(asked), asked.request["candidate"], f"{stem}.csv"))


@blueprint.get("/migration-numbers/<run>.csv")
def numbers(run: str) -> Response:
    """The whole from-to table at full precision, with the names of the segments."""
    asked, migration = _found(run)
    flows = migration.flows
    named = {f"{side}_name": [_called(migration, side, int(s)) for s in flows[side]] for side in SIDES}
    return send_csv(numbers_as_text(flows.assign(**named)), file_name(_name(asked), asked.request["candidate"], "migration.csv"))


def listed(migration: Migration, rows: tuple[np.ndarray, np.ndarray], tables: tuple[Table, Table]) -> pd.DataFrame:
    """(m, ...) text: the id where customers were followed by one, row and segment before and now, and what they spent."""
    columns: dict[str, object] = {}
    if migration.key:
        ids = [_cells(table, migration.key, at) for table, at in zip(tables, rows, strict=True)]
        columns[migration.key] = np.where(rows[1] >= 0, ids[1], ids[0])
    labels = migration.placed_before, migration.placed_now
    for side, at, own, table in zip(SIDES, rows, labels, tables, strict=True):
        segments = np.where(at >= 0, np.append(own, ABSENT)[at], ABSENT)
        columns[f"row_{side}"] = [str(row + 1) if row >= 0 else "" for row in at]
        columns[f"segment_{side}"] = [str(int(s)) if s != ABSENT else "" for s in segments]
        columns[f"segment_name_{side}"] = [_called(migration, side, int(s)) for s in segments]
        if migration.money and migration.money in table.frame:
            columns[f"{migration.money} {side}"] = _cells(table, migration.money, at)
    return pd.DataFrame(columns, dtype=object)


def _cells(table: Table, name: str, rows: np.ndarray) -> np.ndarray:
    """(m,) text as it stands in the file, "" for row -1."""
    if name not in table.raw:
        return np.full(len(rows), "", dtype=object)
    cells = np.append(as_text(table.raw[name]).to_numpy(dtype=object), "")
    return cells[rows]


def _found(run: str) -> tuple[Run, Migration]:
    store = services().store
    asked = store.run(owner(), run)
    if asked.kind != "migrate" or asked.state != "done":
        raise NotFound("download")
    return asked, store.result(owner(), run, "migrate")


def _tables(asked: Run) -> tuple[Table, Table]:
    return _table(asked.request["before"]["run"]), _table(asked.request["run"])


def _table(run: str) -> Table:
    store = services().store
    found = store.run(owner(), run)
    return store.table(owner(), found.dataset, found.plan.recipe.answers)


def _cell(migration: Migration) -> tuple[int | None, int | None]:
    """The segments that the address names, where somebody is in them."""
    found = []
    for side in SIDES:
        said = request.args.get(side)
        known = {str(int(segment)): int(segment) for segment in migration.flows[side]}
        if said is not None and said not in known:
            raise NotFound("list of customers")
        found.append(known[said] if said is not None else None)
    return found[0], found[1]


def _called(migration: Migration, side: str, segment: int) -> str:
    fates = migration.fates
    named = fates.loc[(fates["side"] == side) & (fates["segment"] == segment), "name"]
    return {NOISE: "not placed", ABSENT: ""}.get(segment, named.iloc[0] if len(named) else "")


def _slug(segment: int | None) -> str:
    return {None: "all", NOISE: "not-placed", ABSENT: "absent"}.get(segment, str(segment))


def _name(asked: Run) -> str:
    return services().store.dataset(owner(), asked.dataset).name
