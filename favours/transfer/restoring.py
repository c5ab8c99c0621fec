"""Restoring the help in netcrm's own export."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from contacts.cards import Loss
from contacts.files.own.records import Record
from contacts.importing.identifiers import Identifiers, contacts_by_file_id
from contacts.importing.restorers import Restored, register_restorer
from contacts.models import Contact, Network
from contacts.transfer.restoring import people_in, unknown
from favours.journal.writing import Entry, announce_change, log_favours, trash_favour
from favours.models import Favour
from favours.transfer.sections import FAVOUR, PASSED_ON


@register_restorer("favours", FAVOUR)
def restore_favours(network: Network, records: Sequence[Record]) -> Restored:
    """Logs the favours that are missing, with those participants who are in the network."""
    names = Identifiers(network, Favour, [record.file_id for record in records])
    contacts = contacts_by_file_id(network, people_in(records))
    fresh = [(record, _entry(record, contacts)) for record in unknown(records, names)]
    try:
        with transaction.atomic():
            _log(network, fresh, names)
    except (ValidationError, _UnknownDayError):
        return _log_one_by_one(network, fresh, names)
    return Restored(len(fresh))


@register_restorer("passed_on", PASSED_ON)
def restore_passed_on(network: Network, records: Sequence[Record]) -> Restored:
    """Links help that was passed on to the help it came from."""
    names = Identifiers(network, Favour, {record.values[name] for record in records for name in ("favour", "received")})
    favours = {favour.uuid: favour for favour in network.favours(manager="with_trash").filter(uuid__in=names.all())}
    losses: list[tuple[int, Loss]] = []
    changed: list[Favour] = []
    for record in records:
        favour, received = (favours.get(names[record.values[name]]) for name in ("favour", "received"))
        if favour and received and favour.direction == Favour.Direction.GIVE and received.direction != favour.direction:
            favour.passes_on = favour.passes_on or received
            changed.append(favour)
        else:
            losses.append((record.row, Loss("passed_on", _("The help that was passed on is not here."))))
    Favour.with_trash.bulk_update(changed, ["passes_on"], batch_size=200)
    if changed:
        announce_change(network, min(favour.day for favour in changed))
    return Restored(0, losses)


class _UnknownDayError(Exception):
    """The record has no day."""


def _entry(record: Record, contacts: dict[str, Contact]) -> Entry:
    given = {name: record.values[name] for name in ("direction", "kind", "day", "place", "note", "client_key")}
    people = [contacts[name] for name in record.values["participations"] if name in contacts]
    return Entry(contacts=people, **given)


def _log(network: Network, fresh: Sequence[tuple[Record, Entry]], names: Identifiers) -> None:
    """Logs entries under their identifiers, in the caller's transaction.

    Raises ValidationError, and _UnknownDayError for a record without a day.
    """
    if any(entry.day is None for _record, entry in fresh):
        raise _UnknownDayError
    favours = log_favours(network, [entry for _record, entry in fresh])
    records = (record for record, _entry in fresh)
    for record, favour in zip(records, favours, strict=True):
        favour.uuid = names[record.file_id]
        favour.created_at = record.values["created_at"] or favour.created_at
        if deleted_at := record.values["deleted_at"]:
            trash_favour(network, favour)
            favour.deleted_at = deleted_at
    Favour.with_trash.bulk_update(favours, ["uuid", "created_at", "deleted_at"], batch_size=200)


def _log_one_by_one(network: Network, fresh: Sequence[tuple[Record, Entry]], names: Identifiers) -> Restored:
    added, losses = 0, []
    for record, entry in fresh:
        try:
            with transaction.atomic():
                _log(network, [(record, entry)], names)
                added += 1
        except _UnknownDayError:
            losses.append((record.row, Loss("day", _("This entry has no day."))))
        except ValidationError as problem:
            losses.append((record.row, Loss("", format_lazy("{reason}", reason=" ".join(problem.messages)))))
    return Restored(added, losses)
