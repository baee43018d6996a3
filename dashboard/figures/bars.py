"""What drives the segments, as bars with their spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.security.labels import plotly

MAX_BARS = 25
_LONGEST = 26


def importance_bars(
    frame: pd.DataFrame, *, mode: str = "light", axis: str = "Drop in accuracy when shuffled", colour: str = ""
) -> go.Figure:
    """Horizontal bars, strongest on top, whiskers from ``low`` to ``high``.

    ``frame`` has column, importance, low and high, as ``core.model.Explanation.frame``; the first 25 columns are
    drawn, named by ``axis`` what they measure, in ``colour`` where one is given. Give it :func:`bars_height` px.
    """
    top = frame.sort_values("importance", ascending=False, kind="stable").head(MAX_BARS)
    value = top["importance"].to_numpy(dtype=float)
    names = [plotly(name) for name in top["column"]]
    whiskers = {
        "type": "data",
        "symmetric": False,
        "array": np.maximum(0, top["high"].to_numpy(dtype=float) - value),
        "arrayminus": np.maximum(0, value - top["low"].to_numpy(dtype=float)),
        "color": theme.token("text", mode),
        "thickness": 1.2,
        "width": 4,
    }
    bar = go.Bar(
        x=value,
        y=np.arange(len(top)),
        orientation="h",
        error_x=whiskers,
        marker={"color": colour or theme.token("accent", mode), "opacity": 0.85},
        text=names,
        textposition="none",
        hovertemplate="%{text}: %{x:.3f}<extra></extra>",
    )
    figure = go.Figure(bar, layout={"template": theme.template(mode), "bargap": 0.42, "dragmode": False})
    ticks = {"tickvals": np.arange(len(top)), "ticktext": [_short(name) for name in top["column"]]}
    ink = {"size": 12, "color": theme.token("text", mode)}
    figure.update_yaxes(**ticks, autorange="reversed", showgrid=False, fixedrange=True, tickfont=ink)
    figure.update_xaxes(title_text=axis, fixedrange=True, zeroline=True, zerolinecolor=theme.token("control", mode))
    return figure


def bars_height(count: int) -> int:
    """Px for ``count`` bars: room for each, at least 280."""
    return max(280, 72 + 28 * min(count, MAX_BARS))


def _short(name: object) -> str:
    text = str(name)
    return plotly(text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…")
