"""Uploaded and exported files, import runs with their outcomes, and the origins of contacts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models.contact import Contact
from contacts.models.leased import Leased
from contacts.models.network import Owned, owner_key


class StoredFile(Owned):
    """A file stored in the database: web and worker share no disk, and one backup should hold everything.

    The code that stores it limits its size.
    """

    network = owner_key("files")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100, default="application/octet-stream")
    content = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["network", "created_at"], name="file_by_network")]

    def __str__(self) -> str:
        return self.name


class ImportRun(Leased):
    """One imported file: analysed, confirmed, imported in the background, and undone as a whole if need be.

    `recognition` is the result of recognising the file when it arrived (reader, encoding, layout of a table; see
    contacts/files/recognition.py), by which it is read from then on. `mapping` assigns fields to the columns of an
    unknown table: `{"header": hash, "columns": {"0": field}}`. `rows_done` counts the entries of the file that have
    been processed. `report` holds the counts as plain JSON; the outcomes of individual entries are in `rows`.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("waiting for its columns")
        READING = "reading", _("being looked through")
        PREVIEW = "preview", _("waiting for your confirmation")
        QUEUED = "queued", _("about to start")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")
        UNDOING = "undoing", _("being undone")
        UNDONE = "undone", _("undone")

    network = owner_key("import_runs")
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=255)
    format = models.CharField(max_length=32, blank=True)
    recognition = models.JSONField(default=dict, blank=True, editable=False)
    mapping = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEW)
    is_sample = models.BooleanField(default=False)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [
            models.Index(fields=["network", "-created_at"], name="import_run_by_network"),
            models.Index(fields=["state", "heartbeat_at"], name="import_run_under_way"),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(Owned):
    """The outcome of one entry of a file, expected or actual.

    A preview has a row for every entry. A finished run keeps those that the member may want to look at: merged and
    skipped entries, and each lost field. An undone run keeps the contacts that the undo did not remove. `row` is the
    position in the file, counted from 1.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", _("new")
        MERGED = "merged", _("merged")
        UNCHANGED = "unchanged", _("unchanged")
        SKIPPED = "skipped", _("skipped")
        LOST = "lost", _("left out")
        NEWS = "news", _("changed")
        KEPT = "kept", _("kept")

    network = owner_key("import_rows")
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    row = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    name = models.CharField(max_length=400, blank=True)
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="import_rows")
    fields = models.JSONField(default=list)
    details = models.JSONField(default=list, blank=True)
    alike = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["network", "run", "outcome", "row"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.row} {self.outcome}"


class ImportSource(Owned):
    """The origin of a contact, so that importing the same file twice does no harm and deleted contacts stay deleted.

    `key` is a hash of the card's UID, or of the normalised row and its ordinal among equal rows. `contact` follows
    merges, and is empty once the contact has been erased. `known_values` are short hashes of every value that the
    source has supplied so far, so that a later file adds only new values, and none that the member has changed or
    removed since.
    """

    network = owner_key("import_sources")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="import_sources")
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="sources")
    format = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    known_values = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "format", "key"], name="import_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.format} {self.key[:8]}"


class ImportChange(Owned):
    """The changes that a run made to one contact, so that the whole run can be undone.

    Undoing removes a `created` contact only while its contents still match the hash `fingerprint` in `after`. For
    merged contacts, `before` and `after` hold the changed fields, and a field is restored only while it still has the
    value that the run set; `after` also lists the ways, circles, topics, related people and picture that were added.
    """

    network = owner_key("import_changes")
    run = models.ForeignKey(ImportRun, models.CASCADE, db_index=False, related_name="changes")
    contact = models.ForeignKey(Contact, models.CASCADE, related_name="import_changes")
    created = models.BooleanField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "contact"], name="import_change_once")]
        indexes = [models.Index(fields=["network", "run"], name="import_change_by_run")]

    def __str__(self) -> str:
        return str(self.uuid)
