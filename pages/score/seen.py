"""What the Score page looks at: the models of the session, the one that is shown, and the file that it shall place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from core.model import Model, Scored, Table
from dashboard.address import Address
from dashboard.atlas import Looked, look
from dashboard.components.score_models import Kept
from dashboard.current import Current, current
from dashboard.orders import holds_orders
from dashboard.services import owner, services
from dashboard.store import LIVE, Damaged, Dataset, NotFound, Run, SavedModel
from dashboard.wanted import newest

MOST_LISTED = 50


@dataclass(frozen=True)
class Seen:
    """``shown`` is the model of the address, else the one made of the segments looked at, else - where none are looked at -
    the newest; None where there is none. ``training`` is the newest job that makes a model of these segments, ``made`` the id
    of that model, "" before it is there.
    """

    here: Current
    looked: Looked | None
    models: tuple[Kept, ...]
    shown: Kept | None
    training: Run | None
    made: str = ""

    @property
    def model(self) -> Model | None:
        return self.shown.model if self.shown is not None else None

    @property
    def wanted(self) -> bool:
        """Whether segments are looked at that have no model in their present shape."""
        return self.looked is not None and not self.made

    @cached_property
    def stage(self) -> list:
        """What the top of the page shows: it is drawn anew when this changes."""
        training = [self.training.id, self.training.state] if self.training else []
        return [training, self.shown.id if self.shown else "", [[one.id, one.keyed] for one in self.models]]


def request_of(looked: Looked) -> dict[str, Any]:
    """What is asked of the job: names and colours go with a model, so the whole shape."""
    return {"run": looked.here.run.id, "candidate": looked.key, "shape": looked.shaping.shape.to_json()}


def seen(search: object) -> Seen:
    """What the address names, for this session."""
    address = search if isinstance(search, Address) else Address.parse(search)
    here = current(address)
    looked = look(here)
    saved = services().store.models.listed(owner())[:MOST_LISTED]
    training = _training(looked)
    models = tuple(_kept(one, here.address) for one in saved)
    made = next((one.id for one in saved if training is not None and one.run == training.id), "")
    named = next((one.id for one in saved if one.id == address.model), "")
    newest = saved[0].id if saved and looked is None else ""
    shown = next((one for one in models if one.id == (named or made or newest)), None)
    return Seen(here, looked, models, shown, training, made)


def _training(looked: Looked | None) -> Run | None:
    if looked is None:
        return None
    return newest("train", looked.here.dataset.id, request_of(looked))


def _kept(saved: SavedModel, address: Address) -> Kept:
    store = services().store
    try:
        model = store.models.model(owner(), saved.id)
    except Damaged:
        model = None
    try:
        file = store.dataset(owner(), saved.dataset).name if saved.dataset else ""
    except NotFound:
        file = ""
    href = replace(address, model=saved.id).to("/score")
    return Kept(saved.id, saved.name, saved.created, file, saved.signed, saved.keyed, href, model)


@dataclass(frozen=True)
class Placing:
    """A file of the session that the model ``kept`` shall place; ``reading`` and ``placing`` are its newest jobs."""

    kept: Kept
    dataset: Dataset | None
    table: Table | None
    reading: Run | None
    placing: Run | None

    @cached_property
    def state(self) -> str:
        """none, unread, reading, unreadable, asks, orders, ready, placing, unplaced or placed."""
        if self.dataset is None:
            return "none"
        if self.table is None:
            return _reading(self.reading)
        if self.table.questions:
            return "asks"
        if holds_orders(self.table):
            return "orders"
        if self.placing is None:
            return "ready"
        return "placing" if self.placing.state in LIVE else "placed" if self.placing.state == "done" else "unplaced"

    @property
    def stage(self) -> list:
        """Names what is drawn of the file."""
        run = self.placing.id if self.placing else ""
        return [self.dataset.id if self.dataset else "", self.state, run, len(services().store.datasets(owner()))]

    def scored(self) -> Scored | None:
        """Where everybody belongs; None while nobody knows, and when the stored bytes are damaged."""
        try:
            return services().store.result(owner(), self.placing.id, "score") if self.state == "placed" else None
        except Damaged:
            return None


def placing(kept: Kept, dataset: object) -> Placing:
    """The file with this id, else the one that the model placed last; anything that is none of the session's counts as none."""
    store = services().store
    runs = [run for run in store.runs(owner(), kind="score") if run.request["model"] == kept.id]
    asked = dataset if isinstance(dataset, str) else (runs[0].dataset if runs else "")
    try:
        file = store.dataset(owner(), asked) if asked else None
    except NotFound:
        file = None
    if file is None:
        return Placing(kept, None, None, None, None)
    answers = store.answers(owner(), file.id)
    table = store.table(owner(), file.id, answers) if store.table_ready(owner(), file.id, answers) else None
    reading = next(iter(store.readings(owner(), file.id)), None)
    newest = next((run for run in runs if run.dataset == file.id and run.request["answers"] == answers), None)
    return Placing(kept, file, table, reading, newest)


def _reading(run: Run | None) -> str:
    if run is None:
        return "unread"
    return "reading" if run.state in LIVE or run.state == "done" else "unreadable"
