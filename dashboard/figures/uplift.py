"""Uplift by segment: a dot with its 95 % interval, against the line of nothing."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.model import Uplift
from dashboard import theme
from dashboard.figures.curves import blank, nothing
from dashboard.security.labels import plotly

_ROW = 44


def uplift_dots(found: Uplift, *, mode: str = "light") -> go.Figure:
    """One row per segment with both groups, everyone at the top; of rates in percentage points. Filled dots have an
    interval without 0. Give it :func:`uplift_height` px."""
    frame = found.frame[found.frame["uplift"].notna()]
    figure = blank(mode)
    if frame.empty:
        return nothing(figure, mode)
    scale = 100.0 if found.kind == "rate" else 1.0
    values = {name: scale * frame[name].to_numpy(dtype=float) for name in ("uplift", "low", "high")}
    clear = (values["low"] > 0) | (values["high"] < 0)
    accent = theme.token("accent", mode)
    error = {"type": "data", "symmetric": False, "array": np.nan_to_num(values["high"] - values["uplift"]),
             "arrayminus": np.nan_to_num(values["uplift"] - values["low"]), "color": accent, "thickness": 2, "width": 5}  # fmt: skip
    inside = [accent if one else theme.token("surface", mode) for one in clear]
    names = [plotly(name) for name in frame["segment_name"]]
    unit = "points" if found.kind == "rate" else plotly(found.unit)
    figure.add_trace(
        go.Scatter(x=values["uplift"], y=np.arange(len(frame)), mode="markers", marker={"size": 10, "color": inside, "line": {"color": accent, "width": 2}},
                   error_x=error, customdata=names, hovertemplate="%{customdata}: %{x:.3~g} " + unit + "<extra></extra>", showlegend=False)
    )  # fmt: skip
    figure.add_vline(x=0, line={"color": accent, "width": 1, "dash": "dot"})
    figure.update_yaxes(tickvals=list(range(len(names))), ticktext=names, autorange="reversed", showgrid=False)
    figure.update_xaxes(title_text=f"Uplift ({unit})" if unit else "Uplift", zeroline=False)
    figure.update_layout(margin={"l": 10})
    figure.update_yaxes(automargin=True)
    return figure


def uplift_height(found: Uplift) -> int:
    """Px for its segments, at least 220."""
    return max(220, 90 + _ROW * int(found.frame["uplift"].notna().sum()))
