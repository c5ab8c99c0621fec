"""The journal pages: entries, correcting one, deleting, the trash, and moments shared with a contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.erasing.contacts import erase_contacts
from contacts.models import Contact, Conversation, Network
from contacts.people.conversations import hear, log_conversation, trash_conversations
from contacts.people.directory import add_contact, trash_contacts
from contacts.people.topics import add_topic, delete_topic
from favours.journal.writing import edit_favour, trash_favour
from favours.models import Favour
from favours.tasks import empty_trash
from tests.calendar import DAY
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.htmx import HTMX

JOURNAL = "/favours/"


def page_of(client: Client, url: str, headers: dict[str, str] | None = None, **query: object) -> str:
    response = client.get(url, query, headers=headers or {})
    assert response.status_code == 200
    return response.content.decode()


def log_days(network: Network, contact: Contact, count: int) -> None:
    for days in range(count):
        log_favour(
            network,
            direction="give",
            kind="tip",
            day=DAY - timedelta(days=days),
            contacts=[contact],
            note=f"note {days}.",
        )


def notes_on(page: str) -> list[str]:
    return [topic.split(".")[0] for topic in page.split('<p class="told">')[1:]]


def address(name: str, moment: Favour | Conversation | Contact) -> str:
    return reverse(f"favours:{name}", args=[moment.uuid])


def test_journal_is_a_page_and_a_list(alice_client: Client, tip: Favour) -> None:
    page, part = page_of(alice_client, JOURNAL), page_of(alice_client, JOURNAL, HTMX)

    assert ("<html" in page, "<html" in part) == (True, False)
    assert (page.count('class="sentences"'), part.count('class="sentences"')) == (1, 1)


def test_journal_tells_each_entry_with_links(
    alice_client: Client, network: Network, tip: Favour, anna: Contact, ben: Contact
) -> None:
    told = (
        f'You gave <a class="name" href="/contacts/{anna.uuid}/">Anna</a> and '
        f'<a class="name" href="/contacts/{ben.uuid}/">Ben</a> a tip.'
    )
    assert told in page_of(alice_client, JOURNAL)


def test_journal_tells_what_was_passed_on_from_both_ends(
    alice_client: Client, network: Network, tip: Favour, received: Favour
) -> None:
    edit_favour(network, tip, passes_on=received)
    page = page_of(alice_client, JOURNAL)
    assert ("With it you passed on what had come from" in page, "You passed it on to" in page) == (True, True)

    trash_favour(network, received)
    assert "With it you passed on" not in page_of(alice_client, JOURNAL)


def test_journal_tells_what_was_heard(alice_client: Client, network: Network, anna: Contact) -> None:
    hear(network, contact=anna, kind="seeks", text="an office", day=DAY)

    assert "</a> is looking for an office." in page_of(alice_client, JOURNAL)


def test_journal_looks_the_same_for_both_directions(alice_client: Client, network: Network, anna: Contact) -> None:
    """Only the words distinguish giving from receiving: no class, icon or order lets anyone count at a glance."""

    def markup(direction: str) -> list[str]:
        network.favours.all().delete()
        log_favour(network, direction=direction, kind="other", day=DAY, contacts=[anna])
        page = page_of(alice_client, JOURNAL, HTMX)
        return sorted(tag.split(">")[0] for tag in page.split("<") if "href" not in tag)

    assert markup("give") == markup("receive")


def test_journal_shows_no_count_and_no_filter_by_direction(
    alice_client: Client, network: Network, anna: Contact
) -> None:
    log_days(network, anna, 3)
    page = page_of(alice_client, JOURNAL)

    assert "direction" not in page
    assert page_of(alice_client, JOURNAL, q="note", direction="give").count("<time") == 3


def test_journal_filters(alice_client: Client, network: Network, anna: Contact) -> None:
    log_days(network, anna, 3)
    log_conversation(network, day=DAY, contacts=[anna], note="talk.")

    assert notes_on(page_of(alice_client, JOURNAL, q="NOTE 1")) == ["note 1"]
    assert notes_on(page_of(alice_client, JOURNAL, kind="conversation")) == ["talk"]
    assert notes_on(page_of(alice_client, JOURNAL, kind="tip", until=DAY - timedelta(days=2))) == ["note 2"]
    assert notes_on(page_of(alice_client, JOURNAL, kind="nonsense", since="soon")) == [
        "talk",
        "note 0",
        "note 1",
        "note 2",
    ]


def test_journal_scrolls_on(alice_client: Client, network: Network, anna: Contact) -> None:
    log_days(network, anna, 45)
    first = page_of(alice_client, JOURNAL, q="note")
    address_of_next = first.split('hx-get="/favours/?')[1].split('"')[0].replace("&amp;", "&")
    rows = page_of(alice_client, f"{JOURNAL}?{address_of_next}", HTMX)
    whole = page_of(alice_client, f"{JOURNAL}?{address_of_next}")

    assert notes_on(first) + notes_on(rows) == [f"note {days}" for days in range(45)]
    assert notes_on(whole) == notes_on(rows)
    assert (first.count(">Edit</a>"), rows.count(">Edit</a>")) == (40, 5)
    assert (rows.strip()[:4], "<html" in whole, 'class="more"' in rows) == ("<li>", True, False)


def test_journal_is_empty_for_a_stranger(mallory_client: Client, tip: Favour) -> None:
    assert "<time" not in page_of(mallory_client, JOURNAL)


@pytest.mark.parametrize("entries", [1, 3])
def test_journal_needs_a_fixed_number_of_queries(
    alice_client: Client,
    network: Network,
    anna: Contact,
    received: Favour,
    entries: int,
    django_assert_num_queries: Any,
) -> None:
    for number in range(entries):
        log_favour(network, direction="give", kind="tip", contacts=[anna], passes_on=received)
        hear(network, contact=anna, kind="seeks", text=f"oak {number}", day=DAY)

    with django_assert_num_queries(12):
        page_of(alice_client, JOURNAL)


def test_edit_shows_and_saves_all_of_an_entry(
    alice_client: Client, network: Network, tip: Favour, received: Favour, anna: Contact
) -> None:
    page = page_of(alice_client, address("edit", tip))
    assert ("Anna" in page, 'value="2026-05-03"' in page) == (True, True)

    response = alice_client.post(
        address("edit", tip),
        {
            "direction": "give",
            "kind": "advice",
            "day": "2026-05-01",
            "place": "Fair",
            "note": "Oak",
            "contacts": anna.uuid,
            "people": "Zoe",
            "passes_on": received.uuid,
        },
    )

    favour = network.favours.get(pk=tip.pk)
    assert response["Location"] == JOURNAL
    assert (favour.kind, str(favour.day), favour.place, favour.note) == ("advice", "2026-05-01", "Fair", "Oak")
    assert (favour.passes_on, {c.display_name for c in favour.contacts.all()}) == (received, {"Anna", "Zoe"})


def test_edit_offers_what_is_passed_on_however_old_it_is(
    alice_client: Client, network: Network, tip: Favour, received: Favour, ben: Contact
) -> None:
    edit_favour(network, tip, passes_on=received)
    for _number in range(6):
        log_favour(network, direction="receive", kind="tip", contacts=[ben])

    assert f'value="{received.uuid}" checked' in page_of(alice_client, address("edit", tip))


def test_searching_for_help_to_pass_on_changes_nothing_yet(
    alice_client: Client, network: Network, tip: Favour, received: Favour, anna: Contact
) -> None:
    fields = {"direction": "give", "kind": "tip", "day": "2026-05-03", "note": "New words", "contacts": anna.uuid}
    response = alice_client.post(address("edit", tip), fields | {"search": "received", "received": ""})

    assert (response.status_code, "New words" in response.content.decode()) == (200, True)
    assert network.favours.get(pk=tip.pk).note == ""


@pytest.mark.parametrize(
    "wrong", [{"day": "1850-01-01"}, {"day": ""}, {"contacts": []}, {"kind": "bribe"}, {"direction": "owe"}]
)
def test_edit_loses_nothing_when_refused(
    alice_client: Client, network: Network, tip: Favour, anna: Contact, wrong: dict[str, Any]
) -> None:
    fields = {"direction": "give", "kind": "tip", "day": "2026-05-03", "note": "New words", "contacts": [anna.uuid]}
    response = alice_client.post(address("edit", tip), fields | wrong)

    assert (response.status_code, "New words" in response.content.decode()) == (422, True)
    assert network.favours.get().note == ""


def test_edit_of_another_network_or_the_trash_is_not_found(
    alice_client: Client, mallory_client: Client, network: Network, tip: Favour
) -> None:
    assert mallory_client.get(address("edit", tip)).status_code == 404
    trash_favour(network, tip)
    assert alice_client.get(address("edit", tip)).status_code == 404


def test_delete_can_be_undone(alice_client: Client, network: Network, tip: Favour) -> None:
    page = alice_client.post(address("delete", tip), follow=True).content.decode()
    assert (network.favours.count(), f'action="{address("restore", tip)}"' in page) == (0, True)

    alice_client.post(address("restore", tip))
    assert network.favours.get() == tip


def test_delete_knows_conversations_too(alice_client: Client, network: Network, anna: Contact) -> None:
    talk = log_conversation(network, day=DAY, contacts=[anna])

    alice_client.post(address("delete", talk))
    assert network.conversations.count() == 0
    alice_client.post(address("restore", talk))
    assert network.conversations.get() == talk


def test_delete_leads_back_unless_the_page_has_gone(alice_client: Client, network: Network, tip: Favour) -> None:
    def leads(name: str, came_from: str) -> str:
        return alice_client.post(address(name, tip), headers={"Referer": f"http://testserver{came_from}"})["Location"]

    assert leads("delete", address("edit", tip)) == JOURNAL
    assert leads("restore", "/contacts/") == "http://testserver/contacts/"
    response = alice_client.post(address("delete", tip), headers={"Referer": "https://elsewhere.example/"})
    assert response["Location"] == JOURNAL


@pytest.mark.parametrize("name", ["delete", "restore"])
def test_entries_of_others_are_not_found(
    mallory_client: Client, network: Network, tip: Favour, anna: Contact, name: str
) -> None:
    talk = log_conversation(network, day=DAY, contacts=[anna])

    assert [mallory_client.post(address(name, moment)).status_code for moment in (tip, talk)] == [404, 404]
    assert (network.favours.count(), network.conversations.count()) == (1, 1)


@pytest.mark.parametrize("name", ["delete", "restore"])
def test_get_changes_nothing(alice_client: Client, network: Network, tip: Favour, name: str) -> None:
    assert alice_client.get(address(name, tip)).status_code == 405
    assert network.favours.count() == 1


def test_trash_shows_entries_talks_and_people(
    alice_client: Client, mallory_client: Client, network: Network, tip: Favour, ben: Contact
) -> None:
    clara = add_contact(network, given_name="Clara")
    trash_favour(network, tip)
    trash_conversations(network, [log_conversation(network, day=DAY, contacts=[ben])])
    trash_contacts(network, [clara])

    page = page_of(alice_client, "/favours/trash/")
    assert (" a tip." in page, "You talked with" in page, ">Clara<" in page) == (True, True, True)
    page = page_of(mallory_client, "/favours/trash/")
    assert (" a tip." in page, "You talked with" in page, ">Clara<" in page) == (False, False, False)


def test_trash_shows_lines_that_were_deleted_alone(
    alice_client: Client, mallory_client: Client, network: Network, ben: Contact
) -> None:
    delete_topic(network, add_topic(network, contact=ben, kind="seeks", text="a sofa"))
    delete_topic(network, add_topic(network, contact=None, kind="offers", text="proofreading"))
    heard = hear(network, contact=ben, kind="seeks", text="an office", day=DAY)
    trash_conversations(network, [heard])

    topics = [topic.text for topic in alice_client.get("/favours/trash/").context["topics"]]
    assert topics == ["proofreading", "a sofa"]
    assert list(mallory_client.get("/favours/trash/").context["topics"]) == []
    sofa = network.topics(manager="with_trash").get(text="a sofa")
    alice_client.post(reverse("contacts:restore_topic", args=[sofa.uuid]))
    assert [topic.text for topic in network.topics.all()] == ["a sofa"]


def test_trash_restores_people(alice_client: Client, mallory_client: Client, network: Network) -> None:
    clara = add_contact(network, given_name="Clara")
    trash_contacts(network, [clara])

    assert mallory_client.post(address("restore_person", clara)).status_code == 404
    assert alice_client.post(address("restore_person", clara))["Location"] == "/favours/trash/"
    assert network.contacts.get() == clara


@pytest.mark.parametrize("entries", [1, 3])
def test_trash_needs_a_fixed_number_of_queries(
    alice_client: Client, network: Network, anna: Contact, entries: int, django_assert_num_queries: Any
) -> None:
    for _number in range(entries):
        trash_favour(network, log_favour(network, direction="give", kind="tip", contacts=[anna]))
        trash_conversations(network, [log_conversation(network, day=DAY, contacts=[anna])])
        trash_contacts(network, make_people(network, "Clara"))
        delete_topic(network, add_topic(network, contact=anna, kind="seeks", text="a sofa"))

    with django_assert_num_queries(10):
        page_of(alice_client, "/favours/trash/")


def test_empty_trash_erases_what_lay_there_for_30_days(
    network: Network, stranger_network: Network, tip: Favour, received: Favour, strangers_favour: Favour
) -> None:
    for favour, days in ((tip, 31), (received, 29), (strangers_favour, 31)):
        trash_favour(favour.network, favour)
        Favour.with_trash.filter(pk=favour.pk).update(deleted_at=timezone.now() - timedelta(days=days))

    empty_trash()

    assert list(Favour.with_trash.all()) == [received]


def test_shared_moments_are_a_page_and_a_part(
    alice_client: Client, network: Network, tip: Favour, anna: Contact, ben: Contact
) -> None:
    log_conversation(network, day=DAY, contacts=[ben], note="with Ben.")
    page, part = page_of(alice_client, address("moments", anna)), page_of(alice_client, address("moments", anna), HTMX)

    assert ("<html" in page, "<html" in part) == (True, False)
    assert (part.count("<time"), "with Ben" in part) == (1, False)


def test_shared_moments_of_a_stranger_are_not_found(mallory_client: Client, anna: Contact, tip: Favour) -> None:
    assert mallory_client.get(address("moments", anna)).status_code == 404


@pytest.mark.parametrize("entries", [1, 3])
def test_shared_moments_need_a_fixed_number_of_queries(
    alice_client: Client, network: Network, anna: Contact, entries: int, django_assert_num_queries: Any
) -> None:
    log_days(network, anna, entries)

    with django_assert_num_queries(8):
        page_of(alice_client, address("moments", anna), HTMX)


def test_erasing_a_contact_keeps_the_entry_and_repairs_the_shares(
    alice_client: Client, network: Network, tip: Favour, anna: Contact, ben: Contact
) -> None:
    network.refresh_from_db()
    before = network.revision
    erase_contacts(network, [ben])

    network.refresh_from_db()
    assert list(network.participations.values_list("contact", "share")) == [(anna.pk, 1.0)]
    assert (network.revision > before, network.stale_from) == (True, DAY)
    erase_contacts(network, [anna])
    assert "You gave somebody a tip." in page_of(alice_client, JOURNAL)
