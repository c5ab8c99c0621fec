"""The member's page about duplicates: decisions, undo, and merging two contacts that were not proposed."""

import pytest
from django.test import Client
from django.urls import reverse

from contacts.cards import Way
from contacts.merging import merge
from contacts.models import Contact, DuplicatePair, Merge, Network
from contacts.people.directory import add_contact
from contacts.people.photos import set_photo
from tests.contacts.pictures import picture
from tests.htmx import HTMX

PAGE = reverse("contacts:duplicates")


def person(network: Network, name: str, **fields: object) -> Contact:
    return add_contact(network, display_name=name, ways=[Way("email", "a@example.org")], **fields)


def pair_of(network: Network, first: Contact, second: Contact, *, is_certain: bool = False) -> DuplicatePair:
    evidence = [{"kind": "same_email", "weight": 7.0}, {"kind": "other_city", "weight": -1.0}]
    return DuplicatePair.objects.create(
        network=network, first=first, second=second, score=0.9, evidence=evidence, is_certain=is_certain
    )


@pytest.fixture
def pair(network: Network) -> DuplicatePair:
    return pair_of(network, person(network, "Anna Berg", city="Köln"), person(network, "A. Berg", city="Bonn"))


def address(pair: DuplicatePair, name: str = "duplicate") -> str:
    return reverse(f"contacts:{name}", args=[pair.uuid])


def undo_address(client: Client) -> str:
    """Return the undo URL in the toast of the latest page."""
    page = client.get(PAGE).content.decode()
    return page.rpartition('<form method="post" action="')[2].partition('"')[0]


def test_page_compares_a_pair_in_words(alice_client: Client, pair: DuplicatePair) -> None:
    page = alice_client.get(PAGE)
    assert page.context["reasons_for"] == ["Same e-mail address"]
    assert page.context["reasons_against"] == ["Different cities"]
    assert [each.key for each in page.context["comparisons"] if each.is_open] == ["name", "city"]


def test_page_for_htmx_is_a_part(alice_client: Client, pair: DuplicatePair) -> None:
    assert b"<html" not in alice_client.get(PAGE, headers=HTMX).content
    assert b"<html" in alice_client.get(PAGE).content


def test_page_without_duplicates_says_so(alice_client: Client, network: Network) -> None:
    assert "Everybody is here once" in alice_client.get(PAGE).content.decode()


def test_same_person_gets_the_chosen_picture(alice_client: Client, network: Network, pair: DuplicatePair) -> None:
    first, second = (set_photo(network, contact, picture()) for contact in (pair.first, pair.second))
    page = alice_client.get(PAGE)
    assert page.context["pictures"] == [(pair.first, first.uuid), (pair.second, second.uuid)]
    alice_client.post(address(pair), {"decision": "same", "field-picture": "other"})
    assert list(network.photos.all()) == [second]


@pytest.mark.parametrize("number", [1, 3])
def test_page_costs_the_same_for_many_pairs(
    alice_client: Client, network: Network, number: int, django_assert_num_queries
) -> None:
    alice_client.get(PAGE)
    for _number in range(number):
        pair_of(network, person(network, "Anna"), person(network, "Anna"))
        pair_of(network, person(network, "Ben"), person(network, "Ben"), is_certain=True)
    with django_assert_num_queries(12):
        alice_client.get(PAGE)


def test_same_person_merges_as_chosen(alice_client: Client, network: Network, pair: DuplicatePair) -> None:
    answer = alice_client.post(address(pair), {"decision": "same", "field-name": "survivor", "field-city": "other"})
    assert answer["Location"] == PAGE
    contact = network.contacts.get()
    assert (contact, contact.display_name, contact.city) == (pair.first, "Anna Berg", "Bonn")


def test_same_person_can_be_undone(alice_client: Client, network: Network, pair: DuplicatePair) -> None:
    alice_client.post(address(pair), {"decision": "same"})
    answer = alice_client.post(undo_address(alice_client))
    assert answer["Location"] == address(pair)
    assert network.contacts.count() == 2
    assert not Merge.objects.exists()


@pytest.mark.parametrize("decision", ["distinct", "later"])
def test_decision_is_remembered_and_can_be_undone(
    alice_client: Client, network: Network, pair: DuplicatePair, decision: str
) -> None:
    alice_client.post(address(pair), {"decision": decision})
    pair.refresh_from_db()
    assert pair.state == decision
    undo = undo_address(alice_client)
    assert alice_client.get(address(pair)).status_code == 404
    alice_client.post(undo)
    pair.refresh_from_db()
    assert (pair.state, network.contacts.count()) == ("open", 2)


def test_decision_by_htmx_answers_the_next_pair(alice_client: Client, network: Network, pair: DuplicatePair) -> None:
    following = pair_of(network, person(network, "Ben"), person(network, "Benno"))
    answer = alice_client.post(address(pair), {"decision": "distinct"}, headers=HTMX)
    assert answer.context["pair"] == following
    assert (b"<html" in answer.content, b"Two people, then." in answer.content) == (False, True)


def test_choice_that_is_none_changes_nothing(alice_client: Client, network: Network, pair: DuplicatePair) -> None:
    answer = alice_client.post(address(pair), {"decision": "same", "field-city": "both"})
    assert answer.status_code == 422
    assert network.contacts.count() == 2


def test_certain_pairs_go_together_and_come_back_together(alice_client: Client, network: Network) -> None:
    pairs = [pair_of(network, person(network, name), person(network, name), is_certain=True) for name in "ABC"]
    alice_client.post(reverse("contacts:merge_certain"), {"pairs": [str(pair.uuid) for pair in pairs[:2]]})
    assert network.contacts.count() == 4
    assert alice_client.post(undo_address(alice_client))["Location"] == PAGE
    assert network.contacts.count() == 6


def test_certain_pair_with_two_pictures_is_left_to_compare(alice_client: Client, network: Network) -> None:
    pairs = [pair_of(network, person(network, name), person(network, name), is_certain=True) for name in "AB"]
    set_photo(network, pairs[0].first, picture())
    set_photo(network, pairs[0].second, picture((50, 50)))
    post = reverse("contacts:merge_certain"), {"pairs": [str(pair.uuid) for pair in pairs]}
    page = alice_client.post(*post, follow=True).content.decode()
    assert "The others have to be compared one by one" in page
    assert network.contacts.count() == 3


def test_merging_certain_pairs_leaves_the_others(alice_client: Client, network: Network, pair: DuplicatePair) -> None:
    alice_client.post(reverse("contacts:merge_certain"), {"pairs": [str(pair.uuid)]})
    assert network.contacts.count() == 2


def test_merge_with_finds_compares_and_merges(alice_client: Client, network: Network) -> None:
    anna, other = person(network, "Anna Berg"), person(network, "Anna Weber")
    merge_address = reverse("contacts:merge_with", args=[other.uuid])
    assert list(alice_client.get(merge_address, {"q": "an"}).context["found"]) == [anna]
    assert alice_client.get(merge_address, {"with": str(anna.uuid)}).context["people"] == (anna, other)
    answer = alice_client.post(merge_address, {"with": str(anna.uuid), "field-name": "other"})
    assert answer["Location"] == anna.get_absolute_url()
    assert network.contacts.get().display_name == "Anna Weber"


def test_merge_with_nobody_of_ones_own_is_not_found(
    alice_client: Client, network: Network, stranger_network: Network
) -> None:
    anna, stranger = person(network, "Anna"), person(stranger_network, "Stranger")
    for wrong in (stranger.uuid, anna.uuid, "nobody"):
        answer = alice_client.post(reverse("contacts:merge_with", args=[anna.uuid]), {"with": str(wrong)})
        assert answer.status_code == 404
    assert Contact.objects.count() == 2


def test_undo_of_an_earlier_merge_names_the_later_one(alice_client: Client, network: Network) -> None:
    anna, ben, clara = (person(network, name) for name in ("Anna", "Ben", "Clara"))
    first = merge(network, anna, ben)
    merge(network, anna, clara)
    answer = alice_client.post(reverse("contacts:undo_merge", args=[first.batch]), follow=True)
    assert "Clara was put together with the same person later on." in answer.content.decode()
    assert list(network.contacts.all()) == [anna]


def test_address_of_a_merged_contact_leads_to_the_survivor(alice_client: Client, network: Network) -> None:
    anna, other = person(network, "Anna"), person(network, "Anna Berg")
    merge(network, anna, other)
    assert alice_client.get(other.get_absolute_url())["Location"] == anna.get_absolute_url()
