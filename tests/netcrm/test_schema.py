"""Every difference between the tables and the code is reported, on both databases."""

import pytest
from django.core.management import call_command
from django.db import connection

from netcrm.schema import Difference, SchemaError, check_tables, differences

pytestmark = pytest.mark.django_db


def change(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_migrated_tables_fit() -> None:
    assert differences() == []


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("ALTER TABLE contacts_contact RENAME TO lost", "table contacts_contact is missing"),
        ("CREATE TABLE favours_later (id integer)", "table favours_later is unknown"),
        (
            'ALTER TABLE contacts_contact RENAME COLUMN "notes" TO "remarks"',
            "contacts_contact: column notes is missing",
        ),
        ('ALTER TABLE contacts_contact ADD COLUMN "later" text', "contacts_contact: column later is unknown"),
        ("DROP INDEX talk_by_contact", "contacts_conversationparticipation: index talk_by_contact is missing"),
    ],
)
def test_difference_is_named(statement: str, difference: str, capsys: pytest.CaptureFixture[str]) -> None:
    change(statement)
    assert Difference(difference) in differences()
    with pytest.raises(SchemaError):
        check_tables("It")
    with pytest.raises(SystemExit):
        call_command("doctor")
    assert f"unlike this version: {difference}\n" in capsys.readouterr().out


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite changes neither types nor constraints")
@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("ALTER COLUMN given_name TYPE text", "column given_name is text NOT NULL instead of character varying("),
        ("ALTER COLUMN given_name DROP NOT NULL", "column given_name is character varying("),
        ("ADD CONSTRAINT later CHECK (id > 0)", "constraint later is unknown"),
    ],
)
def test_difference_of_type_or_constraint_is_named(statement: str, difference: str) -> None:
    change(f"ALTER TABLE contacts_contact {statement}")
    (found,) = differences()
    assert found.text.startswith(f"contacts_contact: {difference}")
    assert found.matters


def test_index_of_an_operator_is_named_and_does_not_matter() -> None:
    change("CREATE INDEX of_mine ON contacts_contact (notes)")
    assert differences() == [Difference("contacts_contact: index of_mine is unknown", matters=False)]
    check_tables("It")


def test_tables_of_other_programs_are_left_out() -> None:
    change("CREATE TABLE other_program (id integer)")
    assert differences() == []
