"""Laws of lists for campaigns on their way out: what platforms read, hashed as they ask, for their owner alone."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import pandas as pd
import pytest

from core.bundles import read_capsule
from core.model import Edit, Plan, Shape
from tests.dashboard import made, made_models

ROWS = [f"c{i},{'=evil' if i == 3 else ('nobody' if i == 4 else f' Anna.{i}@Example.ORG ')},0171 12345{i:02},Zoë,O’Brien,{20 + i},{'DE' if i % 2 else ''}"
        for i in range(12)]  # fmt: skip
FILE = "customer,Email,Phone,First Name,Last Name,income,Country\n" + "\n".join(ROWS) + "\n"
PLACES = "email=1&phone=2&first_name=3&last_name=4&country=6"


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture()
def desk(app, make_settings, monkeypatch):
    return made.Desk(app, make_settings(), monkeypatch)


@pytest.fixture()
def run(desk):
    """Twelve customers with contacts in segments of eight and four."""
    dataset = desk.add("shop.csv")
    desk.load(dataset, made_models.read(FILE))
    return desk.end(desk.compare(dataset, Plan(segments=(2, 4))), made.comparison()).id


def rows_of(answer):
    assert answer.status_code == 200, answer.data
    return pd.read_csv(io.BytesIO(answer.data), dtype=str, keep_default_na=False)


def of_segment(segment):
    return [row.split(",") for row, label in zip(ROWS, made.comparison().candidate("kmeans-2").labels, strict=True) if label == segment]


def test_meta_gets_hashes_of_what_it_normalises(mine, run):
    """E-mail in lower case without spaces, the number without plus, names without punctuation, the country of the page."""
    found = rows_of(mine.get(f"/audience/{run}/kmeans-2/1/meta.csv?country_code=DE&{PLACES}"))
    assert list(found.columns) == ["email", "phone", "fn", "ln", "country"] and len(found) == len(of_segment(1)) == 8
    for row, source in zip(found.to_dict("records"), of_segment(1), strict=True):
        mail = source[1].strip().lower()
        assert row["email"] == (sha(mail) if "@" in mail else "")
        assert row["phone"] == sha("49" + source[2].replace(" ", "")[1:])
        assert (row["fn"], row["ln"], row["country"]) == (sha("zoë"), sha("obrien"), sha("de"))


def test_plain_lists_are_harmless_and_keep_the_plus(mine, desk, run):
    """Klaviyo reads plain cells: what would run in a spreadsheet gets its apostrophe, a telephone number none."""
    comparison = made.comparison().choose("kmeans-2")
    desk.store.reshape(desk.owner, run, "kmeans-2", Shape((Edit("rename", 1, text="=HYPERLINK(1)"),)), after=0)
    desk.end(desk.jobs.request(desk.owner, "portray", desk.store.run(desk.owner, run).dataset,
                               {"run": run, "candidate": "kmeans-2", "shape": "", "resamples": 50}), replace(comparison, whole=True))  # fmt: skip
    found = rows_of(mine.get(f"/audience/{run}/kmeans-2/1/klaviyo.csv?country_code=DE&{PLACES}"))
    assert set(found["Segment"]) == {"'=HYPERLINK(1)"}
    assert all(phone.startswith("+4917112345") for phone in found["Phone Number"])
    assert "anna.0@example.org" in set(found["Email"]) and not any(cell.startswith("=") for name in found for cell in found[name])


@pytest.mark.parametrize("asked", ["country_code=XX&email=1", "email=1", "country_code=DE", "country_code=DE&email=99", "country_code=DE&email=-1"])
def test_what_finds_nobody_is_refused_in_words(mine, run, asked):
    """An unknown country, no contact, a place without a column."""
    answer = mine.get(f"/audience/{run}/kmeans-2/1/meta.csv?{asked}")
    assert answer.status_code == 400 and (b"not known" in answer.data or b"cannot find" in answer.data)


@pytest.mark.parametrize("path", ["audience/{}/kmeans-2/9/meta.csv", "audience/{}/kmeans-2/1/nobody.csv", "audience/{}/kmeans-99/1/meta.csv",
                                  "audience/nobody/kmeans-2/1/meta.csv", "campaign/{}/kmeans-99/list.csv", "uplift-numbers/{}.csv",
                                  "capsule/{}/kmeans-99.zip", "capsule/nobody/kmeans-2.zip"])  # fmt: skip
def test_what_is_not_there_is_not_found(mine, run, path):
    """Another segment, platform, candidate, run, kind of run."""
    assert mine.get("/" + path.format(run) + f"?country_code=DE&{PLACES}").status_code == 404


def test_another_session_finds_nothing(app, run):
    """Whoever is not the owner."""
    stranger = app.test_client()
    for path in ("audience/{}/kmeans-2/1/meta.csv?country_code=DE&email=1", "campaign/{}/kmeans-2/list.csv", "capsule/{}/kmeans-2.zip"):
        assert stranger.get("/" + path.format(run)).status_code == 404


def test_the_list_has_every_customer_in_a_segment_with_a_group(mine, run):
    """Twelve customers; the same share and seed give the same bytes, another seed another draw."""
    first, again, other = (mine.get(f"/campaign/{run}/kmeans-2/list.csv?share=25&seed={seed}") for seed in (1, 1, 2))
    found = rows_of(first)
    assert len(found) == 12 and found["group"].tolist().count("control") == 3 and first.data == again.data != other.data
    assert found["Email"].tolist()[3] == "'=evil" and "25-percent-seed-1" in first.headers["Content-Disposition"]


@pytest.mark.parametrize("asked", ["share=x", "share=-1", "share=1.5", "seed=٣", "seed=" + "9" * 11, "share=0", "share=100"])
def test_a_share_or_seed_that_is_none_is_refused(mine, run, asked):
    """In words, not as a defect."""
    assert mine.get(f"/campaign/{run}/kmeans-2/list.csv?{asked}").status_code == 400


def test_changed_segments_wait_for_their_description(mine, desk, run):
    """A list must not hold the segments of another version."""
    desk.store.reshape(desk.owner, run, "kmeans-2", Shape((Edit("merge", 1, 2),)), after=0)
    for path in (f"audience/{run}/kmeans-2/1/meta.csv?country_code=DE&email=1", f"campaign/{run}/kmeans-2/list.csv", f"capsule/{run}/kmeans-2.zip"):
        answer = mine.get("/" + path)
        assert answer.status_code == 400 and b"not described yet" in answer.data


def test_the_capsule_holds_the_labels_and_the_file_by_its_hash(mine, desk, run):
    """What replay compares; none of the customers is in it."""
    answer = mine.get(f"/capsule/{run}/kmeans-2.zip")
    kept = read_capsule(io.BytesIO(answer.data))
    dataset = desk.store.dataset(desk.owner, desk.store.run(desk.owner, run).dataset)
    assert kept.labels.tolist() == made.comparison().candidate("kmeans-2").labels.tolist()
    assert kept.sha256 == dataset.sha256 != "" and kept.plan == made.comparison().choose("kmeans-2").plan and b"example" not in answer.data.lower()
    assert answer.mimetype == "application/zip" and "shop-kmeans-2-capsule.zip" in answer.headers["Content-Disposition"]
