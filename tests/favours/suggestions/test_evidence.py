"""The evidence for suggesting somebody: needs, offers, tips, news and silence, read from the rows of one network."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.models import Contact, Network, Reminder
from contacts.people.conversations import hear
from contacts.people.directory import archive_contacts, trash_contacts
from contacts.people.topics import add_topic
from favours.suggestions.rounds import (
    preview,
)
from favours.tips.tip_box import keep_tip
from tests.calendar import MONDAY
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.favours.suggestions.conftest import days, names, told


def test_seek_meets_the_offer_of_another(network: Network, jana: Contact, markus: Contact) -> None:
    made = preview(network, MONDAY)
    assert told(made) == ["Jana is looking for a tax adviser (heard yesterday). Markus offers tax adviser."]
    assert [(each.contact, each.score, each.signals[0].other) for each in made.listed] == [(jana, 60.0, markus)]


def test_role_is_an_implied_offer_and_no_more_than_fair(network: Network) -> None:
    jana, markus = make_people(network, "Jana", "Markus")
    add_topic(network, contact=jana, kind="seeks", text="a tax adviser", day=days(50))
    Contact.objects.filter(pk=markus.pk).update(role="Tax adviser")
    network.mark_texts_changed([markus.pk])
    made = preview(network, MONDAY)
    assert told(made) == [
        "Jana is looking for a tax adviser (heard 15 March). Markus might be the one to ask: Tax adviser."
    ]
    assert made.listed[0].score == 42.0


def test_own_offer_and_kept_tip_meet_a_seek(network: Network, jana: Contact) -> None:
    add_topic(network, contact=None, kind="offers", text="tax adviser", day=days(1))
    assert told(preview(network, MONDAY)) == [
        "Jana is looking for a tax adviser (heard yesterday). You offer that yourself: tax adviser."
    ]
    network.topics.filter(contact=None).delete()
    network.mark_texts_changed([])
    network.tip_box_items.create(text="The tax adviser Holm takes new clients.", kept_on=days(1))
    assert told(preview(network, MONDAY)) == [
        "Jana is looking for a tax adviser (heard yesterday). In your tip box: The tax adviser Holm takes new clients."
    ]


def test_kept_tip_meets_an_interest(network: Network) -> None:
    (anna,) = make_people(network, "Anna")
    add_topic(network, contact=anna, kind="interest", text="timber construction", day=days(400))
    network.tip_box_items.create(text="timber construction", kept_on=days(1))
    assert told(preview(network, MONDAY)) == [
        "Anna is interested in timber construction. In your tip box: timber construction."
    ]


def test_new_tip_finds_a_seek_that_lies_asleep(network: Network) -> None:
    (anna,) = make_people(network, "Anna")
    add_topic(network, contact=anna, kind="seeks", text="a violin teacher", day=days(120))
    assert names(preview(network, MONDAY)) == []
    network.tip_box_items.create(text="violin teacher", kept_on=days(2))
    assert told(preview(network, MONDAY)) == [
        "Anna was looking for a violin teacher in January. In your tip box: violin teacher."
    ]


def test_news_and_what_lies_ahead_are_told(network: Network) -> None:
    anna, ben, clara = make_people(network, "Anna", "Ben", "Clara")
    hear(network, contact=anna, kind="news", text="moving to Graz", day=days(16))
    hear(network, contact=ben, kind="news", text="The new job starts.", day=MONDAY + timedelta(days=7))
    Reminder.objects.create(network=network, contact=clara, kind="once", text="Opening of her studio", due_on=MONDAY)
    assert sorted(told(preview(network, MONDAY))) == [
        "Ben, 11 May: The new job starts.",
        "Clara, today: Opening of her studio.",
        "You noted about Anna (18 April): moving to Graz.",
    ]


def test_quiet_asks_what_became_of_what_was_heard_last(network: Network) -> None:
    (eva,) = make_people(network, "Eva")
    hear(network, contact=eva, kind="news", text="writing a book", day=date(2023, 4, 1))
    assert told(preview(network, MONDAY)) == ["Eva, 2023: “writing a book”. What became of it?"]


def test_quiet_draws_on_people_known_by_more_than_an_import(network: Network) -> None:
    make_people(network, "Imported", connected_on=date(2020, 1, 1))
    make_people(network, "Tapped", connected_on=date(2021, 1, 1), would_call=True)
    assert told(preview(network, MONDAY)) == ["You and Tapped have not been in touch since 2021. How are things there?"]


def test_cold_start_has_three_suggestions(network: Network) -> None:
    """All there is: contacts imported from LinkedIn, twenty names ticked, three needs heard."""
    people = make_people(network, *(f"Person {number}" for number in range(60)), connected_on=date(2025, 10, 1))
    Contact.objects.filter(pk__in=[person.pk for person in people[:20]]).update(would_call=True)
    for person, need in zip(people, ["an office", "a carpenter", "a violin teacher"], strict=False):
        hear(network, contact=person, kind="seeks", text=need, day=days(4))
    assert len(preview(network, MONDAY).listed) >= 3


def test_people_put_away_are_never_suggested(network: Network) -> None:
    archived, trashed, dead, there = make_people(network, "Archived", "Trashed", "Dead", "There")
    for person in (archived, trashed, dead, there):
        add_topic(network, contact=person, kind="seeks", text="an office", day=days(1))
    archive_contacts(network, [archived])
    trash_contacts(network, [trashed])
    Contact.objects.filter(pk=dead.pk).update(has_died=True)
    assert names(preview(network, MONDAY)) == ["There"]


def test_day_in_the_past_knows_nothing_of_what_came_later(network: Network, jana: Contact) -> None:
    log_favour(network, direction="receive", kind="tip", contacts=[jana], day=MONDAY + timedelta(days=3))
    hear(network, contact=jana, kind="seeks", text="an office", day=MONDAY + timedelta(days=3))
    assert told(preview(network, MONDAY)) == ["Jana has been looking for a tax adviser since yesterday."]


def test_strangers_rows_are_never_read(network: Network, stranger_network: Network, jana: Contact) -> None:
    (eve,) = make_people(stranger_network, "Eve", role="Tax adviser")
    add_topic(stranger_network, contact=eve, kind="seeks", text="a tax adviser", day=days(1))
    assert names(preview(network, MONDAY)) == ["Jana"]
    assert preview(network, MONDAY).listed[0].signals[0].other is None


def test_queries_do_not_grow_with_the_network(network: Network) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            preview(network, MONDAY)
        return len(captured)

    for round_ in range(2):
        for person in make_people(network, *(f"Person {round_} {number}" for number in range(8 * (1 + 3 * round_)))):
            hear(network, contact=person, kind="seeks", text=f"an office in {person}", day=days(1))
            add_topic(network, contact=person, kind="offers", text=f"something {person}", day=days(1))
        keep_tip(network, f"office {round_}")
        if round_ == 0:
            preview(network, MONDAY)
            few = queries()
    preview(network, MONDAY)  # Many changes cause the text index to be rebuilt.
    assert queries() == few
