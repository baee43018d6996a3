"""Laws of the address: ids only, nothing hostile kept, and nothing lost on the way through a link."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.address import PARTS, Address

IDS = st.text("abcXYZ019_-", max_size=64)


@given(st.builds(Address, IDS, IDS, IDS, IDS, IDS, IDS))
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
    """Whatever stands behind the question mark, what comes out is empty or a plain id."""
    found = Address.parse(search)
    assert all(
        set(getattr(found, part)) <= set("_-") | {c for c in getattr(found, part) if c.isalnum()} for part in PARTS
    )
    assert all(getattr(found, part).isascii() and len(getattr(found, part)) <= 64 for part in PARTS)


@pytest.mark.parametrize("search", [None, "", "?", "???", 7, ["?run=r"], {"run": "r"}, True])
def test_no_search_says_nothing(search):
    """A callback gets the search from the browser, which may send anything."""
    assert Address.parse(search) == Address()


def test_of_a_part_said_twice_the_last_counts():
    """As Flask and Dash do not agree on this, it is settled here."""
    assert Address.parse("?run=one&run=two").run == "two"
