"""The list of contacts, adding one, and bulk actions."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.models import Contact, Network
from contacts.people.circles import add_circle, add_to_circle
from contacts.people.directory import add_contact, add_contacts, archive_contacts, trash_contacts
from contacts.people.person import Person
from contacts.people.photos import set_photo
from tests.contacts.pictures import picture
from tests.htmx import HTMX

LIST = reverse("contacts:list")


def shown(client: Client, **query: str) -> list[str]:
    return [contact.display_name for contact in client.get(LIST, query).context["rows"]]


def names(network: Network) -> list[str]:
    return list(
        network.contacts.filter(archived_at=None).order_by("display_name").values_list("display_name", flat=True)
    )


@pytest.fixture
def anna(network: Network) -> Contact:
    """One of Alice's contacts."""
    return add_contact(network, given_name="Anna", family_name="Berg", city="Köln")


@pytest.fixture
def eve(stranger_network: Network) -> Contact:
    """One of Mallory's contacts."""
    return add_contact(stranger_network, given_name="Eve")


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_five_queries(
    alice_client: Client, network: Network, count: int, django_assert_num_queries: object
) -> None:
    add_contacts(network, [Person.of({"given_name": f"Anna {n}"}, circles=[f"Circle {n}"]) for n in range(count)])
    with django_assert_num_queries(5):  # type: ignore[operator]
        alice_client.get(LIST, {"q": "anna"})


def test_bulk_logs_one_talk_with_everybody_and_takes_it_back(
    alice_client: Client, network: Network, anna: Contact, eve: Contact
) -> None:
    ben = add_contact(network, given_name="Ben")
    data = {"act": "talked", "contacts": [anna.uuid, ben.uuid, eve.uuid], "client_key": str(uuid.uuid4())}
    for _click in range(2):
        response = alice_client.post(reverse("contacts:bulk"), data, follow=True)
    talk = network.conversations.get()
    assert (talk.day, {contact.display_name for contact in talk.contacts.all()}) == (
        network.today(),
        {"Anna Berg", "Ben"},
    )
    undo_url = next(iter(response.context["messages"])).extra_tags
    alice_client.post(undo_url)
    assert not network.conversations.exists()


def test_list_shows_pictures_and_initials(alice_client: Client, network: Network, anna: Contact) -> None:
    add_contact(network, given_name="Ben", family_name="Öztürk")
    photo = set_photo(network, anna, picture())
    page = alice_client.get(LIST).text
    assert (page.count(f'src="/contacts/photos/{photo.uuid}/"'), page.count(">BÖ</span>")) == (1, 1)


def test_list_shows_only_ones_own(alice_client: Client, anna: Contact, eve: Contact) -> None:
    assert shown(alice_client) == ["Anna Berg"]


def test_list_answers_the_list_alone_to_htmx(alice_client: Client, anna: Contact) -> None:
    whole, part = alice_client.get(LIST), alice_client.get(LIST, {"q": "an"}, headers=HTMX)
    assert ("<html" in whole.text, "<html" in part.text) == (True, False)
    assert ("Anna Berg" in whole.text, "Anna Berg" in part.text) == (True, True)


def test_list_finds_from_one_letter_on(alice_client: Client, network: Network, anna: Contact) -> None:
    add_contact(network, given_name="Jörg", family_name="Müller")
    assert shown(alice_client, q="m") == ["Jörg Müller"]
    assert shown(alice_client, q="mueller") == ["Jörg Müller"]
    assert shown(alice_client, q="koeln") == ["Anna Berg"]
    assert shown(alice_client, q="\x00%") == []


def test_list_goes_on_after_the_last_one(
    alice_client: Client, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contacts.views.people.PAGE_SIZE", 2)
    add_contacts(network, [Person({"given_name": name}) for name in ("Anna", "Anna", "Ben", "Clara", "Deniz")])
    url, pages = LIST, []
    while url:
        response = alice_client.get(url)
        pages.append([contact.display_name for contact in response.context["rows"]])
        url = response.context["next_url"]
    assert pages == [["Anna", "Anna"], ["Ben", "Clara"], ["Deniz"]]


def test_list_goes_on_with_rows_alone_for_htmx(
    alice_client: Client, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contacts.views.people.PAGE_SIZE", 1)
    add_contacts(network, [Person({"given_name": name}) for name in ("Anna", "Ben")])
    url = alice_client.get(LIST).context["next_url"]
    assert alice_client.get(url, headers=HTMX).text.strip().startswith("<li>")


def test_list_begins_at_a_letter(alice_client: Client, network: Network) -> None:
    add_contacts(network, [Person({"given_name": name}) for name in ("Anna", "Ömer", "Paula")])
    assert shown(alice_client, start="o") == ["Ömer", "Paula"]
    assert shown(alice_client, start="nonsense") == ["Anna", "Ömer", "Paula"]


def test_list_narrows_to_a_circle_of_ones_own(
    alice_client: Client, network: Network, stranger_network: Network, anna: Contact
) -> None:
    add_contact(network, given_name="Ben")
    choir, strange = add_circle(network, name="Choir"), add_circle(stranger_network, name="Choir")
    add_to_circle(network, choir, [anna])
    assert shown(alice_client, circle=str(choir.uuid)) == ["Anna Berg"]
    assert shown(alice_client, circle=str(strange.uuid)) == ["Ben", "Anna Berg"]


def test_list_keeps_the_archive_apart(alice_client: Client, network: Network, anna: Contact) -> None:
    archive_contacts(network, [anna])
    assert (shown(alice_client), shown(alice_client, archived="1")) == ([], ["Anna Berg"])


@pytest.mark.parametrize("query", [{"after": "x"}, {"after": str(uuid.uuid4())}, {"circle": "x"}, {"select": "1"}])
def test_list_bears_any_query(alice_client: Client, anna: Contact, query: dict[str, str]) -> None:
    assert shown(alice_client, **query) == ["Anna Berg"]


def test_options_tell_the_picker_what_it_shows(alice_client: Client, anna: Contact, eve: Contact) -> None:
    photo = set_photo(anna.network, anna, picture())
    answer = json.loads(alice_client.get(reverse("contacts:people_options"), {"q": "a"}).content)
    assert answer == [
        {
            "uuid": str(anna.uuid),
            "name": "Anna Berg",
            "detail": "Köln",
            "url": f"/contacts/{anna.uuid}/",
            "initials": "AB",
            "picture": f"/contacts/photos/{photo.uuid}/",
        }
    ]
    assert json.loads(alice_client.get(reverse("contacts:people_options"), {"q": "e"}).content) == []


def test_options_add_circles_when_asked(alice_client: Client, network: Network) -> None:
    for name in ("Früher im Chor", "Choir", "Neighbours"):
        add_circle(network, name=name)
    url = reverse("contacts:people_options")
    answer = json.loads(alice_client.get(url, {"q": "chó", "circles": "1"}).content)
    assert [found["name"] for found in answer] == ["Choir", "Früher im Chor"]
    assert json.loads(alice_client.get(url, {"q": "cho"}).content) == []
    assert json.loads(alice_client.get(url, {"q": " ", "circles": "1"}).content) == []


def test_options_cost_four_queries(alice_client: Client, anna: Contact, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(4):  # type: ignore[operator]
        alice_client.get(reverse("contacts:people_options"), {"q": "an"})


def test_add_takes_a_name_alone(alice_client: Client, network: Network) -> None:
    response = alice_client.post(reverse("contacts:add"), {"name": "Müller, Anna"}, follow=True)
    anna = network.contacts.get()
    assert (anna.given_name, anna.family_name, response.context["added"]) == ("Anna", "Müller", anna)


def test_add_takes_more_at_once(alice_client: Client, network: Network) -> None:
    data = {"name": "Anna", "email": "anna@example.org", "phone": "0221 1234567", "circles": "Choir, IHK"}
    alice_client.post(reverse("contacts:add"), data)
    anna = network.contacts.get()
    assert list(anna.ways.values_list("normalised", flat=True)) == ["anna@example.org", "+492211234567"]
    assert list(anna.circles.values_list("name", flat=True)) == ["Choir", "IHK"]


def test_add_answers_the_form_and_the_way_to_the_page_to_htmx(alice_client: Client, network: Network) -> None:
    response = alice_client.post(reverse("contacts:add"), {"name": "Anna"}, headers=HTMX)
    assert (response.status_code, "<html" in response.text) == (200, False)
    assert network.contacts.get().get_absolute_url() in response.text
    assert "<html" in alice_client.get(reverse("contacts:add")).text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "A\x00"}, "name"),
        ({"name": "Anna", "email": "anna"}, "email"),
        ({"name": "Anna", "phone": "ring me"}, "phone"),
        ({"name": "Anna", "circles": "x" * 201}, "circles"),
    ],
)
def test_add_refuses_what_cannot_be_right(
    alice_client: Client, network: Network, data: dict[str, str], field: str
) -> None:
    response = alice_client.post(reverse("contacts:add"), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert names(network) == []


@pytest.mark.parametrize("name", ["\u202eannA", "Anna\ud800".encode("utf-8", "surrogatepass"), "Anna\u2066"])
def test_add_cleans_what_would_disguise_a_name(alice_client: Client, network: Network, name: str | bytes) -> None:
    alice_client.post(reverse("contacts:add"), {"name": name})
    kept = network.contacts.get().display_name
    assert not {"\u202e", "\u2066", "\ud800"} & set(kept)


def test_add_refuses_a_name_of_nothing_visible(alice_client: Client, network: Network) -> None:
    assert alice_client.post(reverse("contacts:add"), {"name": "\u202e"}).status_code == 422


@pytest.mark.parametrize("act", ["archive", "delete"])
def test_bulk_acts_on_the_ticked_and_can_be_taken_back(
    alice_client: Client, network: Network, anna: Contact, act: str
) -> None:
    add_contact(network, given_name="Ben")
    data = {"act": act, "contacts": [str(anna.uuid), "nonsense"]}
    response = alice_client.post(reverse("contacts:bulk") + "?q=x", data)
    assert response["Location"] == f"{LIST}?q=x&select=1"
    assert names(network) == ["Ben"]
    message = next(iter(alice_client.get(LIST).context["messages"]))
    alice_client.post(message.extra_tags)
    assert names(network) == ["Anna Berg", "Ben"]


def test_bulk_puts_the_ticked_into_a_circle(alice_client: Client, network: Network, anna: Contact) -> None:
    choir = add_circle(network, name="Choir")
    data = {"act": "circle", "circle": str(choir.uuid), "contacts": [str(anna.uuid)]}
    alice_client.post(reverse("contacts:bulk"), data)
    assert list(choir.contacts.all()) == [anna]


def test_bulk_takes_out_of_the_archive(alice_client: Client, network: Network, anna: Contact) -> None:
    archive_contacts(network, [anna])
    alice_client.post(reverse("contacts:bulk"), {"act": "unarchive", "contacts": [str(anna.uuid)]})
    assert names(network) == ["Anna Berg"]


@pytest.mark.parametrize("act", ["archive", "delete", "circle", "unarchive", "", "nonsense"])
def test_bulk_leaves_a_strangers_contacts(alice_client: Client, eve: Contact, act: str) -> None:
    alice_client.post(reverse("contacts:bulk"), {"act": act, "contacts": [str(eve.uuid)]})
    eve.refresh_from_db()
    assert (eve.deleted_at, eve.archived_at, eve.circles.count()) == (None, None, 0)


def test_undo_knows_only_ones_own_acts(
    mallory_client: Client, stranger_network: Network, network: Network, anna: Contact
) -> None:
    instant = trash_contacts(network, [anna])
    epoch = timezone.datetime(1970, 1, 1, tzinfo=timezone.get_fixed_timezone(0))
    url = reverse("contacts:undo_delete", args=[(instant - epoch) // timedelta(microseconds=1)])
    assert mallory_client.post(url).status_code == 404
    assert names(network) == []


@pytest.mark.parametrize("instant", [0, 10**17, 10**30])
def test_undo_of_nothing_is_not_found(alice_client: Client, instant: int) -> None:
    assert alice_client.post(reverse("contacts:undo_archive", args=[instant])).status_code == 404


def test_bulk_and_undo_take_posts_only(alice_client: Client) -> None:
    for url in (reverse("contacts:bulk"), reverse("contacts:undo_delete", args=[1])):
        assert alice_client.get(url).status_code == 405
