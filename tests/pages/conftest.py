"""A session whose jobs stand still, and the pages it may open."""

from __future__ import annotations

import pytest

from tests.dashboard import made


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(queue_per_session=4), monkeypatch)


@pytest.fixture()
def pages(desk):
    import pages

    return pages


@pytest.fixture()
def page(pages):
    """Draw a page's layout by its name for this session."""
    return lambda name, **params: getattr(pages, name).layout(**params)
