"""People in an imported file become new, merged, unchanged or skipped, exactly once."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from contacts.cards import Card, Way
from contacts.database.leases import MOST_ATTEMPTS, Lease
from contacts.erasing.contacts import erase_contacts
from contacts.files import reading
from contacts.files.recognition import Recognition, recognise
from contacts.importing import running, writing
from contacts.importing.plan import Intake, Planner
from contacts.importing.running import bring_in_now, work_on
from contacts.importing.runs import cancel, confirm, receive, request_undo
from contacts.models import ImportRun, Network
from contacts.people.directory import add_contact, edit_contact, trash_contacts
from contacts.tasks import continue_imports
from tests.contacts.importing.conftest import Bring, Steady, card
from tests.examples import examples

BATCH = 20
ANNA = card("Anna Müller", UID="anna-1", EMAIL="anna@example.org", TITLE="Tischlerin")


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    """Return the numbers of entries that were created, merged, unchanged and skipped."""
    created, merged, unchanged, skipped = (
        run.report.get(name, 0) for name in ("created", "merged", "unchanged", "skipped")
    )
    return created, merged, unchanged, skipped


def names(network: Network) -> list[str]:
    return sorted(network.contacts.values_list("display_name", flat=True))


def test_same_file_twice_brings_nothing_new(network: Network, bring: Bring) -> None:
    people = [ANNA, card("Ben"), card("Ben"), card("Clara", TEL="0221 4710123")]
    assert counts(bring(*people)) == (4, 0, 0, 0)
    assert counts(bring(*people)) == (0, 0, 4, 0)
    assert names(network) == ["Anna Müller", "Ben", "Ben", "Clara"]


def test_import_again_keeps_edits_and_what_was_removed(network: Network, bring: Bring) -> None:
    bring(ANNA)
    anna = network.contacts.get()
    edit_contact(network, anna, role="Meisterin", ways=[])
    assert counts(bring(ANNA)) == (0, 0, 1, 0)
    anna.refresh_from_db()
    assert (anna.role, anna.ways.count()) == ("Meisterin", 0)


def test_changed_card_brings_only_what_is_new_in_it(network: Network, bring: Bring) -> None:
    bring(ANNA)
    anna = network.contacts.get()
    edit_contact(network, anna, ways=[], notes="Mine")
    more = card("Anna Müller", UID="anna-1", EMAIL="anna@example.org", TITLE="Meisterin", TEL="+49 221 4710123")
    run = bring(more)
    assert counts(run) == (0, 1, 0, 0)
    anna.refresh_from_db()
    assert [way.value for way in anna.ways.all()] == ["+49 221 4710123"]
    assert (anna.role, anna.notes) == ("Tischlerin", "Mine")
    assert [(row.fields, row.details) for row in run.rows.filter(outcome="news")] == [(["role"], ["Meisterin"])]


@pytest.mark.parametrize("remove", [trash_contacts, erase_contacts])
def test_deleted_stays_deleted(network: Network, bring: Bring, remove: object) -> None:
    bring(ANNA, card("Ben"))
    remove(network, network.contacts.all())  # type: ignore[operator]
    run = bring(ANNA, card("Ben"))
    assert counts(run) == (0, 0, 0, 2)
    assert {row.reason for row in run.rows.all()} == {"You deleted this contact, and deleted it stays."}
    assert names(network) == []


def test_same_address_and_a_name_that_fits_is_merged(network: Network, bring: Bring) -> None:
    anna = add_contact(network, given_name="Anna", family_name="Müller", ways=[Way("email", "Anna@example.org")])
    run = bring(card("A. Mueller", EMAIL="anna@example.org", ORG="Holzbau", CATEGORIES="Chor"))
    assert counts(run) == (0, 1, 0, 0)
    anna.refresh_from_db()
    assert (anna.organisation, anna.display_name) == ("Holzbau", "Anna Müller")
    assert [circle.name for circle in anna.circles.all()] == ["Chor"]
    assert [(row.contact, row.fields) for row in run.rows.all()] == [(anna, ["organisation", "circles"])]


@pytest.mark.parametrize(
    ("mine", "theirs", "after"),
    [
        ({"notes": "Segelt."}, {"NOTE": "Malt."}, {"notes": "Segelt.\n\nMalt."}),
        ({"notes": "Segelt."}, {"NOTE": "Segelt. Malt."}, {"notes": "Segelt. Malt."}),
        ({"notes": "Segelt. Malt."}, {"NOTE": "Malt."}, {"notes": "Segelt. Malt."}),
        ({"how_met": "Messe"}, {"X_NETCRM_HOW_MET": "Über Ben"}, {"how_met": "Messe; Über Ben"}),
        ({}, {"NOTE": "Malt."}, {"notes": "Malt."}),
    ],
)
def test_merge_keeps_both_texts(
    network: Network, bring: Bring, mine: dict[str, str], theirs: dict[str, str], after: dict[str, str]
) -> None:
    anna = add_contact(network, display_name="Anna", ways=[Way("email", "anna@example.org")], **mine)
    run = bring(card("Anna", EMAIL="anna@example.org", **theirs))
    anna.refresh_from_db()
    assert {name: getattr(anna, name) for name in after} == after
    request_undo(network, run)
    work_on(run.pk)
    anna.refresh_from_db()
    assert (anna.notes, anna.how_met) == (mine.get("notes", ""), mine.get("how_met", ""))


def test_text_too_long_for_both_is_listed(network: Network, bring: Bring) -> None:
    add_contact(network, display_name="Anna", ways=[Way("email", "anna@example.org")], how_met="x" * 400)
    run = bring(card("Anna", EMAIL="anna@example.org", X_NETCRM_HOW_MET="y" * 400))
    assert [(row.fields, row.reason) for row in run.rows.filter(outcome="lost")] == [
        (["how_met"], "The contact holds something else here, which stays.")
    ]


def test_same_address_and_another_name_is_a_contact_of_its_own(network: Network, bring: Bring) -> None:
    add_contact(network, display_name="Anna Müller", ways=[Way("email", "family@example.org")])
    assert counts(bring(card("Ben Müller", EMAIL="family@example.org"))) == (1, 0, 0, 0)


def test_same_name_alone_is_a_contact_of_its_own(network: Network, bring: Bring) -> None:
    add_contact(network, display_name="Anna Müller")
    assert counts(bring(card("Anna Müller", TEL="0221 4710123"))) == (1, 0, 0, 0)


def test_name_that_fits_several_people_is_a_contact_of_its_own(network: Network, bring: Bring) -> None:
    for name in ("Anna Müller", "Anna Berg"):
        add_contact(network, display_name=name, ways=[Way("email", "office@example.org")])
    assert counts(bring(card("Anna", EMAIL="office@example.org"))) == (1, 0, 0, 0)


def test_people_are_merged_within_one_file_too(network: Network, bring: Bring) -> None:
    run = bring(ANNA, card("Anna Müller", EMAIL="anna@example.org", TEL="0221 4710123"), card("Ben"))
    assert counts(run) == (2, 1, 0, 0)
    assert network.ways_to_reach.count() == 2


def test_one_uid_for_two_people_makes_two_contacts(network: Network, bring: Bring) -> None:
    people = [card("Anna Müller", UID="1"), card("Ben Tal", UID="1")]
    assert counts(bring(*people)) == (2, 0, 0, 0)
    assert counts(bring(*people)) == (0, 0, 2, 0)


def test_groups_become_circles(network: Network, bring: Bring) -> None:
    choir = card("Choir", KIND="group", MEMBER="urn:uuid:anna-1\r\nMEMBER:urn:uuid:nobody")
    run = bring(choir, ANNA)
    assert counts(run) == (1, 0, 0, 0)
    assert [circle.name for circle in network.contacts.get().circles.all()] == ["Choir"]
    assert [row.reason for row in run.rows.all()] == ["1 members are not in the file."]


def test_long_values_are_shortened_and_said_so(network: Network, bring: Bring) -> None:
    run = bring(card("Anna", CATEGORIES="x" * 240, N=f"Müller;{'y' * 230};;;"))
    anna = network.contacts.get()
    assert (len(anna.given_name), len(anna.circles.get().name)) == (200, 200)
    assert sorted(row.fields[0] for row in run.rows.filter(outcome="lost")) == ["circles", "given_name"]


def test_card_that_cannot_be_stored_stops_no_other(
    network: Network, bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = writing.write

    def write_all_but_ben(network: Network, run: ImportRun, decisions: list[object]) -> None:
        if any(decision.card.display_name == "Ben" for decision in decisions):  # type: ignore[attr-defined]
            raise ValueError("unstorable")
        write(network, run, decisions)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "write", write_all_but_ben)
    run = bring(ANNA, card("Ben"), card("Anna Müller", EMAIL="anna@example.org", TEL="0221 4710123"))
    assert counts(run) == (1, 1, 0, 1)
    assert [row.reason for row in run.rows.filter(outcome="skipped")] == ["This entry could not be stored."]
    assert names(network) == ["Anna Müller"]


class WorkerDied(BaseException):
    """Simulates a kill -9 at some point of the work."""


@pytest.mark.parametrize("batches_done", [0, 1, 2])
def test_import_goes_on_exactly_where_its_worker_died(
    network: Network, monkeypatch: pytest.MonkeyPatch, batches_done: int
) -> None:
    monkeypatch.setattr(running, "BATCH", BATCH)
    monkeypatch.setattr(running, "Pace", Steady)
    cards = "".join(card(f"Person {number % 7}") for number in range(2 * BATCH + 5))
    run = receive(network, name="x.vcf", data=cards.encode())
    work_on(run.pk)
    run.refresh_from_db()
    confirm(network, run)
    with monkeypatch.context() as patch:
        finish = running._finish_batch
        done = []

        def die_at_last(*arguments: object) -> None:
            finish(*arguments)  # type: ignore[arg-type]
            if len(done) == batches_done:
                raise WorkerDied
            done.append(1)

        patch.setattr(running, "_finish_batch", die_at_last)
        patch.setattr(Lease, "release", lambda lease: None)
        with pytest.raises(WorkerDied):
            work_on(run.pk)
    assert network.contacts.count() == batches_done * BATCH
    continue_imports()
    assert network.contacts.count() == batches_done * BATCH, "the worker may still live"
    network.import_runs.update(heartbeat_at=None)
    continue_imports()
    run.refresh_from_db()
    assert (run.state, counts(run)) == (ImportRun.State.DONE, (2 * BATCH + 5, 0, 0, 0))
    assert network.contacts.count() == 2 * BATCH + 5
    assert network.import_sources.count() == 2 * BATCH + 5


def test_run_that_was_taken_over_writes_no_more(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    run = receive(network, name="x.vcf", data=(ANNA + card("Ben")).encode())
    work_on(run.pk)
    run.refresh_from_db()
    confirm(network, run)
    take_in = Planner.take_in

    def take_in_after_cancel(planner: Planner, card: Card) -> Intake:
        cancel(network, run)
        return take_in(planner, card)

    monkeypatch.setattr(Planner, "take_in", take_in_after_cancel)
    work_on(run.pk)
    run.refresh_from_db()
    assert run.state == ImportRun.State.CANCELLED
    assert network.contacts.count() == 0


def test_run_that_stops_again_and_again_is_parked(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    run = receive(network, name="x.vcf", data=ANNA.encode())
    work_on(run.pk)
    run.refresh_from_db()
    confirm(network, run)

    def die(*arguments: object) -> None:
        raise WorkerDied

    with monkeypatch.context() as patch:
        patch.setattr(running, "_bring_in", die)
        for _attempt in range(MOST_ATTEMPTS):
            with pytest.raises(WorkerDied):
                work_on(run.pk)
        work_on(run.pk)
    run.refresh_from_db()
    assert (run.state, run.problem) == (
        ImportRun.State.FAILED,
        "The import stopped again and again at the same place.",
    )


entries = st.lists(
    st.tuples(
        st.sampled_from(["", "Anna", "Anna Müller", "A. Müller", "Ben", "Müller"]),
        st.sampled_from(["", "a@example.org", "b@example.org", "office@example.org"]),
        st.sampled_from(["", "1", "2"]),
    ),
    max_size=12,
)


def filled(**properties: str) -> dict[str, str]:
    """Return the properties that have a value."""
    return {name: value for name, value in properties.items() if value}


@examples(25)
@given(files=st.lists(entries, min_size=1, max_size=3))
def test_everybody_is_counted_once_and_nobody_twice_brought(
    network: Network, bring: Bring, files: list[list[tuple[str, str, str]]]
) -> None:
    erase_contacts(network, network.contacts.all())
    network.import_sources.all().delete()
    for entries in files:
        cards = [card(name, **filled(EMAIL=email, UID=uid)) for name, email, uid in entries]
        before = network.contacts.count()
        planned = receive(network, name="x.vcf", data=("".join(cards) or card("Only")).encode())
        work_on(planned.pk)
        planned.refresh_from_db()
        first = bring(*(cards or [card("Only")]))
        assert counts(first) == counts(planned), "the preview foretells the run"
        assert sum(counts(first)) == first.report["read"] == max(len(cards), 1)
        assert network.contacts.count() == before + counts(first)[0]
        again = bring(*(cards or [card("Only")]))
        assert counts(again)[:2] == (0, 0)


@pytest.mark.parametrize("data", [ANNA.encode(), b"Wer,Mail\nAnna,anna@example.org\n"], ids=["vcard", "table"])
def test_upload_is_recognised_once(
    network: Network, alice_client: Client, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    recognised: list[bytes] = []

    def counted(data: bytes, *, region: str) -> Recognition:
        recognised.append(data)
        return recognise(data, region=region)

    monkeypatch.setattr(reading, "recognise", counted)
    alice_client.post(reverse("contacts:imports"), {"file": SimpleUploadedFile("x", data)})
    run = network.import_runs.get()
    if run.state == "mapping":
        address = reverse("contacts:import_columns", args=[run.uuid])
        alice_client.get(address)
        alice_client.post(address, {"column_0": "display_name", "column_1": "email"})
    confirm(network, run)
    work_on(run.pk)
    assert (network.contacts.count(), len(recognised)) == (1, 1)


def test_groups_in_an_archive_become_circles(network: Network) -> None:
    choir = card("Choir", KIND="group", MEMBER="urn:uuid:anna-1")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("contacts.vcf", choir + ANNA)
    bring_in_now(network, name="contacts.zip", data=file.getvalue())
    assert [circle.name for circle in network.contacts.get().circles.all()] == ["Choir"]
