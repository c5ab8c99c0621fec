"""The command that prints suggestions."""

from __future__ import annotations

import json
from io import StringIO

from django.core.management import call_command

from accounts.models import User
from contacts.models import Contact, Network
from contacts.people.conversations import hear
from contacts.people.topics import add_topic
from favours.suggestions.rounds import (
    make_round,
)
from tests.calendar import MONDAY
from tests.favours.conftest import make_people
from tests.favours.entries import log_favour
from tests.favours.suggestions.conftest import days


def suggested(*arguments: str) -> list[dict]:
    output = StringIO()
    call_command("suggest", *arguments, "--json", stdout=output)
    return json.loads(output.getvalue())


def test_command_prints_the_worked_example_and_records_nothing(alice: User, network: Network) -> None:
    i, j, q, other = make_people(network, "i", "j", "q", "other")
    add_topic(network, contact=i, kind="seeks", text="Zimmerei", day=days(60))
    add_topic(network, contact=other, kind="offers", text="Zimmerei", day=days(60))
    hear(network, contact=i, kind="news", text="moving", day=days(21))
    add_topic(network, contact=j, kind="seeks", text="Geigenunterricht", day=days(60))
    log_favour(network, direction="receive", kind="tip", contacts=[q], day=days(1095))
    shown = network.rounds.create(year=2026, week=15, day=days(28))
    network.suggestions.create(round=shown, contact=i, position=0, score=60)
    found = suggested("--owner", alice.email, "--as-of", MONDAY.isoformat())
    assert [(each["contact"], each["score"]) for each in found] == [("i", 31.875), ("j", 22.5), ("q", 15.0)]
    assert found[0]["next_step"] == "Ask other first"
    assert [(signal["kind"], signal["points"]) for signal in found[0]["signals"]] == [("match", 60.0), ("news", 15.0)]
    assert network.rounds.count() == 1


def test_command_prints_the_stored_round_of_the_week(alice: User, network: Network, jana: Contact) -> None:
    make_round(network, MONDAY)
    hear(network, contact=make_people(network, "Ben")[0], kind="seeks", text="an office", day=MONDAY)
    found = suggested("--owner", alice.email, "--as-of", "2026-05-06")
    assert [each["contact"] for each in found] == ["Jana"]
