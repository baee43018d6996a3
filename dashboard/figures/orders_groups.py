"""RFM groups: their parts of customers and revenue side by side, and what is expected of them with its range."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import theme
from dashboard.figures.curves import blank, nothing, series_colour
from dashboard.security.labels import plain, plotly

EVERYONE = "Everyone"
_ROW = 46


def group_bars(frame: pd.DataFrame, *, unit: str = "", mode: str = "light", narrow: bool = False) -> go.Figure:
    """Two bars for each group, the share of customers and the share of revenue, each with its number at its end.

    ``frame`` is ``core.model.Ordered.groups``; its row "Everyone" is the base of both shares and no bar. Where
    revenue in all is not above zero there is no share of it to draw. ``unit`` is the currency. Give it
    :func:`group_bars_height` px.
    """
    parts, all_customers, all_revenue = shares(frame)
    figure = blank(mode)
    if parts.empty or not all_customers:
        return nothing(figure, mode)
    series = [("customers", parts["customers"], all_customers, "")]
    if all_revenue > 0:
        series.append(("revenue", parts["revenue"], all_revenue, plotly(unit)))
    for place, (noun, values, base, money) in enumerate(series):
        share = values.to_numpy(dtype=float) / base
        bars = _bars(parts["group"], values, share, noun=noun, money=money, colour=series_colour(place, mode))
        figure.add_trace(bars)
        _label_losses(figure, bars, beside=(place - 0.5) * 0.36 if len(series) > 1 else 0.0)
    low = min(0.0, *(float(np.min(trace.x)) for trace in figure.data))
    high = max(float(np.max(trace.x)) for trace in figure.data)
    figure.update_layout(bargap=0.28, bargroupgap=0.06, barmode="group")
    figure.update_xaxes(title_text="Share of all", tickformat=".0%", showgrid=True, nticks=6)
    figure.update_xaxes(range=[1.1 * low, (2.1 if narrow else 1.22) * high])
    _name_rows(figure, parts["group"], mode, narrow=narrow)
    return figure


def shares(frame: pd.DataFrame) -> tuple[pd.DataFrame, float, float]:
    """The groups without "Everyone", and the customers and revenue of everyone."""
    everyone = frame[frame["group"] == EVERYONE]
    parts = frame[frame["group"] != EVERYONE]
    if everyone.empty:
        return parts, float(parts["customers"].sum()), float(parts["revenue"].sum())
    return parts, float(everyone["customers"].iloc[0]), float(everyone["revenue"].iloc[0])


def group_bars_height(groups: int) -> int:
    """Px for this many groups, at least 280."""
    return max(280, 70 + _ROW * groups)


def value_ranges(frame: pd.DataFrame, *, unit: str = "", mode: str = "light", narrow: bool = False) -> go.Figure:
    """What each group is expected to bring: a dot with the 80 % predictive range as its whisker.

    ``frame`` is ``core.model.Ordered.groups``; rows without an expected value are left out, "Everyone" too. Give it
    :func:`value_ranges_height` px.
    """
    parts = frame[(frame["group"] != EVERYONE) & frame["expected_value"].notna()]
    figure = blank(mode)
    if parts.empty:
        return nothing(figure, mode)
    value = parts["expected_value"].to_numpy(dtype=float)
    low, high = (parts[name].to_numpy(dtype=float) for name in ("value_low", "value_high"))
    accent, money = theme.token("accent", mode), plotly(unit)
    whiskers = {"type": "data", "symmetric": False, "array": np.nan_to_num(high - value).clip(0),
                "arrayminus": np.nan_to_num(value - low).clip(0), "color": accent, "thickness": 2, "width": 5}  # fmt: skip
    figure.add_trace(
        go.Scatter(
            x=value,
            y=np.arange(len(parts)),
            mode="markers",
            marker={"size": 9, "color": accent},
            error_x=whiskers,
            customdata=np.column_stack([low, high]),
            text=[plotly(name) for name in parts["group"]],
            hovertemplate=f"%{{text}}: %{{x:,.3~s}} {money}<br>80%: %{{customdata[0]:,.3~s}} to "
            f"%{{customdata[1]:,.3~s}} {money}<extra></extra>",
        )
    )
    figure.update_xaxes(title_text=f"Expected value [{money}]" if money else "Expected value", tickformat="~s")
    figure.update_xaxes(showgrid=True, rangemode="tozero", nticks=6)
    _name_rows(figure, parts["group"], mode, narrow=narrow)
    return figure


def value_ranges_height(groups: int) -> int:
    """Px for this many groups, at least 280."""
    return max(280, 70 + 28 * groups)


def _bars(groups: pd.Series, values: pd.Series, share: np.ndarray, *, noun: str, money: str, colour: str) -> go.Bar:
    names = [plotly(name) for name in groups]
    return go.Bar(
        x=share,
        y=np.arange(len(groups)),
        orientation="h",
        name=noun,
        marker={"color": colour},
        text=[f"{_percent(one)} of {noun}" for one in share],
        textposition=["outside" if one >= 0 else "none" for one in share],
        cliponaxis=False,
        textfont={"size": 11},
        customdata=values.to_numpy(dtype=float),
        hovertext=names,
        hovertemplate=f"%{{hovertext}}: %{{customdata:,.5~g}} {money or noun}, %{{x:.1%}} of all<extra></extra>",
    )


def _label_losses(figure: go.Figure, bars: go.Bar, *, beside: float) -> None:
    """The numbers of bars that run to the left stand right of zero, where the names of the groups are not."""
    for row, (share, text) in enumerate(zip(bars.x, bars.text, strict=True)):
        if share < 0:
            figure.add_annotation(x=0, y=row + beside, text=text, xanchor="left", xshift=4, font={"size": 11})


def _percent(share: float) -> str:
    text = f"{100 * share:.1f}".removesuffix(".0").replace("-", "−")
    return "<0.1%" if 0 < share < 0.0005 else f"{text}%"


def _name_rows(figure: go.Figure, groups: pd.Series, mode: str, *, narrow: bool) -> None:
    names = [plotly(plain(name, limit=16 if narrow else 28)) for name in groups]
    ink = {"size": 12, "color": theme.token("text", mode)}
    figure.update_yaxes(tickvals=np.arange(len(names)), ticktext=names, tickfont=ink, showgrid=False, ticks="")
    figure.update_yaxes(range=[len(names) - 0.45, -0.55], ticklabelstandoff=4)
