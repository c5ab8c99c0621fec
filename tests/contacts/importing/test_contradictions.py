"""Hard evidence never overrules a contradiction: both contacts stay, and are proposed as duplicates."""

import json
from collections.abc import Iterator

import pytest

from contacts.cards import Way
from contacts.duplicates import open_pairs, refresh
from contacts.importing.running import bring_in_now, work_on
from contacts.importing.runs import receive
from contacts.models import Contact, DuplicatePair, Network
from contacts.people.directory import add_contact, edit_contact, trash_contacts
from favours.transfer.formats import pieces_of
from tests.contacts.importing.conftest import Bring, card
from tests.contacts.importing.test_run import counts, names

MAIL = "family@example.org"


def proposed(network: Network) -> list[tuple[str, str, set[str]]]:
    """Return the names and the evidence of each open pair after a search for duplicates."""
    refresh(network)
    return [
        (pair.first.display_name, pair.second.display_name, {reason["kind"] for reason in pair.evidence})
        for pair in open_pairs(network)
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"BDAY": "1950-03-04"}, {"BDAY": "1980-03-04"}),
        ({"BDAY": "1950-03-04"}, {"BDAY": "1950-05-04"}),
        ({"BDAY": "1950-03-04", "UID": "1"}, {"BDAY": "1980-03-04", "UID": "2"}),
        ({"BDAY": "1950-03-04", "UID": "1"}, {"BDAY": "1980-03-04", "UID": "1"}),
        ({}, {"N": "Berg;Hans;;;jun."}),
        ({"N": "Berg;Hans;;;sen.", "UID": "1"}, {"N": "Berg;Hans;;;jun.", "UID": "1"}),
    ],
    ids=["year", "month", "uids", "uid", "junior", "uid-of-father-and-son"],
)
def test_one_address_and_name_do_not_fuse_who_contradict_each_other(
    network: Network, bring: Bring, one: dict[str, str], other: dict[str, str]
) -> None:
    cards = [card("Hans Berg", EMAIL=MAIL, **({"N": "Berg;Hans;;;"} | fields)) for fields in (one, other)]
    assert counts(bring(*cards)) == (2, 0, 0, 0)
    assert len(proposed(network)) == 1
    assert counts(bring(*cards)) == (0, 0, 2, 0)


def test_contradiction_to_somebody_who_was_there_makes_a_proposal(network: Network, bring: Bring) -> None:
    there = add_contact(
        network,
        given_name="Hans",
        family_name="Berg",
        birth_year=1950,
        birth_month=3,
        birth_day=4,
        ways=[Way("email", MAIL)],
    )
    son = card("Hans Berg", N="Berg;Hans;;;", EMAIL=MAIL, BDAY="1980-03-04")
    planned = receive(network, name="x.vcf", data=son.encode())
    work_on(planned.pk)
    assert [row.reason for row in planned.rows.all()] == [
        "Looks like Hans Berg, but has another birthday. Compare the two under Duplicates."
    ]
    bring(son)
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.is_certain, pair.state) == (there, False, DuplicatePair.State.OPEN)
    there.refresh_from_db()
    assert there.birth_year == 1950


@pytest.mark.parametrize(
    ("one", "other"),
    [("Marie Cote", "Marie Coté"), ("Anne Pena", "Anne Peña"), ("Jan Novák", "Jan Novak"), ("Ion Rus", "Ion Ruş")],
)
def test_names_that_differ_by_an_accent_are_asked_about(network: Network, bring: Bring, one: str, other: str) -> None:
    assert counts(bring(card(one, EMAIL=MAIL), card(other, EMAIL=MAIL))) == (2, 0, 0, 0)
    assert [pair[:2] for pair in proposed(network)] == [(one, other)]
    assert not open_pairs(network).filter(is_certain=True).exists()


@pytest.mark.parametrize(
    ("one", "other"), [("Jörg Müller", "Joerg Mueller"), ("Jörg Groß", "Jorg Gross"), ("Søren Ærø", "Soeren Aeroe")]
)
def test_umlauts_written_out_are_one_person(network: Network, bring: Bring, one: str, other: str) -> None:
    assert counts(bring(card(one, EMAIL=MAIL), card(other, EMAIL=MAIL))) == (1, 0, 1, 0)


def linkedin(*rows: str) -> bytes:
    header = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"
    return "\r\n".join([header, *rows, ""]).encode()


ANNA = "Anna,Berg,https://www.linkedin.com/in/berg,,Holzbau,Chef,05 Mar 2024"
BEN = "Ben,Berg,https://www.linkedin.com/in/berg,,Holzbau,Chef,05 Mar 2024"


def test_profile_with_another_given_name_is_somebody_else(network: Network) -> None:
    bring_in_now(network, name="Connections.csv", data=linkedin(ANNA))
    assert counts(bring_in_now(network, name="Connections.csv", data=linkedin(BEN))) == (1, 0, 0, 0)
    [(first, second, evidence)] = proposed(network)
    assert (first, second) == ("Anna Berg", "Ben Berg")
    assert {"same_origin", "other_given_name"} <= evidence


@pytest.mark.parametrize(
    "row",
    [
        ANNA.replace("Anna,Berg", "Anna,Tal"),
        ANNA.replace("Anna,Berg", "Anna Maria,Berg"),
        ANNA.replace("Anna,Berg", "A.,Berg"),
        ANNA.replace("Anna,", "Dr. Anna,"),
    ],
    ids=["married", "second-name", "initial", "title"],
)
def test_profile_with_the_name_in_another_form_is_the_same(network: Network, row: str) -> None:
    bring_in_now(network, name="Connections.csv", data=linkedin(ANNA))
    bring_in_now(network, name="Connections.csv", data=linkedin(row))
    assert network.contacts.count() == 1


def test_corrected_birthday_of_one_uid_is_asked_about_once(network: Network, bring: Bring) -> None:
    hans = {"UID": "1", "EMAIL": MAIL, "N": "Berg;Hans;;;"}
    bring(card("Hans Berg", BDAY="1950-03-04", **hans))
    corrected = card("Hans Berg", BDAY="1951-03-04", **hans)
    assert counts(bring(corrected)) == (1, 0, 0, 0)
    more = card("Hans Berg", BDAY="1951-03-04", TEL="+49 221 4710123", **hans)
    assert counts(bring(more)) == (0, 1, 0, 0)
    assert counts(bring(corrected)) == (0, 0, 1, 0)
    assert network.contacts.count() == 2


def test_what_the_member_changed_here_is_no_contradiction(network: Network, bring: Bring) -> None:
    hans = card("Hans Berg", UID="1", N="Berg;Hans;;;", BDAY="1950-03-04")
    bring(hans)
    contact = network.contacts.get()
    edit_contact(network, contact, given_name="Bernd", birth_year=1951)
    assert counts(bring(hans)) == (0, 0, 1, 0)


def test_name_that_two_people_have_belongs_to_neither(network: Network, bring: Bring) -> None:
    for _each in range(2):
        add_contact(network, given_name="Hans", family_name="Berg", ways=[Way("email", MAIL)])
    assert counts(bring(card("Hans Berg", EMAIL=MAIL))) == (1, 0, 0, 0)


def test_uid_of_somebody_deleted_does_not_hide_somebody_else(network: Network, bring: Bring) -> None:
    bring(card("Anna Berg", UID="1"))
    trash_contacts(network, network.contacts.all())
    assert counts(bring(card("Anna Berg", UID="1"), card("Ben Tal", UID="1"))) == (1, 0, 0, 1)
    assert names(network) == ["Ben Tal"]


def two_people(network: Network, **other: object) -> tuple[Contact, Contact]:
    """Add two contacts with the same name and address that the member has marked as different people."""
    fields = {"given_name": "Hans", "family_name": "Berg"}
    first, second = (add_contact(network, **fields | own, ways=[Way("email", MAIL)]) for own in ({}, other))  # type: ignore[arg-type]
    DuplicatePair.objects.create(
        network=network, first=first, second=second, score=0.9, state=DuplicatePair.State.DISTINCT
    )
    return first, second


def exported(network: Network, file_format: str) -> bytes:
    with pieces_of(network, file_format) as pieces:
        return b"".join(pieces)


@pytest.mark.parametrize("file_format", ["json", "vcard4", "vcard3", "csv"])
def test_two_people_come_back_as_two(network: Network, stranger_network: Network, file_format: str) -> None:
    two_people(network, role="Tischler")
    data = exported(network, file_format)
    assert counts(bring_in_now(stranger_network, name="x", data=data)) == (2, 0, 0, 0)
    assert counts(bring_in_now(stranger_network, name="x", data=data)) == (0, 0, 2, 0)
    assert counts(bring_in_now(network, name="x", data=data)) == (0, 0, 2, 0)


def test_decision_comes_back_with_the_two(network: Network, stranger_network: Network) -> None:
    two_people(network)
    bring_in_now(stranger_network, name="x", data=exported(network, "json"))
    refresh(stranger_network)
    assert [pair.state for pair in stranger_network.duplicate_pairs.all()] == [DuplicatePair.State.DISTINCT]


def test_somebody_in_the_trash_comes_back_beside_the_living(network: Network, stranger_network: Network) -> None:
    first, _second = two_people(network)
    trash_contacts(network, [first])
    bring_in_now(stranger_network, name="x", data=exported(network, "json"))
    everybody = stranger_network.contacts(manager="with_trash")
    assert sorted(contact.deleted_at is None for contact in everybody.all()) == [False, True]


def test_two_people_of_an_export_do_not_fuse_with_the_one_who_is_there(
    network: Network, stranger_network: Network
) -> None:
    two_people(network)
    add_contact(stranger_network, given_name="Hans", family_name="Berg", ways=[Way("email", MAIL)])
    assert counts(bring_in_now(stranger_network, name="x", data=exported(network, "json"))) == (1, 0, 1, 0)
    assert stranger_network.contacts.count() == 2


def records(data: bytes) -> Iterator[str]:
    yield from (each["id"] for each in json.loads(data)["contacts"])


def test_identifiers_of_two_people_stay_apart_across_batches(
    network: Network, stranger_network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contacts.importing.running.BATCH", 1)
    first, second = two_people(network)
    data = exported(network, "json")
    assert set(records(data)) == {str(first.uuid), str(second.uuid)}
    assert counts(bring_in_now(stranger_network, name="x", data=data)) == (2, 0, 0, 0)
