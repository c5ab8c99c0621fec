"""Ways to reach somebody: which are accepted, and which are equal."""

import random

import phonenumbers
import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from contacts.cards import Way
from contacts.models import Network, WayToReach
from contacts.people.directory import add_contact, edit_contact
from contacts.people.ways import check_way, international, normalise, region_of


@pytest.mark.parametrize(
    ("kind", "value", "normalised"),
    [
        ("email", " Anna.Mueller@Example.ORG ", "anna.mueller@example.org"),
        ("email", "not an address", "not an address"),
        ("phone", "0221 / 123 45-67", "+492211234567"),
        ("phone", "\u202a+49 221 1234567\u202c", "+492211234567"),
        ("phone", "+1 650-253-0000 ext. 12", "+16502530000x12"),
        ("phone", "0170 1234567 Mo-Fr", "+491701234567"),
        ("phone", "+49 170 1234567 (privat)", "+491701234567"),
        ("phone", "0800 FLOWERS", "+498003569377"),
        ("phone", "ring me", "ringme"),
        ("link", "HTTPS://www.Example.org/anna/", "example.org/anna"),
        ("link", "skype:anna", "skype:anna"),
        ("address", "Hauptstraße 1,\n50667 Köln", "hauptstrasse 1, 50667 köln"),
    ],
)
def test_normalise_makes_equal_ways_equal(kind: str, value: str, normalised: str) -> None:
    assert normalise(kind, value, region="DE") == normalised


@pytest.mark.parametrize(
    ("value", "region", "normalised"),
    [
        ("491701234567", "DE", "+491701234567"),
        ("49 170 1234567", "DE", "+491701234567"),
        ("4930123456", "DE", "+4930123456"),
        ("447911123456", "DE", "+447911123456"),
        ("436641234567", "DE", "+436641234567"),
        ("41791234567", "DE", "+41791234567"),
        ("393331234567", "DE", "+393331234567"),
        ("14155552671", "GB", "+14155552671"),
        ("442079460958", "US", "+442079460958"),
        ("4915112345678", "US", "+4915112345678"),
        ("4155552671", "US", "+14155552671"),
        ("1701234567", "DE", "+491701234567"),
        ("17012345678", "DE", "+4917012345678"),
        ("01701234567", "DE", "+491701234567"),
        ("00491701234567", "DE", "+491701234567"),
        ("2079460958", "GB", "+442079460958"),
        ("447911123456", "GB", "+447911123456"),
        ("112", "DE", "112"),
        ("110", "DE", "110"),
        ("116117", "DE", "116117"),
        ("911", "US", "911"),
        ("999", "GB", "999"),
        ("144", "CH", "144"),
    ],
)
def test_number_without_its_plus_is_international_and_a_short_one_stays(
    value: str, region: str, normalised: str
) -> None:
    assert normalise("phone", value, region=region) == normalised


@pytest.mark.parametrize(("value", "href"), [("112", "tel:112"), ("030 1234567", "tel:+49301234567"), ("ring", "")])
def test_short_number_can_be_dialled(value: str, href: str) -> None:
    way = WayToReach(kind="phone", value=value, normalised=normalise("phone", value, region="DE"))
    assert way.href == href


@pytest.mark.parametrize(
    ("value", "region", "written"),
    [
        ("01 2345678", "AT", "+43 1 2345678"),
        ("0664 1234567", "AT", "+43 664 1234567"),
        ("044 668 18 00", "CH", "+41 44 668 18 00"),
        ("020 7946 0958", "GB", "+44 20 7946 0958"),
        ("(415) 555-2671", "US", "+1 415-555-2671"),
        ("+49 30 1234567", "AT", "+49 30 1234567"),
        ("0049 30 1234567", "AT", "0049 30 1234567"),
        ("122", "AT", "122"),
        ("ring me", "AT", "ring me"),
    ],
)
def test_number_of_another_country_is_written_as_it_is_dialled_from_here(value: str, region: str, written: str) -> None:
    assert international(value, region=region) == written


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("email", "anna"),
        ("phone", "ring me"),
        ("link", "javascript:alert(1)"),
        ("link", "https://"),
        ("link", "data:text/html,x"),
        ("link", "https://[broken"),
    ],
)
def test_check_way_refuses_what_leads_nowhere(kind: str, value: str) -> None:
    with pytest.raises(ValidationError):
        check_way(kind, value, region="DE")


def test_normalise_answers_every_number_as_the_library_does() -> None:
    chance = random.Random(1)
    for region in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number(region)
        written = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        for _ in range(10):
            place = chance.randrange(1, len(written))
            value = f"{written[:place]}{chance.choice('0123456789- ')}{written[place + chance.randrange(2) :]}"
            assert normalise("phone", value, region="DE") == as_the_library(value), value


def as_the_library(value: str) -> str:
    try:
        number = phonenumbers.parse(value, "DE")
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_possible_number(number):
        return "".join(filter(str.isalnum, value))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@pytest.mark.parametrize(
    ("zone", "language", "region"),
    [("Europe/Berlin", "en", "DE"), ("America/New_York", "de", "US"), ("UTC", "de", "DE")],
)
def test_region_of_follows_the_time_zone_then_the_language(zone: str, language: str, region: str) -> None:
    assert region_of(User(time_zone=zone, language=language)) == region


@pytest.mark.parametrize(
    ("way", "href"),
    [
        (WayToReach(kind="email", value="a?b@x.org", normalised="a?b@x.org"), "mailto:a%3Fb@x.org"),
        (WayToReach(kind="email", value="nobody", normalised="nobody"), ""),
        (WayToReach(kind="phone", value="0221 1", normalised="+492211x12"), "tel:+492211;ext=12"),
        (WayToReach(kind="link", value="https://example.org", normalised=""), "https://example.org"),
        (WayToReach(kind="link", value="javascript:alert(1)", normalised=""), ""),
        (WayToReach(kind="link", value="skype:anna", normalised=""), ""),
    ],
)
def test_way_leads_only_where_it_is_safe(way: WayToReach, href: str) -> None:
    assert way.href == href


def test_edit_contact_keeps_the_rows_of_ways_that_stay(network: Network) -> None:
    anna = add_contact(
        network, given_name="Anna", ways=[Way("email", "anna@example.org"), Way("phone", "0221 1234567")]
    )
    email = anna.ways.get(kind="email")
    edit_contact(network, anna, ways=[Way("link", "https://example.org"), Way("email", "Anna@example.org", "work")])
    rows = list(anna.ways.values_list("kind", "value", "label", "position"))
    assert rows == [("link", "https://example.org", "", 0), ("email", "Anna@example.org", "work", 1)]
    assert anna.ways.get(kind="email").uuid == email.uuid
