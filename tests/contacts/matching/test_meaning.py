"""Matching by meaning, with an engine of a few words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from contacts.erasing.contacts import erase_contacts
from contacts.matching import By, Kind, Match, Strength, match, match_all
from contacts.matching.texts import key_of
from contacts.matching.vectors import compute, networks_behind
from contacts.meaning import client
from contacts.meaning.client import NoMeaningError
from contacts.models import Contact, Network, TextVector
from contacts.people.directory import add_contact, edit_contact, trash_contacts
from contacts.people.topics import add_topic, close_topic
from contacts.tasks import compute_all_meaning, compute_meaning
from tests.contacts.meaning.engine import FewWords, meaning_by


@pytest.fixture
def engine() -> Iterator[FewWords]:
    engine = FewWords()
    with meaning_by(engine):
        yield engine


def told(matches: list[Match]) -> list[tuple[str, Strength, By]]:
    return [(each.text, each.strength, each.by) for each in matches]


def test_what_has_no_word_in_common_is_found(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="offers", text="Untermiete in Ulm")
    add_contact(network, given_name="Ben", role="Gärtnerin")
    compute(network)
    found = match(network, "somebody to cut our hedge")
    assert told(found) == [("Gärtnerin", Strength.FAIR, By.MEANING)]
    assert found[0].words == ()
    assert found[0].probability == pytest.approx(0.982, abs=0.001)
    assert told(match(network, "a flat")) == [("Untermiete in Ulm", Strength.STRONG, By.MEANING)]


def test_a_match_by_both_quotes_the_words(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="offers", text="Wohnung im Grünen")
    compute(network)
    found = match(network, "Wohnung")
    assert told(found) == [("Wohnung im Grünen", Strength.STRONG, By.BOTH)]
    assert found[0].words == ("Wohnung",)


def test_words_alone_that_mean_something_else_are_perhaps_at_most(
    network: Network, anna: Contact, engine: FewWords
) -> None:
    add_topic(network, contact=anna, kind="offers", text="Segelkurse für Anfänger")
    compute(network)
    assert match(network, "Honig für Anfänger") == []
    assert told(match(network, "Honig für Anfänger", perhaps=True)) == [
        ("Segelkurse für Anfänger", Strength.PERHAPS, By.BOTH)
    ]


def test_a_tip_finds_the_needs_that_it_answers(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="seeks", text="Thuja schneiden")
    compute(network)
    assert told(match(network, "Ein Gärtnerin-Kollektiv", kinds=[Kind.SEEKS, Kind.INTEREST])) == [
        ("Thuja schneiden", Strength.STRONG, By.MEANING)
    ]


def test_equal_texts_of_several_people_are_computed_once_and_all_found(network: Network, engine: FewWords) -> None:
    people = [add_contact(network, given_name=name, role="Gärtnerin") for name in ("Ben", "Cem")]
    assert compute(network) == 1
    assert engine.encoded == ["Gärtnerin"]
    assert {each.contact for each in match(network, "hedge")} == set(people)
    trash_contacts(network, people[:1])
    assert [each.contact for each in match(network, "hedge")] == people[1:]


def test_a_text_whose_row_is_still_missing_is_found_by_its_words(
    network: Network, anna: Contact, engine: FewWords
) -> None:
    compute(network)
    add_topic(network, contact=anna, kind="offers", text="Wohnung")
    found = match(network, "Wohnung")
    assert told(found) == [("Wohnung", Strength.STRONG, By.WORDS)]
    assert found[0].probability is None
    add_contact(network, given_name="Ben", role="Gärtnerin")
    assert match(network, "hedge") == []


def test_changed_texts_are_computed_and_old_rows_go(network: Network, engine: FewWords) -> None:
    ben = add_contact(network, given_name="Ben", role="Gärtnerin")
    compute(network)
    assert match(network, "hedge")
    edit_contact(network, ben, role="accountant")
    compute(network)
    assert match(network, "hedge") == []
    assert told(match(network, "Steuer")) == [("accountant", Strength.FAIR, By.MEANING)]
    assert [row.key for row in network.text_vectors.all()] == [key_of("accountant")]


def test_closed_needs_leave_no_row(network: Network, anna: Contact, engine: FewWords) -> None:
    topic = add_topic(network, contact=anna, kind="seeks", text="flat")
    compute(network)
    close_topic(network, topic)
    assert compute(network) == 0
    assert not network.text_vectors.exists()


def test_networks_whose_texts_changed_are_behind(network: Network, anna: Contact, engine: FewWords) -> None:
    version = client.version()
    assert network in networks_behind(version)
    compute(network)
    assert network not in networks_behind(version)
    add_topic(network, contact=anna, kind="seeks", text="flat")
    assert network in networks_behind(version)
    assert network in networks_behind("another engine")


def test_work_that_takes_long_is_continued(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="seeks", text="flat")
    compute(network, seconds=-1)
    assert engine.encoded == []
    assert network in networks_behind(client.version())
    compute(network, seconds=60)
    assert engine.encoded == ["flat"]


def test_rows_of_other_engines_are_replaced(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="offers", text="Gärtnerin")
    old = {"key": key_of("Gärtnerin"), "side": "told", "row": b"0"}
    TextVector.objects.create(network=network, version="older 1", **old)
    assert told(match(network, "hedge")) == []
    compute(network)
    assert told(match(network, "hedge")) == [("Gärtnerin", Strength.STRONG, By.MEANING)]
    assert network.text_vectors.count() == 1


def test_rows_go_with_an_erased_person(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="offers", text="Gärtnerin")
    add_topic(network, contact=None, kind="offers", text="Honig")
    ben = add_contact(network, given_name="Ben", role="accountant", notes="Kann Thuja. Mag Honig.")
    compute(network)
    erase_contacts(network, [ben, anna])
    assert [row.key for row in network.text_vectors.all()] == [key_of("Honig")]
    assert network in networks_behind(client.version())


def test_a_sweep_computes_what_is_missing_everywhere(
    network: Network, anna: Contact, stranger_network: Network, engine: FewWords
) -> None:
    add_topic(network, contact=anna, kind="offers", text="Gärtnerin")
    add_topic(stranger_network, contact=None, kind="offers", text="Honig")
    compute_all_meaning()
    assert not networks_behind(client.version()).exists()
    assert match(network, "hedge")
    compute_meaning(network_id=network.pk)
    assert engine.encoded == ["Gärtnerin", "Honig", "hedge"]


def test_a_new_text_asks_for_its_row(
    network: Network, anna: Contact, engine: FewWords, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr("contacts.receivers.hint", lambda task, network_id: asked.append((task, network_id)))
    add_topic(network, contact=anna, kind="offers", text="Gärtnerin")
    assert asked == [("contacts.compute_meaning", network.pk)]


def test_without_an_engine_words_match(network: Network, anna: Contact, settings: object) -> None:
    add_topic(network, contact=anna, kind="offers", text="Wohnung")
    assert told(match(network, "Wohnung")) == [("Wohnung", Strength.STRONG, By.WORDS)]
    with pytest.raises(NoMeaningError):
        compute(network)


def test_queries_do_not_depend_on_the_texts(
    network: Network, anna: Contact, engine: FewWords, django_assert_num_queries: object
) -> None:
    for text in ("Wohnung", "Gärtnerin", "Honig"):
        add_topic(network, contact=anna, kind="offers", text=text)
    compute(network)
    match(network, "flat")
    for texts in (["flat"], ["flat", "hedge", "Steuer", "Imkerei", "house", "garden"]):
        with django_assert_num_queries(5):  # type: ignore[operator]
            match_all(network, texts, kinds=[Kind.OFFERS])


def test_the_command_says_what_it_did(network: Network, anna: Contact, engine: FewWords) -> None:
    add_topic(network, contact=anna, kind="offers", text="Gärtnerin")
    out = StringIO()
    call_command("meaning", owner=network.owner.email, stdout=out)
    assert out.getvalue().splitlines() == [f"engine: {client.version()}", "texts: 1"]
    call_command("meaning", all=True, stdout=out)
    call_command("match", "hedge", owner=network.owner.email, json=True, stdout=(printed := StringIO()))
    (found,) = json.loads(printed.getvalue())
    assert (found["line"], found["strength"], found["by"]) == ("Gärtnerin", "strong", "meaning")
    assert found["probability"] == found["score"] == pytest.approx(0.982, abs=0.001)


def test_without_an_engine_the_commands_say_so(network: Network, anna: Contact) -> None:
    add_topic(network, contact=anna, kind="offers", text="Wohnung")
    with pytest.raises(CommandError, match="Words match alone"):
        call_command("meaning", owner=network.owner.email)
    call_command(
        "match", "Wohnung", owner=network.owner.email, json=True, stdout=(out := StringIO()), stderr=StringIO()
    )
    (found,) = json.loads(out.getvalue())
    assert (found["probability"], found["by"], found["strength"]) == (None, "words", "strong")
