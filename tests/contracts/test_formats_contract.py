"""Laws every file format keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from core import formats
from core.formats import FORMATS


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_entry_is_complete(name: str) -> None:
    """Label, extensions with a dot, and two functions."""
    entry = FORMATS[name]
    assert entry.name == name
    assert entry.label
    assert entry.extensions
    assert all(extension.startswith(".") for extension in entry.extensions)
    assert callable(entry.sniff)
    assert callable(entry.read)


def test_an_extension_belongs_to_one_format() -> None:
    """No two formats claim the same ending."""
    claimed = [extension for entry in FORMATS.values() for extension in entry.extensions]
    assert len(claimed) == len(set(claimed))


def test_every_entry_is_listed() -> None:
    """A module that holds an entry is in the catalogue."""
    folder = Path(formats.__file__).parent
    holding = [path.stem for path in folder.glob("*.py") if " = Format(" in path.read_text()]
    assert len(holding) == len(FORMATS)


@pytest.mark.parametrize("name", list(FORMATS))
def test_no_format_claims_noise_or_a_page(name: str, tmp_path: Path) -> None:
    """Binary rubbish and web pages are nobody's."""
    for head in (b"%PDF-1.4" + bytes(range(1, 32)) * 9, b"<!doctype html><p>1,2", bytes(range(256)) * 4):
        assert not FORMATS[name].sniff(tmp_path, head)
