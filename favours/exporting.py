"""The export of everything that a member has in netcrm, in its own format and in those that other programs read.

docs/export.md describes the format; favours/restoring.py and contacts/importing bring it back in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.exporting import csv, vcard
from contacts.exporting.people import cards_of
from contacts.exporting.records import (
    AT_ONCE,
    RecordValues,
    circle_records,
    contact_records,
    conversation_records,
    filled,
    instant,
    line_records,
    photo_records,
    relation_records,
    reminder_records,
    source_records,
)
from contacts.importing.own_format import FORMAT, VERSION
from contacts.models import Network
from favours.models import Participation
from favours.suggestions.records import round_records, tip_records


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format to export in: how it is called, the file's ending and media type, and what writes it piece by piece."""

    label: Promise
    ending: str
    media_type: str
    write: Callable[[Network], Iterator[str]]


def write_json(network: Network) -> Iterator[str]:
    """Everything, as one JSON object with one record per line, a few hundred rows in memory at a time."""
    head = {"format": FORMAT, "version": VERSION, "exported_at": instant(timezone.now()), "member": _member(network)}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    for section, records in SECTIONS.items():
        yield f',\n"{section}": ['
        separator = "\n"
        for values in records(network):
            yield separator + json.dumps(values, ensure_ascii=False)
            separator = ",\n"
        yield "\n]"
    yield "\n}\n"


def favour_records(network: Network) -> Iterator[RecordValues]:
    """All help, given and received, with the identifiers of those who took part."""
    people = Participation.objects.select_related("contact").order_by("pk")
    favours = network.favours(manager="with_trash").order_by("created_at", "uuid")
    for favour in favours.prefetch_related(Prefetch("participations", people)).iterator(chunk_size=AT_ONCE):
        yield filled(
            {
                "id": str(favour.uuid),
                "direction": favour.direction,
                "kind": favour.kind,
                "day": favour.day.isoformat(),
                "place": favour.place,
                "note": favour.note,
                "contacts": [str(part.contact.uuid) for part in favour.participations.all()],
                "client_key": str(favour.client_key or ""),
                "created_at": instant(favour.created_at),
                "deleted_at": instant(favour.deleted_at),
            }
        )


def passed_on_records(network: Network) -> Iterator[RecordValues]:
    """Which help given handed on which help received."""
    favours = network.favours(manager="with_trash").filter(passes_on__isnull=False).order_by("created_at", "uuid")
    for favour, received in favours.values_list("uuid", "passes_on__uuid").iterator(chunk_size=AT_ONCE):
        yield {"favour": str(favour), "received": str(received)}


def _member(network: Network) -> RecordValues:
    member = network.owner
    return {name: getattr(member, name) for name in ("email", "name", "language", "time_zone", "appearance")}


SECTIONS: dict[str, Callable[[Network], Iterator[RecordValues]]] = {
    "circles": circle_records,
    "contacts": contact_records,
    "sources": source_records,
    "conversations": conversation_records,
    "lines": line_records,
    "relations": relation_records,
    "reminders": reminder_records,
    "photos": photo_records,
    "favours": favour_records,
    "passed_on": passed_on_records,
    "tips": tip_records,
    "rounds": round_records,
}
"""The lists of an export, each before those that refer to it."""

FORMATS: dict[str, ExportFormat] = {
    "json": ExportFormat(_("Everything (JSON)"), "json", "application/json", write_json),
    "vcard4": ExportFormat(
        _("Contacts as vCard 4.0"), "vcf", "text/vcard", lambda network: vcard.write(cards_of(network), "4.0")
    ),
    "vcard3": ExportFormat(
        _("Contacts as vCard 3.0"), "vcf", "text/vcard", lambda network: vcard.write(cards_of(network), "3.0")
    ),
    "csv": ExportFormat(
        _("Contacts as CSV (Google’s columns)"), "csv", "text/csv", lambda network: csv.write(cards_of(network))
    ),
}
