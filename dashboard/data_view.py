"""The Data page in each of its states: the start, a file being read, and what was understood of it."""

from __future__ import annotations

from dash import html

from core.model import ORDERS, Recipe, Table
from core.pipeline.ordering import customers_recipe
from core.tables.reporting import report
from dashboard import samples
from dashboard.components import head, intake, notice, numbers
from dashboard.components.columns import column_cards
from dashboard.components.live import job_panel, problem_panel
from dashboard.components.loaded import questions, report_card
from dashboard.components.made_of import made_card, nearly_orders, these_are_orders
from dashboard.components.preparation import preparation_form, recalled
from dashboard.current import Current
from dashboard.orders import found_in, holds_orders, nearly
from dashboard.security.labels import plain
from dashboard.services import owner, services
from dashboard.store import LIVE


def stage(here: Current) -> str:
    """What the page follows or leaves alone: missing, start, ready, or the state of the reading."""
    if here.missing or here.dataset is None:
        return "missing" if here.missing else "start"
    run = here.load_run()
    if here.loaded and (run is None or run.state not in LIVE):
        return "ready"
    return run.state if run else "start"


def body(here: Current, loaded: object = None) -> list:
    """Everything on the page; ``loaded`` is the recipe that the browser holds."""
    now = stage(here)
    if now == "missing":
        return [
            notice(
                "warn", "This address leads to nothing you own.",
                "The file or run was deleted, has expired, or belongs to another session.",
                "Open a file below to go on.",
            ),
            *_start(),
        ]
    if now == "start":
        return _start()
    if now == "ready":
        return _ready(here, loaded)
    run = here.load_run()
    if run.state in LIVE or run.state == "done":
        making = run.kind == "customers"
        title = f"{'Making customers of' if making else 'Reading'} {plain(here.dataset.name)}"
        return [
            head(title, "Order lines become one row per customer." if making else "Columns, gaps and oddities are being looked at."),
            job_panel(run),
        ]
    title = "Reading this file was cancelled" if run.state == "cancelled" else "This file could not be read"
    return [
        head(title, "Nothing was changed; your other files are still there."),
        problem_panel(run),
        *intake.recent(_datasets(), services().settings.session_days),
    ]


def _datasets() -> tuple:
    return services().store.datasets(owner())


def _start() -> list:
    limit = services().settings.max_upload_mb
    return [
        head(
            "Which groups of customers do you have?",
            "Drop a file of customers, or of their orders. Minutes later you know the groups, whether to trust them, and what sets each apart.",
        ),
        intake.drop_zone(limit),
        intake.sample_cards(samples.SAMPLES),
        *intake.recent(_datasets(), services().settings.session_days),
    ]


def _failed_reading(here: Current) -> list:
    """The latest reading when it gave nothing: the one before is still shown below."""
    run = here.load_run()
    return [problem_panel(run)] if run and run.state not in (*LIVE, "done") else []


def _ready(here: Current, loaded: object = None) -> list:
    table = here.table()
    recipe, misfits = recalled(table, loaded, here.dataset.id) or (_recipe(here, table), None)
    lines = holds_orders(table)
    parts = [html.Div(id="data-said"), *_failed_reading(here), *questions(table.questions)]
    if lines:
        parts.append(these_are_orders(here.dataset.id, found_in(table)))
    elif nearly(table):
        parts.append(nearly_orders(here.dataset.id, found_in(table)))
    if table.made is not None:
        parts.append(made_card(table, here.dataset.id))
    else:
        parts.append(report_card(table, report(table), here.dataset.id, each="an order line" if lines else "a row" if nearly(table) else "a customer"))
    return [
        _ready_head(here, table, lines=lines), *parts, intake.first_rows(table), preparation_form(table, recipe, misfits),
        column_cards(table, recipe), intake.delete_card(here.dataset),
    ]  # fmt: skip


def _ready_head(here: Current, table: Table, *, lines: bool) -> html.Header:
    """The heading with the button that compares; it is not the first thing to do with order lines."""
    name, blocked = plain(here.dataset.name), bool(table.questions)
    go = html.Button(
        "Compare the lines as they are" if lines else "Compare segmentations", id="compare-go",
        className=f"btn btn-{'secondary' if lines else 'primary'}", disabled=blocked,
    )  # fmt: skip
    if blocked:
        return head(f"{name} needs a word from you", "Answer below what only you can know; then the file can be compared.", go)
    if table.made is not None:
        made = f"{numbers.count(len(table), 'customer')} made of {numbers.count(table.made.lines, 'order line')}"
        return head(made, "Check what each feature is used for, then compare. The proposed settings are fine to start with.", go)
    if lines:
        return head(f"{name} holds order lines", "Make customers of them first: one row each, with what they bought, when and for how much.", go)
    return head(f"{name} is ready", "Check what each column is used for, then compare. The proposed settings are fine to start with.", go)


def _recipe(here: Current, table: Table) -> Recipe | None:
    """That of the comparison where it is one of this reading: lines and customers have different columns."""
    recipe = here.recipe()
    if recipe is not None and recipe.answers.get(ORDERS) == here.answers().get(ORDERS):
        return recipe
    return customers_recipe(table) if table.made is not None else None
