"""The doctor: each broken rule is reported, and nothing else."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from contacts.models import Contact, Network, SearchWord
from favours.consistency import findings
from favours.journal.writing import trash_favour
from favours.models import Favour, Participation


@pytest.fixture(autouse=True)
def private_database(db: None) -> None:
    """Make the database readable by its owner only, like that of an instance."""
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"day": date(2026, 1, 1)}, "participation.day is the favour's day"),
        ({"direction": "receive"}, "participation.direction is the favour's direction"),
        ({"kind": "advice"}, "participation.kind is the favour's kind"),
        ({"is_active": False}, "participation.is_active unless the favour lies in the trash"),
        ({"share": 0.6}, "participation.share is one divided by the people of the favour"),
    ],
)
def test_doctor_finds_a_wrong_copy(tip: Favour, anna: Contact, wrong: dict[str, Any], rule: str) -> None:
    Participation.objects.filter(contact=anna).update(**wrong)
    assert list(findings()) == [(rule, 1)]


def test_doctor_finds_a_row_that_crosses_networks(
    tip: Favour, anna: Contact, strangers_eve: Contact, stranger_network: Network
) -> None:
    Participation.objects.filter(contact=anna).update(contact=strangers_eve)
    assert list(findings()) == [("participation.contact stays in its network", 1)]


def test_doctor_finds_what_a_contact_left_behind(anna: Contact) -> None:
    SearchWord.objects.create(network=anna.network, contact_id=anna.pk + 1000, word="gone", is_name=True)
    assert list(findings()) == [("searchword.contact exists", 1)]


def test_database_checks_all_references_but_those_of_search_words() -> None:
    keys = [field for model in apps.get_models() for field in model._meta.concrete_fields if field.is_relation]
    assert {str(key) for key in keys if not key.db_constraint} == {
        "contacts.SearchWord.network",
        "contacts.SearchWord.contact",
    }


def test_doctor_finds_nothing_in_what_the_journal_wrote(tip: Favour, received: Favour, network: Network) -> None:
    trash_favour(network, received)
    out = StringIO()
    call_command("doctor", stdout=out)
    assert out.getvalue() == "All is well.\n"


def test_doctor_fails_when_a_rule_is_broken(tip: Favour) -> None:
    Participation.objects.update(day=date(2026, 1, 1))
    out = StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("doctor", stdout=out)
    assert out.getvalue() == "broken in 2 rows: participation.day is the favour's day\n"
