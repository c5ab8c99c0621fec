"""A need or an offer that was just heard finds its answer at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from contacts.matching.vectors import compute
from contacts.models import Contact, Network
from contacts.people.conversations import hear
from contacts.people.directory import add_contact
from contacts.people.topics import add_topic
from favours.tips.heard import answer_to
from favours.tips.needs import needs_that_fit
from favours.tips.tip_box import find_people
from tests.contacts.meaning.engine import FewWords, meaning_by
from tests.favours.entries import log_favour
from tests.htmx import HTMX

URL = reverse("favours:log")


@pytest.fixture
def engine() -> Iterator[FewWords]:
    engine = FewWords()
    with meaning_by(engine):
        yield engine


@pytest.fixture
def anna(network: Network) -> Contact:
    return add_contact(network, given_name="Anna")


def heard_from(anna: Contact, text: str, kind: str = "seeks") -> dict[str, str]:
    return {"mode": "heard", "contacts": str(anna.uuid), "heard": kind, "text": text}


def named(network: Network, anna: Contact, text: str, kind: str = "seeks") -> list[tuple[str, bool]]:
    talk = hear(network, contact=anna, kind=kind, text=text, day=network.today())  # type: ignore[arg-type]
    answer = answer_to(network, talk)
    assert answer is not None
    return [(match.contact.display_name, answer.perhaps) for match in answer.matches if match.contact]


def test_a_need_names_who_could_answer_it_but_not_the_person_themself(
    network: Network, anna: Contact, engine: FewWords
) -> None:
    add_contact(network, given_name="Ben", role="Gärtnerin")
    add_topic(network, contact=anna, kind="offers", text="Thuja")
    compute(network)
    assert named(network, anna, "our hedge is too high") == [("Ben", False)]


def test_an_offer_names_whose_need_it_answers(network: Network, anna: Contact, engine: FewWords) -> None:
    ben = add_contact(network, given_name="Ben")
    add_topic(network, contact=ben, kind="seeks", text="hedge")
    compute(network)
    assert named(network, anna, "Gärtnerin", "offers") == [("Ben", False)]


def test_where_nobody_is_likely_some_are_named_perhaps(network: Network, anna: Contact, engine: FewWords) -> None:
    """Eva, whose role has nothing to do with hedges, is not named."""
    add_contact(network, given_name="Ben", role="Gärtnerin, tax accountant")
    add_contact(network, given_name="Eva", role="accountant")
    compute(network)
    assert named(network, anna, "our hedge is too high") == [("Ben", True)]


def test_news_has_no_answer(network: Network, anna: Contact, engine: FewWords) -> None:
    talk = hear(network, contact=anna, kind="news", text="moved", day=network.today())
    assert answer_to(network, talk) is None


def test_after_heard_the_page_says_who_and_why_and_asks_without_naming_the_seeker(
    alice_client: Client, network: Network, anna: Contact, engine: FewWords
) -> None:
    add_contact(network, given_name="Ben", role="Gärtnerin")
    compute(network)
    page = alice_client.post(URL, heard_from(anna, "our hedge is too high"), headers=HTMX).content.decode()
    answer = page.partition("Who could answer it:")[2].partition("</section>")[0]
    assert "by their role: Gärtnerin (close in meaning)" in " ".join(answer.split())
    assert "Hello Ben, somebody I know is looking for: our hedge is too high. Would you be open to it?" in answer
    assert "Anna" not in answer


def test_after_heard_the_page_says_that_nobody_answers_yet(
    alice_client: Client, network: Network, anna: Contact
) -> None:
    page = alice_client.post(URL, heard_from(anna, "our hedge is too high"), headers=HTMX).content.decode()
    assert "Nobody yet; it waits." in page


def test_what_the_member_offers_is_said(
    alice_client: Client, network: Network, anna: Contact, engine: FewWords
) -> None:
    add_topic(network, contact=None, kind="offers", text="Thuja")
    compute(network)
    page = alice_client.post(URL, heard_from(anna, "our hedge is too high"), headers=HTMX).content.decode()
    assert ("You offer that yourself: Thuja" in " ".join(page.split()), "Nobody yet" in page) == (True, False)


def test_the_tip_page_goes_on_with_perhaps(
    alice_client: Client, network: Network, anna: Contact, engine: FewWords
) -> None:
    add_contact(network, given_name="Ben", role="Gärtnerin")
    for number in range(7):
        add_contact(network, given_name=f"Person {number}", role=f"Gärtnerin, tax accountant {number}")
    add_contact(network, given_name="Eva", role="Imkerei")
    compute(network)
    found = find_people(network, "our hedge")
    assert [person.contact.display_name for person in found.knows_about] == ["Ben"]
    assert len(found.perhaps) == 5
    assert "Eva" not in {person.contact.display_name for person in found.perhaps}
    page = alice_client.get(reverse("favours:tip"), {"text": "our hedge"}).content.decode()
    assert page.index("Knows about it") < page.index("Ben") < page.index("Perhaps also") < page.index("accountant")


def test_a_need_may_be_settled_by_what_a_note_means(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="seeks", text="our hedge is too high")
    add_topic(network, contact=anna, kind="seeks", text="accountant")
    compute(network)
    favour = log_favour(network, direction="give", kind="tip", contacts=[anna], note="Named her a Gärtnerin")
    assert [need.text for need in needs_that_fit(network, favour, [anna])] == ["our hedge is too high"]


def test_the_tip_page_says_when_words_match_alone(
    alice_client: Client, network: Network, anna: Contact, engine: FewWords
) -> None:
    page = reverse("favours:tip", query={"text": "our hedge"})
    assert "Found by words alone" not in alice_client.get(page).content.decode()
    with override_settings(MEANING=False):
        assert "Found by words alone" in alice_client.get(page).content.decode()
