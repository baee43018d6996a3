"""Laws of the parts of a page: safe text, honest numbers, names for screen readers, nothing sent to a cloud."""

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
from dash import dcc, html

from dashboard import components as parts
from dashboard.components import numbers
from dashboard.components.figure import file_name
from dashboard.components.forms import dom_id
from dashboard.security import labels

HOSTILE = "a\u202eb\x00<a href='https://x'>%{y}</a>"
FAILS_AXE = (dcc.Dropdown, dcc.Slider, dcc.Checklist, dcc.RadioItems, dcc.Upload, dcc.DatePickerSingle, dbc.Progress)


def walk(component):
    """Every component of a tree, depth first, text included."""
    yield component
    children = getattr(component, "children", None)
    for child in children if isinstance(children, list | tuple) else [children]:
        if child is not None:
            yield from walk(child)


def of(component, kind):
    return [item for item in walk(component) if isinstance(item, kind)]


def words(component):
    return " ".join(str(item) for item in walk(component) if isinstance(item, str | int | float))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.55391, "0.554"),
        (247.36, "247"),
        (1234.5, "1,234"),
        (200, "200"),
        (999_999, "1 m"),
        (2_345_678, "2.35 m"),
        (4.2e9, "4.2 bn"),
        (0.00001234, "1.2e-05"),
        (-0.0451, "\N{MINUS SIGN}0.0451"),
        (0, "0"),
        (np.float32(0.5), "0.5"),
        (0.9996, "1"),
        (None, "–"),
        (float("nan"), "–"),
        (float("inf"), "–"),
        (pd.NA, "–"),
        (pd.NaT, "–"),
    ],
)
def test_numbers_keep_three_significant_digits(value, shown):
    """Thousands marks, three digits, a dash for what is missing."""
    assert numbers.number(value) == shown


def test_shares_never_round_to_none_or_all():
    """ "0%" and "100%" are only said when they are true."""
    assert [numbers.share(v) for v in (0, 0.0004, 0.405, 0.9996, 1)] == ["0%", "<0.1%", "40.5%", ">99.9%", "100%"]


def test_durations_and_sizes_read_as_people_say_them():
    """Seconds, minutes, hours; bytes in decimal units."""
    assert [numbers.seconds(v) for v in (0.04, 3.21, 42.4, 65, 7380)] == [
        "0.04 s",
        "3.2 s",
        "42 s",
        "1 min 5 s",
        "2 h 3 min",
    ]
    assert [numbers.size(v) for v in (12, 48_200, 1_500_000)] == ["12 bytes", "48.2 kB", "1.5 MB"]
    assert [numbers.count(v, "customer") for v in (1, 2000)] == ["1 customer", "2,000 customers"]


def test_labels_lose_what_cannot_be_seen_and_what_plotly_would_run():
    """Control and bidirectional characters go; tags and templates are taken apart; 80 characters stay."""
    assert "\u202e" not in labels.plain(HOSTILE) and "\x00" not in labels.plain(HOSTILE)
    assert "<" not in labels.plotly(HOSTILE) and "%{" not in labels.plotly(HOSTILE)
    assert len(labels.plain("x" * 500)) <= 80


def test_graph_never_offers_a_cloud():
    """Plotly 7 shows "Share chart" unless told not to."""
    made = parts.graph(go.Figure(), id="g", title="A finding", sentence="One sentence.")
    (plot,) = of(made, dcc.Graph)
    assert plot.config["showSendToCloud"] is False
    assert plot.config["displaylogo"] is False


def test_lines_can_be_dragged_only_where_that_does_something():
    """Plotly's other edits stay off: nobody shall rename an axis by a click."""
    plots = [
        of(parts.graph(go.Figure(), id="g", title="t", sentence="s", movable=can), dcc.Graph)[0] for can in (True, False)
    ]
    assert [plot.config.get("edits") for plot in plots] == [{"shapePosition": True}, None]


def test_graph_has_heading_sentence_fixed_height_name_and_twin():
    """No chart without its finding, one sentence, a table and a height that keeps the page still."""
    frame = pd.DataFrame({"k": [2, 3]})
    made = parts.graph(
        go.Figure(), id="g", title="A finding", sentence="One sentence.", height=300, table=frame, level=2
    )
    assert isinstance(made, html.Figure)
    assert of(made, html.H2)[0].children == "A finding"
    assert "One sentence." in words(made)
    assert of(made, dcc.Graph)[0].style["height"] == "300px"
    assert any("A finding" in str(getattr(div, "aria-label", "")) for div in of(made, html.Div))
    assert len(of(made, html.Table)) == 1
    assert {b.to_plotly_json()["props"]["data-sa-image"] for b in of(made, html.Button)} == {"png", "svg"}


def test_picture_names_are_plain_file_names():
    """A title becomes a name that no file system minds."""
    assert file_name("Five segments: 81 / 39 <b>!</b>") == "five-segments-81-39-b-b"
    assert file_name("…") == "chart"


def test_table_is_semantic_and_aligned():
    """A caption, scoped headers, the first cell naming its row, numbers at the right, gaps as a dash."""
    frame = pd.DataFrame({"name": ["A", None], "value": [1234.5, np.nan], "n": [1, 2]})
    made = parts.table(frame, caption="Values by name", formats={"n": lambda n: f"{n}!"})
    assert of(made, html.Caption)[0].children == "Values by name"
    heads = of(made, html.Th)
    assert [h.scope for h in heads] == ["col", "col", "col", "row", "row"]
    assert heads[1].className == "sa-num"
    assert [td.children for td in of(made, html.Td)] == ["1,234", "1!", "–", "2!"]
    assert made.tabIndex == 0


def test_table_says_how_many_rows_it_left_out():
    """Nothing is dropped in silence."""
    made = parts.table(pd.DataFrame({"a": range(30)}), caption="c", max_rows=10)
    assert len(of(made, html.Tbody)[0].children) == 10
    assert "The first 10 of 30 rows." in words(made)


def test_table_survives_equal_column_names_and_no_rows():
    """Two columns of one name are two columns; an empty frame is an empty body."""
    made = parts.table(pd.DataFrame([[1, 2.5]], columns=["a", "a"]), caption="c")
    assert [td.children for td in of(made, html.Td)] == ["2.5"]
    assert of(parts.table(pd.DataFrame({"a": []}), caption="c"), html.Td) == []


def test_hostile_names_are_harmless_everywhere():
    """Every part that shows a name from data passes it through the label function."""
    shown = [
        parts.table(pd.DataFrame({HOSTILE: [HOSTILE], "b": [HOSTILE]}), caption="c"),
        parts.segment_badge(1, HOSTILE),
        parts.segment_key({1: HOSTILE}),
        parts.sparkbars([(HOSTILE, 3)], label=HOSTILE),
        parts.field(HOSTILE, parts.select([HOSTILE], id="s")),
        parts.card(HOSTILE),
        parts.tag(HOSTILE),
    ]
    for component in shown:
        told = words(component) + " ".join(str(getattr(item, "title", "")) for item in walk(component))
        assert "\u202e" not in told and "\x00" not in told


def test_notice_interrupts_only_when_something_is_wrong():
    """role=alert is for what is bad; anything else waits its turn."""
    assert parts.notice("bad", "t").role == "alert"
    assert {parts.notice(kind, "t").role for kind in ("info", "good", "warn")} == {"status"}
    with pytest.raises(ValueError, match="info, good, warn, bad"):
        parts.notice("loud", "t")


def test_segments_show_shape_number_and_name():
    """Nothing relies on colour; noise is called what it is; numbers beyond the palette still have a class."""
    assert words(parts.segment_badge(3, "Savers")) == "3 Savers"
    assert words(parts.segment_badge(-1)) == "Not placed"
    assert parts.segment_badge(-1).className == "sa-seg sa-seg-noise"
    assert parts.segment_class(31) == "sa-seg-1"


def test_segment_key_lists_noise_last():
    """Segments in order, then the customers not placed."""
    made = parts.segment_key({2: "B", 1: "A", -1: "x"}, noise=True)
    assert [words(item) for item in of(made, html.Li)] == ["1 A", "2 B", "x"]


def test_fields_are_named():
    """A label points at its control, pattern ids included; a group of radio buttons carries the name itself."""
    pattern = {"type": "role", "index": "Age"}
    made = parts.field("Role", parts.select({"a": "A"}, "a", id=pattern))
    assert of(made, html.Label)[0].htmlFor == dom_id(pattern) == '{"index":"Age","type":"role"}'
    group = parts.field("Gaps", parts.segmented(["median", "drop"], "median", id="gaps"))
    assert any(getattr(div, "aria-label", None) == "Gaps" and div.role == "group" for div in of(group, html.Div))


def test_progress_is_determined_only_with_a_total():
    """14 of 37 has a value; an unknown total promises nothing; both have a name."""
    known, unknown = parts.progress(14, 37, "Fitting"), parts.progress(3, None, "Fitting")
    assert "14 of 37" in words(known)
    assert of(known, html.Progress)[0].value == "14"
    assert getattr(of(unknown, html.Progress)[0], "value", None) is None
    assert getattr(of(unknown, html.Progress)[0], "aria-label") == "Fitting"  # noqa: B009


def test_share_bars_stay_inside_their_track():
    """A share outside 0..1 neither breaks the layout nor raises."""
    widths = [parts.share_bar(v).children.style["width"] for v in (-1, 0.5, 7)]
    assert widths == ["0.0%", "50.0%", "100.0%"]


def test_k_strip_marks_recommended_and_chosen_in_words_too():
    """Not by colour or tick alone; a k without a score is shown with a dash, and one without a candidate is no button."""
    made = parts.k_strip([parts.KChoice(2, None), parts.KChoice(5, 0.55, press=True, best=True, chosen=True)], label="k")
    assert "5 segments, recommended, chosen" in words(made)
    assert "–" in words(made)
    (button,) = of(made, html.Button)
    assert button.id == {"type": "pick-k", "index": 5} and getattr(button, "aria-pressed") == "true"  # noqa: B009


def test_explain_links_only_to_https():
    """A reference that is not an https address is text."""
    assert of(parts.explain("k", "t", "https://doi.org/1"), html.A)
    assert not of(parts.explain("k", "t", "javascript:alert(1)"), html.A)


def test_parts_are_built_from_controls_that_pass_axe():
    """None of the Dash controls that fail WCAG 2.1 AA is used."""
    made = [
        parts.field("a", parts.select(["x"], id="a")),
        parts.field("b", parts.segmented(["x"], "x", id="b")),
        parts.progress(1, 2, "p"),
    ]
    assert not any(of(component, FAILS_AXE) for component in made)
