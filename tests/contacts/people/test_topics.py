"""What somebody seeks, offers or is interested in."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from contacts.models import Contact, Line, Network
from contacts.people.conversations import hear
from contacts.people.directory import add_contact, trash_contacts
from contacts.people.search import find_contacts
from contacts.people.topics import add_line, change_line, close_line, delete_line, renew_line, reopen_line, restore_line
from contacts.tasks import empty_trash_of_all

TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Network, "today", lambda network: TODAY)


@pytest.fixture
def anna(network: Network) -> Contact:
    return add_contact(network, given_name="Anna")


def test_add_line_renews_an_equal_open_one(network: Network, anna: Contact) -> None:
    add_line(network, contact=anna, kind="seeks", text="an office", day=date(2026, 5, 1))
    add_line(network, contact=anna, kind="seeks", text=" An  office ", day=date(2026, 5, 9))
    assert list(network.lines.values_list("noted_on", "renewed_on")) == [(date(2026, 5, 1), date(2026, 5, 9))]


def test_add_line_without_a_contact_is_an_offer_of_the_members_own(network: Network) -> None:
    assert add_line(network, contact=None, kind="offers", text="Proof-reading").contact is None
    with pytest.raises(ValidationError):
        add_line(network, contact=None, kind="seeks", text="a flat")


def test_add_line_refuses_a_contact_of_another_network(stranger_network: Network, anna: Contact) -> None:
    with pytest.raises(ValidationError):
        add_line(stranger_network, contact=anna, kind="seeks", text="an office")


def test_line_falls_asleep_after_ninety_days_and_wakes_when_renewed(network: Network, anna: Contact) -> None:
    line = add_line(network, contact=anna, kind="seeks", text="an office", day=TODAY - timedelta(days=91))
    assert line.is_asleep(TODAY)
    assert not line.is_asleep(TODAY - timedelta(days=1))
    renew_line(network, line)
    assert (line.is_asleep(TODAY), line.renewed_on) == (False, TODAY)


def test_renew_line_keeps_a_later_confirmation(network: Network, anna: Contact) -> None:
    line = add_line(network, contact=anna, kind="seeks", text="an office")
    renew_line(network, line, day=TODAY - timedelta(days=1))
    assert line.renewed_on is None


def test_close_line_keeps_it_and_reopen_brings_it_back(network: Network, anna: Contact) -> None:
    line = add_line(network, contact=anna, kind="seeks", text="an office")
    close_line(network, line)
    assert network.lines.get().closed_on == TODAY
    reopen_line(network, line)
    assert (network.lines.get().closed_on, network.lines.get().renewed_on) == (None, None)


def test_reopen_line_wakes_one_that_would_be_asleep(network: Network, anna: Contact) -> None:
    line = add_line(network, contact=anna, kind="seeks", text="an office", day=TODAY - timedelta(days=200))
    close_line(network, line)
    assert reopen_line(network, line).renewed_on == TODAY


def test_change_and_delete_line(network: Network, anna: Contact) -> None:
    line = add_line(network, contact=anna, kind="seeks", text="an ofice")
    assert change_line(network, line, text="an office").text == "an office"
    delete_line(network, line)
    assert not network.lines.exists()
    restore_line(network, line)
    assert network.lines.get() == line


def test_change_and_delete_line_follow_in_the_search(network: Network, anna: Contact) -> None:
    talk = hear(network, contact=anna, kind="seeks", text="an ofice", day=TODAY)
    line = network.lines.get()
    found = []
    for act in (lambda: change_line(network, line, text="a barn"), lambda: delete_line(network, line)):
        act()
        talk.refresh_from_db()
        found.append((talk.search_text, find_contacts(network, "barn").exists()))
    restore_line(network, line)
    talk.refresh_from_db()
    found.append((talk.search_text, find_contacts(network, "barn").exists()))
    assert [(text.strip(), known) for text, known in found] == [("a barn", True), ("", False), ("a barn", True)]


def test_deleted_line_leaves_the_trash_after_thirty_days(network: Network, anna: Contact) -> None:
    for age in (29, 31):
        line = add_line(network, contact=anna, kind="seeks", text=f"{age} days")
        delete_line(network, line)
        Line.with_trash.filter(pk=line.pk).update(deleted_at=timezone.now() - timedelta(days=age))
    empty_trash_of_all()
    assert list(Line.with_trash.values_list("text", flat=True)) == ["29 days"]


def test_lines_of_trashed_contacts_do_not_count(network: Network, anna: Contact) -> None:
    add_line(network, contact=anna, kind="seeks", text="an office")
    add_line(network, contact=None, kind="offers", text="Proof-reading")
    trash_contacts(network, [anna])
    assert list(network.lines.values_list("text", flat=True)) == ["Proof-reading"]
