"""Importing past help from a table, by command and in the browser."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from contacts.cards import UnreadableFileError, Way
from contacts.models import Network
from contacts.people.directory import add_contact
from favours.journal.writing import trash_favour
from favours.transfer.table import import_favours

HEADER = "id,day,direction,kind,contacts,note,passes_on\n"
TABLE = HEADER + (
    "2,2025-02-11,give,introduction,anna mueller; Clara,Line,1\n"
    '1,2025-01-10,receive,tip,Anna Müller;ben@example.org,"A tip, with comma",\n'
)


def problems(network: Network, rows: str) -> list[tuple[int, str]]:
    """Return the problems found in a table."""
    return [(problem.row, problem.reason) for problem in import_favours(network, (HEADER + rows).encode()).skipped]


def test_import_logs_each_row_with_its_people(network: Network) -> None:
    result = import_favours(network, TABLE.encode())
    assert (result.read, result.created, result.unchanged, result.skipped) == (2, 2, 0, [])
    given = network.favours.get(direction="give")
    assert (given.kind, given.day.isoformat(), given.note) == ("introduction", "2025-02-11", "Line")
    assert given.passes_on == network.favours.get(direction="receive")
    assert sorted(given.contacts.values_list("display_name", flat=True)) == ["Anna Müller", "Clara"]
    assert network.contacts.count() == 3


def test_import_again_adds_nothing_even_after_edits(network: Network) -> None:
    import_favours(network, TABLE.encode())
    trash_favour(network, network.favours.get(direction="receive"))
    network.contacts.filter(display_name="Clara").update(display_name="Clara Berg")
    result = import_favours(network, TABLE.encode())
    assert (result.created, result.unchanged) == (0, 2)
    assert network.favours.count() == 1
    assert network.contacts.count() == 3


def test_import_finds_people_by_address_and_by_name(network: Network) -> None:
    anna = add_contact(network, display_name="Anna", ways=[Way("email", "Anna@example.org")])
    import_favours(network, (HEADER + "1,2025-01-10,give,tip,anna@EXAMPLE.org,,\n").encode())
    assert list(network.favours.get().contacts.all()) == [anna]


def test_import_refuses_a_name_that_several_people_have(network: Network) -> None:
    add_contact(network, display_name="Anna Berg")
    add_contact(network, display_name="Anna Berg")
    assert problems(network, "1,2025-01-10,give,tip,Anna Berg;New One,,\n") == [
        (1, "Several people are called Anna Berg. Write an e-mail address instead.")
    ]
    assert network.contacts.count() == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,2025-13-11,give,tip,Anna,,", "“2025-13-11” is no day. Write it as 2025-01-31."),
        ("1,2025-02-11,gave,tip,Anna,,", "The direction has to be “give” or “receive”."),
        (
            "1,2025-02-11,give,gift,Anna,,",
            "The kind has to be one of tip, introduction, recommendation, advice, support, other.",
        ),
        ("1,2025-02-11,give,tip,;,,", "Nobody is named. Put a name or an e-mail address into “contacts”."),
        (
            "1,2025-02-11,give,tip,Anna,,9",
            "“passes_on” has to be the id of a row of this file with help received; 9 is none.",
        ),
        (
            "1,2025-02-11,receive,tip,Anna,,1",
            "Only help that you gave can pass something on. Empty “passes_on”, or make it “give”.",
        ),
        ("1,2195-02-11,give,tip,Anna,,", "That is more than a year ahead. Check the year."),
    ],
)
def test_import_says_what_is_wrong_with_a_row(network: Network, row: str, reason: str) -> None:
    assert problems(network, row) == [(1, reason)]
    assert network.contacts.count() == 0


def test_import_logs_the_sound_rows_beside_a_broken_one(network: Network) -> None:
    rows = "1,2025-02-11,give,tip,Anna,,\n2,2195-02-11,give,tip,Ben,,\n3,2025-02-12,give,tip,Clara,,\n"
    result = import_favours(network, (HEADER + rows).encode())
    assert (result.read, result.created, [problem.row for problem in result.skipped]) == (3, 2, [2])
    assert sorted(network.contacts.values_list("display_name", flat=True)) == ["Anna", "Clara"]


def test_equal_rows_without_an_id_are_two_entries(network: Network) -> None:
    rows = ",2025-02-11,give,tip,Anna,,\n" * 2
    assert import_favours(network, (HEADER + rows).encode()).created == 2
    assert import_favours(network, (HEADER + rows).encode()).unchanged == 2


def test_table_without_the_columns_is_refused(network: Network) -> None:
    with pytest.raises(UnreadableFileError):
        import_favours(network, b"name,date\nAnna,2025-01-01\n")


def test_command_prints_the_result_as_json(
    network: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "help.csv"
    path.write_text(TABLE)
    call_command("import_favours", path, owner=network.owner.email, json=True)
    assert json.loads(capsys.readouterr().out) == {"read": 2, "created": 2, "unchanged": 0, "skipped": []}


def test_command_refuses_a_missing_file(network: Network, tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_favours", tmp_path / "none.csv", owner=network.owner.email)


def test_page_imports_a_table(network: Network, alice_client: Client) -> None:
    page = alice_client.post(reverse("favours:import"), {"file": SimpleUploadedFile("help.csv", TABLE.encode())})
    assert page.status_code == 200
    assert page.context["result"].created == 2


def test_page_says_why_a_file_is_refused(alice_client: Client) -> None:
    page = alice_client.post(reverse("favours:import"), {"file": SimpleUploadedFile("help.csv", b"a,b\n1,2\n")})
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
