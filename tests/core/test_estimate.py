"""What is told before a run: complete, growing with the work, and refused where memory does not reach."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs

from core.algorithms import ALGORITHMS, Cost, prepared
from core.model import Plan
from core.pipeline import compare, load
from core.pipeline import estimate as estimating
from core.pipeline import machine as machines
from core.pipeline.estimate import admit, estimate, frame, threads_that_fit
from core.pipeline.machine import Machine, free_memory

ROOT = Path(__file__).resolve().parents[2]
EVERY = Plan(algorithms=tuple(ALGORITHMS))


def by_name(estimates):
    return {one.name: one for one in estimates}


def test_every_algorithm_and_step_is_estimated():
    """One entry per algorithm in the plan's order, then scoring, describing, stability and the total; numbers are finite and positive."""
    found = estimate(20_000, 8, EVERY)
    assert [one.name for one in found] == [*ALGORITHMS, "scoring", "describing", "stability", "total"]
    for one in found:
        assert 0 < one.seconds < np.inf and 0 < one.bytes < np.inf and 0 < one.rows <= 20_000
        assert one.label and not one.refused
    assert [one.name for one in estimate(500, 3, Plan(resamples=0))][-3:] == ["scoring", "describing", "total"]


@pytest.mark.parametrize("name", list(ALGORITHMS))
def test_more_customers_columns_and_candidates_never_cost_less(name):
    """An estimate grows with each thing that makes work, as long as the algorithm goes about it in the same way."""
    cost = ALGORITHMS[name].cost
    for n_rows in (1, 10, 1_000, 5_000, 20_000, 100_000, 10_000_000):
        for n_features in (1, 8, 30):
            here = cost(n_rows, n_features, candidates=3)
            assert here.seconds >= 0 and here.bytes >= 0 and here.rows <= n_rows
            assert cost(n_rows, n_features, candidates=9).seconds >= here.seconds
            for one in (cost(n_rows, n_features + 10, candidates=3), cost(10 * n_rows, n_features, candidates=3)):
                same_way = bool(one.method) == bool(here.method) and one.rows >= here.rows
                assert one.seconds >= 0.9 * here.seconds or not same_way


@pytest.mark.parametrize("name", list(ALGORITHMS))
def test_fewer_rows_are_told_in_words(name):
    """Where the fit looks at a part of the customers, the estimate says how, as a phrase that follows the label."""
    few, many = (ALGORITHMS[name].cost(n_rows, 8, candidates=9) for n_rows in (500, 1_000_000))
    assert few.rows == 500 and few.method == ""
    assert many.rows == 1_000_000 or many.method
    assert many.method == "" or (many.method[0].islower() and many.method[-1] != ".")


@pytest.mark.parametrize("name", list(ALGORITHMS))
def test_candidates_are_counted_as_the_grid_makes_them(name):
    """As many settings are expected as the grid makes; where an algorithm searches, at most three times as many or few."""
    algorithm, values = ALGORITHMS[name], make_blobs(300, 3, centers=4, random_state=0)[0]
    for plan in (EVERY, Plan(algorithms=(name,), segments=(4, 4))):
        shared = prepared(algorithm, values, seed=0)
        made = len(algorithm.grid(values, segments=plan.segments, seed=0, shared=shared))
        told = estimating.candidates(algorithm, plan)
        if any(param.name == "n_segments" for param in algorithm.params):
            assert told == made
            settings = {name: {"n_segments": 3}}
            assert estimating.candidates(algorithm, Plan(algorithms=(name,), settings=settings)) == 1
        else:
            assert told / 3 <= made <= 3 * told


def test_a_faster_machine_takes_less_and_threads_share_the_work():
    """Twice the speed halves all seconds; two threads halve the total alone."""
    plain, fast, two = (by_name(estimate(20_000, 8, EVERY, machine=m)) for m in (Machine(), Machine(2.0), Machine(1.0, 2)))
    for name, one in plain.items():
        assert fast[name].seconds == pytest.approx(one.seconds / 2)
    assert two["total"].seconds == pytest.approx(plain["total"].seconds / 2)
    assert two["total"].bytes >= plain["total"].bytes > 20_000 * 8 * 8
    assert two["kmeans"] == plain["kmeans"]


def test_what_does_not_fit_is_refused_in_words():
    """An algorithm that needs more than is free is refused with both numbers, becomes a problem, and leaves the total."""
    matrix = SimpleNamespace(values=np.broadcast_to(0.0, (10**7, 8)), outlier=np.zeros(5, dtype=bool))
    costs = {name: ALGORITHMS[name].cost(10**7, 8, candidates=9).bytes for name in EVERY.algorithms}
    line = sorted(costs.values())[len(costs) // 2]
    found = admit(matrix, EVERY, machine=Machine(free=line))
    out = {one.algorithm for one in found.refused}
    assert out == {name for name, needed in costs.items() if needed > line} != set()
    assert {one.name for one in found.algorithms} == set(EVERY.algorithms) - out
    assert all("of memory" in one.problem and not one.labels.any() and len(one.labels) == 5 for one in found.refused)
    everything = admit(matrix, EVERY, machine=Machine())
    assert found.told[-1].seconds < everything.told[-1].seconds
    assert everything.refused == () and len(everything.algorithms) == len(EVERY.algorithms)


def test_a_comparison_goes_on_without_what_does_not_fit(monkeypatch, tmp_path):
    """The refused algorithm stands on the board with its reason; the others are compared as ever."""
    path = tmp_path / "customers.csv"
    values = make_blobs(300, 2, centers=[(0, 0), (20, 0), (0, 20)], random_state=0)[0]
    pd.DataFrame(values.round(3), columns=["spend", "visits"]).to_csv(path, index=False)
    table = load(path, path.name, {})
    plan = Plan(algorithms=("gmm", "kmeans"), segments=(2, 4), resamples=0)
    heavy = replace(ALGORITHMS["gmm"], cost=lambda *_, candidates: Cost(1.0, 1e15, 300))
    monkeypatch.setitem(ALGORITHMS._entries, "gmm", heavy)
    found = compare(table, plan)
    assert [one.key for one in found.candidates] == ["kmeans-2", "kmeans-3", "kmeans-4", "gmm-0"]
    assert found.candidates[-1].problem.startswith("Gaussian mixture needs about 1,000,000.0 GB")
    assert found.recommended == "kmeans-3"
    assert list(found.evidence["estimate"]["algorithm"]) == ["gmm", "kmeans", "scoring", "describing", "total"]


def test_fits_run_side_by_side_only_where_memory_reaches():
    """As many threads as the heaviest fits leave room for, at least one."""
    found = estimate(10**6, 8, EVERY)
    heaviest = max(one.bytes for one in found if one.name in ALGORITHMS)
    for room, threads in ((4.5, 4), (2.5, 2), (1.2, 1), (0.1, 1)):
        assert threads_that_fit(found, Machine(threads=4, free=room * heaviest)) == threads


def test_the_frame_holds_what_was_estimated():
    """One row per entry with the columns that are documented."""
    found = estimate(20_000, 8, EVERY)
    made = frame(found)
    assert list(made.columns) == ["algorithm", "label", "rows", "seconds", "bytes", "method"]
    assert made.to_dict("records")[0] == {
        "algorithm": found[0].name,
        "label": found[0].label,
        "rows": found[0].rows,
        "seconds": found[0].seconds,
        "bytes": found[0].bytes,
        "method": found[0].method,
    }


@pytest.mark.parametrize(("longer", "expected"), [(1, 1), (2, 0.5), (0.5, 2), (1e6, 0.2), (1e-6, 5)])
def test_speed_is_that_of_the_best_trial_within_bounds(monkeypatch, longer, expected):
    """Twice the seconds are half the speed; a disturbed trial does not count, a disturbed measurement only so far."""
    trials = iter([7.0] + [longer * machines.TRIAL_SECONDS] * machines.TRIALS)
    monkeypatch.setattr(machines, "_trial", lambda *_: next(trials))
    assert machines.machine_speed() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 8_000),
        ({"memory.max": "max", "memory.current": "10"}, 8_000),
        ({"memory.max": "5000", "memory.current": "1000"}, 4_000),
        ({"memory.max": "5000", "memory.current": "4500", "memory.stat": "anon 1\ninactive_file 700\n"}, 1_200),
        ({"memory.max": "99000", "memory.current": "10"}, 8_000),
        ({"memory.max": "1000", "memory.current": "1200"}, 0),
    ],
    ids=["no group", "no limit", "limit", "files count as free", "limit above the system", "beyond the limit"],
)
def test_free_memory_is_the_smaller_of_system_and_group(files, expected, tmp_path, monkeypatch):
    """A container's limit counts where it is tighter than the machine."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(machines, "GROUP", tmp_path)
    monkeypatch.setattr(machines.psutil, "virtual_memory", lambda: SimpleNamespace(available=8_000))
    assert free_memory() == expected


def test_estimating_loads_nothing_heavy():
    """A page may estimate: no library that fits is loaded."""
    code = (
        "import sys; from core.model import Plan; from core.pipeline.estimate import estimate;"
        "from core.pipeline.machine import this_machine; from core.algorithms import ALGORITHMS;"
        "estimate(20_000, 8, Plan(algorithms=tuple(ALGORITHMS)), machine=this_machine());"
        "print([n for n in ('sklearn', 'scipy', 'fastcluster') if n in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
