"""Scripts and htmx attributes in every cell and field of files of every kind that netcrm reads.

From the upload to the contact's page, none of them runs or requests anything in a real Chromium.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import Invitation, User
from contacts.importing.running import work_on
from contacts.models import ImportRun, Network
from netcrm.admin import site
from tests.attacks.hostile_files import HostileFile, hostile_files, split_table, written_export
from tests.attacks.watching import HTMX, SCRIPT, SMUGGLED, Watch
from tests.isolation.rows import Belongings

State = ImportRun.State
PEOPLE_LOOKED_AT = 2
PIECES = (
    "<b hx-trigger=load",
    f"hx-post=/accounts/invitations/?{SMUGGLED}",
    f'hx-vals={{"email":"{SMUGGLED}@x.org"}}',
    ">",
)
"""An invitation in the member's name, in pieces of at most forty characters, which the columns page shows in full."""


def test_no_text_of_a_file_acts(
    page: Page, live_server: LiveServer, transactional_db: None, alice: User, network: Network, belongings: Belongings
) -> None:
    watch = Watch(page, live_server, alice)
    own_export = written_export(network)
    for file in (HostileFile("split.csv", split_table(PIECES)), *hostile_files(HTMX + SCRIPT, own_export)):
        run = uploaded(watch, network, file.name, file.data)
        watch.visit(pages_of(run))
        if run.state == State.MAPPING:
            address = reverse("contacts:import_columns", args=[run.uuid])
            watch.client.post(address, {"column_0": "display_name", "column_1": "notes", "column_2": "circles"})
            run.refresh_from_db()
            watch.visit(pages_of(run))
        watch.client.post(reverse("contacts:import_confirm", args=[run.uuid]))
        work_on(run.pk)
        run.refresh_from_db()
        assert run.state == State.DONE, (file.name, run.state)
        watch.visit(pages_of(run))
        brought = network.contacts.filter(import_changes__run=run, import_changes__created=True)
        watch.visit(each.get_absolute_url() for each in brought[:PEOPLE_LOOKED_AT])
    watch.visit(pages_of_all(network))
    assert watch.complaints == []
    assert Invitation.objects.filter(email__contains=SMUGGLED).count() == 0
    assert {"contacts", "admin"} <= {address.split("/")[1] for address in watch.opened}
    assert len(watch.opened) > 50


def uploaded(watch: Watch, network: Network, name: str, data: bytes) -> ImportRun:
    """Upload a file as a member would, and return the resulting import."""
    answer = watch.client.post(reverse("contacts:imports"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, (name, answer.context["form"].errors)
    return network.import_runs.latest("created_at")


def pages_of(run: ImportRun) -> Iterator[str]:
    """Yield the pages of an import in its current state."""
    address = reverse("contacts:import_run", args=[run.uuid])
    yield reverse("contacts:import_columns", args=[run.uuid])
    yield address
    for outcome in run.rows.values_list("outcome", flat=True).distinct():
        yield f"{address}?show={outcome}"
    yield reverse("contacts:import_people", args=[run.uuid])


def pages_of_all(network: Network) -> Iterator[str]:
    """Yield the pages that show the contacts and other data of many imports."""
    yield from map(reverse, ("contacts:imports", "contacts:list", "contacts:circles", "contacts:duplicates"))
    yield from map(reverse, ("favours:today", "favours:journal", "favours:letter", "favours:letter_preview"))
    yield from map(reverse, ("favours:suggestions", "favours:trash", "admin:index"))
    yield reverse("contacts:list") + "?select=1"
    yield reverse("favours:tip") + "?text=trigger"
    yield reverse("admin:search") + "?q=trigger"
    for circle in network.circles.all()[:PEOPLE_LOOKED_AT]:
        yield reverse("contacts:circle", args=[circle.uuid])
    for pair in network.duplicate_pairs.all()[:PEOPLE_LOOKED_AT]:
        yield reverse("contacts:duplicate", args=[pair.uuid])
    for model in site._registry:
        yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
