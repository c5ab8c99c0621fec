"""Everything that is stored is either deleted automatically after a stated time, or kept for a stated reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from accounts import invitations, tasks
from accounts.mail import outbox
from accounts.models import Invitation, OutgoingMail, SignInLink, TryCount
from accounts.signing_in import limits
from accounts.signing_in.attempts import Limit
from accounts.signing_in.links import LASTS
from contacts import tasks as contact_tasks
from contacts.erasing.contacts import KEPT_IN_TRASH
from contacts.importing import runs
from contacts.importing.retention import KEPT_FINISHED, KEPT_UNUSED
from contacts.importing.running import bring_in_now, work_on
from contacts.models import Contact, ImportChange, ImportRow, ImportRun, Network, StoredFile
from contacts.people.directory import add_contact, trash_contacts
from favours import tasks as favour_tasks
from favours.digest.links import GOOD_FOR
from favours.models import Export, Favour, Signal, Suggestion, UsedLink
from favours.sample.network import add_sample
from favours.suggestions.rounds import REASONS_KEPT, make_round
from favours.transfer import exports
from tests.isolation.rows import Belongings

PAGE = (Path(settings.BASE_DIR) / "docs" / "retention.md").read_text(encoding="utf-8")
DAY = timedelta(days=1)
CARDS = b"".join(b"BEGIN:VCARD\nVERSION:3.0\nFN:%b\nEND:VCARD\n" % name for name in (b"Zoe", b"Zoe", b"\x00"))


def tables(section: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield, for each row of a section's table, the tables named in its first cell, and its other cells."""
    text = PAGE.partition(f"## {section}")[2].partition("\n## ")[0]
    for line in re.findall(r"^\| `.*$", text, re.MULTILINE):
        first, *others = [cell.strip() for cell in line.strip("|").split("|")]
        yield re.findall(r"`([\w.]+)`", first), others


def days_of(model: type[models.Model]) -> list[float]:
    return [float(cells[1]) for labels, cells in tables("What goes by itself") if model._meta.label in labels]


def test_every_table_says_how_long_its_rows_are_kept() -> None:
    going = {label for labels, _cells in tables("What goes by itself") for label in labels}
    staying = [label for labels, cells in tables("What is kept for good") for label in labels if cells[0]]
    assert sorted({*going, *staying}) == sorted(model._meta.label for model in apps.get_models())
    assert len(staying) == len(set(staying))
    assert going.isdisjoint(staying)


@pytest.mark.parametrize(
    ("model", "kept"),
    [
        (Invitation, [invitations.LASTS]),
        (OutgoingMail, [outbox.KEPT_FOR, outbox.ROWS_KEPT_FOR]),
        (Session, [timedelta(seconds=settings.SESSION_COOKIE_AGE)]),
        (StoredFile, [runs.KEPT_UNCONFIRMED, KEPT_UNUSED]),
        (ImportRow, [KEPT_FINISHED]),
        (ImportChange, [KEPT_FINISHED]),
        (Contact, [KEPT_IN_TRASH]),
        (Favour, [KEPT_IN_TRASH]),
        (Export, [exports.KEPT]),
        (UsedLink, [GOOD_FOR + DAY]),
        (Signal, [REASONS_KEPT]),
    ],
)
def test_documented_days_are_those_of_the_code(model: type[models.Model], kept: list[timedelta]) -> None:
    assert days_of(model) == [each / DAY for each in kept]


def test_documented_days_of_links_and_tries_are_those_of_the_code() -> None:
    windows = [each.window for each in vars(limits).values() if isinstance(each, Limit)]
    assert days_of(SignInLink) == [round(LASTS / DAY, 2)]
    assert max(windows) <= days_of(TryCount)[0] * DAY


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """A function that sets the clock ahead by a given time."""
    now = timezone.now

    def set_ahead(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now() + by)

    return set_ahead


Later = Callable[[timedelta], None]


def test_notes_and_changes_of_an_import_go_after_their_time(network: Network, later: Later) -> None:
    run = bring_in_now(network, name="cards.vcf", data=CARDS)
    sample = add_sample(network, contacts=3, favours=3)
    assert run.rows.exists()
    assert run.changes.exists()
    later(KEPT_FINISHED - DAY)
    contact_tasks.forget_imports()
    assert run.rows.exists()
    assert runs.request_undo(network, ImportRun.objects.get(pk=run.pk)) is True
    ImportRun.objects.filter(pk=run.pk).update(state="done")
    later(KEPT_FINISHED + DAY)
    contact_tasks.forget_imports()
    assert (run.rows.count(), run.changes.count(), sample.changes.count()) == (0, 0, 3)
    assert runs.request_undo(network, run) is False
    assert network.contacts.filter(display_name="Zoe").exists()


def test_result_of_an_old_import_offers_no_undo(alice_client: object, network: Network, later: Later) -> None:
    run = bring_in_now(network, name="cards.vcf", data=CARDS)
    address = f"/contacts/import/{run.uuid}/"
    assert b"Undo the whole import" in alice_client.get(address).content  # type: ignore[attr-defined]
    ImportRun.objects.update(finished_at=timezone.now() - KEPT_FINISHED - DAY)
    contact_tasks.forget_imports()
    page = alice_client.get(address)  # type: ignore[attr-defined]
    assert (page.status_code, b"Undo the whole import" in page.content) == (200, False)


def test_uploads_that_wait_or_failed_go_after_a_week(network: Network, later: Later) -> None:
    waiting, failed = (runs.receive(network, name="cards.vcf", data=CARDS) for _number in range(2))
    for run in (waiting, failed):
        work_on(run.pk)
    network.import_runs.filter(pk=failed.pk).update(state="failed")
    later(runs.KEPT_UNCONFIRMED - DAY)
    contact_tasks.continue_imports()
    assert network.files.count() == 2
    later(runs.KEPT_UNCONFIRMED + DAY)
    contact_tasks.continue_imports()
    assert network.files.count() == 0


def test_files_that_nothing_refers_to_go_after_a_day(network: Network, belongings: Belongings, later: Later) -> None:
    unused = StoredFile.objects.create(network=network, name="unused.vcf", content=b"")
    later(KEPT_UNUSED / 2)
    contact_tasks.forget_imports()
    assert network.files.filter(pk=unused.pk).exists()
    later(KEPT_UNUSED * 2)
    contact_tasks.forget_imports()
    assert set(network.files.values_list("pk", flat=True)) == {
        belongings.import_run.file_id,
        *network.exports.values_list("file", flat=True),
    }


def test_exports_go_after_a_week(network: Network, belongings: Belongings, later: Later) -> None:
    later(exports.KEPT + DAY)
    favour_tasks.continue_exports()
    assert not network.exports.exists()


def test_reasons_go_after_half_a_year_but_those_that_did_not_fit(network: Network, later: Later) -> None:
    add_sample(network)
    listed = make_round(network, network.today()).listed
    assert len(listed) > 1
    Suggestion.objects.filter(pk=listed[0].pk).update(state="unfit")
    network.rounds.update(day=network.today() - REASONS_KEPT + DAY)
    favour_tasks.forget_reasons()
    assert set(network.signals.values_list("suggestion", flat=True)) == {each.pk for each in listed}
    network.rounds.update(day=network.today() - REASONS_KEPT)
    favour_tasks.forget_reasons()
    assert set(network.signals.values_list("suggestion", flat=True)) == {listed[0].pk}
    assert network.suggestions.count() == len(listed)


def test_mails_are_emptied_and_their_rows_go_after_a_year(belongings: Belongings, later: Later) -> None:
    mail = belongings.mail
    OutgoingMail.objects.filter(pk=mail.pk).update(state="sent", sent_at=timezone.now())
    later(outbox.KEPT_FOR + DAY)
    tasks.send_due_mail()
    mail.refresh_from_db()
    assert (mail.recipient, mail.text, mail.html, mail.state) == ("", "", "", "sent")
    later(outbox.ROWS_KEPT_FOR + DAY)
    tasks.send_due_mail()
    assert not OutgoingMail.objects.filter(pk=mail.pk).exists()


@pytest.mark.django_db
def test_links_tries_and_invitations_go_when_they_expire(belongings: Belongings) -> None:
    soon: datetime = timezone.now() + DAY
    expired = timezone.now() - timedelta(seconds=1)
    member = belongings.network.owner
    for number, until in enumerate((soon, expired)):
        SignInLink.objects.create(member=member, token_hash=str(number), password_version="", expires_at=until)
        TryCount.objects.create(limit="test", bucket=number, tries=1, until=until)
        Invitation.objects.create(token_hash=str(number), email=f"{number}@example.org", expires_at=until)
    tasks.clear_sign_in()
    assert SignInLink.objects.count() == TryCount.objects.filter(limit="test").count() == 1
    assert [each.email for each in Invitation.objects.all()] == ["0@example.org"]


def test_sessions_go_when_they_expire(alice_client: object, later: Later) -> None:
    assert Session.objects.count() == 1
    later(timedelta(seconds=settings.SESSION_COOKIE_AGE) + DAY)
    tasks.clear_sessions()
    assert not Session.objects.exists()


def test_trash_and_used_links_go_after_their_time(network: Network, later: Later) -> None:
    trash_contacts(network, [add_contact(network, given_name="Anna")])
    UsedLink.objects.create(network=network, key="used")
    later(KEPT_IN_TRASH + DAY)
    contact_tasks.empty_trash_of_all()
    favour_tasks.forget_used_links()
    assert not network.contacts(manager="with_trash").exists()
    assert not UsedLink.objects.exists()
