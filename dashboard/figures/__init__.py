"""Frames and arrays in, Plotly figures out; no Dash. Every text from data passes ``labels.plotly``."""

from dashboard.figures.atlas_heat import segment_heat, segment_heat_height
from dashboard.figures.atlas_lines import segment_lines, segment_lines_height
from dashboard.figures.bars import bars_height, importance_bars
from dashboard.figures.choosing import criterion_curve, gap_curve, stability_boxes
from dashboard.figures.curves import elbow, key_below, silhouette_curve
from dashboard.figures.explore_correlations import relation_heat, relation_heat_height
from dashboard.figures.explore_gaps import gap_heat, gap_heat_height
from dashboard.figures.explore_histograms import spread_bars, spread_height
from dashboard.figures.explore_pairs import pair_plot, pair_plot_height
from dashboard.figures.flows import flow, flow_height
from dashboard.figures.heat import agreement_heat, agreement_heat_height, profile_heat, profile_heat_height
from dashboard.figures.maps import Drawn, scatter2d, scatter3d
from dashboard.figures.orders_cohorts import cohort_heat, cohort_heat_height
from dashboard.figures.orders_groups import group_bars, group_bars_height, value_ranges, value_ranges_height
from dashboard.figures.orders_value import backtest_curve, history_heat
from dashboard.figures.scenes import linked_scenes, linked_scenes_height
from dashboard.figures.trees import cut_height, dendrogram, groups_at
from dashboard.figures.tuning import k_distance, loss_curve
from dashboard.figures.widths import silhouette_profile, silhouette_profile_height

__all__ = [
    "Drawn",
    "agreement_heat",
    "agreement_heat_height",
    "backtest_curve",
    "bars_height",
    "cohort_heat",
    "cohort_heat_height",
    "criterion_curve",
    "cut_height",
    "dendrogram",
    "elbow",
    "flow",
    "flow_height",
    "gap_curve",
    "gap_heat",
    "gap_heat_height",
    "group_bars",
    "group_bars_height",
    "groups_at",
    "history_heat",
    "importance_bars",
    "k_distance",
    "key_below",
    "linked_scenes",
    "linked_scenes_height",
    "loss_curve",
    "pair_plot",
    "pair_plot_height",
    "profile_heat",
    "profile_heat_height",
    "relation_heat",
    "relation_heat_height",
    "scatter2d",
    "scatter3d",
    "segment_heat",
    "segment_heat_height",
    "segment_lines",
    "segment_lines_height",
    "silhouette_curve",
    "silhouette_profile",
    "silhouette_profile_height",
    "spread_bars",
    "spread_height",
    "stability_boxes",
    "value_ranges",
    "value_ranges_height",
]
