"""Laws of the address: ids only, nothing hostile kept, and nothing lost on the way through a link."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.address import PARTS, Address

IDS = st.text("abcXYZ019_-", max_size=64)


PICKED = st.lists(st.text("abcXYZ019_-", min_size=1, max_size=20), max_size=6).map(".".join)


@given(st.builds(Address, IDS, IDS, IDS, IDS, IDS, IDS, PICKED, PICKED, IDS, IDS))
def test_a_link_says_what_the_address_said(address):
    """Writing an address and reading it again gives the same one; parts that are not said are not written."""
    link = address.to("/atlas")
    assert Address.parse(link.partition("?")[2]) == address
    assert link.count("=") == sum(bool(getattr(address, part)) for part in PARTS)


def test_a_link_is_written_as_people_read_it():
    """The query follows the order of the parts; without any there is no question mark."""
    assert Address(choice="kmeans-5", dataset="d").to("/atlas") == "/atlas?dataset=d&choice=kmeans-5"
    assert Address().to("/") == "/"


def test_changes_are_those_of_one_link_only():
    """A link may say more or less; the address it came from stays as it was."""
    here = Address("d", "r", "k")
    assert here.to("/", choice="", x="p1") == "/?dataset=d&run=r&x=p1"
    assert here == Address("d", "r", "k")


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "a b",
        "../etc",
        "a\n",
        "ü",
        "<b>",
        "a" * 65,
        "a;b",
        "%00",
        "\x00",
        7,
        None,
        ["a"],
        {"a": "b"},
        True,
        b"a",
    ],
)
def test_what_is_no_plain_id_counts_as_not_said(value):
    """At most 64 letters, digits, hyphens and underscores; a newline at the end is no end."""
    assert Address.of({"dataset": value, "run": "r"}) == Address(run="r")


def test_the_longest_id_is_sixty_four_characters():
    """64 pass, 65 do not."""
    assert Address.of({"run": "a" * 64}).run == "a" * 64
    assert Address.of({"run": "a" * 65}).run == ""


def test_unknown_parts_are_left_aside():
    """A parameter that pages do not have cannot become one."""
    assert Address.of({"self": "x", "to": "y", "__class__": "z", "dataset": "d"}) == Address("d")


@given(st.text() | st.binary().map(lambda b: "?" + quote(b)))
def test_any_search_is_read_without_complaint(search):
    """Whatever stands behind the question mark, what comes out is empty, a plain id, or for picks ids joined by dots."""
    found = Address.parse(search)
    for part in PARTS:
        value, marks, most = getattr(found, part), ".-_" if part == "picks" else "-_", 400 if part == "picks" else 64
        assert set(value) <= set(marks) | {c for c in value if c.isalnum()}
        assert value.isascii() and len(value) <= most


@pytest.mark.parametrize("search", [None, "", "?", "???", 7, ["?run=r"], {"run": "r"}, True])
def test_no_search_says_nothing(search):
    """A callback gets the search from the browser, which may send anything."""
    assert Address.parse(search) == Address()


def test_of_a_part_said_twice_the_last_counts():
    """As Flask and Dash do not agree on this, it is settled here."""
    assert Address.parse("?run=one&run=two").run == "two"


@pytest.mark.parametrize(
    "value",
    ["", " ", "a,b", "a b", "../a", "a\n", "a/b", "<b>", "a" * 401, "%00", "ü", 7, None, ["kmeans-2"], {"a": "b"}, True],
)
def test_hostile_picks_count_as_not_said(value):
    """Only keys joined by dots, 400 marks at most: room for more than the six that are shown."""
    assert Address.of({"picks": value, "run": "r"}) == Address(run="r")


@pytest.mark.parametrize(
    ("picks", "keys"),
    [
        ("kmeans-2.ward-3", ("kmeans-2", "ward-3")),
        ("kmeans-2", ("kmeans-2",)),
        ("a.a.b.a", ("a", "b")),
        ("..a..b.", ("a", "b")),
        ("...", ()),
        ("", ()),
    ],
)
def test_picks_are_read_each_once_in_their_order(picks, keys):
    """Dots alone name nothing, and nobody is compared with itself."""
    assert Address.of({"picks": picks}).picked == keys


@given(PICKED)
def test_picks_survive_a_link(picks):
    """What is side by side is side by side again from a pasted address."""
    assert Address.parse(Address(picks=picks).to("/compare").partition("?")[2]).picked == Address(picks=picks).picked


DOTTED = st.lists(st.integers(-9999, 9999).map(str), min_size=1, max_size=9).map(".".join)


@given(IDS, IDS, st.sampled_from(["", "2d", "3d"]), DOTTED, DOTTED)
def test_what_the_atlas_shows_goes_through_a_link(focus, tab, way, shown, camera):
    """Segment, tab, map, what stands on it and where it is looked at from."""
    here = Address("d", "r", "k", focus=focus, tab=tab, map=way, shown=shown, camera=camera)
    assert Address.parse(here.to("/atlas").partition("?")[2]) == here


@pytest.mark.parametrize("hostile", ["a b", "<b>", "1;2", "a" * 401, "1.2\n", "%00"])
def test_a_camera_that_is_none_says_nothing(hostile):
    assert Address.of({"camera": hostile, "shown": hostile, "map": hostile}) == Address()
