"""Sessions in every state a page may meet, and how to read what it shows."""

from __future__ import annotations

from dash import dcc, html

from core import pipeline
from core.model import Plan
from dashboard.store import Problem
from tests.dashboard import made, made_orders

ORDERS = ("lines", "examining", "ailing", "examined", "making", "unmade", "made")
"""Order lines: read, with the doctor at work, who failed, or is done, and customers being made, not made, and made."""
ENDS = {"failed": "did not work", "cancelled": "was cancelled", "interrupted": "was interrupted"}
FORM = {"roles": [str(c.role) for c in made.COLUMNS], "units": [c.unit for c in made.COLUMNS], "gaps": "median",
        "outliers": "keep", "scaling": "standard", "encoding": "onehot"}  # fmt: skip


def heading(shown):
    (found,) = made.of(shown, html.H1)
    return made.words(found)


def links(shown):
    return [link.href for link in made.of(shown, (html.A, dcc.Link))]


def state_of(desk, name):
    """A session in this state: the parameters of the address that shows it."""
    if name == "nothing":
        return {}
    if name in ORDERS:
        return orders_state_of(desk, name)
    dataset = desk.add()
    if name == "reading":
        desk.jobs.request(desk.owner, "load", dataset, {"answers": {}})
    if name in ENDS:
        stop(desk, desk.jobs.request(desk.owner, "load", dataset, {"answers": {}}), name)
    if name in ("read", "asked", "comparing", "compared", "measured", "looking", "looked"):
        desk.load(dataset, made.table(questions=(made.QUESTION,) if name == "asked" else ()))
    if name in ("looking", "looked"):
        asked = desk.jobs.request(desk.owner, "explore", dataset, {"answers": {}})
        if name == "looked":
            desk.end(asked, pipeline.explore(made.table()))
    if name == "comparing":
        return {"dataset": dataset, "run": desk.compare(dataset).id}
    if name in ("compared", "measured"):
        run = desk.end(desk.compare(dataset, Plan(segments=(2, 4))), made.comparison())
        if name == "measured":
            measured(desk, dataset, run.id)
        return {"dataset": dataset, "run": run.id}
    return {"dataset": dataset}


def orders_state_of(desk, name, plan=None, lines=None):
    """The same for order lines, whose plan is the one of ``made_orders`` unless another is given."""
    dataset = desk.add("orders.csv")
    desk.load(dataset, lines or made_orders.lines())
    plan = plan or made_orders.plan(as_of="")
    if name != "lines":
        run = desk.jobs.request(desk.owner, "examine", dataset, {"answers": {}, "plan": plan.to_json()})
        if name == "ailing":
            stop(desk, run, "failed")
        elif name != "examining":
            desk.end(run, made_orders.examination())
    if name in ("making", "unmade", "made"):
        run = desk.jobs.request(desk.owner, "customers", dataset, {"answers": {"orders": plan.to_json()}})
        if name == "unmade":
            stop(desk, run, "failed")
        if name == "made":
            desk.end(run, made_orders.ordered(), made_orders.customers())
    return {"dataset": dataset}


def stop(desk, run, how):
    ledger = desk.store.ledger
    {"failed": lambda: ledger.fail(run.id, Problem("X", "It broke.", "Try less.", "ref-1")),
     "cancelled": lambda: ledger.cancel(run.id), "interrupted": lambda: ledger.interrupt(run.id)}[how]()  # fmt: skip
    return run


def measured(desk, dataset, run, key="kmeans-2", **changes):
    asked = desk.jobs.request(desk.owner, "importance", dataset, {"run": run, "candidate": key, "shape": ""})
    return desk.end(asked, made.explanation(candidate=key, **changes))
