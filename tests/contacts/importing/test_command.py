"""The command import_contacts."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from contacts.models import Network
from tests.contacts.importing.conftest import card

LINKEDIN = "First Name,Last Name,URL,Email Address,Company,Position,Connected On"


def run(network: Network, capsys: pytest.CaptureFixture[str], *paths: Path, **options: object) -> dict[str, object]:
    """Run the command and return its JSON output."""
    call_command("import_contacts", *paths, owner=network.owner.email, json=True, **options)
    result: dict[str, object] = json.loads(capsys.readouterr().out)
    return result


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files with one person in common; one of the three entries names nobody."""
    one, two = tmp_path / "one.vcf", tmp_path / "two.csv"
    one.write_text(card("Anna Müller", EMAIL="anna@example.org") + card())
    two.write_text(f"{LINKEDIN}\nAnna,Müller,,anna@example.org,Holzbau,,05 Mar 2024\n")
    return [one, two]


def test_several_files_sum_up(network: Network, files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(network, capsys, *files) == {
        "read": 3,
        "created": 1,
        "merged": 1,
        "unchanged": 0,
        "skipped": [{"row": 2, "reason": "This entry holds neither a name nor a way to reach anybody."}],
        "lost": [],
    }
    assert network.contacts.get().organisation == "Holzbau"


def test_dry_run_says_the_same_and_writes_nothing(
    network: Network, files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    tried = run(network, capsys, files[0], dry_run=True)
    assert network.contacts.count() == network.import_runs.count() == 0
    assert tried == run(network, capsys, files[0])


def test_unreadable_file_ends_with_its_reason_after_the_others(
    network: Network, files: list[Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.vcf"
    broken.write_bytes(b"%PDF-1.4")
    with pytest.raises(CommandError) as problem:
        call_command("import_contacts", broken, tmp_path / "none.vcf", files[0], owner=network.owner.email)
    assert str(problem.value).splitlines() == [
        f"{broken}: This is a PDF document. Export your contacts as vCard (.vcf) or CSV instead.",
        f"{tmp_path / 'none.vcf'}: No such file or directory",
    ]
    assert network.contacts.count() == 1


def test_unknown_owner_is_refused(network: Network, files: list[Path]) -> None:
    with pytest.raises(CommandError):
        call_command("import_contacts", files[0], owner="nobody@example.org")
