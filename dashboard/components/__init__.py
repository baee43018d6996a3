"""Everything a page is built of: pure functions that return Dash components, accessible ones only."""

from dashboard.components.figure import graph
from dashboard.components.forms import field, fields, progress, segmented, select
from dashboard.components.parts import (
    card,
    empty,
    explain,
    gone,
    head,
    icon,
    more,
    nothing_yet,
    notice,
    skeleton,
    stat,
    stats,
    tag,
)
from dashboard.components.segments import (
    KChoice,
    k_strip,
    segment_badge,
    segment_card,
    segment_cards,
    segment_class,
    segment_key,
    share_bar,
    sparkbars,
)
from dashboard.components.tables import table

__all__ = [
    "KChoice",
    "card",
    "empty",
    "explain",
    "field",
    "fields",
    "gone",
    "graph",
    "head",
    "icon",
    "k_strip",
    "more",
    "nothing_yet",
    "notice",
    "progress",
    "segment_badge",
    "segment_card",
    "segment_cards",
    "segment_class",
    "segment_key",
    "segmented",
    "select",
    "share_bar",
    "skeleton",
    "sparkbars",
    "stat",
    "stats",
    "table",
    "tag",
]
