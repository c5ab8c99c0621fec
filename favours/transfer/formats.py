"""The export of everything that a member has in netcrm, in its own format and in those that other programs read.

docs/export.md describes the format; favours/transfer/restoring.py and contacts/importing bring it back in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.database.snapshots import snapshot
from contacts.files.own.fields import FORMAT, VERSION, RecordValues, filled, iso, written
from contacts.files.tables import writing as csv
from contacts.files.vcard import writing as vcard
from contacts.models import Contact, Network
from contacts.transfer.archives import archive_of
from contacts.transfer.cards import Cards, photo_file
from contacts.transfer.exporting import (
    AT_ONCE,
    PHOTOS_AT_ONCE,
    circle_records,
    contact_records,
    conversation_records,
    decision_records,
    photo_records,
    relation_records,
    reminder_records,
    source_records,
    topic_records,
)
from favours.models import LetterSettings
from favours.transfer.sections import FAVOUR, PASSED_ON
from favours.transfer.suggestions import round_records, tip_records


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """An export format: its label, file extension and media type, and the functions that write it and count its pieces.

    `write` and `count` (the approximate number of pieces) take a network and, for an export about one contact only,
    that contact. `label_of_one` is the label of such an export; empty if it is not offered.
    """

    label: Promise
    ending: str
    media_type: str
    write: Callable[[Network, Contact | None], Generator[str] | Generator[bytes]]
    count: Callable[[Network, Contact | None], int]
    label_of_one: Promise | str = ""


@contextmanager
def pieces_of(network: Network, file_format: str, contact: Contact | None = None) -> Iterator[Iterator[bytes]]:
    """Yields the pieces of a file in one of the `FORMATS`, all from one committed state of the network.

    Even if there are writes meanwhile, the file names only people whom it contains. Inside the block this thread may
    not write; see contacts/database/snapshots.py.
    """
    with snapshot(), closing(FORMATS[file_format].write(network, contact)) as pieces:
        yield (piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def write_json(network: Network, contact: Contact | None = None) -> Generator[str]:
    """Yields everything, or all about one contact, as one JSON object with a record per line."""
    head = {"format": FORMAT, "version": VERSION, "exported_at": iso(timezone.now()), "member": _member(network)}
    yield json.dumps(head, ensure_ascii=False)[:-1]
    for section, records in SECTIONS.items():
        yield f',\n"{section}": ['
        separator = "\n"
        for values in records(network, contact):
            yield separator + json.dumps(values, ensure_ascii=False)
            separator = ",\n"
        yield "\n]"
    yield "\n}\n"


def favour_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields all help, given and received, with the identifiers of the participants."""
    people, favours = network.participations.all(), network.favours(manager="with_trash").all()
    if contact:
        people, favours = people.filter(contact=contact), favours.filter(participations__contact=contact)
    people, favours = people.select_related("contact").order_by("pk"), favours.order_by("created_at", "uuid")
    for favour in favours.prefetch_related(Prefetch("participations", people)).iterator(chunk_size=AT_ONCE):
        yield filled(written(FAVOUR, favour))


def passed_on_records(network: Network, contact: Contact | None = None) -> Iterator[RecordValues]:
    """Yields the pairs of help given and the help received that it passed on."""
    favours = network.favours(manager="with_trash").filter(passes_on__isnull=False).order_by("created_at", "uuid")
    if contact:
        favours = favours.filter(participations__contact=contact, passes_on__participations__contact=contact)
    for favour, received in favours.values_list("uuid", "passes_on__uuid").iterator(chunk_size=AT_ONCE):
        yield written(PASSED_ON, None, favour=str(favour), received=str(received))


def _member(network: Network) -> RecordValues:
    member = network.owner
    letter = network.letter_settings.first() or LetterSettings(network=network)
    return {
        **{name: getattr(member, name) for name in ("email", "name", "language", "time_zone", "appearance")},
        "letter": {
            **{name: getattr(letter, name) for name in ("is_on", "weekday", "hour", "length")},
            **{name: iso(getattr(letter, name)) for name in ("pause_from", "pause_to")},
        },
    }


def _write_vcard(version: vcard.Version, network: Network, contact: Contact | None) -> Generator[str]:
    return vcard.write(Cards(network, _people(network, contact)), version)


def _write_csv(network: Network, contact: Contact | None) -> Generator[str]:
    return csv.write(Cards(network, _people(network, contact)))


def _write_csv_with_photos(network: Network, contact: Contact | None) -> Generator[bytes]:
    """Yields an archive of the table and a folder with the pictures whose paths it holds."""
    people = _people(network, contact)
    photos = network.photos.filter(contact__in=people).select_related("contact").order_by("pk")
    pictures = ((photo_file(photo), bytes(photo.content)) for photo in photos.iterator(chunk_size=PHOTOS_AT_ONCE))
    return archive_of("contacts.csv", csv.write(Cards(network, people), names_photos=True), pictures)


def _people(network: Network, contact: Contact | None) -> QuerySet[Contact]:
    """Returns the people who are not in the trash, by name, or only the one contact."""
    people = network.contacts.filter(pk=contact.pk) if contact else network.contacts.all()
    return people.order_by("sort_name", "pk")


def _count_people(network: Network, contact: Contact | None) -> int:
    return _people(network, contact).count()


def _count_twice(network: Network, contact: Contact | None) -> int:
    """Counts people twice, because a table reads them once for its columns and once for its rows."""
    return 2 * _count_people(network, contact)


def _count_all(network: Network, contact: Contact | None) -> int:
    """Counts the rows that take time to export: people, topics, pictures and entries."""
    if contact:
        parts = (network.participations, network.conversation_participations)
        return 1 + sum(each.filter(contact=contact).count() for each in parts)
    rows = (network.contacts, network.conversations, network.favours, network.topics, network.photos)
    return sum(each.count() for each in rows)


SECTIONS: dict[str, Callable[[Network, Contact | None], Iterator[RecordValues]]] = {
    "circles": circle_records,
    "contacts": contact_records,
    "sources": source_records,
    "conversations": conversation_records,
    "lines": topic_records,
    "relations": relation_records,
    "verdicts": decision_records,
    "reminders": reminder_records,
    "photos": photo_records,
    "favours": favour_records,
    "passed_on": passed_on_records,
    "tips": tip_records,
    "rounds": round_records,
}
"""The sections of an export, each before those that refer to it."""

FORMATS: dict[str, ExportFormat] = {
    "json": ExportFormat(
        _("Everything (JSON)"), "json", "application/json", write_json, _count_all, _("All of it (JSON)")
    ),
    "vcard4": ExportFormat(
        _("Contacts as vCard 4.0"), "vcf", "text/vcard", partial(_write_vcard, "4.0"), _count_people, _("vCard 4.0")
    ),
    "vcard3": ExportFormat(
        _("Contacts as vCard 3.0"), "vcf", "text/vcard", partial(_write_vcard, "3.0"), _count_people, _("vCard 3.0")
    ),
    "csv": ExportFormat(_("Contacts as CSV (Google’s columns)"), "csv", "text/csv", _write_csv, _count_twice),
    "csv_photos": ExportFormat(
        _("Contacts as CSV, with a folder of pictures (ZIP)"),
        "zip",
        "application/zip",
        _write_csv_with_photos,
        _count_twice,
    ),
}
