"""An ordered, read-only mapping of named entries: the one list a folder of extensions keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, Protocol, TypeVar

from core.errors import BadRequest


class Named(Protocol):
    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


class Catalogue(Mapping[str, Entry], Generic[Entry]):
    """Entries by name, in the order given; asking for an unknown name raises :class:`BadRequest`."""

    def __init__(self, what: str, *entries: Entry) -> None:
        self.what = what
        self._entries = {entry.name: entry for entry in entries}
        if len(self._entries) != len(entries):
            raise ValueError(f"two entries of the {what} catalogue share a name")

    def __getitem__(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except KeyError:
            raise BadRequest(f"Unknown {self.what}: {name!r}.", f"Known: {', '.join(self._entries)}.") from None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self._entries  # what a browser sends may have no hash

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
