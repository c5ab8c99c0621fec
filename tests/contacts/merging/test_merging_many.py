"""Many pairs of contacts are merged in one action, without the member looking at each."""

from datetime import date

import pytest

from contacts.merging import merge_all, undo_batch
from contacts.models import Contact, DuplicatePair, Merge, Network
from contacts.people.directory import add_contact
from contacts.people.photos import set_photo
from tests.contacts.pictures import picture


def test_merge_all_takes_a_chain_as_one_act(network: Network, anna: Contact, other: Contact, ben: Contact) -> None:
    merges = merge_all(network, [(anna, other), (other, ben), (anna, ben)])
    assert list(network.contacts.all()) == [anna]
    undo_batch(network, merges[0].batch)
    assert set(network.contacts.all()) == {anna, other, ben}
    assert not Merge.objects.exists()


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        ({"organisation": "Holzbau"}, {"organisation": "Tischlerei"}, "Organisation: Tischlerei"),
        ({"role": "Chefin"}, {"role": "Meisterin"}, "Role: Meisterin"),
        ({"department": "Einkauf"}, {"department": "Verkauf"}, "Department: Verkauf"),
        ({"nickname": "Annie"}, {"nickname": "Änni"}, "Nickname: Änni"),
        ({"city": "Köln"}, {"city": "Bonn"}, "City: Bonn"),
        ({"notes": "Segelt."}, {"notes": "Malt."}, "Segelt.\n\nMalt."),
        ({"notes": "Segelt."}, {"notes": "Segelt.", "role": "Chefin"}, "Segelt."),
        ({"birth_month": 3, "birth_day": 4}, {"birth_month": 4, "birth_day": 3}, "Birthday: 3 April"),
        ({"met_on": date(2024, 5, 6)}, {"met_on": date(2023, 5, 6)}, "Met on: 6 May 2023"),
        ({"connected_on": date(2024, 5, 6)}, {"connected_on": date(2023, 5, 6)}, "Connected on: 6 May 2023"),
        ({"how_met": "x" * 300}, {"how_met": "y" * 300}, f"How we met: {'y' * 300}"),
        ({"given_name": "Anna"}, {"given_name": "Änne"}, "Name: Änne Berg"),
        ({"given_name": "Anna"}, {"prefix": "Dr."}, "Name: Dr. Anna Berg"),
        ({"given_name": "Anna"}, {"given_name": "A."}, ""),
        ({"organisation": "Holzbau"}, {"organisation": "HOLZBAU"}, ""),
    ],
)
def test_merge_all_drops_nothing(network: Network, ours: dict, theirs: dict, kept: str) -> None:
    anna, other = (
        add_contact(network, **{"given_name": "Anna", "family_name": "Berg"} | fields) for fields in (ours, theirs)
    )
    merges = merge_all(network, [(anna, other)])
    anna.refresh_from_db()
    assert anna.notes == kept
    undo_batch(network, merges[0].batch)
    anna.refresh_from_db()
    assert anna.notes == ours.get("notes", "")


def test_merge_all_leaves_two_pictures_to_the_member(network: Network, anna: Contact, other: Contact) -> None:
    set_photo(network, anna, picture())
    set_photo(network, other, picture((50, 50)))
    assert merge_all(network, [(anna, other)]) == []
    assert network.photos.count() == 2


def test_merge_all_fuses_nobody_by_way_of_a_third(network: Network, anna: Contact, other: Contact) -> None:
    third = add_contact(network, given_name="Anna", family_name="Berg", birth_month=5, birth_day=4)
    merges = merge_all(network, [(anna, other), (other, third)])
    assert len(merges) == 1
    assert set(network.contacts.all()) == {anna, third}


def test_merge_all_respects_that_two_are_two(network: Network, anna: Contact, other: Contact, ben: Contact) -> None:
    DuplicatePair.objects.create(network=network, first=anna, second=ben, score=0.9, state="distinct")
    merge_all(network, [(anna, other), (other, ben)])
    assert set(network.contacts.all()) == {anna, ben}
