"""Laws of the jobs about a finished segmentation: what was described is not described again for a name."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from core import pipeline
from core.campaigns import control_group, identities
from core.errors import BadRequest
from core.fenced import Limits
from core.memo import no_memo
from core.model import Edit, Shape
from core.shaping import dressed, formed
from dashboard.jobs import handing_over
from dashboard.jobs.job import Job
from tests.dashboard import made_models

KEY = "kmeans-3"
NAMED = Shape((Edit("rename", 1, text="Loyal", at="2026-01-01"), Edit("colour", 2, number=7), Edit("lock", 1), Edit("describe", 2, text="Said.")))
MERGED = NAMED.with_edit(Edit("merge", 1, number=3))


def silent(*_said):
    """Nobody follows."""


@pytest.fixture(scope="module")
def whole():
    return pipeline.portray(made_models.table(), made_models.comparison(), KEY, resamples=10)


class Kept:
    """A store with one file and its comparison, and the runs that it is given."""

    def __init__(self, *runs):
        self.kept, self.tables, self.read = runs, {"shop": made_models.table()}, []

    def run(self, _owner, run_id):
        return SimpleNamespace(id=run_id, dataset="shop")

    def runs(self, _owner, dataset=None, kind=None):
        return tuple(run for run in self.kept if run.kind == kind and dataset == "shop")

    def comparison(self, _owner, _run):
        return made_models.comparison()

    def table(self, _owner, dataset, _answers=None):
        return self.tables[dataset]

    def segmentation(self, _owner, run_id):
        self.read.append(run_id)
        return next(run.result for run in self.kept if run.id == run_id)

    explanation = segmentation

    def memo(self, *_of):
        return no_memo


def told(run_id, kind, result, *, shape="", state="done", **more):
    request = {"run": "r", "candidate": KEY, "shape": shape, **more}
    return SimpleNamespace(id=run_id, kind=kind, state=state, result=result, request=request)


def job(store, **asked):
    run = SimpleNamespace(dataset="shop", created=1_780_000_000.0, request={"run": "r", "candidate": KEY, "shape": "", **asked})
    return Job(store, "me", run, 1, 1, Limits(), "duckdb")


@pytest.fixture()
def written(monkeypatch):
    """What publish was asked to write."""
    found = []
    monkeypatch.setattr(pipeline, "publish", lambda *asked, **options: found.append((*asked, options["options"])))
    return found


def never(*_asked, **_options):
    raise AssertionError("described again")


def test_a_new_name_is_published_without_describing_anew(whole, written, monkeypatch):
    """The description of the shape without names is taken, with names, colours, texts and locks of now."""
    monkeypatch.setattr(pipeline, "portray", never)
    store = Kept(told("old", "portray", whole, shape=Shape((Edit("merge", 1, number=3),)).to_json()), told("now", "portray", whole))
    handing_over.publish(job(store, shape=NAMED.to_json(), what="workbook_xlsx", options={}), silent)
    _, customers, _, segmentation, _, _ = written[0]
    assert store.read == ["now"] and customers is made_models.table()
    assert segmentation.candidate.names[1] == "Loyal" and segmentation.colours == {2: 7} and segmentation.locked == (1,)
    assert segmentation.descriptions == {2: "Said."} and segmentation.shape == NAMED
    told_names = segmentation.profile.set_index("segment")["segment_name"]
    assert set(told_names.loc[1]) == {"Loyal"} and set(told_names.loc[0]) == set(whole.profile.set_index("segment")["segment_name"].loc[0])
    assert segmentation.candidate.labels.tobytes() == whole.candidate.labels.tobytes() and segmentation.whole


def test_dressed_is_what_describing_in_that_shape_gives(whole):
    """Described with the names, and described without them and dressed: the same segmentation, part by part."""
    again = pipeline.portray(made_models.table(), made_models.comparison(), KEY, shape=NAMED, resamples=10)
    dress = dressed(whole, made_models.comparison().candidate(KEY), NAMED)
    assert dress.candidate.names == again.candidate.names and dress.shape == again.shape
    assert (dress.descriptions, dress.colours, dress.locked) == (again.descriptions, again.colours, again.locked)
    for name in ("profile", "contrasts", "rules"):
        assert getattr(dress, name).equals(getattr(again, name)), name


def test_segments_of_other_customers_are_described(whole, written, monkeypatch):
    """A merge is another shape, and so is what did not end well or cannot be read: portrayed as asked."""
    made = []
    monkeypatch.setattr(pipeline, "portray", lambda *_, shape, **__: made.append(shape) or whole)
    failed = told("failed", "portray", whole, shape=formed(MERGED).to_json(), state="failed")
    handing_over.publish(job(Kept(told("now", "portray", whole), failed), shape=MERGED.to_json(), what="x", options={}), silent)
    assert made == [MERGED]
    store = Kept(told("now", "portray", whole))
    monkeypatch.setattr(store, "segmentation", lambda *_: (_ for _ in ()).throw(handing_over.Damaged("damaged")))
    handing_over.publish(job(store, what="x", options={}), silent)
    assert made == [MERGED, Shape()]


def test_publish_is_told_what_was_measured_when_it_was_asked_and_of_which_run(whole, written):
    """The day of the request, its options as they are, importance of these segments whatever they are called."""
    measured, elsewhere = told("m", "importance", "measured"), told("e", "importance", "elsewhere", shape=formed(MERGED).to_json())
    store = Kept(elsewhere, measured, told("now", "portray", whole))
    handing_over.publish(job(store, shape=NAMED.to_json(), what="report_html", options={"personal": True}), silent)
    what, *_, options = written[0]
    assert what == "report_html"
    assert options == {"personal": True, "importance": "measured", "made": "28 May 2026", "run": "r"}
    handing_over.publish(job(Kept(told("now", "portray", whole)), what="report_html", options={}), silent)
    assert written[1][-1]["importance"] is None


@pytest.mark.parametrize("what", ["workbook_xlsx", "report_html"])
def test_a_document_carries_the_new_name(whole, what):
    """The whole way, written by the real pipeline: the name is in it."""
    store = Kept(told("now", "portray", whole))
    made = handing_over.publish(job(store, shape=NAMED.to_json(), what=what, options={}), silent)
    content = bytes(made.content)
    assert made.filename and (b"Loyal" in content if what == "report_html" else "Loyal" in _texts(content))


def _texts(book):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read("xl/sharedStrings.xml").decode()


def test_what_publish_cannot_write_is_refused(whole):
    """In words, not as a defect."""
    with pytest.raises(BadRequest):
        handing_over.publish(job(Kept(told("now", "portray", whole)), what="a poem", options={}), silent)


def test_results_of_a_campaign_are_read_for_the_named_segments(whole):
    """The file of results is another dataset; groups are drawn again by the share and seed of the options."""
    store, table = Kept(told("now", "portray", whole)), made_models.table()
    labels = whole.candidate.labels
    control = control_group(identities(table), labels, share=0.2, seed=5)
    rows = "".join(f"{name},{'no' if alone else 'yes'}\n" for name, alone in zip(identities(table), control, strict=True))
    store.tables["results"] = made_models.read(f"customer,bought\n{rows}", "results.csv")
    options = {"key": "customer", "outcome": "bought", "share": 0.2, "seed": 5, "absent": False}
    found = handing_over.uplift(job(store, shape=NAMED.to_json(), results="results", options=options), silent)
    frame = found.frame.set_index("segment")
    assert frame.loc[0, ["rate_treated", "rate_control", "control"]].tolist() == [1.0, 0.0, control.sum()]
    assert frame.loc[1, "segment_name"] == "Loyal"


def test_two_segmentations_of_one_file_migrate_onto_each_other(whole):
    """Both sides are found by their own request; nothing moved, all stay."""
    store = Kept(told("now", "portray", whole))
    before = {"run": "r", "candidate": KEY, "shape": NAMED.to_json()}
    found = handing_over.migrate(job(store, before=before, key="customer"), silent)
    assert store.read == ["now", "now"] and found.shared == 60 and set(found.fates["fate"]) == {"same"}
    assert found.names[1] == "Loyal"


def test_a_request_names_one_whole_segmentation(whole):
    """Another candidate or another run is another segmentation, though its shape is equal."""
    runs = [told("a", "portray", whole), told("b", "portray", whole)]
    runs[0].request["candidate"], runs[1].request["run"] = "kmeans-4", "other"
    assert handing_over._done(job(Kept(*runs)), "portray", "shop", {"run": "r", "candidate": KEY, "shape": ""}) == []
    assert replace(whole, shape=NAMED) != whole
