"""What a run will take, told before it starts; what cannot fit into memory is refused instead of tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from core.algorithms import ALGORITHMS, Algorithm
from core.errors import TooLarge
from core.model import Candidate, Matrix, Plan
from core.pipeline.machine import Machine

SCORING, DESCRIBING, STABILITY, TOTAL = "scoring", "describing", "stability", "total"
COLUMNS = ["algorithm", "label", "rows", "seconds", "bytes", "method"]
TRIED = 5  # settings of an algorithm that finds the number of segments itself
SEARCHED = 12  # when it has to find one given number
EXACT_ROWS, SAMPLE_ROWS = 20_000, 10_000  # silhouettes (core.metrics)
RESAMPLE_ROWS = 2_000
LIBRARIES = 1.2e8  # bytes of what is loaded to fit


@dataclass(frozen=True)
class Estimate:
    """What one algorithm with all its candidates will take, or one of the steps after it, or all ("total").

    ``seconds`` on one core, for the total with all threads; peak ``bytes`` beyond
    the matrix of values, for the total all that the run takes; ``rows`` looked at, fewer than
    all where ``method`` says how it approximates; ``refused`` says why it will
    not run, "" when it will.
    """

    name: str
    label: str
    seconds: float
    bytes: float
    rows: int
    method: str = ""
    refused: str = ""


def estimate(n_rows: int, n_features: int, plan: Plan, *, machine: Machine | None = None) -> tuple[Estimate, ...]:
    """One per algorithm in the order of ``plan``, then scoring, describing, stability and the total.

    ``n_rows`` customers in ``n_features`` prepared columns. Without ``machine``:
    as on the machine where costs were measured, one fit at a time, memory
    without end. Nothing is computed on data; it takes less than a millisecond.
    """
    machine = machine or Machine()
    algorithms = [
        _algorithm(ALGORITHMS[name], n_rows, n_features, plan=plan, machine=machine) for name in plan.algorithms
    ]
    running = [one for one in algorithms if not one.refused]
    labelings = sum(candidates(ALGORITHMS[one.name], plan) for one in running)
    after = [step(n_rows, n_features, labelings, machine=machine) for step in (_scoring, _describing)]
    if plan.resamples:
        after.append(_stability(n_rows, n_features, running, plan=plan, machine=machine))
    held = LIBRARIES + 8.0 * n_rows * n_features + 2.0 * n_rows * labelings
    return (*algorithms, *after, _total(held, running, after, machine=machine))


def candidates(algorithm: Algorithm, plan: Plan) -> int:
    """How many settings of ``algorithm`` the plan will try, as far as that is known before the data is looked at."""
    low, high = plan.segments
    fixed = plan.settings.get(algorithm.name, {})
    if any(param.name == "n_segments" for param in algorithm.params):
        return 1 if "n_segments" in fixed else high - low + 1
    return SEARCHED if low == high else TRIED


def _algorithm(algorithm: Algorithm, n_rows: int, n_features: int, *, plan: Plan, machine: Machine) -> Estimate:
    cost = algorithm.cost(n_rows, n_features, candidates=candidates(algorithm, plan))
    refused = str(TooLarge(algorithm.label, int(cost.bytes), int(machine.free))) if cost.bytes > machine.free else ""
    return Estimate(
        name=algorithm.name,
        label=algorithm.label,
        seconds=cost.seconds / machine.speed,
        bytes=cost.bytes,
        rows=cost.rows,
        method=cost.method,
        refused=refused,
    )


def _scoring(n_rows: int, n_features: int, labelings: int, *, machine: Machine) -> Estimate:
    """Silhouettes from all pairs of the rows looked at, the other scores from all rows."""
    rows = n_rows if n_rows <= EXACT_ROWS else SAMPLE_ROWS
    pairs = (1.2e-9 + 3.4e-11 * n_features + 8e-11 * labelings) * rows**2
    return Estimate(
        name=SCORING,
        label="Measuring separation",
        seconds=(0.02 + pairs + 1.2e-8 * n_rows * n_features * labelings) / machine.speed,
        bytes=2e7 + (30.0 * rows + 4.0 * n_rows) * labelings,
        rows=rows,
        method="" if rows == n_rows else f"silhouettes of {rows:,} sampled customers",
    )


def _describing(n_rows: int, n_features: int, labelings: int, *, machine: Machine) -> Estimate:
    """Profiles and names of all candidates, the arguments for a number of segments, the map."""
    seconds = 1.5 + 1.8e-3 * n_features * labelings + 4e-7 * n_rows * n_features
    peak = 3e7 + 16.0 * n_rows * n_features
    return Estimate(DESCRIBING, "Describing segments, weighing evidence", seconds / machine.speed, peak, n_rows)


def _stability(n_rows: int, n_features: int, running: Sequence[Estimate], *, plan: Plan, machine: Machine) -> Estimate:
    """Per resample one fit of each algorithm, and of the recommended one, which may be any, all candidates."""
    rows = min(n_rows, RESAMPLE_ROWS)
    algorithms = [ALGORITHMS[one.name] for one in running]
    once = [one.cost(rows, n_features, candidates=1) for one in algorithms]
    whole = [one.cost(rows, n_features, candidates=candidates(one, plan)).seconds for one in algorithms]
    each = sum(fit.seconds for fit in once)
    more = (sum(whole) - each) / max(1, len(whole))
    return Estimate(
        name=STABILITY,
        label="Checking stability",
        seconds=plan.resamples * (each + more) / machine.speed,
        bytes=max((fit.bytes for fit in once), default=0.0),
        rows=rows,
        method="" if rows == n_rows else f"resamples of {rows:,} customers",
    )


def _total(held: float, running: Sequence[Estimate], after: Sequence[Estimate], *, machine: Machine) -> Estimate:
    """All steps one after the other, the fits of one step side by side."""
    work = sum(one.seconds for one in (*running, *after)) / machine.threads
    heaviest = sorted((one.bytes for one in running), reverse=True)
    peak = max(sum(heaviest[: machine.threads]), *(one.bytes for one in after))
    rows = max((one.rows for one in running), default=0)
    return Estimate(TOTAL, "Whole comparison", work, held + peak, rows)


def frame(estimates: Sequence[Estimate]) -> pd.DataFrame:
    """The estimates as ``Comparison.evidence["estimate"]`` keeps them: algorithm, label, rows, seconds, bytes, method."""
    return pd.DataFrame([asdict(one) for one in estimates]).rename(columns={"name": "algorithm"})[COLUMNS]


@dataclass(frozen=True)
class Admitted:
    """What may run: ``algorithms`` that fit into memory, how many ``threads`` at once, and what was ``told`` of all.

    ``refused`` holds a candidate with its ``problem`` for every other algorithm of the plan.
    """

    algorithms: tuple[Algorithm, ...]
    refused: tuple[Candidate, ...]
    threads: int
    told: tuple[Estimate, ...]


def admit(matrix: Matrix, plan: Plan, *, machine: Machine) -> Admitted:
    """The algorithms of ``plan`` that ``machine`` has the memory for, and as many threads as it has room for."""
    told = estimate(*matrix.values.shape, plan, machine=machine)
    refused = tuple(_turned_away(one, len(matrix.outlier)) for one in told if one.refused)
    out = {one.algorithm for one in refused}
    running = tuple(ALGORITHMS[name] for name in plan.algorithms if name not in out)
    return Admitted(running, refused, threads_that_fit(told, machine), told)


def _turned_away(estimate: Estimate, n_rows: int) -> Candidate:
    labels = np.zeros(n_rows, dtype=np.int16)
    labels.setflags(write=False)
    return Candidate(
        key=f"{estimate.name}-0",
        algorithm=estimate.name,
        label=estimate.label,
        params={},
        labels=labels,
        sizes={},
        names={},
        scores=(),
        seconds=0.0,
        problem=estimate.refused,
    )


def threads_that_fit(estimates: Sequence[Estimate], machine: Machine) -> int:
    """How many fits may run at once (1 to ``machine.threads``) without the heaviest ones filling the memory."""
    heaviest = sorted((one.bytes for one in estimates if one.name in ALGORITHMS and not one.refused), reverse=True)
    most = max(heaviest, default=0.0)
    return machine.threads if most * machine.threads <= machine.free else max(1, int(machine.free // most))
