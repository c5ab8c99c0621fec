"""Records that are considered one person: for the right reasons, in any order and in any spelling."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations

import pytest

from bench.people import generate
from contacts.duplicates.finding import find_duplicates
from contacts.duplicates.linking import linked_pairs
from contacts.duplicates.records import Address, PersonRecord, Proposal

BERLIN = Address("Lindenstraße 5", "Berlin", "10969")
MUNICH = Address("Gartenweg 12", "München", "80331")


def record_of(key: int, row: dict[str, str]) -> PersonRecord:
    address = Address(row["street"], row["city"], row["postcode"])
    return PersonRecord(
        key, row["given"], row["family"], emails=(row["email"],), phones=(row["phone"],), addresses=(address,)
    )


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    """An address book of 600 entries, some of which are the same person."""
    return generate(600, "de", seed=7)


@pytest.fixture(scope="module")
def book(rows: list[dict[str, str]]) -> list[PersonRecord]:
    return [record_of(key, row) for key, row in enumerate(rows)]


@pytest.fixture(scope="module")
def strangers(book: list[PersonRecord]) -> list[PersonRecord]:
    """Enough other people to show which values are common."""
    return [replace(record, key=record.key + 1000) for record in book[:300]]


def pairs(found: list[Proposal]) -> set[tuple[int, int]]:
    return {(proposal.first, proposal.second) for proposal in found}


def are_proposed(strangers: list[PersonRecord], one: PersonRecord, other: PersonRecord) -> bool:
    return (one.key, other.key) in pairs(find_duplicates([one, other, *strangers]))


ANNA = PersonRecord(
    1, "Anna", "Schönhuber", emails=("anna@schoenhuber.example",), phones=("+491701234567",), addresses=(BERLIN,)
)


@pytest.mark.parametrize(
    "other",
    [
        replace(ANNA, key=2),
        replace(ANNA, key=2, given_name="ANNA", family_name="SCHOENHUBER", phones=("0170 1234567",), emails=()),
        replace(ANNA, key=2, family_name="Schonhuber", addresses=()),
        replace(ANNA, key=2, given_name="Dr. Anna", phones=(), addresses=(Address("Lindenstr. 5", "Berlin", "10969"),)),
        replace(ANNA, key=2, given_name="Schönhuber", family_name="Anna", emails=()),
        replace(ANNA, key=2, given_name="Schöhnuber", family_name="Ana", emails=(), phones=()),
        replace(ANNA, key=2, given_name="Roth", family_name="Anna", emails=()),
        replace(ANNA, key=2, given_name="A.", phones=()),
        replace(ANNA, key=2, given_name="Anna Maria", phones=(), emails=()),
        replace(ANNA, key=2, family_name="Schönhuber-Roth", emails=()),
        replace(ANNA, key=2, family_name="Roth", addresses=()),
        replace(ANNA, key=2, family_name="Schöhnuber", phones=(), emails=()),
        replace(ANNA, key=2, phones=(), addresses=(MUNICH,)),
        replace(ANNA, key=2, given_name="Birgit", nickname="Anna", phones=(), emails=()),
    ],
    ids=[
        *("same", "other-case", "without-umlaut", "with-title", "swapped", "swapped-and-misspelt"),
        *("swapped-and-married", "initial", "second-name", "double-name", "married", "misspelt", "moved", "nickname"),
    ],
)
def test_find_duplicates_sees_through_how_people_are_written(
    strangers: list[PersonRecord], other: PersonRecord
) -> None:
    assert are_proposed(strangers, ANNA, other)


@pytest.mark.parametrize(("one", "other"), [("Hans", "Johannes"), ("Robert", "Bob"), ("Alexander", "Alex")])
def test_find_duplicates_knows_forms_of_given_names(strangers: list[PersonRecord], one: str, other: str) -> None:
    record = replace(ANNA, given_name=one, emails=(), phones=())
    assert are_proposed(strangers, record, replace(record, key=2, given_name=other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            PersonRecord(1, "Maria", "Müller", addresses=(BERLIN,)),
            PersonRecord(2, "Maria", "Müller", addresses=(MUNICH,)),
        ),
        (ANNA, replace(ANNA, key=2, given_name="Bernd", emails=(), phones=())),
        (ANNA, replace(ANNA, key=2, given_name="Bernd")),
        (ANNA, replace(ANNA, key=2, given_name="Schönhuber", family_name="Bernd", emails=(), phones=())),
        (PersonRecord(1, "G.", "Schmidt"), PersonRecord(2, "G.", "Schmidt")),
        (replace(ANNA, given_name="Andrea"), replace(ANNA, key=2, given_name="Andreas", emails=())),
        (ANNA, replace(ANNA, key=2, given_name="Lena", birthday=(2001, 5, 3), emails=(), phones=())),
        (replace(ANNA, emails=()), replace(ANNA, key=2, suffix="jun.", emails=())),
        (ANNA, replace(ANNA, key=2, given_name="Clara", family_name="Roth")),
        (PersonRecord(1, "Anna"), PersonRecord(2, "Anna")),
        (PersonRecord(1), PersonRecord(2)),
    ],
    ids=[
        *("strangers-of-one-name", "couple", "couple-sharing-all", "couple-swapped", "initials"),
        *("names-that-look-alike", "sisters", "father-and-son"),
        *("colleagues", "given-name-alone", "nothing"),
    ],
)
def test_find_duplicates_keeps_two_people_apart(
    strangers: list[PersonRecord], one: PersonRecord, other: PersonRecord
) -> None:
    assert not are_proposed(strangers, one, other)


def test_find_duplicates_keeps_twins_apart(strangers: list[PersonRecord]) -> None:
    twin = replace(ANNA, birthday=(2001, 5, 3), emails=(), phones=())
    assert not are_proposed(strangers, twin, replace(twin, key=2, given_name="Lena"))


def test_find_duplicates_proposes_no_family_even_if_there_is_little_else() -> None:
    family = [replace(ANNA, key=key, given_name=name) for key, name in enumerate(("Anna", "Bernd", "Clara", "David"))]
    assert find_duplicates(family) == []


@pytest.mark.parametrize("count", [0, 1])
def test_find_duplicates_needs_two_records(count: int) -> None:
    assert find_duplicates([ANNA] * count) == []


def test_find_duplicates_works_among_few() -> None:
    assert pairs(find_duplicates([ANNA, replace(ANNA, key=2), PersonRecord(3, "Ben", "Roth")])) == {(1, 2)}


def test_find_duplicates_weighs_a_rare_name_more_than_a_common_one(strangers: list[PersonRecord]) -> None:
    rare = [PersonRecord(key, "Xaver", "Hinterstoisser", addresses=(Address(city="Berlin"),)) for key in (1, 2)]
    common = [PersonRecord(key, "Maria", "Müller", addresses=(Address(city="Berlin"),)) for key in (3, 4)]
    found = {
        (each.first, each.second): each.score for each in find_duplicates([*rare, *common, *strangers], threshold=0)
    }
    assert found[1, 2] > found[3, 4]


def test_find_duplicates_does_not_depend_on_the_order(book: list[PersonRecord]) -> None:
    shuffled = random.Random(3).sample(book, len(book))
    assert find_duplicates(shuffled) == find_duplicates(book)


def test_find_duplicates_does_not_depend_on_the_keys(book: list[PersonRecord]) -> None:
    last = len(book) - 1
    mirrored = find_duplicates([replace(record, key=last - record.key) for record in book])
    assert {(last - second, last - first) for first, second in pairs(mirrored)} == pairs(find_duplicates(book))


def test_find_duplicates_does_not_depend_on_case_and_umlauts(book: list[PersonRecord]) -> None:
    umlauts = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})

    def respelt(record: PersonRecord) -> PersonRecord:
        names = (record.given_name, record.family_name)
        given, family = (name.translate(umlauts).upper() for name in names)
        return replace(record, given_name=given, family_name=family)

    assert find_duplicates([respelt(record) for record in book]) == find_duplicates(book)


def test_find_duplicates_names_each_pair_once_with_the_lower_key_first(book: list[PersonRecord]) -> None:
    found = find_duplicates(book)
    assert len(pairs(found)) == len(found)
    assert all(proposal.first < proposal.second for proposal in found)


def test_find_duplicates_finds_most_and_little_else(rows: list[dict[str, str]], book: list[PersonRecord]) -> None:
    """A lower bound on precision and recall, without birthdays; bench/duplicates.py measures them on more data."""
    found = pairs(find_duplicates(book))
    true = {(a, b) for a, b in combinations(range(len(rows)), 2) if rows[a]["cluster"] == rows[b]["cluster"]}
    assert len(found & true) / len(found) >= 0.97
    assert len(found & true) / len(true) >= 0.85


def test_find_duplicates_is_certain_of_one_address_and_one_name_only(strangers: list[PersonRecord]) -> None:
    others = [
        replace(ANNA, key=2, phones=()),
        replace(ANNA, key=3, emails=()),
        replace(ANNA, key=4, family_name="Schönhubr"),
    ]
    found = find_duplicates([ANNA, *others, *strangers])
    assert {pair for pair in pairs([each for each in found if each.is_certain]) if pair[1] < 1000} == {(1, 2)}


def test_third_record_links_two_that_are_like_it() -> None:
    assert linked_pairs({(1, 2): 0.9, (2, 3): 0.8, (1, 3): 0.2}) == {(1, 3): pytest.approx(0.72)}


def test_third_record_links_nobody_who_is_unlike() -> None:
    assert linked_pairs({(1, 2): 0.9, (2, 3): 0.8, (1, 3): 0.005}) == {}
    assert linked_pairs({(1, 2): 0.9, (2, 3): 0.8}) == {}
    assert linked_pairs({(1, 2): 0.9, (2, 3): 0.5, (1, 3): 0.2}) == {}


def test_find_duplicates_gives_its_reasons(strangers: list[PersonRecord]) -> None:
    found = find_duplicates([ANNA, replace(ANNA, key=2, family_name="Schönhubr", addresses=(MUNICH,)), *strangers])
    reasons = next(proposal for proposal in found if (proposal.first, proposal.second) == (1, 2)).evidence
    assert {reason.kind: reason.weight > 0 for reason in reasons} == {
        "same_given_name": True,
        "family_name_typo": True,
        "other_address": False,
        "same_email": True,
        "same_phone": True,
    }


HINDS = PersonRecord(
    1, "John", "Hinds", addresses=(Address(city="Carmarthen", postcode="SA31 1TR"),), birthday=(1862, 1, 26)
)


@pytest.mark.parametrize(
    "other",
    [
        replace(HINDS, key=2, family_name=""),
        replace(HINDS, key=2, given_name="Hinds", family_name=""),
        replace(HINDS, key=2, given_name="Hinds", family_name="", birthday=(1862, 7, 26)),
        replace(HINDS, key=2, given_name="Hinds", family_name="", birthday=(1862, 1, 28)),
        replace(HINDS, key=2, given_name="Hinds", family_name="", birthday=(1852, 1, 26)),
        replace(HINDS, key=2, family_name="", birthday=(1862, 1, 28)),
        replace(HINDS, key=2, given_name="", family_name="John"),
        replace(HINDS, key=2, given_name="Jon", family_name="", addresses=(Address(city="Carmarthen"),)),
        replace(HINDS, key=2, given_name="Hynds", family_name="", addresses=(Address(city="Carmarthen"),)),
        replace(HINDS, key=2, given_name="Hinds", family_name="", addresses=()),
    ],
    ids=[
        *("given-only", "family-as-given", "other-month", "other-day", "other-year", "given-and-other-day"),
        *("given-as-family", "given-misspelt", "family-misspelt", "without-place"),
    ],
)
def test_find_duplicates_knows_somebody_by_one_name(strangers: list[PersonRecord], other: PersonRecord) -> None:
    assert are_proposed(strangers, HINDS, other)


def test_find_duplicates_finds_one_name_among_many_of_that_name() -> None:
    namesakes = [
        PersonRecord(
            key, "John", "Hinds", addresses=(Address(city="Carmarthen"),), birthday=(1900 + key % 60, 1 + key % 12, 3)
        )
        for key in range(10, 100)
    ]
    assert are_proposed(namesakes, HINDS, replace(HINDS, key=2, given_name="Hinds", family_name=""))


@pytest.mark.parametrize(
    "other",
    [
        replace(HINDS, key=2, given_name="Hinds", family_name="", birthday=(1899, 5, 3)),
        replace(HINDS, key=2, given_name="Mary", family_name="", birthday=(1862, 7, 28)),
        replace(HINDS, key=2, given_name="John", family_name="", birthday=None, addresses=(Address(city="Cardiff"),)),
        PersonRecord(2, "Hinds"),
    ],
    ids=["other-birthday", "other-name", "little-else", "name-alone"],
)
def test_find_duplicates_wants_more_than_one_name(strangers: list[PersonRecord], other: PersonRecord) -> None:
    assert not are_proposed(strangers, HINDS, other)
