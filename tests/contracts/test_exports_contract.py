"""Laws every export keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import exports
from core.exports import EXPORTS


@pytest.mark.parametrize("name", list(EXPORTS))
def test_an_entry_is_complete(name: str) -> None:
    """Label, a plain file name with an ending, a media type, a writer."""
    entry = EXPORTS[name]
    assert entry.name == name
    assert entry.label
    assert entry.filename.isascii()
    assert "." in entry.filename
    assert "/" not in entry.filename
    assert "/" in entry.mimetype
    assert callable(entry.write)


def test_file_names_differ() -> None:
    """All exports fit into one folder."""
    assert len({entry.filename for entry in EXPORTS.values()}) == len(EXPORTS)


def test_every_entry_is_listed() -> None:
    """A module that holds an entry is in the catalogue."""
    folder = Path(exports.__file__).parent
    holding = [path.stem for path in folder.glob("*.py") if " = Export(" in path.read_text()]
    assert len(holding) == len(EXPORTS)
