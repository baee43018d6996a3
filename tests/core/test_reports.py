"""Laws of the report: nothing personal, nothing live, nothing fetched, the same bytes every time; and what it must hold."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
import time
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from core import pipeline, reports
from core.errors import BadRequest
from core.model import Explanation, Plan
from core.palette import segment_colour
from core.reports import charts
from core.reports.document import Bullets, Cards, Chart, Grid, Paragraph, Report, Section, Verdict
from core.reports.drawing import drawn
from tests.core import reported
from tests.dashboard import made

VOID = {"meta", "br", "path", "use", "circle", "rect"}
LIVE = {"script", "iframe", "object", "embed", "form", "input", "link", "img", "base", "audio", "video", "foreignobject", "animate", "set"}
OPTIONS = {"made": "21 November 2026", "run": "r" * 22}


class Tags(HTMLParser):
    """Every element with its attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.said).split())


@pytest.fixture(scope="module")
def page() -> str:
    return reports.page(reports.summarise(*reported.nouns(), options=OPTIONS))


def test_the_report_holds_every_part_in_its_order(page):
    """Title line, verdict with its word, cards, map, profile, portraits, method: each is listed in the contents, with its place."""
    seen = Tags(page)
    order = ["segments", "map", "profiles", "value", "portraits", "drivers", "method"]
    there = [attrs["id"] for tag, attrs in seen.found if tag == "section" and attrs.get("id")]
    assert {"segments", "map", "profiles", "portraits", "method"} <= set(there)
    assert there == [one for one in order if one in there]
    targets = [attrs["href"][1:] for tag, attrs in seen.found if tag == "a"]
    known = {attrs["id"] for _, attrs in seen.found if attrs.get("id")}
    assert targets == there and set(targets) <= known
    assert "21 November 2026" in seen.text and "r" * 22 in seen.text and "Seed" in seen.text


def test_nothing_in_the_page_is_live_or_comes_from_elsewhere(page):
    """No script, frame, form, picture or handler; links lead into the page alone; the only addresses of other sites are text."""
    seen = Tags(page)
    assert not {tag for tag, _ in seen.found} & LIVE
    for tag, attrs in seen.found:
        assert not [name for name in attrs if name.startswith("on")], tag
        for name in ("href", "xlink:href", "src", "action", "data", "poster", "srcset"):
            assert (attrs.get(name) or "#").startswith("#")
    assert "@import" not in page and not re.search(r"url\((?!#)", page)


def test_hostile_names_are_shown_as_text_and_end_nothing(page):
    """The renamed segment and the file stand there letter by letter, without the signs that turn text around."""
    seen = Tags(page)
    assert "<script>alert(1)</script>" in seen.text
    assert page.count("<title>") == 1 and page.count("<style>") == 1 and "\u202e" not in page


def test_canaries_stay_at_home(page):
    """No address, no shared mailbox, no name and no town of three customers, in the page and in the PDF's own text."""
    for canary in reported.CANARIES:
        assert canary not in page
    assert "contact name" not in page and "mailbox" not in page


def test_personal_columns_are_told_of_where_a_person_chose_so():
    """Then names stand there, but a town of three customers still does not: small cells are no matter of choice."""
    chosen = reports.page(reports.summarise(*reported.nouns(), options={"personal": True}))
    assert "mailbox" in chosen and "birdhouse" in chosen
    assert "Rareville" not in chosen


@pytest.mark.long
def test_equal_input_gives_equal_bytes_in_every_process():
    """Charts hold no dates and no ids drawn at random."""
    code = ("import sys, hashlib; sys.path.insert(0, '.'); from core import reports; from tests.core import reported;"
            "print(hashlib.sha256(reports.page(reports.summarise(*reported.nouns())).encode()).hexdigest())")  # fmt: skip
    import hashlib

    here = hashlib.sha256(reports.page(reports.summarise(*reported.nouns())).encode()).hexdigest()
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"})
    assert there.stdout.strip() == here


def test_every_drawing_is_told_in_words_and_ids_stand_once(page):
    """Pictures carry a label; an id that stands twice would send a reader, and a clip, to the wrong place."""
    seen = Tags(page)
    charts_shown = [attrs for tag, attrs in seen.found if tag == "svg" and attrs.get("aria-hidden") != "true"]
    assert charts_shown and all(attrs.get("role") == "img" and attrs.get("aria-label") for attrs in charts_shown)
    known = [attrs["id"] for _, attrs in seen.found if attrs.get("id")]
    assert len(known) == len(set(known))
    used = {(attrs.get("xlink:href") or "#")[1:] for tag, attrs in seen.found if tag == "use"}
    assert used <= set(known)


def test_a_verdict_is_a_word_as_well_as_a_colour():
    """Each of the four, and the one nobody has reached: none is told by its colour alone."""
    table, comparison, whole = reported.nouns()
    words = {}
    for verdict in ("natural", "reproducible", "constructive", "none", ""):
        first = reports.summarise(table, comparison, replace(whole, verdict=verdict, reason="Because.")).opening[0]
        assert isinstance(first, Verdict) and first.text == "Because."
        words[first.word] = first.kind
    assert len(words) == 5 and words["Natural segments"] == "good" and words["No segments"] == "bad"


def test_a_segment_of_few_is_named_and_nothing_more():
    """Made by hand: two of twelve customers. Their size is "fewer than 5", and no average of theirs stands anywhere."""
    comparison = made.comparison()
    report = reports.summarise(made.table(), comparison, comparison.choose("kmeans-3"))
    cards = next(block for section in report.sections for block in section.blocks if isinstance(block, Cards)).cards
    by_name = {card.name: card for card in cards}
    assert by_name["Group 3"].size == "fewer than 5" and by_name["Group 3"].share == "" and not by_name["Group 3"].differences
    assert by_name["Group 1"].size == "6"
    page = Tags(reports.page(report)).text
    assert "80 years" not in page and "years 80" not in page


def test_a_card_holds_the_numbers_of_the_profile():
    """Segment 2 of the made table has a mean income of 4,000, everyone 2,000."""
    comparison = made.comparison()
    candidate = made.candidate("kmeans-2", [1] * 6 + [2] * 6)
    comparison = made.comparison(candidates=(candidate,), recommended="kmeans-2")
    report = reports.summarise(made.table(), comparison, comparison.choose("kmeans-2"))
    grids = [block for section in report.sections for block in section.blocks if isinstance(block, Grid)]
    rows = {row[0]: row[1:] for row in grids[0].rows}
    assert rows["age (years)"] == ("45", "30", "60") if "age (years)" in rows else rows["age"] == ("45", "30", "60")


def test_importance_is_told_where_it_was_measured_and_of_no_personal_column():
    """Sorted as measured; a column that tells who somebody is leaves the chart, and a measurement not to be read makes none."""
    nouns = reported.nouns()
    frame = made.explanation().frame.assign(column=["mailbox", "income"])
    found = Explanation("permutation", "kmeans-2", frame, 0.9, 60)
    told = reports.summarise(*nouns, options={"importance": found})
    (section,) = [one for one in told.sections if one.key == "drivers"]
    assert isinstance(section.blocks[0], Chart) and "income" in section.blocks[0].svg and "mailbox" not in section.blocks[0].svg
    for none in (None, replace(found, because="too few"), "text"):
        assert "drivers" not in [one.key for one in reports.summarise(*nouns, options={"importance": none}).sections]


def test_the_map_draws_no_more_points_than_it_says_whatever_the_order_of_rows():
    """5,000 customers give at most 900 points and the same bytes after shuffling; text in names is no formula."""
    draw = np.random.default_rng(1)
    points, labels = draw.normal(size=(5_000, 3)).astype(np.float32), draw.integers(1, 3, 5_000)
    signs = (charts.sign_of(1, "$\\frac{1}{2}$ <b>"), charts.sign_of(2, "two"))
    svg = charts.flat_map(signs, points, labels, seed=3, alt="a map")
    assert 500 < svg.count("<use") <= charts.POINTS
    order = draw.permutation(5_000)
    assert charts.flat_map(signs, points[order], labels[order], seed=3, alt="a map") == svg
    bars = charts.sizes(signs, {1: 0.5, 2: 0.5}, alt="\"quoted\" & <b>")
    assert "$\\frac{1}{2}$ &lt;b&gt;" in bars and 'aria-label="&quot;quoted&quot; &amp; &lt;b&gt;"' in bars


def test_a_drawing_has_no_address_no_date_and_no_style_that_leaks():
    """What matplotlib writes around a picture would speak of another site and change the page around it."""
    svg = drawn("x", 1.0, lambda axes: axes.plot([0, 1]), alt="line")
    assert "http" not in svg and "<style" not in svg and "metadata" not in svg and "20" + "26-" not in svg
    assert svg == drawn("x", 1.0, lambda axes: axes.plot([0, 1]), alt="line")


def test_segments_keep_the_colour_that_a_person_gave_them():
    """Segment 1 in colour 5 is drawn in it everywhere."""
    table, comparison, whole = reported.nouns()
    page = reports.page(reports.summarise(table, comparison, replace(whole, colours={1: 5})))
    assert segment_colour(5) in page and segment_colour(1) not in page


def test_halves_of_characters_break_no_page():
    """They can be typed as a name and be written by no codec."""
    report = Report("a\ud800", "b", "c", (), (Paragraph("\udfff"),), (Section("one", "t", (Bullets("x", ("\ud83d",)),)),))
    assert "a?" in reports.page(report) and reports.page(report).encode()


# the PDF


@pytest.fixture(scope="module")
def paper(page) -> bytes:
    if reports.missing():
        pytest.skip("this machine draws no PDF")
    return reports.pdf(page)


def test_the_pdf_is_tagged_and_has_nothing_that_acts(paper):
    """No script, launch or address of the web; a language, tags, a title and bookmarks are there."""
    import zlib

    plain = paper + b"".join(_inflated(part, zlib) for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", paper, re.DOTALL))
    assert paper.startswith(b"%PDF-")
    for act in (b"/JS", b"/JavaScript", b"/Launch", b"/URI", b"/SubmitForm", b"/EmbeddedFile", b"/OpenAction"):
        assert act not in plain, act
    for wanted in (b"/StructTreeRoot", b"/Lang", b"/Outlines", b"/MarkInfo"):
        assert wanted in plain, wanted


def _inflated(part: bytes, zlib) -> bytes:
    try:
        return zlib.decompress(part)
    except zlib.error:
        return b""


def test_equal_pages_give_equal_pdfs(page, paper):
    """No date is in it, and the id is that of the page."""
    assert reports.pdf(page) == paper


def test_a_pdf_leaves_nothing_in_the_log(caplog):
    """WeasyPrint and fontTools would write of each page and each property that they do not know, and quote it."""
    if reports.missing():
        pytest.skip("this machine draws no PDF")
    caplog.set_level("DEBUG")
    reports.pdf("<html lang='en'><title>t</title><style>p{canary-7: canary@example.com}</style><img src='canary.png'><p>x")
    assert not caplog.records


def test_a_process_that_looks_for_the_library_logs_nothing():
    """As a job and the web process do, which log from INFO on: the library parses its own styles while it is imported."""
    code = "import logging; logging.basicConfig(level=logging.INFO); from core import reports; reports.missing()"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stderr == b""


def test_the_pdf_fetches_nothing(monkeypatch):
    """A page that asks for a file and for a site is set without either: both would be read from here."""
    if reports.missing():
        pytest.skip("this machine draws no PDF")
    import socket

    monkeypatch.setattr(socket, "create_connection", lambda *_a, **_k: pytest.fail("it went to the network"))
    asked = "<html lang='en'><title>t</title><img src='file:///etc/passwd'><img src='http://127.0.0.1:1/x.png'><p>x"
    assert reports.pdf(asked).startswith(b"%PDF-")


def test_without_the_library_the_page_is_still_made_and_the_pdf_says_why(monkeypatch):
    """F29: an import that fails, for want of the package or of Pango beneath it (OSError)."""
    real = builtins.__import__
    for problem in (ImportError, OSError):
        def blocked(name, *args, problem=problem, **more):
            if name.split(".")[0] == "weasyprint":
                raise problem("cannot load library 'libpango-1.0-0'")
            return real(name, *args, **more)

        monkeypatch.setattr(builtins, "__import__", blocked)
        assert "Pango" in reports.missing()
        with pytest.raises(BadRequest) as told:
            pipeline.publish("report_pdf", *reported.nouns())
        assert "libpango" in told.value.hint
        assert pipeline.publish("report_html", *reported.nouns()).mimetype == "text/html"


# publish


def test_publish_writes_reports_and_every_export_and_refuses_the_rest():
    """The bytes are those of the page or the export, under its name; another name is a bad request."""
    import io

    from core.exports import EXPORTS

    nouns = reported.nouns()
    made_here = pipeline.publish("report_html", *nouns, options=OPTIONS)
    assert made_here.filename == "report.html"
    assert made_here.content.tobytes().decode() == reports.page(reports.summarise(*nouns, options=OPTIONS))
    export, stream = EXPORTS["profiles_csv"], io.BytesIO()
    export.write(nouns[0], nouns[2], stream)
    assert pipeline.publish("profiles_csv", *nouns).content.tobytes() == stream.getvalue()
    with pytest.raises(BadRequest):
        pipeline.publish("report_docx", *nouns)


def test_progress_names_its_steps_and_ends_before_the_last():
    """A step is counted when it begins; the job counts the end."""
    told = []
    pipeline.publish("report_html", *reported.nouns(), lambda *step: told.append(step))
    assert [step for step, _, _ in told] == ["Summarising", "Writing the page"]


@pytest.mark.long
def test_the_report_of_the_mall_takes_less_than_ten_seconds_and_holds_its_verdict(shared_data):
    """From the whole segmentation to HTML and PDF; nothing of the id column is told."""
    path = shared_data / "customers" / "Mall_Customers.csv"
    table = pipeline.load(path, path.name, {})
    comparison = pipeline.compare(table, Plan())
    whole = pipeline.portray(table, comparison, comparison.recommended)
    began = time.process_time()
    page = pipeline.publish("report_html", table, comparison, whole).content.tobytes().decode()
    pipeline.publish("report_pdf", table, comparison, whole)
    assert time.process_time() - began < 10
    assert "CustomerID" not in page and whole.reason.split(" (")[0] in page


@pytest.mark.parametrize(("count", "named"), [(6, True), (7, False), (10, False)])
def test_names_above_the_heat_map_give_way_to_numbers_where_they_would_overlap(count, named):
    """Ten names of 13 characters do not fit on a page of A4; the table below names them all."""
    heads = charts._heads([charts.sign_of(one, "Gender Female, low age", one) for one in range(1, count + 1)])
    assert [head.splitlines()[0] for head in heads] == [str(one) for one in range(1, count + 1)]
    assert all(("Gender" in head) is named for head in heads)
