"""What the jobs do with a finished segmentation: models, placing others, migration, documents, campaigns."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from core.model import Comparison, Explanation, Segmentation, Shape, Table
from core.shaping import dressed, formed
from dashboard.jobs.job import Job, compared, table
from dashboard.runner.lifecycle import Report
from dashboard.store import Damaged, Run


def train(job: Job, report: Report) -> Any:
    from core import pipeline

    asked = job.run.request
    shape = Shape.from_json(asked["shape"])
    return pipeline.train(*compared(job, report), asked["candidate"], report, shape=shape, memo=job.memo())


def score(job: Job, report: Report) -> Any:
    from core import pipeline

    asked = job.run.request
    model = job.store.models.model(job.owner, asked["model"])
    return pipeline.score(model, table(job, asked["answers"], report), asked["mapping"], report, threads=job.threads)


def migrate(job: Job, report: Report) -> Any:
    from core import pipeline

    asked = job.run.request
    now, before = _whole(job, asked, report), _whole(job, asked["before"], report)
    return pipeline.migrate(before, now, report, key=asked["key"], memo=job.memo())


def publish(job: Job, report: Report) -> Any:
    from core import pipeline

    asked = job.run.request
    made = f"{datetime.fromtimestamp(job.run.created, UTC):%-d %B %Y}"
    options = {**asked["options"], "importance": _measured(job, asked), "made": made, "run": asked["run"]}
    return pipeline.publish(asked["what"], *_whole(job, asked, report), report, options=options)


def uplift(job: Job, report: Report) -> Any:
    from core import pipeline

    asked = job.run.request
    results = job.store.table(job.owner, asked["results"])
    customers, _, segmentation = _whole(job, asked, report)
    return pipeline.uplift(customers, segmentation, results, options=asked["options"])


def _measured(job: Job, asked: Any) -> Explanation | None:
    """What was found of the columns of this candidate in this shape, None where nobody has measured it."""
    for run in _done(job, "importance", job.run.dataset, asked):
        return job.store.explanation(job.owner, run.id)
    return None


def _whole(job: Job, asked: Any, report: Report) -> tuple[Table, Comparison, Segmentation]:
    """The table, the comparison and the whole segmentation that a request names, described now where nobody has yet."""
    from core import pipeline

    store, owner, run = job.store, job.owner, job.store.run(job.owner, asked["run"])
    comparison, shape = store.comparison(owner, run.id), Shape.from_json(asked["shape"])
    customers = store.table(owner, run.dataset, comparison.plan.recipe.answers)
    for told in _done(job, "portray", run.dataset, asked):
        with suppress(Damaged):
            fitted = comparison.candidate(asked["candidate"])
            return customers, comparison, dressed(store.segmentation(owner, told.id), fitted, shape)
    made = pipeline.portray(customers, comparison, asked["candidate"], report, shape=shape, memo=job.memo(), threads=job.threads)
    return customers, comparison, made


def _done(job: Job, kind: str, dataset: str, asked: Any) -> list[Run]:
    """Finished runs of this kind about the same customers in the same segments: whatever they were called meanwhile."""
    wanted = asked["run"], asked["candidate"], formed(Shape.from_json(asked["shape"]))
    return [run for run in job.store.runs(job.owner, dataset, kind) if run.state == "done"
            and (run.request["run"], run.request["candidate"], formed(Shape.from_json(run.request["shape"]))) == wanted]  # fmt: skip
