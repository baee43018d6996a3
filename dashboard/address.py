"""What the address bar holds: which dataset, which run, which candidate. Ids only, never data."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

SAFE = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
PICKS = re.compile(r"[A-Za-z0-9_.-]{1,400}\Z")
SEVERAL = ("picks", "pairs")
DOTTED = (*SEVERAL, "shown", "camera")
PARTS = ("dataset", "run", "choice", "x", "y", "z", *SEVERAL, "column", "measure", "focus", "tab", "view", "map", "shown", "camera", "model")


@dataclass(frozen=True)
class Address:
    """The query part of a page's address; an empty text means "not said".

    ``x``, ``y`` and ``z`` are the axes of the Atlas: "p0".."p2" for principal
    components, "c7" for the eighth column of the table. ``picks`` are the
    candidates looked at side by side, joined by dots. ``column`` ("c7"), ``measure``
    and ``pairs`` (columns joined by dots) are what the Explore page shows. ``focus`` is the segment that the Atlas
    looks at, ``tab`` and ``view`` what it shows of it and of all, ``map`` ("3d" or "2d") how its map is
    drawn, ``shown`` what stands on it (joined by dots), ``camera`` where it is looked at from: nine numbers in
    thousandths (eye, centre, up), joined by dots. ``model`` is the one that the Score page places customers by.
    """

    dataset: str = ""
    run: str = ""
    choice: str = ""
    x: str = ""
    y: str = ""
    z: str = ""
    picks: str = ""
    pairs: str = ""
    column: str = ""
    measure: str = ""
    focus: str = ""
    tab: str = ""
    view: str = ""
    map: str = ""
    shown: str = ""
    camera: str = ""
    model: str = ""

    @property
    def picked(self) -> tuple[str, ...]:
        """The keys in ``picks``, each once."""
        return tuple(dict.fromkeys(key for key in self.picks.split(".") if key))

    @classmethod
    def of(cls, params: dict[str, object]) -> Address:
        """Read hostile parameters: whatever is not a plain id counts as not said."""
        kept = {name: params[name] for name in PARTS if name in params}
        safe = {name: PICKS if name in DOTTED else SAFE for name in kept}
        return cls(**{name: v for name, v in kept.items() if isinstance(v, str) and safe[name].match(v)})

    @classmethod
    def parse(cls, search: object) -> Address:
        """Read the query part of an address; a callback may be sent anything, and what is no text says nothing."""
        return cls.of(dict(parse_qsl(search.lstrip("?")))) if isinstance(search, str) else cls()

    def to(self, path: str, **changes: str) -> str:
        """The link to ``path`` that keeps what is said here, with ``changes``."""
        there = replace(self, **changes)
        query = {name: getattr(there, name) for name in PARTS if getattr(there, name)}
        return f"{path}?{urlencode(query)}" if query else path
