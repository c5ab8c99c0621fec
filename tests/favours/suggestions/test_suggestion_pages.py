"""The suggestion pages: Today's list, a single suggestion, and the member's answers."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from contacts.models import Contact, Network, WayToReach
from contacts.people.conversations import hear
from contacts.people.topics import add_topic
from favours.models import Favour, Suggestion
from favours.suggestions.answers import months_on
from favours.suggestions.evidence import gather
from favours.suggestions.rounds import make_round, preview
from favours.suggestions.scoring import is_eligible
from tests.favours.conftest import make_people
from tests.htmx import HTMX


@pytest.fixture
def jana(network: Network) -> Contact:
    (jana,) = make_people(network, "Jana", given_name="Jana")
    hear(network, contact=jana, kind="seeks", text="a tax adviser", day=network.today())
    return jana


@pytest.fixture
def markus(network: Network) -> Contact:
    (markus,) = make_people(network, "Markus", given_name="Markus")
    WayToReach.objects.create(
        network=network, contact=markus, kind="email", value="markus@example.org", normalised="markus@example.org"
    )
    add_topic(network, contact=markus, kind="offers", text="tax adviser")
    return markus


@pytest.fixture
def suggestion(network: Network, jana: Contact, markus: Contact) -> Suggestion:
    """The suggestion to introduce Jana to Markus."""
    return make_round(network, network.today()).listed[0]


def address(name: str, suggestion: Suggestion) -> str:
    return reverse(f"favours:{name}", args=[suggestion.uuid])


def words(content: bytes) -> str:
    return " ".join(unescape(strip_tags(content.decode())).split())


def listed(client: Client) -> list[str]:
    context = client.get(reverse("favours:today")).context
    return [each.contact.display_name for each, _steps in context["suggested"]]


def answer(client: Client, suggestion: Suggestion, chosen: str, **options: object) -> object:
    return client.post(address("suggestion_answer", suggestion), {"answer": chosen}, **options)


def test_today_shows_the_people_of_the_week_with_reason_and_steps(alice_client: Client, suggestion: Suggestion) -> None:
    assert listed(alice_client) == ["Jana"]
    page = words(alice_client.get(reverse("favours:today")).content)
    assert page.count("Jana is looking for a tax adviser (heard today). Markus offers tax adviser.") == 1
    assert page.count("Ask Markus first Introduce them Log it") == 1


def test_today_without_a_round_makes_none(alice_client: Client, network: Network, jana: Contact) -> None:
    assert listed(alice_client) == []
    assert network.rounds.count() == 0


def test_list_takes_the_same_queries_for_one_and_for_three(
    alice_client: Client, network: Network, suggestion: Suggestion, django_assert_num_queries
) -> None:
    with django_assert_num_queries(10):
        alice_client.get(reverse("favours:suggestions"), headers=HTMX)
    network.rounds.all().delete()
    for person, text in zip(make_people(network, "Anna", "Ben"), ("a violin", "an office"), strict=True):
        hear(network, contact=person, kind="seeks", text=text, day=network.today())
    make_round(network, network.today())
    assert len(listed(alice_client)) == 3
    with django_assert_num_queries(10):
        alice_client.get(reverse("favours:suggestions"), headers=HTMX)


def test_list_answers_htmx_with_itself_alone(alice_client: Client, suggestion: Suggestion) -> None:
    whole = alice_client.get(reverse("favours:suggestions"))
    part = alice_client.get(reverse("favours:suggestions"), headers=HTMX)
    assert (b"<html" in whole.content, b"<html" in part.content) == (True, False)


def test_page_of_a_pair_asks_first_and_then_introduces(alice_client: Client, suggestion: Suggestion) -> None:
    ask = alice_client.get(address("suggestion", suggestion))
    text = "Hello Markus, may I introduce you to Jana? Jana is looking for: “a tax adviser”. You came to my mind."
    assert ask.context["text"] == text
    ((reached, (mail,)),) = ask.context["people"]
    assert (reached.display_name, mail.href) == (
        "Markus",
        "mailto:markus@example.org?" + urlencode({"body": text}).replace("+", "%20"),
    )
    introduce = alice_client.get(address("suggestion", suggestion) + "?introduce")
    assert introduce.context["text"] == (
        "Hello Jana, hello Markus, I would like you two to know each other. Jana is looking for: "
        "“a tax adviser”. Markus: “tax adviser”. Over to you!"
    )
    assert [contact.display_name for contact, _ways in introduce.context["people"]] == ["Jana", "Markus"]


def test_introduction_is_logged_once_with_both_and_leaves_the_list(
    alice_client: Client, network: Network, suggestion: Suggestion, jana: Contact, markus: Contact
) -> None:
    for _time in range(2):
        alice_client.post(address("suggestion_log", suggestion))
    favour = network.favours.get()
    assert (favour.direction, favour.kind) == ("give", "introduction")
    assert set(favour.contacts.all()) == {jana, markus}
    assert listed(alice_client) == []


def test_logged_by_htmx_asks_whether_it_is_settled(alice_client: Client, suggestion: Suggestion) -> None:
    response = alice_client.post(address("suggestion_log", suggestion), headers=HTMX)
    assert words(response.content).count("Jana was looking for a tax adviser. Is that settled?") == 1
    assert response.headers["HX-Trigger"] == "suggestion-logged"


def test_logging_that_was_undone_can_be_logged_again(
    alice_client: Client, network: Network, suggestion: Suggestion
) -> None:
    alice_client.post(address("suggestion_log", suggestion))
    alice_client.post(reverse("favours:delete", args=[network.favours.get().uuid]))
    assert listed(alice_client) == ["Jana"]
    alice_client.post(address("suggestion_log", suggestion))
    assert network.favours.count() == 1


def test_kept_tip_is_logged_and_leaves_the_box(alice_client: Client, network: Network) -> None:
    (anna,) = make_people(network, "Anna")
    add_topic(network, contact=anna, kind="interest", text="timber construction")
    item = network.tip_box_items.create(text="timber construction", kept_on=network.today())
    (suggestion,) = make_round(network, network.today()).listed
    alice_client.post(address("suggestion_log", suggestion))
    item.refresh_from_db()
    favour = network.favours.get()
    assert (favour.kind, favour.note, item.used_on) == (Favour.Kind.TIP, "timber construction", network.today())


def test_getting_in_touch_is_logged_as_a_talk(alice_client: Client, network: Network) -> None:
    (clara,) = make_people(network, "Clara")
    hear(network, contact=clara, kind="news", text="moving", day=network.today() - timedelta(days=15))
    (suggestion,) = make_round(network, network.today()).listed
    alice_client.post(address("suggestion_log", suggestion))
    assert network.favours.count() == 0
    assert network.conversations.filter(is_news=False, day=network.today()).count() == 1


@pytest.mark.parametrize(
    ("chosen", "state", "months"),
    [
        ("later-1", "later", 1),
        ("later-3", "later", 3),
        ("later-6", "later", 6),
        ("unfit", "unfit", None),
        ("never", "never", None),
        ("dismiss", "dismissed", None),
    ],
)
def test_answer_takes_the_person_from_the_list_until_it_is_taken_back(
    alice_client: Client, network: Network, suggestion: Suggestion, chosen: str, state: str, months: int | None
) -> None:
    response = answer(alice_client, suggestion, chosen, headers=HTMX)
    assert b"<html" not in response.content
    suggestion.refresh_from_db()
    until = months_on(network.today(), months) if months else None
    assert (suggestion.state, suggestion.later_until) == (state, until)
    assert listed(alice_client) == []
    alice_client.post(address("suggestion_reopen", suggestion))
    assert listed(alice_client) == ["Jana"]


def test_died_is_noted_at_the_person_until_it_is_taken_back(
    alice_client: Client, suggestion: Suggestion, jana: Contact
) -> None:
    answer(alice_client, suggestion, "died")
    jana.refresh_from_db()
    assert (jana.has_died, listed(alice_client)) == (True, [])
    alice_client.post(address("suggestion_reopen", suggestion))
    jana.refresh_from_db()
    assert (jana.has_died, listed(alice_client)) == (False, ["Jana"])


def test_unknown_answer_is_refused(alice_client: Client, suggestion: Suggestion) -> None:
    assert answer(alice_client, suggestion, "whatever").status_code == 400


def test_asked_is_followed_by_one_question_on_the_next_visit(alice_client: Client, suggestion: Suggestion) -> None:
    alice_client.post(address("suggestion_asked", suggestion))
    page = words(alice_client.get(reverse("favours:today")).content)
    assert page.count("Did it work out? Log it Dismiss Introduce them") == 1
    answer(alice_client, suggestion, "dismiss")
    assert words(alice_client.get(reverse("favours:today")).content).count("Did it work out?") == 0


def test_asked_in_the_week_before_is_still_asked_about(
    alice_client: Client, network: Network, suggestion: Suggestion
) -> None:
    alice_client.post(address("suggestion_asked", suggestion))
    year, week, _weekday = (network.today() - timedelta(weeks=1)).isocalendar()
    network.rounds.update(year=year, week=week, day=network.today() - timedelta(weeks=1))
    page = words(alice_client.get(reverse("favours:today")).content)
    assert page.count("Did it work out?") == 1


@pytest.mark.parametrize(
    ("chosen", "after_weeks", "eligible"),
    [("later-1", 4, False), ("later-1", 5, True), ("never", 60, False), ("dismiss", 3, False), ("dismiss", 4, True)],
)
def test_answer_holds_in_later_weeks(
    alice_client: Client,
    network: Network,
    suggestion: Suggestion,
    jana: Contact,
    chosen: str,
    after_weeks: int,
    eligible: bool,
) -> None:
    answer(alice_client, suggestion, chosen)
    network.contacts.filter(pk=jana.pk).update(last_contact_on=network.today() - timedelta(weeks=60))
    network.topics.filter(contact=jana).update(noted_on=network.today() - timedelta(days=30))
    on = network.today() + timedelta(weeks=after_weeks)
    (found,) = (each for each in gather([network], on)[network].candidates if each.key == jana.pk)
    assert is_eligible(found, on) is eligible


def test_reason_that_did_not_fit_leaves_the_others(
    alice_client: Client, network: Network, suggestion: Suggestion, jana: Contact
) -> None:
    answer(alice_client, suggestion, "unfit")
    on = network.today() + timedelta(weeks=8)
    (again,) = (each for each in preview(network, on).listed if each.contact == jana)
    assert [signal.kind for signal in again.signals] == ["seeks"]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2026-01-31", 1, "2026-02-28"), ("2026-11-23", 3, "2027-02-23"), ("2026-08-31", 6, "2027-02-28")],
)
def test_months_on_ends_with_shorter_months(day: str, months: int, then: str) -> None:
    assert months_on(date.fromisoformat(day), months).isoformat() == then
