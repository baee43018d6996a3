"""Every real and ugly file beside the project loads, or is refused, as the committed list says."""

from __future__ import annotations

import pytest

from tests.core import corpus

QUICK = 9
"""Each run looks at every so many files; all are looked at where tests may take long."""


def examined(names: list[str]) -> None:
    assert names, "no file was found"
    expected, wrong = corpus.expected(), []
    for name in names:
        found = corpus.outcome(name)
        assert found["balanced"], f"{name}: rows in the file are not those loaded, set aside and skipped"
        if corpus.short(found) != expected.get(name):
            wrong.append(f"{name}: {expected.get(name)} expected, {corpus.short(found)} found")
    assert not wrong, "\n".join(wrong)


def test_some_files_come_out_as_listed(shared_data):
    """A sample through all folders."""
    examined(corpus.files()[::QUICK])


@pytest.mark.long
def test_every_file_comes_out_as_listed(shared_data):
    """All of them, and the list names no other."""
    names = corpus.files()
    assert set(names) == set(corpus.expected())
    examined(names)


def test_no_file_ends_in_a_mistake_of_ours():
    """The list itself: nothing is refused as a defect, a crash, or for time or memory."""
    codes = {code for line in corpus.expected().values() for code in line.split()[1:]}
    assert codes and not codes & {"DEFECT", "DAMAGED", "TOO_SLOW", "TOO_LARGE_TO_READ"}
