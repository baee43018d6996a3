"""Customers by when they first bought, as a table in colour: who comes back, and what each brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.figures.tints import ink_on
from dashboard.security.labels import plain, plotly

MEASURES = ("retention", "revenue")
MOST_PRINTED = 13
_NARROW_PRINTED = 7


def cohort_heat(
    frame: pd.DataFrame,
    *,
    measure: str = "retention",
    period: str = "month",
    unit: str = "",
    mode: str = "light",
    narrow: bool = False,
) -> go.Figure:
    """A row per cohort, a column per ``period`` since its first purchases.

    ``frame`` is ``core.model.Ordered.cohorts``. ``measure`` "retention" is the share of the cohort that bought in the
    period, "revenue" the money of the period divided by all customers of the cohort (``unit`` is the currency). The
    scale ends at the highest cell after period 0, where by definition everyone bought, so that what follows can
    be told apart; the pointer tells every value. Numbers stand in the cells as long as they fit. Raises ``ValueError``
    for another measure. Give it :func:`cohort_heat_height` px.
    """
    z = cohort_table(frame, measure)
    figure = blank(mode)
    if z.empty:
        return nothing(figure, mode)
    cells = z.to_numpy(dtype=float)
    later = cells[:, np.asarray(z.columns) > 0]
    low, high = (min(0.0, _extreme(later, np.nanmin, 0.0)), _extreme(later, np.nanmax, 1.0))
    high = high if high > low else low + 1.0
    sizes = frame.groupby("cohort", sort=True)["customers"].first()
    figure.add_trace(_cells(z, sizes, low, high, measure=measure, period=period, unit=unit, mode=mode))
    if z.shape[1] <= (_NARROW_PRINTED if narrow else MOST_PRINTED):
        figure.add_trace(_printed(cells, np.asarray(z.columns), low, high, measure=measure, mode=mode, narrow=narrow))
    names = [plotly(plain(name, limit=10)) for name in z.index]
    step = -(-len(names) // 40)
    ink = {"size": 12 if len(names) <= 24 else 10, "color": theme.token("text", mode)}
    figure.update_yaxes(tickvals=np.arange(0, len(names), step), ticktext=names[::step], tickfont=ink)
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", ticklabelstandoff=4)
    figure.update_xaxes(title_text=f"{period.capitalize()}s since the first purchase", ticks="", nticks=14)
    if z.shape[1] <= MOST_PRINTED:
        figure.update_xaxes(dtick=1)
    return figure


def cohort_table(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The measure with a row per cohort, the earliest first, and a column per age; NaN where it has not come yet."""
    if measure not in MEASURES:
        raise ValueError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}.")
    part = frame["active"] if measure == "retention" else frame["revenue"]
    shown = pd.DataFrame({"cohort": frame["cohort"], "age": frame["age"], "value": part / frame["customers"]})
    return shown.pivot(index="cohort", columns="age", values="value").sort_index()


def cohort_heat_height(cohorts: int) -> int:
    """Px for this many cohorts, at least 280."""
    return max(280, 130 + min(24 * cohorts, 720))


def _extreme(cells: np.ndarray, of: object, otherwise: float) -> float:
    return float(of(cells)) if np.isfinite(cells).any() else otherwise


def _cells(
    z: pd.DataFrame, sizes: pd.Series, low: float, high: float, *, measure: str, period: str, unit: str, mode: str
) -> go.Heatmap:
    ends = [low, (low + high) / 2, high]
    bar = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "ypad": 6, "xpad": 0, "thickness": 10, "len": 0.9}
    told = "%{z:.1%} bought" if measure == "retention" else f"%{{z:,.4~g}} {plotly(unit)} for each customer"
    words = [
        [f"{plotly(name)}: {int(sizes[name]):,} customers<br>{period} {age}" for age in z.columns] for name in z.index
    ]
    return go.Heatmap(
        x=np.asarray(z.columns),
        y=np.arange(len(z)),
        z=z.to_numpy(dtype=float),
        zmin=low,
        zmax=high,
        colorscale=theme.sequential(mode),
        colorbar=bar | {"outlinewidth": 0, "tickvals": ends, "ticktext": [_written(one, measure) for one in ends]},
        hovertext=words,
        hovertemplate=f"%{{hovertext}}: {told}<extra></extra>",
        hoverongaps=False,
        xgap=1,
        ygap=1,
    )


def _printed(
    cells: np.ndarray, ages: np.ndarray, low: float, high: float, *, measure: str, mode: str, narrow: bool
) -> go.Scatter:
    rows, columns = np.nonzero(np.isfinite(cells))
    values = cells[rows, columns]
    scale = theme.sequential(mode)
    reach = np.clip((values - low) / (high - low), 0, 1)
    text = [_written(one, measure) for one in values]
    small = narrow or cells.shape[1] > 9
    return go.Scatter(
        x=ages[columns],
        y=rows,
        mode="text",
        text=text,
        textfont={"size": 10 if small else 11, "color": [ink_on(scale, one) for one in reach]},
        hoverinfo="skip",
    )


def _written(value: float, measure: str) -> str:
    return f"{100 * value:.0f}%" if measure == "retention" else _short(value)


def _short(value: float) -> str:
    """Money in as few marks as a cell has room for."""
    size, sign = abs(value), "−" if value < 0 else ""
    for step, mark in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if size >= 0.9995 * step:
            return f"{sign}{size / step:.3g}{mark}"
    return f"{sign}{size:.0f}" if size >= 10 else f"{sign}{size:.1f}".removesuffix(".0")
