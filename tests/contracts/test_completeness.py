"""An entry that a module holds and its catalogue does not list would never be offered to anybody."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from core.catalogue import Catalogue

FOLDERS = {
    "core.algorithms": ("ALGORITHMS", "Algorithm"),
    "core.metrics": ("METRICS", "Metric"),
    "core.selection.criteria": ("CRITERIA", "Criterion"),
    "core.explainers": ("EXPLAINERS", "Explainer"),
    "core.formats": ("FORMATS", "Format"),
    "core.exports": ("EXPORTS", "Export"),
}


def modules(package):
    return [importlib.import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_entry_is_listed(folder):
    """Each entry object found in the folder's modules is in the folder's catalogue, and is found under its name."""
    package = importlib.import_module(folder)
    listed, kind = (getattr(package, name) for name in FOLDERS[folder])
    assert isinstance(listed, Catalogue)
    held = {id(one): one for module in modules(package) for one in vars(module).values() if isinstance(one, kind)}
    assert {one.name for one in held.values()} == set(listed)
    assert all(listed[one.name] is one for one in held.values())


@pytest.mark.parametrize("name", [["kmeans"], {}, None, 1, ("kmeans",)])
def test_what_is_no_text_is_in_no_catalogue(name):
    """Callbacks can be sent lists and maps, which have no hash: they are unknown, not a defect."""
    from core.algorithms import ALGORITHMS

    assert name not in ALGORITHMS and "kmeans" in ALGORITHMS
