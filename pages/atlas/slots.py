"""Each part of the Atlas, drawn from what is looked at."""

from __future__ import annotations

from dash import html

from dashboard.address import Address
from dashboard.atlas import Looked
from dashboard.components import (
    atlas_cards,
    atlas_contrast,
    atlas_customers,
    atlas_map,
    atlas_money,
    atlas_notes,
    atlas_overview,
    atlas_persona,
    atlas_rule,
    atlas_top,
    segmented,
)
from dashboard.current import mode, narrow

TABS = {"persona": "Persona", "rule": "Rule", "money": "Money", "customers": "Customers", "notes": "Notes"}


def head(looked: Looked) -> list:
    """The verdict."""
    return atlas_top.top(looked, address(looked))


def status(looked: Looked) -> list:
    """Whether a job is telling more."""
    return atlas_top.status(looked)


def chooser(looked: Looked) -> html.Section:
    """The k strip and the algorithms."""
    return atlas_top.chooser(looked)


def cards(looked: Looked, focus: int) -> html.Div:
    """The segments."""
    return atlas_cards.cards(looked.segmentation, focus)


def map_card(looked: Looked, here: Address) -> html.Section:
    """The map."""
    return atlas_map.map_card(looked.table(), looked, here, mode=mode(), far=narrow())


def contrast(looked: Looked, focus: int) -> html.Section:
    """The segment in focus against everyone."""
    return atlas_contrast.contrast(looked, focus, mode=mode())


def panel(looked: Looked, focus: int, asked: str) -> html.Section:
    """The tabs, and the one that is open."""
    chosen = asked if asked in TABS else next(iter(TABS))
    return html.Section(
        [segmented(TABS, chosen, id="atlas-tab"), html.Div(tab(looked, focus, chosen), id="atlas-tab-body")],
        className="sa-card sa-atlas-panel",
    )


def tab(looked: Looked, focus: int, name: str) -> list:
    """What one tab shows of the segment in focus."""
    draw = {
        "persona": atlas_persona.tab,
        "rule": atlas_rule.tab,
        "money": atlas_money.tab,
        "customers": atlas_customers.tab,
        "notes": atlas_notes.tab,
    }
    return draw[name if name in draw else next(iter(draw))](looked, focus)


def overview(looked: Looked, asked: str) -> html.Section:
    """All segments at once, in one of three views."""
    return atlas_overview.overview(looked, asked, mode=mode())


def address(looked: Looked) -> Address:
    """The address of what is looked at, without how it is looked at."""
    return Address(looked.here.dataset.id, looked.here.run.id, looked.key)
