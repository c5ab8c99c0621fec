"""Importing contacts: upload, columns, preview, progress, result, undo, and asking whom the member would call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.cards import UnreadableFileError
from contacts.database.leases import waits_for_room
from contacts.files.reading import Table
from contacts.files.recognition import Recognition
from contacts.forms.imports import ColumnsForm, ContactsFileForm, ReadingForm
from contacts.forms.saving import saved
from contacts.importing import runs
from contacts.importing.known_people import set_would_call
from contacts.importing.news import AT_ONCE, take_over
from contacts.importing.retention import is_recent
from contacts.importing.running import work_on
from contacts.middleware import MemberRequest
from contacts.models import ImportRow, ImportRun
from contacts.views.answers import identifiers, page, sent, sent_files

State = ImportRun.State
Outcome = ImportRow.Outcome

ROWS_ON_A_PAGE = 50
PEOPLE_ON_A_SCREEN = 20
RUNS_SHOWN = 20
SHOWN_BEFORE = (Outcome.CREATED, Outcome.MERGED, Outcome.NEWS, Outcome.UNCHANGED, Outcome.SKIPPED, Outcome.LOST)
SHOWN_AFTER = (Outcome.NEWS, Outcome.SKIPPED, Outcome.LOST, Outcome.MERGED)
ALIKE = "alike"
"""The list of new people in a preview who resemble an existing contact."""
SHOWN_WHEN_UNDONE = (Outcome.KEPT,)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: MemberRequest) -> HttpResponse:
    """Upload a file; also show the latest imports, and how to get a file out of phones and programs."""
    form = ContactsFileForm(sent(request), sent_files(request), network=request.network)
    if request.method == "POST" and form.is_valid():
        run = saved(form, form.save)
        if run is not None:
            look_through_if_small(run)
            return redirect("contacts:import_run", run.uuid)
    runs_by_day = request.network.import_runs.order_by("-created_at")
    context = {"form": form, "waiting": runs_by_day.filter(runs.WAITS), "runs": runs_by_day[:RUNS_SHOWN]}
    return page(request, "contacts/imports.html", context, valid=not form.errors)


@require_safe
def import_run(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Show an import in its current state: columns, progress, preview or result."""
    run = get_object_or_404(request.network.import_runs.select_related("file"), uuid=uuid)
    if run.state == State.MAPPING:
        return redirect("contacts:import_columns", run.uuid)
    if run.state in runs.UNDER_WAY:
        context = {"run": run, "waits_for_room": waits_for_room(run)}
        return page(request, "contacts/import_progress.html", context, part="progress")
    template = "contacts/import_preview.html" if run.state == State.PREVIEW else "contacts/import_result.html"
    response = page(request, template, _rows_of(request, run) | _reading_of(run))
    if request.htmx:
        # htmx is polling from the progress page, which is now out of date.
        response.headers["HX-Refresh"] = "true"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Assign fields to the columns of a table."""
    run = get_object_or_404(request.network.import_runs.select_related("file"), uuid=uuid)
    table = _table_of(run)
    if table is None or run.state not in (State.MAPPING, State.PREVIEW):
        return redirect("contacts:import_run", run.uuid)
    form = ColumnsForm(sent(request), table=table, columns={str(column): key for column, key in table.mapping.items()})
    if request.method == "POST" and form.is_valid():
        runs.assign_columns(request.network, run, form.columns())
        look_through_if_small(run)
        return redirect("contacts:import_run", run.uuid)
    context = {"run": run, "form": form} | _reading_of(run)
    return page(request, "contacts/import_columns.html", context, valid=not form.errors)


@require_POST
def read_differently(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Read a waiting file in another way: encoding, separator, order of day and month, or as another kind of file."""
    run = get_object_or_404(request.network.import_runs.select_related("file"), uuid=uuid)
    form = ReadingForm(sent(request), recognition=Recognition.from_json(run.recognition))
    if form.is_valid():
        try:
            if runs.read_differently(request.network, run, form.wishes()):
                look_through_if_small(run)
        except UnreadableFileError as problem:
            messages.error(request, str(problem.reason))
    return redirect("contacts:import_run", run.uuid)


@require_POST
def confirm(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Import a previewed file."""
    run = get_object_or_404(request.network.import_runs, uuid=uuid)
    runs.confirm(request.network, run)
    return redirect("contacts:import_run", run.uuid)


@require_POST
def cancel(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Cancel an import, or discard a preview."""
    run = get_object_or_404(request.network.import_runs, uuid=uuid)
    has_brought = run.rows_done > 0
    if runs.cancel(request.network, run):
        messages.success(request, _("The import is cancelled."))
    return redirect("contacts:import_run", run.uuid) if has_brought else redirect("contacts:imports")


@require_POST
def undo(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Undo a whole import, a small one within the request."""
    run = get_object_or_404(request.network.import_runs, uuid=uuid)
    if runs.request_undo(request.network, run) and run.rows_done <= runs.ENTRIES_AT_ONCE:
        work_on(run.pk)
    return redirect("contacts:import_run", run.uuid)


@require_POST
def retry(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Retry an import that failed."""
    run = get_object_or_404(request.network.import_runs, uuid=uuid)
    runs.retry(request.network, run)
    return redirect("contacts:import_run", run.uuid)


@require_POST
def take_news(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Accept changes that a file reports: those of the named rows, or as many as fit into one request."""
    run = get_object_or_404(request.network.import_runs, uuid=uuid)
    rows = request.network.import_rows.filter(run=run, outcome=Outcome.NEWS)
    if named := identifiers(request.POST.getlist("rows")):
        rows = rows.filter(uuid__in=named)
    taken = take_over(request.network, run, rows[:AT_ONCE]) if run.state == State.DONE else []
    if taken:
        text = ngettext("%(count)s person is up to date.", "%(count)s people are up to date.", len(taken))
        messages.success(request, text % {"count": len(taken)})
    return redirect("contacts:import_run", run.uuid)


@require_http_methods(["GET", "HEAD", "POST"])
def would_call(request: MemberRequest, uuid: UUID) -> HttpResponse:
    """Ask which of the new people in an import the member would simply call, twenty names per page."""
    run = get_object_or_404(request.network.import_runs, uuid=uuid)
    people = request.network.contacts.filter(import_changes__run=run, import_changes__created=True)
    screens = Paginator(people.order_by("sort_name", "id"), PEOPLE_ON_A_SCREEN)
    screen = screens.get_page(request.GET.get("page"))
    if request.method == "POST":
        known = identifiers(request.POST.getlist("contacts"))
        set_would_call(request.network, [contact.pk for contact in screen], known)
        if not screen.has_next():
            messages.success(request, _("Thank you. These people come first from now on."))
            return redirect("contacts:list")
        address = reverse("contacts:import_people", args=[run.uuid])
        return redirect(f"{address}?page={screen.next_page_number()}")
    return page(request, "contacts/import_people.html", {"run": run, "screen": screen})


def _reading_of(run: ImportRun) -> dict[str, Any]:
    """Return the context with the reading of a waiting run's file and the form to change it; empty for other runs."""
    if run.file is None or run.state not in (State.MAPPING, State.PREVIEW):
        return {}
    recognition = Recognition.from_json(run.recognition)
    return {"recognition": recognition, "reading_form": ReadingForm(recognition=recognition)}


def _rows_of(request: MemberRequest, run: ImportRun) -> dict[str, Any]:
    """Return the counts of a run, and one page of the rows that the member asked for."""
    # A run that ended before it imported anything still has the report of its preview.
    has_brought_nothing = run.state in (State.CANCELLED, State.FAILED) and not run.rows_done
    report = {} if has_brought_nothing else run.report
    is_listed = is_recent(run)
    counts = {outcome: report.get(outcome.value, 0) if is_listed else 0 for outcome in Outcome}
    tabs = [(outcome, counts[outcome]) for outcome in _shown_outcomes(run) if counts[outcome]]
    outcome = next((outcome for outcome, _count in tabs if outcome == request.GET.get("show")), None)
    if outcome is None and tabs:
        outcome = tabs[0][0]
    rows = request.network.import_rows.filter(run=run, outcome=outcome or "").select_related("contact")
    count = counts[outcome] if outcome else 0
    is_alike = run.state == State.PREVIEW and request.GET.get("show") == ALIKE
    if is_alike:
        count = report.get(ALIKE, 0)
        rows = request.network.import_rows.filter(run=run, alike__isnull=False)
    paginator = Paginator(rows, ROWS_ON_A_PAGE)
    paginator.count = count
    page_of_rows = paginator.get_page(request.GET.get("page"))
    alike = request.network.contacts.filter(uuid__in=[row.alike for row in page_of_rows if row.alike])
    return {
        "run": run,
        "tabs": tabs,
        "shown": ALIKE if is_alike else outcome,
        "show": ALIKE if is_alike else outcome.value if outcome else "",
        "rows": page_of_rows,
        "alike": {contact.uuid: contact for contact in alike},
        "report": report,
        "can_be_undone": is_listed,
    }


def _shown_outcomes(run: ImportRun) -> tuple[Outcome, ...]:
    """Return the outcomes that the page of a run lists."""
    if run.state == State.PREVIEW:
        return SHOWN_BEFORE
    return SHOWN_WHEN_UNDONE if run.state == State.UNDONE else SHOWN_AFTER


def look_through_if_small(run: ImportRun) -> None:
    """Create the preview within the request, if that is quick enough for a page."""
    if run.state == State.READING:
        try:
            is_small = runs.is_small(run)
        except UnreadableFileError:
            is_small = True  # Creating the preview will say why.
        if is_small:
            work_on(run.pk)


def _table_of(run: ImportRun) -> Table | None:
    try:
        return runs.reading_of(run).table
    except UnreadableFileError:
        return None
