"""A session with everything that a segmentation can be handed over as: model, placed file, migration, documents, link, uplift.

Every text that is its owner's alone holds :data:`OWN`, so that whatever shows it to others is found.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from core import pipeline
from core.model import Document, Edit, Plan, Recipe, Shape, Table
from dashboard.address import Address
from dashboard.atlas import asked, look
from dashboard.current import current
from tests.dashboard import made_models

OWN = "canary4711"
KEY = "kmeans-3"
PLAN = Plan(recipe=Recipe(), algorithms=("kmeans",), segments=(3, 3), resamples=2)
SHAPE = Shape((Edit("rename", 1, text=f"Loyal {OWN}", at="2026-01-01T00:00:00+00:00"),))


@cache
def table() -> Table:
    return made_models.read(made_models.FILE.replace("region", f"region_{OWN}"))


@cache
def results() -> Table:
    """Who bought after a campaign, each third customer."""
    return made_models.read(f"customer,bought_{OWN}\n" + "".join(f"c{i},{'yes' if i % 3 else 'no'}\n" for i in range(60)), "after.csv")


@cache
def nouns():
    """The comparison of :func:`table`, its model, where the same file is placed, and the migration onto itself."""
    comparison = pipeline.compare(table(), PLAN)
    model = replace(pipeline.train(table(), comparison, KEY, shape=SHAPE), name=f"model {OWN}")
    mapping = {name: name for name in model.columns}
    whole = pipeline.portray(table(), comparison, KEY, resamples=10)
    both = table(), comparison, whole
    options = {"key": "customer", "outcome": f"bought_{OWN}", "share": 0.5, "seed": 1, "absent": False}
    return comparison, model, pipeline.score(model, table(), mapping), pipeline.migrate(both, both), pipeline.uplift(table(), whole, results(), options=options), whole


@dataclass(frozen=True)
class Handed:
    """The ids of everything of one session, by what it is."""

    desk: object
    owner: str
    ids: dict[str, str]

    @property
    def search(self) -> str:
        names = {"dataset": "dataset", "run": "run", "model": "model", "before": "before"}
        known = "&".join(f"{name}={self.ids[of]}" for name, of in names.items())
        return f"?{known}&choice={KEY}&before_choice={KEY}"


def hand_over(desk, pages) -> Handed:
    """Make all of it; every job stands as done with a result worked out by the pipeline."""
    comparison, model, scored, migration, uplift, whole = nouns()
    ask = lambda kind, dataset, **request: desk.jobs.request(desk.owner, kind, dataset, request)  # noqa: E731
    dataset, other, after = desk.add(f"shop {OWN}.csv"), desk.add(f"next {OWN}.csv"), desk.add(f"after {OWN}.csv")
    for one, read in ((dataset, table()), (other, table()), (after, results())):
        desk.load(one, read)
    before = desk.end(desk.compare(dataset, replace(PLAN, seed=1)), comparison).id
    run = desk.end(desk.compare(dataset, PLAN), comparison).id
    desk.store.reshape(desk.owner, run, KEY, SHAPE, after=0)
    desk.store.remarks.keep(run, desk.store.remarks.of(run).__class__(True, f"note {OWN}"))
    with desk.request():
        looked = look(current(Address(run=run, choice=KEY)))
        shape = looked.shaping.shape.to_json()
        desk.end(desk.jobs.request(desk.owner, "portray", dataset, {**asked(looked), "resamples": 50}), whole)
        train = desk.end(ask("train", dataset, run=run, candidate=KEY, shape=shape), model)
        kept = desk.store.models.add(desk.owner, model, run=train.id, dataset=dataset)
        score = desk.end(ask("score", other, model=kept, answers={}, mapping={name: name for name in model.columns}), scored)
        pair = pages.migration.looking.pair_of({"run": run, "choice": KEY, "before": before, "before_choice": KEY})
        migrate = desk.end(desk.jobs.request(desk.owner, "migrate", dataset, pages.migration.looking.request(pair)), migration)
        publish = desk.end(desk.jobs.request(desk.owner, "publish", dataset, pages.export.report.request(looked, "report_html", False)), report())
        options = {"key": "customer", "outcome": f"bought_{OWN}", "share": 0.5, "seed": 1, "absent": False}
        read = desk.end(desk.jobs.request(desk.owner, "uplift", dataset, asked(looked, results=after, options=options)), uplift)
    token = desk.store.shares.add(desk.owner, publish.id, f"title {OWN}", days=7)
    known = {"dataset": dataset, "other": other, "after": after, "before": before, "run": run, "train": train.id, "model": kept,
             "score": score.id, "migrate": migrate.id, "publish": publish.id, "uplift": read.id, "token": token,
             "share": desk.store.shares.listed(desk.owner)[0].id, "key": desk.store.models.renew_key(desk.owner, kept)}  # fmt: skip
    return Handed(desk, desk.owner, known)


def report() -> Document:
    page = f"<!DOCTYPE html><html lang=en><title>t</title><p>told {OWN}".encode()
    return Document("report.html", "text/html", np.frombuffer(page, dtype=np.uint8))


def holdings(desk, owner: str) -> str:
    """All rows of the database that are an owner's, as text: what nobody else may change."""
    out = io.StringIO()
    tables = [row["name"] for row in desk.store.database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in tables:
        for row in desk.store.database.rows(f"SELECT * FROM {name} ORDER BY 1"):
            cells = dict(row)
            if owner in map(str, cells.values()) or name in ("remarks", "versions", "trash", "outbox"):
                out.write(f"{name} {cells}\n")
    return out.getvalue()
