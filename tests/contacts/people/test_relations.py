"""Related people: recorded on one contact, shown on both; and their pages."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from contacts.erasing.contacts import erase_contacts
from contacts.models import Contact, Network, Relation
from contacts.people.directory import add_contact, trash_contacts
from contacts.people.relations import add_relation, related_people
from tests.htmx import HTMX


def told(network: Network, contact: Contact) -> list[tuple[str, str]]:
    return [(person.label, person.name) for person in related_people(network, contact)]


@pytest.mark.parametrize(
    ("label", "there", "back"),
    [
        ("child", "child", "parent"),
        ("mother", "mother", "child"),
        ("spouse", "husband or wife", "husband or wife"),
        ("manager", "manager", "related person"),
        ("Sailing mate", "Sailing mate", "related person"),
        ("", "related person", "related person"),
    ],
)
def test_relation_is_told_on_both_pages(
    network: Network, anna: Contact, ben: Contact, label: str, there: str, back: str
) -> None:
    add_relation(network, anna, label=label, other=ben)
    assert (told(network, anna), told(network, ben)) == ([(there, "Ben")], [(back, "Anna")])


def test_relation_noted_on_both_is_told_once(network: Network, anna: Contact, ben: Contact) -> None:
    for _time in range(2):
        add_relation(network, anna, label="child", other=ben)
    add_relation(network, ben, label="parent", other=anna)
    assert (told(network, anna), told(network, ben)) == ([("child", "Ben")], [("parent", "Anna")])


def test_relation_with_a_name_alone(network: Network, anna: Contact) -> None:
    for _time in range(2):
        add_relation(network, anna, label="child", name=" Mia  Berg ")
    assert told(network, anna) == [("child", "Mia Berg")]
    with pytest.raises(ValidationError):
        add_relation(network, anna, label="child", name=" ")


def test_nobody_is_related_to_themselves_or_to_a_stranger(
    network: Network, stranger_network: Network, anna: Contact
) -> None:
    for other in (anna, add_contact(stranger_network, given_name="Eve")):
        with pytest.raises(ValidationError):
            add_relation(network, anna, label="friend", other=other)
    assert not Relation.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"name": "Mia", "is_with_ben": True}, {"is_with_anna": True}])
def test_database_refuses_what_is_no_relation(
    network: Network, anna: Contact, ben: Contact, fields: dict[str, object]
) -> None:
    other = ben if fields.pop("is_with_ben", False) else anna if fields.pop("is_with_anna", False) else None
    with pytest.raises(IntegrityError), transaction.atomic():
        Relation.objects.create(network=network, contact=anna, other=other, **fields)


def test_relation_hides_with_the_trash_and_goes_with_either(network: Network, anna: Contact, ben: Contact) -> None:
    add_relation(network, anna, label="friend", other=ben)
    trash_contacts(network, [ben])
    assert told(network, anna) == []
    erase_contacts(network, [ben])
    assert not Relation.objects.exists()


# Pages


def url(name: str, contact: Contact, *more: object) -> str:
    return reverse(f"contacts:{name}", args=[contact.uuid, *more])


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_page_notes_contacts_and_names_and_tells_them_in_a_sentence(
    alice_client: Client, network: Network, anna: Contact, ben: Contact, headers: dict[str, str]
) -> None:
    data = {"label": "child", "contacts": str(ben.uuid), "new_people": "Mia"}
    response = alice_client.post(url("add_relation", anna), data, headers=headers)
    assert (response.status_code, "<html" in response.text) == (200 if headers else 302, False)
    page = alice_client.get(anna.get_absolute_url()).text
    sentence = re.sub(r"<[^>]+>", "", re.search(r'(?s)<p class="related">(.*?)</p>', page)[1])  # type: ignore[index]
    assert " ".join(sentence.split()) == "Child: Ben, Mia."
    assert network.contacts.count() == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    "data", [{}, {"label": "child"}, {"label": "nonsense", "new_people": "Mia"}, {"contacts": "x"}]
)
def test_page_refuses_nobody(
    alice_client: Client, network: Network, anna: Contact, data: dict[str, str], headers: dict[str, str]
) -> None:
    response = alice_client.post(url("add_relation", anna), data, headers=headers)
    assert (response.status_code, "<html" in response.text) == (422, not headers)
    assert not network.relations.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("on", ["Anna", "Ben"])
def test_page_removes_a_relation_from_either_side(
    alice_client: Client, network: Network, anna: Contact, ben: Contact, headers: dict[str, str], on: str
) -> None:
    relation = add_relation(network, anna, label="friend", other=ben)
    contact = anna if on == "Anna" else ben
    response = alice_client.post(url("remove_relation", contact, relation.uuid), headers=headers)
    assert (response.status_code, "<html" in response.text) == (200 if headers else 302, False)
    assert not network.relations.exists()


def test_strangers_relation_is_not_found(
    alice_client: Client, mallory_client: Client, stranger_network: Network, network: Network, anna: Contact
) -> None:
    relation = add_relation(network, anna, label="child", name="Mia")
    eve = add_contact(stranger_network, given_name="Eve")
    for contact in (anna, eve):
        assert mallory_client.post(url("remove_relation", contact, relation.uuid)).status_code == 404
    assert mallory_client.post(url("add_relation", anna), {"new_people": "Mia"}).status_code == 404
    assert network.relations.count() == 1
