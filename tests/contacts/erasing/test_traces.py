"""Texts that name a contact, and texts that only seem to."""

from __future__ import annotations

import json
import unicodedata

import pytest

from contacts.cards import Way
from contacts.erasing.traces import Traces, traces_of
from contacts.models import Contact, Network
from contacts.people.directory import add_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(network: Network) -> Contact:
    ways = [
        Way("email", "anna.hecht@example.org"),
        Way("phone", "0171 2345678"),
        Way("link", "https://www.linkedin.com/in/anna-hecht/"),
        Way("address", "Hafenweg 3, 24103 Kiel"),
    ]
    return add_contact(network, given_name="Anna", family_name="Hecht", ways=ways)


@pytest.fixture
def traces(network: Network, anna: Contact) -> Traces:
    return traces_of(network, [anna.pk])


@pytest.mark.parametrize(
    "text",
    [
        "Ask Anna Hecht.",
        "ANNA  HECHT",
        "Hecht, Anna",
        "<ANNA.HECHT@example.org>",
        "+491712345678",
        "0171/234-5678",
        "+49 (0)171 2345678",
        "see linkedin.com/in/anna-hecht?x=1",
        "lives at hafenweg 3, 24103 Kiel",
        "_Anna Hecht_",
        "Anna Hecht2.vcf",
        "card_of_Anna Hecht_1",
    ],
)
def test_naming_is_seen_and_taken_out(traces: Traces, text: str) -> None:
    assert traces.are_in(text)
    assert not traces.are_in(traces.taken_out_of(text))


@pytest.mark.parametrize(
    "text", ["Anna", "Hecht", "Johanna Hechtmann", "Anna Hechtmann", "+4917123456789", "anna.hecht@example.organic", ""]
)
def test_what_only_looks_like_it_is_left(traces: Traces, text: str) -> None:
    assert not traces.are_in(text)
    assert traces.taken_out_of({text: [text, 1, None]}) == {text: [text, 1, None]}


def test_identifier_is_seen_in_both_spellings(traces: Traces, anna: Contact) -> None:
    assert traces.are_anywhere_in({"kept": [["key", str(anna.uuid)]]})
    assert traces.are_in(f"urn:{anna.uuid.hex.upper()}")


@pytest.mark.parametrize("fields", [{"display_name": "Anna Hecht"}, {"given_name": "Anna", "family_name": "HECHT"}])
def test_name_of_two_names_neither(network: Network, anna: Contact, fields: dict[str, str]) -> None:
    add_contact(network, **fields)
    assert not traces_of(network, [anna.pk]).are_in("Anna Hecht")


def test_members_own_name_and_address_name_no_contact(network: Network) -> None:
    member = network.owner
    oneself = add_contact(network, display_name=member.name, ways=[Way("email", member.email)])
    traces = traces_of(network, [oneself.pk])
    assert not traces.are_in(f"{member.name} <{member.email}>")


def test_shared_way_names_neither(network: Network, anna: Contact) -> None:
    add_contact(network, given_name="Otto", family_name="Barsch", ways=[Way("phone", "+49 171 2345678")])
    assert not traces_of(network, [anna.pk]).are_in("0171 2345678")


@pytest.mark.parametrize("name", ["𠮷野 太郎", "Zoë Ünal", "Ελένη Μαρκοπούλου"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_name_is_seen_in_stored_json_and_in_both_forms_of_accents(network: Network, name: str, form: str) -> None:
    person = add_contact(network, display_name=name)
    traces = traces_of(network, [person.pk])
    written = unicodedata.normalize(form, name)
    assert traces.may_be_in(json.dumps({"name": written}))
    assert traces.may_be_in(json.dumps({"name": written}, ensure_ascii=False))
    assert traces.taken_out_of({"name": [written]}) == {"name": ["…"]}


@pytest.mark.parametrize(
    "text",
    [
        "first line\nAnnabell Au",
        "\tAnnabell Au",
        '"Annabell Au"',
        "C:\\users\\Annabell Au",
        "\\Annabell\u00e9 \\Annabell Au",
    ],
)
def test_name_after_an_escape_of_json_is_found(network: Network, text: str) -> None:
    traces = traces_of(network, [add_contact(network, display_name="Annabell Au").pk])
    for stored in (text, json.dumps(text), json.dumps(text, ensure_ascii=False)):
        assert traces.may_be_in(stored)


def test_number_in_a_name_or_an_address_is_whole(network: Network) -> None:
    ways = [Way("address", "Kai 3"), Way("email", "max1@example.org")]
    traces = traces_of(network, [add_contact(network, display_name="Agent 47", ways=ways).pk])
    for text in ("Agent 471", "Kai 35", "7max1@example.org", "max1@example.org2"):
        assert not traces.are_in(text)
    assert all(map(traces.are_in, ("Agent 47", "Kai 3", "max1@example.org")))


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Gerd Straße", "GERD STRASSE"),
        ("GERD STRASSE", "Gerd Straße"),
        ("Gerd Strauß", "GERD STRAUẞ"),
        ("İpek Işık", "IPEK IŞIK"),
        ("İpek Işık", "ipek ışık"),
        ("IPEK IŞIK", "İpek Işık"),
        ("Νίκος Πόλις", "ΝΊΚΟΣ ΠΌΛΙΣ"),
        ("Ǆemal ﬁnk", "ǆEMAL FINK"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_capitals_are_the_same_name(network: Network, name: str, written: str, form: str) -> None:
    traces = traces_of(network, [add_contact(network, display_name=name).pk])
    text = unicodedata.normalize(form, f"ßİß {written}, ß")
    assert traces.are_in(text)
    assert traces.may_be_in(json.dumps(text))
    assert traces.taken_out_of(text) == unicodedata.normalize(form, "ßİß …, ß")


def test_letter_with_a_dot_is_another_one(network: Network) -> None:
    traces = traces_of(network, [add_contact(network, display_name="Żelazny Ola").pk])
    assert not traces.are_in("Zelazny Ola")


@pytest.mark.parametrize("name", ["🦊", "❤️", "🦊 🐻", "👩‍🚀", "☎"])
def test_name_of_signs_alone_is_found(network: Network, name: str) -> None:
    add_contact(network, display_name="🐼")
    add_contact(network, display_name="?")
    traces = traces_of(network, [add_contact(network, display_name=name).pk])
    assert traces.taken_out_of({name: [f"for {name}, from Ben", f"{name}{name}"]}) == {"…": ["for …, from Ben", "……"]}
    for stored in (json.dumps([name]), json.dumps([name], ensure_ascii=False)):
        assert traces.may_be_in(stored)


@pytest.mark.parametrize(
    ("name", "text"),
    [("👩", "👩‍🚀"), ("🚀", "👩‍🚀"), ("👍", "👍🏽"), ("🦊", "🐻"), ("?", "Who?"), ("-", "a - b"), ("…", "and so on …")],
)
def test_other_signs_and_punctuation_are_left(network: Network, name: str, text: str) -> None:
    traces = traces_of(network, [add_contact(network, display_name=name).pk])
    assert traces.taken_out_of(text) == text


def test_signs_of_two_name_neither(network: Network) -> None:
    fox = add_contact(network, display_name="🦊")
    add_contact(network, display_name="🦊")
    assert not traces_of(network, [fox.pk]).are_in("🦊")
