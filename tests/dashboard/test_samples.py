"""Laws of the samples: what is offered is there, says what it holds, and opens as the session's own file."""

from __future__ import annotations

import re

import pytest

from core import pipeline
from core.errors import BadRequest
from dashboard import ids
from dashboard.samples import FOLDER, SAMPLES, open_sample
from dashboard.services import owner
from tests.dashboard import made


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda one: one.name)
def test_every_sample_is_a_file_with_a_name_of_its_own(sample):
    """Its name goes into an id of a button; its file lies in the folder of samples and nowhere else."""
    assert (FOLDER / sample.file).is_file()
    assert re.fullmatch(r"[a-z]+", sample.name)
    assert [one.name for one in SAMPLES].count(sample.name) == 1


def test_the_text_of_the_customers_is_true():
    """1,200 customers to two digits, gaps, repeated rows and a few extremes: counted in the file, and nothing asked."""
    (sample,) = [one for one in SAMPLES if one.name == "customers"]
    table = pipeline.load(FOLDER / sample.file, sample.file, {})
    assert "1,200 customers" in sample.text and round(len(table), -2) == 1_200
    assert sum(column.gaps for column in table.columns) > 0
    assert table.duplicates > 0
    assert 0 < sum(column.outliers for column in table.columns) < 0.05 * len(table) * len(table.columns)
    assert table.questions == ()


def test_opening_copies_the_file_and_leaves_the_sample(desk):
    """The session's file holds the same bytes; the sample stays; no draft is left in the data directory."""
    sample = SAMPLES[0]
    before = sorted(path.name for path in desk.parts.settings.data_dir.iterdir())
    with desk.request():
        dataset = open_sample(sample.name)
        assert owner() == desk.owner
    assert desk.store.source(desk.owner, dataset).read_bytes() == (FOLDER / sample.file).read_bytes()
    assert desk.store.dataset(desk.owner, dataset).name == sample.file
    assert sorted(path.name for path in desk.parts.settings.data_dir.iterdir()) == before


def test_opening_twice_gives_one_file_and_another_session_its_own(desk):
    """Equal content of one session is one dataset; nothing is shared between sessions."""
    with desk.request():
        first, again = open_sample("customers"), open_sample("customers")
    mine, desk.owner = desk.owner, ids.new_id()
    with desk.request():
        other = open_sample("customers")
    assert first == again != other
    assert len(desk.store.datasets(mine)) == len(desk.store.datasets(desk.owner)) == 1


@pytest.mark.parametrize("name", ["", "x", "../../etc/passwd", "customers.csv", "CUSTOMERS", "all"])
def test_an_unknown_sample_is_refused_in_words(desk, name):
    """A made-up name opens no path; it says what to do, and nothing is stored."""
    with desk.request(), pytest.raises(BadRequest) as refused:
        open_sample(name)
    assert "no sample" in str(refused.value) and refused.value.hint
    assert desk.store.datasets(desk.owner) == ()
