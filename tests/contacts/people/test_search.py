"""Finding contacts by the beginnings of words."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from contacts.models import Network
from contacts.people.directory import add_contact, edit_contact
from contacts.people.search import find_contacts
from contacts.people.topics import add_topic, close_topic
from contacts.text import fold, fold_words


def found(network: Network, query: str) -> list[str]:
    return sorted(contact.display_name for contact in find_contacts(network, query))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "muller"),
        ("Mueller", "muller"),
        ("MULLER", "muller"),
        ("Straße", "strasse"),
        ("Zoë", "zo"),
        ("Zoe", "zo"),
        ("Ærø", "aro"),
        ("Łódź", "lodz"),
        ("ﬁn ℌ", "fin h"),
        ("王小明", "王小明"),
    ],
)
def test_fold_makes_spellings_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_only_words_that_can_be_sought_are_kept(network: Network) -> None:
    contact = add_contact(network, given_name="Bo", family_name="Li", role="VP of IT and AI", notes="Met in Rome.")
    assert set(contact.search_words.values_list("word", "is_name")) == {
        ("bo", True),
        ("li", True),
        ("and", False),
        ("met", False),
        ("rome", False),
    }


def test_fold_words_splits_at_whatever_is_no_letter_or_digit() -> None:
    assert fold_words("Anna-Lena O'Brien, Haus_3; anna") == ["anna", "lena", "obrien", "haus", "3"]


@given(word=st.text(alphabet="abcdeuosßäöüÄÖÜéèñxyz", min_size=1, max_size=12), length=st.integers(1, 12))
def test_fold_keeps_a_beginning_a_beginning(word: str, length: int) -> None:
    assert fold(word).startswith(fold(word[:length]))


@given(st.text())
def test_fold_words_takes_any_text(text: str) -> None:
    assert all(word and "%" not in word and "_" not in word for word in fold_words(text))


def test_find_contacts_ignores_umlauts_either_way(network: Network) -> None:
    add_contact(network, given_name="Jörg", family_name="Müller")
    add_contact(network, given_name="Joerg", family_name="Mueller")
    for query in ("müller", "mueller", "MULLER", "jö", "joe", "jo mu"):
        assert found(network, query) == ["Joerg Mueller", "Jörg Müller"]


def test_find_contacts_wants_every_word(network: Network) -> None:
    add_contact(network, given_name="Anna", family_name="Berg", city="Köln")
    add_contact(network, given_name="Anna", family_name="Tal", city="Bonn")
    assert found(network, "anna koeln") == ["Anna Berg"]


def test_find_contacts_looks_at_names_only_for_one_or_two_letters(network: Network) -> None:
    add_contact(network, given_name="Anna", organisation="Berghof")
    add_contact(network, given_name="Berta")
    assert found(network, "b") == ["Berta"]
    assert found(network, "be") == ["Berta"]
    assert found(network, "ber") == ["Anna", "Berta"]


def test_find_contacts_looks_at_notes_lines_and_addresses(network: Network) -> None:
    anna = add_contact(network, given_name="Anna", notes="Segelt gern")
    topic = add_topic(network, contact=anna, kind="seeks", text="Büroräume")
    assert found(network, "segel") == ["Anna"]
    assert found(network, "bueroraeume") == ["Anna"]
    close_topic(network, topic)
    assert found(network, "bueroraeume") == []


def test_find_contacts_forgets_former_words(network: Network) -> None:
    anna = add_contact(network, given_name="Anna", city="Köln")
    edit_contact(network, anna, city="Bonn")
    assert found(network, "koln") == []
    assert found(network, "bonn") == ["Anna"]


def test_find_contacts_without_words_answers_everybody(network: Network) -> None:
    add_contact(network, given_name="Anna")
    assert found(network, " %_!\x00 ") == ["Anna"]


def test_find_contacts_stays_in_its_network(network: Network, stranger_network: Network) -> None:
    add_contact(network, given_name="Anna")
    add_contact(stranger_network, given_name="Anna")
    assert [contact.network_id for contact in find_contacts(network, "anna")] == [network.pk]


@pytest.mark.parametrize(("query", "index"), [("an", "search_name_word"), ("anna", "search_word")])
def test_find_contacts_uses_the_index(network: Network, query: str, index: str) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans a scan for a table this small")
    plan = find_contacts(network, query).explain()
    assert f"INDEX {index} (network_id=? AND word>? AND word<?)" in plan
