"""What the jobs do up to the Atlas: read, look, make customers, compare, describe. Each returns the noun to be stored."""

from __future__ import annotations

import shutil
from typing import Any

from core import codec
from core.errors import BadRequest
from core.model import OrderPlan, Shape, Table, of_lines
from dashboard.jobs.job import Job, Kept, compared, read, table
from dashboard.runner.lifecycle import Report


def load(job: Job, report: Report) -> Kept:
    return Kept(read(job, job.run.request.get("answers", {}), report))


def explore(job: Job, report: Report) -> Any:
    from core import pipeline

    return pipeline.explore(table(job, job.run.request.get("answers", {}), report), report)


def examine(job: Job, report: Report) -> Any:
    from core.pipeline import ordering

    lines, plan = _lines(job, report)
    scratch = job.store.draft(job.run.id)
    try:
        return ordering.examine(lines, plan, report, engine=job.engine, folder=scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def customers(job: Job, report: Report) -> Kept:
    from core.pipeline import ordering

    lines, plan = _lines(job, report)
    scratch, draft = job.store.draft(job.run.id), job.store.draft(job.run.id)
    try:
        built = ordering.make_customers(lines, plan, report, engine=job.engine, folder=scratch)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    codec.write(built.table, draft)
    return Kept(draft, built.ordered)


def _lines(job: Job, report: Report) -> tuple[Table, OrderPlan]:
    """The order lines as stored (read where they are not), and how they are to be taken."""
    plan = job.run.order_plan
    if plan is None:
        raise BadRequest("This was asked for by another version.", "Ask again on the Orders page.")
    answers = of_lines(job.run.request["answers"])
    return table(job, answers, report), plan


def compare(job: Job, report: Report) -> Any:
    from core import pipeline

    plan = job.run.plan
    if plan is None:
        raise BadRequest("This comparison was asked for by another version.", "Compare again on the Data page.")
    customers = table(job, plan.recipe.answers, report)
    return pipeline.compare(customers, plan, report, memo=job.memo(), show=job.show, threads=job.threads)


def importance(job: Job, report: Report) -> Any:
    from core import pipeline

    asked, memo = job.run.request, job.memo()
    shape = Shape.from_json(asked["shape"])
    return pipeline.importance(*compared(job, report), asked["candidate"], report, shape=shape, memo=memo)


def portray(job: Job, report: Report) -> Any:
    from core import pipeline

    asked, memo = job.run.request, job.memo()
    return pipeline.portray(
        *compared(job, report), asked["candidate"], report,
        shape=Shape.from_json(asked["shape"]), resamples=asked["resamples"], memo=memo, threads=job.threads,
    )  # fmt: skip


def split(job: Job, report: Report) -> Any:
    from core import pipeline

    asked = job.run.request
    shape = Shape.from_json(asked["shape"])
    return pipeline.propose_split(*compared(job, report), asked["candidate"], report, shape=shape, segment=asked["segment"])


def why(job: Job, report: Report) -> Any:
    from core import pipeline

    asked, memo = job.run.request, job.memo()
    shape = Shape.from_json(asked["shape"])
    return pipeline.why_here(*compared(job, report), asked["candidate"], report, shape=shape, row=asked["row"], memo=memo)
