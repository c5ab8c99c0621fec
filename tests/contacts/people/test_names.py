"""Splitting and composing names."""

from dataclasses import replace
from pathlib import Path

import pytest

from contacts.people.names import Name, compose_name, sortable_name, split_name

PARTS = 5


def typed_names() -> list[tuple[str, Name]]:
    """Return the names of `typed_names.txt` with their parts, without the display name."""
    found = []
    for line in Path(__file__).with_name("typed_names.txt").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if line.startswith("#") or not line:
            continue
        if cells[-1] == "organisation":
            found.append((cells[0], Name(display_name=cells[0], is_organisation=True)))
        else:
            prefix, given, family, suffix, nickname = cells[-PARTS:]
            found.append((" | ".join(cells[:-PARTS]), Name(prefix, given, family, suffix, nickname=nickname)))
    return found


def test_names_as_people_type_them() -> None:
    found = [(text, name, replace(split_name(text), display_name=name.display_name)) for text, name in typed_names()]
    assert len(found) > 180
    assert [(text, got) for text, expected, got in found if got != expected] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna", Name(given_name="Anna")),
        ("Anna Müller", Name(given_name="Anna", family_name="Müller")),
        ("Müller, Anna", Name(given_name="Anna", family_name="Müller")),
        ("Müller, Dr. Anna", Name(prefix="Dr.", given_name="Anna", family_name="Müller")),
        ("  Anna   Lena Müller ", Name(given_name="Anna Lena", family_name="Müller")),
        ("Dr. Anna von der Heide", Name(prefix="Dr.", given_name="Anna", family_name="von der Heide")),
        ("Vincent van Gogh", Name(given_name="Vincent", family_name="van Gogh")),
        ("Carlos de la Cruz", Name(given_name="Carlos", family_name="de la Cruz")),
        ("Ada King, PhD", Name(given_name="Ada", family_name="King", suffix="PhD")),
        ("Martin Luther King Jr.", Name(given_name="Martin Luther", family_name="King", suffix="Jr.")),
        ("Holzbau Meyer GmbH", Name(display_name="Holzbau Meyer GmbH", is_organisation=True)),
        ("Dr.", Name(given_name="Dr.")),
        (",", Name(display_name=",")),
        ("Müller,", Name(given_name="Müller")),
    ],
)
def test_split_name_finds_the_parts(text: str, name: Name) -> None:
    assert split_name(text) == name


@pytest.mark.parametrize(
    ("prefix", "given_name", "shown"),
    [
        ("Herr", "Jörg", "Jörg Müller"),
        ("Frau Dr.", "Änne", "Dr. Änne Müller"),
        ("Mr.", "John", "John Müller"),
        ("Frau", "", "Frau Müller"),
    ],
)
def test_compose_name_leaves_salutations_out_where_the_given_name_is_known(prefix, given_name, shown):
    parts = {"additional_names": "", "family_name": "Müller", "suffix": ""}
    assert compose_name(prefix=prefix, given_name=given_name, **parts) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Anna Müller (Nachbarin)",
        "Anna Müller - Malerin",
        "Anna Müller geb. Schmidt",
        "Anna Müller 🎉",
        "山田 太郎",
        "Сидоров Иван Петрович",
        "KRAUSE Anna",
        "Holzbau Meyer GmbH",
    ],
)
def test_what_the_parts_do_not_say_stays_in_what_is_shown(text: str) -> None:
    assert split_name(text).display_name == text


@pytest.mark.parametrize("text", ["anna@example.org", "+49 30 1234567", "112", "---"])
def test_an_address_or_number_is_no_name(text: str) -> None:
    assert split_name(text) == Name(display_name=text)


def test_a_book_is_no_name() -> None:
    text = "Anna " * 10_000
    assert split_name(text) == Name(display_name=text.strip())


@pytest.mark.parametrize(
    ("family_name", "sorted_by"),
    [
        ("von Stein", "stein"),
        ("von der Heide", "heide"),
        ("zu Guttenberg", "guttenberg"),
        ("von und zu Felsen", "felsen"),
        ("van Gogh", "gogh"),
        ("Van Buren", "van buren"),
        ("van 't Hoff", "hoff"),
        ("de la Cruz", "cruz"),
        ("De Niro", "de niro"),
        ("d'Artagnan", "artagnan"),
        ("al-Farsi", "farsi"),
        ("da Silva Santos", "silva santos"),
        ("Graf Lambsdorff", "graf lambsdorff"),
        ("müller", "muller"),
        ("de", "de"),
        ("O'Brien", "o'brien"),
    ],
)
def test_lists_are_sorted_by_the_name_behind_its_particles(family_name: str, sorted_by: str) -> None:
    assert sortable_name(given_name="Anna", family_name=family_name, display_name="") == f"{sorted_by} anna"
