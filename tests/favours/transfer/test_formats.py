"""Everything is exported and imported again: into an empty network, into the same one, and into a stranger's."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from contacts.calendar.reminders import finish_reminder, keep_in_touch, postpone_reminder, remind_once, remind_yearly
from contacts.cards import Way
from contacts.duplicates import call_distinct
from contacts.erasing.contacts import erase_contacts
from contacts.importing.running import bring_in_now
from contacts.models import DuplicatePair, ImportRun, Network
from contacts.people.circles import add_circle
from contacts.people.conversations import hear, log_conversation, trash_conversations
from contacts.people.directory import add_contact, archive_contacts, trash_contacts
from contacts.people.photos import set_photo
from contacts.people.relations import add_relation
from contacts.people.topics import add_topic, close_topic, delete_topic
from favours.journal.writing import trash_favour
from favours.suggestions.rounds import make_round
from favours.tips.tip_box import keep_tip
from favours.transfer.formats import write_json
from tests.contacts.pictures import picture
from tests.examples import examples
from tests.favours.entries import log_favour

DAY = date(2025, 3, 14)


def exported(network: Network) -> dict[str, Any]:
    """Return an export as JSON, without anything that differs between members or points in time."""
    data: dict[str, Any] = json.loads("".join(write_json(network)))
    del data["exported_at"], data["member"]
    return data


def restore(network: Network, data: dict[str, Any]) -> ImportRun:
    """Import an export, and return the run."""
    return bring_in_now(network, name="netcrm.json", data=json.dumps({"format": "netcrm", **data}).encode())


def empty(network: Network) -> None:
    """Remove everything, including the records of imports."""
    erase_contacts(network, network.contacts(manager="with_trash").all())
    network.favours(manager="with_trash").all().delete()
    for related in ("import_sources", "import_runs", "circles", "topics", "conversations", "tip_box_items", "rounds"):
        getattr(network, related).all().delete()


@pytest.fixture
def full(network: Network) -> Network:
    """Alice's network with a bit of everything in it."""
    anna = add_contact(
        network,
        given_name="Anna",
        family_name="Müller",
        notes="First line\n\nSecond *line*",
        city="Köln",
        birth_month=2,
        birth_day=29,
        would_call=True,
        extra_properties=["X-FOO:bar"],
        ways=[Way("email", "anna@example.org", "work"), Way("phone", "+49 221 1234567", "mobile")],
        circles=["Choir", "IHK"],
    )
    ben = add_contact(network, given_name="Ben", birth_year=1980, birth_month=4, birth_day=5, met_on=DAY)
    clara = add_contact(network, display_name="Clara GmbH", is_organisation=True)
    add_circle(network, name="Empty")
    archive_contacts(network, [ben])
    hear(network, contact=anna, kind="seeks", text="a flat in Bonn", day=DAY, place="IHK evening")
    hear(network, contact=ben, kind="news", text="has a new job", day=DAY)
    talk = log_conversation(network, day=DAY, contacts=[anna, ben], note="Coffee")
    trash_conversations(network, [log_conversation(network, day=DAY, contacts=[ben], note="By mistake")])
    close_topic(network, add_topic(network, contact=clara, kind="offers", text="rooms"))
    add_topic(network, contact=None, kind="offers", text="proofreading")
    received = log_favour(network, direction="receive", kind="tip", day=DAY, contacts=[ben], note="A tip")
    log_favour(
        network,
        direction="give",
        kind="introduction",
        day=DAY,
        contacts=[anna, clara],
        passes_on=received,
        place="Bonn",
    )
    trash_favour(network, log_favour(network, direction="give", kind="other", day=DAY, contacts=[anna]))
    add_relation(network, anna, label="spouse", other=ben)
    add_relation(network, anna, label="child", name="Mia")
    pair = DuplicatePair.objects.create(network=network, first=anna, second=ben, score=0.9)
    call_distinct(network, pair)
    finish_reminder(network, remind_once(network, anna, text="Return the book", day=DAY))
    remind_yearly(network, anna, text="Wedding day", day=date(2012, 2, 29))
    postpone_reminder(network, keep_in_touch(network, ben, rhythm_days=30))
    set_photo(network, anna, picture())
    delete_topic(network, add_topic(network, contact=ben, kind="offers", text="a sofa"))
    keep_tip(network, "A flat in Bonn is free from May on")
    make_round(network, DAY + timedelta(days=20))
    trash_contacts(network, [clara])
    assert talk.pk
    return network


def test_export_into_an_emptied_network_gives_identical_data(full: Network) -> None:
    before = exported(full)
    empty(full)
    run = restore(full, before)
    assert run.state == ImportRun.State.DONE
    assert (run.report["created"], run.report["conversations"], run.report["favours"]) == (3, 4, 3)
    assert exported(full) == before


def test_asks_come_back_with_whom_to_ask_and_what_to_ask_about(network: Network) -> None:
    add_topic(network, contact=None, kind="seeks", text="a bookkeeper", day=DAY)
    add_contact(network, given_name="Eva", notes="Met at the fair. Her sister is a bookkeeper in Linz.")
    omar = add_contact(network, given_name="Omar")
    add_topic(network, contact=omar, kind="seeks", text="seed potatoes", day=DAY - timedelta(days=175))
    make_round(network, DAY)
    before = exported(network)
    (made,) = before["rounds"]
    assert made["question"] == str(network.topics.get(contact=omar).uuid)
    assert [signal["kind"] for signal in made["suggestions"][0]["signals"] if signal["sentence"]] == ["ask"]
    (about_eva,) = json.loads("".join(write_json(network, network.contacts.get(given_name="Eva"))))["rounds"]
    assert "question" not in about_eva
    empty(network)
    restore(network, before)
    assert exported(network) == before


def test_export_into_the_same_network_changes_nothing(full: Network) -> None:
    before = exported(full)
    run = restore(full, before)
    assert {name: run.report.get(name, 0) for name in ("created", "merged", "unchanged", "skipped")} == {
        "created": 0,
        "merged": 0,
        "unchanged": 2,
        "skipped": 1,  # Clara is in the trash and stays there.
    }
    assert exported(full) == before


def test_export_into_a_strangers_network_takes_nothing_away(full: Network, stranger_network: Network) -> None:
    before = exported(full)
    restore(stranger_network, before)
    assert exported(full) == before
    theirs = exported(stranger_network)
    assert [contact["shown_name"] for contact in theirs["contacts"]] == ["Anna Müller", "Ben", "Clara GmbH"]
    assert len(theirs["favours"]) == 3
    restore(stranger_network, before)
    assert exported(stranger_network) == theirs


def test_restored_verdict_closes_a_pair_that_was_found_anew(full: Network) -> None:
    before = exported(full)
    full.duplicate_pairs.update(state=DuplicatePair.State.OPEN)
    restore(full, before)
    assert [pair.state for pair in full.duplicate_pairs.all()] == [DuplicatePair.State.DISTINCT]


def test_restored_favours_keep_people_and_the_help_they_pass_on(full: Network) -> None:
    before = exported(full)
    empty(full)
    restore(full, before)
    given = full.favours.get(kind="introduction")
    assert given.passes_on == full.favours.get(kind="tip")
    shares = [part.share for part in full.participations.filter(favour=given)]
    assert shares == [0.5, 0.5]


def test_damaged_export_brings_what_came_before_the_damage(full: Network) -> None:
    text = "".join(write_json(full))
    empty(full)
    run = bring_in_now(full, name="x.json", data=text[: text.index('"conversations"')].encode())
    assert run.state == ImportRun.State.FAILED
    assert run.problem.startswith("The export is damaged from character ")


def test_conversation_of_another_millennium_is_left_out_with_the_reason(full: Network) -> None:
    before = exported(full)
    empty(full)
    run = restore(full, before | {"conversations": [talk | {"day": "9999-12-31"} for talk in before["conversations"]]})
    reasons = set(full.import_rows.filter(run=run, outcome="lost", fields=["day"]).values_list("reason", flat=True))
    assert (full.conversations.count(), reasons) == (0, {"That is more than a year ahead. Check the year."})


texts = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
people = st.fixed_dictionaries(
    {
        "given_name": texts.filter(bool),
        "family_name": texts,
        "notes": texts,
        "role": texts,
        "city": texts,
        "has_died": st.booleans(),
        "would_call": st.booleans(),
    }
)


@examples(15)
@given(
    drafts=st.lists(people, min_size=1, max_size=4),
    help_=st.lists(
        st.tuples(st.sampled_from(["give", "receive"]), st.integers(0, 700), texts, st.integers(0, 3)), max_size=5
    ),
)
def test_round_trip_of_anything_gives_identical_data(
    network: Network, drafts: list[dict[str, Any]], help_: list[tuple[str, int, str, int]]
) -> None:
    empty(network)
    contacts = [add_contact(network, **draft) for draft in drafts]
    today = timezone.localdate()
    for direction, age, note, number in help_:
        log_favour(
            network,
            direction=direction,
            kind="tip",
            day=today - timedelta(days=age),
            note=note,
            contacts=contacts[: number + 1],
        )
    before = exported(network)
    empty(network)
    restore(network, before)
    assert exported(network) == before


def test_export_tells_the_settings(network: Network) -> None:
    chosen = {"weekday": 3, "hour": 18, "pause_from": date(2026, 7, 1), "pause_to": date(2026, 7, 14)}
    network.letter_settings.update_or_create(defaults=chosen)
    member = json.loads("".join(write_json(network)))["member"]
    assert (member["email"], member["time_zone"]) == (network.owner.email, network.owner.time_zone)
    assert member["letter"] == {
        "is_on": True,
        "weekday": 3,
        "hour": 18,
        "length": 5,
        "pause_from": "2026-07-01",
        "pause_to": "2026-07-14",
    }
