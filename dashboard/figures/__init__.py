"""Frames and arrays in, Plotly figures out; no Dash. Every text from data passes ``labels.plotly``."""

from dashboard.figures.bars import bars_height, importance_bars
from dashboard.figures.curves import elbow, silhouette_curve
from dashboard.figures.maps import Drawn, scatter2d, scatter3d, small_maps, small_maps_height

__all__ = [
    "Drawn",
    "bars_height",
    "elbow",
    "importance_bars",
    "scatter2d",
    "scatter3d",
    "silhouette_curve",
    "small_maps",
    "small_maps_height",
]
