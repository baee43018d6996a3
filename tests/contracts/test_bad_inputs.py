"""Every kind of bad input has a test that is named after it: ``_b022_`` in a function's name is case 22 of the catalogue."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parent.parent
CASES = range(1, 111)
# 70: orders of unknown customers need two files, and one is read at a time;
# 105: a file that changes while it is read: what is read is a copy of our own
BY_DESIGN = {70, 105}


def named() -> set[int]:
    """The numbers of the cases in the names of all test functions."""
    found: set[int] = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found |= {int(part[1:]) for part in node.name.split("_") if len(part) == 4 and part[0] == "b" and part[1:].isdigit()}
    return found


def test_every_case_of_the_catalogue_is_a_test():
    """110 cases but two; a new number here needs a test first."""
    assert sorted(set(CASES) - BY_DESIGN - named()) == []
    assert named() <= set(CASES)
