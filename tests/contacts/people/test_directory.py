"""Adding, editing, trashing, restoring and erasing contacts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contacts.cards import Way
from contacts.erasing.contacts import empty_trash, erase_contacts
from contacts.models import Contact, Conversation, ImportSource, Network, SearchWord, Topic, WayToReach
from contacts.people.conversations import log_conversation
from contacts.people.directory import (
    add_contact,
    add_contacts,
    archive_contacts,
    edit_contact,
    restore_contacts,
    trash_contacts,
    unarchive_contacts,
)
from contacts.people.person import Person
from contacts.people.search import find_contacts
from contacts.signals import contacts_erasing, network_changed
from contacts.tasks import empty_trash_of_all
from tests.calendar import DAY
from tests.elsewhere import logged_here


def names(network: Network) -> list[str]:
    return list(network.contacts.order_by("display_name").values_list("display_name", flat=True))


def test_add_contact_composes_and_sorts_the_name(network: Network) -> None:
    anna = add_contact(network, prefix="Dr.", given_name=" Anna\u202e ", family_name="von  Müller", suffix="MdB")
    assert (anna.display_name, anna.sort_name) == ("Dr. Anna von Müller, MdB", "muller anna")


def test_add_contact_takes_ways_and_circles_once(network: Network) -> None:
    anna = add_contact(
        network,
        given_name="Anna",
        ways=[Way("email", "anna@example.org", "work"), Way("email", "ANNA@example.org"), Way("phone", " ")],
        circles=["Choir", "choir", ""],
    )
    assert list(anna.ways.values_list("value", "label")) == [("anna@example.org", "work")]
    assert list(anna.circles.values_list("name", flat=True)) == ["Choir"]


def test_add_contact_refuses_somebody_without_any_name(network: Network) -> None:
    with pytest.raises(ValidationError) as refusal:
        add_contact(network, city="Köln")
    assert list(refusal.value.error_dict) == ["display_name"]
    assert names(network) == []


def test_add_contacts_keeps_everything_of_a_draft(network: Network) -> None:
    drafts = [
        Person.of(
            {"given_name": "Anna"},
            ways=[Way("email", "a@example.org")],
            circles=["Choir"],
            topics=[("seeks", "an office")],
        ),
        Person.of({"display_name": "Meyer GmbH", "is_organisation": True}, circles=["Choir", "Clients"]),
    ]
    anna, meyer = add_contacts(network, drafts)
    assert list(anna.ways.values_list("normalised", flat=True)) == ["a@example.org"]
    assert list(anna.topics.values_list("kind", "text")) == [("seeks", "an office")]
    assert list(meyer.circles.values_list("name", flat=True)) == ["Choir", "Clients"]
    assert list(find_contacts(network, "office")) == [anna]


def test_add_contacts_costs_the_same_queries_for_many(network: Network) -> None:
    def queries(area: int, count: int) -> int:
        drafts = [
            Person.of(
                {"given_name": f"A{number}"}, ways=[Way("phone", f"0221 {area}{number:04}")], circles=[f"Circle {area}"]
            )
            for number in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            add_contacts(network, drafts)
        return len(captured)

    assert queries(55, 20) == queries(66, 1)


def test_add_contacts_adds_all_or_none(network: Network) -> None:
    with pytest.raises(ValidationError):
        add_contacts(network, [Person({"given_name": "Anna"}), Person({"birth_year": 1990})])
    assert names(network) == []


def test_edit_contact_lets_a_composed_name_follow(network: Network) -> None:
    anna = add_contact(network, given_name="Anna", family_name="Berg")
    edit_contact(network, anna, family_name="Tal")
    assert (anna.display_name, anna.sort_name) == ("Anna Tal", "tal anna")


def test_edit_contact_keeps_a_name_of_its_own(network: Network) -> None:
    anna = add_contact(network, given_name="Anna", family_name="Berg", display_name="Änni")
    edit_contact(network, anna, family_name="Tal")
    assert anna.display_name == "Änni"


@pytest.mark.parametrize("birthday", [{"birth_day": 31, "birth_month": 4}, {"birth_year": 1990}, {"birth_day": 1}])
def test_edit_contact_refuses_a_birthday_that_is_none(network: Network, birthday: dict[str, int]) -> None:
    anna = add_contact(network, given_name="Anna")
    with pytest.raises(ValidationError):
        edit_contact(network, anna, **birthday)


def test_archive_contacts_keeps_them_among_the_contacts(network: Network) -> None:
    anna = add_contact(network, given_name="Anna")
    instant = archive_contacts(network, [anna])
    assert network.contacts.get().archived_at == instant
    unarchive_contacts(network, [anna])
    assert network.contacts.get().archived_at is None


def test_trash_contacts_hides_them_until_they_are_restored(network: Network) -> None:
    anna, ben = add_contact(network, given_name="Anna"), add_contact(network, given_name="Ben")
    instant = trash_contacts(network, [anna])
    assert names(network) == ["Ben"]
    assert list(network.contacts(manager="with_trash").filter(deleted_at=instant)) == [anna]
    restore_contacts(network, [anna])
    assert names(network) == ["Anna", "Ben"]
    assert list(find_contacts(network, "anna")) == [anna]
    assert ben.deleted_at is None


def test_strangers_contacts_stay_untouched(network: Network, stranger_network: Network) -> None:
    anna = add_contact(network, given_name="Anna")
    trash_contacts(stranger_network, [anna])
    archive_contacts(stranger_network, [anna])
    erase_contacts(stranger_network, [anna])
    anna.refresh_from_db()
    assert (anna.deleted_at, anna.archived_at) == (None, None)


def test_erase_contacts_removes_what_hangs_on_them(network: Network) -> None:
    draft = Person.of(
        {"given_name": "Anna"},
        ways=[Way("email", "a@example.org")],
        circles=["Choir"],
        topics=[("seeks", "an office")],
    )
    anna = add_contacts(network, [draft])[0]
    ben = add_contact(network, given_name="Ben")
    ImportSource.objects.create(network=network, contact=anna, format="vcard", key="k")
    log_conversation(network, day=DAY, contacts=[anna], note="alone")
    log_conversation(network, day=DAY, contacts=[anna, ben], note="together")
    erase_contacts(network, [anna])
    assert names(network) == ["Ben"]
    assert (Topic.with_trash.count(), WayToReach.objects.count()) == (0, 0)
    assert set(SearchWord.objects.values_list("word", flat=True)) == {"ben"}
    assert list(Conversation.with_trash.values_list("note", flat=True)) == ["together"]
    assert list(network.import_sources.values_list("contact", "key")) == [(None, "k")]


def test_erase_contacts_announces_it_before_and_after(network: Network) -> None:
    heard: list[tuple[str, list[int], bool]] = []

    def before(contact_ids: list[int], **_signal: object) -> None:
        heard.append(("erasing", contact_ids, Contact.objects.exists()))

    def after(contact_ids: list[int], **_signal: object) -> None:
        heard.append(("changed", contact_ids, Contact.objects.exists()))

    anna = add_contact(network, given_name="Anna")
    pk = anna.pk
    contacts_erasing.connect(before)
    network_changed.connect(after)
    try:
        erase_contacts(network, [anna])
    finally:
        contacts_erasing.disconnect(before)
        network_changed.disconnect(after)
    assert heard == [("erasing", [pk], True), ("changed", [pk], False)]


def test_empty_trash_erases_after_thirty_days(network: Network) -> None:
    anna, ben = add_contact(network, given_name="Anna"), add_contact(network, given_name="Ben")
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    for contact, age in ((anna, timedelta(days=30)), (ben, timedelta(days=29, hours=23))):
        trash_contacts(network, [contact])
        Contact.with_trash.filter(pk=contact.pk).update(deleted_at=now - age)
    empty_trash(network, now)
    assert list(Contact.with_trash.values_list("display_name", flat=True)) == ["Ben"]


def test_empty_trash_of_all_visits_every_network(network: Network, stranger_network: Network) -> None:
    for owner in (network, stranger_network):
        trash_contacts(owner, [add_contact(owner, given_name="Anna")])
    Contact.with_trash.update(deleted_at=timezone.now() - timedelta(days=31))
    empty_trash_of_all()
    assert not Contact.with_trash.exists()


def test_empty_trash_of_all_goes_on_after_a_network_that_fails(
    network: Network, stranger_network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    for owner in (network, stranger_network):
        trash_contacts(owner, [add_contact(owner, given_name="Anna")])
    Contact.with_trash.update(deleted_at=timezone.now() - timedelta(days=31))

    def refuse(network: Network, **_signal: Any) -> None:
        if network.pk == min(owners):
            raise OSError

    owners = {network.pk, stranger_network.pk}
    contacts_erasing.connect(refuse)
    try:
        empty_trash_of_all()
    finally:
        contacts_erasing.disconnect(refuse)
    assert set(Contact.with_trash.values_list("network", flat=True)) == {min(owners)}
    assert [record.levelname for record in logged_here(caplog)] == ["ERROR"]
