"""Reading the journal: order, pages, filters."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from contacts.models import Contact, Network
from contacts.people.conversations import edit_conversation, hear, log_conversation
from contacts.people.directory import add_contact
from favours.journal.moments import Filter, Moment, Position, find_moment, latest_moments, people_of, received_favours
from favours.journal.writing import edit_favour, trash_favour
from favours.models import Favour
from tests.calendar import DAY
from tests.favours.entries import log_favour


def told(moments: list[Moment]) -> list[str]:
    return [moment.note for moment in moments]


def log_notes(network: Network, contact: Contact, *notes: str, **fields: object) -> list[Favour]:
    return [
        log_favour(
            network, **{"direction": "give", "kind": "tip", "day": DAY, "contacts": [contact], "note": note, **fields}
        )
        for note in notes
    ]


@pytest.fixture
def carla(network: Network) -> Contact:
    """A contact to find by name."""
    return add_contact(network, given_name="Carla", family_name="Müller")


def test_latest_moments_mixes_help_and_talks_newest_first(network: Network, anna: Contact) -> None:
    log_notes(network, anna, "first on the day", "second on the day")
    log_notes(network, anna, "older", day=DAY - timedelta(days=1))
    log_conversation(network, day=DAY, contacts=[anna], note="last on the day")
    log_conversation(network, day=DAY + timedelta(days=1), contacts=[anna], note="newest")

    assert told(latest_moments(network).moments) == [
        "newest",
        "last on the day",
        "second on the day",
        "first on the day",
        "older",
    ]


def test_pages_follow_each_other_without_gap_or_repetition(network: Network, anna: Contact) -> None:
    instant = timezone.now()
    for number in range(7):
        log_notes(network, anna, f"help {number}", day=DAY - timedelta(days=number % 3))
        log_conversation(network, day=DAY - timedelta(days=number % 2), contacts=[anna], note=f"talk {number}")
    network.favours.update(created_at=instant)  # As after a bulk import: only the identifiers differ.

    whole = told(latest_moments(network, size=99).moments)
    paged: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = latest_moments(network, cursor=cursor, size=3)
        paged += told(page.moments)
        cursor, pages = page.cursor, pages + 1

    assert (paged, len(paged), pages) == (whole, 14, 5)


def test_unknown_cursor_is_the_first_page(network: Network, tip: Favour) -> None:
    for cursor in ("x", "2026-05-03", "2026-05-03_x_y", "_" * 9):
        assert latest_moments(network, cursor=cursor).moments == [tip]


def test_position_reads_what_it_writes(tip: Favour) -> None:
    assert Position.parse(str(Position.of(tip))) == Position.of(tip)


def test_latest_moments_leaves_out_the_trash_and_other_networks(
    network: Network, tip: Favour, received: Favour, strangers_favour: Favour
) -> None:
    trash_favour(network, tip)

    assert latest_moments(network).moments == [received]


def test_filter_by_text_is_insensitive_to_accents(network: Network, anna: Contact) -> None:
    log_notes(network, anna, "Förderprogramm für Holz", "Something else")

    for text in ("foerderprogramm", "FÖRDER", "holz forder", "programm"):
        assert told(latest_moments(network, Filter(text=text)).moments) == ["Förderprogramm für Holz"]
    assert latest_moments(network, Filter(text="holz else")).moments == []


def test_filter_by_text_looks_at_places_and_names(network: Network, anna: Contact, carla: Contact) -> None:
    log_notes(network, anna, "there", place="Köln")
    log_notes(network, carla, "with Carla")
    log_conversation(network, day=DAY - timedelta(days=1), contacts=[carla], note="talk")

    assert told(latest_moments(network, Filter(text="koeln")).moments) == ["there"]
    assert told(latest_moments(network, Filter(text="mueller")).moments) == ["with Carla", "talk"]


def test_filter_by_text_looks_at_talks_and_what_was_heard_in_them(network: Network, anna: Contact) -> None:
    talk = log_conversation(network, day=DAY, contacts=[anna], note="Über Brücken", place="Köln")
    heard = hear(network, contact=anna, kind="seeks", text="ein Büro", day=DAY)

    for text, moment in (("bruecken", talk), ("ÜBER koeln", talk), ("buero", heard), ("BÜRO", heard)):
        assert latest_moments(network, Filter(text=text)).moments == [moment]
    edit_conversation(network, heard, day=DAY, contacts=[anna], note="Aachen")
    assert latest_moments(network, Filter(text="buro aachen")).moments == [heard]


def test_filter_by_text_follows_an_edit(network: Network, anna: Contact) -> None:
    (favour,) = log_notes(network, anna, "oak")
    edit_favour(network, favour, note="beech")

    assert latest_moments(network, Filter(text="oak")).moments == []
    assert told(latest_moments(network, Filter(text="beech")).moments) == ["beech"]


def test_filter_by_kind(network: Network, anna: Contact) -> None:
    log_notes(network, anna, "tip")
    log_notes(network, anna, "advice received", kind="advice", direction="receive")
    log_conversation(network, day=DAY, contacts=[anna], note="talk")
    hear(network, contact=anna, kind="news", text="news", day=DAY)

    notes = {kind: told(latest_moments(network, Filter(kind=kind)).moments) for kind in ("tip", "advice", "support")}
    assert notes == {"tip": ["tip"], "advice": ["advice received"], "support": []}
    assert told(latest_moments(network, Filter(kind="conversation")).moments) == ["talk"]
    assert told(latest_moments(network, Filter(kind="news")).moments) == ["news"]


def test_filter_by_period_includes_both_days(network: Network, anna: Contact) -> None:
    for days in range(4):
        log_notes(network, anna, str(days), day=DAY + timedelta(days=days))

    wanted = Filter(since=DAY + timedelta(days=1), until=DAY + timedelta(days=2))
    assert told(latest_moments(network, wanted).moments) == ["2", "1"]


def test_filter_by_contact_tells_what_is_shared(network: Network, anna: Contact, ben: Contact) -> None:
    log_notes(network, anna, "Anna")
    log_notes(network, ben, "Ben")
    log_conversation(network, day=DAY, contacts=[anna, ben], note="both")

    assert told(latest_moments(network, Filter(contact=ben)).moments) == ["both", "Ben"]


def test_people_of_leaves_out_the_trash(network: Network, tip: Favour, anna: Contact, ben: Contact) -> None:
    Contact.objects.filter(pk=anna.pk).update(deleted_at=timezone.now())

    (moment,) = latest_moments(network).moments
    assert people_of(moment) == [ben]


def test_find_moment_knows_both_kinds_and_nothing_of_others(
    network: Network, tip: Favour, anna: Contact, strangers_favour: Favour
) -> None:
    talk = log_conversation(network, day=DAY, contacts=[anna])

    found = [find_moment(network, str(key)) for key in (tip.uuid, talk.uuid, strangers_favour.uuid, uuid.uuid4(), "x")]
    assert found == [tip, talk, None, None, None]


def test_received_favours_are_received_and_match(
    network: Network, tip: Favour, received: Favour, strangers_favour: Favour
) -> None:
    edit_favour(network, received, note="Funding")

    assert received_favours(network) == [received]
    assert received_favours(network, "fund") == [received]
    assert received_favours(network, "timber") == []
