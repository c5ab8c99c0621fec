"""Splitting and composing names."""

import pytest

from contacts.people.names import Name, compose_name, split_name


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
