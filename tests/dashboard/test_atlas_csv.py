"""Laws of the Atlas's numbers as CSV: the owner's alone, at full precision, with the caution, harmless in a spreadsheet."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboard import ids
from dashboard.routes.atlas_csv import FRAMES, as_text, told
from tests.dashboard import made, made_atlas


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


@pytest.fixture()
def run(desk):
    """A comparison that knows contrasts and overlays of kmeans-3, not yet described by a job."""
    of = made_atlas.segmentation()
    evidence = {name: frame.assign(candidate="kmeans-3") for name, frame in (("differences", of.contrasts), ("overlays", of.overlays))}
    known = made.comparison()
    return desk.finished(replace(known, evidence=known.evidence | evidence))[1]


def fetch(desk, path, owner=""):
    client = desk.app.test_client()
    with client.session_transaction() as kept:
        kept["owner"] = owner or desk.owner
    return client.get(path)


def read(desk, run, frame, key="kmeans-3"):
    answer = fetch(desk, f"/atlas-numbers/{run}/{key}/{frame}.csv")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    return pd.read_csv(io.BytesIO(answer.data), keep_default_na=False, na_values=[""])


def test_the_numbers_are_those_of_the_figure_at_full_precision(desk, run):
    frame = read(desk, run, "contrasts")
    expected = made_atlas.segmentation().contrasts
    assert list(frame["effect"]) == list(expected["effect"]) and list(frame["own"]) == list(expected["own"])
    assert len(read(desk, run, "overlays")) == len(made_atlas.segmentation().overlays)


def test_the_profile_has_everyone_and_every_segment(desk, run):
    frame = read(desk, run, "profile")
    assert set(frame["segment"]) == {0, 1, 2, 3} and set(frame.loc[frame["segment"] == 0, "segment_name"]) == {"Everyone"}


def test_a_segment_below_the_floor_carries_its_caution(desk, run):
    frame = read(desk, run, "contrasts")
    cautions = frame.groupby("segment")["caution"].agg(lambda own: set(own.fillna("")))
    assert cautions[3] == {"Do not target on this alone."} and cautions[1] == cautions[2] == {""}
    assert set(frame.loc[frame["segment"] == 3, "stability"]) == {0.3}


@pytest.mark.parametrize("frame", FRAMES)
def test_another_session_is_answered_like_an_unknown_address(desk, run, frame):
    stranger, invented = (fetch(desk, f"/atlas-numbers/{one}/kmeans-3/{frame}.csv", owner=ids.new_id()) for one in (run, ids.new_id()))
    assert stranger.status_code == invented.status_code == 404 and stranger.data == invented.data


@pytest.mark.parametrize("path", ["{run}/kmeans-3/x.csv", "{run}/kmeans-3/candidate.csv", "{run}/nothing/contrasts.csv", "{run}/gmm-2/contrasts.csv",
                                  "x/kmeans-3/contrasts.csv", "{run}/kmeans-3/outcomes.csv", "{run}/kmeans-3/widths.csv",
                                  "{run}/kmeans-3%2F..%2F/contrasts.csv", "-/kmeans-3/contrasts.csv"])  # fmt: skip
def test_what_is_not_there_is_not_found(desk, run, path):
    """Frames that only a job makes are not there before it is done; no other candidate takes the place of one that is not."""
    assert fetch(desk, f"/atlas-numbers/{path.format(run=run)}").status_code == 404


def test_formulas_are_harmless(desk):
    of = made_atlas.segmentation()
    evil = of.contrasts.assign(candidate="kmeans-3", column="=cmd|' /C calc'!A0")
    known = made.comparison()
    run = desk.finished(replace(known, evidence=known.evidence | {"differences": evil}))[1]
    frame = read(desk, run, "contrasts")
    assert all(cell.startswith("'=") for cell in frame["column"])


def test_silhouettes_name_row_and_segment():
    """Rows count from 1, as in a spreadsheet without its heading."""
    widths = pd.DataFrame({"row": [0, 6, 11], "silhouette": [0.5, 0.25, -0.1]})
    frame = told(widths, made_atlas.segmentation())
    assert frame["row"].tolist() == [1, 7, 12] and frame["segment"].tolist() == [1, 2, 3]
    assert frame["segment_name"].tolist() == ["Group 1", "Group 2", "Group 3"] and frame["caution"].tolist()[2]


def test_frames_without_segments_stay_as_they_are():
    assert told(made_atlas.outcomes(), made_atlas.segmentation()).equals(made_atlas.outcomes())


def test_text_reads_back_to_the_same_number():
    """Whole numbers as such, decimals by their shortest form, gaps empty, yes and no as words."""
    frame = pd.DataFrame({"n": [1.0, 0.1 + 0.2, np.nan], "w": [1, 2, 3], "b": [True, False, True], "t": ["x", None, "=1"]})
    text = as_text(frame)
    assert text["n"].tolist() == ["1", "0.30000000000000004", ""] and float(text["n"][1]) == 0.1 + 0.2
    assert text["w"].tolist() == ["1", "2", "3"] and text["b"].tolist() == ["yes", "no", "yes"] and text["t"].tolist() == ["x", "", "=1"]
