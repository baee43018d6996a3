"""Adding one algorithm touches one new file and one line: here both are played through with a toy."""

from __future__ import annotations

import ast
import io
import sys
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from core import algorithms, pipeline
from core.algorithms.entry import Algorithm, Cost, Fitted
from core.catalogue import Catalogue
from core.cli import main
from core.exports import EXPORTS
from core.model import Plan, Recipe
from core.params import Whole
from dashboard.address import Address
from dashboard.components.board import board, curve_frame, leaders
from dashboard.components.preparation import plan_of
from dashboard.figures import elbow, scatter2d, silhouette_curve
from dashboard.figures.axes import axis_title, axis_values, default_axes

# The new file: two functions and an entry.


def fit(values: np.ndarray, *, n_segments: int, seed: int) -> Fitted:
    """Split at the median of the first column."""
    model = {"cut": np.array([np.median(values[:, 0])])}
    return Fitted(raw_labels=place(model, values), model=model)


def place(model, values: np.ndarray) -> np.ndarray:
    return (values[:, 0] > model["cut"][0]).astype(int)


def grid(values: np.ndarray, *, segments, seed: int, fixed=None, shared=None) -> tuple[dict, ...]:
    return ({"n_segments": 2},)


def cost(n_rows: int, n_features: int, *, candidates: int) -> Cost:
    return Cost(seconds=1e-8 * n_rows, bytes=16.0 * n_rows, rows=n_rows)


HALVES = Algorithm(
    name="halves",
    label="Halves",
    summary="Two segments of equal size along the first column.",
    assumes="Nothing about the customers.",
    params=(Whole("n_segments", "Number of segments", default=2, low=2, high=2),),
    fit=fit,
    place=place,
    grid=grid,
    cost=cost,
    in_default=True,
    good_at="Showing that nothing else has to change.",
    bad_at="Everything else.",
    reference="Galton (1882), the median",
)

# The one line, and what follows from it.


@pytest.fixture()
def registered(monkeypatch) -> Catalogue:
    """The catalogue with one more entry, in every module that took it from its folder's `__init__`."""
    before = algorithms.ALGORITHMS
    longer = Catalogue("algorithm", *before.values(), HALVES)
    for module in list(sys.modules.values()):
        if isinstance(module, ModuleType) and module.__dict__.get("ALGORITHMS") is before:
            monkeypatch.setattr(module, "ALGORITHMS", longer)
    return longer


@pytest.fixture()
def customers(tmp_path):
    """Two crowds of 30 customers, far apart in income, and a gap between them."""
    random = np.random.default_rng(0)
    income = np.concatenate([random.normal(20, 2, 30), random.normal(80, 2, 30)]).round(1)
    path = tmp_path / "customers.csv"
    pd.DataFrame({"income": income, "score": random.normal(50, 1, 60).round(2)}).to_csv(path, index=False)
    return path


@pytest.fixture()
def compared(registered, customers):
    table = pipeline.load(customers, customers.name, {})
    plan = Plan(recipe=Recipe(), algorithms=("kmeans", "halves"), segments=(2, 3))
    return table, pipeline.compare(table, plan)


@pytest.mark.parametrize("folder", ["core", "dashboard", "pages"])
def test_no_branch_asks_for_an_algorithm_by_name(project, folder):
    """What differs between algorithms stands in their entries: no comparison with a name anywhere else."""
    for path in (project / folder).rglob("*.py"):
        compared = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Compare)]
        words = {leaf.value for node in compared for leaf in ast.walk(node) if isinstance(leaf, ast.Constant)}
        assert words & set(algorithms.ALGORITHMS) == set(), path.name


def test_pages_ask_for_it(registered):
    """The comparison that the Data and Compare pages start names every algorithm that is proposed."""
    assert plan_of(Recipe()).algorithms == tuple(name for name, one in registered.items() if one.in_default)
    assert "halves" in plan_of(Recipe()).algorithms


def test_it_is_compared_with_the_others(compared):
    """Scores, sizes, names and profile come without being asked for; the halves of two crowds are the crowds."""
    _, comparison = compared
    halves, kmeans = comparison.candidate("halves-2"), comparison.candidate("kmeans-2")
    assert halves.label == "Halves, 2 segments"
    assert dict(halves.sizes) == {1: 30, 2: 30}
    assert set(halves.names) == {1, 2}
    assert halves.score("silhouette").value == pytest.approx(kmeans.score("silhouette").value)
    assert halves.score("inertia").value is None  # it does not minimise it, so it is not asked
    assert set(comparison.profiles.loc[comparison.profiles["candidate"] == "halves-2", "segment"]) >= {1, 2}


def test_it_stands_on_the_board_and_in_the_curves(compared):
    """The comparison page shows it: a row, a line, a small map."""
    _, comparison = compared
    shown = str(board(comparison, Address()).to_plotly_json())
    assert "Halves, 2 segments" in shown
    assert "choice=halves-2" in shown
    assert "halves" in {one.algorithm for one in leaders(comparison)}
    frame = curve_frame(comparison)
    assert "Halves" in set(frame["name"])
    assert len(silhouette_curve(frame).data) >= 2
    assert len(elbow(frame.dropna(subset=["inertia"])).data) >= 1


def test_it_can_be_put_on_a_map(compared):
    """The Atlas draws its segments on the default axes."""
    table, comparison = compared
    candidate = comparison.candidate("halves-2")
    axes = [axis for axis in default_axes(table, comparison) if axis != "none"][:2]
    titles = [axis_title(table, comparison, axis) for axis in axes]
    drawn = scatter2d(axis_values(table, comparison, axes), candidate.labels, names=candidate.names, axes=titles)
    assert {trace.name[0] for trace in drawn.figure.data if trace.name[0].isdigit()} == {"1", "2"}


@pytest.mark.parametrize("name", list(EXPORTS))
def test_it_can_be_taken_away(compared, name):
    """Every export writes it."""
    table, comparison = compared
    stream = io.BytesIO()
    EXPORTS[name].write(table, comparison.choose("halves-2"), stream)
    assert len(stream.getvalue()) > 100


def test_its_plan_repeats_it(compared):
    """The plan of the chosen segmentation gives the same labels, alone."""
    table, comparison = compared
    again = pipeline.compare(table, Plan.from_json(comparison.choose("halves-2").plan.to_json()))
    assert [one.algorithm for one in again.candidates] == ["halves"]
    assert np.array_equal(again.candidates[0].labels, comparison.candidate("halves-2").labels)


def test_rows_set_aside_are_placed_by_it(registered, customers):
    """A customer kept out of the fit gets its segment from the same two functions."""
    with customers.open("a") as stream:
        stream.write("82.0,900\n")
    table = pipeline.load(customers, customers.name, {})
    comparison = pipeline.compare(table, Plan(recipe=Recipe(outliers="iqr"), algorithms=("halves",), segments=(2, 2)))
    halves = comparison.candidate("halves-2")
    assert 60 in comparison.aside
    assert halves.labels[60] == halves.labels[59]


def test_the_command_line_knows_it(registered, customers, tmp_path, capsys):
    """`--algorithm halves` is an option now, and the result says so."""
    out = tmp_path / "out"
    assert main(["segment", str(customers), "--out", str(out), "--algorithm", "halves"]) == 0
    assert "Halves, 2 segments" in capsys.readouterr().out
    assert '"algorithm": "halves"' in (out / "scores.json").read_text(encoding="utf-8")
