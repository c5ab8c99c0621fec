"""A later file from the same source shows changed roles and firms as news, which the member can accept."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from contacts.importing.running import bring_in_now, work_on
from contacts.importing.runs import receive
from contacts.models import ImportRow, ImportRun, Network
from contacts.people.directory import add_contact, edit_contact

HEADER = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
ANNA = "Anna,Berg,https://www.linkedin.com/in/anna-berg,,{company},{position},05 Mar 2024\n"
BEN = "Ben,Tal,https://www.linkedin.com/in/ben-tal,,Holz,Tischler,05 Mar 2024\n"


def connections(*rows: str) -> bytes:
    return (HEADER + "".join(rows)).encode()


def anna(company: str, position: str) -> str:
    return ANNA.format(company=company, position=position)


def bring(network: Network, *rows: str) -> ImportRun:
    return bring_in_now(network, name="Connections.csv", data=connections(*rows))


def news(run: ImportRun) -> list[tuple[str, list[str], list[str]]]:
    rows = run.rows.filter(outcome=ImportRow.Outcome.NEWS)
    return [(row.name, row.fields, row.details) for row in rows]


@pytest.fixture
def run(network: Network) -> ImportRun:
    """A second import in which Anna has a new role and firm, and Ben is unchanged."""
    bring(network, anna("Holz", "Carpenter"), BEN)
    return bring(network, anna("Neubau", "Head of Wood"), BEN)


def test_second_import_lists_who_changed_and_overwrites_nothing(network: Network, run: ImportRun) -> None:
    assert news(run) == [("Anna Berg", ["role", "organisation"], ["Head of Wood", "Neubau"])]
    contact = network.contacts.get(given_name="Anna")
    assert (contact.role, contact.organisation, network.conversations.count()) == ("Carpenter", "Holz", 0)
    assert run.rows.filter(outcome=ImportRow.Outcome.LOST).count() == 0
    assert run.report["news"] == 1


def test_news_is_told_once(network: Network, run: ImportRun) -> None:
    assert news(bring(network, anna("Neubau", "Head of Wood"), BEN)) == []


def test_only_what_changed_is_news(network: Network) -> None:
    bring(network, anna("Holz", "Carpenter"))
    assert news(bring(network, anna("Holz", "Head of Wood"))) == [("Anna Berg", ["role"], ["Head of Wood"])]
    assert news(bring(network, anna("", "Head of Wood"))) == []


def test_what_the_member_wrote_is_not_overwritten_either(network: Network) -> None:
    bring(network, anna("Holz", "Carpenter"))
    contact = edit_contact(network, network.contacts.get(), role="Tischlerin")
    assert news(bring(network, anna("Holz", "Carpenter"))) == []
    assert news(bring(network, anna("Holz", "Head of Wood"))) == [("Anna Berg", ["role"], ["Head of Wood"])]
    contact.refresh_from_db()
    assert contact.role == "Tischlerin"


def test_first_import_of_somebody_known_is_no_news(network: Network) -> None:
    row = "Anna,Berg,,anna@example.org,Holz,Carpenter,05 Mar 2024\n"
    bring(network, row)
    network.import_sources.all().delete()
    assert news(bring(network, row.replace("Carpenter", "Head of Wood"))) == []


def test_member_takes_one_change_over_as_news(alice_client: Client, network: Network, run: ImportRun) -> None:
    shown = alice_client.get(reverse("contacts:import_run", args=[run.uuid])).content.decode()
    assert "Head of Wood" in shown
    assert "so far: Carpenter" in shown
    row = run.rows.get(outcome=ImportRow.Outcome.NEWS)
    alice_client.post(reverse("contacts:import_news", args=[run.uuid]), {"rows": str(row.uuid)})
    contact = network.contacts.get(given_name="Anna")
    assert (contact.role, contact.organisation, contact.last_contact_on) == ("Head of Wood", "Neubau", None)
    told = network.conversations.get()
    assert (told.is_news, told.note, list(told.contacts.all())) == (
        True,
        "Now: Head of Wood, Neubau. Before: Carpenter, Holz.",
        [contact],
    )
    run.refresh_from_db()
    assert (news(run), run.report["news"]) == ([], 0)


def test_member_takes_all_over(alice_client: Client, network: Network) -> None:
    bring(network, anna("Holz", "Carpenter"), BEN)
    run = bring(network, anna("Neubau", "Carpenter"), BEN.replace("Tischler", "Meister"))
    address = reverse("contacts:import_news", args=[run.uuid])
    alice_client.post(address)
    alice_client.post(address)  # A second click finds nothing.
    assert sorted(network.contacts.values_list("role", "organisation")) == [
        ("Carpenter", "Neubau"),
        ("Meister", "Holz"),
    ]
    assert network.conversations.count() == 2


def test_preview_tells_news_but_offers_nothing_to_take_over(alice_client: Client, network: Network) -> None:
    bring(network, anna("Holz", "Carpenter"))
    run = receive(network, name="x.csv", data=connections(anna("Neubau", "Carpenter")))
    work_on(run.pk)
    shown = alice_client.get(reverse("contacts:import_run", args=[run.uuid]), {"show": "news"}).content.decode()
    assert ("Neubau" in shown, "so far: Holz" in shown, "Take over" in shown) == (True, True, False)
    alice_client.post(reverse("contacts:import_news", args=[run.uuid]))
    assert network.contacts.get().organisation == "Holz"


def test_preview_shows_what_would_be_written_and_who_looks_alike(alice_client: Client, network: Network) -> None:
    add_contact(network, given_name="Anna", family_name="Berg", organisation="Chor", city="Ulm")
    table = "First Name,Last Name,Job Title,Company,Birthday,Mobile Phone,Connected On\n"
    rows = "Anna,Berg,Carpenter,Holz,1980-06-02,0170 1234567,\nBen,Tal,,,--05-03,,\n"
    run = receive(network, name="x.csv", data=(table + rows).encode())
    work_on(run.pk)
    shown = alice_client.get(reverse("contacts:import_run", args=[run.uuid])).content.decode()
    assert "Carpenter, Holz · born on 2 June 1980 · 0170 1234567" in shown
    assert "born on 3 May" in shown
    assert "1 of the new ones looks like somebody you have." in shown
    alike = alice_client.get(reverse("contacts:import_run", args=[run.uuid]), {"show": "alike"})
    assert [row.name for row in alike.context["rows"]] == ["Anna Berg"]
    assert "Chor, Ulm" in alike.content.decode()


def test_number_shows_who_looks_alike_as_well(network: Network, alice_client: Client) -> None:
    bring_in_now(network, name="a.vcf", data=b"BEGIN:VCARD\nFN:Mama\nTEL:+49 170 1234567\nEND:VCARD\n")
    run = receive(network, name="b.vcf", data=b"BEGIN:VCARD\nFN:Anna Berg\nTEL:0170 1234567\nEND:VCARD\n")
    work_on(run.pk)
    assert [row.alike for row in run.rows.all()] == [network.contacts.get().uuid]
