"""What a page looks at: the address resolved through ownership into stored things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from core.errors import SegmentationError
from core.model import Comparison, Recipe, Table
from dashboard.address import Address
from dashboard.services import owner, services
from dashboard.store import Damaged, Dataset, NotFound, Run


@dataclass(frozen=True)
class Current:
    """The dataset, its compare run and the chosen candidate that an address names; None where there is none.

    ``missing`` is True when the address names something that this session does not own (or that was deleted).
    """

    address: Address
    dataset: Dataset | None = None
    run: Run | None = None
    missing: bool = False

    def table(self, comparison: Comparison | None = None) -> Table | None:
        """The file as ``comparison`` read it, else with :meth:`answers`; None until a load run is done."""
        answers = comparison.plan.recipe.answers if comparison else self.answers()
        if self.dataset is None or not services().store.table_ready(owner(), self.dataset.id, answers):
            return None
        return services().store.table(owner(), self.dataset.id, answers)

    def answers(self) -> Mapping[str, str]:
        """Those with which the run that the address names read the file; without one, those of the last reading."""
        if self.address.run and (recipe := self.recipe()) is not None:
            return recipe.answers
        return services().store.answers(owner(), self.dataset.id) if self.dataset else {}

    def recipe(self) -> Recipe | None:
        """How the run prepares the columns; None without a run, and where an earlier version wrote its plan."""
        plan = self.run.plan if self.run is not None else None
        return plan.recipe if plan is not None else None

    @property
    def loaded(self) -> bool:
        return self.dataset is not None and services().store.table_ready(owner(), self.dataset.id)

    def load_run(self) -> Run | None:
        """The latest reading of the file, or making of customers from it, whatever became of it."""
        runs = services().store.readings(owner(), self.dataset.id) if self.dataset else ()
        return runs[0] if runs else None

    def comparison(self) -> Comparison | None:
        """The result of the run; None until it is done, and when its bytes are damaged or an earlier version's.

        The Compare page says which, by :func:`dashboard.components.live.problem_panel`.
        """
        if self.run is None or self.run.state != "done" or self.run.plan is None:
            return None
        try:
            return services().store.comparison(owner(), self.run.id)
        except Damaged:
            return None

    def choice(self, comparison: Comparison) -> str | None:
        """The candidate of the address if this run has it with segments, else the recommended one."""
        try:
            if self.address.choice and not comparison.candidate(self.address.choice).problem:
                return self.address.choice
        except SegmentationError:
            return comparison.recommended
        return comparison.recommended


def current(address: Address) -> Current:
    """Resolve ``address`` for this session; a dataset without a named run shows its latest finished comparison."""
    store = services().store
    try:
        run = store.run(owner(), address.run) if address.run else None
        dataset_id = run.dataset if run else address.dataset
        dataset = store.dataset(owner(), dataset_id) if dataset_id else None
    except NotFound:
        return Current(address, missing=True)
    if run is not None and run.kind != "compare":  # it names its file; only a comparison can be looked at
        run = None
    if run is None and dataset is not None:
        done = [r for r in store.runs(owner(), dataset=dataset.id, kind="compare") if r.state == "done"]
        run = done[0] if done else None
    return Current(address, dataset, run)


def narrow() -> bool:
    """True on a screen as wide as a phone, as the browser said when it loaded the page."""
    return request.cookies.get("sa-narrow") == "1"


def mode() -> str:
    """The theme of this request, kept by the browser in a cookie that holds nothing else: "light" or "dark"."""
    return "dark" if request.cookies.get("sa-mode") == "dark" else "light"
