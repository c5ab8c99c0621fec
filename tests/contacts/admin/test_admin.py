"""Tidying up on the admin site: only one's own network, nothing counted, everything undoable."""

import re

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from contacts.admin.base import UncountedPaginator
from contacts.cards import Way
from contacts.merging import merge
from contacts.merging import undo as undo_merge
from contacts.models import Contact, Conversation, DuplicatePair, ImportRun, Network, StoredFile, WayToReach
from contacts.people.circles import add_circle, add_to_circle
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact, archive_contacts
from contacts.people.topics import add_topic
from tests.isolation.rows import owned_rows, plant

LISTS = {
    "contacts": "/admin/contacts/contact/",
    "pairs": "/admin/contacts/duplicatepair/",
    "merges": "/admin/contacts/merge/",
    "ways": "/admin/contacts/waytoreach/",
    "circles": "/admin/contacts/circle/",
    "talks": "/admin/contacts/conversation/",
    "imports": "/admin/contacts/importrun/",
    "entries": "/admin/favours/favour/",
}


@pytest.fixture
def staff(alice_client: Client, alice: User) -> Client:
    """A browser signed in as Alice, who has staff rights."""
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    return alice_client


@pytest.fixture
def staff_stranger(mallory_client: Client, mallory: User) -> Client:
    """A browser signed in as Mallory, who has the same rights and must not see anything of Alice's."""
    User.objects.filter(pk=mallory.pk).update(is_staff=True)
    return mallory_client


def act(client: Client, name: str, action: str, *rows: object, **more: object) -> HttpResponse:
    selected = [getattr(row, "pk") for row in rows]  # noqa: B009 - rows of any model
    return client.post(LISTS[name], {"action": action, "_selected_action": selected, **more})


def undo(client: Client, answer: HttpResponse) -> None:
    """Press the undo button in the message that an action left."""
    *_earlier, message = get_messages(answer.wsgi_request)
    assert client.post(str(message.extra_tags)).status_code == 302


def wrong_ways(network: Network, contact: Contact) -> list[WayToReach]:
    values = [("phone", "O221 l234567"), ("email", "anna (at) example.org"), ("email", "nobody")]
    return [
        WayToReach.objects.create(network=network, contact=contact, kind=kind, value=value, normalised=value)
        for kind, value in values
    ]


@pytest.mark.parametrize("path", ["/admin/", "/admin/search/?q=secret", *LISTS.values()])
def test_admin_opens_for_staff_and_only_for_them(
    staff: Client, mallory_client: Client, network: Network, path: str
) -> None:
    plant(network)
    assert staff.get(path).status_code == 200
    assert mallory_client.get(path, follow=True).status_code == 404


def test_admin_shows_a_stranger_nothing(staff: Client, staff_stranger: Client, network: Network) -> None:
    """Covers lists, filters, details, history and autocomplete."""
    belongings = plant(network)
    wrong_ways(network, belongings.contact)
    before = owned_rows(network)
    rows = [belongings.contact, belongings.pair, belongings.circle, belongings.conversation, belongings.merge]
    rows += [belongings.import_run, belongings.favour]
    details = [
        f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.uuid}/{page}/"
        for row in rows
        for page in ("change", "history", "delete")
    ]
    autocomplete = "/admin/autocomplete/?app_label=contacts&model_name=waytoreach&field_name=contact&term=anna"
    queries = ["", "?q=secret", f"?circle={belongings.circle.uuid}", "?reach=none"]
    paths = [path + query for path in LISTS.values() for query in queries] + details
    for path in [*paths, autocomplete, "/admin/search/?q=secret"]:
        assert b"Secret" not in staff_stranger.get(path, follow=True).content, path
    assert owned_rows(network) == before


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("contacts", "archive"),
        ("contacts", "delete"),
        ("contacts", "change_circles"),
        ("pairs", "same_person"),
        ("pairs", "two_people"),
        ("pairs", "later"),
        ("merges", "part"),
        ("ways", "correct"),
        ("circles", "dissolve"),
        ("talks", "delete"),
        ("imports", "try_again"),
        ("entries", "delete"),
    ],
)
def test_admin_action_of_a_stranger_changes_nothing(
    staff_stranger: Client, network: Network, name: str, action: str
) -> None:
    belongings = plant(network)
    wrong_ways(network, belongings.contact)
    before = owned_rows(network)
    rows = range(1, 50)
    staff_stranger.post(LISTS[name], {"action": action, "_selected_action": list(rows), "apply": "1"})
    assert owned_rows(network) == before


def test_admin_undo_is_the_members_own(staff: Client, staff_stranger: Client, network: Network) -> None:
    contact = add_contact(network, display_name="Anna")
    answer = act(staff, "contacts", "delete", contact)
    [message] = get_messages(answer.wsgi_request)
    assert staff_stranger.post(str(message.extra_tags)).status_code == 404
    assert not network.contacts.exists()


@pytest.mark.parametrize("path", LISTS.values())
def test_admin_counts_nothing(staff: Client, network: Network, path: str) -> None:
    plant(network)
    for query in ("", "?q=secret"):
        page = staff.get(path + query).content.decode()
        assert str(UncountedPaginator.count) not in page
        assert re.findall(r"\d+ (?:results?|of|total|selected|contacts?|entries)\b", page) == []


def test_admin_offers_no_adding_editing_or_erasing(staff: Client, network: Network) -> None:
    contact = add_contact(network, display_name="Anna")
    page = f"{LISTS['contacts']}{contact.uuid}/"
    assert staff.get(f"{LISTS['contacts']}add/").status_code == 403
    assert staff.post(f"{page}change/", {"display_name": "Eve"}).status_code == 403
    assert staff.post(f"{page}delete/", {"post": "yes"}).status_code == 403


def test_contacts_without_any_way_are_found(staff: Client, network: Network) -> None:
    add_contact(network, display_name="Anna", ways=[Way("email", "a@example.org")])
    ben = add_contact(network, display_name="Ben")
    assert list(staff.get(LISTS["contacts"], {"reach": "none"}).context["cl"].result_list) == [ben]


def test_contacts_are_searched_as_everywhere(staff: Client, network: Network) -> None:
    jorg = add_contact(network, given_name="Jörg", family_name="Müller")
    add_contact(network, display_name="Ben")
    assert list(staff.get(LISTS["contacts"], {"q": "mueller"}).context["cl"].result_list) == [jorg]


@pytest.mark.parametrize(("action", "field"), [("archive", "archived_at"), ("delete", "deleted_at")])
def test_contacts_are_put_away_and_brought_back(staff: Client, network: Network, action: str, field: str) -> None:
    people = [add_contact(network, display_name=name) for name in ("Anna", "Ben")]
    answer = act(staff, "contacts", action, *people)
    assert Contact.with_trash.filter(**{f"{field}__isnull": False}).count() == 2
    undo(staff, answer)
    assert Contact.with_trash.filter(**{f"{field}__isnull": False}).count() == 0


def test_contacts_move_between_circles_and_back(staff: Client, network: Network) -> None:
    anna, ben = (add_contact(network, display_name=name) for name in ("Anna", "Ben"))
    choir, trade = (add_circle(network, name=name) for name in ("Choir", "Trade"))
    add_to_circle(network, choir, [anna])
    add_to_circle(network, trade, [ben])
    before = sorted(network.circle_memberships.values_list("circle", "contact"))
    assert act(staff, "contacts", "change_circles", anna, ben).status_code == 200
    circles = {"into": str(trade.uuid), "out_of": str(choir.uuid)}
    answer = act(staff, "contacts", "change_circles", anna, ben, apply="1", **circles)
    assert list(choir.contacts.all()) == []
    assert set(trade.contacts.all()) == {anna, ben}
    undo(staff, answer)
    assert sorted(network.circle_memberships.values_list("circle", "contact")) == before


def test_contacts_come_back_into_the_archive(staff: Client, network: Network) -> None:
    anna, ben = (add_contact(network, display_name=name) for name in ("Anna", "Ben"))
    archive_contacts(network, [anna])
    answer = act(staff, "contacts", "unarchive", anna, ben)
    assert not network.contacts.exclude(archived_at=None).exists()
    undo(staff, answer)
    assert list(network.contacts.exclude(archived_at=None)) == [anna]


def test_circles_to_move_between_have_to_be_named(staff: Client, network: Network) -> None:
    answer = act(staff, "contacts", "change_circles", add_contact(network, display_name="Anna"), apply="1")
    assert answer.context["form"].non_field_errors() == ["Pick a circle first."]


def test_circles_of_a_stranger_are_no_choice(staff: Client, network: Network, stranger_network: Network) -> None:
    anna = add_contact(network, display_name="Anna")
    foreign = add_circle(stranger_network, name="Secret")
    answer = act(staff, "contacts", "change_circles", anna, apply="1", into=str(foreign.uuid))
    assert (answer.status_code, b"Secret" in answer.content) == (200, False)
    assert not foreign.memberships.exists()


def test_ways_are_corrected_as_proposed_and_back(staff: Client, alice: User, network: Network) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/Berlin")
    contact = add_contact(network, display_name="Anna", ways=[Way("email", "fine@example.org")])
    ways = wrong_ways(network, contact)
    before = list(network.ways_to_reach.order_by("pk").values_list("value", flat=True))
    assert list(staff.get(LISTS["ways"]).context["cl"].result_list) == ways
    answer = act(staff, "ways", "correct", *ways)
    after = ["fine@example.org", "+49 221 1234567", "anna@example.org", "nobody"]
    assert list(network.ways_to_reach.order_by("pk").values_list("value", flat=True)) == after
    undo(staff, answer)
    assert list(network.ways_to_reach.order_by("pk").values_list("value", flat=True)) == before


def test_addresses_with_the_postcode_for_a_city_are_turned_and_back(staff: Client, network: Network) -> None:
    wrong, right = ["", "", "Weg 1", "50667", "", "Köln", ""], ["", "", "Weg 1", "Köln", "", "50667", ""]
    unclear = ["", "", "Weg 1", "50667", "", "", ""]
    ways = [Way("address", value, parts=tuple(parts)) for value, parts in (("1", wrong), ("2", right), ("3", unclear))]
    anna = add_contact(network, display_name="Anna", city="50667", ways=ways)

    doubtful = list(staff.get(LISTS["ways"], {"kind": "address"}).context["cl"].result_list)
    assert [way.parts for way in doubtful] == [wrong, unclear]
    answer = act(staff, "ways", "correct", *doubtful)
    turned = [("Weg 1, 50667 Köln", right), ("2", right), ("3", unclear)]
    assert city_and_addresses(anna) == ("Köln", turned)
    undo(staff, answer)
    assert city_and_addresses(anna) == ("50667", [("1", wrong), ("2", right), ("3", unclear)])


def city_and_addresses(contact: Contact) -> tuple[str, list[tuple[str, list[str]]]]:
    contact.refresh_from_db()
    return contact.city, [(way.value, way.parts) for way in contact.ways.all()]


def test_duplicates_are_answered_and_asked_again(staff: Client, network: Network) -> None:
    anna, other = (add_contact(network, display_name="Anna") for _number in range(2))
    pair = DuplicatePair.objects.create(network=network, first=anna, second=other, score=0.9)
    for action in ("same_person", "two_people", "later"):
        answer = act(staff, "pairs", action, pair)
        assert list(staff.get(LISTS["pairs"]).context["cl"].result_list) == []
        undo(staff, answer)
        pair = DuplicatePair.objects.get()
        assert (pair.state, network.contacts.count()) == ("open", 2)


def test_merges_are_undone_from_the_last_back(staff: Client, network: Network) -> None:
    people = [add_contact(network, display_name=name) for name in ("Anna", "A.", "Anne")]
    first, second = (merge(network, people[0], other) for other in people[1:])
    act(staff, "merges", "part", first)
    assert network.contacts.count() == 1
    act(staff, "merges", "part", first, second)
    assert network.contacts.count() == 3


def test_undo_of_a_merge_waits_until_a_later_one_is_undone(staff: Client, network: Network) -> None:
    anna, other, third = (add_contact(network, display_name=name) for name in ("Anna", "Anne", "A."))
    pair = DuplicatePair.objects.create(network=network, first=anna, second=other, score=0.9)
    answer = act(staff, "pairs", "same_person", pair)
    later = merge(network, anna, third)
    undo(staff, answer)
    assert network.contacts.count() == 1
    undo_merge(network, later)
    undo(staff, answer)
    assert network.contacts.count() == 3


def test_unused_circles_are_dissolved_and_brought_back(staff: Client, network: Network) -> None:
    used, unused = (add_circle(network, name=name) for name in ("Used", "Unused"))
    add_to_circle(network, used, [add_contact(network, display_name="Anna")])
    assert list(staff.get(LISTS["circles"]).context["cl"].result_list) == [unused]
    answer = act(staff, "circles", "dissolve", used, unused)
    assert list(network.circles.all()) == [used]
    undo(staff, answer)
    assert sorted(network.circles.values_list("name", flat=True)) == ["Unused", "Used"]


def test_conversations_with_nobody_go_and_come_back(staff: Client, network: Network) -> None:
    anna = add_contact(network, display_name="Anna")
    log_conversation(network, day=network.today(), contacts=[anna])
    empty = Conversation.objects.create(network=network, day=network.today())
    assert list(staff.get(LISTS["talks"]).context["cl"].result_list) == [empty]
    answer = act(staff, "talks", "delete", empty)
    assert network.conversations.count() == 1
    undo(staff, answer)
    assert network.conversations.count() == 2


def test_failed_import_is_tried_again(staff: Client, network: Network) -> None:
    file = StoredFile.objects.create(network=network, name="a.vcf", content=b"")
    run = ImportRun.objects.create(network=network, file=file, file_name="a.vcf", state="failed", problem="Broken.")
    assert b"Broken." in staff.get(LISTS["imports"]).content
    act(staff, "imports", "try_again", run)
    run.refresh_from_db()
    assert (run.state, run.problem) == ("queued", "")


def test_imports_are_filtered_by_their_state(staff: Client, alice: User, network: Network) -> None:
    User.objects.filter(pk=alice.pk).update(language="de")
    runs = [ImportRun.objects.create(network=network, file_name="a.vcf", state=state) for state in ("failed", "done")]
    page = staff.get(LISTS["imports"], {"state": "failed"})
    assert list(page.context["cl"].result_list) == runs[:1]
    assert b"Nach Zustand" in page.content


def test_import_without_a_file_has_a_name(staff: Client, network: Network) -> None:
    ImportRun.objects.create(network=network, format="sample", is_sample=True)
    assert b">Sample network</a>" in staff.get(LISTS["imports"]).content


@pytest.mark.parametrize("path", LISTS.values())
def test_empty_list_says_so_and_offers_no_action(staff: Client, network: Network, path: str) -> None:
    page = staff.get(path).content
    assert (b"Nothing found." in page, b'name="action"' in page) == (True, False)


def test_search_finds_everything(staff: Client, network: Network) -> None:
    plant(network)
    add_topic(network, contact=None, kind="offers", text="Secret recipe")
    found = staff.get("/admin/search/", {"q": "secret"}).context["found"]
    kinds = {str(label): {hit.name for hit in hits} for label, hits in found}
    assert kinds.keys() == {
        "Contacts",
        "Ways to reach",
        "Circles",
        "Looking for and offers",
        "Conversations",
        "Related people",
        "Reminders",
        "Journal",
        "Tip box",
        "Imports",
    }
    assert kinds["Circles"] == {"Secret circle"}
    assert kinds["Looking for and offers"] == {"Anna Secret", "Eva Secret", "What I can offer myself"}
    assert kinds["Conversations"] == {"3 May 2026"}
    assert kinds["Ways to reach"] == {"Anna Secret"}


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_for_many_rows(
    staff: Client, network: Network, number: int, django_assert_max_num_queries
) -> None:
    for _number in range(number):
        wrong_ways(network, plant_once(network))
    for path in LISTS.values():
        with django_assert_max_num_queries(6):
            staff.get(path)


def plant_once(network: Network) -> Contact:
    anna, other = (add_contact(network, display_name="Anna") for _number in range(2))
    DuplicatePair.objects.create(network=network, first=anna, second=other, score=0.9)
    Conversation.objects.create(network=network, day=network.today())
    ImportRun.objects.create(network=network, file_name="a.vcf")
    return anna
