"""Two contacts are merged with all their history, and separated again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from contacts.calendar.reminders import keep_in_touch, remind_once, reminders_of
from contacts.cards import Way
from contacts.erasing.contacts import erase_contacts
from contacts.importing.running import bring_in_now, work_on
from contacts.importing.runs import request_undo
from contacts.merging import NotLastMergeError, merge, merge_all, undo, undo_batch
from contacts.merging.fields import GROUPS, JOINED
from contacts.merging.history import references, unique_constraints
from contacts.models import Contact, DuplicatePair, Merge, Network, SearchWord
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact, edit_contact, trash_contacts
from contacts.people.photos import set_photo
from contacts.people.search import find_contacts
from contacts.people.topics import add_topic
from favours.consistency import findings
from favours.journal.writing import edit_favour, trash_favour
from favours.models import Favour
from favours.reciprocity.summaries import recompute, running_summary
from favours.transfer.formats import write_json
from tests.calendar import DAY
from tests.contacts.pictures import picture
from tests.favours.entries import log_favour


def names(network: Network, query: str) -> list[str]:
    return [contact.display_name for contact in find_contacts(network, query)]


def people_of(favour: Favour) -> list[tuple[int, float]]:
    return list(favour.participations.order_by("contact").values_list("contact", "share"))


def test_merge_proposes_what_says_more(network: Network, anna: Contact, other: Contact) -> None:
    merge(network, anna, other)
    anna.refresh_from_db()
    assert (anna.display_name, anna.city, anna.role) == ("Anna Berg", "Köln", "Architect")
    assert (anna.birth_month, anna.birth_day, anna.notes) == (3, 4, "Likes timber.\n\nMet in Bonn.")


def test_merge_takes_the_fuller_name(network: Network, anna: Contact, other: Contact) -> None:
    merge(network, other, anna)
    other.refresh_from_db()
    assert (other.display_name, other.given_name, other.sort_name) == ("Anna Berg", "Anna", "berg anna")


def test_merge_follows_the_choices(network: Network, anna: Contact, other: Contact) -> None:
    merge(network, anna, other, {"name": "other", "city": "other", "notes": "survivor", "birthday": "survivor"})
    anna.refresh_from_db()
    assert (anna.display_name, anna.given_name, anna.sort_name) == ("A. Berg", "A.", "berg a.")
    assert (anna.city, anna.notes, anna.birth_month) == ("Bonn", "Likes timber.", None)


@pytest.mark.parametrize("choices", [{"city": "both"}, {"city": "nobody"}, {"picture": "both"}])
def test_merge_refuses_what_is_no_choice(network: Network, anna: Contact, other: Contact, choices: dict) -> None:
    with pytest.raises(ValidationError):
        merge(network, anna, other, choices)
    assert network.contacts.count() == 2


def test_merge_accounts_for_every_field() -> None:
    kept = {"id", "network", "uuid", "created_at", "last_contact_on", "text_revision", "deleted_at"}
    chosen = {name for _label, names in GROUPS.values() for name in names}
    assert {field.name for field in Contact._meta.concrete_fields} == kept | chosen | set(JOINED)


def test_merge_keeps_the_same_address_once(network: Network, anna: Contact, other: Contact) -> None:
    merge(network, anna, other)
    ways = list(network.ways_to_reach.filter(contact=anna).values_list("value", flat=True))
    assert ways == ["anna@example.org", "+49 221 1234567", "anna.berg@example.com"]
    assert list(anna.circles.values_list("name", flat=True)) == ["Choir", "IHK"]


@pytest.mark.parametrize(("choice", "kept"), [("survivor", "ours"), ("other", "theirs"), ("", "ours")])
def test_merge_keeps_the_chosen_picture(
    network: Network, anna: Contact, other: Contact, choice: str, kept: str
) -> None:
    photos = {"ours": set_photo(network, anna, picture()), "theirs": set_photo(network, other, picture((50, 50)))}
    merged = merge(network, anna, other, {"picture": choice})
    assert list(network.photos.all()) == [photos[kept]]
    assert network.photos.get().contact == anna
    parted = undo(network, merged)
    assert dict(network.photos.values_list("contact", "pk")) == {
        anna.pk: photos["ours"].pk,
        parted.pk: photos["theirs"].pk,
    }


def test_merge_keeps_the_only_picture(network: Network, anna: Contact, other: Contact) -> None:
    photo = set_photo(network, anna, picture())
    merge(network, anna, other, {"picture": "other"})
    assert list(network.photos.all()) == [photo]


def test_merge_keeps_one_wish_to_keep_in_touch(network: Network, anna: Contact, other: Contact) -> None:
    kept = keep_in_touch(network, anna, rhythm_days=91)
    left = keep_in_touch(network, other, rhythm_days=14)
    birthday = remind_once(network, other, text="A card", day=DAY)
    merged = merge(network, anna, other)
    assert set(reminders_of(network, anna)) == {kept, birthday}
    parted = undo(network, merged)
    assert set(reminders_of(network, parted)) == {left, birthday}


def test_merge_lets_the_wish_to_keep_in_touch_follow(network: Network, anna: Contact, other: Contact) -> None:
    wish = keep_in_touch(network, other, rhythm_days=14)
    merge(network, anna, other)
    assert reminders_of(network, anna) == [wish]


def test_merge_lets_the_history_follow(network: Network, anna: Contact, other: Contact, ben: Contact) -> None:
    favour = log_favour(network, direction="give", kind="tip", contacts=[other, ben], day=DAY)
    talk = log_conversation(network, day=DAY + timedelta(days=1), contacts=[other])
    topic = add_topic(network, contact=other, kind="seeks", text="a carpenter", day=DAY)
    merge(network, anna, other)
    anna.refresh_from_db()
    topic.refresh_from_db()
    assert people_of(favour) == [(anna.pk, 0.5), (ben.pk, 0.5)]
    assert list(talk.contacts.all()) == [anna]
    assert topic.contact == anna
    assert anna.last_contact_on == DAY + timedelta(days=1)
    assert names(network, "carpenter") == ["Anna Berg"]
    assert not Contact.with_trash.filter(pk=other.pk).exists()


def test_merge_makes_one_part_of_two(network: Network, anna: Contact, other: Contact, ben: Contact) -> None:
    favour = log_favour(network, direction="give", kind="introduction", contacts=[anna, other, ben], day=DAY)
    done = merge(network, anna, other)
    assert people_of(favour) == [(anna.pk, 0.5), (ben.pk, 0.5)]
    undo(network, done)
    assert people_of(favour) == [(anna.pk, 1 / 3), (other.pk, 1 / 3), (ben.pk, 1 / 3)]
    assert list(findings()) == []


def test_merge_and_undo_change_the_summary(network: Network, anna: Contact, other: Contact) -> None:
    people = [add_contact(network, display_name=name) for name in ("Clara", "Deniz", "Eva", "Finn", "Gül")]
    for contact in (anna, other, *people):
        log_favour(network, direction="give", kind="tip", contacts=[contact], day=network.today())
    recompute(network)
    before = running_summary(network)
    done = merge(network, anna, other)
    network.refresh_from_db()
    assert network.stale_from == network.today()
    recompute(network)
    merged = running_summary(network)
    undo(network, done)
    recompute(network)
    after = running_summary(network)
    assert before
    assert merged
    assert after
    assert before.figures != merged.figures
    assert before.figures == after.figures


def test_undo_keeps_later_edits_and_later_help(network: Network, anna: Contact, other: Contact) -> None:
    done = merge(network, anna, other)
    anna.refresh_from_db()
    edit_contact(network, anna, role="Professor", how_met="At the fair")
    later = log_favour(network, direction="receive", kind="advice", contacts=[anna], day=DAY)
    undo(network, done)
    anna.refresh_from_db()
    assert (anna.role, anna.how_met, anna.birth_month) == ("Professor", "At the fair", None)
    assert people_of(later) == [(anna.pk, 1.0)]
    back = network.contacts.get(uuid=other.uuid)
    assert (back.pk, back.role, back.birth_month, back.last_contact_on) == (other.pk, "Architect", 3, None)


def test_undo_follows_what_became_of_an_entry(network: Network, anna: Contact, other: Contact, ben: Contact) -> None:
    moved = log_favour(network, direction="give", kind="tip", contacts=[anna, other], day=DAY)
    trashed = log_favour(network, direction="give", kind="tip", contacts=[anna, other], day=DAY)
    left = log_favour(network, direction="give", kind="tip", contacts=[anna, other, ben], day=DAY)
    done = merge(network, anna, other)
    edit_favour(network, moved, day=DAY + timedelta(days=2))
    edit_favour(network, left, contacts=[ben])
    trash_favour(network, trashed)
    undo(network, done)
    assert list(findings()) == []
    assert people_of(moved) == [(anna.pk, 0.5), (other.pk, 0.5)]
    assert people_of(left) == [(ben.pk, 1.0)]


def test_undo_goes_from_the_last_merge_back(network: Network, anna: Contact, other: Contact, ben: Contact) -> None:
    first = merge(network, other, anna)
    second = merge(network, ben, other)
    first.refresh_from_db()
    with pytest.raises(NotLastMergeError):
        undo(network, first)
    undo(network, second)
    undo(network, first)
    assert set(network.contacts.all()) == {anna, other, ben}


def test_merge_keeps_both_ways_of_meeting(network: Network, anna: Contact, other: Contact) -> None:
    edit_contact(network, anna, how_met="At the fair")
    edit_contact(network, other, how_met="Through Ben")
    merge(network, anna, other)
    anna.refresh_from_db()
    assert anna.how_met == "At the fair; Through Ben"


def test_merge_keeps_all_labels_of_one_number(network: Network) -> None:
    labels = ("mobile", "work", "WORK", "")
    first, *others = (
        add_contact(network, display_name="Anna", ways=[Way("phone", "+49 221 1234567", label)]) for label in labels
    )
    merges = merge_all(network, [(first, other) for other in others])
    assert [way.label for way in first.ways.all()] == ["mobile, work"]
    undo_batch(network, merges[0].batch)
    assert [way.label for way in first.ways.all()] == ["mobile"]


def test_undo_of_an_act_follows_a_survivor_that_went_on(
    network: Network, anna: Contact, other: Contact, ben: Contact
) -> None:
    merges = merge_all(network, [(anna, other), (ben, anna)])
    undo_batch(network, merges[0].batch)
    assert set(network.contacts.all()) == {anna, other, ben}
    assert sorted(anna.ways.values_list("value", flat=True)) == ["+49 221 1234567", "anna@example.org"]


def test_merge_refuses_whom_it_cannot_merge(
    network: Network, stranger_network: Network, anna: Contact, other: Contact
) -> None:
    stranger = add_contact(stranger_network, display_name="Stranger")
    trash_contacts(network, [other])
    for wrong in (stranger, other, anna):
        with pytest.raises(ValidationError):
            merge(network, anna, wrong)
    assert Contact.with_trash.count() == 3


def test_merge_carries_verdicts(network: Network, anna: Contact, other: Contact, ben: Contact) -> None:
    clara = add_contact(network, display_name="Clara")
    pairs = [(anna, other, "open"), (other, ben, "distinct"), (anna, ben, "open"), (other, clara, "open")]
    for first, second, state in pairs:
        network.duplicate_pairs.create(first=first, second=second, state=state, score=0.9)
    before = sorted(network.duplicate_pairs.values_list())
    done = merge(network, anna, other)
    after = network.duplicate_pairs.order_by("second").values_list("first", "second", "state")
    assert list(after) == [(anna.pk, ben.pk, "distinct"), (anna.pk, clara.pk, "open")]
    undo(network, done)
    assert sorted(network.duplicate_pairs.values_list()) == before
    assert DuplicatePair.objects.count() == 4


CARD = """BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:0d2ad9cf-0f6c-44c6-a78c-6ec36b2c8e6a
FN:Anna Berg
EMAIL:anna@example.org
X-FOO:bar
END:VCARD
"""


def test_import_finds_the_survivor_again(network: Network, ben: Contact) -> None:
    bring_in_now(network, name="a.vcf", data=CARD.encode())
    merge(network, ben, network.contacts.get(display_name="Anna Berg"))
    bring_in_now(network, name="a.vcf", data=CARD.replace("X-FOO:bar", "X-FOO:bar\nTITLE:Architect").encode())
    ben.refresh_from_db()
    assert list(network.contacts.all()) == [ben]
    assert (ben.role, ben.extra_properties) == ("Architect", ["X-FOO:bar"])


def test_undoing_an_import_keeps_what_was_merged_with_it(network: Network, ben: Contact) -> None:
    run = bring_in_now(network, name="a.vcf", data=CARD.encode())
    anna = network.contacts.get(display_name="Anna Berg")
    merge(network, ben, anna)
    request_undo(network, run)
    work_on(run.pk)
    assert list(network.contacts.all()) == [ben]
    assert network.ways_to_reach.get(contact=ben).value == "anna@example.org"


def test_undoing_an_import_keeps_the_survivor_that_it_made(network: Network, ben: Contact) -> None:
    run = bring_in_now(network, name="a.vcf", data=CARD.encode())
    anna = network.contacts.get(display_name="Anna Berg")
    done = merge(network, anna, ben)
    request_undo(network, run)
    work_on(run.pk)
    assert list(network.contacts.all()) == [anna]
    undo(network, done)
    assert set(network.contacts.all()) == {anna, ben}


def test_own_export_finds_the_survivor_again(network: Network, anna: Contact, other: Contact) -> None:
    log_favour(network, direction="give", kind="tip", contacts=[other], day=DAY)
    data = "".join(write_json(network)).encode()
    merge(network, anna, other)
    network.favours.all().delete()
    bring_in_now(network, name="netcrm.json", data=data)
    assert list(network.contacts.all()) == [anna]
    assert people_of(network.favours.get()) == [(anna.pk, 1.0)]


def test_erasing_the_survivor_erases_the_snapshot(network: Network, anna: Contact, other: Contact) -> None:
    merge(network, anna, other)
    erase_contacts(network, [anna])
    assert not Merge.objects.exists()
    assert not SearchWord.objects.exists()


def test_every_table_that_names_a_contact_follows() -> None:
    found = {f"{reference.model.__name__}.{reference.name}" for reference in references()}
    assert {"Participation.contact", "Photo.contact", "Relation.other", "Merge.survivor", "WayToReach.contact"} <= found
    assert "SearchWord.contact" not in found


def test_every_uniqueness_of_a_contact_is_one_of_columns() -> None:
    """A merge compares columns, and could not handle a constraint on an expression."""
    with_expressions = [
        constraint.name
        for reference in references()
        for constraint in reference.model._meta.constraints
        if reference.name in str(getattr(constraint, "expressions", ""))
    ]
    assert with_expressions == []
    assert any(list(unique_constraints(reference)) for reference in references())
