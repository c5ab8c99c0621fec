"""The single ask in a letter: the need that the member noted, and the contacts who may know about it."""

from __future__ import annotations

from contacts.models import Contact, Network
from contacts.people.directory import add_contact
from favours.digest.contents import contents_of
from favours.digest.letter import Letter, compose
from favours.digest.links import Act, message_of, read_link, signed_addresses
from favours.suggestions.rounds import make_round
from favours.tips.asks import add_ask
from tests.calendar import MONDAY
from tests.favours.digest.conftest import plant_letter


def written(network: Network) -> Letter:
    listed = make_round(network, MONDAY).listed
    contents = contents_of({network: listed}, MONDAY)[network]
    return compose(contents, signed_addresses(network))


def plant_asks(network: Network) -> Contact:
    """Add two asks, and Eva, whose notes mention both; return Eva."""
    for text in ("a bookkeeper", "a cello"):
        network.topics.create(kind="seeks", text=text, noted_on=MONDAY)
    network.mark_texts_changed([])
    return add_contact(network, given_name="Eva", notes="Her sister is a bookkeeper. Plays the cello.")


def test_letter_has_one_ask_with_the_reason_and_a_link_to_ask(network: Network) -> None:
    plant_letter(network)
    eva = plant_asks(network)
    letter = written(network)
    assert letter.text.count("You are looking for") == 1
    assert letter.text.count("Your notes on Eva say: “") == 1
    tokens = [line.rpartition("/ask/")[2].strip("/ ") for line in letter.text.splitlines() if "/ask/" in line]
    links = [read_link(Act.ASK, token) for token in tokens]
    (asking,) = (link for link in links if link.people == [eva])
    assert message_of(asking).startswith("Hello Eva, I am looking for: “")
    assert "Two people you might think of this week." in letter.text


def test_letter_may_consist_of_an_ask(network: Network) -> None:
    plant_asks(network)
    letter = written(network)
    assert letter.subject == "Eva may know about what you are looking for"
    assert "One person you might ask this week." in letter.text


def test_ask_stays_without_an_answer_in_silence(network: Network) -> None:
    plant_letter(network)
    add_ask(network, "a bookkeeper")
    assert "You are looking for" not in written(network).text
