"""Finding contacts by the beginnings of words."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from contacts.cards import Way
from contacts.models import Network
from contacts.people.directory import add_contact, edit_contact
from contacts.people.names import split_name
from contacts.people.search import find_contacts
from contacts.people.search_words import sought
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
        ("김민수", "김민수"),
        ("が ガ ｶﾞ", "が ガ ガ"),
        ("Й й Ё", "й й е"),
        ("Ї ї", "ї ї"),
        ("ά", "α"),
        ("עִבְרִית", "עברית"),
        ("क्षत्रिय", "क्षत्रिय"),
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
    assert fold_words("राहुल शर्मा, สมชาย") == ["राहुल", "शर्मा", "สมชาย"]


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


@pytest.mark.parametrize("query", ["", " ", "\t\n", "\u3000"])
def test_blank_query_finds_everybody(network: Network, query: str) -> None:
    add_contact(network, given_name="Anna")
    assert found(network, query) == ["Anna"]


@pytest.mark.parametrize(
    "query", [" %_!\x00 ", "%", "_", "@", "...", "'", '"', "\\", "+", "-", "()", "😀", "\u200b", "*", "/", "%%@__"]
)
def test_signs_find_nobody(network: Network, query: str) -> None:
    add_contact(network, given_name="Anna", ways=[Way("email", "anna@example.org"), Way("phone", "+49 170 1234567")])
    assert found(network, query) == []


ANNA_WAYS = [
    Way("email", "A.Berg+privat@mail.holz-berg.example"),
    Way("phone", "+49 170 1234567", "mobile"),
    Way("phone", "030 / 765 43 21"),
    Way("phone", "+39 06 698 12345"),
    Way("link", "https://de.linkedin.com/in/anna-berg-42/"),
    Way("link", "skype:anna.tischlerin"),
    Way(
        "address",
        "Lindenstr. 12, D-10115 Berlin, Deutschland",
        parts=("", "", "Lindenstr. 12", "Berlin", "", "D-10115", "Deutschland"),
    ),
    Way("address", "7 Oak Rd, London, SW1A 1AA", parts=("", "", "7 Oak Rd", "London", "", "SW1A 1AA", "")),
]


@pytest.mark.parametrize(
    "query",
    [
        *("a.berg+privat@mail.holz-berg.example", "A.BERG+PRIVAT@MAIL.HOLZ-BERG.EXAMPLE", "a.berg+privat@mail"),
        *("<a.berg+privat@mail.holz-berg.example>", "mailto:a.berg+privat@mail.holz-berg.example", "a.berg"),
        *("mail.holz-berg.example", "holz-berg.example", "@holz-berg.example", "@mail.holz-berg.example", "holz-berg"),
        *("+49 170 1234567", "+491701234567", "00491701234567", "0170 1234567", "0170/1234567", "0170-123 45 67"),
        *("(0170) 12 34 567", "01701234567", "+49 (0) 170 1234567", "tel:+491701234567", "1701234567", "1234567"),
        *("0170 12", "017012", "+49 170 12", "0049 170 123", "０１７０ １２３４５６７", "0170.1234567"),
        *("030 7654321", "7654321", "+49 30 7654321", "(030) 765-4321", "03076543"),
        *("06 698 12345", "+39 06 69812345", "0669812345", "+390669812345"),
        *(
            "linkedin.com/in/anna-berg-42",
            "https://de.linkedin.com/in/anna-berg-42/",
            "https://www.linkedin.com/in/anna-berg-42",
        ),
        *("linkedin", "linkedin.com", "anna.tischlerin", "skype:anna.tischlerin"),
        *("Lindenstr. 12", "Lindenstraße", "lindenstrasse 12", "Lindenstr 12 10115", "10115"),
        *("D-10115", "10115 Berlin"),
        *("Lindenstraße 12, 10115 Berlin", "12 lindenstr", "Oak Road", "oak rd 7", "7 Oak Road London", "SW1A 1AA"),
        *("sw1a1aa", "sw1a"),
        *("anna 10115", "Anna Berg 0170 1234567", "Anna Berg <a.berg+privat@mail.holz-berg.example>", "Deutschland"),
    ],
)
def test_ways_to_reach_find_their_person(network: Network, query: str) -> None:
    add_contact(network, given_name="Anna", family_name="Berg", ways=ANNA_WAYS)
    add_contact(
        network,
        given_name="Ben",
        family_name="Tal",
        ways=[
            Way("email", "ben@tal.example"),
            Way("phone", "+49 171 7654399"),
            Way("address", "Hauptplatz 3, 80331 München"),
        ],
    )
    assert found(network, query) == ["Anna Berg"]


@pytest.mark.parametrize(
    "query",
    [
        *("b.berg@mail.holz-berg.example", "@example.org", "+49 171 1234567", "0170 1234568", "2345", "234567890"),
        *("10116", "Lindenstr. 99", "sw1a 2", "linkedin.com/in/ben", "privat@holz", "+43 170 1234567"),
    ],
)
def test_ways_to_reach_of_others_find_nobody(network: Network, query: str) -> None:
    add_contact(network, given_name="Anna", family_name="Berg", ways=ANNA_WAYS)
    assert found(network, query) == []


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("Sean O'Neil", ["O Neil", "o'neil", "oneil", "O’Neil", "sean oneil", "o n", "neil"]),
        ("Sean ONeil", ["O Neil", "o'neil", "oneil"]),
        ("Pat O Brien", ["o brien", "obrien", "o'brien", "brien"]),
        ("Ji-hoon Kim", ["ji-hoon", "ji hoon", "jihoon", "JIHOON", "hoon", "kim jihoon"]),
        ("Jihoon Kim", ["ji-hoon", "ji hoon", "jihoon", "kim ji-hoon"]),
        (
            "Anna-Lena Müller-Lüdenscheidt",
            ["annalena", "anna lena", "muellerluedenscheidt", "lüdenscheidt", "muller-lud"],
        ),
        ("Annalena Tal", ["anna-lena", "anna lena"]),
        ("Karl van der Berg", ["vanderberg", "van der berg", "van-der-berg", "vander berg", "berg"]),
        ("Ana de la Cruz", ["delacruz", "dela cruz", "de la cruz", "de-la-cruz"]),
        ("Ana Delacruz", ["de la cruz", "dela cruz"]),
        ("Ian McDonald", ["mc donald", "mcdonald"]),
        ("Gianni D'Angelo", ["dangelo", "d angelo", "d'angelo", "angelo"]),
        ("Omar Al-Hassan", ["alhassan", "al hassan", "al-hassan", "hassan"]),
        ("王小明", ["王", "小", "明", "小明", "王小明", "王 小明"]),
        ("김민수", ["김", "민", "수", "민수", "김민수", "김 민수"]),
        ("田中がく", ["田", "が", "田中", "がく"]),
        ("Jörg Groß", ["jorg", "joerg", "jörg", "gross", "groß", "JÖRG"]),
        ("Joerg Gross", ["jorg", "joerg", "jörg", "groß"]),
        ("Zoë Noël", ["zoe", "zoë", "noel"]),
        ("Åse Ærø", ["ase", "aase", "åse", "aero", "ærø"]),
        ("Aase Aeroe", ["åse", "ærø", "aase"]),
        ("Michał Łuczak", ["michal", "michał", "luczak"]),
        ("José Peña", ["jose", "pena", "peña"]),
        ("Işıl Çelik", ["isil", "celik", "ışıl"]),
        ("Андрей Ёлкин", ["андрей", "елкин", "ёлкин"]),
        ("राहुल शर्मा", ["राहुल", "शर्मा", "राहु"]),
        ("Nguyễn Thị Ánh", ["nguyen", "anh", "nguyễn"]),
    ],
)
def test_names_are_found_however_they_are_typed(network: Network, name: str, queries: list[str]) -> None:
    add_contact(network, **split_name(name).fields())
    add_contact(network, given_name="Ben", family_name="Xylander")
    assert {query: found(network, query) for query in queries} == {query: [name] for query in queries}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Zoltan Tal", "Zoë"),
        ("Zoltan Tal", "Zoe"),
        ("Michael Tal", "Michal"),
        ("Michael Tal", "Michał"),
        ("Nolan Tal", "Noël"),
        ("Samuel Tal", "Samul"),
        ("Manuel Tal", "Manul"),
        ("Suzanne Tal", "Sue"),
        ("Андреи Иванов", "Андрей"),
        ("か た", "が"),
        ("रहल शरम", "राहुल"),
        ("기 수", "김"),
        ("Jolanda Tal", "Joel"),
        ("Anna Tal", "tala"),
    ],
)
def test_unlike_letters_do_not_find_each_other(network: Network, name: str, query: str) -> None:
    add_contact(network, **split_name(name).fields())
    assert found(network, query) == []


def test_family_name_comes_first_in_chinese(network: Network) -> None:
    add_contact(network, given_name="小明", family_name="王", display_name="王小明")
    for query in ("王小明", "王小", "明", "小明王"[:2]):
        assert found(network, query) == ["王小明"]


def test_whole_address_finds_one_of_a_domain(network: Network) -> None:
    for name in ("anna", "annabel", "ben"):
        add_contact(network, display_name=name.title(), ways=[Way("email", f"{name}@holzbau.example")])
    assert found(network, "anna@holzbau.example") == ["Anna"]
    assert found(network, "holzbau.example") == ["Anna", "Annabel", "Ben"]
    assert found(network, "holzbau") == ["Anna", "Annabel", "Ben"]


def test_changed_way_is_found_and_the_former_is_not(network: Network) -> None:
    anna = add_contact(network, display_name="Anna", ways=[Way("phone", "+49 170 1234567")])
    edit_contact(network, anna, ways=[Way("phone", "+49 170 7654321")])
    assert (found(network, "0170 1234567"), found(network, "0170 7654321")) == ([], ["Anna"])


def test_signs_of_an_address_are_no_pattern(network: Network) -> None:
    for mailbox in ("anna_berg", "annaxberg", "anna%berg", "annaberg"):
        add_contact(network, display_name=mailbox.title(), ways=[Way("email", f"{mailbox}@example.org")])
    assert found(network, "anna_berg@example.org") == ["Anna_Berg"]
    assert found(network, "anna%berg@") == ["Anna%Berg"]
    assert found(network, "anna_%@example.org") == []


@given(st.text(max_size=40))
def test_any_query_can_be_sought(query: str) -> None:
    assert all(any(map(str.isalnum, prefix)) for each in sought(query) for prefix in each.prefixes)


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


@pytest.mark.parametrize(
    "query", ["00000", "00000000-0000-0000-0000-000000000000", "+00 000", "0 0 0 0 0", "(0)(0)00000"]
)
def test_nothing_but_zeros_is_no_phone_number(network: Network, query: str) -> None:
    add_contact(network, given_name="Anna", ways=[Way("phone", "+49 170 1234567")])
    assert found(network, query) == []


@given(st.text(alphabet="0 +", min_size=10, max_size=30))
def test_whatever_is_sought_has_letters(query: str) -> None:
    assert all(any(map(str.isalnum, prefix)) for each in sought(query) for prefix in each.prefixes)
    assert all(len(each) for each in sought(query))
