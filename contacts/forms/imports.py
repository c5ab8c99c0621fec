"""Uploading a contact file, and assigning the columns of an unknown table to fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import UnreadableFileError
from contacts.files.charset_names import ENCODINGS
from contacts.files.limits import FILE_TOO_LARGE
from contacts.files.own.fields import MAX_BYTES
from contacts.files.reading import Table
from contacts.files.recognition import Recognition, Wishes
from contacts.files.tables.fields import ASSIGNABLE, IGNORED
from contacts.forms.upload import UploadForm
from contacts.importing.runs import receive
from contacts.models import ImportRun

KINDS = ".vcf,.vcard,.csv,.tsv,.txt,.zip,.json,text/vcard,text/csv,application/zip,application/json"
SAMPLE_LENGTH = 40
MOST_COLUMNS = 150
"""Maximum columns that the member is asked about, because a page of a thousand takes seconds; others keep the guess."""


class ContactsFileForm(UploadForm):
    """An uploaded file of contacts."""

    max_bytes = MAX_BYTES
    too_large = FILE_TOO_LARGE

    file = forms.FileField(
        label=_("File with contacts"),
        help_text=_("vCard, CSV, LinkedIn's ZIP or Monica's JSON, up to 64 MB; or an export of netcrm's"),
        widget=forms.FileInput(attrs={"accept": KINDS}),
        error_messages={"empty": _("The file is empty. Export your contacts again.")},
        max_length=255,
    )

    def save(self) -> ImportRun:
        """Store the file for its preview. Raises ValidationError if it is not a file of contacts."""
        file = self.cleaned_data["file"]
        try:
            return receive(self.network, name=file.name or "", data=file.read())
        except UnreadableFileError as problem:
            raise ValidationError({"file": str(problem.reason)}) from problem


DELIMITERS = [(",", _("comma")), (";", _("semicolon")), ("\t", _("tab")), ("|", _("vertical bar"))]


class ColumnsForm(forms.Form):
    """One choice per column of a table, with the column's first cells as help text."""

    def __init__(self, data: QueryDict | None = None, *, table: Table, columns: Mapping[str, str]) -> None:
        super().__init__(data)
        width = max([len(table.header), *(len(row) for row in table.samples)])
        self._beyond = {int(column): key for column, key in columns.items() if int(column) >= MOST_COLUMNS}
        for column in range(min(width, MOST_COLUMNS)):
            title = table.header[column] if column < len(table.header) else ""
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=title or format_lazy(_("Column {number}"), number=column + 1),
                choices=list(_choices(columns.get(str(column), ""))),
                initial=columns.get(str(column), ""),
                required=False,
                help_text=_samples(table, column),
            )

    def columns(self) -> dict[int, str]:
        """Return the chosen field key of each assigned column, by column number (from 0)."""
        chosen: dict[str, Any] = self.cleaned_data
        return {int(name.removeprefix("column_")): key for name, key in chosen.items() if key} | self._beyond


class ReadingForm(forms.Form):
    """The way a file is read, for the member to correct. A field that is not sent keeps its earlier value."""

    reader = forms.ChoiceField(
        label=_("Kind of file"), required=False, choices=[("vcard", "vCard"), ("table", _("Table (CSV)"))]
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        required=False,
        help_text=_("If umlauts, accents or whole names look wrong, another one is the right one."),
    )
    delimiter = forms.ChoiceField(label=_("Between the columns"), required=False, choices=DELIMITERS)
    day_order = forms.ChoiceField(
        label=_("Dates"), required=False, choices=[("day", _("day before month")), ("month", _("month before day"))]
    )

    def __init__(self, data: QueryDict | None = None, *, recognition: Recognition) -> None:
        found = recognition
        self._wishes = found.wishes
        current = {
            "reader": found.reader,
            "encoding": found.encoding,
            "delimiter": found.layout.delimiter if found.layout else "",
            "day_order": "month" if found.day_order.month_first else "day",
        }
        super().__init__(data, initial=current)
        known = dict(ENCODINGS)
        encodings = self.fields["encoding"]
        encodings.choices = [(found.encoding, known.get(found.encoding, found.encoding.upper()))]  # type: ignore[attr-defined]
        encodings.choices += [pair for pair in ENCODINGS if pair[0] != found.encoding]  # type: ignore[attr-defined]
        if len(found.readers) < 2:
            del self.fields["reader"]
        if found.layout is None:
            del self.fields["delimiter"]
        if found.day_order.evidence == "none":
            del self.fields["day_order"]

    def wishes(self) -> Wishes:
        """Return the member's corrections so far to the reading of the file."""
        chosen = {name: text for name, text in self.cleaned_data.items() if text}
        return replace(self._wishes, **chosen)


def _choices(guess: str) -> Iterator[tuple[str, object]]:
    """Yield the fields to choose from, including a guess that is more specific than any of these."""
    yield "", _("keep it with the contact as it is")
    yield IGNORED, _("leave it out")
    if guess and guess not in ASSIGNABLE and guess != IGNORED:
        yield guess, guess
    yield from ASSIGNABLE.items()


def _samples(table: Table, column: int) -> str:
    cells = [row[column].strip() for row in table.samples if column < len(row) and row[column].strip()]
    return " · ".join(cell[:SAMPLE_LENGTH] for cell in dict.fromkeys(cells))
