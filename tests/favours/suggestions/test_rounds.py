"""Rounds of a network: what is read, stored once, told, and never depends on directions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from contacts.conversations import hear
from contacts.directory import archive_contacts, erase_contacts, trash_contacts
from contacts.lines import add_line, close_line
from contacts.merging import merge
from contacts.models import Contact, Network, Reminder
from favours import tasks
from favours.journal import log_favour, trash_favour
from favours.models import Favour, LetterSettings, Participation, Round, Signal, Suggestion
from favours.suggestions.rounds import (
    acted_on_since,
    current_round,
    current_rounds,
    make_round,
    networks_without_round,
    open_suggestions,
    preview,
)
from favours.suggestions.steps import steps_of
from favours.suggestions.wording import plain, reason_sentence
from favours.tips import keep_tip
from tests.favours.conftest import make_people

MONDAY = date(2026, 5, 4)
LETTER_TIME = datetime(2026, 5, 4, 5, tzinfo=UTC)


def days(number: int) -> date:
    return MONDAY - timedelta(days=number)


def told(made: Round) -> list[str]:
    with translation.override("en"):
        return [plain(reason_sentence(each, made.day)) for each in made.listed]


def names(made: Round) -> list[str]:
    return [each.contact.shown_name for each in made.listed]


@pytest.fixture
def jana(network: Network) -> Contact:
    """Jana, who looks for a tax adviser."""
    (jana,) = make_people(network, "Jana", given_name="Jana")
    hear(network, contact=jana, kind="seeks", text="a tax adviser", day=days(1))
    return jana


@pytest.fixture
def markus(network: Network) -> Contact:
    """Markus, who is one."""
    (markus,) = make_people(network, "Markus", given_name="Markus")
    add_line(network, contact=markus, kind="offers", text="tax adviser", day=days(30))
    return markus


def test_seek_meets_the_offer_of_another(network: Network, jana: Contact, markus: Contact) -> None:
    made = preview(network, MONDAY)
    assert told(made) == ["Jana is looking for a tax adviser (heard yesterday). Markus offers tax adviser."]
    assert [(each.contact, each.score, each.signals[0].other) for each in made.listed] == [(jana, 60.0, markus)]


def test_role_is_an_implied_offer_and_no_more_than_fair(network: Network) -> None:
    jana, markus = make_people(network, "Jana", "Markus")
    add_line(network, contact=jana, kind="seeks", text="a tax adviser", day=days(50))
    Contact.objects.filter(pk=markus.pk).update(role="Tax adviser")
    network.mark_texts_changed([markus.pk])
    made = preview(network, MONDAY)
    assert told(made) == [
        "Jana is looking for a tax adviser (heard 15 March). Markus might be the one to ask: Tax adviser."
    ]
    assert made.listed[0].score == 42.0


def test_own_offer_and_kept_tip_meet_a_seek(network: Network, jana: Contact) -> None:
    add_line(network, contact=None, kind="offers", text="tax adviser", day=days(1))
    assert told(preview(network, MONDAY)) == [
        "Jana is looking for a tax adviser (heard yesterday). You offer that yourself: tax adviser."
    ]
    network.lines.filter(contact=None).delete()
    network.mark_texts_changed([])
    network.tip_box_items.create(text="The tax adviser Holm takes new clients.", kept_on=days(1))
    assert told(preview(network, MONDAY)) == [
        "Jana is looking for a tax adviser (heard yesterday). In your tip box: The tax adviser Holm takes new clients."
    ]


def test_kept_tip_meets_an_interest(network: Network) -> None:
    (anna,) = make_people(network, "Anna")
    add_line(network, contact=anna, kind="interest", text="timber construction", day=days(400))
    network.tip_box_items.create(text="timber construction", kept_on=days(1))
    assert told(preview(network, MONDAY)) == [
        "Anna is interested in timber construction. In your tip box: timber construction."
    ]


def test_new_tip_finds_a_seek_that_lies_asleep(network: Network) -> None:
    (anna,) = make_people(network, "Anna")
    add_line(network, contact=anna, kind="seeks", text="a violin teacher", day=days(120))
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
    """Only LinkedIn contacts imported, twenty names tapped, three needs heard."""
    people = make_people(network, *(f"Person {number}" for number in range(60)), connected_on=date(2025, 10, 1))
    Contact.objects.filter(pk__in=[person.pk for person in people[:20]]).update(would_call=True)
    for person, need in zip(people, ["an office", "a carpenter", "a violin teacher"], strict=False):
        hear(network, contact=person, kind="seeks", text=need, day=days(4))
    assert len(preview(network, MONDAY).listed) >= 3


def test_people_put_away_are_never_suggested(network: Network) -> None:
    archived, trashed, dead, there = make_people(network, "Archived", "Trashed", "Dead", "There")
    for person in (archived, trashed, dead, there):
        add_line(network, contact=person, kind="seeks", text="an office", day=days(1))
    archive_contacts(network, [archived])
    trash_contacts(network, [trashed])
    Contact.objects.filter(pk=dead.pk).update(has_died=True)
    assert names(preview(network, MONDAY)) == ["There"]


def test_day_in_the_past_knows_nothing_of_what_came_later(network: Network, jana: Contact) -> None:
    log_favour(network, direction="receive", kind="tip", contacts=[jana], day=MONDAY + timedelta(days=3))
    hear(network, contact=jana, kind="seeks", text="an office", day=MONDAY + timedelta(days=3))
    assert told(preview(network, MONDAY)) == ["Jana has been looking for a tax adviser since yesterday."]


def test_round_is_made_once_a_week(network: Network, jana: Contact) -> None:
    first = make_round(network, MONDAY)
    hear(network, contact=make_people(network, "Ben")[0], kind="seeks", text="an office", day=MONDAY)
    assert make_round(network, MONDAY + timedelta(days=6)) == first
    assert names(current_round(network, MONDAY + timedelta(days=3))) == ["Jana"]
    assert make_round(network, MONDAY + timedelta(days=7)) != first


def test_round_of_another_worker_is_taken(network: Network, jana: Contact, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other worker stores its round while this one is still computing."""
    others = make_round(network, MONDAY)
    monkeypatch.setattr("favours.suggestions.rounds.current_rounds", _absent_at_first(current_rounds))
    assert make_round(network, MONDAY) == others
    assert network.rounds.count() == 1


def _absent_at_first(read):
    calls = []

    def answer(networks: list[Network], day: date) -> dict[Network, Round]:
        calls.append(day)
        return {} if len(calls) == 1 else read(networks, day)

    return answer


def test_week_without_anybody_has_an_empty_round(network: Network) -> None:
    assert make_round(network, MONDAY).listed == []
    assert network.rounds.count() == 1


def test_week_that_began_without_anybody_is_made_anew(network: Network) -> None:
    (jana,) = make_people(network, "Jana")
    make_round(network, MONDAY)
    hear(network, contact=jana, kind="seeks", text="an office", day=MONDAY)
    made = make_round(network, MONDAY + timedelta(days=2))
    assert (names(made), made.day, network.rounds.count()) == (["Jana"], MONDAY + timedelta(days=2), 1)


def test_week_whose_people_are_gone_stays_as_it_is(network: Network, jana: Contact, markus: Contact) -> None:
    first = make_round(network, MONDAY)
    archive_contacts(network, [jana])
    assert (make_round(network, MONDAY), names(make_round(network, MONDAY))) == (first, [])


def test_length_of_the_letter_holds_for_the_round(network: Network) -> None:
    LetterSettings.objects.update_or_create(network=network, defaults={"length": 3})
    for number, person in enumerate(make_people(network, "Anna", "Ben", "Clara", "Deniz")):
        hear(network, contact=person, kind=("seeks", "news")[number % 2], text="an office", day=days(16 + number))
    assert len(preview(network, MONDAY).listed) == 3


def test_preview_records_nothing(network: Network, jana: Contact) -> None:
    preview(network, MONDAY)
    assert [model.objects.count() for model in (Round, Suggestion, Signal)] == [0, 0, 0]


def test_helped_or_talked_to_leaves_the_list_and_comes_back(network: Network, jana: Contact) -> None:
    today = network.today()
    network.lines.update(noted_on=today)
    made = make_round(network, today)
    favour = log_favour(network, direction="receive", kind="tip", contacts=[jana], day=today)
    assert open_suggestions(network, current_round(network, today)) == []
    trash_favour(network, favour)
    assert open_suggestions(network, current_round(network, today)) == made.listed


def test_older_help_logged_now_is_no_answer(network: Network, jana: Contact) -> None:
    today = network.today()
    network.lines.update(noted_on=today)
    made = make_round(network, today)
    log_favour(network, direction="give", kind="tip", contacts=[jana], day=today - timedelta(days=1))
    assert acted_on_since([network], made.listed) == set()


def test_reason_that_was_settled_takes_the_suggestion_with_it(network: Network, jana: Contact, markus: Contact) -> None:
    make_round(network, MONDAY)
    close_line(network, network.lines.get(contact=markus))
    assert names(current_round(network, MONDAY)) == []


def test_erased_people_leave_no_trace(network: Network, jana: Contact, markus: Contact) -> None:
    make_round(network, MONDAY)
    erase_contacts(network, [markus])
    assert names(current_round(network, MONDAY)) == []
    erase_contacts(network, [jana])
    assert [model.objects.count() for model in (Suggestion, Signal)] == [0, 0]


def test_merged_people_keep_their_suggestion(network: Network, jana: Contact, markus: Contact) -> None:
    made = make_round(network, MONDAY)
    (survivor,) = make_people(network, "Jana R.")
    merge(network, survivor, jana)
    assert [each.contact for each in current_round(network, MONDAY).listed] == [survivor]
    assert current_round(network, MONDAY).listed == made.listed


def test_strangers_rows_are_never_read(network: Network, stranger_network: Network, jana: Contact) -> None:
    (eve,) = make_people(stranger_network, "Eve", role="Tax adviser")
    add_line(stranger_network, contact=eve, kind="seeks", text="a tax adviser", day=days(1))
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
            add_line(network, contact=person, kind="offers", text=f"something {person}", day=days(1))
        keep_tip(network, f"office {round_}")
        if round_ == 0:
            preview(network, MONDAY)
            few = queries()
    preview(network, MONDAY)  # The index of the texts is made anew after many changes.
    assert queries() == few


def test_reading_a_round_takes_three_queries(network: Network, jana: Contact, django_assert_num_queries) -> None:
    make_round(network, MONDAY)
    with django_assert_num_queries(3):
        current_round(network, MONDAY)


@pytest.mark.parametrize(
    ("instant", "zone", "made_on", "missing"),
    [
        (datetime(2026, 5, 3, 21, 59, tzinfo=UTC), "Europe/Berlin", days(3), False),
        (datetime(2026, 5, 3, 22, 0, tzinfo=UTC), "Europe/Berlin", days(3), True),
        (datetime(2026, 5, 3, 22, 0, tzinfo=UTC), "America/New_York", days(3), False),
        (datetime(2026, 5, 3, 12, 0, tzinfo=UTC), "Pacific/Auckland", days(3), True),
    ],
)
def test_sweep_finds_networks_whose_week_began(
    alice: User, network: Network, instant: datetime, zone: str, made_on: date, missing: bool
) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone=zone)
    make_people(network, "Anna")
    make_round(network, made_on)
    assert networks_without_round(instant, 10) == ([network.pk] if missing else [])


def test_sweep_finds_an_empty_week_again_once_something_was_heard(network: Network) -> None:
    (jana,) = make_people(network, "Jana")
    make_round(network, network.today())
    assert networks_without_round(timezone.now(), 10) == []
    hear(network, contact=jana, kind="seeks", text="an office", day=network.today())
    assert networks_without_round(timezone.now(), 10) == [network.pk]
    make_round(network, network.today())
    assert networks_without_round(timezone.now(), 10) == []


def test_sweep_leaves_networks_without_people_alone(network: Network, stranger_network: Network) -> None:
    make_people(stranger_network, "Eve")
    assert networks_without_round(timezone.now(), 10) == [stranger_network.pk]


def test_sweep_hands_out_batches(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    make_people(network, "Anna")
    handed: list[dict] = []
    monkeypatch.setattr(tasks.make_rounds, "apply_async", lambda kwargs, **options: handed.append(kwargs))
    tasks.make_missing_rounds()
    assert handed == [{"network_ids": [network.pk]}]
    tasks.make_rounds(**handed[0])
    assert current_round(network, network.today()) is not None


def test_round_that_fails_holds_up_no_other(
    network: Network, stranger_network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_for_alice(network_: Network, day: date) -> Round:
        if network_ == network:
            raise ValueError
        return make_round(network_, day)

    monkeypatch.setattr("favours.suggestions.rounds.make_round", fail_for_alice)
    tasks.make_rounds([network.pk, stranger_network.pk])
    assert list(Round.objects.values_list("network", flat=True)) == [stranger_network.pk]


# Directions


def lived_through(network: Network, weeks: int) -> list[object]:
    """What the lists of so many weeks say, each stored before the next is made."""
    found: list[object] = []
    for week in range(weeks):
        made = make_round(network, MONDAY + timedelta(weeks=week))
        steps = steps_of(network, made.listed)
        found.append(
            [
                (each.contact.shown_name, each.score, sentence, [(step.kind, step.text) for step in steps[each.uuid]])
                for each, sentence in zip(made.listed, told(made), strict=True)
            ]
        )
    network.rounds.all().delete()
    return found


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["give", "receive"]),
        st.sampled_from(["tip", "introduction", "advice"]),
        st.integers(-80, 700),
        st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True),
    ),
    max_size=12,
)


@given(entries=ENTRIES)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_directions_change_nothing_in_twelve_weeks(network: Network, entries: list) -> None:
    Favour.with_trash.all().delete()
    Contact.with_trash.all().delete()
    people = make_people(network, *(f"Person {number}" for number in range(6)))
    needs = ["an office", "a tax adviser", "a violin teacher"]
    for number, (person, need) in enumerate(zip(people, needs, strict=False)):
        hear(network, contact=person, kind="seeks", text=need, day=days(10 * number))
    add_line(network, contact=people[5], kind="offers", text="tax adviser", day=days(9))
    for direction, kind, ago, who in entries:
        log_favour(network, direction=direction, kind=kind, day=days(ago), contacts=[people[each] for each in who])
    as_logged = lived_through(network, 12)
    assert any(as_logged)
    assert all(sentence and steps for week in as_logged for _name, _score, sentence, steps in week)
    for turn in ({"give": "receive", "receive": "give"}, {"give": "receive", "receive": "receive"}):
        before = dict(Favour.objects.values_list("pk", "direction"))
        for key, direction in before.items():
            Favour.objects.filter(pk=key).update(direction=turn[direction])
            Participation.objects.filter(favour=key).update(direction=turn[direction])
        assert lived_through(network, 12) == as_logged


# The command


def suggested(*arguments: str) -> list[dict]:
    output = StringIO()
    call_command("suggest", *arguments, "--json", stdout=output)
    return json.loads(output.getvalue())


def test_command_prints_the_worked_example_and_records_nothing(alice: User, network: Network) -> None:
    i, j, q, other = make_people(network, "i", "j", "q", "other")
    add_line(network, contact=i, kind="seeks", text="Zimmerei", day=days(60))
    add_line(network, contact=other, kind="offers", text="Zimmerei", day=days(60))
    hear(network, contact=i, kind="news", text="moving", day=days(21))
    add_line(network, contact=j, kind="seeks", text="Geigenunterricht", day=days(60))
    log_favour(network, direction="receive", kind="tip", contacts=[q], day=days(1095))
    shown = network.rounds.create(year=2026, week=15, day=days(28))
    network.suggestions.create(round=shown, contact=i, position=0, score=60)
    found = suggested("--owner", alice.email, "--as-of", MONDAY.isoformat())
    assert [(each["contact"], each["score"]) for each in found] == [("i", 31.875), ("j", 22.5), ("q", 15.0)]
    assert found[0]["next_step"] == "Ask other first"
    assert [(signal["kind"], signal["points"]) for signal in found[0]["signals"]] == [("match", 60.0), ("news", 15.0)]
    assert network.rounds.count() == 1


def test_command_prints_the_stored_round_of_the_week(alice: User, network: Network, jana: Contact) -> None:
    make_round(network, MONDAY)
    hear(network, contact=make_people(network, "Ben")[0], kind="seeks", text="an office", day=MONDAY)
    found = suggested("--owner", alice.email, "--as-of", "2026-05-06")
    assert [each["contact"] for each in found] == ["Jana"]
