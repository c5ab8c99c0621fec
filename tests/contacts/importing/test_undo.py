"""Undoing an import removes its additions and keeps the member's later changes."""

from contacts.cards import Way
from contacts.importing.running import work_on
from contacts.importing.runs import receive, request_undo
from contacts.models import Contact, ImportRun, Network
from contacts.people.conversations import log_conversation
from contacts.people.directory import add_contact, edit_contact
from favours.transfer.exports import request_export
from tests.contacts.importing.conftest import Bring, card

ANNA = card("Anna Müller", UID="anna-1", EMAIL="anna@example.org", CATEGORIES="Chor")


def undo(network: Network, run: ImportRun) -> ImportRun:
    """Undo a run and return it as stored."""
    assert request_undo(network, run)
    work_on(run.pk)
    run.refresh_from_db()
    return run


def contents(contact: Contact) -> tuple[object, ...]:
    """Return everything that an import could have changed."""
    contact.refresh_from_db()
    fields = {field.attname: getattr(contact, field.attname) for field in Contact._meta.concrete_fields}
    del fields["text_revision"]
    return (
        fields,
        [(way.uuid, way.value) for way in contact.ways.all()],
        [circle.name for circle in contact.circles.all()],
        sorted(contact.search_words.values_list("word", "is_name")),
    )


def test_undo_removes_people_and_circles_and_lets_them_come_again(network: Network, bring: Bring) -> None:
    run = undo(network, bring(ANNA, card("Ben")))
    assert run.state == ImportRun.State.UNDONE
    assert network.contacts(manager="with_trash").count() == 0
    assert network.circles.count() == 0
    assert bring(ANNA, card("Ben")).report["created"] == 2


def test_undo_gives_a_merged_contact_back_as_it_was(network: Network, bring: Bring) -> None:
    ways = [Way("email", "anna@example.org")]
    anna = add_contact(network, display_name="Anna Müller", birth_month=4, birth_day=5, ways=ways)
    before = contents(anna)
    run = bring(
        card(
            "Anna Müller", EMAIL="anna@example.org", TEL="0221 4710123", ORG="Holzbau", BDAY="1980-04-05", X_FOO="bar"
        ),
        card("Anna Müller", EMAIL="anna@example.org", TITLE="Tischlerin", CATEGORIES="Chor"),
    )
    assert run.report["merged"] == 2
    assert contents(anna) != before
    undo(network, run)
    assert contents(anna) == before


def test_undo_leaves_a_merged_field_that_was_edited_since(network: Network, bring: Bring) -> None:
    anna = add_contact(network, display_name="Anna Müller", ways=[Way("email", "anna@example.org")])
    run = bring(card("Anna Müller", EMAIL="anna@example.org", ORG="Holzbau", TITLE="Tischlerin"))
    anna.refresh_from_db()
    edit_contact(network, anna, role="Meisterin")
    undo(network, run)
    anna.refresh_from_db()
    assert (anna.organisation, anna.role) == ("", "Meisterin")


def test_undo_keeps_people_who_were_edited_or_used_and_says_so(network: Network, bring: Bring) -> None:
    run = bring(ANNA, card("Ben"), card("Clara"))
    anna, ben = (network.contacts.get(display_name=name) for name in ("Anna Müller", "Ben"))
    edit_contact(network, anna, role="Tischlerin")
    log_conversation(network, day=network.today(), contacts=[ben])
    run = undo(network, run)
    assert sorted(network.contacts.values_list("display_name", flat=True)) == ["Anna Müller", "Ben"]
    assert sorted(row.name for row in run.rows.filter(outcome="kept")) == ["Anna Müller", "Ben"]
    assert run.report["kept"] == 2


def test_undo_keeps_nobody_for_being_known(network: Network, bring: Bring) -> None:
    run = bring(ANNA)
    network.contacts.update(would_call=True)
    undo(network, run)
    assert network.contacts.count() == 0


def test_undo_keeps_nobody_for_a_look_at_the_file_or_an_export(network: Network, bring: Bring) -> None:
    run = bring(ANNA)
    looked_at = receive(network, name="again.vcf", data=ANNA.encode())
    work_on(looked_at.pk)
    request_export(network, file_format="vcard4", contact=network.contacts.get())
    assert looked_at.rows.filter(outcome="unchanged").count() == 1
    undo(network, run)
    assert network.contacts.count() == 0


def test_running_import_cannot_be_undone(network: Network, bring: Bring) -> None:
    run = bring(ANNA)
    network.import_runs.update(state=ImportRun.State.RUNNING)
    assert not request_undo(network, run)
