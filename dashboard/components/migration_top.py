"""The verdict on a migration: keep, watch or refit, why, and what it rests on."""

from __future__ import annotations

from dash import html

from core.lineage import RULE
from core.model import Migration
from dashboard.components import numbers
from dashboard.components.parts import explain, stat, stats
from dashboard.security.labels import plain

WORDS = {
    "keep": ("Keep", "The earlier segmentation still fits."),
    "watch": ("Watch", "The earlier segmentation can be used; look again soon."),
    "refit": ("Refit", "The earlier segmentation no longer fits these customers."),
}
SIDDIQI = "Siddiqi (2006), Credit Risk Scorecards"


def light(verdict: str) -> html.Span:
    """A traffic light with its word, which does not rely on colour."""
    word = WORDS[verdict][0] if verdict in WORDS else "Not known"
    return html.Span([html.Span(className="sa-light-mark", **{"aria-hidden": "true"}), word], className=f"sa-light is-{verdict}")


def title(migration: Migration) -> str:
    """The finding in one line: how many segments are the same."""
    now = migration.fates[migration.fates["side"] == "now"]
    same, gone = int((now["fate"] == "same").sum()), int((migration.fates["fate"] == "retired").sum())
    if same == len(now) and not gone:
        many = "Both" if same == 2 else f"All {same}"
        return f"{many} segments are the same as before" if same > 1 else "The segment is the same as before"
    lost = f", {gone} of before {'is' if gone == 1 else 'are'} gone" if gone else ""
    return f"{same} of {len(now)} segments are the same as before{lost}"


def verdict(migration: Migration) -> html.Section:
    """The light with its reason first, then the rule."""
    meaning = WORDS.get(migration.verdict, ("", ""))[1]
    return html.Section(
        [
            html.P([light(migration.verdict), " ", html.Strong(plain(migration.reason, limit=400))], className="sa-migration-reason"),
            html.Div([html.Span(meaning, className="sa-muted"), explain("By which rule", RULE, SIDDIQI)], className="sa-row"),
        ],
        className=f"sa-card sa-migration-verdict is-{migration.verdict}",
        id="migration-verdict",
        **{"aria-label": "Verdict"},
    )


def signs(migration: Migration) -> html.Div:
    """Who could be followed, who is unlike anyone, who lies near a border."""
    before, now = len(migration.placed_before), len(migration.placed_now)
    followed = f"{numbers.share(migration.shared / max(now, 1))} of {numbers.count(now, 'customer')} now, {numbers.share(migration.shared / max(before, 1))} of {numbers.whole(before)} before"
    tiles = [stat("In both files", numbers.whole(migration.shared), "customers", followed)]
    drifted = migration.drift
    if len(drifted):
        moved = int((drifted["verdict"] != "keep").sum())
        tiles.append(stat("Columns that shifted", numbers.whole(moved), f"of {len(drifted)}", "index of 0.10 or more, beyond chance"))
    if migration.unlike >= 0:
        tiles.append(stat("Unlike anyone before", numbers.share(migration.unlike), "", "of the customers of now; 0.5% of before were"))
    if min(migration.border) >= 0:
        tiles.append(stat("Near a border now", numbers.share(migration.border[1]), "", f"of the placed customers; {numbers.share(migration.border[0])} were before"))
    return stats(*tiles)


def notes(migration: Migration) -> html.Ul | None:
    """Who could not be followed and why."""
    told = [html.Li(plain(note, limit=400)) for note in migration.notes]
    return html.Ul(told, className="sa-notes") if told else None
