"""Links by which anybody may read one report: rows in the database that know no link, only its hash."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from dataclasses import dataclass

from core.errors import BadRequest
from dashboard import ids
from dashboard.store.database import Database
from dashboard.store.records import NotFound

DAY = 86_400.0
LIFETIMES = (1, 7, 30)
"""Days for which a link can be made."""
MOST = 100
"""Links that one session may have at a time."""
_TOKEN_BYTES = 32
_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Share:
    """A link as its owner sees it: ``id`` names it and opens nothing; ``run`` wrote the report; times are seconds (UTC)."""

    id: str
    run: str
    title: str
    created: float
    expires: float


class Shares:
    """``owner`` first; another's link and an unknown one are the same answer. A run that goes takes its links along."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, owner: str, run: str, title: str, *, days: int) -> str:
        """A new link to the report that ``run`` wrote: its token of 256 random bits, told once, as only its hash is kept.

        Raises :class:`NotFound` for another's run, :class:`BadRequest` for other lifetimes than ``LIFETIMES``.
        """
        if days not in LIFETIMES:
            raise BadRequest("A link lives 1, 7 or 30 days.", "Choose one of these.")
        if not ids.is_id(run) or self._db.row("SELECT 1 FROM kept WHERE id = ? AND owner = ? AND kind = 'publish' AND state = 'done'", run, owner) is None:
            raise NotFound("report")
        if len(self.listed(owner)) >= MOST:
            raise BadRequest(f"There are {MOST} links already.", "Take one back first.")
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), time.time()
        self._db.change("INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?)", _hash(token), owner, run, title, now, now + days * DAY)
        return token

    def listed(self, owner: str) -> tuple[Share, ...]:
        """This owner's links that still open, the newest first; those that have expired are forgotten now."""
        self._db.change("DELETE FROM shares WHERE expires <= ?", time.time())
        rows = self._db.rows(
            "SELECT * FROM shares WHERE owner = ? AND run IN (SELECT id FROM kept) ORDER BY created DESC, hash", owner
        )
        return tuple(Share(row["hash"], row["run"], row["title"], row["created"], row["expires"]) for row in rows)

    def revoke(self, owner: str, share: str) -> None:
        """End a link at once."""
        if _ID.fullmatch(share) is None or not self._db.change("DELETE FROM shares WHERE hash = ? AND owner = ?", share, owner):
            raise NotFound("link")

    def opened(self, token: str) -> tuple[str, str]:
        """Owner and run of the report behind a link; one that is unknown, expired or revoked raises the same NotFound."""
        row = self._db.row(
            "SELECT owner, run FROM shares WHERE hash = ? AND expires > ? AND run IN (SELECT id FROM kept WHERE state = 'done')",
            _hash(token), time.time(),
        )  # fmt: skip
        if row is None:
            raise NotFound("page")
        return row["owner"], row["run"]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
