"""Laws of what tells who a customer is, and of contacts in the one form that platforms look up."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.formats.reading import Reading
from core.model import Source
from core.personal import Refused, country_code, email, name, personal_columns, phone, postcode, recognised, suppressed
from core.personal.dialling import COUNTRIES
from core.tables import understand


def table(**columns):
    raw = pd.DataFrame({title: pd.Series(cells, dtype="str") for title, cells in columns.items()})
    return understand(Reading(raw, Source("t.csv", "text")), {})


CELLS = {
    "email": [f"c{i}@example.org" for i in range(30)], "phone": [f"+49 171 {1000000 + i}" for i in range(30)],
    "iban": ["DE89 3704 0044 0532 0130 00", "GB82 WEST 1234 5698 7654 32", "FR1420041010050500013M02606"] * 10,
    "ip": [f"192.168.3.{i}" for i in range(30)], "id_number": [f"{100 + i}-45-6789" for i in range(30)],
}  # fmt: skip


@pytest.mark.parametrize("what", list(CELLS))
def test_cells_tell_what_a_column_holds_whatever_it_is_called(what):
    """Published examples of each kind under a name that says nothing; a gap and a stranger among them change nothing."""
    cells = ["", "unknown", *CELLS[what]]
    assert [(one.column, one.what) for one in recognised(table(x=cells, y=[str(i) for i in range(32)]))] == [("x", what)]


@pytest.mark.parametrize(
    ("title", "what"),
    [("Vorname", "first_name"), ("LAST_NAME", "last_name"), ("nom", "last_name"), ("Prénom", "first_name"), ("Cognome", "last_name"),
     ("fullName", "name"), ("Straße", "street"), ("billing address", "street"), ("Ort", "city"), ("country", "country"),
     ("Ansprechpartner", "name"), ("apellidos", "last_name"), ("indirizzo", "street")],
)  # fmt: skip
def test_names_tell_in_several_languages(title, what):
    """Words in German, French, Spanish, Italian and English, in any case and spelling."""
    cells = ["Anna", "Bernd", "Carla", "Doris", "Emil"] * 4
    assert [one.what for one in recognised(table(**{title: cells, "x": [str(i) for i in range(20)]}))] == [what]


@pytest.mark.parametrize(("title", "cells", "what"), [
    ("PLZ", ["10115", "20095", "80331", "50667"], "postcode"), ("date_of_birth", ["1980-02-03", "1991-12-30", "2000-01-01", "1977-05-05"], "birth_date"),
    ("Mobile", ["01711234567", "01722345678", "01609876543", "01511111111"], "phone"),
])  # fmt: skip
def test_names_tell_of_numbers_and_dates(title, cells, what):
    """Where the cells can be what the name says."""
    found = table(**{title: cells * 5, "x": [str(i) for i in range(20)]})
    assert [one.what for one in personal_columns(found)] == [what]


def test_ordinary_columns_are_not_personal():
    """Figures, product names by another word, ids of customers, flags called phone; a city tells who nobody is."""
    n = 30
    found = table(
        customer_id=[f"K-{i}" for i in range(n)], age=[str(20 + i) for i in range(n)], phone=["yes", "no"] * (n // 2),
        product_name=["red", "blue", "green"] * (n // 3), email_opens=[str(i % 9) for i in range(n)], city=["Ulm", "Köln", "Bonn"] * 10,
        version=["1.2.3", "1.2.4", "2.0.0"] * 10, date=[f"2024-01-{1 + i % 28:02}" for i in range(n)],
    )  # fmt: skip
    assert personal_columns(found) == ()
    assert [one.what for one in recognised(found)] == ["city"]


@pytest.mark.parametrize(
    ("cell", "country", "wanted"),
    [("(650)555-1212", "US", "+16505551212"), ("(800)555-0100", "US", "+18005550100"), ("1-234-567-8910", "US", "+12345678910"),
     ("+44 844 412 4653", "DE", "+448444124653"), ("0171 1234567", "DE", "+491711234567"), ("+49 (0)171 1234567", "GB", "+491711234567"),
     ("0049 171 1234567", "FR", "+491711234567"), ("06 12 34 56 78", "FR", "+33612345678"), ("06 1234 5678", "IT", "+390612345678"),
     ("06 20 123 4567", "HU", "+36201234567"), ("020 7946 0018 ext 12", "GB", "+442079460018"), ("612 345 678", "ES", "+34612345678")],
)  # fmt: skip
def test_telephone_numbers_become_e164(cell, country, wanted):
    """Examples of Meta's and Google's help pages, and the national plans of ITU-T E.164."""
    assert phone(cell, country) == wanted


@pytest.mark.parametrize("cell", ["", "12", "call me", "555-1212", "+1", "0" * 30, "1234567a", "٠١٧١١٢٣٤٥٦٧"])
def test_what_is_no_number_is_refused(cell):
    """Too short, too long, words, figures of other scripts: never half a number."""
    with pytest.raises(Refused):
        phone(cell, "US")


@given(st.text(max_size=24), st.sampled_from(sorted(COUNTRIES)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_whole_number_or_refused(cell, country):
    """What comes out is E.164, and stays when it goes in again."""
    try:
        found = phone(cell, country)
    except Refused:
        return
    assert found[0] == "+" and found[1:].isascii() and found[1:].isdigit() and 8 <= len(found[1:]) <= 15
    assert phone(found, "US") == found


def test_addresses_are_trimmed_and_lowered_and_gmail_folded_only_for_google():
    """Google's own examples; other domains keep dots and what follows a plus."""
    assert email("  John_Smith@gmail.com ") == "john_smith@gmail.com"
    assert email("cloudy.sanfrancisco+shopping@gmail.com", gmail=True) == "cloudysanfrancisco@gmail.com"
    assert email("user.name+NYC@Example.com", gmail=True) == "user.name+nyc@example.com"
    for cell in ("", "a@b", "a b.de", "a@@b.de", "a@b.de, c@d.de", "=x()", "@b.de"):
        with pytest.raises(Refused):
            email(cell)


def test_names_postcodes_and_countries_have_one_form():
    """Letters of any alphabet stay, signs go; five digits in the United States; names of countries are known."""
    assert (name(" Valéry "), name("O'Neil"), name("정")) == ("valéry", "oneil", "정")
    assert (postcode("WC2H 8LG", "GB"), postcode("94016-1234", "US"), postcode("1002", "US")) == ("wc2h8lg", "94016", "01002")
    assert [country_code(cell, "DE") for cell in ("", "Deutschland", "GB", "usa")] == ["de", "de", "gb", "us"]
    for make in (lambda: name("..."), lambda: country_code("Atlantis", "DE"), lambda: postcode(" ", "DE"), lambda: postcode("K1A", "US")):
        with pytest.raises(Refused):
            make()


def test_cells_of_fewer_than_five_are_left_out_and_others_stay():
    """1 to 4 go with what is told of them, 0 and 5 stay; an untouched frame is the same one."""
    frame = pd.DataFrame({"segment": ["a", "b", "c"], "customers": [5, 4, 0], "mean": [1.0, 2.0, 3.0]})
    found = suppressed(frame, "customers", ("mean",))
    assert found["customers"].isna().tolist() == [False, True, False] and found["mean"].isna().tolist() == [False, True, False]
    assert suppressed(frame[frame["customers"] != 4], "customers")["mean"].tolist() == [1.0, 3.0]
