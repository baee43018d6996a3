"""The badge says what waits, what was sent, what failed and why; of the session's own runs alone."""

from __future__ import annotations

import time

from dash import html

from dashboard import ids
from dashboard.components.tracking_badge import OFF, tracking_badge
from dashboard.store import Store
from dashboard.store.outbox import Standing
from tests.dashboard import made
from tests.dashboard.made_tracked import finished


def words(standing: Standing, *, on: bool = True, server: bool = False) -> str:
    badge = tracking_badge(standing, on=on, server=server)
    parts = [part.children if isinstance(part, html.Span) else part for part in badge.children]
    return "".join(str(part) for part in parts)


def test_nothing_to_say_is_hidden():
    assert tracking_badge(Standing(), on=True, server=False).hidden


def test_switched_off_says_so():
    assert words(Standing(waiting=3), on=False) == OFF


def test_each_state_with_its_number_and_reason():
    told = words(Standing(1, 2, 3, "no answer from the server", "it was sent to another server"), server=True)
    assert "3 entries failed" in told and "no answer from the server" in told
    assert "1 entry waiting" in told and "2 entries sent" in told and "an MLflow server" in told
    assert "could not be deleted from MLflow: it was sent to another server" in told


def test_standing_counts_the_owner_alone(tmp_path):
    """Three runs of one, one of another, none of a third; put aside is not counted."""
    store = Store(tmp_path)
    first, other = ids.new_id(), ids.new_id()
    for whose in (first, first, first, other):
        finished(store, made.comparison(), owner=whose)
    store.outbox.collect()
    letters = {one.run: one for one in store.outbox.due(time.time())}
    mine = [run.id for run in store.runs(first)]
    store.outbox.sent(letters[mine[0]], "embedded|1")
    store.outbox.failed(letters[mine[1]], "no answer", again=0)
    assert store.outbox.standing(first) == Standing(1, 1, 1, "no answer")
    assert store.outbox.standing(other) == Standing(waiting=1)
    assert store.outbox.standing(ids.new_id()) == Standing()
