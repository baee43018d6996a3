"""What became of a file on loading, in one shape for every format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from core.model.table import Choice

REPORT_VERSION = 1


class Outcome(StrEnum):
    """How a file, or one thing about it, came out."""

    UNDERSTOOD = "understood"
    NOTED = "noted"
    ASKED = "asked"
    ASIDE = "set aside"
    REFUSED = "refused"


@dataclass(frozen=True)
class Item:
    """One thing about a file: what (``code``, ``text``), where (``sheet``, ``line``, ``column``), and what to do (``hint``).

    ``line`` counts from 1, 0 where the item is about no single line; ``count`` cells or
    rows are touched. ``choice`` undoes what was assumed, or answers what is asked.
    """

    outcome: Outcome
    code: str
    text: str
    sheet: str = ""
    line: int = 0
    column: str = ""
    count: int = 0
    examples: tuple[str, ...] = ()
    hint: str = ""
    choice: Choice | None = None


@dataclass(frozen=True)
class LoadReport:
    """All of it. ``rows_in_file`` = ``loaded`` + ``aside`` + the sum of ``skips`` (by code).

    ``outcome`` is REFUSED, ASKED while a choice is open, ASIDE where lines were set
    aside, NOTED where something was assumed, UNDERSTOOD otherwise. ``columns`` maps
    each name to its kind; ``read_as`` says format, encoding, delimiter and the like.
    """

    file: str
    outcome: Outcome
    items: tuple[Item, ...]
    rows_in_file: int = 0
    loaded: int = 0
    aside: int = 0
    skips: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    read_as: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """Plain JSON."""
        return json.dumps(asdict(self) | {"version": REPORT_VERSION}, ensure_ascii=False, indent=2)
