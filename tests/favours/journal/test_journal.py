"""The journal's domain functions: what is stored when help is logged, corrected, trashed and restored."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Contact, Network
from favours.journal import writing as journal
from favours.journal.writing import (
    Entry,
    edit_favour,
    erase_trash,
    log_favours,
    repair_shares,
    restore_favour,
    trash_favour,
)
from favours.models import Favour, Participation
from tests.calendar import DAY
from tests.examples import examples
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour


def copies(network: Network) -> list[tuple[str, str, date, str, float, bool]]:
    """Return the values stored on the participations, with the favour and the contact."""
    return sorted(
        (str(p.favour_id), p.contact.display_name, p.day, p.direction, p.share, p.is_active)
        for p in network.participations.select_related("contact")
    )


def expected_copies(network: Network) -> list[tuple[str, str, date, str, float, bool]]:
    """Return the same values as derived from the favours."""
    return sorted(
        (str(f.pk), c.display_name, f.day, f.direction, 1 / len(people), f.deleted_at is None)
        for f in network.favours(manager="with_trash").all()
        for people in [list(Contact.with_trash.filter(participations__favour=f))]
        for c in people
    )


def test_log_favour_stores_entry_and_participations(network: Network, anna: Contact, ben: Contact) -> None:
    favour = log_favour(
        network,
        direction="give",
        kind="introduction",
        day=DAY,
        contacts=[anna, ben, anna],
        place=" IHK evening ",
        note=" Timber ",
    )

    stored = network.favours.get()
    assert (stored.pk, stored.direction, stored.kind, stored.day) == (favour.pk, "give", "introduction", DAY)
    assert (stored.place, stored.note) == ("IHK evening", "Timber")
    assert copies(network) == [
        (str(favour.pk), "Anna", DAY, "give", 0.5, True),
        (str(favour.pk), "Ben", DAY, "give", 0.5, True),
    ]


def test_log_favour_without_day_takes_members_today(network: Network, anna: Contact) -> None:
    assert log_favour(network, direction="give", kind="tip", contacts=[anna]).day == network.today()


def test_log_favour_touches_contacts(network: Network, anna: Contact) -> None:
    log_favour(network, direction="receive", kind="tip", day=DAY, contacts=[anna])
    log_favour(network, direction="receive", kind="tip", day=DAY - timedelta(days=3), contacts=[anna])

    anna.refresh_from_db()
    assert anna.last_contact_on == DAY


def test_log_favour_marks_network_as_changed(network: Network, anna: Contact) -> None:
    log_favour(network, direction="give", kind="tip", day=DAY, contacts=[anna])
    log_favour(network, direction="give", kind="tip", day=DAY + timedelta(days=1), contacts=[anna])

    network.refresh_from_db()
    assert (network.revision, network.stale_from) == (2, DAY)


def test_log_favour_hints_after_commit(
    network: Network,
    anna: Contact,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hints: list[tuple[str, int]] = []
    monkeypatch.setattr(journal, "hint", lambda task, *, network_id: hints.append((task, network_id)))

    log_favour(network, direction="give", kind="tip", contacts=[anna])

    assert hints == [("favours.recompute_summary", network.pk)]


def test_log_favour_again_with_same_client_key_changes_nothing(network: Network, anna: Contact, ben: Contact) -> None:
    key = uuid.uuid4()
    first = log_favour(network, direction="give", kind="tip", contacts=[anna], client_key=key)
    second = log_favour(network, direction="receive", kind="advice", contacts=[ben], client_key=key)

    network.refresh_from_db()
    assert (second.pk, second.direction, network.favours.count(), network.revision) == (first.pk, "give", 1, 1)


def test_log_favour_that_lost_race_returns_winner(network: Network, anna: Contact) -> None:
    """Both requests look before either has stored anything, and the database rejects the second one."""
    key = uuid.uuid4()
    winner = log_favour(network, direction="give", kind="tip", contacts=[anna], client_key=key)
    looks = []

    def too_early(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("SELECT") and '"client_key" ' in sql.partition("WHERE")[2]:
            looks.append(sql)
            sql += " LIMIT 0" if len(looks) == 1 else ""
        return execute(sql, *rest)

    with connection.execute_wrapper(too_early):
        assert log_favour(network, direction="give", kind="tip", contacts=[anna], client_key=key) == winner
    assert (len(looks), network.participations.count()) == (2, 1)


def test_log_favour_passes_on_other_integrity_errors(network: Network, anna: Contact) -> None:
    def refuse(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith(f'INSERT INTO "{Participation._meta.db_table}"'):
            raise IntegrityError
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse), pytest.raises(IntegrityError):
        log_favour(network, direction="give", kind="tip", contacts=[anna])
    assert network.favours.count() == 0


def test_client_key_of_another_network_is_free(
    network: Network, stranger_network: Network, anna: Contact, strangers_eve: Contact
) -> None:
    key = uuid.uuid4()
    hers = log_favour(stranger_network, direction="give", kind="tip", contacts=[strangers_eve], client_key=key)
    mine = log_favour(network, direction="give", kind="tip", contacts=[anna], client_key=key)

    assert (mine.network, hers.network) == (network, stranger_network)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"day": date(1899, 12, 31)}, "day"),
        ({"day": date(2199, 1, 1)}, "day"),
        ({"kind": "bribe"}, "kind"),
        ({"direction": "owe"}, "direction"),
        ({"contacts": []}, "contacts"),
        ({"place": "x" * 301}, "place"),
    ],
)
def test_log_favour_refuses(network: Network, anna: Contact, fields: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        log_favour(network, **{"direction": "give", "kind": "tip", "contacts": [anna], **fields})

    assert list(refusal.value.message_dict) == [field]
    assert network.favours.count() == 0


def test_log_favour_refuses_people_of_another_network(network: Network, anna: Contact, strangers_eve: Contact) -> None:
    with pytest.raises(ValidationError):
        log_favour(network, direction="give", kind="tip", contacts=[anna, strangers_eve])


def test_log_favour_passes_on_help_received(network: Network, anna: Contact, received: Favour) -> None:
    favour = log_favour(network, direction="give", kind="tip", contacts=[anna], passes_on=received)

    assert network.favours.get(pk=favour.pk).passes_on == received


def test_log_favour_passes_on_nothing_else(
    network: Network, anna: Contact, tip: Favour, received: Favour, strangers_favour: Favour
) -> None:
    def refused(direction: str, passes_on: Favour) -> bool:
        try:
            log_favour(network, direction=direction, kind="tip", contacts=[anna], passes_on=passes_on)
        except ValidationError as refusal:
            return list(refusal.message_dict) == ["passes_on"]
        return False

    assert refused("give", tip)
    assert refused("receive", received)
    assert refused("give", strangers_favour)
    trash_favour(network, received)
    assert refused("give", network.favours(manager="with_trash").get(pk=received.pk))


def test_log_favours_keeps_order_and_links_within_batch(network: Network, anna: Contact, ben: Contact) -> None:
    received = Entry(direction="receive", kind="tip", day=DAY, contacts=[ben], client_key=uuid.uuid4())
    given_on = Entry(direction="give", kind="advice", day=DAY, contacts=[anna], passes_on=received)

    favours = log_favours(network, [given_on, received, received])

    assert [favour.direction for favour in favours] == ["give", "receive", "receive"]
    assert favours[0].passes_on == favours[1] == favours[2]
    assert network.favours.count() == 2


def test_log_favours_is_all_or_nothing(network: Network, anna: Contact) -> None:
    good = Entry(direction="give", kind="tip", contacts=[anna])
    bad = Entry(direction="give", kind="tip", contacts=[])

    with pytest.raises(ValidationError):
        log_favours(network, [good, bad])
    assert network.favours.count() == 0


def test_log_favours_needs_few_statements(
    network: Network, anna: Contact, ben: Contact, django_assert_max_num_queries
) -> None:
    entries = [
        Entry(direction="give", kind="tip", day=DAY - timedelta(days=n), contacts=[anna, ben]) for n in range(60)
    ]
    with django_assert_max_num_queries(12):
        log_favours(network, entries)


def test_log_favours_touches_each_contact_at_its_latest_day(network: Network, anna: Contact, ben: Contact) -> None:
    log_favours(
        network,
        [
            Entry(direction="give", kind="tip", day=DAY, contacts=[anna]),
            Entry(direction="give", kind="tip", day=DAY - timedelta(days=9), contacts=[anna, ben]),
        ],
    )

    assert list(network.contacts.order_by("pk").values_list("last_contact_on", flat=True)) == [
        DAY,
        DAY - timedelta(days=9),
    ]


def test_edit_favour_changes_what_is_named(network: Network, tip: Favour, anna: Contact, ben: Contact) -> None:
    clara = make_people(network, "Clara")[0]

    edit_favour(network, tip, day=DAY - timedelta(days=2), contacts=[anna, clara], note="Oak")

    stored = network.favours.get()
    assert (stored.kind, stored.day, stored.note) == ("tip", DAY - timedelta(days=2), "Oak")
    assert copies(network) == expected_copies(network)
    assert set(stored.contacts.all()) == {anna, clara}
    ben.refresh_from_db()
    anna.refresh_from_db()
    assert (anna.last_contact_on, ben.last_contact_on) == (DAY - timedelta(days=2), None)


def test_edit_favour_makes_summaries_stale_from_the_earlier_day(network: Network, anna: Contact) -> None:
    favour = log_favour(network, direction="give", kind="tip", day=DAY, contacts=[anna])
    Network.objects.update(stale_from=None)

    edit_favour(network, favour, day=DAY + timedelta(days=5))
    network.refresh_from_db()
    assert (network.revision, network.stale_from) == (2, DAY)


def test_edit_favour_keeps_the_part_of_contacts_in_the_trash(
    network: Network, tip: Favour, anna: Contact, ben: Contact
) -> None:
    Contact.objects.filter(pk=ben.pk).update(deleted_at=timezone.now())

    edit_favour(network, tip, contacts=[anna])

    assert [(name, share) for _f, name, _d, _dir, share, _c in copies(network)] == [("Anna", 0.5), ("Ben", 0.5)]


def test_edit_favour_leaves_all_as_it_was_when_refused(network: Network, tip: Favour) -> None:
    before = copies(network)

    with pytest.raises(ValidationError):
        edit_favour(network, tip, day=date(1800, 1, 1))
    with pytest.raises(ValidationError):
        edit_favour(network, tip, contacts=[])

    assert (copies(network), network.favours.get().day) == (before, DAY)


def test_edit_favour_keeps_help_received_that_was_passed_on(network: Network, tip: Favour, received: Favour) -> None:
    edit_favour(network, tip, passes_on=received)

    with pytest.raises(ValidationError) as refusal:
        edit_favour(network, received, direction="give")
    assert list(refusal.value.message_dict) == ["direction"]


def test_edit_favour_of_another_network_is_not_found(network: Network, strangers_favour: Favour) -> None:
    with pytest.raises(Favour.DoesNotExist):
        edit_favour(network, strangers_favour, note="mine now")


def test_trash_favour_takes_it_out_of_everything(network: Network, tip: Favour, anna: Contact) -> None:
    trash_favour(network, tip)

    anna.refresh_from_db()
    network.refresh_from_db()
    assert list(network.favours.all()) == []
    assert [counts for *_rest, counts in copies(network)] == [False, False]
    assert (anna.last_contact_on, network.revision) == (None, 2)


def test_trash_favour_twice_is_harmless(network: Network, tip: Favour) -> None:
    trash_favour(network, tip)
    trash_favour(network, tip)

    network.refresh_from_db()
    assert network.revision == 2


def test_trash_favour_of_another_network_does_nothing(network: Network, strangers_favour: Favour) -> None:
    trash_favour(network, strangers_favour)

    strangers_favour.refresh_from_db()
    assert strangers_favour.deleted_at is None


def test_restore_favour_brings_all_back(network: Network, tip: Favour, anna: Contact) -> None:
    before = copies(network)
    trash_favour(network, tip)
    restore_favour(network, tip)

    anna.refresh_from_db()
    assert (copies(network), list(network.favours.all()), anna.last_contact_on) == (before, [tip], DAY)


def test_erase_trash_takes_only_what_lay_there_long_enough(network: Network, tip: Favour, received: Favour) -> None:
    trash_favour(network, tip)

    erase_trash(network, before=timezone.now() - timedelta(days=30))
    assert network.favours(manager="with_trash").count() == 2
    erase_trash(network, before=timezone.now() + timedelta(seconds=1))
    assert list(network.favours(manager="with_trash").all()) == [received]


def test_repair_shares_after_a_contact_was_erased(
    network: Network, tip: Favour, received: Favour, ben: Contact
) -> None:
    network.participations.filter(favour=tip, contact=ben).delete()

    repair_shares(network)

    assert copies(network) == expected_copies(network)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["log", "edit", "trash", "restore"]),
        st.integers(0, 5),
        st.sampled_from(["give", "receive"]),
        st.integers(0, 40),
        st.sets(st.integers(0, 3), min_size=1),
    ),
    max_size=8,
)


@pytest.mark.django_db
@examples(25)
@given(steps=STEPS)
def test_participations_always_say_what_their_favours_say(network: Network, steps: list[tuple]) -> None:
    network.favours(manager="with_trash").all().delete()
    network.contacts.all().delete()
    people = make_people(network, "Anna", "Ben", "Clara", "Deniz")
    for act, position, direction, days, who in steps:
        contacts = [people[index] for index in sorted(who)]
        day = DAY - timedelta(days=days)
        favours = list(network.favours(manager="with_trash").order_by("pk"))
        if act == "log" or not favours:
            log_favour(network, direction=direction, kind="tip", day=day, contacts=contacts)
            continue
        favour = favours[position % len(favours)]
        if act == "trash":
            trash_favour(network, favour)
        elif act == "restore":
            restore_favour(network, favour)
        elif favour.deleted_at is None:
            edit_favour(network, favour, direction=direction, day=day, contacts=contacts)

    assert copies(network) == expected_copies(network)
    for contact in network.contacts.all():
        contact_days = [f.day for f in network.favours.filter(contacts=contact)]
        assert contact.last_contact_on == max(contact_days, default=None)
