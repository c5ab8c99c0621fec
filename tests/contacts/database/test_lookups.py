"""Looking up many values at once."""

import uuid

import pytest
from django.db import connection
from django.db.models import QuerySet

from contacts.cards import Way
from contacts.models import Contact, Network
from contacts.people.circles import circles_by_name
from contacts.people.directory import add_contacts
from contacts.people.person import Person

MANY = 1500
"""Number of values to look up: more than SQLite's lowest limit on parameters."""


@pytest.fixture
def people(network: Network) -> list[Contact]:
    drafts = (
        Person.of({"given_name": f"Anna{number}"}, ways=[Way("email", f"a{number}@example.org")], circles=["Fair"])
        for number in range(MANY)
    )
    return add_contacts(network, drafts)


def shown(contacts: QuerySet[Contact]) -> set[str]:
    return set(contacts.values_list("display_name", flat=True))


def test_among_finds_by_number_text_identifier_and_reference(network: Network, people: list[Contact]) -> None:
    wanted = people[1:]
    names = {person.display_name for person in wanted}
    emails = [f"a{number}@example.org" for number in range(1, MANY)]
    ways = network.ways_to_reach.all()
    assert shown(network.contacts.filter(pk__among=[person.pk for person in wanted])) == names
    assert shown(network.contacts.filter(uuid__among=(person.uuid for person in wanted))) == names
    assert ways.filter(contact__among={person.pk for person in wanted}).count() == MANY - 1
    assert ways.filter(normalised__among=emails).count() == MANY - 1


@pytest.mark.usefixtures("people")
def test_among_nothing_finds_nobody_without_a_query(network: Network, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert shown(network.contacts.filter(pk__among=[])) == set()
        assert shown(network.contacts.filter(uuid__among=[])) == set()
        assert network.ways_to_reach.filter(normalised__among=[]).count() == 0
        assert network.ways_to_reach.filter(contact__among=iter(())).update(label="") == 0


@pytest.mark.usefixtures("people")
def test_among_takes_texts_with_any_character(network: Network) -> None:
    names = ['O\'Brien "the {1,2}"', "a\\b", "100 %s", "ü, ö", ""]
    circles = circles_by_name(network, names)
    assert set(network.circles.filter(name__among=names).values_list("name", flat=True)) == set(circles)


def test_among_is_one_query(network: Network, people: list[Contact], django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert len(network.contacts.filter(pk__among=[person.pk for person in people])) == MANY


@pytest.mark.parametrize(
    ("column", "index", "search"),
    [
        ("uuid", "contacts_contact_uuid_key", "SEARCH contacts_contact USING INDEX sqlite_autoindex"),
        ("pk", "contacts_contact_pkey", "SEARCH contacts_contact USING INTEGER PRIMARY KEY"),
    ],
)
def test_among_is_answered_from_the_index(
    network: Network, people: list[Contact], column: str, index: str, search: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    values: list[uuid.UUID | int] = [getattr(person, column) for person in people[:5]]
    plan = network.contacts(manager="with_trash").filter(**{f"{column}__among": values}).explain()
    assert (index if connection.vendor == "postgresql" else search) in plan, plan
