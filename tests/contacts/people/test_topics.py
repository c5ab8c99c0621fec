"""Topics that people seek, offer or are interested in."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Contact, Network, Topic
from contacts.people.conversations import hear
from contacts.people.directory import trash_contacts
from contacts.people.search import find_contacts
from contacts.people.topics import (
    add_topic,
    change_topic,
    close_topic,
    delete_topic,
    renew_topic,
    reopen_topic,
    restore_topic,
)
from contacts.tasks import empty_trash_of_all

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Network, "today", lambda network: TODAY)


def test_add_line_renews_an_equal_open_one(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="seeks", text="an office", day=date(2026, 5, 1))
    add_topic(network, contact=anna, kind="seeks", text=" An  office ", day=date(2026, 5, 9))
    assert list(network.topics.values_list("noted_on", "renewed_on")) == [(date(2026, 5, 1), date(2026, 5, 9))]


def test_topic_without_a_contact_is_an_offer_or_an_ask_of_the_members_own(network: Network) -> None:
    assert add_topic(network, contact=None, kind="offers", text="Proof-reading").contact is None
    assert add_topic(network, contact=None, kind="seeks", text="a flat").contact is None
    with pytest.raises(ValidationError):
        add_topic(network, contact=None, kind="interest", text="chess")


def test_add_line_refuses_a_contact_of_another_network(stranger_network: Network, anna: Contact) -> None:
    with pytest.raises(ValidationError):
        add_topic(stranger_network, contact=anna, kind="seeks", text="an office")


def test_line_falls_asleep_after_ninety_days_and_wakes_when_renewed(network: Network, anna: Contact) -> None:
    topic = add_topic(network, contact=anna, kind="seeks", text="an office", day=TODAY - timedelta(days=91))
    assert topic.is_asleep(TODAY)
    assert not topic.is_asleep(TODAY - timedelta(days=1))
    renew_topic(network, topic)
    assert (topic.is_asleep(TODAY), topic.renewed_on) == (False, TODAY)


def test_renew_line_keeps_a_later_confirmation(network: Network, anna: Contact) -> None:
    topic = add_topic(network, contact=anna, kind="seeks", text="an office")
    renew_topic(network, topic, day=TODAY - timedelta(days=1))
    assert topic.renewed_on is None


def test_close_line_keeps_it_and_reopen_brings_it_back(network: Network, anna: Contact) -> None:
    topic = add_topic(network, contact=anna, kind="seeks", text="an office")
    close_topic(network, topic)
    assert network.topics.get().closed_on == TODAY
    reopen_topic(network, topic)
    assert (network.topics.get().closed_on, network.topics.get().renewed_on) == (None, None)


def test_reopen_line_wakes_one_that_would_be_asleep(network: Network, anna: Contact) -> None:
    topic = add_topic(network, contact=anna, kind="seeks", text="an office", day=TODAY - timedelta(days=200))
    close_topic(network, topic)
    assert reopen_topic(network, topic).renewed_on == TODAY


def test_change_and_delete_line(network: Network, anna: Contact) -> None:
    topic = add_topic(network, contact=anna, kind="seeks", text="an ofice")
    assert change_topic(network, topic, text="an office").text == "an office"
    delete_topic(network, topic)
    assert not network.topics.exists()
    restore_topic(network, topic)
    assert network.topics.get() == topic


def test_change_and_delete_line_follow_in_the_search(network: Network, anna: Contact) -> None:
    talk = hear(network, contact=anna, kind="seeks", text="an ofice", day=TODAY)
    topic = network.topics.get()
    found = []
    for act in (lambda: change_topic(network, topic, text="a barn"), lambda: delete_topic(network, topic)):
        act()
        talk.refresh_from_db()
        found.append((talk.search_text, find_contacts(network, "barn").exists()))
    restore_topic(network, topic)
    talk.refresh_from_db()
    found.append((talk.search_text, find_contacts(network, "barn").exists()))
    assert [(text.strip(), known) for text, known in found] == [("a barn", True), ("", False), ("a barn", True)]


def test_deleted_line_leaves_the_trash_after_thirty_days(network: Network, anna: Contact) -> None:
    for age in (29, 31):
        topic = add_topic(network, contact=anna, kind="seeks", text=f"{age} days")
        delete_topic(network, topic)
        Topic.with_trash.filter(pk=topic.pk).update(deleted_at=timezone.now() - timedelta(days=age))
    empty_trash_of_all()
    assert list(Topic.with_trash.values_list("text", flat=True)) == ["29 days"]


def test_lines_of_trashed_contacts_do_not_count(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="seeks", text="an office")
    add_topic(network, contact=None, kind="offers", text="Proof-reading")
    trash_contacts(network, [anna])
    assert list(network.topics.values_list("text", flat=True)) == ["Proof-reading"]
