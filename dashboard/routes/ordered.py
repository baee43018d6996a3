"""What was made of order lines as CSV, at full precision: the numbers behind the charts, the features, the customers."""

from __future__ import annotations

import pandas as pd
from flask import Blueprint, Response

from core.exports.labelled import as_text
from core.model import Ordered, Table, of_lines
from core.orders.ailments import AILMENTS
from dashboard.routes.sending import file_name, send_csv
from dashboard.services import owner, services
from dashboard.store import NotFound, Run

blueprint = Blueprint("ordered", __name__)
CHARTS = ("groups", "cohorts", "backtest", "grid")


@blueprint.get("/ordered/<run>/<part>.csv")
def download(run: str, part: str) -> Response:
    """``part`` is groups, cohorts, backtest or grid (a chart each), features (how they are made), cuts, customers, or
    aside: the order lines set aside as they stand in the file, each with its number and the reason.

    Money is in currency units. Cells that a spreadsheet would run are made harmless.
    """
    store = services().store
    ordered, made_by = store.ordered(owner(), run), store.run(owner(), run)
    if part == "customers":
        frame = _texts(store.table(owner(), made_by.dataset, made_by.request["answers"]).frame)
    elif part == "aside":
        frame = aside_frame(ordered, _lines(made_by))
    else:
        frame = _frame(ordered, part)
    name = file_name(store.dataset(owner(), made_by.dataset).name, "", f"{part}.csv")
    return send_csv(frame, name)


def aside_frame(ordered: Ordered, lines: Table) -> pd.DataFrame:
    """The lines set aside: line (1 is the first row), reason in words, then every cell as read."""
    cells = lines.raw.iloc[ordered.aside["line"].to_numpy() - 1].reset_index(drop=True)
    reasons = [AILMENTS[name].label for name in ordered.aside["reason"]]
    head = pd.DataFrame({"line": ordered.aside["line"].to_numpy(), "reason": pd.Series(reasons, dtype=object)})
    return _texts(pd.concat([head, cells], axis=1))


def _lines(made_by: Run) -> Table:
    """The order lines behind the customers of this run."""
    answers = of_lines(made_by.request["answers"])
    return services().store.table(owner(), made_by.dataset, answers)


def _frame(ordered: Ordered, part: str) -> pd.DataFrame:
    if part in CHARTS:
        return _texts(getattr(ordered, part))
    if part == "cuts":
        rows = [
            (name, place, point) for name, points in ordered.rfm_cuts.items() for place, point in enumerate(points, 1)
        ]
        return _texts(pd.DataFrame(rows, columns=["figure", "place", "break_point"]))
    if part != "features":
        raise NotFound("download")
    facts = [
        (one.name, one.label, one.unit, one.formula, "yes" if one.ticked else "no", one.why) for one in ordered.features
    ]
    return pd.DataFrame(facts, columns=["name", "label", "unit", "formula", "ticked", "why"], dtype=object)


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    # by place, because a column of the file may have one of our names
    cells = [as_text(frame.iloc[:, place]) for place in range(frame.shape[1])]
    return pd.concat(cells, axis=1).set_axis(frame.columns, axis=1) if cells else frame
