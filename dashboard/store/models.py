"""Saved models: rows in the database, each with a directory of its own, checked at every read."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from core import codec
from core.model import Model
from dashboard import ids
from dashboard.store import artefacts
from dashboard.store.database import Database
from dashboard.store.records import ENDED, NotFound, Superseded
from dashboard.store.results import read_noun
from dashboard.store.shelf import Shelf

SHELF_BYTES = 256 * 2**20
_KEPT = "(run IS NULL OR run IN (SELECT id FROM kept WHERE state = 'done'))"
"""Models of a run that was deleted are gone with it, also while that can be taken back; those of a run that ended in the
moment between its model and its end were never made."""


@dataclass(frozen=True)
class SavedModel:
    """A model as listed: ``run`` that trained it and the ``dataset`` it came from, "" for one that was uploaded; ``signed`` by
    this server; ``keyed`` whether machines may use it."""

    id: str
    name: str
    created: float
    run: str
    dataset: str
    signed: bool
    keyed: bool


class Models:
    """``owner`` first; another's id and an unknown one are the same answer."""

    def __init__(self, database: Database, directory: Path) -> None:
        self._db = database
        self._directory = directory
        self._shelf = Shelf(64, SHELF_BYTES)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def add(self, owner: str, model: Model, *, run: str = "", dataset: str = "", signed: bool = True) -> str:
        """Keep a model; its id. What one run has trained is kept once; raises :class:`Superseded` when that was deleted meanwhile."""
        known = self._db.row("SELECT id FROM models WHERE run = ? AND owner = ?", run, owner) if run else None
        if known is not None:
            return known["id"]
        model_id = ids.new_id()
        draft = self._directory / f".{model_id}"
        try:
            digest = artefacts.save(lambda directory: codec.write(model, directory), draft, self._directory / model_id)
            kept = self._db.change(
                "INSERT INTO models SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ''"
                " WHERE ?4 IS NULL OR EXISTS (SELECT 1 FROM runs WHERE id = ?4)",
                model_id, owner, dataset or None, run or None, model.name, time.time(), digest, int(signed),
            )  # fmt: skip
            if not kept:
                raise Superseded(run)
        except Exception:  # a full disk above all: what is half there must not fill it
            shutil.rmtree(draft, ignore_errors=True)
            self.discard(model_id)
            raise
        return model_id

    def listed(self, owner: str) -> tuple[SavedModel, ...]:
        """This owner's models, the newest first."""
        return tuple(_saved(row) for row in self._db.rows(f"SELECT * FROM models WHERE owner = ? AND {_KEPT} ORDER BY created DESC, id", owner))

    def saved(self, owner: str, model: str) -> SavedModel:
        return _saved(self._row(owner, model))

    def model(self, owner: str, model: str) -> Model:
        """The model itself; raises :class:`NotFound`, or :class:`Damaged` where its bytes are no longer those written."""
        row = self._row(owner, model)
        directory = self._directory / model
        return self._shelf.get((owner, model, row["digest"]), lambda: read_noun(Model, "model", directory, row["digest"]))

    def renew_key(self, owner: str, model: str) -> str:
        """A new key with which machines may use this model, told once: only its hash is kept. The one before is void."""
        self._row(owner, model)
        key = secrets.token_urlsafe(32)
        self._db.change("UPDATE models SET key_hash = ? WHERE id = ? AND owner = ?", _hash(key), model, owner)
        return key

    def revoke_key(self, owner: str, model: str) -> None:
        """Let no machine use this model any more."""
        self._row(owner, model)
        self._db.change("UPDATE models SET key_hash = '' WHERE id = ? AND owner = ?", model, owner)

    def by_key(self, key: str) -> tuple[str, str]:
        """Owner and id of the model that this key opens; raises :class:`NotFound`."""
        row = self._db.row(f"SELECT owner, id FROM models WHERE key_hash = ? AND {_KEPT}", _hash(key)) if key else None
        if row is None:
            raise NotFound("model")
        return row["owner"], row["id"]

    def delete(self, owner: str, model: str) -> None:
        self._row(owner, model)
        self._db.change("DELETE FROM models WHERE id = ? AND owner = ?", model, owner)
        self.discard(model)

    def discard(self, model: str) -> None:
        """Remove what lies on disk of a model whose row is gone."""
        shutil.rmtree(self._directory / model, ignore_errors=True)
        self._shelf.drop(model)

    def delete_of(self, owner: str, dataset: str | None = None) -> None:
        """Delete the models made of a file, or with None all of this owner, those that were uploaded too."""
        rows = self._db.rows("SELECT id FROM models WHERE owner = ?1 AND (?2 IS NULL OR dataset = ?2)", owner, dataset)
        for row in rows:
            self._db.change("DELETE FROM models WHERE id = ?", row["id"])
            self.discard(row["id"])

    def tidy(self) -> None:
        """Remove models of runs that have ended otherwise, and directories whose rows went with a dataset, a run or a session."""
        for row in self._db.rows(f"SELECT id FROM models WHERE run IN (SELECT id FROM runs WHERE state IN {ENDED} AND state != 'done')"):
            self._db.change("DELETE FROM models WHERE id = ?", row["id"])
        known = {row["id"] for row in self._db.rows("SELECT id FROM models")}
        for path in self._directory.iterdir():
            if path.name.lstrip(".") not in known and time.time() - path.stat().st_mtime > 60:
                shutil.rmtree(path, ignore_errors=True)

    def _row(self, owner: str, model: str):
        row = self._db.row(f"SELECT * FROM models WHERE id = ? AND owner = ? AND {_KEPT}", model, owner) if ids.is_id(model) else None
        if row is None:
            raise NotFound("model")
        return row


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _saved(row) -> SavedModel:
    return SavedModel(
        row["id"], row["name"], row["created"], row["run"] or "", row["dataset"] or "", bool(row["signed"]), row["key_hash"] != ""
    )
