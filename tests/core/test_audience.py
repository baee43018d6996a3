"""Laws of audience files: published columns, published hashes, nobody who cannot be found."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pandas as pd
import pytest

from core.errors import BadRequest
from core.exports.audience import GOOGLE, KLAVIYO, META, PLATFORMS, Contacts, audience, proposed
from core.exports.campaign_list import campaign_list, promised
from tests.core.test_personal import table
from tests.core.test_uplifting import segmentation

PEOPLE = {
    "mail": ["John_Smith@gmail.com", " john_smith@GMAIL.com", "", "none", "x@y.org"],
    "tel": ["(650)555-1212", "6505551212", "", "12", ""],
    "first_name": ["Mary", "mary", "Valéry", "정", "Zoë"],
    "last_name": ["Doe", "doe", "Doe", "Doe", "Doe"],
    "zip": ["94016", "94016", "94016", "", "10115"],
}
MAPPING = {"email": "mail", "phone": "tel", "first_name": "first_name", "last_name": "last_name", "postcode": "zip"}
EMAIL = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
PHONE = "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"
MARY = "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec"
VALERY = "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c"


def made(platform, mapping=None, **more):
    people = table(**PEOPLE)
    labels = np.ones(5, dtype=np.int16)
    return audience(people, segmentation(labels), platform, segment=1, contacts=Contacts(MAPPING if mapping is None else mapping, more.get("country", "US")))


def test_meta_has_its_columns_and_the_published_hashes():
    """Test vectors of Meta's page on customer information parameters: e-mail, telephone, two first names."""
    found = made(META)
    assert list(found.frame.columns) == ["email", "phone", "fn", "ln", "zip", "country"]
    assert found.frame.loc[0, ["email", "phone", "fn"]].tolist() == [EMAIL, PHONE, MARY]
    assert VALERY in set(found.frame["fn"])
    assert all(re.fullmatch("[0-9a-f]{64}|", cell) for column in found.frame for cell in found.frame[column])


def test_customers_are_counted_once_and_those_nobody_can_find_are_left_out():
    """Two rows of one person are one; one without e-mail, telephone and postcode is counted and gone."""
    found = made(META)
    assert (len(found.frame), found.left_out, found.twice) == (3, 1, 1)
    assert "100" in found.warning and "3 people" in found.warning


def test_google_hashes_e164_with_its_plus_and_leaves_country_and_zip_readable():
    """Its columns; dots of gmail.com taken out; hashed as its page says, country and zip as they are."""
    found = made(GOOGLE)
    assert list(found.frame.columns) == ["Email", "Phone", "First Name", "Last Name", "Country", "Zip"]
    assert found.frame.loc[0, "Phone"] == hashlib.sha256(b"+16505551212").hexdigest() != PHONE
    assert found.frame.loc[0, ["Country", "Zip"]].tolist() == ["us", "94016"]


def test_klaviyo_is_plain_with_its_contact_first_and_the_segment():
    """Nothing hashed; names as people write them."""
    found = made(KLAVIYO)
    assert found.frame.columns[0] == "Email" and found.frame.loc[0, "Email"] == "john_smith@gmail.com"
    assert found.frame.loc[0, ["Phone Number", "First Name", "Segment"]].tolist() == ["+16505551212", "Mary", "Group 1"]
    assert not found.warning


def test_google_has_an_address_by_all_four_columns_or_by_none():
    """Its page: a file that has some of First Name, Last Name, Country and Zip will likely be refused."""
    assert list(made(GOOGLE, {"email": "mail"}).frame.columns) == ["Email"]
    some = made(GOOGLE, {"email": "mail", "phone": "tel", "first_name": "first_name", "last_name": "last_name"})
    assert list(some.frame.columns) == ["Email", "Phone"]
    whole = made(GOOGLE, {"first_name": "first_name", "last_name": "last_name", "postcode": "zip"})
    assert list(whole.frame.columns) == ["First Name", "Last Name", "Country", "Zip"]


def test_klaviyo_reads_no_identifier_twice():
    """Its page: no duplicate e-mail addresses or telephone numbers. Whoever shares a telephone keeps the address alone."""
    people = table(mail=["a@x.org", "A@x.org", "b@x.org", "", "c@x.org"], tel=["6505551212", "6505551213", "6505551212", "6505551212", ""],
                   first=["Ann", "Anna", "Bob", "Bob", "Cy"])  # fmt: skip
    mapping = {"email": "mail", "phone": "tel", "first_name": "first"}
    found = audience(people, segmentation(np.ones(5, dtype=np.int16)), KLAVIYO, segment=1, contacts=Contacts(mapping, "US"))
    assert found.frame[["Email", "Phone Number"]].to_numpy().tolist() == [["a@x.org", "+16505551212"], ["b@x.org", ""], ["c@x.org", ""]]
    assert (found.left_out, found.twice) == (0, 2)


@pytest.mark.parametrize("platform", list(PLATFORMS))
def test_no_address_reaches_a_file_that_is_to_be_hashed(platform):
    """A canary in every contact is nowhere in the hashed columns; only those asked for are there."""
    found = made(PLATFORMS[platform])
    text = found.frame[[f.header for f in PLATFORMS[platform].fields if f.hashed and f.header in found.frame]].to_csv()
    assert "gmail" not in text and "650555" not in text and "mary" not in text.lower()
    only = made(PLATFORMS[platform], {"email": "mail"})
    assert not {"First Name", "fn", "Phone", "phone", "Phone Number"} & set(only.frame.columns)


def test_columns_that_find_nobody_and_unknown_countries_are_refused():
    """A name alone is no identifier; a column that is not there is named."""
    for mapping, country in (({"first_name": "first_name"}, "US"), ({}, "US"), (MAPPING, "XX"), ({"email": "gone"}, "US")):
        with pytest.raises(BadRequest):
            made(META, mapping, country=country)


def test_columns_are_proposed_by_what_they_hold():
    """From names and cells; the first of several."""
    found = proposed(table(kontakt=[f"c{i}@x.org" for i in range(20)], Vorname=["Anna"] * 20, plz=["10115", "20095"] * 10))
    assert found == {"email": "kontakt", "first_name": "Vorname", "postcode": "plz"}


def test_the_campaign_list_has_everybody_in_a_segment_with_the_group_drawn():
    """Those in none are not written to; a column group of the file keeps its name."""
    people = table(id=[f"K{i}" for i in range(40)], group=["a", "b"] * 20)
    labels = np.array([1] * 20 + [2] * 10 + [-1] * 10, dtype=np.int16)
    found = campaign_list(people, segmentation(labels), share=0.2, seed=1)
    assert len(found) == 30 and found["group_2"].value_counts().to_dict() == {"treated": 24, "control": 6}
    told = promised(segmentation(labels), share=0.2, base=0.1)
    assert told["control"].tolist() == [6, 4, 2] and told["detectable"].iloc[0] < told["detectable"].iloc[2]
    assert isinstance(told, pd.DataFrame)
